"""Emptying the outbox: at least once, at most twelve attempts with growing pauses, and a failure that shows."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, sessionmaker

from careplan.models import OutboxMessage, Person
from careplan.notify.email import Post, Server
from careplan.notify.texts import FALLBACK, Notices, UnknownNotice

MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
BATCH = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: UUID
    template: str
    attempts: int
    email: str
    language: str


def pause_after(attempts: int) -> timedelta:
    """1, 2, 4, 8 minutes and so on, at most 6 hours: twelve attempts take a bit over a day."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def send_due(
    sessions: sessionmaker[Session],
    notices: Notices,
    *,
    smtp_url: str,
    mail_from: str,
    base_url: str,
    is_demo: bool,
    clock: Callable[[], datetime],
) -> int:
    """Send what is due; how many were taken over. Without a server messages wait, and the demo sends them nowhere.

    A message is claimed before it is sent: its next attempt is moved on and committed, so that two runs at once do not
    both send it, and a run that dies is followed by another attempt.
    """
    if not smtp_url and not is_demo:
        return 0
    sent = 0
    while claimed := _claim(sessions, at=clock()):
        if smtp_url:
            with Post(Server.from_url(smtp_url), mail_from) as post:
                sent += sum(_send(sessions, post, notices, base_url, message, clock) for message in claimed)
        else:
            sent += sum(_send_nowhere(sessions, message, at=clock()) for message in claimed)
    return sent


def _claim(sessions: sessionmaker[Session], *, at: datetime) -> list[_Claimed]:
    with sessions.begin() as db:
        due = db.execute(
            sa.select(OutboxMessage, Person.email, Person.language)
            .outerjoin(Person, Person.id == OutboxMessage.person_id)
            .where(OutboxMessage.status == "pending", OutboxMessage.next_attempt_at <= at)
            .order_by(OutboxMessage.next_attempt_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        ).all()
        claimed = []
        for message, email, language in due:
            message.attempts += 1
            message.next_attempt_at = at + pause_after(message.attempts)
            address = message.address or email or ""
            claimed.append(_Claimed(message.id, message.template, message.attempts, address, language or FALLBACK))
        return claimed


def _send(
    sessions: sessionmaker[Session],
    post: Post,
    notices: Notices,
    base_url: str,
    message: _Claimed,
    clock: Callable[[], datetime],
) -> bool:
    if not message.email:
        _settle(sessions, message, "failed", at=clock(), error="no address")
        return False
    try:
        subject, body = notices.say(message.template, message.language, link=base_url)
    except UnknownNotice:
        _settle(sessions, message, "failed", at=clock(), error="unknown notice")
        return False
    try:
        post.send(message.email, subject, body)
    except (OSError, smtplib.SMTPException) as error:
        # The connection may be broken; the next message opens a new one.
        post.close()
        # What the server says may hold the address, so only the kind of error is kept.
        is_last = message.attempts >= MOST_ATTEMPTS
        _settle(sessions, message, "failed" if is_last else "pending", at=clock(), error=type(error).__name__)
        log.warning(
            "notice_not_sent", message_id=str(message.id), attempts=message.attempts, error=type(error).__name__
        )
        return False
    _settle(sessions, message, "sent", at=clock())
    return True


def _send_nowhere(sessions: sessionmaker[Session], message: _Claimed, *, at: datetime) -> bool:
    log.info("notice_sent_nowhere", message_id=str(message.id), template=message.template)
    _settle(sessions, message, "sent", at=at, error="demo: sent nowhere")
    return True


def _settle(sessions: sessionmaker[Session], message: _Claimed, status: str, *, at: datetime, error: str = "") -> None:
    with sessions.begin() as db:
        db.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.id == message.id, OutboxMessage.status == "pending")
            .values(status=status, error=error, settled_at=None if status == "pending" else at)
        )
