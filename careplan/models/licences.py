"""What a unit may use: licences of instruments that others hold."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.models.people import Practitioner


class Licence(Base):
    """A unit's licence for an instrument, as somebody recorded it. A renewed one is a new row."""

    __tablename__ = "licence"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    instrument_id: Mapped[str] = mapped_column(sa.String(100))
    holder: Mapped[str] = mapped_column(sa.String(200))  # in whose name it is
    reference: Mapped[str] = mapped_column(sa.String(200))  # where the agreement is found
    recorded_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Practitioner] = relationship()

    __table_args__ = (sa.Index(None, "unit_id", "instrument_id"),)
