"""When a patient is left alone: pauses that they take themselves."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from careplan.db import Base


class FormPause(Base):
    """The patient wants no forms and no reminders until a day, for a reason of theirs. What is open may be answered."""

    __tablename__ = "form_pause"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    from_at: Mapped[datetime]
    until_on: Mapped[date]  # the last day of it
    reason: Mapped[str] = mapped_column(sa.String(20))  # domain.reminders.PauseReason
    words: Mapped[str] = mapped_column(sa.Text, default="")
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]  # before its time

    __table_args__ = (sa.Index(None, "patient_id", "until_on"),)
