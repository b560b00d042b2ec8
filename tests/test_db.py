"""SQLite's queue: one transaction at a time, who came waits, and nobody is left standing."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from careplan import db
from careplan.db import make_engine

# Takes the queue from another process, says so, and keeps it.
HOLDER = """
import sys
from careplan.db import make_engine
with make_engine(sys.argv[1]).begin() as connection:
    connection.exec_driver_sql("INSERT INTO line VALUES ('holder')")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/queue.db"


@pytest.fixture
def line(url: str) -> Iterator[sa.Engine]:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE line (name TEXT)")
    yield engine
    engine.dispose()


def write(engine: sa.Engine, name: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO line VALUES (?)", (name,))


def written(engine: sa.Engine) -> list[str]:
    with engine.begin() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM line").scalars())


def test_the_second_waits_until_the_first_has_committed(line: sa.Engine) -> None:
    second = threading.Thread(target=write, args=(line, "second"))
    with line.begin() as first:
        second.start()
        second.join(0.2)
        assert second.is_alive()
        first.exec_driver_sql("INSERT INTO line VALUES ('first')")
    second.join(10)
    assert written(line) == ["first", "second"]


def test_a_rollback_lets_the_next_one_in(line: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), line.begin():
        raise ZeroDivisionError
    write(line, "next")
    assert written(line) == ["next"]


def test_a_connection_kept_after_its_commit_keeps_nobody_waiting(line: sa.Engine) -> None:
    with line.connect() as kept:
        kept.exec_driver_sql("INSERT INTO line VALUES ('kept')")
        kept.commit()
        write(line, "other")
        assert list(kept.exec_driver_sql("SELECT name FROM line").scalars()) == ["kept", "other"]


def test_a_connection_closed_in_the_middle_lets_the_next_one_in(line: sa.Engine) -> None:
    broken = line.connect()
    broken.exec_driver_sql("INSERT INTO line VALUES ('lost')")
    broken.invalidate()
    broken.close()
    write(line, "next")
    assert written(line) == ["next"]


def test_who_waits_too_long_is_told_so_and_whoever_comes_later_is_served(
    line: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    with line.begin(), pytest.raises(sa.exc.OperationalError, match="stands still"):
        write(line, "too late")
    write(line, "later")
    assert written(line) == ["later"]


def test_one_who_does_not_queue_is_waited_for_as_sqlite_does(line: sa.Engine, url: str) -> None:
    stranger = sa.create_engine(url)
    outside = stranger.connect()
    outside.exec_driver_sql("INSERT INTO line VALUES ('outside')")
    waiting = threading.Thread(target=write, args=(line, "inside"))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    outside.commit()
    outside.close()
    stranger.dispose()
    waiting.join(10)
    assert written(line) == ["outside", "inside"]


@pytest.mark.slow
def test_a_process_that_is_killed_gives_its_place_back(line: sa.Engine, url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waiting = threading.Thread(target=write, args=(line, "after"))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        holder.kill()
    waiting.join(10)
    assert written(line) == ["after"]


def test_many_threads_write_all_they_have_to(line: sa.Engine) -> None:
    def work(name: str) -> None:
        for _time in range(5):
            write(line, name)

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written(line)) == sorted(str(number) for number in range(8) for _time in range(5))
