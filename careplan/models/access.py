"""Sessions, log-in attempts, the patient's blocks and the append-only log."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base, Serial
from careplan.models.people import Account, Membership, Person, Practitioner, Unit
from careplan.models.questionnaires import QuestionnaireRequest


class LoginSession(Base):
    """A server-side session: ended at log-out, whatever the browser still holds. Only the token's hash is stored."""

    __tablename__ = "login_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    membership_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("membership.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="joined")
    membership: Mapped[Membership | None] = relationship(lazy="joined")


class KioskCode(Base):
    """A code for one form on the clinic's tablet, used once, and the session that it opens there.

    Code and session token are stored as hashes. Without a token nothing is open: the code waits, or all is over.
    """

    __tablename__ = "kiosk_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_request.id"), index=True)
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None]  # "Ja, det är jag"
    last_seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # sent, left, or a newer code was made
    request: Mapped[QuestionnaireRequest] = relationship()


class LoginAttempt(Base):
    """Counted in the database, so that several processes share one count."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(sa.String(100))
    address: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    succeeded: Mapped[bool]

    __table_args__ = (sa.Index(None, "username", "at"), sa.Index(None, "address", "at"))


class Block(Base):
    """The patient's bar: what one unit has written is hidden from another unit, or from all others, while it holds."""

    __tablename__ = "block"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))  # whose data are hidden
    barred_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("unit.id"))  # from whom; none: from all others
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    barred: Mapped[Unit | None] = relationship(foreign_keys=barred_id)
    made_by: Mapped[Person] = relationship()

    @classmethod
    def bars(
        cls, patient_id: Any, unit_id: Any, reader: Any, *, at: datetime, reader_id: UUID | None = None
    ) -> sa.ColumnElement[bool]:
        """That what `unit_id` has written of the patient is hidden from the unit `reader`, by columns or values.

        Not from `reader_id`, the practitioner who has opened it in an emergency.
        """
        hidden = sa.exists().where(
            cls.patient_id == patient_id,
            cls.unit_id == unit_id,
            cls.unit_id != reader,
            sa.or_(cls.barred_id.is_(None), cls.barred_id == reader),
            cls.from_at <= at,
            sa.or_(cls.to_at.is_(None), cls.to_at > at),
        )
        if reader_id is None:
            return hidden
        opened = sa.exists().where(
            BlockOpening.patient_id == patient_id,
            BlockOpening.unit_id == reader,
            BlockOpening.practitioner_id == reader_id,
            BlockOpening.opened_at <= at,
            BlockOpening.until_at > at,
        )
        return sa.and_(hidden, ~opened)


class BlockOpening(Base):
    """Somebody opened what is blocked, in an emergency: for themself alone, with a reason, for a few hours."""

    __tablename__ = "block_opening"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))  # where it was opened
    practitioner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    opened_at: Mapped[datetime]
    until_at: Mapped[datetime]
    practitioner: Mapped[Practitioner] = relationship()


class AuditEvent(Base):
    """Who saw or did what, with whose data, where and when; append-only (triggers), sealed in batches."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(sa.Uuid(), index=True)
    person_name: Mapped[str] = mapped_column(sa.String(200))
    capacity: Mapped[str] = mapped_column(sa.String(32))
    unit_id: Mapped[UUID | None]
    unit_name: Mapped[str] = mapped_column(sa.String(200))
    patient_id: Mapped[UUID | None] = mapped_column(sa.Uuid(), index=True)
    action: Mapped[str] = mapped_column(sa.String(60))  # verb-noun: read-plan, submit-response
    object_type: Mapped[str] = mapped_column(sa.String(40))
    object_id: Mapped[str] = mapped_column(sa.String(64))
    outcome: Mapped[str] = mapped_column(sa.String(20))  # success, denied, failed
    request_id: Mapped[str] = mapped_column(sa.String(32))


class AuditEventPatient(Base):
    """The patients that one list event showed."""

    __tablename__ = "audit_event_patient"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_event.id"), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


class AuditSeal(Base):
    """A link of the chain: the hash of a run of events and of the seal before."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    from_event_id: Mapped[int] = mapped_column(Serial)
    to_event_id: Mapped[int] = mapped_column(Serial)
    events: Mapped[int]
    rows_hash: Mapped[str] = mapped_column(sa.String(64))
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
    sealed_at: Mapped[datetime]
