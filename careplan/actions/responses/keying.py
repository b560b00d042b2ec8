"""Answers that staff key in, from paper or while talking; what may raise a red flag on paper is read by two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, reasons, tasks
from careplan.actions.responses.drafting import RULE_FAULTS, AlreadySent, locked, saved_answers, start
from careplan.actions.responses.sending import Sending, Source, check_sending, submit
from careplan.domain.answers import UNANSWERED, Answer, Answers, AnswerState, restored
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire, settled, text_in
from careplan.domain.scoring import compute
from careplan.domain.tasks import Outcome, TaskKind, due_at
from careplan.domain.team import Contact
from careplan.domain.triage import Level, any_red, evaluate, red_items
from careplan.models import (
    Draft,
    DraftAnswer,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Task,
    Transcript,
    TranscriptReading,
)
from careplan.models.tasks import OPEN

PAPER, PHONE = "paper", "phone"
ILLEGIBLE = "illegible"

Mark = list[Any]  # [state, value] of one answer as it lies in the database, or [ILLEGIBLE, None]


class NeedsAnotherPerson(CareplanError):
    """Who read it first cannot be the second pair of eyes."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What one person read: the answers, and where something stood that nobody can read."""

    answers: Answers
    illegible: tuple[str, ...] = ()

    def mark(self, link_id: str) -> Mark:
        if link_id in self.illegible:
            return [ILLEGIBLE, None]
        answer = self.answers.get(link_id, UNANSWERED)
        return [answer.state.value, answer.stored]


@dataclass(frozen=True, slots=True)
class Transcribed:
    """`response` is None while somebody else has to read it."""

    transcript: Transcript
    response: QuestionnaireResponse | None
    is_urgent: bool = False


def key_in(
    db: Session,
    questionnaire: Questionnaire,
    request: QuestionnaireRequest,
    keyed: Keyed,
    sending: Sending,
    *,
    mode: str,
    lang: str,
    arrived_on: date | None = None,
    is_by_relative: bool = False,
    contact: Contact,
    follow_up: Questionnaire | None = None,
    by: Actor,
    at: datetime,
) -> Transcribed:
    """Store the whole form as one person read it: sent at once, or waiting for a second person.

    Keyed in twice over, by another person it is the second reading; by the same person it is the same one.
    """
    db.refresh(request, with_for_update=True)
    found = transcript_of(db, request.id)
    if found is not None:
        return _once_more(db, questionnaire, found, keyed, contact=contact, follow_up=follow_up, by=by, at=at)
    start(db, request, lang=lang, by=by, at=at)
    check_sending(questionnaire, keyed.answers, sending, is_on_paper=True)
    transcript = Transcript(
        request_id=request.id,
        mode=mode,
        lang=lang,
        arrived_on=arrived_on,
        is_by_relative=is_by_relative,
        wishes=list(sending.wishes),
        urgency=sending.urgency,
        wants_contact=sending.wants_contact,
        comment=sending.comment,
        status="second-look",
        replaced={},
    )
    db.add(transcript)
    given = [key for key, answer in keyed.answers.items() if answer is not UNANSWERED]
    asked = dict.fromkeys([*(item.link_id for item in questionnaire.questions), *given, *keyed.illegible])
    _add_reading(db, transcript, list(asked), keyed, by=by, at=at)
    _record(db, "key-in-response", request, by=by, at=at)
    return _settle(db, questionnaire, request, transcript, contact=contact, follow_up=follow_up, by=by, at=at)


def read_again(
    db: Session,
    questionnaire: Questionnaire,
    request: QuestionnaireRequest,
    keyed: Keyed,
    *,
    contact: Contact,
    follow_up: Questionnaire | None = None,
    by: Actor,
    at: datetime,
) -> Transcribed:
    """What another person read of the questions that two have to agree on. Two who agree are enough to send it."""
    db.refresh(request, with_for_update=True)
    transcript = db.scalars(sa.select(Transcript).where(Transcript.request_id == request.id)).one()
    return _once_more(db, questionnaire, transcript, keyed, contact=contact, follow_up=follow_up, by=by, at=at)


def transcript_of(db: Session, request_id: UUID) -> Transcript | None:
    return db.scalar(sa.select(Transcript).where(Transcript.request_id == request_id))


def to_read_again(questionnaire: Questionnaire, transcript: Transcript) -> tuple[str, ...]:
    """The questions on which no two people agree yet."""
    if transcript.mode != PAPER:
        return ()
    agreed = _agreed(questionnaire, transcript)
    return tuple(link_id for link_id in red_items(questionnaire) if link_id not in agreed)


def _once_more(
    db: Session,
    questionnaire: Questionnaire,
    transcript: Transcript,
    keyed: Keyed,
    *,
    contact: Contact,
    follow_up: Questionnaire | None = None,
    by: Actor,
    at: datetime,
) -> Transcribed:
    request = db.get_one(QuestionnaireRequest, transcript.request_id)
    mine = [reading for reading in transcript.readings if reading.person_id == by.person_id]
    is_same = bool(mine) and mine[-1].answers == {link_id: keyed.mark(link_id) for link_id in mine[-1].answers}
    sent = db.scalar(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.request_id == request.id))
    if sent is not None:
        if not is_same:
            raise AlreadySent(sent.id)
        return Transcribed(transcript, sent)
    if len(mine) == len(transcript.readings):
        if not is_same:
            raise NeedsAnotherPerson
        return Transcribed(transcript, None, _is_severe(questionnaire, transcript))
    _add_reading(db, transcript, to_read_again(questionnaire, transcript), keyed, by=by, at=at)
    _record(db, "read-again-response", request, by=by, at=at)
    return _settle(db, questionnaire, request, transcript, contact=contact, follow_up=follow_up, by=by, at=at)


def _settle(
    db: Session,
    questionnaire: Questionnaire,
    request: QuestionnaireRequest,
    transcript: Transcript,
    *,
    contact: Contact,
    follow_up: Questionnaire | None = None,
    by: Actor,
    at: datetime,
) -> Transcribed:
    """Send it where no question is left to agree on; else it stays a task on paper that everybody can see."""
    doubted = to_read_again(questionnaire, transcript)
    if not doubted:
        return Transcribed(
            transcript,
            _send(db, questionnaire, request, transcript, contact=contact, follow_up=follow_up, by=by, at=at),
        )
    transcript.status = "second-look" if len(transcript.readings) == 1 else "mismatch"
    is_severe = _is_severe(questionnaire, transcript)
    task = _paper_task(db, questionnaire, request, contact=contact, at=at)
    task.owner_id = task.cover_id = None  # on the shared list: the second person is somebody else
    task.summary = _waiting_in_words(questionnaire, transcript, doubted, is_severe=is_severe)
    if is_severe:  # nobody knows yet that it is red, and nobody may wait longer than if it were
        task.due_at = min(task.due_at, due_at(TaskKind.FLAG, Level.RED, at, contact.hours, contact.times))
    db.flush()
    return Transcribed(transcript, None, is_severe)


def _send(
    db: Session,
    questionnaire: Questionnaire,
    request: QuestionnaireRequest,
    transcript: Transcript,
    *,
    contact: Contact,
    follow_up: Questionnaire | None,
    by: Actor,
    at: datetime,
) -> QuestionnaireResponse:
    """The paper stands in place of what was begun elsewhere; that is kept in the transcript."""
    first = transcript.readings[0]
    marks: dict[str, Mark] = {**first.answers, **_agreed(questionnaire, transcript)}
    draft = db.scalars(sa.select(Draft).where(Draft.request_id == request.id)).one()
    standing = locked(db, draft.id)
    begun = saved_answers(db, draft.id, by).answers
    transcript.replaced = {link_id: Keyed(begun).mark(link_id) for link_id in begun}
    db.execute(sa.delete(DraftAnswer).where(DraftAnswer.draft_id == draft.id))
    rows = [
        {
            "draft_id": draft.id,
            "link_id": link_id,
            "state": AnswerState(state),
            "value": value,
            "answered_by_id": first.person_id,
            "answered_at": first.read_at,
        }
        for link_id, (state, value) in marks.items()
        if state not in (ILLEGIBLE, AnswerState.UNANSWERED)
    ]
    if rows:
        db.execute(sa.insert(DraftAnswer), rows)
    draft.lang, draft.version, draft.updated_at = transcript.lang, standing.version + 1, at
    transcript.status = "sent"
    db.flush()
    submitted = submit(
        db,
        questionnaire,
        draft,
        Sending(tuple(transcript.wishes), transcript.urgency, transcript.wants_contact, transcript.comment),
        contact=contact,
        follow_up=follow_up,
        version=draft.version,
        mode=transcript.mode,
        device="none",
        source=Source(
            is_by_relative=transcript.is_by_relative,
            arrived_on=transcript.arrived_on,
            illegible=tuple(link_id for link_id, mark in marks.items() if mark[0] == ILLEGIBLE),
            since=first.read_at,
        ),
        by=by,
        at=at,
    )
    for task in _open_paper_tasks(db, request):
        tasks.complete(db, task, outcome=Outcome.ENTERED, next_step="", by=by, at=at)
    return submitted.response


def _agreed(questionnaire: Questionnaire, transcript: Transcript) -> dict[str, Mark]:
    """For each question that may raise red what two people at least have read, by the latest reading of each."""
    latest: dict[str, dict[UUID, Mark]] = {link_id: {} for link_id in red_items(questionnaire)}
    for reading in transcript.readings:
        for link_id in latest.keys() & reading.answers.keys():
            latest[link_id][reading.person_id] = reading.answers[link_id]
    agreed = {}
    for link_id, marks in latest.items():
        read = [_decisive(mark) for mark in marks.values()]
        shared = [mark for mark in marks.values() if read.count(_decisive(mark)) > 1]
        if shared and all(_decisive(mark) == _decisive(shared[0]) for mark in shared):
            agreed[link_id] = shared[0]
    return agreed


def _decisive(mark: Mark) -> Mark:
    """What a rule looks at: two who spell own words differently have read the same answer."""
    state, value = mark
    return [state, value["codes"] if isinstance(value, dict) else value]


def _add_reading(
    db: Session, transcript: Transcript, asked: Sequence[str], keyed: Keyed, *, by: Actor, at: datetime
) -> None:
    transcript.readings.append(
        TranscriptReading(
            person_id=by.person_id,
            read_at=at,
            answers={link_id: keyed.mark(link_id) for link_id in asked},
        )
    )
    db.flush()


def _is_severe(questionnaire: Questionnaire, transcript: Transcript) -> bool:
    """Whether any reading would raise a red flag. A rule that fails raises none here; at sending a person judges."""
    read: dict[str, Answer] = {}
    for reading in transcript.readings:
        read |= {
            link_id: restored(AnswerState(state), value)
            for link_id, (state, value) in reading.answers.items()
            if state != ILLEGIBLE
        }
        try:
            answers = settled(questionnaire, read)
            flags = evaluate(questionnaire, answers, compute(questionnaire, answers), None)
            if any_red(flags):
                return True
        except RULE_FAULTS:
            continue
    return False


def _paper_task(
    db: Session, questionnaire: Questionnaire, request: QuestionnaireRequest, *, contact: Contact, at: datetime
) -> Task:
    """The task of this paper; made where the paper was keyed in before anybody had written one."""
    found = _open_paper_tasks(db, request)
    if found:
        return found[0]
    return tasks.open_task(
        db,
        kind=TaskKind.PAPER,
        patient_id=request.patient_id,
        unit_id=request.unit_id,
        contact=contact,
        summary=text_in(questionnaire.title, "sv"),
        starts_at=at,
        at=at,
        request_id=request.id,
    )


def _open_paper_tasks(db: Session, request: QuestionnaireRequest) -> Sequence[Task]:
    return db.scalars(
        sa.select(Task).where(Task.request_id == request.id, Task.kind == TaskKind.PAPER, Task.status.in_(OPEN))
    ).all()


def _waiting_in_words(
    questionnaire: Questionnaire, transcript: Transcript, doubted: Sequence[str], *, is_severe: bool
) -> str:
    title = text_in(questionnaire.title, "sv").rstrip("?.")
    said = "En till ska läsa"
    if transcript.status == "mismatch":
        names = ", ".join(text_in(questionnaire.item(link_id).short, "sv") for link_id in doubted)
        said = f"Två har läst olika: {names}"
    return reasons.fitting([title, said, *(["Bråttom, ett svar kan vara rött"] if is_severe else [])])


def _record(db: Session, action: str, request: QuestionnaireRequest, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=request.patient_id, object_type="request", object_id=request.id)
