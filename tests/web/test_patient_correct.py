"""Correcting sent answers: a new version, scored and routed again, with the old one readable and the nurse told."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import tasks
from careplan.domain.answers import DECLINED
from careplan.domain.tasks import Outcome, TaskKind
from careplan.domain.triage import Level
from careplan.library import Library
from careplan.models import Flag, QuestionnaireRequest, QuestionnaireResponse, Share, Task
from tests import make, stories
from tests.actions import forms
from tests.conftest import Clock
from tests.pages import words
from tests.people import Human

OTHERS = {"breathlessness": 1, "fever": "no", "fatigue": 2}
WEEK = timedelta(days=7)


@pytest.fixture
def sent(db: Session, clinic: make.Clinic, library: Library):
    """Sends pain 3 or 8, and gives the response's id."""

    def send(pain: int, **options: object) -> UUID:
        response = stories.sent(db, library, clinic, "astrid", {**OTHERS, "pain": pain}, **options)
        db.commit()
        return response.id

    return send


def opened(human: Human, response_id: UUID) -> UUID:
    """Press "Rätta svaren" on the page of the response; the draft's id."""
    human.get("patient.response", response_id=response_id)
    human.post("patient.correct", response_id=response_id)
    return UUID(human.location.split("/")[-2])


def corrected(human: Human, response_id: UUID, **answers: str) -> UUID:
    """Open, change, look through and send; the new response's id."""
    draft_id = opened(human, response_id)
    for link_id, value in answers.items():
        human.get("patient.answer", draft_id=draft_id, link_id=link_id, fran="granska")
        human.post("patient.answer", {"answer": value}, draft_id=draft_id, link_id=link_id, fran="granska")
        if human.location.split("?")[0].endswith("/ring"):
            human.follow(human.response)
            human.post("patient.call_now", draft_id=draft_id, link_id=link_id, fran="granska")
    send(human, draft_id)
    return UUID(human.location.split("/")[-2])


def send(human: Human, draft_id: UUID, expect: int = 303, **more: object):
    page = human.get("patient.review", draft_id=draft_id)
    content = {"version": page.select_one("input[name=version]")["value"], **more}
    return human.post("patient.review", content, draft_id=draft_id, expect=expect)


def later(app: Flask, clock: Clock, who: str, by: timedelta) -> Human:
    """The same person after so long a time, logged in anew."""
    clock.at += by
    return Human(app, who)


def task_for(db: Session, response_id: UUID) -> Task:
    wanted = sa.select(Task).where(Task.response_id == response_id)
    found = db.scalars(wanted.execution_options(populate_existing=True)).one()
    db.commit()
    return found


def test_a_3_corrected_to_8_raises_the_flag_and_a_new_task(astrid, karin, db, sent):
    old = sent(3)
    new = corrected(astrid, old, pain="8")
    task = task_for(db, new)
    assert (task.kind, task.level, task.status) == (TaskKind.FLAG, Level.RED, "requested")
    assert "Smärta rättat från 3 till 8" in task.summary
    assert [flag.item for flag in db.scalars(sa.select(Flag).where(Flag.response_id == new))] == ["pain"]
    db.commit()
    assert task_for(db, old).summary.startswith("Smärta rättat från 3 till 8. ")
    page = karin.get("staff.case", task_id=task.id)
    assert "Astrid har rättat det som skickades i dag 10.20. Smärta rättat från 3 till 8." in page.text
    page = karin.get("staff.case", task_id=task_for(db, old).id)
    assert "Astrid har rättat de här svaren i dag 10.20. Smärta rättat från 3 till 8." in page.text


def test_an_8_corrected_to_3_tells_the_nurse_and_leaves_the_flag_for_her_to_close(astrid, karin, db, clinic, sent):
    old = sent(8)
    new = corrected(astrid, old, pain="3")
    told, flagged = task_for(db, new), task_for(db, old)
    assert (told.kind, told.summary) == (TaskKind.RESPONSE, "Inget svar över gränsen. Smärta rättat från 8 till 3")
    assert (flagged.kind, flagged.level, flagged.status) == (TaskKind.FLAG, Level.RED, "requested")
    assert flagged.summary.startswith("Smärta rättat från 8 till 3. Smärta 8 av 10")
    assert "Smärta rättat från 8 till 3" in karin.get("staff.worklist").text
    page = karin.get("staff.case", task_id=flagged.id)
    assert "rättat från 8 till 3" in page.text
    karin.open(page.find("a", string="Se de nya svaren")["href"])
    flagged = db.get_one(Task, flagged.id)
    tasks.complete(db, flagged, outcome=Outcome.CALLED, next_step="Klart", by=clinic.actor["karin"], at=make.MONDAY)
    assert flagged.status == "completed"
    db.commit()


def test_a_flag_that_stood_already_raises_no_second_one(astrid, db, sent):
    new = corrected(astrid, sent(8), fatigue="4")
    task = task_for(db, new)
    assert (task.kind, task.summary) == (TaskKind.RESPONSE, "Trötthet rättat från 2 till 4")
    assert db.scalar(sa.select(sa.func.count()).select_from(Flag).where(Flag.response_id == new)) == 1
    db.commit()


def test_a_flag_corrected_away_and_back_again_is_raised_again(astrid, db, sent):
    first = sent(8)
    third = corrected(astrid, corrected(astrid, first, pain="3"), pain="8")
    assert task_for(db, third).kind is TaskKind.FLAG
    response = db.get_one(QuestionnaireResponse, third)
    assert (response.number, response.about_at) == (3, make.MONDAY)
    db.commit()
    assert task_for(db, first).summary.startswith("Smärta rättat från 3 till 8. Smärta rättat från 8 till 3. ")


def test_the_old_answers_stay_readable_and_point_to_the_new(app, clock, sent):
    old = sent(3)
    astrid = later(app, clock, "astrid", timedelta(days=1))
    new = corrected(astrid, old, pain="4")
    page = astrid.get("patient.response", response_id=new)
    assert "Rättat i dag 10.20. De gamla svaren skickades i går 10.20." in page.text
    assert "4 av 10" in page.text
    page = astrid.open(page.find("a", string="Se de gamla svaren")["href"])
    assert "Det här är de gamla svaren. De rättades i dag 10.20." in page.text
    assert "3 av 10" in page.text
    assert not page.find("button", string="Rätta svaren")
    astrid.post("patient.correct", response_id=old, expect=409)
    assert "Det finns nyare svar" in astrid.page.text


def test_the_patients_page_marks_old_versions_and_points_each_to_the_newest(app, db, clinic, sent):
    astrid, first = Human(app, "astrid"), sent(2)
    second = corrected(astrid, first, pain="3")
    third = corrected(astrid, second, pain="4")
    newest = db.scalars(sa.select(Task.id).where(Task.response_id == third)).one()
    db.rollback()
    page = Human(app, "karin").get("staff.patient", patient_id=clinic.patient["astrid"])
    marked = [words(row) for row in page.select("section[aria-labelledby=svar] li")]
    assert [("Rättad i dag 10.20. Se de nya svaren" in row) for row in marked] == [False, True, True]
    links = page.select("section[aria-labelledby=svar] li a")
    assert [str(newest) in link["href"] for link in links if link.text == "Se de nya svaren"] == [True, True]


def test_lists_and_trends_and_the_next_form_know_only_the_newest_version(app, clock, db, sent):
    old = sent(3)
    astrid = later(app, clock, "astrid", timedelta(days=1))
    new = corrected(astrid, old, pain="6")
    page = astrid.get("patient.trends")
    links = {a["href"] for a in page.select("a[href*='/svar/']")}
    assert links == {f"/svar/{new}"}
    assert "Rättade svar." in page.text
    astrid = later(app, clock, "astrid", WEEK)
    next_one = sent(8, at=clock.at)
    assert task_for(db, next_one).summary == "Smärta 8 av 10, var 6"
    page = Human(app, "karin").get("staff.case", task_id=task_for(db, next_one).id)
    assert [cell.text for cell in page.select("tbody tr")[0].find_all("td")][-1] == "6"
    page = astrid.get("patient.trends", alla="ja")
    assert "Från 6 till 8." in page.text


def test_a_correction_is_compared_with_the_form_before_the_one_it_corrects(astrid, clock, db, sent):
    sent(5, at=make.MONDAY - WEEK)
    new = corrected(astrid, sent(3), pain="8")
    assert task_for(db, new).summary == "Smärta 8 av 10, var 5. Smärta rättat från 3 till 8"


def test_the_draft_of_a_correction_is_sent_once(astrid, db, sent):
    draft_id = opened(astrid, sent(3))
    assert opened_again(astrid, draft_id, db)
    astrid.post("patient.answer", {"answer": "4"}, draft_id=draft_id, link_id="pain", fran="granska")
    page = astrid.get("patient.review", draft_id=draft_id)
    content = {"version": page.select_one("input[name=version]")["value"]}
    astrid.post("patient.review", content, draft_id=draft_id)
    first = astrid.location
    astrid.post("patient.review", content, draft_id=draft_id)
    assert astrid.location == first
    assert db.scalar(sa.select(sa.func.count()).select_from(QuestionnaireResponse)) == 2
    db.commit()


def opened_again(human: Human, draft_id: UUID, db: Session) -> bool:
    old = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.commit()
    return opened(human, old) == draft_id


def test_a_correction_that_changes_nothing_is_not_sent(astrid, db, sent):
    draft_id = opened(astrid, sent(3))
    page = send(astrid, draft_id, expect=422)
    assert "Inget är ändrat, och inget är skickat." in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(QuestionnaireResponse)) == 1
    db.commit()


def test_what_was_wished_is_chosen_already_and_may_be_corrected_alone(astrid, db, sent):
    draft_id = opened(astrid, sent(3, urgency="wait", comment="Mina ord"))
    page = astrid.get("patient.review", draft_id=draft_id)
    assert [chosen["value"] for chosen in page.select("[checked]")] == ["wait"]
    assert page.textarea.text.strip() == "Mina ord"
    send(astrid, draft_id, urgency="week", comment="Mina ord")
    new = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.number == 2)).one()
    db.commit()
    assert new.urgency == "week"
    assert task_for(db, new.id).summary == "Inget svar över gränsen. Har ändrat det som önskades"


def test_the_review_says_what_was_sent_beside_what_is_corrected(astrid, sent):
    draft_id = opened(astrid, sent(3))
    astrid.get("patient.answer", draft_id=draft_id, link_id="pain", fran="granska")
    astrid.post("patient.answer", {"answer": "4"}, draft_id=draft_id, link_id="pain", fran="granska")
    page = astrid.get("patient.review", draft_id=draft_id)
    assert "4 av 10. Du skickade: 3 av 10." in page.text
    assert "Skicka rättelsen till Karin" in page.text


def test_an_unfinished_correction_stands_on_the_home_page_and_can_be_dropped(astrid, karin, clinic, sent):
    old = sent(3)
    draft_id = opened(astrid, old)
    page = astrid.get("patient.home")
    assert "Rättelsen är inte skickad." in page.text
    assert not karin.get("staff.patient", patient_id=clinic.patient["astrid"]).select(f'a[href*="{draft_id}"]')
    astrid.get("patient.review", draft_id=draft_id)
    astrid.post("patient.drop_correction", draft_id=draft_id)
    page = astrid.follow(astrid.response)
    assert "Rättelsen är borttagen." in page.text
    assert "inte skickad" not in page.text
    assert opened(astrid, old) != draft_id


def test_only_a_correction_can_be_dropped(astrid, db, clinic, library):
    draft = forms.begin(db, forms.ask(db, library, clinic, stories.FORM), by=clinic.actor["astrid"])
    db.commit()
    astrid.get("patient.home")
    astrid.post("patient.drop_correction", draft_id=draft.id)
    db.expire_all()
    assert db.get_one(QuestionnaireRequest, draft.request_id).status == "in-progress"
    db.commit()


def test_after_14_days_it_is_too_late(app, astrid, clock, sent):
    old = sent(3)
    astrid.get("patient.response", response_id=old)
    assert "Rätta svaren" in astrid.page.text
    astrid = later(app, clock, "astrid", timedelta(days=14))
    page = astrid.get("patient.response", response_id=old)
    assert "Tiden för att rätta svaren är slut." in page.text
    astrid.post("patient.correct", response_id=old, expect=410)
    assert "Det är för sent att rätta" in astrid.page.text


def test_the_next_form_of_the_same_kind_ends_the_time_for_corrections(app, astrid, clock, db, clinic, library, sent):
    old = sent(3)
    forms.ask(db, library, clinic, stories.FORM, at=make.MONDAY + timedelta(days=5))
    db.commit()
    page = astrid.get("patient.response", response_id=old)
    assert "Du kan rätta svaren, senast lördag klockan 10.20." in page.text
    astrid = later(app, clock, "astrid", timedelta(days=5))
    page = astrid.get("patient.response", response_id=old)
    assert not page.find("button", string="Rätta svaren")


def test_a_helping_relative_corrects_what_she_sent_and_reaches_no_other_correction(
    astrid, lina, db, clinic, library, sent
):
    draft_id = opened(astrid, sent(3))
    lina.get("patient.review", draft_id=draft_id, expect=404)
    assert "Rättelsen är inte skickad." not in lina.get("patient.home").text
    asked = forms.ask(db, library, clinic, stories.FORM)
    begun = forms.begin(db, asked, by=clinic.actor["lina"])
    forms.fill(db, library.questionnaire(stories.FORM), begun, {"pain": 3}, by=clinic.actor["lina"])
    own = forms.send(db, library.questionnaire(stories.FORM), begun, by=clinic.actor["lina"]).response.id
    db.commit()
    lina.get("patient.receipt", response_id=own)
    lina.post("patient.correct", response_id=own)
    hers = UUID(lina.location.split("/")[-2])
    lina.get("patient.answer", draft_id=hers, link_id="pain", fran="granska")
    lina.post("patient.answer", {"answer": "4"}, draft_id=hers, link_id="pain", fran="granska")
    send(lina, hers)
    new = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.replaces_id == own)).one()
    assert new.is_by_relative
    db.commit()


def test_a_relative_who_may_read_but_not_help_corrects_nothing(lina, db, sent):
    share = db.scalars(sa.select(Share)).one()
    share.scopes = ["answers"]
    db.commit()
    old = sent(3)
    page = lina.get("patient.response", response_id=old)
    assert not page.find("button", string="Rätta svaren")
    lina.post("patient.correct", response_id=old, expect=404)


def test_what_was_declined_or_left_blank_comes_back_as_that(astrid, db, library, clinic):
    old = stories.sent(db, library, clinic, "astrid", {"pain": DECLINED, "fatigue": 2}).id
    db.commit()
    new = corrected(astrid, old, pain="2")
    summary = task_for(db, new).summary
    assert "Smärta rättat från ”Jag vill inte svara” till 2" in summary
    states = {row.link_id: str(row.state) for row in db.get_one(QuestionnaireResponse, new).answers}
    assert (states["fatigue"], states["sleep"]) == ("answered", "unanswered")
    db.commit()


def test_the_log_says_who_opened_what_was_sent_and_who_sent_it_anew(astrid, sent):
    corrected(astrid, sent(3), pain="4")
    page = astrid.get("patient.access_log")
    assert "Öppnade skickade svar för att rätta dem" in page.text
