"""100,000 stored responses scored anew in one command, with flat memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from careplan import schema
from careplan.config import ROOT
from careplan.db import make_engine, make_sessions
from careplan.demo.loading import load
from careplan.library import Library
from tests.make import MONDAY

pytestmark = pytest.mark.bench

RESPONSES = 100_000
# What the same command takes for about a hundredth of them, and a little more.
MOST_MEMORY = 1.15

# A process of its own says what it took: processor seconds and the most memory it ever held.
COMMAND = """
import sys, time
from careplan.cli import main
try:
    main(["questionnaire", "recompute", "--check"])
finally:
    held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(time.process_time(), held.split()[1])
"""

# Of each table the rows that belong to a response.
TABLES = {
    "questionnaire_request": "WHERE one.id IN (SELECT request_id FROM questionnaire_response)",
    "draft": "WHERE one.id IN (SELECT draft_id FROM questionnaire_response)",
    "questionnaire_response": "",
    "response_answer": "",
    "score": "",
}
IDS = {"id", "request_id", "draft_id", "response_id", "corrects_id", "replaces_id"}


def multiplied(connection: sa.Connection, times: int, *, people: bool = False) -> None:
    """Each response so often, with ids of its own: plans, tasks and log rows have no part in this.

    With `people` each copy is of a person of their own, whom no other table knows: foreign keys must be off.
    """
    for table, belonging in TABLES.items():
        columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
        new = {
            name: f"printf('%08x', copy.number) || substr(one.{name}, 9)"
            for name in (IDS | {"patient_id"} if people else IDS)
        }
        new |= {"entry_key": "NULL", "receipt": "copy.number || '-' || one.rowid"}
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({', '.join(columns)}) WITH RECURSIVE copy(number) AS "  # noqa: S608
            f"(SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < {times - 1}) "
            f"SELECT {', '.join(new.get(name, f'one.{name}') for name in columns)} "
            f"FROM {table} AS one, copy {belonging}"
        )


def measured(url: str) -> tuple[str, float, int]:
    """What the command said, its processor seconds, and the most kilobytes it held."""
    environment = os.environ | {"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": url}
    run = subprocess.run(
        [sys.executable, "-c", COMMAND], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    *said, figures = run.stdout.splitlines()
    seconds, kilobytes = figures.split()
    return "\n".join(said), float(seconds), int(kilobytes)


def test_100000_responses_are_recomputed_with_the_memory_of_some_thousand(
    tmp_path: Path, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/careplan.db"
    schema.upgrade(url)
    engine = make_engine(url)
    loaded = load(make_sessions(engine), library, ROOT / "content", patients=200, seed=1, at=MONDAY, in_bulk=True)
    assert loaded is not None
    said, _seconds, few = measured(url)
    assert said == f"{loaded.responses} responses recomputed, 0 scores differ"
    times = -(-RESPONSES // loaded.responses)
    with engine.begin() as connection:
        multiplied(connection, times)
    engine.dispose()
    count = loaded.responses * times
    said, seconds, many = measured(url)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nrecompute {count} responses: {seconds:.1f} s of CPU, {seconds / count * 1e6:.0f} µs a response, "
            f"{many / 1024:.0f} MB at most; {loaded.responses} responses: {few / 1024:.0f} MB"
        )
    assert said == f"{count} responses recomputed, 0 scores differ"
    assert many <= MOST_MEMORY * few
