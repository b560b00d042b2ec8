"""Emptying the outbox: at least once, at most twelve attempts with growing pauses, and a failure that shows."""

import smtplib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, sessionmaker

from careplan.domain.reachable import number_of
from careplan.models import OutboxMessage, Person
from careplan.notify.email import Post, Server
from careplan.notify.sms import Gateway
from careplan.notify.texts import FALLBACK, Notices, UnknownNotice

MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=6)
BATCH = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: UUID
    template: str
    attempts: int
    channel: str
    address: str  # of mail, or a telephone number
    language: str
    signed: str


@dataclass(frozen=True, slots=True)
class Channels:
    """Where notices are handed over. What a channel is missing for waits; the demo sends everything nowhere."""

    smtp_url: str = ""
    mail_from: str = ""
    gateway: Gateway | None = None
    is_demo: bool = False

    @property
    def open(self) -> list[str]:
        if self.is_demo:
            return ["email", "sms"]
        return [name for name, there in (("email", self.smtp_url), ("sms", self.gateway)) if there]


def pause_after(attempts: int) -> timedelta:
    """2, 4, 8 minutes and so on, at most 6 hours: twelve attempts take 26 hours, more than a day without a server."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def send_due(
    sessions: sessionmaker[Session],
    notices: Notices,
    channels: Channels,
    *,
    base_url: str,
    clock: Callable[[], datetime],
) -> int:
    """Send what is due; how many were taken over. Without a server or gateway its messages wait.

    A message is claimed before it is sent: its next attempt is moved on and committed, so that two runs at once do not
    both send it, and a run that dies is followed by another attempt.
    """
    sent = 0
    while claimed := _claim(sessions, channels.open, at=clock()):
        with ExitStack() as opened:
            post = (
                opened.enter_context(Post(Server.from_url(channels.smtp_url), channels.mail_from))
                if channels.smtp_url
                else None
            )
            for message in claimed:
                sent += _send(sessions, channels, post, notices, base_url, message, clock)
    return sent


def _claim(sessions: sessionmaker[Session], channels: Sequence[str], *, at: datetime) -> list[_Claimed]:
    if not channels:
        return []
    with sessions.begin() as db:
        due = db.execute(
            sa.select(OutboxMessage, Person.email, Person.phone, Person.language)
            .outerjoin(Person, Person.id == OutboxMessage.person_id)
            .where(
                OutboxMessage.status == "pending",
                OutboxMessage.next_attempt_at <= at,
                OutboxMessage.channel.in_(channels),
            )
            .order_by(OutboxMessage.next_attempt_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        ).all()
        claimed = []
        for message, email, phone, language in due:
            message.attempts += 1
            message.next_attempt_at = at + pause_after(message.attempts)
            address = message.address or ((number_of(phone or "") if message.channel == "sms" else email) or "")
            claimed.append(
                _Claimed(
                    message.id,
                    message.template,
                    message.attempts,
                    message.channel,
                    address,
                    language or FALLBACK,
                    message.signed,
                )
            )
        return claimed


def _send(
    sessions: sessionmaker[Session],
    channels: Channels,
    post: Post | None,
    notices: Notices,
    base_url: str,
    message: _Claimed,
    clock: Callable[[], datetime],
) -> bool:
    if not message.address and not channels.is_demo:
        _settle(sessions, message, "failed", at=clock(), error="no address")
        return False
    try:
        subject, body = notices.say(message.template, message.language, link=base_url, signed=message.signed)
    except UnknownNotice:
        _settle(sessions, message, "failed", at=clock(), error="unknown notice")
        return False
    error = ""
    try:
        if message.channel == "sms" and channels.gateway is not None:
            channels.gateway.send(message.address, f"{subject}. {base_url}", key=str(message.id))
        elif message.channel == "email" and post is not None:
            post.send(message.address, subject, body)
        else:
            error = "demo: sent nowhere"
            log.info("notice_sent_nowhere", message_id=str(message.id), template=message.template)
    except (OSError, smtplib.SMTPException, HTTPException) as fault:
        # The connection may be broken; the next message opens a new one.
        if post is not None:
            post.close()
        # What the server says may hold the address, so only the kind of error is kept.
        is_last = message.attempts >= MOST_ATTEMPTS
        _settle(sessions, message, "failed" if is_last else "pending", at=clock(), error=type(fault).__name__)
        log.warning(
            "notice_not_sent", message_id=str(message.id), attempts=message.attempts, error=type(fault).__name__
        )
        return False
    _settle(sessions, message, "sent", at=clock(), error=error)
    return True


def _settle(sessions: sessionmaker[Session], message: _Claimed, status: str, *, at: datetime, error: str = "") -> None:
    with sessions.begin() as db:
        db.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.id == message.id, OutboxMessage.status == "pending")
            .values(status=status, error=error, settled_at=None if status == "pending" else at)
        )
