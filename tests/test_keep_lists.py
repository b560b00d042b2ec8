"""The job of every minute: nobody home reaches the one on call by a real e-mail, once, however many run at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.config import Settings
from careplan.db import make_sessions
from careplan.domain.climbing import Step
from careplan.jobs import Worker
from careplan.library import Library
from careplan.models import Alarm, AuditEvent, OutboxMessage, Provider, Task, Unit
from tests import stories
from tests.conftest import Clock
from tests.make import MONDAY, Clinic
from tests.notify.postoffice import post_office

ON_CALL = "jour@region.example"


def worker(engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path, **more: object) -> Worker:
    settings = Settings(demo=True, queue_path=tmp_path / "queue.db", **more)
    return Worker(settings, library, make_sessions(engine), clock)


@pytest.fixture
def closed(db: Session, library: Library, clinic: Clinic) -> None:
    """A unit that is closed by hand in the database, with a red flag open."""
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    db.get_one(Unit, clinic.unit.id).closed_on = MONDAY.date()
    db.get_one(Provider, clinic.unit.provider_id).on_call_email = ON_CALL
    db.execute(sa.update(OutboxMessage).values(status="sent"))
    db.commit()


def test_nobody_home_is_an_e_mail_to_the_one_on_call_that_says_nothing_about_anybody(
    closed: None, engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path
) -> None:
    clock.at = MONDAY + timedelta(minutes=1)
    with post_office() as office:
        at_work = worker(engine, library, clock, tmp_path, smtp_url=office.url)
        for _twice in range(2):
            at_work.keep_lists()
            at_work.send_notices()
        (letter,) = office.letters
    assert f"To: {ON_CALL}" in letter
    assert not any(word in letter for word in ("Astrid", "Ek", "andn", "Bröst", "Br=C3=B6st"))


def test_three_runs_at_once_do_the_work_once(
    closed: None, db: Session, engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path
) -> None:
    clock.at = MONDAY + timedelta(days=3)
    at_work = worker(engine, library, clock, tmp_path)
    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(lambda _: at_work.keep_lists(), range(3)))
    task = db.scalars(sa.select(Task)).one()
    assert (task.with_provider_since is not None, task.climbed) == (True, Step.ALARM)
    kinds = sorted(db.scalars(sa.select(Alarm.kind).where(Alarm.ended_at.is_(None))))
    assert kinds == ["nobody-home", "overdue"]
    climbed = sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.action == "climb-task")
    assert db.scalar(climbed) == 1
    assert db.scalar(sa.select(sa.func.count()).where(OutboxMessage.address == ON_CALL)) == 2
