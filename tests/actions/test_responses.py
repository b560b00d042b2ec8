"""Asking, saving and sending: once, whole, and with a number of statements that does not grow."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.db import make_sessions
from careplan.domain.answers import DECLINED, UNANSWERED, AnswerState, answered
from careplan.domain.conditions import Compare, Comparison
from careplan.domain.questionnaire import NotShown, Questionnaire, UnknownItem
from careplan.domain.tasks import TaskKind
from careplan.domain.triage import Level, Rule
from careplan.library import Library
from careplan.models import (
    AuditEvent,
    CallNotice,
    Draft,
    DraftAnswer,
    Flag,
    OutboxMessage,
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseAnswer,
    Score,
    Task,
)
from careplan.queries.team import contact_for
from tests import make
from tests.actions import forms

FORM = "weekly-symptoms"


@pytest.fixture
def weekly(library: Library) -> Questionnaire:
    return library.questionnaire(FORM)


@pytest.fixture
def draft(db: Session, clinic: make.Clinic, library: Library) -> Draft:
    asked = forms.ask(db, library, clinic, FORM)
    return forms.begin(db, asked, by=clinic.actor["astrid"])


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def number_of(db: Session, model: type) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_form_begun_again_is_the_same_draft(db, clinic, library):
    asked = forms.ask(db, library, clinic, FORM)
    first = forms.begin(db, asked, by=clinic.actor["astrid"])
    assert forms.begin(db, asked, by=clinic.actor["astrid"]) is first
    assert asked.status == "in-progress"


def test_a_saved_answer_replaces_the_earlier_and_an_empty_one_takes_it_away(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    forms.fill(db, weekly, draft, {"pain": 0}, by=astrid)
    saved = db.execute(sa.select(DraftAnswer.state, DraftAnswer.value)).one()
    assert saved == (AnswerState.ANSWERED, 0)
    forms.fill(db, weekly, draft, {"pain": UNANSWERED}, by=astrid)
    assert number_of(db, DraftAnswer) == 0


def test_only_a_change_makes_a_new_version_of_the_draft(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    version = draft.version
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    assert draft.version == version
    forms.fill(db, weekly, draft, {"pain": DECLINED}, by=astrid)
    assert draft.version == version + 1


@pytest.mark.parametrize(("link_id", "error"), [("pain-now", NotShown), ("no-such-item", UnknownItem)])
def test_an_answer_to_a_question_that_is_not_shown_is_not_saved(db, clinic, weekly, draft, link_id, error):
    with pytest.raises(error):
        forms.fill(db, weekly, draft, {link_id: "yes"}, by=clinic.actor["astrid"])
    assert number_of(db, DraftAnswer) == 0


def test_a_severe_answer_asks_for_the_call_now_page_and_says_when_it_was_shown_and_read(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    flag = responses.save_answer(db, weekly, draft, "pain", answered(9), by=astrid, at=make.MONDAY)
    assert flag is not None
    assert (flag.item, flag.value) == ("pain", 9)
    assert responses.save_answer(db, weekly, draft, "pain", answered(9), by=astrid, at=make.MONDAY) is not None
    later = make.MONDAY + timedelta(minutes=1)
    responses.acknowledge(db, draft, "pain", at=later)
    assert responses.save_answer(db, weekly, draft, "pain", answered(3), by=astrid, at=later) is None
    notice = db.scalars(sa.select(CallNotice)).one()
    assert (notice.shown_at, notice.acknowledged_at, notice.value) == (make.MONDAY, later, 9)


def test_sending_stores_answers_scores_flags_task_notice_and_log_row(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    given = {"breathlessness": 8, "pain": 0, "fever": "no", "nausea": DECLINED, "eating": 7, "sleep": 2, "worry": 3}
    forms.fill(db, weekly, draft, given, by=astrid)
    sending = responses.Sending(("sleep", "other"), "week", wants_contact=True, comment="Sömnen är sämst.")
    response = forms.send(db, weekly, draft, by=astrid, sending=sending).response
    rows = {row.link_id: row for row in db.scalars(sa.select(ResponseAnswer))}
    assert set(rows) == {item.link_id for item in weekly.questions}
    states = {link_id: rows[link_id].state.value for link_id in ("pain", "nausea", "mouth", "pain-now")}
    assert states == {"pain": "answered", "nausea": "declined", "mouth": "unanswered", "pain-now": "not-shown"}
    assert (rows["pain"].value, rows["pain"].number, rows["fever"].value) == (0, 0, "no")
    assert db.scalars(sa.select(Score.value)).one() == pytest.approx(4)
    flags = {(flag.rule_id, flag.level) for flag in db.scalars(sa.select(Flag))}
    assert flags == {("breathlessness-red", Level.RED), ("eating-yellow", Level.YELLOW)}
    task = db.scalars(sa.select(Task)).one()
    assert (task.kind, task.level, task.owner_id) == (TaskKind.FLAG, Level.RED, clinic.practitioner["karin"])
    assert number_of(db, OutboxMessage) == 1
    assert db.scalar(sa.select(AuditEvent.object_id).where(AuditEvent.action == "submit-response")) == str(response.id)
    assert draft.request.status == "completed"
    assert (response.wishes, response.urgency, response.wants_contact) == (["sleep", "other"], "week", True)
    assert not response.is_by_relative


def test_an_answer_of_a_question_hidden_again_is_dropped(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 8, "pain-now": "yes"}, by=astrid)
    forms.fill(db, weekly, draft, {"pain": 2}, by=astrid)
    forms.send(db, weekly, draft, by=astrid)
    hidden = db.scalars(sa.select(ResponseAnswer).where(ResponseAnswer.link_id == "pain-now")).one()
    assert (hidden.state, hidden.value) == (AnswerState.NOT_SHOWN, None)


def test_the_number_of_statements_does_not_grow_with_the_items(db, engine, clinic):
    counts = []
    for items in (5, 30):
        questionnaire, text = forms.form(items)
        library = forms.publish(db, questionnaire, text)
        draft = forms.begin(db, forms.ask(db, library, clinic, questionnaire.id), by=clinic.actor["astrid"])
        answers = {f"q{n}": 8 for n in range(1, items + 1)}
        forms.fill(db, questionnaire, draft, answers, by=clinic.actor["astrid"])
        contact = forms.contact(db, draft, at=make.MONDAY)
        db.commit()
        db.expunge_all()
        draft = db.get_one(Draft, draft.id)
        with counted(engine) as statements:
            responses.submit(
                db,
                questionnaire,
                draft,
                responses.Sending(),
                contact=contact,
                version=draft.version,
                by=clinic.actor["astrid"],
                at=make.MONDAY,
            )
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16, statements


def test_sent_again_it_is_the_same_response_and_the_same_receipt(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    first = forms.send(db, weekly, draft, by=astrid)
    again = forms.send(db, weekly, draft, by=astrid, at=make.MONDAY + timedelta(days=30))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.response.receipt == first.response.receipt
    assert number_of(db, QuestionnaireResponse) == number_of(db, Task) == 1


def test_sent_with_other_content_it_is_already_sent(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    response = forms.send(db, weekly, draft, by=astrid).response
    with pytest.raises(responses.AlreadySent) as sent:
        forms.send(db, weekly, draft, by=astrid, sending=responses.Sending(comment="Något annat"))
    assert sent.value.response_id == response.id
    with pytest.raises(responses.AlreadySent):
        forms.fill(db, weekly, draft, {"pain": 9}, by=astrid)
    with pytest.raises(responses.AlreadySent):
        forms.begin(db, draft.request, by=astrid)


def test_two_who_send_at_once_get_one_response(db, engine, clinic, weekly, draft):
    forms.fill(db, weekly, draft, {"pain": 3}, by=clinic.actor["astrid"])
    draft_id, version = draft.id, draft.version
    db.commit()
    both = Barrier(2)
    sessions = make_sessions(engine)

    def press_send() -> tuple[UUID, bool]:
        both.wait()
        with sessions() as own:
            found = own.get_one(Draft, draft_id)
            done = forms.send(own, weekly, found, by=clinic.actor["astrid"], version=version)
            own.commit()
            return done.response.id, done.is_new

    with ThreadPoolExecutor(2) as pool:
        results = [future.result() for future in [pool.submit(press_send), pool.submit(press_send)]]
    assert len({response_id for response_id, _is_new in results}) == 1
    assert sorted(is_new for _id, is_new in results) == [False, True]
    assert number_of(db, QuestionnaireResponse) == number_of(db, Task) == 1


def test_a_draft_changed_after_the_review_page_is_not_sent(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    shown = draft.version
    forms.fill(db, weekly, draft, {"pain": 4}, by=astrid)
    with pytest.raises(responses.DraftChanged):
        forms.send(db, weekly, draft, by=astrid, version=shown)
    assert number_of(db, QuestionnaireResponse) == 0


def test_a_rule_that_fails_loses_no_answers_and_goes_to_the_shared_list(db, clinic, weekly, draft):
    broken = Rule("broken", Level.RED, Compare("pain", Comparison.AT_LEAST, "high"), "pain", "", "")  # type: ignore[arg-type]
    faulty = replace(weekly, rules=(*weekly.rules, broken))
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"worry": 3, "pain": 3}, by=astrid)
    response = forms.send(db, faulty, draft, by=astrid).response
    assert response.triage == "failed"
    assert number_of(db, ResponseAnswer) == len(weekly.questions)
    assert number_of(db, Flag) == 0
    task = db.scalars(sa.select(Task)).one()
    assert (task.owner_id, task.level) == (None, Level.RED)


@pytest.mark.parametrize(
    ("sending", "field"),
    [
        (responses.Sending(("pain", "sleep", "worry")), "wishes"),
        (responses.Sending(("none", "sleep")), "wishes"),
        (responses.Sending(("pain-now",)), "wishes"),
        (responses.Sending(urgency="yesterday"), "urgency"),
        (responses.Sending(comment="x" * 4001), "comment"),
    ],
)
def test_what_the_review_page_cannot_have_asked_is_refused(db, clinic, weekly, draft, sending, field):
    with pytest.raises(responses.InvalidSending) as refused:
        forms.send(db, weekly, draft, by=clinic.actor["astrid"], sending=sending)
    assert refused.value.field == field
    assert number_of(db, QuestionnaireResponse) == 0


def test_too_late_is_said_and_what_was_saved_stays(db, clinic, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 3}, by=astrid)
    late = make.MONDAY + timedelta(days=8)
    with pytest.raises(responses.RequestClosed) as closed:
        forms.send(db, weekly, draft, by=astrid, at=late)
    assert closed.value.reason == "expired"
    with pytest.raises(responses.RequestClosed):
        forms.fill(db, weekly, draft, {"pain": 4}, by=astrid, at=late)
    assert number_of(db, DraftAnswer) == 1


def test_expired_forms_are_closed_once(db, clinic, library, draft):
    forms.ask(db, library, clinic, FORM, days=30)
    late = make.MONDAY + timedelta(days=8)
    assert responses.expire(db, by=clinic.actor["karin"], at=late) == 1
    assert responses.expire(db, by=clinic.actor["karin"], at=late) == 0
    db.refresh(draft.request)
    assert draft.request.status == "failed"


def test_a_relative_who_helped_is_marked_even_when_the_patient_sends(db, clinic, weekly, draft):
    forms.fill(db, weekly, draft, {"pain": 3}, by=clinic.actor["lina"])
    assert forms.send(db, weekly, draft, by=clinic.actor["astrid"]).response.is_by_relative


def test_an_answer_is_compared_with_the_one_before(db, clinic, library, weekly, draft):
    astrid = clinic.actor["astrid"]
    forms.fill(db, weekly, draft, {"pain": 1}, by=astrid)
    forms.send(db, weekly, draft, by=astrid)
    later = make.MONDAY + timedelta(days=7)
    second = forms.begin(db, forms.ask(db, library, clinic, FORM, at=later), by=astrid, at=later)
    forms.fill(db, weekly, second, {"pain": 5}, by=astrid, at=later)
    forms.send(db, weekly, second, by=astrid, at=later)
    flag = db.scalars(sa.select(Flag)).one()
    assert (flag.rule_id, flag.value) == ("pain-worse", 5)
    assert "var 1" in db.scalars(sa.select(Task.summary).where(Task.kind == TaskKind.FLAG)).one()


def test_nothing_is_half_stored_when_the_task_cannot_be_raised(db, clinic, weekly, draft):
    forms.fill(db, weekly, draft, {"pain": 9}, by=clinic.actor["astrid"])
    contact = contact_for(db, clinic.patient["astrid"], clinic.unit.id, at=make.MONDAY)
    nobody = replace(contact, nurse_id=uuid4())
    db.commit()
    with pytest.raises(sa.exc.IntegrityError):
        responses.submit(
            db,
            weekly,
            draft,
            responses.Sending(),
            contact=nobody,
            version=draft.version,
            by=clinic.actor["astrid"],
            at=make.MONDAY,
        )
    db.rollback()
    assert number_of(db, QuestionnaireResponse) == number_of(db, ResponseAnswer) == number_of(db, Flag) == 0
    assert db.get_one(QuestionnaireRequest, draft.request_id).status == "in-progress"
