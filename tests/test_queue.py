"""The queue is a file unless a Redis is named; without its package that is said at once."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from huey import SqliteHuey
from pydantic import ValidationError

from careplan.cli.sentences import sentence_for, settings_sentence
from careplan.config import ROOT, Settings
from careplan.jobs.queue import RedisNotInstalled, open_queue

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


@pytest.mark.slow
def test_redis_is_taken_where_its_package_is_there(tmp_path: Path) -> None:
    """A process that finds a package of that name: what it is given is the address, and no file is made."""
    (tmp_path / "redis").mkdir()
    (tmp_path / "redis" / "__init__.py").write_text(REDIS)
    (tmp_path / "redis" / "exceptions.py").write_text(EXCEPTIONS)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "CAREPLAN_DEMO": "1", "CAREPLAN_QUEUE_URL": URL}
    said = (
        "from careplan.config import Settings; from careplan.jobs.queue import open_queue;"
        "queue = open_queue(Settings()); print(type(queue).__name__, queue.storage.conn.pool.url)"
    )
    run = subprocess.run(
        [sys.executable, "-c", said], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout == f"RedisHuey {URL}\n"


@pytest.mark.parametrize("url", ["amqp://queue", "127.0.0.1:6379", "http://redis"])
def test_another_address_is_refused_at_the_start_and_not_repeated(url: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(demo=True, queue_url=url)
    assert settings_sentence(error.value) == "CAREPLAN_QUEUE_URL: must begin with redis:// or rediss://"


EXCEPTIONS = """
class ConnectionError(Exception):
    pass


class TimeoutError(Exception):
    pass
"""
REDIS = """
class ConnectionPool:
    def __init__(self, url=""):
        self.url = url

    @classmethod
    def from_url(cls, url, **options):
        return cls(url)


class Redis:
    def __init__(self, connection_pool=None, **options):
        self.pool = connection_pool

    def register_script(self, script):
        return script
"""
