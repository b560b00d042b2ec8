"""What is new to a reader since their last visit: the plan, goals, and that answers were read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.comparing import SCREEN
from careplan.domain.identity import Actor, Capacity
from careplan.domain.sharing import GOALS
from careplan.models import (
    Account,
    CarePlan,
    Goal,
    LoginSession,
    Person,
    PlanRead,
    PlanRevision,
    Practitioner,
    QuestionnaireResponse,
    Task,
)
from careplan.queries import access, threads

NEVER = datetime(1900, 1, 1, tzinfo=UTC)
MOST_NEWS = 5


@dataclass(frozen=True, slots=True)
class News:
    """`kind`: plan (first signed), change (signed anew), goal, read (answers were read), or message (not opened)."""

    kind: Literal["plan", "change", "goal", "read", "message"]
    at: datetime
    by: str
    text: str
    object_id: UUID


def last_visit(db: Session, actor: Actor) -> datetime | None:
    """When the reader was last seen before this visit; None at the first."""
    return db.scalar(
        sa.select(LoginSession.last_seen_at)
        .join(Account, Account.id == LoginSession.account_id)
        .where(Account.person_id == actor.person_id)
        .order_by(LoginSession.created_at.desc())
        .offset(1)
        .limit(1)
    )


def news(db: Session, actor: Actor, *, since: datetime, scopes: frozenset[str], at: datetime) -> tuple[News, ...]:
    found: list[News] = []
    if "plan" in scopes:
        found += _changes(db, actor, at=at)
    if "plan" in scopes and access.may_read_part(db, actor, GOALS, at=at):
        found += _goals(db, actor, since=since, at=at)
    if "answers" in scopes or actor.capacity is Capacity.RELATIVE:
        found += _readings(db, actor, since=since, at=at)
    if "messages" in scopes:
        found += [
            News("message", each.at, each.author, each.subject, each.thread_id) for each in threads.unread(db, actor)
        ]
    found.sort(key=lambda news: news.at, reverse=True)
    return tuple(found[:MOST_NEWS])


def _changes(db: Session, actor: Actor, *, at: datetime) -> Iterable[News]:
    """Versions of plans that the reader has not met: they are new until they are read."""
    rows = db.execute(
        sa.select(
            PlanRevision.plan_id,
            PlanRevision.number,
            PlanRevision.signed_at,
            PlanRevision.changes,
            (Person.given_name + " " + Person.family_name).label("signed_by"),
        )
        .join(CarePlan, CarePlan.id == PlanRevision.plan_id)
        .join(Practitioner, Practitioner.id == PlanRevision.signed_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .outerjoin(
            PlanRead,
            sa.and_(
                PlanRead.plan_id == PlanRevision.plan_id,
                PlanRead.person_id == actor.person_id,
                PlanRead.medium == SCREEN,
            ),
        )
        .where(access.visible(CarePlan, actor, at=at), PlanRevision.number > sa.func.coalesce(PlanRead.number, 0))
        .order_by(PlanRevision.signed_at.desc())
        .limit(MOST_NEWS)
    )
    is_whole = access.shared_parts(db, actor, at=at) is None  # changes in words name what may not be shared
    for row in rows:
        kind: Literal["plan", "change"] = "plan" if row.number == 1 else "change"
        yield News(kind, row.signed_at, row.signed_by, ". ".join(row.changes[:2]) if is_whole else "", row.plan_id)


def _goals(db: Session, actor: Actor, *, since: datetime, at: datetime) -> Iterable[News]:
    rows = db.execute(
        sa.select(Goal.id, Goal.text, Goal.created_at)
        .join(CarePlan, CarePlan.id == Goal.plan_id)
        .where(access.visible(CarePlan, actor, at=at), Goal.created_at > since)
        .order_by(Goal.created_at.desc())
        .limit(MOST_NEWS)
    )
    for row in rows:
        yield News("goal", row.created_at, "", row.text, row.id)


def _readings(db: Session, actor: Actor, *, since: datetime, at: datetime) -> Iterable[News]:
    rows = db.execute(
        sa.select(
            Task.response_id,
            Task.read_at,
            Task.next_step,
            (Person.given_name + " " + Person.family_name).label("read_by"),
        )
        .join(QuestionnaireResponse, QuestionnaireResponse.id == Task.response_id)
        .join(Practitioner, Practitioner.id == Task.read_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(access.visible(QuestionnaireResponse, actor, at=at), Task.read_at > since)
        .order_by(Task.read_at.desc())
        .limit(MOST_NEWS)
    )
    for row in rows:
        yield News("read", row.read_at, row.read_by, row.next_step, row.response_id)
