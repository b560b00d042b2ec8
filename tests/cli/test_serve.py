"""careplan serve says in one line why it does not start."""

import socket
import subprocess
import sys


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
