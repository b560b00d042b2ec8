"""Limits tried on a year of a big unit's answers: 50,000 responses, with progress shown on the way."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from careplan.actions import rules
from careplan.config import Settings
from careplan.db import make_engine, make_sessions
from careplan.domain.identity import Actor, Capacity
from careplan.domain.simulation import PERIOD
from careplan.jobs import Worker
from careplan.library import Library
from careplan.library.unit_rules import nodes_of
from careplan.models import Membership, QuestionnaireResponse, RuleTrial
from careplan.queries import trials
from tests.bench.test_recompute import multiplied
from tests.make import MONDAY
from tests.stories import FORM

pytestmark = pytest.mark.bench

RESPONSES = 50_000


def test_50000_responses_are_tried_within_ten_seconds(
    monday: str, library: Library, tmp_path: Path, figure, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = make_engine(monday)
    sessions = make_sessions(engine)
    with sessions() as db:
        unit_id, few = db.execute(
            sa.select(QuestionnaireResponse.unit_id, sa.func.count())
            .where(QuestionnaireResponse.questionnaire_id == FORM)
            .group_by(QuestionnaireResponse.unit_id)
            .order_by(sa.func.count().desc())
        ).first()
        manager = db.scalars(
            sa.select(Membership).where(Membership.unit_id == unit_id, Membership.role == Capacity.MANAGER)
        ).first()
        by = Actor(
            manager.practitioner.person_id, Capacity.MANAGER, "", unit_id, "", practitioner_id=manager.practitioner_id
        )
    times = -(-RESPONSES // few)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        multiplied(connection, times, people=True)
        connection.commit()
    form = library.questionnaire(FORM)
    with sessions.begin() as db:
        draft = rules.open_draft(db, form, by=by, at=MONDAY)
        nodes = [*nodes_of(form.rules), _twice(form)]
        rules.save(db, draft, form, nodes, seen=draft.version, by=by, at=MONDAY)
        trial_id: UUID = rules.try_out(db, draft, by=by, at=MONDAY).id
        total = trials.count(db, unit_id, FORM, since=MONDAY - PERIOD)
    assert total >= RESPONSES * 0.9
    worker = Worker(Settings(demo=True, queue_path=tmp_path / "queue.db"), library, sessions, lambda: MONDAY)
    cpu, wall = time.process_time(), time.perf_counter()
    worker.try_rules()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    with sessions() as db:
        trial = db.get_one(RuleTrial, trial_id)
        assert (trial.status, trial.done, trial.total) == ("completed", total, total)
        pages = sum(1 for _page in trials.pages(db, unit_id, FORM, form.rules, since=MONDAY - timedelta(days=365)))
    engine.dispose()
    with capsys.disabled():
        print(f"\n{total} responses tried in {wall:.1f} s by the clock, progress shown {pages} times")  # noqa: T201
    figure("limits tried on 50,000 responses, CPU", cpu * RESPONSES / total, "s", at_most=10)
    assert pages > 5


def _twice(form) -> dict:
    first = nodes_of(form.rules)[-1]
    item = first["item"]
    return first | {"id": "twice", "when": {"item": item, "at_least": 5, "in_a_row": 2}, "level": "yellow"}
