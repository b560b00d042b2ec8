"""Forms and answers as their readers meet them: the draft, what was sent, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from careplan.db import Base
from careplan.domain.answers import UNANSWERED, Answer, AnswerState, restored
from careplan.domain.correcting import correctable_until
from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import Item, Questionnaire, Section, all_questions
from careplan.domain.triage import Level
from careplan.i18n import local
from careplan.library import questionnaire_by_hash
from careplan.library.unit_rules import with_rules
from careplan.models import (
    CallNotice,
    ContentVersion,
    Draft,
    DraftAnswer,
    Flag,
    Person,
    Practitioner,
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseAnswer,
    RuleVersion,
    Score,
    Task,
)
from careplan.queries import access
from careplan.queries.access import NotVisible

DRAFT_ANSWER = Base.metadata.tables["draft_answer"]
SAVED = sa.select(DRAFT_ANSWER.c.draft_id, DRAFT_ANSWER.c.link_id, DRAFT_ANSWER.c.state, DRAFT_ANSWER.c.value).where(
    DRAFT_ANSWER.c.draft_id.in_(sa.bindparam("drafts", expanding=True))
)

IN_FORCE = RuleVersion.in_force()
Chosen = aliased(QuestionnaireResponse)  # the earlier answers that one was given again from


def _name(person: type[Person]) -> sa.ColumnElement[str]:
    return person.given_name + " " + person.family_name


def _handlings() -> sa.Select[Any]:
    """Built once: six joins take longer to write than to run."""
    names = {role: (aliased(Practitioner), aliased(Person)) for role in ("owner", "cover", "read_by")}
    query = sa.select(
        Task.response_id,
        Task.due_at,
        Task.level,
        *(_name(person).label(role) for role, (_practitioner, person) in names.items()),
        Task.read_at,
        Task.next_step,
        Task.completed_at,
    ).where(Task.response_id.in_(sa.bindparam("responses", expanding=True)))
    for role, (practitioner, person) in names.items():
        query = query.outerjoin(practitioner, practitioner.id == getattr(Task, f"{role}_id"))
        query = query.outerjoin(person, person.id == practitioner.person_id)
    return query


HANDLINGS = _handlings()


@dataclass(frozen=True, slots=True)
class Handling:
    """What becomes of a response: who reads it by when, who has read it, and what happens next.

    Names are empty and instants None for what has not happened; no owner means the unit's shared list.
    """

    due_at: datetime
    level: Level | None
    owner: str
    cover: str
    read_by: str
    read_at: datetime | None
    next_step: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of the same answers."""

    response_id: UUID
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A response with all that its pages show, in the words of its own version of the form."""

    response: QuestionnaireResponse
    questionnaire: Questionnaire
    answers: Mapping[str, Answer]
    confirmed_on: Mapping[str, date]  # when an answer was chosen that was given again here with one press
    scores: Mapping[str, float | str | None]
    red: tuple[str, ...]  # items of red flags
    handling: Handling | None
    source: str  # who sent it
    older: Version | None  # what this one replaces
    newer: Version | None  # what has replaced this one
    correctable_until: datetime

    def is_from(self, person_id: UUID) -> bool:
        return self.response.source_id == person_id

    def sections(self) -> list[tuple[Section, list[tuple[Item, Answer]]]]:
        """The questions that were shown, section by section."""
        return [
            (section, rows)
            for section in self.questionnaire.sections
            if (
                rows := [
                    (item, self.answers[item.link_id])
                    for item in all_questions(self.questionnaire, self.answers)
                    if item.section == section.id and self.answers[item.link_id].state is not AnswerState.NOT_SHOWN
                ]
            )
        ]


def questionnaire(db: Session, content_hash: str) -> Questionnaire:
    """The version that was asked, not the present one."""
    return questionnaire_by_hash(
        content_hash,
        lambda wanted: db.scalars(sa.select(ContentVersion.text).where(ContentVersion.hash == wanted)).one(),
    )


def asked_form(db: Session, asked: QuestionnaireRequest) -> Questionnaire:
    """The version that this request asks, with the rules that its unit has now."""
    form = questionnaire(db, asked.content_hash)
    return with_rules(form, unit_rules(db, asked.unit_id, form.id))


def unit_rules(db: Session, unit_id: UUID, questionnaire_id: str) -> RuleVersion | None:
    """The unit's own rules for a form, where it has any."""
    return db.scalar(IN_FORCE, {"unit_id": unit_id, "questionnaire_id": questionnaire_id})


def draft_answers(db: Session, drafts: Sequence[UUID]) -> dict[UUID, dict[str, Answer]]:
    """What is saved in each of these drafts, which the caller has fetched."""
    saved: dict[UUID, dict[str, Answer]] = {draft_id: {} for draft_id in drafts}
    if drafts:
        for draft_id, link_id, state, value in db.execute(SAVED, {"drafts": list(drafts)}):
            saved[draft_id][link_id] = restored(state, value)
    return saved


def chose_short_sittings(db: Session, asked: QuestionnaireRequest) -> bool:
    """Whether whoever is asked took the form that they began last in short sittings."""
    latest = db.scalar(
        sa.select(Draft)
        .join(Draft.request)
        .where(
            QuestionnaireRequest.patient_id == asked.patient_id,
            QuestionnaireRequest.respondent_id == asked.respondent_id,
            QuestionnaireRequest.corrects_id.is_(None),
        )
        .order_by(Draft.started_at.desc())
        .limit(1)
    )
    return latest is not None and latest.is_short


def answered_by(db: Session, draft_id: UUID, link_id: str) -> Person | None:
    """Who saved this answer; None where there is none."""
    return db.scalar(
        sa.select(Person)
        .join(DraftAnswer, DraftAnswer.answered_by_id == Person.id)
        .where(DraftAnswer.draft_id == draft_id, DraftAnswer.link_id == link_id)
    )


def call_notices(db: Session, draft_id: UUID) -> Sequence[CallNotice]:
    """Each time that the call-now page was shown in this draft, the last first."""
    return db.scalars(
        sa.select(CallNotice).where(CallNotice.draft_id == draft_id).order_by(CallNotice.shown_at.desc())
    ).all()


def response_of(db: Session, draft_id: UUID) -> UUID | None:
    """The response that this draft became."""
    return db.scalar(sa.select(QuestionnaireResponse.id).where(QuestionnaireResponse.draft_id == draft_id))


def replaced_by(db: Session, draft: Draft) -> QuestionnaireResponse | None:
    """The response, with its answers, that this draft corrects; None where nothing was sent before."""
    if draft.request.corrects_id is None:
        return None
    return db.scalars(
        sa.select(QuestionnaireResponse)
        .where(QuestionnaireResponse.request_id == draft.request.corrects_id)
        .options(selectinload(QuestionnaireResponse.answers))
    ).one()


def get_receipt_for(db: Session, actor: Actor, response_id: UUID, *, at: datetime) -> QuestionnaireResponse:
    """Whoever may read the answers has the receipt; so has a relative who may help, for what they sent themselves."""
    if actor.capacity is not Capacity.RELATIVE:
        return access.get_response_for(db, actor, response_id, at=at)
    found = db.scalars(
        sa.select(QuestionnaireResponse)
        .join(QuestionnaireRequest, QuestionnaireRequest.id == QuestionnaireResponse.request_id)
        .where(
            QuestionnaireResponse.id == response_id,
            sa.or_(
                access.visible(QuestionnaireResponse, actor, at=at),
                sa.and_(
                    access.visible(QuestionnaireRequest, actor, at=at),
                    QuestionnaireResponse.source_id == actor.person_id,
                ),
            ),
        )
    ).one_or_none()
    if found is None:
        raise NotVisible("response", response_id)
    return found


def sent(db: Session, response: QuestionnaireResponse) -> Sent:
    """All that the pages of a response show; the caller has fetched it."""
    asked = questionnaire(db, response.content_hash)
    rows = db.execute(
        sa.select(ResponseAnswer.link_id, ResponseAnswer.state, ResponseAnswer.value, Chosen.ordered_at().label("at"))
        .outerjoin(Chosen, Chosen.id == ResponseAnswer.confirmed_from_id)
        .where(ResponseAnswer.response_id == response.id)
        .order_by(ResponseAnswer.position)
    ).all()
    answers = {row.link_id: restored(row.state, row.value) for row in rows}
    scores = db.scalars(sa.select(Score).where(Score.response_id == response.id))
    red = db.scalars(sa.select(Flag.item).where(Flag.response_id == response.id, Flag.level == Level.RED))
    return Sent(
        response=response,
        questionnaire=asked,
        answers={item.link_id: answers.get(item.link_id, UNANSWERED) for item in all_questions(asked, answers)},
        confirmed_on={row.link_id: local(row.at).date() for row in rows if row.at is not None},
        scores={score.score_id: score.result for score in scores},
        red=tuple(dict.fromkeys(red)),
        handling=handlings(db, [response.id]).get(response.id),
        source=db.get_one(Person, response.source_id).name,
        older=_version(db, QuestionnaireResponse.id == response.replaces_id) if response.replaces_id else None,
        newer=_version(db, QuestionnaireResponse.replaces_id == response.id),
        correctable_until=correction_ends(db, response),
    )


def correction_ends(db: Session, response: QuestionnaireResponse) -> datetime:
    """Until when these answers may be corrected, whichever version of them this is."""
    next_opens_at = db.scalar(
        sa.select(sa.func.min(QuestionnaireRequest.opens_at)).where(
            QuestionnaireRequest.patient_id == response.patient_id,
            QuestionnaireRequest.unit_id == response.unit_id,
            QuestionnaireRequest.questionnaire_id == response.questionnaire_id,
            QuestionnaireRequest.respondent_id.is_not_distinct_from(response.respondent_id),
            QuestionnaireRequest.corrects_id.is_(None),
            QuestionnaireRequest.opens_at > response.about_at,
        )
    )
    return correctable_until(response.about_at, next_opens_at)


def _version(db: Session, wanted: sa.ColumnElement[bool]) -> Version | None:
    row = db.execute(sa.select(QuestionnaireResponse.id, QuestionnaireResponse.submitted_at).where(wanted)).first()
    return Version(row.id, row.submitted_at) if row else None


@dataclass(frozen=True, slots=True)
class Past:
    """A response in the list of all that were sent."""

    response_id: UUID
    title: Mapping[str, str]
    submitted_at: datetime
    is_corrected: bool
    read_by: str
    read_at: datetime | None


def history(
    db: Session, actor: Actor, patient_id: UUID, *, respondent_id: UUID | None = None, at: datetime
) -> list[Past]:
    """What the patient has sent, as far as the actor may see it, each in its newest version, the last first.

    `respondent_id`: what this relative has sent about themself instead.
    """
    rows = db.execute(
        sa.select(
            QuestionnaireResponse.id,
            QuestionnaireResponse.content_hash,
            QuestionnaireResponse.submitted_at,
            QuestionnaireResponse.number,
            _name(Person).label("read_by"),
            Task.read_at,
        )
        .outerjoin(Task, Task.response_id == QuestionnaireResponse.id)
        .outerjoin(Practitioner, Practitioner.id == Task.read_by_id)
        .outerjoin(Person, Person.id == Practitioner.person_id)
        .where(
            access.visible(QuestionnaireResponse, actor, at=at),
            QuestionnaireResponse.patient_id == patient_id,
            QuestionnaireResponse.respondent_id.is_not_distinct_from(respondent_id),
            QuestionnaireResponse.is_newest(),
        )
        .order_by(QuestionnaireResponse.ordered_at().desc())
    )
    return [
        Past(
            response_id=row.id,
            title=questionnaire(db, row.content_hash).title,
            submitted_at=row.submitted_at,
            is_corrected=row.number > 1,
            read_by=row.read_by or "",
            read_at=row.read_at,
        )
        for row in rows.all()
    ]


def handlings(db: Session, responses: Sequence[UUID]) -> dict[UUID, Handling]:
    """What has become of these responses."""
    return {
        row.response_id: Handling(
            due_at=row.due_at,
            level=row.level,
            owner=row.owner or "",
            cover=row.cover or "",
            read_by=row.read_by or "",
            read_at=row.read_at,
            next_step=row.next_step,
            closed_at=row.completed_at,
        )
        for row in db.execute(HANDLINGS, {"responses": list(responses)})
    }
