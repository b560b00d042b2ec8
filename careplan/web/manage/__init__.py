"""What managers and administrators meet: figures, staff, accounts and rules. Nothing about any patient."""

from uuid import UUID

from flask import Blueprint

from careplan.domain.identity import Actor, Capacity
from careplan.queries.access import NotVisible

bp = Blueprint("manage", __name__)


def own_unit(by: Actor) -> UUID:
    """The manager's unit; an administrator has none here."""
    if by.capacity is not Capacity.MANAGER or by.unit_id is None:
        raise NotVisible("unit", "")
    return by.unit_id


from careplan.web.manage import (  # noqa: E402, F401  (their routes)
    absences,
    administration,
    facts,
    figures,
    notices,
    provider_list,
    region,
    rules,
    seats,
    settings,
    unit,
)
