"""Every stored score follows from the stored answers, or is named; and nothing is written over."""

from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import content
from careplan.fhir.responses_out import score_observations
from careplan.library import Library
from careplan.models import AuditEvent, AuditEventPatient, QuestionnaireResponse, Score
from careplan.queries import scores
from tests import stories
from tests.cli.command import careplan
from tests.content import bound
from tests.damage import unprotected
from tests.make import MONDAY, Clinic
from tests.pages import words
from tests.people import Human

SENT = {"breathlessness": 3, "pain": 4, "fatigue": 5, "nausea": 2, "sleep": 1}


def tamper(db: Session, response: QuestionnaireResponse, value: float | None) -> str:
    """What the triggers keep everybody from doing: another value in one score. Gives the score's id."""
    unprotected(db, "score")
    score_id = db.scalars(sa.select(Score.score_id).where(Score.response_id == response.id).limit(1)).one()
    changed = sa.update(Score).where(Score.response_id == response.id, Score.score_id == score_id)
    db.execute(changed.values(value=value))
    db.commit()
    return score_id


def test_scores_as_they_were_stored_do_not_differ(db: Session, library: Library, clinic: Clinic) -> None:
    for who in ("astrid", "bo"):
        stories.sent(db, library, clinic, who, SENT)
    page = scores.recompute(db)
    assert (page.count, page.differences) == (2, [])
    assert scores.recompute(db, after=page.last).last is None


def test_a_score_that_differs_is_named_with_both_values(db: Session, library: Library, clinic: Clinic) -> None:
    stories.sent(db, library, clinic, "bo", SENT)
    response = stories.sent(db, library, clinic, "astrid", SENT)
    score_id = tamper(db, response, 9.5)
    (found,) = scores.recompute(db).differences
    assert (found.response_id, found.score_id, found.stored) == (response.id, score_id, 9.5)
    assert isinstance(found.computed, float) and found.computed < 9.5


def test_a_form_bound_to_a_key_is_stored_and_recomputed_with_the_keys_version(
    db: Session, clinic: Clinic, tmp_path: Path
) -> None:
    library = Library.load(bound.content(tmp_path))
    content.publish(db, library, at=MONDAY)
    response = stories.sent(db, library, clinic, "astrid", {"first": 1, "second": "4"}, form="short")
    stored = db.scalars(sa.select(Score).where(Score.response_id == response.id)).one()
    assert (stored.score_id, stored.value, stored.content_hash) == ("Total", 4, library.instrument("two").hash)
    assert scores.recompute(db).differences == []


PROFILE = """\
  - id: Levels
    title: {sv: Profil}
    method: profile
    items: [b]
    missing: digit-9
    range: [1, 9]
    higher_means: more-trouble
    verification: run
    basis: the levels in order
"""


def test_a_profile_is_stored_shown_and_recomputed_as_the_text_that_it_is(
    app: Flask, db: Session, clinic: Clinic, tmp_path: Path
) -> None:
    key = bound.KEY.replace(', points: {"1": 0, "2": 1, "3": 2, "4": 3}', "").replace("[0, 6]", "[1, 7]")
    key = key.replace("list: [{from: 0,", "list: [{from: 1,") + PROFILE
    library = Library.load(bound.content(tmp_path, key=key))
    content.publish(db, library, at=MONDAY)
    response = stories.sent(db, library, clinic, "astrid", {"first": 1, "second": "4"}, form="short")
    stored = {score.score_id: (score.value, score.text) for score in response.scores}
    assert stored == {"Total": (5, None), "Levels": (None, "4")}
    assert scores.recompute(db).differences == []
    (profile,) = [
        each
        for each in score_observations(response, library.questionnaire("short"))
        if each["code"]["text"] == "Profil"
    ]
    assert profile["valueString"] == "4"
    task_id = stories.task_of(db, response).id
    tampered = sa.text("UPDATE score SET text = '3' WHERE score_id = 'Levels'")
    db.commit()
    assert "Profil 4" in words(Human(app, "karin").get("staff.case", task_id=task_id).select_one("main"))
    assert "Profil 4" in words(Human(app, "astrid").get("patient.response", response_id=response.id).select_one("main"))
    tamper(db, response, 5)
    db.execute(tampered)
    (found,) = scores.recompute(db).differences
    assert (found.score_id, found.stored, found.computed) == ("Levels", "3", "4")


def test_missing_is_not_0(db: Session, library: Library, clinic: Clinic) -> None:
    response = stories.sent(db, library, clinic, "astrid", {})
    tamper(db, response, 0)
    (found,) = scores.recompute(db).differences
    assert (found.stored, found.computed) == (0, None)


def test_a_score_without_a_row_is_named(db: Session, library: Library, clinic: Clinic) -> None:
    response = stories.sent(db, library, clinic, "astrid", SENT)
    db.execute(sa.insert(Score).values(response_id=response.id, score_id="more", value=1, content_hash="0" * 64))
    (found,) = scores.recompute(db).differences
    assert (found.score_id, found.stored, repr(found.computed)) == ("more", 1, "no row")


def test_the_command_lists_what_differs_and_check_says_so_by_its_exit_code(
    database: tuple[str, Clinic], db: Session, library: Library, clinic: Clinic
) -> None:
    response = stories.sent(db, library, clinic, "astrid", SENT)
    db.commit()
    environment = {"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": database[0]}
    whole = careplan("questionnaire", "recompute", "--check", **environment)
    assert (whole.code, whole.out, whole.err) == (0, "1 responses recomputed, 0 scores differ\n", "")
    score_id = tamper(db, response, None)
    listed = careplan("questionnaire", "recompute", **environment)
    assert listed.code == 0
    assert f"{response.id}  {score_id}  stored missing  new " in listed.out
    checked = careplan("questionnaire", "recompute", "--check", **environment)
    assert (checked.code, checked.out) == (1, listed.out)
    assert db.scalar(sa.select(Score.value).where(Score.score_id == score_id)) is None
    logged = sa.select(AuditEventPatient.patient_id).join(AuditEvent, AuditEvent.id == AuditEventPatient.event_id)
    seen = db.scalars(logged.where(AuditEvent.action == "recompute-scores")).all()
    assert list(seen) == [response.patient_id] * 2
