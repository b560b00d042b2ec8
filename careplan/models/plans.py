"""The care plan: chapters, signed revisions, events and appointments."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship
from sqlalchemy.orm.exc import DetachedInstanceError

from careplan.db import Base
from careplan.domain.comparing import ReadMark
from careplan.domain.revision import Content, assembled, entries_in
from careplan.models.people import Patient, Practitioner, Unit


class CarePlan(Base):
    """A patient's plan at one unit: the working copy that the nurse edits. The patient reads the last revision."""

    __tablename__ = "care_plan"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    definition_id: Mapped[str] = mapped_column(sa.String(100))
    definition_hash: Mapped[str] = mapped_column(sa.ForeignKey("content_version.hash"))
    # The versions of the shared chapters that the plan stands on: chapter id -> hash. With the template's own hash they
    # make the template key (domain.plan.PlanDefinition); empty where a plan is older than that was kept.
    chapter_versions: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    template_key: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    lang: Mapped[str] = mapped_column(sa.String(10))
    status: Mapped[str] = mapped_column(sa.String(20))  # FHIR: draft, active, completed, revoked
    treatments: Mapped[list[str]]
    greeting: Mapped[str] = mapped_column(sa.Text, default="")
    phase: Mapped[str] = mapped_column(sa.String(60), default="")  # "här är du nu"
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    patient: Mapped[Patient] = relationship()
    unit: Mapped[Unit] = relationship()
    chapters: Mapped[list["Chapter"]] = relationship(order_by="Chapter.position", back_populates="plan")
    revisions: Mapped[list["PlanRevision"]] = relationship(order_by="PlanRevision.number", back_populates="plan")

    __mapper_args__ = {"version_id_col": version}


class Chapter(Base):
    """One chapter of the working copy: shown or hidden, with the nurse's note. With a text it is the nurse's own."""

    __tablename__ = "chapter"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"), primary_key=True)
    chapter_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    position: Mapped[int]
    phase: Mapped[str] = mapped_column(sa.String(60))  # "" for what applies all the time
    is_shown: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    title: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    text: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # Markdown
    written_by: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    plan: Mapped[CarePlan] = relationship(back_populates="chapters")


class StoredChapter(Base):
    """A chapter's text as some revision shows it, with its placeholders, found by the hash of it; immutable.

    `content`: {"id", "title", "lang", "key", "call", "intro", "sections": [{"title", "html"}], "sources", "review"}.
    """

    __tablename__ = "chapter_text"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[dict[str, Any]]


class PlanRevision(Base):
    """A signed version: what the patient reads, fixed at signing; immutable.

    `skeleton`: {"title", "lang", "greeting", "phase", "phases": [{"id", "title", "chapters": [entry]}], "always":
    [entry]} where entry is {"text": hash of a StoredChapter}, with "note" and "changed" where there is one. `facts`
    are what the texts' placeholders stood for at signing.
    """

    __tablename__ = "plan_revision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    number: Mapped[int]
    signed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    signed_at: Mapped[datetime]
    definition_hash: Mapped[str] = mapped_column(sa.ForeignKey("content_version.hash"))
    skeleton: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    changes: Mapped[list[str]]  # in plain words, since the revision before
    plan: Mapped[CarePlan] = relationship(back_populates="revisions")
    signed_by: Mapped[Practitioner] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)

    @cached_property
    def content(self) -> Content:
        """The skeleton with each chapter's text in its place: the title, key and so on of a StoredChapter, filled.

        One statement for all chapters, and none where this process has shown their texts before.
        """
        return assembled(self.skeleton, _texts_of(self), self.facts)


def chapter_texts(db: Session | None, hashes: Collection[str]) -> dict[str, Content]:
    """Stored texts by hash. They never change, and are the same for all patients, so each is read once."""
    found = {each: text for each in hashes if (text := _texts.get(each)) is not None}
    missing = [each for each in hashes if each not in found]
    if missing and db is None:
        raise DetachedInstanceError("a revision reads its texts with the session that it came with")
    if missing and db is not None:
        rows = db.execute(sa.select(StoredChapter.hash, StoredChapter.content).where(StoredChapter.hash.in_(missing)))
        read = {row.hash: row.content for row in rows}
        if len(_texts) + len(read) > KEPT_TEXTS:
            _texts.clear()
        _texts.update(read)
        found |= read
    return found


def _texts_of(revision: PlanRevision) -> dict[str, Content]:
    return chapter_texts(object_session(revision), {entry["text"] for entry in entries_in(revision.skeleton)})


KEPT_TEXTS = 4000
_texts: dict[str, Content] = {}


class PlanRead(Base):
    """How far someone has come in a plan: one on the screen, and a patient on paper by what was printed for them.

    What is new is what differs between `since`, the version that they had read before (0: none), and `number`.
    """

    __tablename__ = "plan_read"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    medium: Mapped[str] = mapped_column(sa.String(10), primary_key=True)  # domain.comparing.SCREEN, PAPER
    number: Mapped[int]
    since: Mapped[int]
    read_at: Mapped[datetime]  # when `number` was met first

    @property
    def mark(self) -> ReadMark:
        return ReadMark(self.number, self.since, self.read_at)

    @classmethod
    def of(cls, plan_id: UUID, person_id: UUID, medium: str) -> sa.Select["PlanRead"]:
        return sa.select(cls).where(cls.plan_id == plan_id, cls.person_id == person_id, cls.medium == medium)


class PlanEvent(Base):
    """A point in the pathway that staff recorded; the kinds are domain.plan.EVENTS. It may order forms."""

    __tablename__ = "plan_event"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    on: Mapped[date]
    title: Mapped[str] = mapped_column(sa.String(100), default="")  # word on the charts: "operation"
    recorded_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime]


class Appointment(Base):
    """A visit or call that is booked."""

    __tablename__ = "appointment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    starts_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    preparation: Mapped[str] = mapped_column(sa.Text, default="")
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (sa.Index(None, "plan_id", "starts_at"),)


class TemplateDecision(Base):
    """What a nurse decided of a newer version of a plan's template: at the next visit, or never, with the reason.

    A version taken over needs no row: the plan stands on it.
    """

    __tablename__ = "template_decision"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"), primary_key=True)
    template_key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(20))  # next-visit, never
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    decided_at: Mapped[datetime]
    decided_by: Mapped[Practitioner] = relationship(lazy="joined")
