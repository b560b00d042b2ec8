"""Printed documents that are kept."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import Document


def kept(db: Session, patient_id: UUID, input_hash: str) -> bytes | None:
    """The PDF of a patient whom the caller may print for; None where it has not been made, or was made otherwise."""
    return db.scalar(
        sa.select(Document.pdf).where(Document.patient_id == patient_id, Document.input_hash == input_hash)
    )
