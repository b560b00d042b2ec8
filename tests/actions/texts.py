"""Editors' texts in tests: a chapter that many templates use, changed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import drafts, publications
from careplan.library import Library, Place
from careplan.library.publishing import Notify
from careplan.models import ContentDraft, Publication
from tests.make import MONDAY, Clinic

TEAM: Place = ("chapter", "your-team", "sv")
WORDS = "Kaffe finns i väntrummet."


def held(library: Library, place: Place = TEAM) -> str:
    found = library.file(place)
    assert found is not None
    return found.text


def with_words(library: Library, words: str = WORDS, place: Place = TEAM) -> str:
    """The text that holds, and one paragraph more."""
    return f"{held(library, place)}\n{words}\n"


def edit(
    db: Session, library: Library, clinic: Clinic, text: str | None = None, *, who: str = "edith", place: Place = TEAM
) -> ContentDraft:
    under_way = drafts.open_draft(db, place)
    return drafts.save(
        db,
        library,
        place,
        with_words(library, place=place) if text is None else text,
        base=publications.holds(db, library, place),
        version=under_way.version if under_way else None,
        by=clinic.actor[who],
        at=MONDAY,
    )


def publish(
    db: Session,
    library: Library,
    clinic: Clinic,
    text: str | None = None,
    *,
    place: Place = TEAM,
    notify: Notify = "next-visit",
) -> Publication:
    """Edith writes and sends, Ebba approves."""
    draft = edit(db, library, clinic, text, place=place)
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    return drafts.approve(db, library, draft, notify=notify, version=draft.version, by=clinic.actor["ebba"], at=MONDAY)


@pytest.fixture
def shelf_of_its_own(app: Flask) -> Iterator[Flask]:
    """The app, whose library is the one of before when the test is over."""
    library, shelf = app.extensions["library"], app.extensions["shelf"]
    yield app
    app.extensions["library"], shelf.library, shelf.last = library, library, 0
