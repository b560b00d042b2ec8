"""A plan of 40 chapters on the screen, beside a page with nothing in it."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from careplan import schema
from careplan.actions import content, plans
from careplan.db import make_engine, make_sessions
from careplan.domain.plan import PlanDefinition
from careplan.domain.revision import assembled, entries_in
from careplan.library import Library
from careplan.models import Patient, PlanRevision, StoredChapter
from careplan.queries import team
from careplan.web.reading import chapter_page, reading
from tests import make
from tests.people import Human

pytestmark = pytest.mark.bench

CHAPTERS, ROUNDS, LIMIT = 40, 60, 3.0


@pytest.fixture
def app(_app: Flask, library: Library, tmp_path: Path) -> Iterator[Flask]:
    """Astrid's plan shows 40 chapters of the longest template, with notes in five of them."""
    url = f"sqlite:///{tmp_path}/plan.db"
    schema.upgrade(url)
    engine = make_engine(url)
    _app.extensions["db_sessions"] = make_sessions(engine)
    _app.extensions["clock"] = lambda: make.MONDAY
    with make_sessions(engine)() as db:
        clinic = make.clinic(db)
        content.publish(db, library, at=make.MONDAY)
        _sign(db, library, clinic)
        db.commit()
    yield _app
    engine.dispose()


def _longest(library: Library) -> PlanDefinition:
    return max(library.plans.values(), key=lambda each: len(each.chapter_ids))


def _sign(db: Any, library: Library, clinic: make.Clinic) -> None:
    by, definition = clinic.actor["karin"], _longest(library)
    shown = definition.chapter_ids[:CHAPTERS]
    assert len(shown) == CHAPTERS
    plan = plans.draft(
        db,
        library,
        db.get_one(Patient, clinic.patient["astrid"]),
        definition.id,
        lang="sv",
        treatments=(),
        by=by,
        at=make.MONDAY,
    )
    notes = dict.fromkeys(shown[:5], "Ring mig om du undrar.")
    phase = definition.phases[0].id
    plans.edit(
        db,
        library,
        plan,
        treatments=definition.treatment_ids,
        shown=set(shown),
        notes=notes,
        greeting="Hej.",
        phase=phase,
        by=by,
        at=make.MONDAY,
    )
    contact = team.contact_for(db, plan.patient_id, plan.unit_id, at=make.MONDAY)
    plans.sign(db, library, plan, contact=contact, by=by, at=make.MONDAY)


def milliseconds(act: Callable[[], object]) -> float:
    """Of processor time: the median, once warm."""
    spent = []
    for round_ in range(ROUNDS + 5):
        before = time.process_time()
        act()
        if round_ >= 5:
            spent.append((time.process_time() - before) * 1000)
    return statistics.median(spent)


def test_a_plan_of_40_chapters_takes_at_most_3_ms_beyond_an_empty_page(app: Flask, figure: Callable[..., None]) -> None:
    """What its text adds: assembled from the stored parts, laid out by phase, and rendered."""
    with app.app_context(), app.extensions["db_sessions"]() as db:
        revision = db.query(PlanRevision).one()
        kept = (revision.skeleton, revision.facts)
        assert len({chapter["text"] for chapter in entries_in(kept[0])}) == CHAPTERS
        texts = {row.hash: row.content for row in db.query(StoredChapter)}
    template = app.jinja_env.from_string(
        '{% from "components/plan.html" import phases, chapters %}{{ phases(reading, "sv") }}'
        '{{ chapters(reading.always, "sv") }}'
    )
    with app.test_request_context("/plan"):

        def rendered() -> str:
            whole = assembled(kept[0], texts, kept[1])
            return template.render(reading=reading(whole, url=lambda each: f"/plan/{each}", now=make.MONDAY))

        assert rendered().count("<li>") >= CHAPTERS
        figure("the text of 40 chapters beyond an empty page", milliseconds(rendered), "ms", at_most=LIMIT)


def test_all_the_chapters_of_such_a_plan_together(app: Flask, figure: Callable[..., None]) -> None:
    """Each on a page of its own, with boxes, folded parts and sources."""
    with app.app_context(), app.extensions["db_sessions"]() as db:
        revision = db.query(PlanRevision).one()
        contact = team.contact_for(db, revision.plan.patient_id, revision.plan.unit_id, at=make.MONDAY)
        skeleton, facts = revision.skeleton, revision.facts
        texts = {row.hash: row.content for row in db.query(StoredChapter)}
    template = app.jinja_env.from_string(
        '{% from "components/plan.html" import chapter %}{% for each in pages %}{{ chapter(each, "sv") }}{% endfor %}'
    )
    with app.test_request_context("/plan"):

        def rendered() -> str:
            content = assembled(skeleton, texts, facts)
            return template.render(
                pages=[
                    chapter_page(each, content_lang="sv", contact=contact, writer="Karin", to="")
                    for each in entries_in(content)
                ]
            )

        assert len(rendered()) > 100_000
        figure("all the words of its 40 pages of chapters", milliseconds(rendered), "ms")


def test_the_whole_page_of_such_a_plan(app: Flask, figure: Callable[..., None]) -> None:
    astrid = Human(app, "astrid")
    assert astrid.client.get("/plan").status_code == 200
    empty = milliseconds(lambda: astrid.client.get("/installningar"))
    whole = milliseconds(lambda: astrid.client.get("/plan"))
    figure("the page of a plan with 40 chapters, with its database and log", whole - empty, "ms beyond an empty page")
