"""Messages between a patient and the care team, and within the team about a patient."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.identity import CLINICAL, Capacity
from careplan.domain.messages import ThreadKind
from careplan.models.people import Patient, Person, Practitioner
from careplan.models.tasks import Task


class Thread(Base):
    """Messages about one matter. Kind "team" is for staff alone: from `started_by` to `to`, or to the contact nurse."""

    __tablename__ = "thread"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[ThreadKind]
    subject: Mapped[str] = mapped_column(sa.String(200))
    # A comment on a chapter: which one, and in which revision of which plan. The subject is its title then.
    plan_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("care_plan.id"))
    chapter_id: Mapped[str] = mapped_column(sa.String(100), default="")
    revision: Mapped[int | None]
    started_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    to_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]  # when something was written in it last
    patient: Mapped[Patient] = relationship()
    started_by: Mapped[Practitioner | None] = relationship(foreign_keys=started_by_id)
    to: Mapped[Practitioner | None] = relationship(foreign_keys=to_id)

    __table_args__ = (sa.Index(None, "patient_id", "last_at"), sa.Index(None, "unit_id", "last_at"))


class Message(Base):
    """What one person wrote, as text; immutable. The id is the key of the page it was written on: it is sent once.

    With a task the author waits for an answer to it; several messages may wait in one task.
    """

    __tablename__ = "message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("thread.id"))
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    capacity: Mapped[Capacity]
    text: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime]
    task_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("task.id"), index=True)
    author: Mapped[Person] = relationship()
    task: Mapped[Task | None] = relationship()

    __table_args__ = (sa.Index(None, "thread_id", "sent_at"),)

    @property
    def is_from_staff(self) -> bool:
        return self.capacity in CLINICAL


class ThreadRead(Base):
    """Somebody opened a thread with something new in it: what was sent up to then is read."""

    __tablename__ = "thread_read"

    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("thread.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(primary_key=True)
    capacity: Mapped[Capacity]
    person: Mapped[Person] = relationship()


class UnsentMessage(Base):
    """What somebody wrote and sent when they had been logged out: kept a day for them alone, by the page's address."""

    __tablename__ = "unsent_message"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    path: Mapped[str] = mapped_column(sa.String(400), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(100))
    text: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[datetime] = mapped_column(index=True)


class Letter(Base):
    """The written reply to answers on paper or by telephone: owed from the closing of their task, until printed."""

    __tablename__ = "letter"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), unique=True)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    owed_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]  # the first time
    printed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    task: Mapped[Task] = relationship()
    patient: Mapped[Patient] = relationship()
    printed_by: Mapped[Practitioner | None] = relationship()

    __table_args__ = (sa.Index(None, "unit_id", "printed_at", "owed_at"),)
