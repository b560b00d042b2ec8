"""A newer version of a template: what plans stand on, and what a nurse decides."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import own_chapters, plans, templates
from careplan.library import Library
from careplan.library.personal import made_for
from careplan.library.revisions import chapters_in
from careplan.library.versions import definition_of
from careplan.models import AuditEvent, CarePlan, PlanRevision, TemplateDecision
from careplan.queries import templates as template_queries
from tests import stories
from tests.make import MONDAY, Clinic
from tests.publishing import with_new_chapter, with_new_template

TEMPLATE = "breast-cancer"
ADDED = "\n## Det som är nytt {#brand-new}\nDen här texten är ny.\n"


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


@pytest.fixture
def newer(db: Session, library: Library) -> Library:
    """The template with a chapter more, first in its first phase, and another version."""

    def change(text: str) -> str:
        text = text.replace('version: "2026-11"', 'version: "2026-12"', 1)
        return (
            text.replace("      - about-breast-cancer\n", "      - brand-new\n      - about-breast-cancer\n", 1) + ADDED
        )

    return with_new_template(db, library, TEMPLATE, change, at=MONDAY)


@pytest.fixture
def newer_chapter(db: Session, library: Library) -> Library:
    return with_new_chapter(db, library, "sleep", lambda text: f"{text}\nSov gott.\n", at=MONDAY)


def texts(plan: CarePlan, db: Session) -> dict[str, str]:
    db.refresh(plan)
    return {each["id"]: str(each) for each in chapters_in(plan.revisions[-1].content)}


def sign(db: Session, library: Library, clinic: Clinic, plan: CarePlan) -> PlanRevision:
    contact = stories.contact(db, clinic, "astrid")
    return plans.sign(db, library, plan, contact=contact, by=clinic.actor["karin"], at=MONDAY)


def note(db: Session, library: Library, clinic: Clinic, plan: CarePlan, text: str) -> None:
    plans.edit(
        db,
        library,
        plan,
        treatments=plan.treatments,
        shown={row.chapter_id for row in plan.chapters if row.is_shown},
        notes={"sleep": text},
        greeting=plan.greeting,
        phase=plan.phase,
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def test_a_plan_is_edited_and_signed_on_its_own_version_until_the_new_one_is_taken_over(
    db, library, clinic, plan, newer
):
    note(db, newer, clinic, plan, "Sov middag.")
    assert sign(db, newer, clinic, plan).number == 2
    assert "brand-new" not in texts(plan, db)
    assert plan.definition_hash == library.plan(TEMPLATE, "sv").hash
    templates.take_over(db, newer, plan, by=clinic.actor["karin"], at=MONDAY)
    third = sign(db, newer, clinic, plan)
    assert third.definition_hash == newer.plan(TEMPLATE, "sv").hash
    shown = texts(plan, db)
    assert "Den här texten är ny." in shown["brand-new"] and "Sov middag." in shown["sleep"]
    assert third.changes == ["Kapitel tillagt: Det som är nytt"]
    assert "take-over-template" in db.scalars(sa.select(AuditEvent.action)).all()


def test_a_shared_chapter_that_changed_is_a_new_version_of_its_templates(db, library, clinic, plan, newer_chapter):
    other = stories.signed_plan(db, newer_chapter, clinic, "bo")
    assert template_queries.newer(db, newer_chapter, plan) is not None
    assert template_queries.newer(db, newer_chapter, other) is None
    note(db, newer_chapter, clinic, plan, "Hej.")
    sign(db, newer_chapter, clinic, plan)
    assert "Sov gott." not in texts(plan, db)["sleep"]
    templates.take_over(db, newer_chapter, plan, by=clinic.actor["karin"], at=MONDAY)
    sign(db, newer_chapter, clinic, plan)
    assert "Sov gott." in texts(plan, db)["sleep"]


def test_an_old_version_is_compiled_once(db, library, plan, newer):
    assert definition_of(db, newer, plan) is definition_of(db, newer, plan)
    old = library.plan(TEMPLATE, "sv")
    made = definition_of(db, newer, plan)
    assert (made.chapter_ids, made.schedule, made.template_key) == (old.chapter_ids, old.schedule, old.template_key)
    assert made.chapters == old.chapters


def test_a_plan_whose_template_is_gone_goes_on_with_its_own_version(db, library, clinic, plan):
    gone = replace(library, plans={key: each for key, each in library.plans.items() if key[0] != TEMPLATE})
    note(db, gone, clinic, plan, "Sov middag.")
    sign(db, gone, clinic, plan)
    assert "Sov middag." in texts(plan, db)["sleep"]
    assert template_queries.newer(db, gone, plan) is None


def test_a_plan_from_before_versions_were_kept_is_told_by_the_templates_own_hash(db, library, clinic, plan, newer):
    plan.template_key, plan.chapter_versions = "", {}
    db.flush()
    assert template_queries.newer(db, library, plan) is None
    assert template_queries.newer(db, newer, plan) is not None
    note(db, newer, clinic, plan, "Hej.")
    sign(db, newer, clinic, plan)
    assert "brand-new" not in texts(plan, db)
    assert plan.template_key == library.plan(TEMPLATE, "sv").template_key


def test_an_order_of_her_own_and_own_chapters_stay_when_a_version_is_taken_over(db, library, clinic, plan, newer):
    karin = clinic.actor["karin"]
    own = own_chapters.write(
        db, library, plan, chapter_id=None, title="Eget", text="Hej.", phase="diagnosis", by=karin, at=MONDAY
    )
    templates.take_over(db, newer, plan, by=karin, at=MONDAY)
    first = made_for(db, newer, plan).phases[0]
    assert [ref.id for ref in first.chapters][:2] == ["brand-new", "about-breast-cancer"]
    assert first.chapters[-1].id == own.chapter_id


def test_what_the_nurse_moved_keeps_its_place_and_the_new_chapter_comes_beside_its_neighbour(
    db, library, clinic, plan, newer
):
    karin = clinic.actor["karin"]
    plans.edit(
        db,
        library,
        plan,
        treatments=(),
        shown={row.chapter_id for row in plan.chapters if row.is_shown},
        notes={},
        greeting="",
        phase="",
        places={"second-opinion": 1},
        by=karin,
        at=MONDAY,
    )
    templates.take_over(db, newer, plan, by=karin, at=MONDAY)
    order = [ref.id for ref in made_for(db, newer, plan).phases[0].chapters]
    assert order[:3] == ["brand-new", "second-opinion", "about-breast-cancer"]


def test_a_version_put_off_is_remembered_and_one_declined_is_not_asked_about_again(db, library, clinic, plan, newer):
    karin = clinic.actor["karin"]

    def open_plans() -> list[str]:
        return [row.choice for row in template_queries.to_decide(db, newer, karin, at=MONDAY)]

    assert open_plans() == [""]
    templates.decide(db, newer, plan, choice="next-visit", reason="", by=karin, at=MONDAY)
    assert open_plans() == ["next-visit"]
    found = template_queries.newer(db, newer, plan)
    assert found is not None and found.waits_for_visit
    templates.decide(db, newer, plan, choice="never", reason="Behandlingen är slut.", by=karin, at=MONDAY)
    assert open_plans() == []
    assert db.scalars(sa.select(TemplateDecision.reason)).all() == ["Behandlingen är slut."]
    # A later version asks anew.
    later = with_new_template(db, newer, TEMPLATE, lambda text: f"{text}\nMer.\n", at=MONDAY)
    assert [row.choice for row in template_queries.to_decide(db, later, karin, at=MONDAY)] == [""]


def test_only_the_nurses_own_patients_are_asked_about(db, library, clinic, plan, newer):
    for who in ("nils", "lars", "mia"):
        assert template_queries.to_decide(db, newer, clinic.actor[who], at=MONDAY) == []


@pytest.mark.parametrize(
    ("choice", "reason", "error"),
    [("never", "  ", templates.NeedsReason), ("sometimes", "", templates.UnknownChoice)],
)
def test_a_choice_without_what_it_needs_is_refused(db, library, clinic, plan, newer, choice, reason, error):
    with pytest.raises(error):
        templates.decide(db, newer, plan, choice=choice, reason=reason, by=clinic.actor["karin"], at=MONDAY)


def test_there_is_nothing_to_take_over_on_the_newest_version(db, library, clinic, plan):
    karin = clinic.actor["karin"]
    with pytest.raises(templates.NoNewerTemplate):
        templates.take_over(db, library, plan, by=karin, at=MONDAY)
    with pytest.raises(templates.NoNewerTemplate):
        templates.decide(db, library, plan, choice="next-visit", reason="", by=karin, at=MONDAY)
