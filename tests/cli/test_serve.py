"""careplan serve: why it does not start in one line; its worker; a clean end."""

import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes import until

pytestmark = pytest.mark.slow


def test_a_port_that_is_taken_is_named_before_anything_else_is_done(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "-m", "careplan.cli", "serve", "--port", str(port)],
            env={"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"},
            capture_output=True,
            text=True,
        )
    assert run.returncode == 1
    assert run.stderr == f"careplan: cannot listen on 127.0.0.1:{port}: address already in use; try another --port\n"


def test_the_worker_comes_and_goes_with_the_server(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "CAREPLAN_DEMO": "1",
        "CAREPLAN_DATABASE_URL": f"sqlite:///{tmp_path}/demo.db",
        "CAREPLAN_QUEUE_PATH": f"{tmp_path}/queue.db",
        "CAREPLAN_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "careplan.cli"]
    subprocess.run([*command, "db", "upgrade"], env=environment, check=True, capture_output=True)
    with (
        (tmp_path / "out").open("wb") as out,
        subprocess.Popen(
            [*command, "serve", "--with-worker", "--port", str(port)], env=environment, stdout=out, stderr=out
        ) as server,
    ):
        try:
            assert until(lambda: answers(port) and (tmp_path / "queue.db").exists())
            children = started_by(server.pid)
            assert len(children) == 2  # the web worker and ours
            server.terminate()
            assert server.wait(timeout=40) == 0, (tmp_path / "out").read_text()
            assert until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
        finally:
            server.kill()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.read() == b"ok"
    except OSError:
        return False


def started_by(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found
