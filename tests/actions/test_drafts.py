"""What happens to an editor's draft: two people publish, nobody publishes over another, and each step is in the log."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import drafts, publications
from careplan.domain.errors import CareplanError
from careplan.library import Library
from careplan.models import AuditEvent, ContentVersion, Publication
from tests.actions.texts import TEAM, WORDS, edit, held, publish, with_words
from tests.make import MONDAY, Clinic


def test_a_draft_changes_nothing_before_it_is_published(db: Session, library: Library, clinic: Clinic) -> None:
    draft = edit(db, library, clinic)
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    assert publications.last_of(db, TEAM) is None
    assert publications.holds(db, library, TEAM) == library.file_hash(TEAM)


def test_the_second_person_publishes_and_what_holds_is_another_version(
    db: Session, library: Library, clinic: Clinic
) -> None:
    published = publish(db, library, clinic, notify="now")
    assert publications.holds(db, library, TEAM) == published.hash
    assert (published.before_hash, published.file_hash, published.notify) == (
        library.file_hash(TEAM),
        library.file_hash(TEAM),
        "now",
    )
    assert (published.author_id, published.published_by_id) == (
        clinic.actor["edith"].person_id,
        clinic.actor["ebba"].person_id,
    )
    stored = db.get_one(ContentVersion, published.hash)
    assert WORDS in stored.text
    assert drafts.open_draft(db, TEAM) is None


def test_each_step_stands_in_the_log_with_the_text(db: Session, library: Library, clinic: Clinic) -> None:
    publish(db, library, clinic)
    rows = db.execute(
        sa.select(AuditEvent.action, AuditEvent.object_id, AuditEvent.person_name).order_by(AuditEvent.id)
    )
    assert list(rows) == [
        ("save-draft", "chapters/your-team.sv", "Edith Ros"),
        ("send-draft", "chapters/your-team.sv", "Edith Ros"),
        ("publish-draft", "chapters/your-team.sv", "Ebba Lund"),
    ]


@pytest.mark.parametrize("who", ["edith", "ebba"])
def test_nobody_who_has_written_in_a_draft_decides_it(db: Session, library: Library, clinic: Clinic, who: str) -> None:
    edit(db, library, clinic)
    draft = edit(db, library, clinic, with_words(library, "Te finns också."), who="ebba")
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["ebba"], at=MONDAY)
    with pytest.raises(drafts.OwnDraft):
        drafts.approve(db, library, draft, notify="now", version=draft.version, by=clinic.actor[who], at=MONDAY)
    with pytest.raises(drafts.OwnDraft):
        drafts.give_back(db, draft, reason="nej", version=draft.version, by=clinic.actor[who], at=MONDAY)


def test_what_was_given_back_says_why_and_can_be_mended_and_sent_again(
    db: Session, library: Library, clinic: Clinic
) -> None:
    draft = edit(db, library, clinic)
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    with pytest.raises(drafts.ReasonMissing):
        drafts.give_back(db, draft, reason=" ", version=draft.version, by=clinic.actor["ebba"], at=MONDAY)
    drafts.give_back(db, draft, reason="Skriv kortare.", version=draft.version, by=clinic.actor["ebba"], at=MONDAY)
    assert (draft.status, draft.reason) == ("returned", "Skriv kortare.")
    again = edit(db, library, clinic, with_words(library, "Kaffe finns."))
    assert again is draft
    assert draft.status == "draft"


def test_two_who_save_at_once_do_not_write_over_each_other(db: Session, library: Library, clinic: Clinic) -> None:
    first = edit(db, library, clinic)
    seen = first.version
    edit(db, library, clinic, with_words(library, "Ebbas ord."), who="ebba")
    for version in (None, seen):
        with pytest.raises(drafts.DraftChanged):
            drafts.save(
                db,
                library,
                TEAM,
                with_words(library, "Ediths ord."),
                base=publications.holds(db, library, TEAM),
                version=version,
                by=clinic.actor["edith"],
                at=MONDAY,
            )
    assert "Ebbas ord." in first.text


def test_a_page_that_is_old_decides_nothing(db: Session, library: Library, clinic: Clinic) -> None:
    draft = edit(db, library, clinic)
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    old = draft.version
    edit(db, library, clinic, with_words(library, "Nya ord."))
    drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    with pytest.raises(drafts.DraftChanged):
        drafts.approve(db, library, draft, notify="now", version=old, by=clinic.actor["ebba"], at=MONDAY)


def test_a_draft_based_on_what_no_longer_holds_is_not_published(db: Session, library: Library, clinic: Clinic) -> None:
    first = publish(db, library, clinic)
    draft = edit(db, library, clinic, with_words(library, "Andra ord."))
    publications.roll_back(db, library, TEAM, publication_id=first.id, by=clinic.actor["ebba"], at=MONDAY)
    with pytest.raises(drafts.DraftOutdated):
        drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("title:", "titel:"), drafts.DraftBroken),
        (("---\nid", "id"), drafts.DraftBroken),
        (("id: your-team", "id: my-team"), drafts.DraftBroken),
        (("", ""), drafts.NothingChanged),
    ],
)
def test_what_has_errors_or_says_nothing_new_is_not_sent(
    db: Session, library: Library, clinic: Clinic, change: tuple[str, str], error: type[CareplanError]
) -> None:
    draft = edit(db, library, clinic, held(library).replace(*change))
    with pytest.raises(error):
        drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)


@pytest.mark.parametrize(
    "body",
    [
        "<b>fet</b>",
        "<script>alert(1)</script>",
        "[här](javascript:alert(1))",
        "![](https://example.com/x.png)",
        "[här](https://example.com/)",
        "{{ nurse.__class__ }}",
        "{% include 'your-team' %}",
        "## Dela {#dela}",
    ],
)
def test_what_could_do_harm_is_kept_in_no_version(db: Session, library: Library, clinic: Clinic, body: str) -> None:
    draft = edit(db, library, clinic, with_words(library, body))
    with pytest.raises(drafts.DraftBroken):
        drafts.send(db, library, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    assert db.scalar(sa.select(sa.func.count()).select_from(Publication)) == 0


@pytest.mark.parametrize("place", [("questionnaire", "needs", ""), ("chapter", "no-such", "sv"), ("plan", "new", "sv")])
def test_only_texts_that_there_are_can_be_written_and_no_questionnaire(
    db: Session, library: Library, clinic: Clinic, place: tuple[str, str, str]
) -> None:
    with pytest.raises(drafts.UnknownText):
        drafts.save(db, library, place, "text", base="", version=None, by=clinic.actor["edith"], at=MONDAY)


def test_a_book_is_no_chapter(db: Session, library: Library, clinic: Clinic) -> None:
    with pytest.raises(drafts.TextTooLong):
        edit(db, library, clinic, "x" * (drafts.LONGEST + 1))


def test_a_dropped_draft_makes_room_for_another(db: Session, library: Library, clinic: Clinic) -> None:
    draft = edit(db, library, clinic)
    drafts.drop(db, draft, version=draft.version, by=clinic.actor["edith"], at=MONDAY)
    assert edit(db, library, clinic).id != draft.id
