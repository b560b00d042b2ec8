"""Sixteen people who read at the same time, on SQLite, from the real server."""

import gzip
import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from careplan.config import ROOT
from careplan.db import make_engine
from careplan.models import AuditEvent

pytestmark = pytest.mark.bench

PATIENTS, STAFF = ("astrid", "bo"), ("karin", "nils")
CLIENTS = 16
BURST_SECONDS, BURSTS = 3.0, 5
MOST_WAITING = 2.0
STARTING_SECONDS = 60


class Reader:
    """One browser: logs in, then asks for its pages in turn over one connection."""

    def __init__(self, port: int, username: str, offset: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/logga-in"))
        assert token is not None
        self._ask("POST", "/logga-in/demo", urlencode({"person": username, "csrf_token": token[1]}), expect=303)
        pages = self._staff_pages() if username in STAFF else self._patient_pages()
        self.pages = cycle(pages[offset % len(pages) :] + pages[: offset % len(pages)])
        self.waits: list[float] = []

    def get(self, path: str) -> str:
        return gzip.decompress(self._ask("GET", path)).decode()

    def close(self) -> None:
        self.connection.close()

    def read_until(self, ends: float) -> None:
        self.close()  # the server may have closed it while the others read; the next request opens it anew
        while (before := time.monotonic()) < ends:
            self._ask("GET", next(self.pages))
            self.waits.append(time.monotonic() - before)

    def _status(self, path: str) -> int:
        self.connection.request("GET", path, headers={"Cookie": self.cookie})
        response = self.connection.getresponse()
        response.read()
        return response.status

    def _ask(self, method: str, path: str, body: str | None = None, expect: int = 200) -> bytes:
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        sent = response.read()
        assert response.status == expect, f"{path}: {response.status}"
        if response.headers["Set-Cookie"]:
            self.cookie = response.headers["Set-Cookie"].partition(";")[0]
        return sent

    def _patient_pages(self) -> list[str]:
        chapters = re.findall(r'href="(/plan/[^"?]+)"', self.get("/plan"))  # not the comparing of versions
        return ["/hem", "/plan", "/svar", *chapters[:3]]

    def _staff_pages(self) -> list[str]:
        cases = re.findall(r'href="(/uppgifter/[^"]+)"', self.get("/arbetslista"))
        shown = [case for case in cases[:8] if self._status(case) == 200]  # a review has a page of its own
        return ["/arbetslista", *shown[:3], "/patienter"]


@contextmanager
def readers(port: int) -> Iterator[list[Reader]]:
    usernames = PATIENTS + STAFF
    made = [Reader(port, usernames[number % len(usernames)], number) for number in range(CLIENTS)]
    yield made
    for reader in made:
        reader.close()


@contextmanager
def serving(url: str, *program: str) -> Iterator[int]:
    """`careplan serve` as production runs it, on a free port, which is given."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": url}
    command = [sys.executable, *program, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("careplan serve did not start")


def burst(all_readers: list[Reader]) -> tuple[float, list[float]]:
    """All read at once for a while: pages a second, and how long each took."""
    for reader in all_readers:
        reader.waits = []
    began = time.monotonic()
    threads = [threading.Thread(target=reader.read_until, args=(began + BURST_SECONDS,)) for reader in all_readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits = [wait for reader in all_readers for wait in reader.waits]
    return len(waits) / (time.monotonic() - began), waits


def events(url: str) -> int:
    engine = make_engine(url)
    with engine.connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    engine.dispose()
    return count or 0


def test_sixteen_readers_who_are_logged_read_half_as_fast_as_unlogged_ones_and_nobody_waits_long(
    today: Callable[[str], str], figure: Callable[..., None]
) -> None:
    """A clinic's Monday morning on the default database: nurses at their lists, patients at their plans, each page
    with its log row on the disk before it is shown. Bursts take turns with the same server without the row, so that
    what else the machine does falls on both."""
    urls = today("logged"), today("unlogged")
    with (
        serving(urls[0], "-m", "careplan.cli") as port,
        serving(urls[1], "-m", "tests.bench.unlogged") as bare_port,
        readers(port) as logged,
        readers(bare_port) as unlogged,
    ):
        burst(logged), burst(unlogged)  # warm
        before = events(urls[0]), events(urls[1])
        rates, bare_rates, waits = [], [], []
        for _burst in range(BURSTS):
            rate, waited = burst(logged)
            rates.append(rate)
            waits += waited
            bare_rates.append(burst(unlogged)[0])
        after = events(urls[0]), events(urls[1])
    assert after[0] - before[0] >= len(waits)
    assert after[1] == before[1]
    waits.sort()
    figure("16 readers, each page logged", statistics.median(rates), "/s")
    figure("16 readers, the same pages without the log row", statistics.median(bare_rates), "/s")
    figure("a logged page's wait, median", statistics.median(waits) * 1000, "ms")
    figure("a logged page's wait, 99 of 100", waits[len(waits) * 99 // 100] * 1000, "ms")
    # Nobody waits for long beyond his turn, however slow the machine is at the moment.
    figure("the longest wait to the mean", waits[-1] / statistics.mean(waits))
    ratio = statistics.median(rate / bare for rate, bare in zip(rates, bare_rates, strict=True))
    figure("rate with the log row to rate without", ratio, at_least=0.5)
    figure("a logged page's wait, the longest", waits[-1], "s", at_most=MOST_WAITING)
