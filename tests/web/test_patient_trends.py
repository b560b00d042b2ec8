"""Answers over time: the direction in words, the chart, and the same numbers as a table."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from careplan.actions import plans, responses
from careplan.domain.answers import DECLINED
from careplan.queries.trends import trends
from tests import make
from tests.actions import forms
from tests.pages import words
from tests.web.test_patient_home import signed_plan

FORM = "weekly-symptoms"


@pytest.fixture
def weeks(db: Session, clinic: make.Clinic, library):
    """Send the same form with these values for one question, two weeks apart, the last one today."""

    def send(**answers: list[object]) -> None:
        weekly, astrid = library.questionnaire(FORM), clinic.actor["astrid"]
        length = len(next(iter(answers.values())))
        for number in range(length):
            at = make.MONDAY - timedelta(days=14 * (length - 1 - number))
            request = forms.ask(db, library, clinic, FORM, at=at)
            given = {link_id: values[number] for link_id, values in answers.items() if values[number] != "silent"}
            if not given:
                responses.expire(db, by=clinic.actor["karin"], at=at + timedelta(days=8))
                continue
            draft = forms.begin(db, request, by=astrid, at=at)
            forms.fill(db, weekly, draft, given, by=astrid, at=at)
            forms.send(db, weekly, draft, by=astrid, at=at)
        db.commit()

    return send


def only(db: Session, clinic: make.Clinic, at: datetime = make.MONDAY):
    (found,) = trends(db, clinic.actor["astrid"], clinic.patient["astrid"], at=at)
    return found


@pytest.mark.parametrize(
    ("values", "direction", "sentence", "from_to"),
    [
        ([3, 4, 5, 4, 6, 7], "up", "Mer besvär än 21 september.", "Från 4 till 7."),
        ([6, 5, 4, 3, 3, 2], "down", "Mindre besvär än 21 september.", "Från 5 till 2."),
        ([8, 5, 5, 4, 5, 5], "same", "Samma som 21 september.", "5 båda gångerna."),
        ([8, 5, 5, 4, 5, 4], "same", "Ungefär som 21 september.", "Från 5 till 4."),
        ([0], None, "Ditt första svar.", ""),
    ],
)
def test_the_direction_is_said_against_a_named_earlier_day(
    app, db, clinic, weeks, values, direction, sentence, from_to
):
    weeks(fatigue=values)
    with app.test_request_context():
        trend = only(db, clinic)
    said = (trend.direction, trend.words.replace("\u00a0", " "), trend.from_to)
    assert said == (direction, sentence, from_to)


def test_zero_declined_and_silent_are_three_different_points(app, db, clinic, weeks):
    weeks(fatigue=[4, 0, DECLINED, "silent", 5])
    with app.test_request_context():
        trend = only(db, clinic)
    assert [value for _on, value in trend.points] == [4, 0, None, None, 5]
    assert [reading.shown for reading in trend.readings] == ["4", "0", "Jag vill inte svara", "inget svar", "5"]


def test_the_page_shows_sentence_chart_and_table(astrid, db, clinic, library, weeks):
    weeks(fatigue=[3, 4, 7], pain=[2, 2, 2], worry=[1, 5, 1])
    plan = signed_plan(db, library, clinic)
    plans.record_event(
        db,
        library,
        plan,
        kind="treatment-start",
        on=date(2026, 11, 1),
        title="cytostatika",
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    page = astrid.get("patient.trends")
    assert [heading.text for heading in page.select(".app-trend h2")] == ["Trötthet", "Smärta", "Oro"]
    assert "Mer besvär än 19 oktober." in page.text
    first = page.select_one(".app-trend")
    chart = first.select_one(".app-chart svg")
    assert words(chart.find("title")) == "Trötthet, 0–10. Mer besvär än 19 oktober. Från 3 till 7."
    assert "cytostatika" in words(chart)
    cells = [words(cell) for cell in first.select("td")]
    assert cells == ["16 nov", "7", "2 nov", "4", "19 okt", "3"]
    assert len(page.select("#allt ~ ul li")) == 3


def test_without_answers_the_page_says_what_will_stand_there(astrid):
    assert "Här står svaren när de är skickade" in astrid.get("patient.trends").text


def test_nobody_else_sees_the_answers(app, db, clinic, weeks):
    weeks(fatigue=[3, 4])
    with app.test_request_context():
        for name in ("bo", "lina", "lars"):
            assert trends(db, clinic.actor[name], clinic.patient["astrid"], at=make.MONDAY) == []
        assert len(trends(db, clinic.actor["karin"], clinic.patient["astrid"], at=make.MONDAY)) == 1
