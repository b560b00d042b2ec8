"""Keeping a printed document, so that the next one who asks gets the same."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from careplan.models import Document


@dataclass(frozen=True, slots=True)
class Printed:
    """What a document is of; of each there is at most one, the newest."""

    kind: str
    patient_id: UUID
    size: str
    lang: str
    parts: tuple[str, ...] = ()
    plan_id: UUID | None = None
    revision_id: UUID | None = None
    response_id: UUID | None = None


def keep(db: Session, printed: Printed, pdf: bytes, *, input_hash: str, at: datetime) -> None:
    """In place of the one before of the same thing. Two who made the same at once leave one."""
    same = {
        "patient_id": printed.patient_id,
        "kind": printed.kind,
        "size": printed.size,
        "lang": printed.lang,
        "plan_id": printed.plan_id,
        "revision_id": printed.revision_id,
        "response_id": printed.response_id,
    }
    older = db.execute(
        sa.select(Document.id, Document.parts).where(
            *(getattr(Document, name).is_not_distinct_from(value) for name, value in same.items()),
            Document.input_hash != input_hash,
        )
    )
    outdated = [row.id for row in older if tuple(row.parts) == printed.parts]
    if outdated:
        db.execute(sa.delete(Document).where(Document.id.in_(outdated)))
    dialect = db.get_bind().dialect.name
    insert = sqlite.insert(Document) if dialect == "sqlite" else postgresql.insert(Document)
    row = same | {"id": uuid4(), "parts": list(printed.parts), "input_hash": input_hash, "pdf": pdf, "made_at": at}
    db.execute(insert.values(row).on_conflict_do_nothing(index_elements=["patient_id", "input_hash"]))
