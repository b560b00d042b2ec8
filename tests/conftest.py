"""The app on a real database, made by the real migrations; the cast; the clock."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from careplan import create_app, pdf, schema
from careplan.actions import content
from careplan.config import ROOT, Settings
from careplan.db import make_engine, make_sessions
from careplan.library import Library
from tests import make
from tests.people import Human
from tests.pristine import Pristine

POSTGRES = os.environ.get("CAREPLAN_TEST_POSTGRES_URL", "")
# Templates that one worker has compiled serve the other, and the next run, for as long as their text is the same.
(ROOT / "var/test-templates").mkdir(parents=True, exist_ok=True)
COMPILED = FileSystemBytecodeCache(ROOT / "var/test-templates")


# A test leaves little behind, beside modules and content that stay: looking through all of it each time took a tenth.
gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    gc.freeze()


class Clock:
    """The time that the app believes in. Tests set `at`."""

    def __init__(self) -> None:
        self.at = make.MONDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(ROOT / "content")


@pytest.fixture(scope="session")
def _app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings(demo=True, database_url=f"sqlite:///{tmp_path_factory.mktemp('app')}/unused.db")
    app = create_app(settings, library=library)
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory, library: Library) -> tuple[Path, make.Clinic]:
    path = tmp_path_factory.mktemp("database") / "template.db"
    return path, fill(f"sqlite:///{path}", library)


@contextmanager
def on_postgres() -> Iterator[str]:
    """The URL of an empty database on the server of the tests."""
    if not POSTGRES:
        if os.environ.get("CI"):
            pytest.fail("CI is set, and CAREPLAN_TEST_POSTGRES_URL names no server")
        pytest.skip("CAREPLAN_TEST_POSTGRES_URL names no PostgreSQL server")
    name = f"test_{uuid4().hex}"
    _on_server(f"CREATE DATABASE {name}")
    yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _postgres(library: Library) -> Iterator[tuple[str, make.Clinic, Pristine]]:
    with on_postgres() as url:
        clinic = fill(url, library)
        pristine = Pristine(url)
        yield url, clinic, pristine
        pristine.close()


DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, make.Clinic]]:
    """The URL of this test's own database, filled with the cast, and the cast."""
    if request.param == "sqlite":
        template, clinic = request.getfixturevalue("_sqlite_template")
        shutil.copy(template, tmp_path / "careplan.db")
        yield f"sqlite:///{tmp_path}/careplan.db", clinic
        return
    url, clinic, pristine = request.getfixturevalue("_postgres")
    yield url, clinic
    pristine.restore()


class Switchboard:
    """One engine a kind of database, put through to each test's own: what SQLAlchemy has compiled outlives the test."""

    def __init__(self) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._now: dict[str, sa.URL] = {}

    def put_through(self, url: str) -> sa.Engine:
        to = sa.make_url(url)
        if to != self._now.get(to.drivername, to):
            self._engines[to.drivername].dispose()
        self._now[to.drivername] = to
        if to.drivername not in self._engines:
            self._engines[to.drivername] = self._make(to)
        return self._engines[to.drivername]

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()

    def _make(self, url: sa.URL) -> sa.Engine:
        engine = make_engine(url.render_as_string(hide_password=False))

        def connect(_dialect: sa.Dialect, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
            there, named = engine.dialect.create_connect_args(self._now[url.drivername])
            arguments[:] = there
            options |= named

        sa.event.listen(engine, "do_connect", connect)
        if url.get_backend_name() == "sqlite":
            # The files are thrown away: nothing waits for the disk. Other processes do, as in production.
            sa.event.listen(engine, "connect", _spare_the_disk)
        return engine


def _spare_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


@pytest.fixture(scope="session")
def _switchboard() -> Iterator[Switchboard]:
    switchboard = Switchboard()
    yield switchboard
    switchboard.close()


@pytest.fixture
def engine(database: tuple[str, make.Clinic], _switchboard: Switchboard) -> sa.Engine:
    return _switchboard.put_through(database[0])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(_app: Flask, engine: sa.Engine, clock: Clock) -> Flask:
    _app.extensions["db_sessions"] = make_sessions(engine)
    _app.extensions["clock"] = clock
    return _app


class Shelf:
    """The printer, who takes a document that has been printed before from the shelf. Its key is all of its HTML."""

    def __init__(self, printer: pdf.Printer) -> None:
        self._printer = printer
        self._printed: dict[str, bytes] = {}

    def render(self, html: str) -> bytes:
        if html not in self._printed:
            self._printed[html] = self._printer.render(html)
        return self._printed[html]


@pytest.fixture(scope="session")
def _shelf() -> Shelf:
    return Shelf(pdf._printer)


@pytest.fixture
def printed_once(_shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what a document says: the same one is set once a run, which takes a second or more."""
    monkeypatch.setattr(pdf, "_printer", _shelf)


@pytest.fixture
def clinic(database: tuple[str, make.Clinic]) -> make.Clinic:
    return database[1]


@pytest.fixture
def db(engine: sa.Engine) -> Iterator[Session]:
    """A session of the test's own. On SQLite commit (or close) it before the app is asked: one writer at a time."""
    with make_sessions(engine)() as session:
        yield session


@pytest.fixture
def human(app: Flask) -> type[Human]:
    """For a browser nobody is logged in at: `human(app)`."""
    return Human


@pytest.fixture
def nobody(app: Flask) -> Human:
    return Human(app)


def _at_the_browser(username: str) -> object:
    def fixture(app: Flask) -> Human:
        return Human(app, username)

    fixture.__name__ = username
    return pytest.fixture(fixture)


astrid, bo, lina = _at_the_browser("astrid"), _at_the_browser("bo"), _at_the_browser("lina")
karin, nils, lars = _at_the_browser("karin"), _at_the_browser("nils"), _at_the_browser("lars")
freja, mia, mats, edith, ebba, olle = (
    _at_the_browser(name) for name in ("freja", "mia", "mats", "edith", "ebba", "olle")
)


def fill(url: str, library: Library) -> make.Clinic:
    """Make the tables, the cast, and what is published in an empty database."""
    schema.upgrade(url)
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        clinic = make.clinic(session)
        content.publish(session, library, at=make.MONDAY)
        session.commit()
        session.expunge_all()
    engine.dispose()
    return clinic


def _on_server(statement: str) -> None:
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
