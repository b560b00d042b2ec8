"""How far a task that is overdue has climbed: to the cover, to all of the unit and its manager, to an alarm."""

from datetime import datetime
from enum import IntEnum

from careplan.domain.tasks import TaskKind
from careplan.domain.triage import Level
from careplan.domain.worktime import OpeningHours, add_working_days, add_working_hours, counted


class Step(IntEnum):
    OWNER = 0
    COVER = 1
    UNIT = 2  # the shared list, and the manager's page
    ALARM = 3  # a banner for the manager, and e-mail once a day


# Working time after the due time at which a task climbs. Proposed, not yet agreed with a clinic: one working day more
# for each step; what is red was due within hours, and climbs as fast.
RED_HOURS = {Step.COVER: 0, Step.UNIT: 2, Step.ALARM: 4}
DAYS = {Step.COVER: 1, Step.UNIT: 2, Step.ALARM: 3}


def climbs_at(step: Step, kind: TaskKind, level: Level | None, due_at: datetime, hours: OpeningHours) -> datetime:
    """When a task that is still open reaches this step."""
    hours = counted(hours, due_at)
    if kind in (TaskKind.FLAG, TaskKind.HANDOVER) and level is Level.RED:
        return add_working_hours(hours, due_at, RED_HOURS[step]) if RED_HOURS[step] else due_at
    return add_working_days(hours, due_at, DAYS[step])


def step_at(kind: TaskKind, level: Level | None, due_at: datetime, hours: OpeningHours, at: datetime) -> Step:
    """How far it has climbed at this moment."""
    if due_at > at:
        return Step.OWNER
    for step in (Step.ALARM, Step.UNIT, Step.COVER):
        if climbs_at(step, kind, level, due_at, hours) <= at:
            return step
    return Step.OWNER
