"""What managers and administrators meet: figures, staff and accounts. Nothing about any patient."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint
from flask_babel import lazy_gettext

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Actor, Capacity
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
def home() -> str:
    """The manager's own unit in figures."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = _own_unit(by)
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
def staff() -> str:
    """Who works at the manager's unit, and who is away."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = _own_unit(by)
    audit.record(db, "list-staff", by=by, at=at, object_type="unit", object_id=unit_id)
    return page(
        "manage/staff.html", members=indicators.staff_of(db, unit_id, at=at), roles=ROLES, now=at, one_day=A_DAY
    )


@bp.get("/enheter")
def units() -> str:
    db, by, at = session(), access.actor(), access.now()
    _administrators_only(by)
    audit.record(db, "list-units", by=by, at=at, object_type="unit")
    return page("manage/units.html", units=indicators.units(db, at=at))


@bp.get("/konton")
def accounts() -> str:
    """Who among the staff may log in."""
    db, by, at = session(), access.actor(), access.now()
    _administrators_only(by)
    audit.record(db, "list-accounts", by=by, at=at, object_type="account")
    return page("manage/accounts.html", accounts=indicators.staff_accounts(db, at=at), roles=ROLES)


def _own_unit(by: Actor) -> UUID:
    if by.capacity is not Capacity.MANAGER or by.unit_id is None:
        raise NotVisible("unit", "")
    return by.unit_id


def _administrators_only(by: Actor) -> None:
    if by.capacity is not Capacity.ADMINISTRATOR:
        raise NotVisible("page", "")
