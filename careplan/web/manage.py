"""What managers and administrators meet: figures, staff and accounts. Nothing about any patient."""

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.queries import indicators
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.labels import GROUPS
from careplan.web.pages import page

bp = Blueprint("manage", __name__)

ROLES = {
    Capacity.CONTACT_NURSE: lazy_gettext("kontaktsjuksköterska"),
    Capacity.REHABILITATION: lazy_gettext("rehabilitering"),
    Capacity.MANAGER: lazy_gettext("enhetschef"),
    Capacity.EDITOR: lazy_gettext("redaktör"),
    Capacity.ADMINISTRATOR: lazy_gettext("administratör"),
}
A_DAY = timedelta(days=1)


@bp.get("/verksamhet")
def home() -> ResponseReturnValue:
    """A manager's own unit in figures; an administrator's units."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is Capacity.ADMINISTRATOR:
        audit.record(db, "list-units", by=by, at=at, object_type="unit")
        return page("manage/units.html", units=indicators.units(db, at=at))
    unit_id = by.unit_id
    if unit_id is None:
        raise NotVisible("unit", "")
    groups = indicators.open_groups(db, unit_id, at=at)
    staff = indicators.staff_of(db, unit_id, at=at)
    audit.record(db, "read-unit", by=by, at=at, object_type="unit", object_id=unit_id)
    return page(
        "manage/home.html",
        groups=groups,
        words=GROUPS,
        oldest_at=indicators.oldest(groups),
        away=[member for member in staff if member.away],
        staff_count=len(staff),
        now=at,
        one_day=A_DAY,
    )


@bp.get("/verksamhet/personal")
def staff() -> ResponseReturnValue:
    """Who works here, and how to reach them; for an administrator everybody who may log in."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is Capacity.ADMINISTRATOR:
        audit.record(db, "list-accounts", by=by, at=at, object_type="account")
        return page("manage/accounts.html", accounts=indicators.staff_accounts(db, at=at), roles=ROLES)
    if by.unit_id is None:
        raise NotVisible("unit", "")
    audit.record(db, "list-staff", by=by, at=at, object_type="unit", object_id=by.unit_id)
    members = indicators.staff_of(db, by.unit_id, at=at)
    return page("manage/staff.html", members=members, roles=ROLES, now=at, one_day=A_DAY)
