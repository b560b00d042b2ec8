"""Ten kinds of damage done by hand: each is found by the next run of the job, mended or told of, and found once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import sweeping
from careplan.config import Settings
from careplan.db import make_sessions
from careplan.domain.triage import Level
from careplan.jobs import SYSTEM, Worker
from careplan.library import Library
from careplan.models import Alarm, Membership, OutboxMessage, QuestionnaireResponse, Score, Task
from careplan.models.tasks import OPEN
from tests import stories
from tests.conftest import Clock
from tests.damage import unprotected
from tests.make import MONDAY, Clinic

SOON = MONDAY + timedelta(minutes=1)
Damage = Callable[[Session, QuestionnaireResponse], None]


@pytest.fixture
def response(db: Session, library: Library, clinic: Clinic) -> QuestionnaireResponse:
    sent = stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, form="weekly-symptoms")
    db.commit()
    return sent


def changed(**values: object) -> Damage:
    def damage(db: Session, response: QuestionnaireResponse) -> None:
        db.execute(sa.update(Task).where(Task.response_id == response.id).values(**values))

    return damage


def task_lost(db: Session, response: QuestionnaireResponse) -> None:
    db.execute(sa.delete(Task).where(Task.response_id == response.id))


DAMAGES: dict[str, Damage] = {
    "flag-without-task": task_lost,
    "unknown-status": changed(status="borta"),
    "closed-by-nobody": changed(status="completed"),
    "no-level": changed(level=None),
    "hidden": changed(starts_at=MONDAY + timedelta(days=4000), due_at=MONDAY + timedelta(days=4001)),
    "due-never": changed(due_at=MONDAY + timedelta(days=4000)),
    "due-before-start": changed(due_at=MONDAY - timedelta(days=4000)),
    "wrong-rank": changed(rank=990),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_task_is_found_and_stands_in_the_list_again(
    db: Session, clinic: Clinic, response: QuestionnaireResponse, kind: str
) -> None:
    whole = stories.task_of(db, response)
    right = (whole.rank, whole.due_at, whole.level)
    DAMAGES[kind](db, response)
    db.expire_all()
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {kind: 1}
    db.expire_all()
    mended = stories.task_of(db, response)
    assert mended.status in OPEN
    assert (mended.rank, mended.due_at, mended.level) == right
    assert mended.starts_at <= SOON
    assert mended.outcome is None and mended.completed_by_id is None
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {}
    assert db.scalars(sa.select(Alarm.kind)).all() == ["damage"]


def test_a_response_without_a_flag_and_without_its_task_is_read_again(
    db: Session, library: Library, clinic: Clinic
) -> None:
    sent = stories.sent(db, library, clinic, "astrid", {"breathlessness": 1})
    task_lost(db, sent)
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {"response-without-task": 1}
    assert stories.task_of(db, sent).kind == "response"


def test_scores_that_are_gone_are_computed_anew_from_the_answers(db: Session, library: Library, clinic: Clinic) -> None:
    form = library.questionnaire(stories.FORM)
    answers = {item.link_id: 1 for item in form.items if item.scale is not None and item.show_if is None}
    sent = stories.sent(db, library, clinic, "astrid", answers)
    stored = scores(db, sent)
    unprotected(db, "score")
    db.execute(sa.delete(Score).where(Score.response_id == sent.id))
    db.expire_all()
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {"no-score": 1}
    assert scores(db, sent) == stored != []
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {}


def scores(db: Session, response: QuestionnaireResponse) -> list[tuple[str, float | None]]:
    rows = db.execute(
        sa.select(Score.score_id, Score.value).where(Score.response_id == response.id).order_by(Score.score_id)
    )
    return [(row[0], row[1]) for row in rows]


def notice(db: Session, clinic: Clinic, **values: object) -> OutboxMessage:
    given = {"template": "read", "created_at": MONDAY, "next_attempt_at": MONDAY, "status": "pending"} | values
    made = OutboxMessage(person_id=clinic.actor["astrid"].person_id, **given)
    db.add(made)
    db.flush()
    return made


@pytest.mark.parametrize(
    "values", [{"status": "on its way"}, {"next_attempt_at": datetime(2999, 1, 1, tzinfo=MONDAY.tzinfo)}]
)
def test_a_notice_in_no_state_of_the_outbox_is_sent_after_all(db: Session, clinic: Clinic, values) -> None:
    message = notice(db, clinic, **values)
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {"notice-adrift": 1}
    assert (message.status, message.next_attempt_at) == ("pending", SOON)


def test_notices_that_wait_for_too_long_sound_an_alarm_until_they_are_sent(db: Session, clinic: Clinic) -> None:
    message = notice(db, clinic)
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {}
    assert sweeping.sweep(db, by=SYSTEM, at=MONDAY + timedelta(minutes=16)) == {"stuck-notice": 1}
    alarm = db.scalars(sa.select(Alarm)).one()
    assert (alarm.kind, alarm.ended_at) == ("stuck-notices", None)
    message.status = "sent"
    sweeping.sweep(db, by=SYSTEM, at=MONDAY + timedelta(minutes=17))
    assert alarm.ended_at is not None


def test_a_task_whose_owner_is_nobody_here_is_found_by_the_same_job(
    db: Session, engine: sa.Engine, library: Library, clinic: Clinic, response: QuestionnaireResponse, tmp_path: Path
) -> None:
    task_id = stories.task_of(db, response).id
    seat = db.scalars(sa.select(Membership).where(Membership.practitioner_id == clinic.practitioner["karin"])).one()
    seat.to_on = date(2026, 11, 1)
    db.commit()
    clock = Clock()
    clock.at = MONDAY + timedelta(minutes=5)
    worker = Worker(Settings(demo=True, queue_path=tmp_path / "queue.db"), library, make_sessions(engine), clock)
    assert worker.keep_lists() == 1
    assert worker.keep_lists() == 0
    task = db.get_one(Task, task_id, populate_existing=True)
    assert (task.owner_id, task.list_unit_id, task.with_provider_since) == (None, clinic.unit.id, None)


def test_what_is_older_than_a_week_is_found_in_the_night(
    db: Session, engine: sa.Engine, library: Library, response: QuestionnaireResponse, tmp_path: Path
) -> None:
    earlier = MONDAY - timedelta(days=400)
    unprotected(db, "questionnaire_response")
    db.execute(sa.update(QuestionnaireResponse).values(submitted_at=earlier))
    task_lost(db, response)
    db.commit()
    clock = Clock()
    worker = Worker(Settings(demo=True, queue_path=tmp_path / "queue.db"), library, make_sessions(engine), clock)
    assert sweeping.sweep(db, by=SYSTEM, at=clock.at) == {}
    db.commit()
    assert worker.sweep_past() == 1
    assert worker.sweep_past() == 0
    found = stories.task_of(db, response)
    assert (found.level, found.starts_at) == (Level.RED, earlier)


def test_a_stretch_is_no_longer_than_it_says(
    db: Session, library: Library, clinic: Clinic, response: QuestionnaireResponse
) -> None:
    task_lost(db, response)
    just_before = MONDAY - timedelta(seconds=1)
    assert sweeping.sweep_stretch(db, just_before, by=SYSTEM, at=SOON) == ({}, None)
    after = MONDAY + sweeping.STRETCH
    assert sweeping.sweep_stretch(db, after, by=SYSTEM, at=SOON) == ({}, response.submitted_at)
    assert sweeping.sweep_stretch(db, MONDAY, by=SYSTEM, at=SOON) == ({"flag-without-task": 1}, None)


def test_what_is_whole_is_left_alone(db: Session, clinic: Clinic, response: QuestionnaireResponse) -> None:
    before = stories.task_of(db, response)
    seen = (before.version, before.due_at, before.rank)
    assert sweeping.sweep(db, by=SYSTEM, at=SOON) == {}
    db.expire_all()
    after = stories.task_of(db, response)
    assert (after.version, after.due_at, after.rank) == seen
    assert Level.RED is after.level
