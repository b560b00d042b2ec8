"""10,000 notices through a dispatcher that is killed and a server that is away, refuses and is slow for a while."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from careplan import schema
from careplan.config import ROOT
from careplan.db import make_engine
from careplan.models import OutboxMessage
from tests.make import MONDAY
from tests.notify.postoffice import PostOffice, post_office

pytestmark = [pytest.mark.torture, pytest.mark.slow]

NOTICES, UNREACHABLE, KILLS = 10_000, 100, 5
MOST_TWICE = 0.01

# The dispatcher as the worker runs it, over and over; an hour of its clock is two seconds, so that pauses pass.
DISPATCHER = """
import sys, time
from datetime import timedelta
from pathlib import Path
from careplan.db import make_engine, make_sessions
from careplan.notify import Channels, Notices, send_due
from tests.make import MONDAY
database, smtp, started = sys.argv[1], sys.argv[2], float(sys.argv[3])
clock = lambda: MONDAY + timedelta(seconds=(time.time() - started) * 1800)
channels = Channels(smtp_url=smtp, mail_from="noreply@example.org")
sessions, notices = make_sessions(make_engine(database)), Notices.load(Path("content"))
while True:
    send_due(sessions, notices, channels, base_url="https://plan.example.org", clock=clock)
    time.sleep(0.05)
"""


def fill(url: str) -> None:
    schema.upgrade(url)
    engine = make_engine(url)
    rows = [
        {
            "id": uuid4(),
            "person_id": None,
            # Some have nowhere to go: these are to be shown as failed, not tried for ever.
            "address": "" if number < UNREACHABLE else f"n{number}@example.org",
            "template": "form-due",
            "channel": "email",
            "created_at": MONDAY,
            "next_attempt_at": MONDAY,
            "status": "pending",
        }
        for number in range(NOTICES)
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(OutboxMessage), rows)
    engine.dispose()


def statuses(url: str) -> Counter[str]:
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(OutboxMessage.status, sa.func.count()).group_by(OutboxMessage.status))
        found = Counter({row[0]: row[1] for row in rows})
    engine.dispose()
    return found


def dispatcher(url: str, office: PostOffice, started: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", DISPATCHER, url, office.url, str(started)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)


def until(office: PostOffice, letters: int, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while len(office.letters) < letters and time.monotonic() < end:
        time.sleep(0.02)


def test_each_of_10000_notices_is_delivered_or_shown_as_failed_and_few_come_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/outbox.db"
    fill(url)
    started = time.time()
    with post_office() as office:
        for kill in range(1, KILLS + 1):
            run = dispatcher(url, office, started)
            until(office, kill * 1000 + kill * 7)
            # In the middle of a batch, with some of it handed over.
            run.send_signal(signal.SIGKILL)
            run.wait()
        last = dispatcher(url, office, started)
        until(office, 6000)
        office.refusal = "451 come back later"
        time.sleep(2)
        office.refusal, office.delay = None, 0.05
        time.sleep(3)
        office.delay = 0.0
        office.is_deaf = True
        time.sleep(2)
        office.is_deaf = False
        end = time.monotonic() + 240
        while statuses(url)["pending"] and time.monotonic() < end:
            time.sleep(0.5)
        last.send_signal(signal.SIGKILL)
        last.wait()
        told = Counter(match[1] for letter in office.letters if (match := re.search(r"^To: (n\d+)@", letter, re.M)))
    assert statuses(url) == {"sent": NOTICES - UNREACHABLE, "failed": UNREACHABLE}
    assert len(told) == NOTICES - UNREACHABLE
    assert sum(count - 1 for count in told.values()) < MOST_TWICE * NOTICES
