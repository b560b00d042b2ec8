"""Whose a task is at this moment, and which tasks somebody has in their list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from careplan.domain.climbing import Step
from careplan.domain.identity import Actor
from careplan.models import Task
from careplan.queries.referred import is_for_others
from careplan.queries.roster import Colleague


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose the task is at this moment: none means the shared list; `instead_of` is who is away or has handed it on."""

    is_me: bool = False
    name: str = ""
    instead_of: str = ""
    instead_of_me: bool = False


def owner_of(owner_id: UUID | None, actor: Actor, colleagues: dict[UUID, Colleague]) -> Owner:
    """Promise: an owner who is present, else who covers and is present, else the shared list."""
    owner = colleagues.get(owner_id) if owner_id else None
    if owner is None or owner.answers_id is None:
        return Owner()
    there = colleagues[owner.answers_id]
    is_me = there.id == actor.practitioner_id
    if there.id == owner.id:
        return Owner(is_me, owner.given_name)
    return Owner(
        is_me,
        there.given_name,
        instead_of=owner.given_name,
        instead_of_me=owner.id == actor.practitioner_id,
    )


def in_list_of(actor: Actor, colleagues: dict[UUID, Colleague], *, at: datetime) -> sa.ColumnElement[bool]:
    """Mine, covered by me now, on the shared list (nobody present answers for it), or climbed as far as to me.

    What is overdue is seen by its cover at once, even while the owner is there; later all of the unit see it.
    """
    me = actor.practitioner_id
    answered = [each.id for each in colleagues.values() if each.answers_id is not None]
    mine = [each.id for each in colleagues.values() if each.answers_id == me]
    covered = [each.id for each in colleagues.values() if each.cover_id == me]
    return sa.or_(
        # A referral waits in its own profession's list, and in everybody's once it is late.
        sa.and_(Task.owner_id.is_(None), sa.or_(Task.due_at < at, sa.not_(is_for_others(actor)))),
        Task.owner_id == me,
        Task.owner_id.in_(mine),
        Task.owner_id.not_in(answered),
        Task.climbed >= Step.UNIT,
        sa.and_(Task.due_at < at, sa.or_(Task.cover_id == me, Task.owner_id.in_(covered))),
    )
