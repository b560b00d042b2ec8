"""The demonstration's editors: a draft waits for the second of them."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.demo.clinic import read_clinic
from careplan.demo.editing import read_changes, tell
from careplan.demo.loading import SYSTEM
from careplan.demo.staff import employ_staff
from careplan.library import Library
from careplan.models import ContentDraft
from tests.make import MONDAY


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_draft_waits_for_review_and_says_what_it_changes(db: Session, library: Library) -> None:
    content_path = library.tree.root
    told = read_changes(content_path)
    assert all(each.before in library.file((each.kind, each.id, each.lang)).text for each in told)
    db.execute(sa.text("UPDATE account SET username = 'test-' || username"))
    tell(db, library, told, employ_staff(db, read_clinic(content_path), by=SYSTEM, at=MONDAY), at=MONDAY)
    drafts = db.scalars(sa.select(ContentDraft)).all()
    assert [(draft.status, draft.content_id) for draft in drafts] == [("in-review", each.id) for each in told]
