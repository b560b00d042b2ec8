"""The treatment summary and follow-up plan: what is given when treatment has ended, on one page."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.models.people import Practitioner
from careplan.models.plans import CarePlan


class TreatmentSummaryDraft(Base):
    """What the nurse is writing; one a plan."""

    __tablename__ = "treatment_summary_draft"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"), primary_key=True)
    # One text for each of domain.treatment_summary.PARTS.
    parts: Mapped[dict[str, Any]]
    saved_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class TreatmentSummary(Base):
    """A signed version: what the patient reads and takes along; immutable.

    `content`: {"lang", "title", "patient": {"name", "born_on"}, "parts": {part: text}, "missing": [part],
    "contact": {"name", "title", "phone", "hours", "unit", "unit_phone"}}.
    """

    __tablename__ = "treatment_summary"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    number: Mapped[int]
    signed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    signed_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    plan: Mapped[CarePlan] = relationship()
    signed_by: Mapped[Practitioner] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)
