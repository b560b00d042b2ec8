"""What has been written about Astrid, with a canary in each text: a thread, one within the team, and a letter."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from careplan.actions import letters, messages, tasks
from careplan.domain.messages import ThreadKind
from careplan.library import Library
from careplan.models import Letter, Patient
from tests import stories
from tests.make import MONDAY, Clinic


def written(db: Session, library: Library, clinic: Clinic, text: str) -> dict[str, UUID]:
    """Ids by the names of the routes' arguments."""
    patient = db.get_one(Patient, clinic.patient["astrid"])
    shared = {"patient": patient, "unit_id": clinic.unit.id, "contact": stories.contact(db, clinic, "astrid")}
    asked = messages.begin(db, text=f"{text} question", key=uuid4(), by=clinic.actor["astrid"], at=MONDAY, **shared)
    team = messages.begin(
        db,
        text=f"{text} colleague",
        kind=ThreadKind.TEAM,
        to_id=clinic.practitioner["karin"],
        key=uuid4(),
        by=clinic.actor["nils"],
        at=MONDAY,
        **shared,
    )
    return {"thread_id": asked.id, "team_thread_id": team.id, "letter_id": owed(db, library, clinic, text).id}


def owed(db: Session, library: Library, clinic: Clinic, text: str) -> Letter:
    """A letter as if the answers had come by post."""
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 1}))
    tasks.complete(db, task, outcome="acknowledged", next_step=f"{text} letter", by=clinic.actor["karin"], at=MONDAY)
    return letters.owe(db, task, at=MONDAY)
