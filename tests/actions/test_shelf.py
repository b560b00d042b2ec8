"""Running processes open what is published, without a restart and without a request."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import publications, shelf
from careplan.actions.shelf import Shelf, Watch
from careplan.db import make_sessions
from careplan.library import Library, content_hash
from careplan.library.opening import open_library
from careplan.models import ContentVersion
from tests.actions.texts import TEAM, WORDS, publish, with_words
from tests.content.files import CHAPTER, changed, write
from tests.make import MONDAY, Clinic


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


@pytest.fixture
def put_out() -> list[Library]:
    return []


@pytest.fixture
def opened(library: Library, sessions: sessionmaker[Session], put_out: list[Library]) -> Shelf:
    return Shelf(library, put_out.append, lambda: sessions)


def intro(library: Library, lang: str = "sv") -> str:
    return library.chapters["your-team", lang].sections[-1][1] + library.chapters["your-team", lang].intro


def test_nothing_published_is_nothing_to_open(opened: Shelf, put_out: list[Library]) -> None:
    assert not opened.refresh(at=MONDAY)
    assert put_out == []


def test_what_is_published_is_opened_once_and_the_old_library_stays_whole(
    db: Session, library: Library, clinic: Clinic, opened: Shelf, put_out: list[Library]
) -> None:
    publish(db, library, clinic)
    db.commit()
    assert opened.refresh(at=MONDAY)
    assert not opened.refresh(at=MONDAY)
    (after,) = put_out
    assert WORDS in intro(after)
    assert WORDS not in intro(library)
    uses = [plan for plan in after.plans.values() if plan.lang == "sv" and "your-team" in plan.chapters]
    assert len(uses) > 20
    assert {WORDS in plan.chapters["your-team"].sections[-1][1] for plan in uses} == {True}


def test_what_was_not_changed_is_the_same_object(
    db: Session, library: Library, clinic: Clinic, opened: Shelf, put_out: list[Library]
) -> None:
    publish(db, library, clinic)
    db.commit()
    opened.refresh(at=MONDAY)
    other = next(key for key in library.chapters if key[0] != "your-team")
    assert put_out[0].chapters[other] is library.chapters[other]


def test_a_step_back_is_opened_too(
    db: Session, library: Library, clinic: Clinic, opened: Shelf, put_out: list[Library]
) -> None:
    last = publish(db, library, clinic)
    publications.roll_back(db, library, TEAM, publication_id=last.id, by=clinic.actor["edith"], at=MONDAY)
    db.commit()
    opened.refresh(at=MONDAY)
    assert put_out[0].file(TEAM) == library.file(TEAM)


@pytest.mark.slow
def test_a_process_that_starts_later_has_it_from_the_start(
    db: Session, library: Library, clinic: Clinic, sessions: sessionmaker[Session]
) -> None:
    last = publish(db, library, clinic)
    db.commit()
    started, at = open_library(library.tree.root, sessions)
    assert WORDS in intro(started)
    assert at == last.id


def test_a_watch_opens_it_by_itself_within_seconds(
    db: Session,
    library: Library,
    clinic: Clinic,
    opened: Shelf,
    put_out: list[Library],
    monkeypatch: pytest.MonkeyPatch,
    watched: Watch,
) -> None:
    publish(db, library, clinic)
    db.commit()
    deadline = datetime.now(UTC).timestamp() + 20
    while not put_out and datetime.now(UTC).timestamp() < deadline:
        watched.join(0.05)
    assert WORDS in intro(put_out[0])


@pytest.fixture
def watched(opened: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(shelf, "SECONDS", 0.05)
    watch = Watch(opened)
    watch.start()
    yield watch
    watch.stop()


def test_the_app_opens_with_the_last_good_version_of_a_broken_file(
    db: Session, sessions: sessionmaker[Session], clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db.add(
        ContentVersion(
            hash=content_hash(CHAPTER),
            kind="chapter",
            content_id="team",
            lang="sv",
            version="1",
            text=CHAPTER,
            published_at=MONDAY,
        )
    )
    db.commit()
    write(tmp_path, chapter=changed(CHAPTER, "Du når oss", "<b>Du</b> når oss"))
    library, _last = open_library(tmp_path, sessions)
    assert "Du når oss" in library.chapters["team", "sv"].intro
    assert [fault.line for fault in library.faults] == [9]
    assert "content_not_used" in capsys.readouterr().out


@pytest.mark.slow
def test_without_a_database_the_files_are_opened(library: Library, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/empty.db")
    opened, last = open_library(library.tree.root, make_sessions(engine))
    engine.dispose()
    assert (opened.plans.keys(), last) == (library.plans.keys(), 0)


@pytest.mark.slow
def test_two_processes_open_the_same(
    db: Session, library: Library, clinic: Clinic, sessions: sessionmaker[Session]
) -> None:
    libraries: list[Library] = []
    processes = [Shelf(library, libraries.append, lambda: sessions) for _process in range(2)]
    publish(db, library, clinic, with_words(library, "Ett."))
    db.commit()
    assert [process.refresh(at=MONDAY) for process in processes] == [True, True]
    assert libraries[0].files == libraries[1].files
