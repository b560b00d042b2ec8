"""Keying in: two people read what may be red, nothing is lost, and every mode gives the same scores and flags."""

from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.actions.responses import Keyed, Sending
from careplan.domain.answers import DECLINED, Answer, AnswerState, answered
from careplan.domain.questionnaire import ItemType, Questionnaire, visible_questions
from careplan.domain.tasks import Outcome, TaskKind
from careplan.domain.triage import Level, red_items
from careplan.library import Library
from careplan.models import (
    AuditEvent,
    Draft,
    Flag,
    OutboxMessage,
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseAnswer,
    Score,
    Task,
    Transcript,
)
from careplan.queries.team import contact_for
from tests import make
from tests.actions import forms

FORM = "weekly-symptoms"
CAME = date(2026, 11, 13)


@pytest.fixture
def weekly(library: Library) -> Questionnaire:
    return library.questionnaire(FORM)


@pytest.fixture
def asked(db: Session, clinic: make.Clinic, library: Library) -> QuestionnaireRequest:
    return forms.ask(db, library, clinic, FORM, who="aino")


def read(**answers: int | str | Answer) -> dict[str, Answer]:
    return {
        link_id.replace("_", "-"): value if isinstance(value, Answer) else answered(value)
        for link_id, value in answers.items()
    }


def key_in(
    db, clinic, questionnaire, asked, answers, *, who="karin", mode="paper", illegible=(), at=make.MONDAY, **more
):
    return responses.key_in(
        db,
        questionnaire,
        asked,
        Keyed(answers, tuple(illegible)),
        more.pop("sending", Sending()),
        mode=mode,
        lang="sv",
        arrived_on=CAME if mode == "paper" else None,
        contact=contact_for(db, asked.patient_id, asked.unit_id, at=at),
        by=clinic.actor[who],
        at=at,
        **more,
    )


def read_again(db, clinic, questionnaire, asked, answers, *, who="nils", illegible=(), at=make.MONDAY):
    return responses.read_again(
        db,
        questionnaire,
        asked,
        Keyed(answers, tuple(illegible)),
        contact=contact_for(db, asked.patient_id, asked.unit_id, at=at),
        by=clinic.actor[who],
        at=at,
    )


def open_paper_tasks(db: Session) -> list[Task]:
    return list(db.scalars(sa.select(Task).where(Task.kind == TaskKind.PAPER, Task.status == "requested")))


def test_red_items_are_what_red_rules_look_at(weekly):
    assert red_items(weekly) == ("breathlessness", "pain", "fever", "eating", "low-mood")


def test_what_may_be_red_waits_for_a_second_person_and_is_then_sent_once(db, clinic, weekly, asked):
    sending = Sending(("pain", "other"), "week", wants_contact=True, comment="Hej")
    first = key_in(db, clinic, weekly, asked, read(pain=9, nausea=2), sending=sending, is_by_relative=True)
    assert (first.response, first.is_urgent, first.transcript.status) == (None, True, "second-look")
    assert db.scalar(sa.select(sa.func.count()).select_from(QuestionnaireResponse)) == 0
    [task] = open_paper_tasks(db)
    assert "En till ska läsa" in task.summary and "Bråttom" in task.summary
    assert task.due_at <= make.MONDAY + timedelta(hours=2)
    second = read_again(db, clinic, weekly, asked, read(pain=9))
    response = second.response
    assert (response.mode, response.device, response.lang, response.zone) == ("paper", "none", "sv", "Europe/Stockholm")
    assert (response.arrived_on, response.is_by_relative) == (CAME, True)
    assert (response.wishes, response.urgency, response.comment) == (["pain", "other"], "week", "Hej")
    assert response.source_id == clinic.actor["nils"].person_id
    readers = [reading.person_id for reading in second.transcript.readings]
    assert readers == [clinic.actor["karin"].person_id, clinic.actor["nils"].person_id]
    db.refresh(task)
    assert (task.status, task.outcome) == ("completed", Outcome.ENTERED)
    raised = db.scalars(sa.select(Task).where(Task.response_id == response.id)).one()
    assert (raised.kind, raised.level, raised.owner_id) == (TaskKind.FLAG, Level.RED, clinic.practitioner["karin"])
    assert db.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 1
    logged = set(db.scalars(sa.select(AuditEvent.action)))
    assert {"key-in-response", "read-again-response", "submit-response", "complete-task"} <= logged


def test_two_who_read_differently_leave_it_open_until_two_agree(db, clinic, weekly, asked):
    key_in(db, clinic, weekly, asked, read(pain=7, fever="no"))
    apart = read_again(db, clinic, weekly, asked, read(pain=1, fever="no"))
    assert (apart.response, apart.transcript.status) == (None, "mismatch")
    assert responses.to_read_again(weekly, apart.transcript) == ("pain",)
    [task] = open_paper_tasks(db)
    assert "Två har läst olika: Smärta" in task.summary
    stubborn = read_again(db, clinic, weekly, asked, read(pain=7), who="karin")
    assert stubborn.response is None
    agreed = read_again(db, clinic, weekly, asked, read(pain=1), who="karin")
    assert agreed.response is not None
    value = db.scalar(sa.select(ResponseAnswer.value).where(ResponseAnswer.link_id == "pain"))
    assert value == 1


def test_who_read_it_first_is_not_the_second_person(db, clinic, weekly, asked):
    first = key_in(db, clinic, weekly, asked, read(pain=2))
    again = key_in(db, clinic, weekly, asked, read(pain=2))
    assert again.transcript is first.transcript and len(again.transcript.readings) == 1
    with pytest.raises(responses.NeedsAnotherPerson):
        read_again(db, clinic, weekly, asked, read(pain=3), who="karin")


def test_sent_again_by_the_same_person_it_is_the_same_response_and_otherwise_already_sent(db, clinic, weekly, asked):
    key_in(db, clinic, weekly, asked, read(pain=2))
    sent = read_again(db, clinic, weekly, asked, read(pain=2)).response
    assert read_again(db, clinic, weekly, asked, read(pain=2)).response is sent
    with pytest.raises(responses.AlreadySent):
        key_in(db, clinic, weekly, asked, read(pain=9), who="karin")


def test_the_whole_paper_keyed_in_by_two_is_the_second_reading(db, clinic, weekly, asked):
    key_in(db, clinic, weekly, asked, read(pain=2, nausea=5))
    both = key_in(db, clinic, weekly, asked, read(pain=2, nausea=5), who="nils")
    assert both.response is not None


def test_what_nobody_can_read_is_unanswered_and_marked(db, clinic, weekly, asked):
    key_in(db, clinic, weekly, asked, read(nausea=DECLINED), illegible=("pain", "mouth", "pain-now"))
    response = read_again(db, clinic, weekly, asked, {}, illegible=("pain",)).response
    assert response.illegible == ["pain", "mouth"]  # a question that was not shown has no mark
    states = {row[0]: row[1] for row in db.execute(sa.select(ResponseAnswer.link_id, ResponseAnswer.state))}
    assert states["pain"] is states["mouth"] is states["sleep"] is AnswerState.UNANSWERED
    assert (states["nausea"], states["pain-now"]) == (AnswerState.DECLINED, AnswerState.NOT_SHOWN)


def test_a_form_without_red_rules_needs_one_person(db, clinic, library):
    before = library.questionnaire("before-visit")
    asked = forms.ask(db, library, clinic, before.id, who="aino")
    assert key_in(db, clinic, before, asked, {}).response is not None
    assert open_paper_tasks(db) == []


def test_by_telephone_nobody_needs_to_read_it_again(db, clinic, weekly, asked):
    response = key_in(db, clinic, weekly, asked, read(pain=9), mode="phone").response
    assert (response.mode, response.arrived_on) == ("phone", None)
    assert response.source_id == clinic.actor["karin"].person_id


def test_what_the_patient_had_begun_on_screen_is_kept_beside_the_paper(db, clinic, library, weekly):
    asked = forms.ask(db, library, clinic, FORM)
    draft = forms.begin(db, asked, by=clinic.actor["astrid"])
    forms.fill(db, weekly, draft, {"pain": 4, "nausea": 6}, by=clinic.actor["astrid"])
    key_in(db, clinic, weekly, asked, read(pain=1))
    forms.fill(db, weekly, draft, {"sleep": 2}, by=clinic.actor["astrid"])  # while the paper waits
    sent = read_again(db, clinic, weekly, asked, read(pain=1))
    assert sent.transcript.replaced == {"pain": ["answered", 4], "nausea": ["answered", 6], "sleep": ["answered", 2]}
    assert db.scalar(sa.select(ResponseAnswer.state).where(ResponseAnswer.link_id == "nausea")) == "unanswered"


def test_a_paper_keyed_in_before_the_form_closed_is_sent_after(db, clinic, weekly, asked):
    key_in(db, clinic, weekly, asked, read(pain=2))
    late = make.MONDAY + timedelta(days=8)
    assert responses.expire(db, by=clinic.actor["karin"], at=late) == 0
    assert read_again(db, clinic, weekly, asked, read(pain=2), at=late).response is not None


@pytest.mark.parametrize(("days", "reason"), [(8, "expired"), (-1, "not-open")])
def test_a_closed_form_takes_no_paper(db, clinic, weekly, asked, days, reason):
    with pytest.raises(responses.RequestClosed) as closed:
        key_in(db, clinic, weekly, asked, read(pain=2), at=make.MONDAY + timedelta(days=days))
    assert closed.value.reason == reason
    assert db.scalar(sa.select(sa.func.count()).select_from(Transcript)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("form", [FORM, "needs"])
def test_the_same_20_answer_sets_give_the_same_scores_and_flags_in_every_mode(db, clinic, library, form):
    questionnaire = library.questionnaire(form)
    random = Random(20)
    for number in range(20):
        answers = made_up(questionnaire, random)
        at = make.MONDAY + timedelta(minutes=number)
        found = []
        for mode in ("web", "paper", "phone"):
            who = {"web": "astrid", "paper": "aino", "phone": "bo"}[mode]
            asked = forms.ask(db, library, clinic, form, who=who, at=at)
            if mode == "web":
                response = on_screen(db, clinic, questionnaire, asked, answers, at)
            else:
                done = key_in(db, clinic, questionnaire, asked, answers, mode=mode, at=at)
                response = done.response or read_again(db, clinic, questionnaire, asked, answers, at=at).response
            found.append(outcome(db, response))
        assert found[0] == found[1] == found[2]


def on_screen(db, clinic, questionnaire, asked, answers, at) -> QuestionnaireResponse:
    by = clinic.actor["astrid"]
    draft: Draft = forms.begin(db, asked, by=by, at=at)
    shown = {item.link_id for item in visible_questions(questionnaire, answers)}
    given = {link_id: answer for link_id, answer in answers.items() if link_id in shown}
    forms.fill(db, questionnaire, draft, given, by=by, at=at)
    return forms.send(db, questionnaire, draft, by=by, at=at).response


def made_up(questionnaire: Questionnaire, random: Random) -> dict[str, Answer]:
    """Answers as somebody might give them: some blank, some declined, some to questions that are not theirs."""
    made = {}
    for item in questionnaire.questions:
        if random.random() < 0.15:
            continue
        if item.declinable and random.random() < 0.1:
            made[item.link_id] = DECLINED
        elif item.scale:
            made[item.link_id] = answered(random.randint(item.scale.min, item.scale.max))
        elif item.options:
            code = random.choice(item.options).value
            made[item.link_id] = answered((code,) if item.type is ItemType.CHOICES else code)
        else:
            made[item.link_id] = answered("Några ord")
    return made


def outcome(db: Session, response: QuestionnaireResponse) -> tuple[object, ...]:
    answers = db.execute(
        sa.select(ResponseAnswer.link_id, ResponseAnswer.state, ResponseAnswer.value)
        .where(ResponseAnswer.response_id == response.id)
        .order_by(ResponseAnswer.position)
    ).all()
    scores = db.execute(sa.select(Score.score_id, Score.value).where(Score.response_id == response.id)).all()
    flags = db.execute(
        sa.select(Flag.rule_id, Flag.level, Flag.item, Flag.value).where(Flag.response_id == response.id)
    ).all()
    task = db.scalars(sa.select(Task).where(Task.response_id == response.id)).one()
    return [tuple(row) for row in answers], sorted(map(tuple, scores)), sorted(map(str, flags)), task.kind, task.level
