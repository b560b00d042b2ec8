"""The patient's own notes, private or shown to the team, and questions for the next visit with what was answered."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.own import NoteKind
from careplan.models import Patient, PatientNote


class EmptyNote(CareplanError):
    """A note without a word."""


class QuestionAnswered(CareplanError):
    """What was asked and answered stands as it was."""


def add(
    db: Session,
    *,
    key: UUID,
    patient_id: UUID,
    unit_id: UUID,
    kind: NoteKind,
    text: str,
    is_shared: bool,
    by: Actor,
    at: datetime,
) -> PatientNote:
    """Once for each page: `key` becomes the id. A question is always shown to the team: that is what it is for."""
    if not text:
        raise EmptyNote
    db.execute(sa.select(Patient.id).where(Patient.id == patient_id).with_for_update())
    stored = db.get(PatientNote, key)
    if stored is not None and stored.patient_id == patient_id:
        return stored
    made = PatientNote(
        id=uuid4() if stored else key,
        patient_id=patient_id,
        unit_id=unit_id,
        kind=kind,
        text=text,
        is_shared=is_shared or kind is NoteKind.QUESTION,
        created_at=at,
        answer="",
    )
    db.add(made)
    db.flush()
    _record(db, "add-note", made, by=by, at=at)
    return made


def change(db: Session, note: PatientNote, *, text: str, is_shared: bool, by: Actor, at: datetime) -> None:
    if not text:
        raise EmptyNote
    if note.answered_at is not None:
        raise QuestionAnswered
    note.text, note.changed_at = text, at
    note.is_shared = is_shared or note.kind is NoteKind.QUESTION
    db.flush()
    _record(db, "change-note", note, by=by, at=at)


def remove(db: Session, note: PatientNote, *, by: Actor, at: datetime) -> None:
    """Nobody reads it any more, the team neither. Doing it twice changes nothing."""
    if note.removed_at is not None:
        return
    note.removed_at = at
    db.flush()
    _record(db, "remove-note", note, by=by, at=at)


def answer(db: Session, question: PatientNote, *, text: str, by: Actor, at: datetime) -> None:
    """An answer was given at the visit; with a sentence, which the patient reads."""
    db.refresh(question, with_for_update={"of": PatientNote})
    if question.answered_at is not None:
        raise QuestionAnswered
    question.answered_at, question.answered_by_id, question.answer = at, by.practitioner_id, text
    db.flush()
    db.expire(question, ["answered_by"])
    _record(db, "answer-question", question, by=by, at=at)


def _record(db: Session, action: str, note: PatientNote, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=note.patient_id, object_type="note", object_id=note.id)
