"""A nightly round over 100,000 active plans: under five minutes, with the memory that it takes for 10,000."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from careplan.config import ROOT
from careplan.library import Library
from tests.bench.nightly import PROTOTYPES, SILENT, TO_ORDER, TO_REMIND, build

pytestmark = pytest.mark.bench

FEW, MANY = 10_000, 100_000
MOST_SECONDS, MOST_MEMORY = 300, 1.3
JOBS = ("expire_requests", "order_forms", "remind", "keep_lists")

# A process of its own says what it did, how long each job took on the clock, and the most memory that it ever held.
ROUND = """
import sys, time
from careplan.config import Settings
from careplan.jobs import Worker
from tests.make import MONDAY
worker = Worker.from_settings(Settings())
worker.clock = lambda: MONDAY
for job in sys.argv[1:]:
    before = time.perf_counter()
    done = getattr(worker, job)()
    print(job, done, time.perf_counter() - before)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def measured(url: str) -> tuple[dict[str, tuple[int, float]], int]:
    """Of each job how much it did and its seconds; and the most kilobytes held."""
    environment = os.environ | {"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": url}
    run = subprocess.run(
        [sys.executable, "-c", ROUND, *JOBS], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    *jobs, kilobytes = run.stdout.splitlines()
    told = [line.split() for line in jobs]
    return {job: (int(done), float(seconds)) for job, done, seconds in told}, int(kilobytes)


def test_a_night_over_100000_plans_takes_under_five_minutes_with_flat_memory(
    tmp_path: Path, library: Library, figure: Callable[..., None]
) -> None:
    told, kilobytes = {}, {}
    for plans in (FEW, MANY):
        path = tmp_path / f"{plans}.db"
        told[plans], kilobytes[plans] = measured(build(path, library, plans=plans))
        path.unlink()
        of_each = plans // PROTOTYPES
        assert told[plans]["order_forms"][0] == of_each * len(TO_ORDER)
        assert told[plans]["remind"][0] == of_each * (len(TO_REMIND) + len(SILENT))
        assert told[plans]["keep_lists"][0] >= of_each
    for job in JOBS:
        figure(f"the nightly round over {MANY:,} plans: {job}", told[MANY][job][1], "s")
    figure(
        "the nightly round, all of it",
        sum(seconds for _done, seconds in told[MANY].values()),
        "s",
        at_most=MOST_SECONDS,
    )
    figure("its memory to that of a tenth of the plans", kilobytes[MANY] / kilobytes[FEW], at_most=MOST_MEMORY)
