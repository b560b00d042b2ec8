"""Notices that did not come out: how many and why, and no patient."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.actions import audit
from careplan.db import session
from careplan.queries.failed_notices import Failed, failed_notices
from careplan.web import access
from careplan.web.manage import bp, own_unit
from careplan.web.pages import page

CHANNELS = {"email": lazy_gettext("E-post"), "sms": lazy_gettext("Sms")}
REASONS = {
    "no address": lazy_gettext("Patienten har ingen adress eller inget nummer"),
    "unknown notice": lazy_gettext("Texten till beskedet saknas"),
    "SMTPRecipientsRefused": lazy_gettext("Adressen togs inte emot"),
    "GatewayRefused": lazy_gettext("Sms-tjänsten tog inte emot det"),
}


@bp.get("/verksamhet/besked")
def notices() -> str:
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    found = failed_notices(db, unit_id, at=at)
    audit.record(db, "read-unit", by=by, at=at, object_type="unit", object_id=unit_id)
    return page(
        "manage/notices.html",
        over=[(each, reason(each)) for each in found if each.is_over],
        waiting=[(each, reason(each)) for each in found if not each.is_over],
        channels=CHANNELS,
        now=at,
    )


def reason(failed: Failed) -> str:
    """In words; what no server has said is that nothing was reached."""
    if not failed.error:
        return _("Inget försök är gjort än")
    return str(REASONS.get(failed.error) or _("Tjänsten som skickar gick inte att nå"))
