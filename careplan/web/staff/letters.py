"""Letters to print: the written reply to answers on paper and by telephone."""

from careplan.actions import audit
from careplan.db import session
from careplan.queries import letters as owed_letters
from careplan.queries.reading import to_print
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp


@bp.get("/brev")
def letters() -> str:
    """Those not printed yet, and the last ones that were."""
    db, by, at = session(), access.actor(), access.now()
    owed = owed_letters.owed(db, by, at=at)
    printed = owed_letters.printed(db, by, at=at)
    plans = to_print(db, by, at=at)
    patients = [each.patient_id for each in (*owed, *printed, *plans)]
    audit.record(db, "list-letters", by=by, at=at, patients=patients, object_type="letter")
    return page("staff/letters.html", owed=owed, printed=printed, plans=plans, now=at)
