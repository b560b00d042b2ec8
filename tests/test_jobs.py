"""Periodic work: each job does its work once, however often it runs; and a real worker process."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.config import ROOT, Settings
from careplan.db import make_engine, make_sessions
from careplan.jobs import Worker
from careplan.library import Library
from careplan.models import AuditSeal, CarePlan, PlanEvent, QuestionnaireRequest
from tests import make, stories
from tests.conftest import Clock
from tests.make import MONDAY
from tests.processes import until


@pytest.fixture
def worker(engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path) -> Worker:
    settings = Settings(demo=True, queue_path=tmp_path / "queue.db")
    return Worker(settings, library, make_sessions(engine), clock)


def requests(db: Session) -> int:
    counted = db.scalar(sa.select(sa.func.count()).select_from(QuestionnaireRequest)) or 0
    db.rollback()
    return counted


def started_treatment(db: Session, library: Library, clinic: make.Clinic) -> CarePlan:
    plan = stories.signed_plan(db, library, clinic)
    karin = clinic.practitioner["karin"]
    db.add(
        PlanEvent(
            plan_id=plan.id,
            kind="treatment-start",
            on=MONDAY.date(),
            title="",
            recorded_by_id=karin,
            recorded_at=MONDAY,
        )
    )
    db.commit()
    return plan


def test_forms_are_ordered_when_their_day_comes_and_once(
    db: Session, library: Library, clinic: make.Clinic, worker: Worker, clock: Clock
) -> None:
    started_treatment(db, library, clinic)
    before = requests(db)
    ordered = worker.order_forms()
    clock.at = MONDAY + timedelta(days=7)
    ordered += worker.order_forms()
    assert ordered > 0
    assert worker.order_forms() == 0
    assert requests(db) == before + ordered


def test_two_workers_at_once_order_each_form_once(
    db: Session, library: Library, clinic: make.Clinic, worker: Worker, clock: Clock
) -> None:
    started_treatment(db, library, clinic)
    before = requests(db)
    clock.at = MONDAY + timedelta(days=7)
    with ThreadPoolExecutor(max_workers=3) as pool:
        ordered = sum(pool.map(lambda _: worker.order_forms(), range(3)))
    assert requests(db) == before + ordered
    keys = db.scalars(sa.select(QuestionnaireRequest.entry_key).where(QuestionnaireRequest.entry_key.is_not(None)))
    assert len(found := keys.all()) == len(set(found))


def test_a_plan_whose_template_is_gone_does_not_stop_the_others(
    db: Session, library: Library, clinic: make.Clinic, worker: Worker, clock: Clock
) -> None:
    lost = stories.signed_plan(db, library, clinic, "bo")
    lost.definition_id = "gone"
    started_treatment(db, library, clinic)
    clock.at = MONDAY + timedelta(days=7)
    assert worker.order_forms() > 0


def test_a_form_whose_time_is_over_is_closed_once(
    db: Session, library: Library, clinic: make.Clinic, worker: Worker, clock: Clock
) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    clock.at = MONDAY + timedelta(days=60)
    assert worker.expire_requests() > 0
    assert worker.expire_requests() == 0


def test_the_log_is_sealed_once(db: Session, library: Library, clinic: make.Clinic, worker: Worker) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    with ThreadPoolExecutor(max_workers=3) as pool:
        sealed = list(pool.map(lambda _: worker.seal_log(), range(3)))
    assert sorted(sealed) == [False, False, True]
    assert db.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == 1


@pytest.mark.slow
def test_a_worker_process_seals_the_log_and_stops_when_told(
    db: Session, library: Library, clinic: make.Clinic, database: tuple[str, make.Clinic], tmp_path: Path
) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    environment = os.environ | {
        "CAREPLAN_DEMO": "1",
        "CAREPLAN_DATABASE_URL": database[0],
        "CAREPLAN_QUEUE_PATH": str(tmp_path / "queue.db"),
        "CAREPLAN_BASE_URL": "http://127.0.0.1:8000",
    }
    command = [sys.executable, "-m", "careplan.cli", "worker"]
    with (
        (tmp_path / "out").open("wb") as out,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            assert until(lambda: sealed(database[0]) and (tmp_path / "queue.db").exists(), seconds=60)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0, (tmp_path / "out").read_text()
        finally:
            process.kill()


def sealed(url: str) -> bool:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sa.select(sa.func.count()).select_from(AuditSeal))
    engine.dispose()
    return bool(found)
