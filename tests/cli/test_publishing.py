"""Real processes: they open what is published by themselves, and start with content that has an error."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.config import ROOT
from careplan.library import Library
from tests.actions.texts import publish
from tests.make import Clinic
from tests.processes import accepts, until

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "careplan.cli"]


@pytest.fixture
def environment(database: tuple[str, Clinic], tmp_path: Path) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "CAREPLAN_DEMO": "1",
        "CAREPLAN_DATABASE_URL": database[0],
        "CAREPLAN_QUEUE_PATH": f"{tmp_path}/queue.db",
        "CAREPLAN_BASE_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def serving(environment: dict[str, str], out: Path) -> Iterator[Callable[[], str]]:
    """A server with its worker, and what they have said so far."""
    port = environment["CAREPLAN_BASE_URL"].rpartition(":")[2]
    command = [*COMMAND, "serve", "--with-worker", "--port", port]
    with out.open("wb") as file, subprocess.Popen(command, env=environment, stdout=file, stderr=file) as server:
        try:
            yield lambda: out.read_text(errors="replace")
        finally:
            server.terminate()


def answers(environment: dict[str, str]) -> bool:
    host, _colon, port = environment["CAREPLAN_BASE_URL"].removeprefix("http://").rpartition(":")
    return accepts(host, int(port))


def test_the_server_and_the_worker_open_a_publication_within_seconds(
    db: Session, library: Library, clinic: Clinic, environment: dict[str, str], tmp_path: Path
) -> None:
    with serving(environment, tmp_path / "out") as said:
        assert until(lambda: answers(environment) and (tmp_path / "queue.db").exists()), said()
        publish(db, library, clinic)
        db.commit()
        assert until(lambda: said().count("publications_opened") == 2), said()


def test_the_app_starts_with_the_last_good_version_of_a_broken_file_and_the_log_says_so(
    db: Session, library: Library, environment: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    broken = tmp_path / "content/chapters/your-team.sv.md"
    broken.write_text(broken.read_text() + "\n<script>alert(1)</script>\n")
    refused = subprocess.run([*COMMAND, "check", str(tmp_path / "content")], capture_output=True, text=True)
    assert refused.returncode == 1
    assert f"{broken}:{len(broken.read_text().splitlines())}: HTML is not allowed" in refused.stdout
    with serving(environment | {"CAREPLAN_CONTENT_PATH": str(tmp_path / "content")}, tmp_path / "out") as said:
        assert until(lambda: answers(environment)), said()
        assert "content_not_used" in said()
        assert "your-team.sv.md" in said()
    assert db.scalar(sa.text("SELECT count(*) FROM content_version WHERE text LIKE '%<script>%'")) == 0
