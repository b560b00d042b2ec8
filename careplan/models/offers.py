"""That a patient was asked whether they want a care plan, and what they said."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.models.people import Practitioner


class PlanOffer(Base):
    """One offer of a plan. Offered and started are counted apart: who says no has been asked all the same."""

    __tablename__ = "plan_offer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    offered_on: Mapped[date]
    answer: Mapped[str] = mapped_column(sa.String(20))  # accepted, declined, later
    recorded_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Practitioner] = relationship()

    __table_args__ = (sa.Index(None, "unit_id", "patient_id"),)
