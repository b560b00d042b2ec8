"""Two versions of a plan beside each other, for staff, patients and relatives."""

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from careplan.actions import audit
from careplan.db import session
from careplan.i18n import full_day
from careplan.library.comparison import Comparison, compare
from careplan.models import PlanRevision
from careplan.queries import plan as plan_queries
from careplan.queries import reading as reading_queries
from careplan.queries.access import NotVisible, shared_parts
from careplan.queries.plan import Version
from careplan.web import access


@dataclass(frozen=True, slots=True)
class Compared:
    older: PlanRevision
    newer: PlanRevision
    found: Comparison


def signed_versions(plan_id: UUID) -> tuple[PlanRevision, list[Version]]:
    """The newest version of the plan, and all by number, the last first; what changed in them is logged as read.

    Where parts of the plan are shared, what changed is not named: it may be in another part.
    """
    db, by, at = session(), access.actor(), access.now()
    newest = plan_queries.revision_of(db, by, plan_id, at=at)
    versions = plan_queries.versions(db, plan_id)
    if shared_parts(db, by, at=at) is not None:
        versions = [Version(each.number, each.signed_at, each.signed_by, ()) for each in versions]
    audit.record(
        db, "read-versions", by=by, at=at, patient_id=newest.plan.patient_id, object_type="plan", object_id=plan_id
    )
    return newest, versions


def two_asked_for(plan_id: UUID) -> Compared:
    """The versions `fran` and `till` of the address."""
    db, by, at = session(), access.actor(), access.now()
    first, second = _numbers(request.args, plan_id)
    older, newer = reading_queries.two_versions(db, by, plan_id, first, second, at=at)
    audit.record(
        db, "compare-versions", by=by, at=at, patient_id=newer.plan.patient_id, object_type="plan", object_id=plan_id
    )
    return Compared(older, newer, compare(older.content, newer.content))


def choices(versions: list[Version]) -> list[tuple[str, str]]:
    """For a list to choose from: the number, and what it is called."""
    return [
        (str(each.number), _("Version %(number)d, %(day)s", number=each.number, day=full_day(each.signed_at)))
        for each in versions
    ]


def _numbers(args: MultiDict[str, str], plan_id: UUID) -> tuple[int, int]:
    first, second = args.get("fran", type=int), args.get("till", type=int)
    if first is None or second is None:
        raise NotVisible("revision", plan_id)
    return first, second
