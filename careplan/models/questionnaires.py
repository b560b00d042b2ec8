"""Forms asked for, half-filled and sent."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.questionnaire import AnswerState
from careplan.models.people import Patient, Person

SILENT = "status IN ('requested', 'in-progress', 'failed') AND silence_told_at IS NULL"
CORRECTS, FOLLOWS = sa.text("corrects_id IS NOT NULL"), sa.text("follows_id IS NOT NULL")


def _said(name: str, *statuses: str) -> sa.BindParameter[list[str]]:
    return sa.bindparam(name, list(statuses), expanding=True, literal_execute=True, unique=True)


class QuestionnaireRequest(Base):
    """Please answer this form, between opening and closing."""

    __tablename__ = "questionnaire_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    plan_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("care_plan.id"))
    questionnaire_id: Mapped[str] = mapped_column(sa.String(100))
    content_hash: Mapped[str] = mapped_column(sa.ForeignKey("content_version.hash"))
    # Which occurrence in the plan's schedule ordered it; unique, so that a job may safely run twice.
    entry_key: Mapped[str | None] = mapped_column(sa.String(200))
    status: Mapped[str] = mapped_column(sa.String(20))  # FHIR Task: requested, in-progress, completed, failed
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))  # none: the plan's schedule
    created_at: Mapped[datetime]
    # For a correction: the request whose response is corrected. A correction is asked for by its patient, and so has
    # a request, a draft and a response of its own: each is still once, and all rules of sending hold as they are.
    corrects_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_request.id"))
    # A relative of the patient who is asked about themself; none: the patient is asked.
    respondent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    is_sensitive: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # as its form says
    reminded: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")  # how many reminders went out
    silence_told_at: Mapped[datetime | None]  # when the nurse was told that no answer came
    # After a severe answer: the request in whose response it stood. This one asks whether it still is so.
    follows_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_request.id"))
    patient: Mapped[Patient] = relationship()
    respondent: Mapped[Person | None] = relationship()
    draft: Mapped["Draft | None"] = relationship(back_populates="request")

    @classmethod
    def is_open(cls) -> sa.ColumnElement[bool]:
        """In so many words: only then does a database see that it may look through the open requests alone."""
        return cls.status.in_(_said("open", "requested", "in-progress"))

    @classmethod
    def is_unanswered(cls) -> sa.ColumnElement[bool]:
        """Open, or closed without an answer."""
        return cls.status.in_(_said("unanswered", "requested", "in-progress", "failed"))

    __table_args__ = (
        sa.UniqueConstraint("plan_id", "entry_key"),
        sa.Index(None, "patient_id", "status"),
        sa.Index(
            "ix_questionnaire_request_open",
            "opens_at",
            sqlite_where=sa.text("status IN ('requested', 'in-progress')"),
            postgresql_where=sa.text("status IN ('requested', 'in-progress')"),
        ),
        # Of which silence nobody has been told: what a night looks through.
        sa.Index(
            "ix_questionnaire_request_silent",
            "opens_at",
            sqlite_where=sa.text(SILENT),
            postgresql_where=sa.text(SILENT),
        ),
        # Without the rows that have none, so that nobody looks through all of those by it.
        sa.Index(None, "corrects_id", sqlite_where=CORRECTS, postgresql_where=CORRECTS),
        sa.Index(None, "follows_id", sqlite_where=FOLLOWS, postgresql_where=FOLLOWS),
    )


class Draft(Base):
    """A half-filled form. Its id is the idempotency key of the sending; `version` counts the saved changes."""

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_request.id"), unique=True)
    lang: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_helped: Mapped[bool] = mapped_column(default=False)  # the patient says that a relative helps
    told_at: Mapped[datetime | None]  # when the patient was told that it closes soon
    # Link ids answered before short sittings were chosen; none: all questions come in a row.
    short_after: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    request: Mapped[QuestionnaireRequest] = relationship(back_populates="draft", lazy="joined")
    answers: Mapped[list["DraftAnswer"]] = relationship()
    notices: Mapped[list["CallNotice"]] = relationship()

    @property
    def is_short(self) -> bool:
        return self.short_after is not None

    @property
    def done_before(self) -> frozenset[str]:
        return frozenset(self.short_after or ())


class DraftAnswer(Base):
    """One saved answer of a draft."""

    __tablename__ = "draft_answer"

    draft_id: Mapped[UUID] = mapped_column(sa.ForeignKey("draft.id"), primary_key=True)
    link_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    state: Mapped[AnswerState]
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    answered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime]
    # The response whose answer was given again with one press; none: it was chosen on the scale.
    confirmed_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_response.id"))


class CallNotice(Base):
    """The call-now page was shown for an answer: when, and when the reader said that it was read."""

    __tablename__ = "call_notice"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draft_id: Mapped[UUID] = mapped_column(sa.ForeignKey("draft.id"), index=True)
    link_id: Mapped[str] = mapped_column(sa.String(100))
    rule_id: Mapped[str] = mapped_column(sa.String(100))
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    shown_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]


class QuestionnaireResponse(Base):
    """A filled form as it was sent; immutable, once per draft. A correction is a new version that replaces it."""

    __tablename__ = "questionnaire_response"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draft_id: Mapped[UUID] = mapped_column(sa.ForeignKey("draft.id"), unique=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_request.id"), unique=True)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    # A relative who has answered about themself: these are not the patient's answers. None: the patient's.
    respondent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    questionnaire_id: Mapped[str] = mapped_column(sa.String(100))
    content_hash: Mapped[str] = mapped_column(sa.ForeignKey("content_version.hash"))
    lang: Mapped[str] = mapped_column(sa.String(10))
    mode: Mapped[str] = mapped_column(sa.String(20))  # web, paper, phone, kiosk
    device: Mapped[str] = mapped_column(sa.String(20))  # phone, tablet, computer, none
    source_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))  # who sent it
    is_by_relative: Mapped[bool]
    submitted_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(sa.String(40))
    wishes: Mapped[list[str]]  # link ids, "other" or "none": what the patient wants help with most
    urgency: Mapped[str | None] = mapped_column(sa.String(10))  # wait, week, today
    wants_contact: Mapped[bool]
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    receipt: Mapped[str] = mapped_column(sa.String(10), unique=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))  # of all that was sent: tells other content apart
    arrived_on: Mapped[date | None]  # the day that the paper came
    illegible: Mapped[list[str]] = mapped_column(default=list)  # link ids: something stood there, nobody could read it
    triage: Mapped[str] = mapped_column(sa.String(10))  # done, failed
    number: Mapped[int] = mapped_column(default=1, server_default="1")  # which version of these answers
    replaces_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_response.id"))
    first_sent_at: Mapped[datetime | None]  # of a correction: when the first version was sent, the day it is about
    patient: Mapped[Patient] = relationship()
    source: Mapped[Person] = relationship(foreign_keys=[source_id])
    respondent: Mapped[Person | None] = relationship(foreign_keys=[respondent_id])
    answers: Mapped[list["ResponseAnswer"]] = relationship(
        order_by="ResponseAnswer.position", foreign_keys="ResponseAnswer.response_id"
    )
    scores: Mapped[list["Score"]] = relationship()

    __table_args__ = (
        sa.Index(None, "patient_id", "questionnaire_id", "submitted_at"),
        sa.Index(None, "submitted_at"),  # what came lately, anywhere
        sa.Index(None, "unit_id", "submitted_at"),
        sa.Index(None, "patient_id", "unit_id", "submitted_at"),
        sa.Index(None, "replaces_id", unique=True),  # of two corrections at once one is the next version
    )

    @property
    def about_at(self) -> datetime:
        """When these answers were first given: a correction stands in the place of what it corrects."""
        return self.first_sent_at or self.submitted_at

    @classmethod
    def is_newest(cls) -> sa.ColumnElement[bool]:
        """The condition that nothing has replaced it."""
        return ~sa.exists().where(_NEWER.c.replaces_id == cls.id)

    @classmethod
    def ordered_at(cls) -> sa.ColumnElement[datetime]:
        """`about_at` in the database."""
        return sa.func.coalesce(cls.first_sent_at, cls.submitted_at, type_=cls.submitted_at.type)


_NEWER = QuestionnaireResponse.__table__.alias()


class ResponseAnswer(Base):
    """One answer of a response; every question of the form has a row: 0, blank, declined and not shown differ."""

    __tablename__ = "response_answer"

    response_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_response.id"), primary_key=True)
    link_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    position: Mapped[int]
    state: Mapped[AnswerState]
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    number: Mapped[float | None]  # the value again where it is a number, for trends
    confirmed_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_response.id"))  # as the draft's


class Score(Base):
    """A computed value; missing where neither is there, never 0. A profile (11121) is `text`: it is no number."""

    __tablename__ = "score"

    response_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_response.id"), primary_key=True)
    score_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    value: Mapped[float | None]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str | None] = mapped_column(sa.String(200))

    @property
    def result(self) -> float | str | None:
        return self.value if self.text is None else self.text


class Transcript(Base):
    """A form that staff key in, from paper or while talking: what stands for the whole of it, and how far it has come.

    The answers lie in its readings. Two people read what may raise a red flag, and neither sees the other's reading.
    """

    __tablename__ = "transcript"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("questionnaire_request.id"), unique=True)
    mode: Mapped[str] = mapped_column(sa.String(20))  # paper, phone
    lang: Mapped[str] = mapped_column(sa.String(10))
    arrived_on: Mapped[date | None]
    is_by_relative: Mapped[bool]
    wishes: Mapped[list[str]]
    urgency: Mapped[str | None] = mapped_column(sa.String(10))
    wants_contact: Mapped[bool]
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[str] = mapped_column(sa.String(20))  # second-look, mismatch, sent
    replaced: Mapped[dict[str, Any]]  # what the patient had begun to answer elsewhere, kept as it stood
    readings: Mapped[list["TranscriptReading"]] = relationship(order_by="TranscriptReading.read_at", lazy="selectin")


class TranscriptReading(Base):
    """What one person read: the whole form first, then what has to be read again."""

    __tablename__ = "transcript_reading"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    transcript_id: Mapped[UUID] = mapped_column(sa.ForeignKey("transcript.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    read_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]]  # link id -> [state, value]; the state may be "illegible"
    person: Mapped[Person] = relationship(lazy="joined")
