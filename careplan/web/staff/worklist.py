"""The nurse's list, and the list of answers that only need to be read."""

from uuid import UUID

from flask import request
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.db import session
from careplan.queries import worklist as lists
from careplan.queries.access import NotVisible
from careplan.queries.preparation import visits_soon
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp, words


@bp.get("/arbetslista")
def worklist() -> str:
    """What waits, the most urgent first."""
    return _list("staff/worklist.html", calm=False)


@bp.get("/arbetslista/inget-nytt")
def acknowledge() -> str:
    """Responses without a flag: each is read and acknowledged by a person, too."""
    return _list("staff/acknowledge.html", calm=True)


def _list(template: str, *, calm: bool) -> str:
    db, by, at = session(), access.actor(), access.now()
    found = lists.open_tasks(db, by, at=at, calm=calm, after=_after(), limit=lists.PAGE)
    visits = [] if calm else visits_soon(db, by, at=at)
    named = [row.patient_id for row in found.rows] + [visit.patient_id for visit in visits]
    audit.record(db, "list-tasks", by=by, at=at, patients=list(dict.fromkeys(named)), object_type="task")
    return page(
        template,
        work=found,
        visits=visits,
        now=at,
        group_heading=words.group_heading,
        tally_word=words.tally_word,
        left_in_words=words.left_in_words,
        moment_in_words=words.moment_in_words,
        owner_in_words=words.owner_in_words,
        about_in_words=words.about_in_words,
        wish_in_words=words.wish_in_words,
        told_in_words={"shown": _("Fick rådet att ringa."), "read": _("Fick rådet att ringa, och har läst det.")},
    )


def _after() -> UUID | None:
    """The task that the page before ended with."""
    given = request.args.get("efter")
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotVisible("task", "") from None
