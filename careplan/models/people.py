"""People, their accounts and roles, and where they work or are cared for."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.identity import Capacity
from careplan.domain.tasks import ResponseTimes
from careplan.domain.worktime import OpeningHours


class Provider(Base):
    """A care provider (vårdgivare): the region or a company."""

    __tablename__ = "provider"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(sa.String(200))
    # Who is told when nobody at a unit is there for its tasks.
    on_call_email: Mapped[str] = mapped_column(sa.String(200), default="")


class Unit(Base):
    """A care unit: the boundary of access, with its telephone hours."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    phone: Mapped[str] = mapped_column(sa.String(40))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    # Seven entries, Monday first: ["08:00", "16:00"] or null when closed.
    hours: Mapped[list[list[str] | None]] = mapped_column(sa.JSON)
    extra_closed: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # days, besides holidays: "2026-12-23"
    response_times: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)  # as domain.tasks.ResponseTimes
    cover_text: Mapped[str] = mapped_column(sa.String(300), default="")  # what patients read when their nurse is away
    closed_on: Mapped[date | None]  # the first day on which it is no more
    # Where to go and the like, by the names of domain.plan.UNIT_FACTS: language -> name -> text.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # The code of its region in content/regions.yaml: what help is offered there. "" where nobody has said.
    region: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    provider: Mapped[Provider] = relationship()

    @property
    def opening_hours(self) -> OpeningHours:
        days = ([time.fromisoformat(wall) for wall in day] if day else None for day in self.hours)
        closed = frozenset(date.fromisoformat(day) for day in self.extra_closed)
        return OpeningHours(tuple((day[0], day[1]) if day else None for day in days), extra_closed=closed)

    @property
    def times(self) -> ResponseTimes:
        return ResponseTimes(**self.response_times)


class Person(Base):
    """A human being, whatever the capacity."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    given_name: Mapped[str] = mapped_column(sa.String(100))
    family_name: Mapped[str] = mapped_column(sa.String(100))
    born_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(sa.String(10), default="sv")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    identifiers: Mapped[list["Identifier"]] = relationship(back_populates="person")

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Identifier(Base):
    """A personnummer, samordningsnummer or reservnummer; never in a URL."""

    __tablename__ = "identifier"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    system: Mapped[str] = mapped_column(sa.String(200))
    value: Mapped[str] = mapped_column(sa.String(40))
    person: Mapped[Person] = relationship(back_populates="identifiers")

    __table_args__ = (sa.UniqueConstraint("system", "value"),)


class Account(Base):
    """How a person logs in. No default accounts exist."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(sa.String(100), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(300))
    is_active: Mapped[bool] = mapped_column(default=True)
    text_size: Mapped[str] = mapped_column(sa.String(10), default="normal")
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")


class Patient(Base):
    """A person under treatment."""

    __tablename__ = "patient"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    # How the patient wants to be told that there is something new: none, email or sms.
    notify_by: Mapped[str] = mapped_column(sa.String(10), default="none")
    # Answers on paper: forms are sent by post and keyed in by staff.
    uses_paper: Mapped[bool] = mapped_column(default=False)
    deceased_on: Mapped[date | None]
    person: Mapped[Person] = relationship(lazy="joined")


class Practitioner(Base):
    """A person who works in care."""

    __tablename__ = "practitioner"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    title: Mapped[str] = mapped_column(sa.String(100))  # as the patient reads it: "kontaktsjuksköterska"
    # One of content/professions.yaml: whose referrals they receive; empty for others.
    profession: Mapped[str] = mapped_column(sa.String(40), default="")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        return self.person.name


class Membership(Base):
    """A practitioner's seat in a unit: role, direct number, who covers, and from when to when."""

    __tablename__ = "membership"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    practitioner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    role: Mapped[Capacity]
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    cover_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    practitioner: Mapped[Practitioner] = relationship(foreign_keys=practitioner_id, lazy="joined")
    cover: Mapped[Practitioner | None] = relationship(foreign_keys=cover_id)
    unit: Mapped[Unit] = relationship(lazy="joined")


class CareTeamMember(Base):
    """Who cares for this patient, at which unit. Offered, accepted and named are three dates: registers differ."""

    __tablename__ = "care_team_member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    practitioner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    role: Mapped[Capacity]
    offered_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    named_on: Mapped[date | None]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    practitioner: Mapped[Practitioner] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship()

    __table_args__ = (sa.Index(None, "unit_id", "patient_id"),)


class Share(Base):
    """What a patient lets a relative do; revocable at once. Scopes: plan, answers, documents, help (fill in forms).

    `parts` is what of the plan: ids of chapters, "goals" and "visits"; None for the whole, with all that comes later.
    """

    __tablename__ = "share"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    relation: Mapped[str] = mapped_column(sa.String(100))  # in the patient's words: "dotter"
    scopes: Mapped[list[str]]
    parts: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined")
    patient: Mapped[Patient] = relationship()


class ShareInvitation(Base):
    """A share for whoever has the code, once: a relative accepts it logged in as themself."""

    __tablename__ = "share_invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))  # as the patient wrote it
    relation: Mapped[str] = mapped_column(sa.String(100))
    scopes: Mapped[list[str]]
    parts: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    code_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    share_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("share.id"))
    patient: Mapped[Patient] = relationship()
