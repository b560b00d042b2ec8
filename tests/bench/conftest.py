"""Measuring: processor time, the best of several; each figure beside its limit in one table at the end."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from careplan import schema
from careplan.config import ROOT
from careplan.db import make_engine, make_sessions
from careplan.demo.loading import load
from careplan.library import Library
from tests import make


@dataclass(frozen=True)
class Figure:
    what: str
    value: float
    unit: str
    limit: float | None
    is_floor: bool

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.is_floor else self.value <= self.limit

    def row(self) -> str:
        said = f"{self.what:<66} {self.value:>9.4g} {self.unit:<6}"
        if self.limit is None:
            return said.rstrip()
        bound = "at least" if self.is_floor else "at most"
        missed = "" if self.holds else "  MISSED"
        return f"{said} {bound:>8} {self.limit:>7g}   {self.value / self.limit:>6.2f} of it{missed}"


FIGURES = pytest.StashKey[list[Figure]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Notes a figure for the table; one over its limit (or under it, where it is a floor) fails the test."""
    noted = request.config.stash.setdefault(FIGURES, [])

    def note(
        what: str, value: float, unit: str = "", *, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        found = Figure(what, value, unit, at_most if at_least is None else at_least, at_least is not None)
        noted.append(found)
        assert found.holds, found.row()

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    noted = config.stash.get(FIGURES, [])
    if noted:
        terminalreporter.section("figures")
        for found in noted:
            terminalreporter.write_line(found.row())


def cpu_seconds(call: Callable[[], object], *, rounds: int = 1, repeats: int = 7) -> float:
    """Processor time of one call, in this process: the best of several, since others' work only ever adds to it."""
    best = float("inf")
    for _repeat in range(repeats):
        before = time.process_time()
        for _round in range(rounds):
            call()
        best = min(best, (time.process_time() - before) / rounds)
    return best


def _clinic(path: Path, library: Library, at: datetime) -> Path:
    url = f"sqlite:///{path}"
    schema.upgrade(url)
    engine = make_engine(url)
    load(make_sessions(engine), library, ROOT / "content", patients=None, seed=1, at=at, in_bulk=True)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _monday(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    return _clinic(tmp_path_factory.mktemp("monday") / "careplan.db", library, make.MONDAY)


@pytest.fixture(scope="session")
def _today(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    return _clinic(tmp_path_factory.mktemp("today") / "careplan.db", library, datetime.now(UTC))


@pytest.fixture
def monday(_monday: Path, tmp_path: Path) -> Iterator[str]:
    """The demonstration's clinic, a year behind it, on Monday 16 November 2026 at 10.20: the URL of a copy."""
    yield f"sqlite:///{shutil.copy(_monday, tmp_path / 'monday.db')}"


@pytest.fixture
def today(_today: Path, tmp_path: Path) -> Callable[[str], str]:
    """The same clinic as it is now, for servers with a real clock: gives the URL of a copy by that name."""
    return lambda name: f"sqlite:///{shutil.copy(_today, tmp_path / f'{name}.db')}"
