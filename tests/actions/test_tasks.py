import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import tasks
from careplan.domain.conditions import Compare, Comparison
from careplan.domain.tasks import Outcome, TaskKind
from careplan.domain.triage import Level, Rule
from careplan.library import Library
from careplan.models import Absence, AuditEvent, OutboxMessage, Task
from careplan.queries.owners import owner_of
from careplan.queries.roster import roster
from tests import make, stories

SATURDAY = datetime(2026, 11, 14, 20, 5, tzinfo=UTC)
LAST_WEEK = make.MONDAY - timedelta(days=7)


def close(db: Session, clinic: make.Clinic, task: Task, outcome: str, **more: object) -> None:
    values = {"next_step": "Karin ringer dig.", "by": clinic.actor["karin"], "at": make.MONDAY} | more
    tasks.complete(db, task, outcome=outcome, **values)


def test_a_red_answer_gives_the_nurse_a_task_due_two_working_hours_later(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    assert (task.kind, task.level) == (TaskKind.FLAG, Level.RED)
    assert task.owner_id == clinic.practitioner["karin"]
    assert task.cover_id == clinic.practitioner["nils"]
    assert task.due_at == make.MONDAY + timedelta(hours=2)
    assert task.status == "requested"


def test_an_answer_from_the_weekend_is_due_two_hours_after_the_opening_on_monday(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=SATURDAY))
    assert task.due_at == datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def test_the_summary_says_the_answer_and_what_it_was_last_time(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 2, "fatigue": 6}, at=LAST_WEEK)
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8, "fatigue": 7}))
    assert task.summary == "Andnöd 8 av 10, var 2. Trötthet 7 av 10, var 6"


def test_a_summary_of_many_flags_says_three_and_counts_the_rest(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    everything = dict.fromkeys(("nausea", "eating", "bowel", "mouth", "fatigue"), 7)
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", everything))
    assert task.summary.endswith(". 2 till")


def test_a_response_without_a_flag_is_a_task_to_acknowledge(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 2}))
    assert (task.kind, task.level, task.summary) == (TaskKind.RESPONSE, None, tasks.NO_FLAG)


def test_a_wish_for_contact_without_a_flag_says_what_it_is_about(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    response = stories.sent(
        db, library, clinic, "astrid", {"fatigue": 3}, wishes=("fatigue",), urgency="week", wants_contact=True
    )
    task = stories.task_of(db, response)
    assert (task.kind, task.summary) == (TaskKind.CONTACT, "Trötthet")


def test_while_the_nurse_is_away_her_cover_answers_for_the_task_and_she_owns_it(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    db.add(
        Absence(
            practitioner_id=clinic.practitioner["karin"],
            unit_id=clinic.unit.id,
            cover_id=clinic.practitioner["nils"],
            from_at=make.MONDAY - timedelta(days=1),
            to_at=make.MONDAY + timedelta(days=1),
        )
    )
    db.flush()
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    assert (task.owner_id, task.cover_id) == (clinic.practitioner["karin"], clinic.practitioner["nils"])
    assert owner_of(task.owner_id, clinic.actor["nils"], roster(db, clinic.unit.id, at=make.MONDAY)).is_me


def test_closing_takes_a_coded_outcome_and_the_sentence_that_the_patient_reads(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    close(db, clinic, task, "called")
    assert (task.status, task.outcome, task.next_step) == ("completed", Outcome.CALLED, "Karin ringer dig.")
    assert task.completed_by is not None and task.completed_by.name == "Karin Lind"
    assert task.read_at == make.MONDAY


def test_closing_a_response_is_logged_and_told_to_the_patient(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    close(db, clinic, task, "called")
    assert db.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "complete-task")) == 1
    assert db.scalar(sa.select(sa.func.count()).where(OutboxMessage.template == "read")) == 1


def test_the_second_to_close_learns_who_was_first(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    close(db, clinic, task, "called")
    with pytest.raises(tasks.TaskAlreadyClosed) as closed:
        close(db, clinic, task, "booked", by=clinic.actor["nils"])
    assert (closed.value.closed_by, closed.value.closed_at) == ("Karin Lind", make.MONDAY)


def test_an_outcome_that_the_kind_does_not_have_is_refused(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    for outcome in ("acknowledged", "no such outcome"):
        with pytest.raises(tasks.UnknownOutcome):
            close(db, clinic, task, outcome)
    assert task.status == "requested"


def test_doing_nothing_needs_a_reason(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    with pytest.raises(tasks.MissingReason):
        close(db, clinic, task, "no-action", reason="  ")
    close(db, clinic, task, "no-action", reason="Samma sak ringdes om i morse")
    assert task.status == "completed"


def test_known_needs_a_day_to_come(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    with pytest.raises(tasks.MissingDate):
        close(db, clinic, task, "known")
    with pytest.raises(tasks.KnownUntilInThePast):
        close(db, clinic, task, "known", known_until=date(2026, 11, 15))
    close(db, clinic, task, "known", known_until=date(2026, 12, 5))
    assert task.known_until == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(7, TaskKind.RESPONSE), (8, TaskKind.RESPONSE), (9, TaskKind.FLAG)],
)
def test_what_is_known_stands_as_a_flag_again_only_when_it_is_worse(
    db: Session, library: Library, clinic: make.Clinic, answer: int, kind: TaskKind
) -> None:
    first = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=LAST_WEEK))
    close(db, clinic, first, "known", at=LAST_WEEK, known_until=date(2026, 11, 30))
    second = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": answer}))
    assert second.kind is kind
    assert ("känt och omhändertaget till 2026-11-30" in second.summary) is (kind is TaskKind.RESPONSE)


def test_what_was_known_stands_as_a_flag_again_when_the_day_has_passed(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    first = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=LAST_WEEK))
    close(db, clinic, first, "known", at=LAST_WEEK, known_until=date(2026, 11, 15))
    assert stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})).kind is TaskKind.FLAG


def test_what_is_known_hides_no_other_flag(db: Session, library: Library, clinic: make.Clinic) -> None:
    first = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=LAST_WEEK))
    close(db, clinic, first, "known", at=LAST_WEEK, known_until=date(2026, 11, 30))
    second = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8, "fatigue": 7}))
    assert (second.kind, second.level) == (TaskKind.FLAG, Level.YELLOW)


def test_only_the_first_reader_is_noted(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    assert tasks.mark_read(db, task, by=clinic.actor["nils"], at=make.MONDAY)
    assert not tasks.mark_read(db, task, by=clinic.actor["karin"], at=make.MONDAY + timedelta(minutes=5))
    assert (task.read_by_id, task.read_at) == (clinic.practitioner["nils"], make.MONDAY)
    assert task.status == "in-progress"


def test_a_call_that_nobody_answers_leaves_the_task_open(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    due_at = task.due_at
    tasks.try_later(db, task, next_step="Karin ringer igen.", by=clinic.actor["karin"], at=make.MONDAY)
    assert (task.status, task.next_step, task.due_at) == ("in-progress", "Karin ringer igen.", due_at)


def test_a_task_can_be_taken_from_the_shared_list(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    task.owner_id = None
    tasks.take(db, task, by=clinic.actor["nils"], at=make.MONDAY)
    assert task.owner is not None and task.owner.name == "Nils Berg"


def test_a_response_whose_rules_failed_stands_on_the_shared_list_as_if_red(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    form = library.questionnaire(stories.FORM)
    broken = Rule("broken", Level.YELLOW, Compare("fatigue", Comparison.AT_LEAST, None), "fatigue", "", "")
    response = stories.sent(
        db, library, clinic, "bo", {"fatigue": 2}, questionnaire=dataclasses.replace(form, rules=(broken,))
    )
    task = stories.task_of(db, response)
    assert (task.kind, task.level, task.owner_id) == (TaskKind.FLAG, Level.RED, None)
    assert task.summary == tasks.FAILED_TRIAGE
