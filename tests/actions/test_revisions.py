"""A signed version is stored as texts that patients share, and reads the same whatever is published later."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import plans
from careplan.domain.revision import MissingFact, assembled, filled
from careplan.domain.team import Contact
from careplan.library import Library
from careplan.library.revisions import (
    changes_in_words,
    chapters_in,
    content_digest,
    patient_facts,
    render_plan,
    working_copy,
)
from careplan.models import CarePlan, Patient, PlanRevision, StoredChapter
from careplan.models import plans as plan_models
from careplan.queries import plan as plan_queries
from careplan.queries import team
from tests.actions.test_plans import LATER, TEMPLATE, edit, sign, start
from tests.make import MONDAY


def rewritten(library: Library) -> Library:
    """As if every chapter had been written anew since."""
    loaded = dict(library.plans)
    for key, definition in library.plans.items():
        chapters = {
            chapter_id: replace(chapter, title=f"Ny {chapter.title}", intro="<p>Helt ny text.</p>", sections=())
            for chapter_id, chapter in definition.chapters.items()
        }
        loaded[key] = replace(definition, title="Ny mall", chapters=chapters)
    return replace(library, plans=loaded)


def as_text(revision: PlanRevision) -> str:
    return json.dumps(revision.content, ensure_ascii=False, sort_keys=True)


def nils(db: Session, plan: CarePlan) -> Contact:
    """As if he were the contact nurse."""
    found = team.contact_for(db, plan.patient_id, plan.unit_id, at=MONDAY)
    return replace(found, nurse_name="Nils Berg", nurse_first_name="Nils", cover_name="Karin")


def test_a_revision_made_today_renders_the_same_after_the_templates_the_nurse_and_the_unit_have_changed(
    db, library, clinic
):
    plan = start(db, library, clinic, treatments=["surgery"])
    edit(db, library, plan, clinic, notes={"fatigue": "Vila efter lunch."}, greeting="Hej.", phase="surgery")
    signed = sign(db, library, plan, clinic)
    before, revision_id = as_text(signed), signed.id
    assert "0980-319 210" in before and "Karin" in before
    db.commit()
    nurse = db.get_one(Patient, clinic.patient["astrid"])
    unit = db.get_one(type(clinic.unit), clinic.unit.id)
    unit.name, unit.phone = "En annan mottagning", "000"
    nurse.person.given_name = "Ingrid"
    another = start(db, rewritten(library), clinic, who="bo")
    sign(db, rewritten(library), another, clinic, at=LATER)
    db.commit()
    db.expunge_all()
    plan_models._texts.clear()
    found = db.get_one(PlanRevision, revision_id)
    assert as_text(found) == before
    assert content_digest(found.content) == found.content_hash


def test_two_patients_share_each_text_and_no_more_is_stored_for_the_second(db, library, clinic):
    first = sign(db, library, start(db, library, clinic), clinic)
    stored = db.scalar(sa.select(sa.func.count()).select_from(StoredChapter))
    plan = start(db, library, clinic, who="bo")
    second = plans.sign(db, library, plan, contact=nils(db, plan), by=clinic.actor["karin"], at=MONDAY)
    assert db.scalar(sa.select(sa.func.count()).select_from(StoredChapter)) == stored
    assert len(json.dumps([second.skeleton, second.facts, second.changes])) < 10_000
    assert "Karin Lind" in as_text(first)
    assert "Nils Berg" in as_text(second) and "Karin Lind" not in as_text(second)


def test_reading_a_revision_takes_one_statement_for_all_its_texts_and_none_the_next_time(db, library, clinic):
    plan = start(db, library, clinic)
    sign(db, library, plan, clinic)
    db.commit()
    db.expunge_all()
    plan_models._texts.clear()

    def statements() -> int:
        seen: list[str] = []
        revision = db.scalars(sa.select(PlanRevision)).one()
        listen = (db.connection(), "before_cursor_execute", lambda *args: seen.append(args[2]))
        sa.event.listen(*listen)
        assert len(list(chapters_in(revision.content))) > 20
        sa.event.remove(*listen)
        db.expunge_all()
        return len(seen)

    assert [statements(), statements()] == [1, 0]


def test_a_text_never_changes(db, library, clinic):
    sign(db, library, start(db, library, clinic), clinic)
    db.commit()
    for change in ("UPDATE chapter_text SET content = '{}'", "DELETE FROM chapter_text"):
        with pytest.raises(sa.exc.DBAPIError, match="never change"):
            db.execute(sa.text(change))
        db.rollback()


def test_only_the_facts_that_a_text_asks_for_are_kept(db, library, clinic):
    plan = start(db, library, clinic)
    edit(db, library, plan, clinic, shown={"sleep"})
    assert sign(db, library, plan, clinic).facts == {}


def test_a_fact_is_escaped_and_never_read_as_a_placeholder():
    facts = {"nurse": {"name": "<b>O'Hara</b> {{ nurse.phone }}", "phone": "112"}}
    assert filled("<p>{{ nurse.name }}, {{nurse.phone}}</p>", facts) == (
        "<p>&lt;b&gt;O&#39;Hara&lt;/b&gt; {{ nurse.phone }}, 112</p>"
    )
    with pytest.raises(MissingFact):
        filled("{{ cover.name }}", facts)


def test_a_chapter_keeps_its_own_language_where_the_plan_is_in_another(db, library, clinic):
    english = library.plan(TEMPLATE, "en")
    swedish = library.plan(TEMPLATE, "sv").chapter("sleep")
    english = replace(english, chapters={**english.chapters, "sleep": swedish})
    mixed = replace(library, plans={**library.plans, (TEMPLATE, "en"): english})
    plan = plans.draft(
        db,
        mixed,
        db.get_one(Patient, clinic.patient["astrid"]),
        TEMPLATE,
        lang="en",
        treatments=(),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    content = sign(db, mixed, plan, clinic).content
    assert content["lang"] == "en"
    assert {chapter["lang"] for chapter in chapters_in(content) if chapter["id"] != "sleep"} == {"en"}
    assert next(chapter["lang"] for chapter in chapters_in(content) if chapter["id"] == "sleep") == "sv"
    last = render_plan(
        library.plan(TEMPLATE, "en"),
        working_copy(library.plan(TEMPLATE, "en"), plan),
        greeting="",
        phase="",
        facts=patient_facts("Astrid", team.contact_for(db, plan.patient_id, plan.unit_id, at=MONDAY), "en"),
    )
    title = library.plan(TEMPLATE, "en").chapter("sleep").title
    assert changes_in_words(content, last) == [f"{title} är nu på engelska"]


def test_an_assembled_chapter_leaves_the_shared_text_as_it_was():
    text = {"id": "a", "title": "A", "lang": "sv", "key": "<p>{{ unit.name }}</p>", "call": None, "intro": ""}
    text |= {"sections": [{"title": "Mer", "html": "{{ unit.name }}"}], "sources": [], "review": {}}
    kept = json.dumps(text)
    skeleton = {"phases": [], "always": [{"text": "x", "note": "Hej"}]}
    (chapter,) = assembled(skeleton, {"x": text}, {"unit": {"name": "Mottagningen"}})["always"]
    assert (chapter["key"], chapter["sections"][0]["html"], chapter["note"]) == (
        "<p>Mottagningen</p>",
        "Mottagningen",
        "Hej",
    )
    assert json.dumps(text) == kept


def test_another_nurse_is_a_change_of_the_texts_that_name_her_and_of_no_others(db, library, clinic):
    plan = start(db, library, clinic)
    sign(db, library, plan, clinic)
    later = MONDAY + timedelta(days=3)
    second = plans.sign(db, library, plan, contact=nils(db, plan), by=clinic.actor["karin"], at=later)
    assert second.number == 2
    changed = {chapter["id"] for chapter in chapters_in(second.content) if chapter["changed"]}
    assert "your-team" in changed and "sleep" not in changed
    assert plan_queries.versions(db, plan.id)[0].changes
