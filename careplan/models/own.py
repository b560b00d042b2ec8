"""What the patient writes themselves: times of their own, notes and questions, wishes for contact, how it went."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.own import NoteKind, ReportResult
from careplan.domain.tasks import Urgency
from careplan.models.people import Person, Practitioner, Unit
from careplan.models.tasks import Task


class OwnEvent(Base):
    """A day of the patient's own in the calendar, past or coming. It orders nothing; `unit_id` is who reads it."""

    __tablename__ = "own_event"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    on: Mapped[date]
    starts_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    is_by_relative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (sa.Index(None, "patient_id", "on"),)


class ContactWish(Base):
    """That the patient wants to be contacted, in their own words, and the task that it became."""

    __tablename__ = "contact_wish"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    urgency: Mapped[Urgency | None]
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"))
    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship()

    __table_args__ = (sa.Index(None, "patient_id", "created_at"),)


class ActivityReport(Base):
    """One time that an activity was done, or that it did not work; several over the weeks."""

    __tablename__ = "activity_report"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    activity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    on: Mapped[date]
    result: Mapped[ReportResult]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    is_by_relative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    wish_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contact_wish.id"))
    person: Mapped[Person] = relationship(lazy="joined")


class PatientNote(Base):
    """A note of the patient's own, seen by nobody else unless shared, or a question for the next visit."""

    __tablename__ = "patient_note"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[NoteKind]
    text: Mapped[str] = mapped_column(sa.Text)
    is_shared: Mapped[bool]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    answer: Mapped[str] = mapped_column(sa.Text, default="")  # what the patient reads
    answered_by: Mapped[Practitioner | None] = relationship()
