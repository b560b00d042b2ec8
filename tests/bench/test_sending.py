"""What sending a form costs: statements, and processor time against the driver alone."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.db import make_engine, make_sessions
from careplan.domain.questionnaire import Questionnaire
from careplan.models import Draft
from tests import make
from tests.actions import forms

pytestmark = pytest.mark.bench

ITEMS, DRAFTS, REPEATS = 30, 25, 5

# A statement as the driver was given it: text, parameters, and whether they are many rows.
Sent = tuple[str, Any, bool]


@pytest.fixture
def template(_sqlite_template: tuple[Path, make.Clinic]) -> tuple[Path, make.Clinic]:
    return _sqlite_template


def fill(path: Path, clinic: make.Clinic, items: int, count: int) -> tuple[Questionnaire, list[UUID]]:
    """Drafts of a form of so many items, each with all of them answered."""
    engine = make_engine(f"sqlite:///{path}")
    questionnaire, text = forms.form(items)
    with make_sessions(engine).begin() as db:
        library = forms.publish(db, questionnaire, text)
        drafts = []
        for _draft in range(count):
            draft = forms.begin(db, forms.ask(db, library, clinic, questionnaire.id), by=clinic.actor["astrid"])
            answers = {f"q{n}": 8 if n == 1 else n % 5 for n in range(1, items + 1)}
            forms.fill(db, questionnaire, draft, answers, by=clinic.actor["astrid"])
            drafts.append(draft.id)
    engine.dispose()
    return questionnaire, drafts


@contextmanager
def submitting(path: Path, clinic: make.Clinic, questionnaire: Questionnaire, draft_id: UUID) -> Iterator[Any]:
    """A database, and a function that sends the draft and commits, with what the view has fetched before."""
    engine = make_engine(f"sqlite:///{path}")
    sessions = make_sessions(engine)
    with sessions() as db:
        contact = forms.contact(db, db.get_one(Draft, draft_id), at=make.MONDAY)

    def send(db: Session, draft: Draft) -> None:
        responses.submit(
            db,
            questionnaire,
            draft,
            responses.Sending(wishes=("q1",), urgency="week"),
            contact=contact,
            version=draft.version,
            by=clinic.actor["astrid"],
            at=make.MONDAY,
        )
        db.commit()

    yield engine, sessions, send
    engine.dispose()


def fetched(db: Session, draft_id: UUID) -> Draft:
    draft = db.get_one(Draft, draft_id)
    assert draft.request is not None
    return draft


def recorded(path: Path, clinic: make.Clinic, questionnaire: Questionnaire, drafts: list[UUID]) -> list[list[Sent]]:
    """What the driver is asked for each draft."""
    told: list[list[Sent]] = []
    with submitting(path, clinic, questionnaire, drafts[0]) as (engine, sessions, send):

        def note(_connection: Any, _cursor: Any, text: str, parameters: Any, _context: Any, is_many: bool) -> None:
            told[-1].append((text, parameters, is_many))

        for draft_id in drafts:
            with sessions() as db:
                draft = fetched(db, draft_id)
                told.append([])
                sa.event.listen(engine, "before_cursor_execute", note)
                send(db, draft)
                sa.event.remove(engine, "before_cursor_execute", note)
    return told


def submit_seconds(path: Path, clinic: make.Clinic, questionnaire: Questionnaire, drafts: list[UUID]) -> float:
    spent = []
    with submitting(path, clinic, questionnaire, drafts[0]) as (_engine, sessions, send):
        for draft_id in drafts:
            with sessions() as db:
                draft = fetched(db, draft_id)
                before = time.process_time()
                send(db, draft)
                spent.append(time.process_time() - before)
    return min(spent)


def driver_seconds(path: Path, told: list[list[Sent]]) -> float:
    """The same statements with the same rows in one transaction a draft, every row of every answer fetched."""
    spent = []
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "journal_mode=TRUNCATE", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for statements in told:
        connection.execute("BEGIN IMMEDIATE")
        before = time.process_time()
        cursor = connection.cursor()
        for text, parameters, is_many in statements:
            if is_many:
                cursor.executemany(text, parameters)
            else:
                cursor.execute(text, parameters).fetchall()
        connection.execute("COMMIT")
        spent.append(time.process_time() - before)
    connection.close()
    return min(spent)


def test_sending_asks_the_database_as_often_for_thirty_items_as_for_five(
    template: tuple[Path, make.Clinic], tmp_path: Path, figure: Callable[..., None]
) -> None:
    """A long form is no slower to store than a short one but for its rows: answers go in by one statement."""
    counts = {}
    for items in (5, 15, 30):
        path = shutil.copy(template[0], tmp_path / f"{items}.db")
        questionnaire, drafts = fill(path, template[1], items, 1)
        (statements,) = recorded(path, template[1], questionnaire, drafts)
        counts[items] = len(statements)
        figure(f"statements to send a form of {items} items", len(statements))
    assert len(set(counts.values())) == 1, counts


def test_submit_costs_at_most_six_times_the_driver_doing_the_same(
    template: tuple[Path, make.Clinic], tmp_path: Path, figure: Callable[..., None]
) -> None:
    """What rules, scores, flags and the ORM add when a patient presses Send. The driver is given what `submit` gave it,
    draft by draft: the same statements and rows, in one transaction that is committed to the disk as ours is."""
    filled = tmp_path / "filled.db"
    shutil.copy(template[0], filled)
    questionnaire, drafts = fill(filled, template[1], ITEMS, DRAFTS)

    def copy(name: str) -> Path:
        return Path(shutil.copy(filled, tmp_path / name))

    told = recorded(copy("recorded.db"), template[1], questionnaire, drafts)
    ours, raw = [], []
    for _repeat in range(REPEATS):
        ours.append(submit_seconds(copy("ours.db"), template[1], questionnaire, drafts))
        raw.append(driver_seconds(copy("raw.db"), told))
    figure("sending 30 items: the driver alone", min(raw) * 1e6, "µs")
    figure("sending 30 items: actions.responses.submit", min(ours) * 1e6, "µs")
    figure("submit to the driver alone", min(ours) / min(raw), at_most=6)
