"""What holds: the last publication, while its file is as it was; and the step back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import drafts, publications
from careplan.db import make_sessions
from careplan.library import Library
from careplan.library.files import Tree, file_of
from careplan.models import Publication
from tests.actions.texts import TEAM, edit, publish, with_words
from tests.make import MONDAY, Clinic

GERMAN = ("chapter", "your-team", "de")


def back(db: Session, library: Library, clinic: Clinic, last: Publication) -> Publication:
    place = (last.kind, last.content_id, last.lang)
    publications.roll_back(db, library, place, publication_id=last.id, by=clinic.actor["edith"], at=MONDAY)
    found = publications.last_of(db, place)
    assert found is not None
    return found


def test_one_step_back_and_the_version_before_holds(db: Session, library: Library, clinic: Clinic) -> None:
    first = publish(db, library, clinic)
    second = publish(db, library, clinic, with_words(library, "Andra ord."))
    undone = back(db, library, clinic, second)
    assert publications.holds(db, library, TEAM) == first.hash
    assert (undone.undoes_id, undone.published_by_id) == (second.id, clinic.actor["edith"].person_id)


def test_a_second_step_leads_further_back_and_a_third_one_nowhere(
    db: Session, library: Library, clinic: Clinic
) -> None:
    publish(db, library, clinic)
    second = publish(db, library, clinic, with_words(library, "Andra ord."))
    at_file = back(db, library, clinic, back(db, library, clinic, second))
    assert publications.holds(db, library, TEAM) == library.file_hash(TEAM)
    assert not publications.can_be_undone(at_file)
    with pytest.raises(publications.NothingBefore):
        back(db, library, clinic, at_file)


def test_a_translation_that_is_taken_back_is_there_no_longer(db: Session, library: Library, clinic: Clinic) -> None:
    text = with_words(library)
    added = publish(db, library, clinic, text, place=GERMAN)
    assert (added.before_hash, added.file_hash) == (None, "")
    assert publications.holds(db, library, GERMAN) == added.hash
    back(db, library, clinic, added)
    assert publications.holds(db, library, GERMAN) == ""


def test_who_looked_at_an_older_publication_takes_nothing_back(db: Session, library: Library, clinic: Clinic) -> None:
    first = publish(db, library, clinic)
    publish(db, library, clinic, with_words(library, "Andra ord."))
    with pytest.raises(publications.PublicationChanged):
        back(db, library, clinic, first)


def test_a_file_that_was_changed_since_holds_over_what_was_published(
    db: Session, library: Library, clinic: Clinic
) -> None:
    last = publish(db, library, clinic)
    newer = f"{library.tree.texts[file_of(TEAM)]}\nNya ord i filen.\n"
    deployed = replace(library, tree=Tree(library.tree.root, {**library.tree.texts, file_of(TEAM): newer}))
    assert publications.holds(db, deployed, TEAM) != last.hash
    with pytest.raises(publications.NothingBefore):
        back(db, deployed, clinic, last)


def test_what_is_published_over_a_newer_file_is_based_on_that_file(
    db: Session, library: Library, clinic: Clinic
) -> None:
    draft = edit(db, library, clinic)
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    draft.base_hash = "0" * 64
    db.flush()
    with pytest.raises(drafts.DraftOutdated):
        drafts.approve(db, library, draft, notify="now", version=draft.version, by=clinic.actor["ebba"], at=MONDAY)


def test_of_two_who_go_back_at_once_one_does(db: Session, engine: sa.Engine, library: Library, clinic: Clinic) -> None:
    publish(db, library, clinic)
    last = publish(db, library, clinic, with_words(library, "Andra ord."))
    seen = last.id
    db.commit()
    sessions = make_sessions(engine)

    def go_back(who: str) -> bool:
        with sessions() as own:
            try:
                publications.roll_back(own, library, TEAM, publication_id=seen, by=clinic.actor[who], at=MONDAY)
            except publications.PublicationChanged:
                own.rollback()
                return False
            own.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go_back, ("edith", "ebba"))) == [False, True]
    assert db.scalar(sa.select(sa.func.count()).select_from(Publication)) == 3
