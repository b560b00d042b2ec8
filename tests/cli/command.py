"""A command run as scripts run it: arguments, standard input and environment in; exit code and output out."""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from careplan.cli import main


@dataclass(frozen=True)
class Run:
    code: object
    out: str
    err: str


class Input(io.BytesIO):
    name = "<stdin>"


def careplan(*arguments: str, stdin: str = "", **environment: str) -> Run:
    """In this process, which has its libraries loaded. The variables of careplan are only those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAREPLAN_")}
    out, err = io.StringIO(), io.StringIO()
    given = io.TextIOWrapper(Input(stdin.encode()))
    with (
        mock.patch.dict(os.environ, kept | environment, clear=True),
        mock.patch("sys.stdin", given),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(list(arguments))
    return Run(ended.value.code or 0, out.getvalue(), err.getvalue())


def demo(path: Path) -> dict[str, str]:
    return {"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": f"sqlite:///{path}/demo.db"}
