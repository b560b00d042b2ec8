"""How long until the app answers: a process that starts, with all content."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from careplan.config import ROOT

pytestmark = pytest.mark.bench

START = """
import time
from careplan import create_app
from careplan.config import Settings
create_app(Settings(demo=True, database_url="sqlite:///unused.db"))
print(time.process_time())
"""


def test_the_app_starts_in_less_than_two_seconds_with_all_content(figure: Callable[..., None]) -> None:
    """From nothing: the interpreter, every import, and all content read, checked and compiled. What a restart costs
    the clinic, and whoever tries a change out."""
    spent = []
    for _repeat in range(4):
        run = subprocess.run([sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True)
        spent.append(float(run.stdout))
    figure("start-up with all content, CPU", min(spent), "s", at_most=2)
