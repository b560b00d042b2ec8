"""A page of the staff's that is not ready to be saved."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from careplan.db import Base

# The pages that may be kept.
NEEDS, HANDOVER = "needs", "handover"


class KeptPage(Base):
    """A page about a plan as one person left it: typed, unchecked, and seen by nobody else."""

    __tablename__ = "kept_page"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"), primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"), primary_key=True)
    page: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # name of the field -> what was typed
    saved_at: Mapped[datetime]
