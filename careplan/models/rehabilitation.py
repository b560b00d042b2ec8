"""The rehabilitation plan: signed versions, what the patient said to them, referrals in the team, action codes."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.models.people import Practitioner


class Referral(Base):
    """A question to another profession of the team, or to one person in it, and what became of it."""

    __tablename__ = "referral"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    profession: Mapped[str] = mapped_column(sa.String(40))
    practitioner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))  # none: all of them
    areas: Mapped[list[str]] = mapped_column(sa.JSON)  # of need: whose answers the receiver reads
    question: Mapped[str] = mapped_column(sa.Text)
    requested_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    requested_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(sa.String(20))  # FHIR: requested, accepted, rejected, cancelled, completed
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it came back; for staff
    next_step: Mapped[str] = mapped_column(sa.Text, default="")  # what the patient reads
    completed_at: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(sa.Text, default="")  # what came of it; stands in the plan
    practitioner: Mapped[Practitioner | None] = relationship(foreign_keys=practitioner_id)
    requested_by: Mapped[Practitioner] = relationship(foreign_keys=requested_by_id)
    answered_by: Mapped[Practitioner | None] = relationship(foreign_keys=answered_by_id)

    __table_args__ = (sa.Index(None, "unit_id", "profession", "status"),)


class RehabilitationRevision(Base):
    """A signed version of the rehabilitation plan; immutable.

    `content`: {"summary", "goals": [goal], "closed": [goal], "referrals": [{"id", "profession", "who", "summary"}]}
    where goal is {"id", "text", "measure", "review_on", "outcome", "next_step", "activities": [{"id", "text",
    "timing", "who", "title", "profession", "due_on", "is_self_care", "instructions"}]}.
    """

    __tablename__ = "rehabilitation_revision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    signed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    signed_at: Mapped[datetime]
    signed_by: Mapped[Practitioner] = relationship()
    answers: Mapped[list["RehabilitationAnswer"]] = relationship(order_by="RehabilitationAnswer.answered_at")

    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)


class RehabilitationAnswer(Base):
    """What the patient said to one version: approved, or change-wanted and what; immutable, the last one holds."""

    __tablename__ = "rehabilitation_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rehabilitation_revision.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime]


class RecordedCode(Base):
    """An action code that a person has recorded, with what it is for; its text as the region had it then."""

    __tablename__ = "recorded_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    code: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.String(300))
    assessment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("needs_assessment.id"))
    revision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("rehabilitation_revision.id"))
    activity_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("activity.id"))
    recorded_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Practitioner] = relationship()
