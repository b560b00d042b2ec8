"""Active handover: from one unit's care into another's."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.handovers import OPEN, Status
from careplan.models.people import Patient, Practitioner, Unit
from careplan.models.plans import CarePlan

_OPEN = sa.text("status IN ('requested', 'accepted')")  # domain.handovers.OPEN


class Handover(Base):
    """One unit asks another to take over. The sender is responsible until contact with the patient is confirmed.

    `content`: {"parts": {part: text}, "summary": {the content of the treatment summary that was signed last}, or none}.
    """

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))  # that sends
    to_unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(sa.String(40))  # domain.handovers.REASONS
    is_back: Mapped[bool] = mapped_column(default=False)  # on suspicion of relapse
    content: Mapped[dict[str, Any]]
    requested_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    requested_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(sa.String(20))  # domain.handovers.Status
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    answered_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")  # why it was declined or taken back
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    confirmed_at: Mapped[datetime | None]
    patient: Mapped[Patient] = relationship()
    plan: Mapped[CarePlan] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    to_unit: Mapped[Unit] = relationship(foreign_keys=to_unit_id)
    requested_by: Mapped[Practitioner] = relationship(foreign_keys=requested_by_id)
    answered_by: Mapped[Practitioner | None] = relationship(foreign_keys=answered_by_id)
    confirmed_by: Mapped[Practitioner | None] = relationship(foreign_keys=confirmed_by_id)

    __table_args__ = (
        # One receiver at a time, whoever presses first.
        sa.Index("ix_handover_open", "plan_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index(None, "to_unit_id", "status"),
    )

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_accepted(self) -> bool:
        return self.status == Status.ACCEPTED
