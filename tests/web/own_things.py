"""What a patient has written, each with a canary in it, through the actions."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from careplan.actions import activities, calendar, invitations, notes, wishes
from careplan.domain.own import NoteKind, ReportResult
from careplan.models import Goal, Patient
from tests import stories
from tests.make import MONDAY, Clinic


def own_things(db: Session, clinic: Clinic, goal: Goal, canary: str) -> dict[str, UUID]:
    by, unit_id, patient_id = clinic.actor["astrid"], clinic.unit.id, clinic.patient["astrid"]
    contact, today = stories.contact(db, clinic, "astrid"), MONDAY.date()
    where = {"patient_id": patient_id, "unit_id": unit_id, "by": by, "at": MONDAY}
    day = calendar.Day(f"{canary} day", today, note=f"{canary} day note")
    event = calendar.add(db, day, key=uuid4(), **where)
    activity = goal.activities[0]
    key, result = uuid4(), ReportResult.NOT_WORKING
    report = activities.report(db, goal, activity, key=key, result=result, on=today, by=by, at=MONDAY)
    activities.change(db, goal, activity, report, on=today, text=f"{canary} did not", contact=None, by=by, at=MONDAY)
    wish = wishes.wish(
        db, key=uuid4(), patient_id=patient_id, text=f"{canary} wish", urgency=None, contact=contact, by=by, at=MONDAY
    )
    private = notes.add(db, key=uuid4(), kind=NoteKind.NOTE, text=f"{canary} private note", is_shared=False, **where)
    question = notes.add(db, key=uuid4(), kind=NoteKind.QUESTION, text=f"{canary} question", is_shared=True, **where)
    invited = invitations.invite(
        db,
        patient=db.get_one(Patient, patient_id),
        name="Ulla Norén",
        relation="granne",
        scopes=["plan"],
        parts=None,
        by=by,
        at=MONDAY,
    )
    return {
        "event_id": event.id,
        "activity_id": activity.id,
        "report_id": report.id,
        "wish_id": wish.id,
        "note_id": private.id,
        "question_id": question.id,
        "invitation_id": invited.invitation.id,
    }
