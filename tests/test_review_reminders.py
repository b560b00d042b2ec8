"""The job that tells patients of reviews whose day is over: once, however often and by how many it runs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs
from careplan.config import ROOT, Settings
from careplan.db import make_sessions
from careplan.jobs import Worker
from careplan.library import Library
from careplan.models import Goal, OutboxMessage
from careplan.notify import Notices
from tests import make, stories
from tests.conftest import Clock


@pytest.fixture
def worker(engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path) -> Worker:
    settings = Settings(demo=True, queue_path=tmp_path / "queue.db")
    return Worker(settings, library, make_sessions(engine), clock)


def test_three_workers_at_once_tell_once(
    db: Session, library: Library, clinic: make.Clinic, worker: Worker, clock: Clock
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    goal = needs.set_goal(
        db,
        plan,
        text="Gå till affären",
        measure="",
        review_on=date(2026, 12, 1),
        activities=[],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    clock.at = datetime(2026, 12, 2, 10, 0, tzinfo=make.MONDAY.tzinfo)
    with ThreadPoolExecutor(max_workers=3) as pool:
        told = list(pool.map(lambda _: worker.remind_reviews(), range(3)))
    assert sorted(told) == [0, 0, 1]
    sent = db.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "review-due")).all()
    assert len(sent) == 1
    assert db.get_one(Goal, goal.id, populate_existing=True).review_told_on == date(2026, 12, 1)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_notice_says_nothing_of_what_it_is_about(lang: str) -> None:
    subject, body = Notices.load(ROOT / "content").say("review-due", lang, link="https://example.org/")
    assert (subject, body) == Notices.load(ROOT / "content").say("read", lang, link="https://example.org/")
