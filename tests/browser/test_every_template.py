"""Every template as a patient reads it on a phone and at a desk: the whole line of chapters, and one of its own."""

import pytest
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.library.revisions import chapters_in
from tests.browser.visitor import AT_A_PHONE, Visit
from tests.every_template import letters, pieces_of, signed_whole
from tests.make import Clinic

pytestmark = [pytest.mark.browser, AT_A_PHONE]

UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"


def test_every_template_is_read_back_from_the_screen(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    astrid = visit("astrid")
    shared = {chapter_id for chapter_id, _lang in library.chapters}
    for definition in library.plans.values():
        revision = signed_whole(db, library, clinic, definition)
        content = revision.content
        astrid.go("/plan")
        astrid.page.evaluate(UNFOLD)
        said = letters(astrid.text)
        missing = [chapter["title"] for chapter in chapters_in(content) if letters(chapter["title"]) not in said]
        assert not missing, f"{definition.id}: {missing}"

        own = max((each for each in chapters_in(content) if each["id"] not in shared), key=lambda each: len(str(each)))
        astrid.link(own["title"])
        astrid.page.evaluate(UNFOLD)
        said = letters(astrid.text)
        lost = [piece for piece in pieces_of(own) if letters(piece) not in said]
        assert not lost, f"{definition.id}, {own['id']}: {lost}"
