"""A patient wants no forms for a time, and says why; the nurse is told, and nothing else ends."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, tasks
from careplan.actions.responses.following import withdraw
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.reminders import PAUSES, PauseReason
from careplan.domain.tasks import TaskKind
from careplan.domain.team import Contact
from careplan.i18n import local
from careplan.models import FormPause

LONGEST_WORDS = 500
IN_WORDS = {
    PauseReason.TIRED: "orkar inte just nu",
    PauseReason.AWAY: "är borta",
    PauseReason.TOO_OFTEN: "frågorna kommer för ofta",
    PauseReason.UNWANTED: "vill inte svara på frågor",
    PauseReason.OTHER: "annat",
}


class UnknownPause(CareplanError):
    """No such length, or no such reason."""


class WordsTooLong(CareplanError):
    """More words than the reason may have; the page keeps them."""


def pause(db: Session, *, length: str, reason: str, words: str, contact: Contact, by: Actor, at: datetime) -> FormPause:
    """From now on nothing is asked by the plan, and nobody reminds. A pause that stands is replaced."""
    if length not in PAUSES or reason not in set(PauseReason) or by.patient_id is None:
        raise UnknownPause
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    for standing in _standing(db, by.patient_id, at):
        standing.ended_at = at
    taken = FormPause(
        patient_id=by.patient_id,
        unit_id=contact.unit_id,
        from_at=at,
        until_on=local(at).date() + PAUSES[length],
        reason=reason,
        words=words,
        created_by_id=by.person_id,
    )
    db.add(taken)
    db.flush()
    withdraw(db, by.patient_id, by.person_id, at=at)
    said = f"Har pausat frågorna till {taken.until_on}: {IN_WORDS[PauseReason(reason)]}"
    tasks.open_task(
        db,
        kind=TaskKind.SILENCE,
        patient_id=by.patient_id,
        unit_id=contact.unit_id,
        contact=contact,
        summary=f"{said}. ”{words}”" if words else said,
        starts_at=at,
        at=at,
    )
    audit.record(db, "pause-forms", by=by, at=at, patient_id=by.patient_id, object_type="pause", object_id=taken.id)
    return taken


def resume(db: Session, *, by: Actor, at: datetime) -> None:
    """The questions come again. Doing it twice changes nothing."""
    assert by.patient_id is not None
    for standing in _standing(db, by.patient_id, at):
        standing.ended_at = at
        db.flush()
        audit.record(
            db, "resume-forms", by=by, at=at, patient_id=by.patient_id, object_type="pause", object_id=standing.id
        )


def _standing(db: Session, patient_id: UUID, at: datetime) -> list[FormPause]:
    return list(
        db.scalars(
            sa.select(FormPause)
            .where(
                FormPause.patient_id == patient_id,
                FormPause.ended_at.is_(None),
                FormPause.until_on >= local(at).date(),
            )
            .with_for_update()
        )
    )
