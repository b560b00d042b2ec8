"""What staff have to do: flags, tasks, absences, and what goes out."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.tasks import Outcome, TaskKind
from careplan.domain.triage import Level
from careplan.models.handovers import Handover
from careplan.models.needs import Goal
from careplan.models.people import Patient, Practitioner
from careplan.models.questionnaires import QuestionnaireRequest, QuestionnaireResponse
from careplan.models.rehabilitation import Referral

OPEN = ("requested", "in-progress")
ADRIFT = "status NOT IN ('requested', 'in-progress') AND (completed_by_id IS NULL OR outcome IS NULL)"


class Flag(Base):
    """A reason to look: which rule of which version held, on what answer; immutable."""

    __tablename__ = "flag"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    response_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_response.id"), index=True)
    rule_id: Mapped[str] = mapped_column(sa.String(100))
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    # The unit's own rules that held; none: the rules that the form came with.
    rule_version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("rule_version.id"))
    level: Mapped[Level]
    item: Mapped[str] = mapped_column(sa.String(100))
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    raised_at: Mapped[datetime]


class Task(Base):
    """A work item. No owner means the unit's shared list. Closed only by a person with a coded outcome.

    It stands in the list of one unit, as a rule its own; on the provider's list, too, while that unit has nobody there.
    """

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))  # where the care is that it came from
    list_unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))  # in whose list it stands
    with_provider_since: Mapped[datetime | None]  # nobody is there in that unit
    climbed: Mapped[int] = mapped_column(sa.SmallInteger, default=0)  # how far, by domain.climbing.Step
    kind: Mapped[TaskKind]
    level: Mapped[Level | None]
    rank: Mapped[int]  # order in the list, from domain.tasks.urgency_rank
    summary: Mapped[str] = mapped_column(sa.String(300), default="")  # "Andnöd 8 av 10, var 2"
    response_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_response.id"), unique=True)
    goal_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("goal.id"))
    request_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_request.id"), index=True)
    referral_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("referral.id"))
    thread_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("thread.id"), index=True)
    handover_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("handover.id"), index=True)
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    cover_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    created_at: Mapped[datetime]
    starts_at: Mapped[datetime]  # stands in the list from then on
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(sa.String(20))  # FHIR: requested, in-progress, completed
    read_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    read_at: Mapped[datetime | None]
    held_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))  # who has it open now
    held_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    known_until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # for staff
    next_step: Mapped[str] = mapped_column(sa.Text, default="")  # what the patient reads
    completed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    completed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    patient: Mapped[Patient] = relationship()
    response: Mapped[QuestionnaireResponse | None] = relationship()
    request: Mapped[QuestionnaireRequest | None] = relationship()
    goal: Mapped[Goal | None] = relationship()
    referral: Mapped[Referral | None] = relationship()
    handover: Mapped[Handover | None] = relationship()
    owner: Mapped[Practitioner | None] = relationship(foreign_keys=owner_id)
    cover: Mapped[Practitioner | None] = relationship(foreign_keys=cover_id)
    read_by: Mapped[Practitioner | None] = relationship(foreign_keys=read_by_id)
    held_by: Mapped[Practitioner | None] = relationship(foreign_keys=held_by_id)
    completed_by: Mapped[Practitioner | None] = relationship(foreign_keys=completed_by_id)

    @classmethod
    def is_open(cls) -> sa.ColumnElement[bool]:
        """In so many words: only then does a database see that it may look through the open tasks alone."""
        return cls.status.in_(sa.bindparam("open", OPEN, expanding=True, literal_execute=True, unique=True))

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.Index(
            "ix_task_open",
            "list_unit_id",
            "rank",
            "due_at",
            "id",
            sqlite_where=sa.text("status IN ('requested', 'in-progress')"),
            postgresql_where=sa.text("status IN ('requested', 'in-progress')"),
        ),
        # What no person has closed, and no list shows: nothing, unless rows were damaged.
        sa.Index("ix_task_adrift", "id", sqlite_where=sa.text(ADRIFT), postgresql_where=sa.text(ADRIFT)),
        sa.Index(None, "patient_id", "status"),
    )


class Absence(Base):
    """When a practitioner is away, and who covers."""

    __tablename__ = "absence"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    practitioner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    cover_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]


class OutboxMessage(Base):
    """A notice to send: no health content, only which text and to whom. At least once, bounded retries.

    To a person, or to the address of a provider's on-call.
    """

    __tablename__ = "outbox_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    template: Mapped[str] = mapped_column(sa.String(40))  # new-answer, read, plan-signed, form-due, form-closing
    channel: Mapped[str] = mapped_column(sa.String(10), default="email", server_default="email")  # email, sms
    signed: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")  # in whose name it is
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(sa.String(20), default="pending")  # pending, sent, failed
    settled_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(200), default="")

    __table_args__ = (sa.Index(None, "status", "next_attempt_at"),)


class Alarm(Base):
    """That something is wrong with the lists of a unit: one row for as long as it is, e-mailed once a day."""

    __tablename__ = "alarm"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("provider.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))  # actions.alarms.KINDS
    count: Mapped[int] = mapped_column(default=1)
    raised_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
