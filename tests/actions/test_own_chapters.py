"""The nurse's own order of the chapters, and the chapters that she writes."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import own_chapters, plans
from careplan.domain.plan import UnknownChapter
from careplan.library import Library
from careplan.library.personal import OwnTextRefused, made_for
from careplan.library.revisions import chapters_in, working_copy
from careplan.models import AuditEvent, CarePlan, Chapter
from tests import stories
from tests.make import MONDAY, Clinic

TEXT = "Du ska **vila** efter lunch.\n\n- Ring {{ nurse.first_name }} på {{ nurse.phone }}\n\n### Mer\nGå ut varje dag."


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


def write(db: Session, library: Library, clinic: Clinic, plan: CarePlan, **given: object) -> Chapter:
    values: dict[str, object] = {"chapter_id": None, "title": "Din vila", "text": TEXT, "phase": "rehabilitation"}
    return own_chapters.write(db, library, plan, **(values | given), by=clinic.actor["karin"], at=MONDAY)


def sign(db: Session, library: Library, clinic: Clinic, plan: CarePlan) -> list[dict[str, object]]:
    contact = stories.contact(db, clinic, "astrid")
    revision = plans.sign(db, library, plan, contact=contact, by=clinic.actor["karin"], at=MONDAY)
    db.flush()
    return list(chapters_in(revision.content))


def place(db: Session, library: Library, clinic: Clinic, plan: CarePlan, places: dict[str, int]) -> None:
    states = working_copy(made_for(db, library, plan), plan)
    plans.edit(
        db,
        library,
        plan,
        treatments=plan.treatments,
        shown={chapter_id for chapter_id, state in states.items() if state.shown},
        notes={},
        greeting=plan.greeting,
        phase=plan.phase,
        places=places,
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def ids_of(db: Session, library: Library, plan: CarePlan, phase: str) -> list[str]:
    made = made_for(db, library, plan)
    return [ref.id for each in made.phases if each.id == phase for ref in each.chapters]


def test_an_own_chapter_is_signed_with_its_facts_and_says_who_wrote_it(db, library, clinic, plan):
    row = write(db, library, clinic, plan)
    chapter = next(each for each in sign(db, library, clinic, plan) if each["id"] == row.chapter_id)
    assert chapter["title"] == "Din vila"
    assert "<strong>vila</strong>" in chapter["intro"]
    assert "Ring Karin på 0980-319 210" in chapter["intro"]
    assert chapter["sections"] == [{"title": "Mer", "html": "<p>Gå ut varje dag.</p>"}]
    assert chapter["review"]["status"] == "own" and chapter["review"]["by"] == "Karin Lind"
    assert ids_of(db, library, plan, "rehabilitation")[-1] == row.chapter_id
    assert "write-own-chapter" in db.scalars(sa.select(AuditEvent.action)).all()


def test_an_own_chapter_is_in_no_other_plan(db, library, clinic, plan):
    row = write(db, library, clinic, plan)
    other = stories.signed_plan(db, library, clinic, "bo")
    assert row.chapter_id not in made_for(db, library, other).chapter_ids


def test_a_text_written_anew_is_a_change_of_text_in_the_next_version(db, library, clinic, plan):
    row = write(db, library, clinic, plan)
    sign(db, library, clinic, plan)
    write(db, library, clinic, plan, chapter_id=row.chapter_id, text="Vila mer.")
    sign(db, library, clinic, plan)
    assert any("Din vila" in line for line in plan.revisions[-1].changes)


def test_a_chapter_that_is_taken_away_stays_in_the_versions_that_had_it(db, library, clinic, plan):
    row = write(db, library, clinic, plan)
    sign(db, library, clinic, plan)
    own_chapters.remove(db, plan, row.chapter_id, by=clinic.actor["karin"], at=MONDAY)
    later = sign(db, library, clinic, plan)
    assert row.chapter_id not in {each["id"] for each in later}
    db.refresh(plan)
    assert row.chapter_id in {each["id"] for each in chapters_in(plan.revisions[-2].content)}


def test_an_own_chapter_can_be_noted_on_hidden_and_moved_like_any_other(db, library, clinic, plan):
    row = write(db, library, clinic, plan)
    place(db, library, clinic, plan, {row.chapter_id: 1, "sleep": 2})
    assert ids_of(db, library, plan, "rehabilitation")[:2] == [row.chapter_id, "sleep"]
    db.flush()
    db.expire(plan)
    assert ids_of(db, library, plan, "rehabilitation")[:2] == [row.chapter_id, "sleep"]
    order = [each["id"] for each in sign(db, library, clinic, plan)]
    assert order.index(row.chapter_id) + 1 == order.index("sleep")


def test_an_order_is_seen_by_the_next_editor_as_a_change(db, library, clinic, plan):
    seen = plan.version
    place(db, library, clinic, plan, {"sleep": 1})
    assert plan.version == seen + 1
    place(db, library, clinic, plan, {"sleep": 1})
    assert plan.version == seen + 1


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Ring {{ nurse.secret }}", "placeholder", "nurse.secret"),
        ("Ring {{ 7*7 }}", "placeholder", "7*7"),
        ("{% for x in y %}", "placeholder", ""),
        ("<script>alert(1)</script>", "html", ""),
        ("[hit](http://example.com)", "link", ""),
        ("[hit](https://example.com)", "link", ""),
        ("![bild](https://1177.se/x.png)", "image", ""),
        ("[tryck](javascript:alert(1))", "link", ""),
        ("## Rubrik", "heading", ""),
        ("> Citat", "quote", ""),
        ("```\nkod\n```", "code", ""),
        ("::: okänd\nHej\n:::", "box", ""),
        ("   \n", "empty", ""),
    ],
)
def test_what_may_stand_in_no_chapter_is_refused_with_its_kind(db, library, clinic, plan, text, kind, name):
    with pytest.raises(OwnTextRefused) as refused:
        write(db, library, clinic, plan, text=f"Hej.\n\n{text}" if text.strip() else text)
    assert (refused.value.refusals[0].kind, refused.value.refusals[0].name) == (kind, name)
    assert db.scalar(sa.select(sa.func.count()).select_from(Chapter).where(Chapter.text != "")) == 0


def test_the_line_of_what_is_refused_is_told(db, library, clinic, plan):
    with pytest.raises(OwnTextRefused) as refused:
        write(db, library, clinic, plan, text="Hej.\n\nBra.\n\n<b>Nej</b>\n")
    assert [each.line for each in refused.value.refusals] == [5]


def test_a_title_a_known_phase_and_the_version_on_the_page_are_needed(db, library, clinic, plan):
    with pytest.raises(own_chapters.NoTitle):
        write(db, library, clinic, plan, title="  ")
    with pytest.raises(plans.UnknownPhase):
        write(db, library, clinic, plan, phase="moonlight")
    with pytest.raises(plans.PlanChanged):
        write(db, library, clinic, plan, version=plan.version - 1)
    with pytest.raises(UnknownChapter):  # a chapter of the template is nobody's to write
        write(db, library, clinic, plan, chapter_id="sleep")


@pytest.mark.parametrize(
    "text",
    ["ord " * 24_999, "😀👩‍⚕️ مرحبا بك שלום O'Hara & <3", "\u202eomvänd\u202c text"],
    ids=["long", "signs", "direction"],
)
def test_any_words_are_kept_as_they_are(db, library, clinic, plan, text):
    row = write(db, library, clinic, plan, text=text)
    db.flush()
    db.refresh(row)
    assert row.text == text.strip()


def test_a_chapter_that_was_moved_is_a_change_in_plain_words(db, library, clinic, plan):
    place(db, library, clinic, plan, {"sleep": 1})
    sign(db, library, clinic, plan)
    db.refresh(plan)
    title = library.plan("breast-cancer", "sv").chapter("sleep").title
    assert plan.revisions[-1].changes == [f"Ny plats i ordningen: {title}"]
