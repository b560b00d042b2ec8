"""The queue is a file unless a Redis is named; without its package that is said at once. Redis is a real one here."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from huey import SqliteHuey
from pydantic import ValidationError
from sqlalchemy.orm import Session

from careplan.cli.sentences import sentence_for, settings_sentence
from careplan.config import ROOT, Settings
from careplan.jobs.queue import RedisNotInstalled, open_queue
from careplan.library import Library
from careplan.models import OutboxMessage, Person
from tests import stories
from tests.make import MONDAY, Clinic
from tests.notify.postoffice import post_office
from tests.processes import accepts, until

URL = "redis://:a-secret@127.0.0.1:1/0"


def test_without_a_url_the_queue_is_a_file_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "new" / "queue.db"
    assert isinstance(open_queue(Settings(demo=True, queue_path=path)), SqliteHuey)
    assert path.exists()


def test_redis_without_its_package_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "redis" else find(name))
    with pytest.raises(RedisNotInstalled) as error:
        open_queue(Settings(demo=True, queue_url=URL))
    assert sentence_for(error.value) == "CAREPLAN_QUEUE_URL needs the Python package redis: pip install redis"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The URL of a Redis server of the test's own, which keeps nothing."""
    server = shutil.which("redis-server")
    if server is None:
        if os.environ.get("CI"):
            pytest.fail("CI is set, and there is no redis-server")
        pytest.skip("there is no redis-server on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keeps_nothing = ["--save", "", "--appendonly", "no"]
    with (tmp_path / "redis.log").open("wb") as out:
        process = subprocess.Popen(
            [server, "--bind", "127.0.0.1", "--port", str(port), *keeps_nothing], cwd=tmp_path, stdout=out, stderr=out
        )
    try:
        assert until(lambda: accepts("127.0.0.1", port), seconds=10)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.slow
def test_what_one_process_puts_in_a_redis_another_takes_out_once(redis: str) -> None:
    there, here = (open_queue(Settings(demo=True, queue_url=redis)) for _each in range(2))
    done: list[int] = []
    put, _taken = (queue.task(name="note")(done.append) for queue in (there, here))
    put(7)
    task = here.dequeue()
    assert task is not None
    here.execute(task)
    assert (done, there.dequeue()) == ([7], None)


@pytest.mark.slow
def test_two_workers_on_one_redis_send_each_notice_once(
    redis: str, db: Session, library: Library, clinic: Clinic, database: tuple[str, Clinic], tmp_path: Path
) -> None:
    stories.signed_plan(db, library, clinic)
    db.execute(sa.update(OutboxMessage).values(next_attempt_at=MONDAY))
    db.execute(sa.update(Person).values(email="astrid@example.org"))
    waiting = db.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
    db.commit()
    with post_office() as office, contextlib.ExitStack() as stack:
        environment = os.environ | {
            "CAREPLAN_DEMO": "0",
            "CAREPLAN_SECRET_KEY": "k" * 40,
            "CAREPLAN_DATABASE_URL": database[0],
            "CAREPLAN_QUEUE_URL": redis,
            "CAREPLAN_BASE_URL": "https://plan.example.se",
            "CAREPLAN_SMTP_URL": office.url,
            "CAREPLAN_MAIL_FROM": "plan@example.se",
        }
        said = stack.enter_context((tmp_path / "out").open("wb"))
        command = [sys.executable, "-m", "careplan.cli", "worker"]
        workers = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said))
            for _each in range(2)
        ]
        try:
            assert until(lambda: len(office.letters) == waiting, seconds=60), (tmp_path / "out").read_text()
            for each in workers:
                each.send_signal(signal.SIGTERM)
            assert [each.wait(timeout=30) for each in workers] == [0, 0], (tmp_path / "out").read_text()
        finally:
            for each in workers:
                each.kill()
        assert len(office.letters) == waiting


@pytest.mark.parametrize("url", ["amqp://queue", "127.0.0.1:6379", "http://redis"])
def test_another_address_is_refused_at_the_start_and_not_repeated(url: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(demo=True, queue_url=url)
    assert settings_sentence(error.value) == "CAREPLAN_QUEUE_URL: must begin with redis:// or rediss://"
