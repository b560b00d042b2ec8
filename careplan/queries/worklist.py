"""The nurse's list: what waits, in what order, for whom, and how long there is left. A fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor, age
from careplan.domain.summary import wishes_in_words
from careplan.domain.tasks import GROUPS, TaskKind, group_of
from careplan.domain.worktime import OpeningHours
from careplan.i18n import local
from careplan.models import (
    Absence,
    CallNotice,
    CareTeamMember,
    Patient,
    Person,
    Practitioner,
    QuestionnaireResponse,
    Task,
    Unit,
)
from careplan.queries.access import NotVisible, visible
from careplan.queries.answers import questionnaire
from careplan.queries.clocks import Left, last_closing, time_left
from careplan.queries.owners import Owner, in_list_of, owner_of
from careplan.queries.pathway import Treatment, treatments_of
from careplan.queries.roster import Colleague, roster

PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One task of the list. `told`: the patient was shown the call-now page: "shown", or "read" when said so."""

    id: UUID
    group: str
    patient_id: UUID
    name: str
    age: int | None
    treatment: Treatment | None
    summary: str
    comment: str
    told: str | None
    wishes: tuple[str, ...]
    urgency: str | None
    wants_contact: bool
    came_at: datetime
    left: Left
    owner: Owner
    read_by: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """`oldest` is the earliest due time of what patients wait for; `more_after` where the next page begins."""

    groups: tuple[Group, ...]
    calm: int
    oldest: Left | None
    patients: int
    new_answers: int
    since: datetime
    absence: "Away | None"
    more_after: UUID | None

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


@dataclass(frozen=True, slots=True)
class Away:
    """When the reader is away next, and who covers then."""

    from_at: datetime
    to_at: datetime
    cover_name: str

    @property
    def last_at(self) -> datetime:
        """The last moment away: an absence that ends at midnight ended the day before."""
        return self.to_at - timedelta.resolution


def open_tasks(
    db: Session,
    actor: Actor,
    *,
    at: datetime,
    calm: bool = False,
    after: UUID | None = None,
    limit: int = PAGE,
) -> Worklist:
    """The reader's own tasks, those covered for a colleague, and the shared list, by rank, due time and id.

    `calm` gives the responses without a flag, which are only counted in the list itself.
    """
    unit = db.get_one(Unit, actor.unit_id)
    hours = unit.opening_hours
    colleagues = roster(db, unit.id, at=at)
    is_mine = mine(actor, colleagues, at=at)
    counts = _counts(db, is_mine)
    kinds = Task.kind == TaskKind.RESPONSE if calm else Task.kind != TaskKind.RESPONSE
    found = _page(db, is_mine & kinds & _later_than(db, after), limit + 1)
    shown = found[:limit]
    treatments = treatments_of(db, [entry.patient_id for entry in shown], unit.id, at=at)
    told = _told(db, [entry.draft_id for entry in shown if entry.draft_id is not None])
    rows = [_row(db, entry, actor, colleagues, treatments, told, hours, at=at) for entry in shown]
    wanted = ("response",) if calm else GROUPS[:-1]
    groups = tuple(
        Group(key, counts[key][0], tuple(row for row in rows if row.group == key)) for key in wanted if key in counts
    )
    waiting = [counts[key][1] for key in ("now", "see", "contact", "response") if key in counts]
    oldest = min(waiting, default=None)
    since = last_closing(hours, at)
    patients, new_answers = _numbers(db, actor, since, at=at)
    return Worklist(
        groups=groups,
        calm=counts.get("response", (0, at))[0],
        oldest=time_left(hours, at, oldest) if oldest is not None else None,
        patients=patients,
        new_answers=new_answers,
        since=since,
        absence=_next_absence(db, actor, at=at),
        more_after=shown[-1].id if len(found) > limit else None,
    )


def mine(actor: Actor, colleagues: dict[UUID, Colleague], *, at: datetime) -> sa.ColumnElement[bool]:
    """In the list of the reader's unit, begun, and the reader's to do or to know of."""
    return sa.and_(
        Task.list_unit_id == actor.unit_id,
        Task.is_open(),
        Task.starts_at <= at,
        visible(Task, actor, at=at),
        in_list_of(actor, colleagues, at=at),
    )


def _in_my_care(actor: Actor, *, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    today = at.date()
    return (
        CareTeamMember.practitioner_id == actor.practitioner_id,
        CareTeamMember.unit_id == actor.unit_id,
        CareTeamMember.from_on <= today,
        sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
    )


def _counts(db: Session, mine: sa.ColumnElement[bool]) -> dict[str, tuple[int, datetime]]:
    """For each group how many there are and the earliest due time, in the order of the list."""
    rows = db.execute(
        sa.select(Task.kind, Task.level, sa.func.count(), sa.func.min(Task.due_at))
        .where(mine)
        .group_by(Task.kind, Task.level)
    )
    counted: dict[str, tuple[int, datetime]] = {}
    for kind, level, number, due_at in rows:  # two kinds may stand under one heading
        others, earliest = counted.get(group_of(kind, level), (0, due_at))
        counted[group_of(kind, level)] = (others + number, min(earliest, due_at))
    return {key: counted[key] for key in GROUPS if key in counted}


def _later_than(db: Session, after: UUID | None) -> sa.ColumnElement[bool]:
    """The rest of the list after this task; the whole list when no task is given."""
    if after is None:
        return sa.true()
    last = db.execute(sa.select(Task.rank, Task.due_at, Task.id).where(Task.id == after)).one_or_none()
    if last is None:
        raise NotVisible("task", after)
    return sa.tuple_(Task.rank, Task.due_at, Task.id) > sa.tuple_(
        sa.literal(last.rank, Task.rank.type),
        sa.literal(last.due_at, Task.due_at.type),
        sa.literal(last.id, Task.id.type),
    )


def _page(db: Session, wanted: sa.ColumnElement[bool], limit: int) -> Sequence[sa.Row]:
    return db.execute(
        sa.select(
            Task.id,
            Task.kind,
            Task.level,
            Task.patient_id,
            Task.summary,
            Task.starts_at,
            Task.due_at,
            Task.owner_id,
            Task.cover_id,
            Task.read_by_id,
            Task.read_at,
            Person.given_name,
            Person.family_name,
            Person.born_on,
            QuestionnaireResponse.draft_id,
            QuestionnaireResponse.content_hash,
            QuestionnaireResponse.wishes,
            QuestionnaireResponse.urgency,
            QuestionnaireResponse.wants_contact,
            QuestionnaireResponse.comment,
        )
        .join(Patient, Patient.id == Task.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .outerjoin(QuestionnaireResponse, QuestionnaireResponse.id == Task.response_id)
        .where(wanted)
        .order_by(Task.rank, Task.due_at, Task.id)
        .limit(limit)
    ).all()


def _row(
    db: Session,
    entry: sa.Row,
    actor: Actor,
    colleagues: dict[UUID, Colleague],
    treatments: dict[UUID, Treatment],
    told: dict[UUID, str],
    hours: OpeningHours,
    *,
    at: datetime,
) -> Row:
    wishes: list[str] = []
    if entry.wishes:
        wishes = wishes_in_words(questionnaire(db, entry.content_hash), entry.wishes)
    reader = colleagues.get(entry.read_by_id) if entry.read_by_id else None
    return Row(
        id=entry.id,
        group=group_of(entry.kind, entry.level),
        patient_id=entry.patient_id,
        name=f"{entry.given_name} {entry.family_name}",
        age=age(entry.born_on, local(at).date()) if entry.born_on else None,
        treatment=treatments.get(entry.patient_id),
        summary=entry.summary,
        comment=entry.comment or "",
        told=told.get(entry.draft_id),
        wishes=tuple(wishes),
        urgency=entry.urgency,
        wants_contact=bool(entry.wants_contact),
        came_at=entry.starts_at,
        left=time_left(hours, at, entry.due_at),
        owner=owner_of(entry.owner_id, actor, colleagues),
        read_by=reader.name if reader else "",
        read_at=entry.read_at,
    )


def _told(db: Session, drafts: Sequence[UUID]) -> dict[UUID, str]:
    rows = db.execute(
        sa.select(CallNotice.draft_id, sa.func.count(CallNotice.acknowledged_at))
        .where(CallNotice.draft_id.in_(drafts))
        .group_by(CallNotice.draft_id)
    )
    return {draft_id: "read" if acknowledged else "shown" for draft_id, acknowledged in rows}


def _numbers(db: Session, actor: Actor, since: datetime, *, at: datetime) -> tuple[int, int]:
    """How many patients are in the reader's care, and how many responses they have sent since then."""
    own = sa.select(CareTeamMember.patient_id).where(*_in_my_care(actor, at=at))
    row = db.execute(
        sa.select(
            sa.select(sa.func.count(sa.distinct(CareTeamMember.patient_id)))
            .where(*_in_my_care(actor, at=at))
            .scalar_subquery(),
            sa.select(sa.func.count())
            .select_from(QuestionnaireResponse)
            .where(
                QuestionnaireResponse.unit_id == actor.unit_id,
                QuestionnaireResponse.submitted_at > since,
                QuestionnaireResponse.patient_id.in_(own),
            )
            .scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


def _next_absence(db: Session, actor: Actor, *, at: datetime) -> Away | None:
    row = db.execute(
        sa.select(Absence.from_at, Absence.to_at, Person.given_name, Person.family_name)
        .outerjoin(Practitioner, Practitioner.id == Absence.cover_id)
        .outerjoin(Person, Person.id == Practitioner.person_id)
        .where(
            Absence.practitioner_id == actor.practitioner_id,
            Absence.unit_id == actor.unit_id,
            Absence.to_at > at,
            Absence.from_at < at + timedelta(days=7),
        )
        .order_by(Absence.from_at)
        .limit(1)
    ).first()
    if row is None:
        return None
    return Away(row.from_at, row.to_at, f"{row.given_name} {row.family_name}" if row.given_name else "")
