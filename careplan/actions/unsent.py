"""What somebody wrote and sent when they had been logged out: theirs alone, until it is sent or a day is gone."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import insert
from careplan.models import UnsentMessage

KEPT_FOR = timedelta(days=1)
# More than this no person has typed.
MOST_KEPT = 100_000


def keep(db: Session, *, person_id: UUID, path: str, subject: str, text: str, at: datetime) -> None:
    """In the place of what was kept of the same page before. What is older than a day goes, whoever wrote it."""
    db.execute(sa.delete(UnsentMessage).where(sa.or_(_of(person_id, path), UnsentMessage.kept_at <= at - KEPT_FOR)))
    insert(
        db,
        UnsentMessage(person_id=person_id, path=path, subject=subject[:100], text=text[:MOST_KEPT], kept_at=at),
    )


def drop(db: Session, *, person_id: UUID, path: str) -> None:
    db.execute(sa.delete(UnsentMessage).where(_of(person_id, path)))


def kept(db: Session, *, person_id: UUID, path: str, at: datetime) -> UnsentMessage | None:
    return db.scalars(
        sa.select(UnsentMessage).where(_of(person_id, path), UnsentMessage.kept_at > at - KEPT_FOR)
    ).one_or_none()


def _of(person_id: UUID, path: str) -> sa.ColumnElement[bool]:
    return sa.and_(UnsentMessage.person_id == person_id, UnsentMessage.path == path)
