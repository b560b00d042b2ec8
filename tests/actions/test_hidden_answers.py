"""Answers that others hide: kept in the draft, gone when it is sent, and said in the log."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import DECLINED, Answer, AnswerState
from careplan.library import compile_questionnaire
from careplan.models import AuditEvent, DraftAnswer, Flag, ResponseAnswer, Score
from tests import make
from tests.actions import forms
from tests.content.grouped import GROUPED

FORM = compile_questionnaire(GROUPED, "grouped.yaml")
MEDICINES = {"medicine": "Alvedon", "often": "daily", "dose": 2, "medicine@2": "Ipren", "often@2": DECLINED}


def dropped(db: Session) -> list[str]:
    of_hidden = (AuditEvent.action == "drop-hidden-answers", AuditEvent.object_type == "hidden-answers")
    return list(db.scalars(sa.select(AuditEvent.object_id).where(*of_hidden)))


def send(db: Session, clinic: make.Clinic, answers: dict[str, int | str | Answer], then: dict[str, int | str]) -> None:
    """Filled in, then changed, so that some of it is hidden when it is sent."""
    astrid = clinic.actor["astrid"]
    draft = forms.begin(db, forms.ask(db, forms.publish(db, FORM, GROUPED), clinic, FORM.id), by=astrid)
    forms.fill(db, FORM, draft, answers, by=astrid)
    forms.fill(db, FORM, draft, then, by=astrid)
    forms.send(db, FORM, draft, by=astrid)


def test_hidden_answers_are_kept_in_the_draft_gone_from_the_response_and_said_in_the_log(
    db: Session, clinic: make.Clinic
) -> None:
    answers = {"pain": 6, "back": 9, "head": 4, "taken": "yes", **MEDICINES, "slept": "well"}
    send(db, clinic, answers, {"pain": 0, "taken": "no"})
    assert dropped(db) == ["7: back head medicine often dose medicine@2 often@2"]
    assert len(db.scalars(sa.select(DraftAnswer.link_id)).all()) == 10
    rows = {row.link_id: row for row in db.scalars(sa.select(ResponseAnswer))}
    hidden = {"back", "head", "legs", "medicine", "often", "dose", "woken-by"}
    assert {key for key, row in rows.items() if row.state is AnswerState.NOT_SHOWN} == hidden
    assert all(rows[key].value is None and rows[key].number is None for key in hidden)
    assert not any("@" in key for key in rows)
    assert list(db.scalars(sa.select(Score.value))) == [None]
    assert list(db.scalars(sa.select(Flag.rule_id))) == []


def test_where_nothing_was_hidden_the_log_says_nothing_of_it(db: Session, clinic: make.Clinic) -> None:
    send(db, clinic, {"pain": 6, "back": 3, "taken": "yes", **MEDICINES}, {})
    assert dropped(db) == []
    rows = {row.link_id: (row.state, row.value) for row in db.scalars(sa.select(ResponseAnswer))}
    assert rows["medicine@2"] == (AnswerState.ANSWERED, "Ipren")
    assert rows["often@2"] == (AnswerState.DECLINED, None)
    assert rows["dose@2"] == (AnswerState.NOT_SHOWN, None)
    assert rows["head"] == (AnswerState.UNANSWERED, None)


def test_more_hidden_answers_than_the_log_has_room_for_are_counted_all_the_same(
    db: Session, clinic: make.Clinic
) -> None:
    many = {
        f"{key}@{number}": "x" if key == "medicine" else "daily" for number in (2, 3) for key in ("medicine", "often")
    }
    answers = {"pain": 6, "back": 1, "head": 1, "legs": 1, "taken": "yes", **MEDICINES, **many}
    send(db, clinic, answers, {"pain": 0, "taken": "no"})
    (said,) = dropped(db)
    assert said.startswith("10: back head legs medicine often dose")
    assert len(said) <= 64


@pytest.mark.parametrize("state", list(AnswerState))
def test_the_four_states_are_kept_apart_in_the_database(db: Session, clinic: make.Clinic, state: AnswerState) -> None:
    send(db, clinic, {"pain": 6, "back": 0, "head": DECLINED}, {})
    states = {row.link_id: row.state for row in db.scalars(sa.select(ResponseAnswer))}
    found = {"back": "answered", "head": "declined", "legs": "unanswered", "medicine": "not-shown"}
    assert state in {AnswerState(value) for key, value in found.items() if states[key] is AnswerState(value)}
