"""Scores over time beside the answers: each on its own axis, with the limits that are verified and no others."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import content
from careplan.library import Library
from careplan.queries.trends import Trend, trends
from tests import make, stories
from tests.content import bound

SYMPTOMS = ("breathlessness", "pain", "fatigue", "nausea", "sleep")


def of_astrid(db: Session, clinic: make.Clinic, **options: object) -> dict[str, Trend]:
    found = trends(db, clinic.actor["astrid"], clinic.patient["astrid"], at=make.MONDAY, **options)
    return {trend.link_id: trend for trend in found}


def test_a_score_has_its_chart_on_the_axis_of_the_instrument(
    app: Flask, db: Session, library: Library, clinic: make.Clinic
) -> None:
    for weeks, value in ((4, 2), (2, 4), (0, 6)):
        answers = dict.fromkeys(SYMPTOMS, value)
        stories.sent(db, library, clinic, "astrid", answers, at=make.MONDAY - timedelta(weeks=weeks))
    (scale,) = library.questionnaire(stories.FORM).scores
    with app.test_request_context():
        drawn = of_astrid(db, clinic)[scale.id]
    assert (drawn.minimum, drawn.maximum) == scale.range
    assert [value for _on, value in drawn.points] == [2, 4, 6]
    assert (drawn.direction, drawn.words) == ("up", "Mer besvär än 19\u00a0oktober.")
    assert drawn.limits == ()


def test_a_score_that_could_not_be_made_is_a_gap(
    app: Flask, db: Session, library: Library, clinic: make.Clinic
) -> None:
    (scale,) = library.questionnaire(stories.FORM).scores
    for weeks, answers in ((2, dict.fromkeys(SYMPTOMS, 5)), (1, {"pain": 3}), (0, dict.fromkeys(SYMPTOMS, 0))):
        stories.sent(db, library, clinic, "astrid", answers, at=make.MONDAY - timedelta(weeks=weeks))
    with app.test_request_context():
        drawn = of_astrid(db, clinic)[scale.id]
    assert [value for _on, value in drawn.points] == [5, None, 0]
    assert [reading.words for reading in drawn.readings] == ["5", "för få svar", "0"]


def test_the_results_of_a_unit_are_nobodys_curve(
    app: Flask, db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"care-overall": 8, "heard": 7}, form="care-experience")
    with app.test_request_context():
        assert of_astrid(db, clinic) == {}


def test_a_limit_is_drawn_where_it_is_verified_and_left_out_where_it_is_not(
    app: Flask, db: Session, clinic: make.Clinic, tmp_path: Path
) -> None:
    for verification, limits in (("unverified", []), ("run", [(5, "Från 5: M")])):
        key = bound.KEY.replace(
            "source: remembered, verification: unverified", f"source: read, verification: {verification}"
        )
        library = Library.load(bound.content(tmp_path / verification, key=key))
        content.publish(db, library, at=make.MONDAY)
        stories.sent(db, library, clinic, "astrid", {"first": 1, "second": "4"}, form="short")
        with app.test_request_context():
            drawn = of_astrid(db, clinic, library=library)["Total"]
        assert [(limit.value, limit.words) for limit in drawn.limits] == limits


def test_what_was_scored_in_another_way_is_not_drawn_on_this_axis(
    app: Flask, db: Session, clinic: make.Clinic, tmp_path: Path
) -> None:
    key = bound.KEY.replace("higher_means: more-trouble", "higher_means: better")
    old = Library.load(bound.content(tmp_path / "old", key=key))
    new = Library.load(bound.content(tmp_path / "new"))
    for library, weeks in ((old, 2), (new, 0)):
        content.publish(db, library, at=make.MONDAY)
        at = make.MONDAY - timedelta(weeks=weeks)
        stories.sent(db, library, clinic, "astrid", {"first": 1, "second": "4"}, form="short", at=at)
    with app.test_request_context():
        drawn = of_astrid(db, clinic, library=new)["Total"]
    assert [value for _on, value in drawn.points] == [4]
