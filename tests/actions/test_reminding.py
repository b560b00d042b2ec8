"""Reminders in the nurse's name, silence told to the nurse, and who is left in peace."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, responses
from careplan.actions.responses.reminding import AFTER_SEVERE, NO_ANSWER
from careplan.domain.reminders import after_quiet, silent_at
from careplan.domain.tasks import TaskKind
from careplan.i18n import TIME_ZONE
from careplan.jobs import SYSTEM
from careplan.library import Library
from careplan.models import FormPause, OutboxMessage, Patient, PlanEvent, QuestionnaireRequest, Task
from careplan.queries.team import contact_for
from tests import stories
from tests.make import MONDAY, Clinic

DAY = timedelta(days=1)


def ask(
    db: Session, library: Library, clinic: Clinic, who: str = "astrid", *, form: str = "needs", open_days: int = 14
) -> QuestionnaireRequest:
    return responses.request(
        db,
        library,
        patient_id=clinic.patient[who],
        unit_id=clinic.unit.id,
        questionnaire_id=form,
        entry_key=str(uuid4()),
        opens_at=MONDAY,
        due_at=MONDAY + DAY * (open_days // 2),
        closes_at=MONDAY + DAY * open_days,
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def remind(db: Session, at: datetime) -> int:
    return responses.remind(db, by=SYSTEM, at=at)


def tell(db: Session, at: datetime) -> int:
    return responses.tell_of_silence(db, lambda patient, unit: contact_for(db, patient, unit, at=at), by=SYSTEM, at=at)


def reminders(db: Session) -> list[OutboxMessage]:
    return list(db.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "form-reminder")))


def silences(db: Session) -> list[Task]:
    return list(db.scalars(sa.select(Task).where(Task.kind == TaskKind.SILENCE)))


@pytest.mark.parametrize(
    ("at", "out"),
    [
        ("2026-11-16T19:59+01:00", "2026-11-16T19:59+01:00"),
        ("2026-11-16T20:00+01:00", "2026-11-17T08:00+01:00"),
        ("2026-11-16T03:00+01:00", "2026-11-16T08:00+01:00"),
        ("2026-03-28T23:00+01:00", "2026-03-29T08:00+02:00"),  # the night that is an hour shorter
        ("2026-10-25T02:30+02:00", "2026-10-25T08:00+01:00"),
    ],
)
def test_nobody_is_disturbed_at_night(at: str, out: str) -> None:
    assert after_quiet(datetime.fromisoformat(at), TIME_ZONE) == datetime.fromisoformat(out)


@pytest.mark.parametrize(
    ("days_open", "on_paper", "after_severe", "days"),
    [(14, False, False, 7), (5, False, False, 5), (14, True, False, 10), (5, True, False, 10), (14, False, True, 2)],
)
def test_silence_is_told_when_it_is_one(days_open: int, on_paper: bool, after_severe: bool, days: int) -> None:
    told = silent_at(MONDAY, MONDAY + DAY * days_open, on_paper=on_paper, after_severe=after_severe)
    assert told == MONDAY + DAY * days


def test_two_reminders_in_the_nurses_name_and_then_her_list(db: Session, library: Library, clinic: Clinic) -> None:
    asked = ask(db, library, clinic)
    ask(db, library, clinic, form="before-visit")
    assert remind(db, MONDAY + DAY) == 0
    assert remind(db, MONDAY + 2 * DAY) == 2
    assert remind(db, MONDAY + 2 * DAY) == 0
    (one,) = reminders(db)
    assert (one.signed, one.channel) == ("Karin", "email")
    assert remind(db, MONDAY + 5 * DAY) == 2
    assert remind(db, MONDAY + 6 * DAY) == 0
    assert len(reminders(db)) == 2
    assert tell(db, MONDAY + 6 * DAY) == 0
    assert tell(db, MONDAY + 7 * DAY) == 2
    assert tell(db, MONDAY + 8 * DAY) == 0
    (task,) = silences(db)
    assert (task.summary, task.request_id) == (NO_ANSWER, task.request_id)
    assert task.owner_id == clinic.practitioner["karin"]
    assert (
        asked.reminded == 0
        or db.scalar(sa.select(QuestionnaireRequest.reminded).where(QuestionnaireRequest.id == asked.id)) == 2
    )


def test_a_run_that_comes_late_reminds_once(db: Session, library: Library, clinic: Clinic) -> None:
    ask(db, library, clinic)
    assert remind(db, MONDAY + 6 * DAY) == 1
    assert remind(db, MONDAY + 6 * DAY) == 0
    assert len(reminders(db)) == 1


def test_nobody_is_reminded_at_night(db: Session, library: Library, clinic: Clinic) -> None:
    ask(db, library, clinic)
    assert remind(db, MONDAY + 2 * DAY + timedelta(hours=13)) == 0


def test_who_answers_is_not_reminded(db: Session, library: Library, clinic: Clinic) -> None:
    stories.signed_plan(db, library, clinic)
    db.execute(sa.update(QuestionnaireRequest).values(status="completed"))
    stories.sent(db, library, clinic, "astrid", {"nausea": 2})
    assert remind(db, MONDAY + 3 * DAY) == 0
    assert tell(db, MONDAY + 12 * DAY) == 0


def test_no_answer_after_a_severe_one_is_told_sooner(db: Session, library: Library, clinic: Clinic) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 9}, at=MONDAY - 3 * DAY)
    ask(db, library, clinic)
    assert tell(db, MONDAY + 2 * DAY) == 1
    assert silences(db)[0].summary == AFTER_SEVERE


@pytest.mark.parametrize(
    ("open_days", "sent_before", "told"),
    [(14, 3, 1), (14, -1, 0), (7, 3, 0), (7, 9, 1)],
    ids=["a long form", "something else since", "a week missed", "two weeks missed"],
)
def test_one_missed_week_is_no_silence(
    db: Session, library: Library, clinic: Clinic, open_days: int, sent_before: int, told: int
) -> None:
    stories.sent(db, library, clinic, "astrid", {"nausea": 2}, at=MONDAY - sent_before * DAY)
    ask(db, library, clinic, open_days=open_days)
    tell(db, MONDAY + 7 * DAY)
    assert len(silences(db)) == told


def test_paper_gets_the_time_that_post_takes(db: Session, library: Library, clinic: Clinic) -> None:
    db.get_one(Patient, clinic.patient["astrid"]).uses_paper = True
    ask(db, library, clinic)
    db.flush()
    assert remind(db, MONDAY + 3 * DAY) == 0
    assert tell(db, MONDAY + 9 * DAY) == 0
    assert tell(db, MONDAY + 10 * DAY) == 1


def _pauses(db: Session, library: Library, clinic: Clinic) -> None:
    db.add(
        FormPause(
            patient_id=clinic.patient["astrid"],
            unit_id=clinic.unit.id,
            from_at=MONDAY,
            until_on=MONDAY.date() + 30 * DAY,
            reason="tired",
            created_by_id=clinic.actor["astrid"].person_id,
        )
    )


def _is_admitted(db: Session, library: Library, clinic: Clinic) -> None:
    plan = stories.signed_plan(db, library, clinic, at=MONDAY - 200 * DAY)
    db.execute(sa.update(QuestionnaireRequest).where(QuestionnaireRequest.plan_id == plan.id).values(status="failed"))
    db.add(
        PlanEvent(
            plan_id=plan.id,
            kind="admission",
            on=MONDAY.date(),
            title="",
            recorded_at=MONDAY,
            recorded_by_id=clinic.practitioner["karin"],
        )
    )


def _has_died(db: Session, library: Library, clinic: Clinic) -> None:
    db.get_one(Patient, clinic.patient["astrid"]).deceased_on = MONDAY.date()


@pytest.mark.parametrize("happens", [_pauses, _is_admitted, _has_died])
def test_who_pauses_is_in_hospital_or_has_died_is_left_in_peace(
    db: Session, library: Library, clinic: Clinic, happens
) -> None:
    ask(db, library, clinic)
    happens(db, library, clinic)
    db.flush()
    assert remind(db, MONDAY + 2 * DAY) == 0
    assert tell(db, MONDAY + 7 * DAY) == 0


def test_after_discharge_reminders_go_on(db: Session, library: Library, clinic: Clinic) -> None:
    ask(db, library, clinic)
    _is_admitted(db, library, clinic)
    plan_id = db.scalar(sa.select(PlanEvent.plan_id).where(PlanEvent.kind == "admission"))
    db.add(
        PlanEvent(
            plan_id=plan_id,
            kind="discharge",
            on=MONDAY.date() + DAY,
            title="",
            recorded_at=MONDAY,
            recorded_by_id=clinic.practitioner["karin"],
        )
    )
    db.flush()
    assert remind(db, MONDAY + 2 * DAY) >= 1


def test_a_plan_asks_nothing_in_a_pause_and_what_is_still_open_afterwards(
    db: Session, library: Library, clinic: Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    _pauses(db, library, clinic)
    db.flush()
    db.add(
        PlanEvent(
            plan_id=plan.id,
            kind="progression",
            on=date(2026, 12, 14),
            title="",
            recorded_at=MONDAY,
            recorded_by_id=clinic.practitioner["karin"],
        )
    )
    db.flush()
    assert responses.order_due(db, library, plan, by=SYSTEM, at=MONDAY + 28 * DAY) == []
    assert len(responses.order_due(db, library, plan, by=SYSTEM, at=MONDAY + 31 * DAY)) == 1


def test_reminders_are_in_the_log_of_each_patient(db: Session, library: Library, clinic: Clinic) -> None:
    ask(db, library, clinic)
    remind(db, MONDAY + 2 * DAY)
    assert audit.seal(db, at=MONDAY) is not None
