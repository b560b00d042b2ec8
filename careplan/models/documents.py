"""Printed documents that are kept, so that each is made once."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from careplan.db import Base


class Document(Base):
    """A PDF and the hash of all that went into it: another text, another style or another engine is another document.

    It lies in the database with what it was made from: under the same access and backup, and gone with its patient.
    A row may be removed at any time; the document is then made anew.
    """

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    plan_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("care_plan.id"))
    revision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("plan_revision.id"))
    response_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_response.id"))
    kind: Mapped[str] = mapped_column(sa.String(30))  # plan, news, treatment-summary, letter, response, form
    parts: Mapped[list[str]] = mapped_column(sa.JSON)
    size: Mapped[str] = mapped_column(sa.String(2))
    lang: Mapped[str] = mapped_column(sa.String(10))
    input_hash: Mapped[str] = mapped_column(sa.String(64))
    pdf: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    made_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("patient_id", "input_hash"),)
