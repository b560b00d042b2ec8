"""The nurse sees all answers of a patient over time, with what happened in the plan."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import AuditEvent
from tests import make, stories
from tests.pages import words
from tests.people import Human


def test_each_question_and_score_has_its_chart_its_words_and_its_numbers(
    app: Flask, db: Session, library: Library, clinic: make.Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    for weeks, pain in ((4, 2), (2, 5), (0, 8)):
        answers = {"pain": pain, "breathlessness": 2, "fatigue": 4, "nausea": 1, "sleep": 3}
        stories.sent(db, library, clinic, "astrid", answers, at=make.MONDAY - timedelta(weeks=weeks))
    stories.treatment_began(db, library, clinic, plan, make.MONDAY.date() - timedelta(days=20), "operation")
    stories.treatment_began(db, library, clinic, plan, make.MONDAY.date() - timedelta(days=6), "")
    db.commit()
    page = Human(app, "karin").get("staff.trends", patient_id=clinic.patient["astrid"])
    headings = [words(heading) for heading in page.select("h2")]
    assert "Smärta" in headings
    assert words(page.select_one("h1")) == "Astrid Ek över tid"
    pain = page.select("section")[headings.index("Smärta")]
    assert "Mer besvär än 19 oktober. Från 2 till 8." in words(pain)
    drawn = [text.text for text in pain.select("svg text")]
    assert "operation" in drawn and "behandling börjar" in drawn
    assert [words(cell) for cell in pain.select("td:last-child")] == ["8", "5", "2"]


def test_what_was_answered_once_stands_in_a_table_below(
    app: Flask, db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"pain": 3})
    db.commit()
    page = Human(app, "karin").get("staff.trends", patient_id=clinic.patient["astrid"])
    assert not page.select("main svg.app-chart, .app-trend")
    assert [words(row) for row in page.select("tbody tr")] == ["Smärta 3 av 10 16 nov"]


def test_the_page_says_so_where_nothing_is_answered_and_stands_in_the_log(
    app: Flask, db: Session, clinic: make.Clinic
) -> None:
    page = Human(app, "karin").get("staff.trends", patient_id=clinic.patient["bo"])
    assert "Inga svar än." in page.text
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "read-trends")).one()
    assert event.patient_id == clinic.patient["bo"]
