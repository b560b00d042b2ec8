"""The signed rehabilitation plan: the version that stands, the old ones, what the patient said, the action codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from careplan.domain.identity import Actor
from careplan.domain.rehabilitation import EMPTY, Change, Content, Reply, changes
from careplan.models import RecordedCode, RehabilitationAnswer, RehabilitationRevision
from careplan.queries.access import NotVisible, visible


@dataclass(frozen=True, slots=True)
class Version:
    """One signed version, what differs from the one before it, and what the patient said to it last."""

    id: UUID
    plan_id: UUID
    number: int
    content: Content
    signed_by: str
    signed_at: datetime
    changes: tuple[Change, ...]
    reply: Reply | None
    reply_text: str
    replied_at: datetime | None


def versions(db: Session, actor: Actor, plan_id: UUID, *, at: datetime) -> list[Version]:
    """All of a plan, the newest first; nothing for a plan that the actor may not see."""
    rows = db.scalars(
        sa.select(RehabilitationRevision)
        .where(RehabilitationRevision.plan_id == plan_id, visible(RehabilitationRevision, actor, at=at))
        .order_by(RehabilitationRevision.number)
        .options(joinedload(RehabilitationRevision.signed_by), selectinload(RehabilitationRevision.answers))
        .execution_options(populate_existing=True)
    ).all()
    before = [EMPTY, *(row.content for row in rows)]
    return [_version(row, earlier) for row, earlier in zip(rows, before, strict=False)][::-1]


def version(db: Session, actor: Actor, plan_id: UUID, number: int, *, at: datetime) -> Version:
    found = next((each for each in versions(db, actor, plan_id, at=at) if each.number == number), None)
    if found is None:
        raise NotVisible("rehabilitation", plan_id)
    return found


def get_revision_for(db: Session, actor: Actor, revision_id: UUID, *, at: datetime) -> RehabilitationRevision:
    found = db.scalars(
        sa.select(RehabilitationRevision).where(
            RehabilitationRevision.id == revision_id, visible(RehabilitationRevision, actor, at=at)
        )
    ).one_or_none()
    if found is None:
        raise NotVisible("rehabilitation", revision_id)
    return found


def codes_of(db: Session, plan_id: UUID) -> Sequence[RecordedCode]:
    """What has been recorded for a plan that the actor was allowed to fetch, the newest first."""
    return db.scalars(
        sa.select(RecordedCode)
        .where(RecordedCode.plan_id == plan_id)
        .order_by(RecordedCode.recorded_at.desc(), RecordedCode.code)
        .options(joinedload(RecordedCode.recorded_by))
    ).all()


def _version(row: RehabilitationRevision, before: Content) -> Version:
    last: RehabilitationAnswer | None = row.answers[-1] if row.answers else None
    return Version(
        id=row.id,
        plan_id=row.plan_id,
        number=row.number,
        content=row.content,
        signed_by=row.signed_by.name,
        signed_at=row.signed_at,
        changes=tuple(changes(before, row.content)),
        reply=Reply(last.answer) if last else None,
        reply_text=last.text if last else "",
        replied_at=last.answered_at if last else None,
    )
