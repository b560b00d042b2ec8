"""The clinic's tablet while a form is answered on it, and after: one form, and nothing left behind."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.models import AuditEvent, CallNotice, Draft, DraftAnswer, KioskCode, QuestionnaireResponse, Task
from careplan.web import tablet as tablets
from careplan.web.access import PUBLIC
from tests import make, stories
from tests.actions import forms
from tests.conftest import Clock
from tests.people import Human
from tests.web.at_the_tablet import code_for, entered
from tests.web.test_access_matrix import RULES, Astrid, her, methods

__all__ = ["her"]

FORM = stories.FORM


@pytest.fixture
def asked(db: Session, clinic: make.Clinic, library) -> UUID:
    made = forms.ask(db, library, clinic, FORM)
    db.commit()
    return made.id


@pytest.fixture
def tablet(app: Flask, karin: Human, asked: UUID) -> Human:
    return entered(app, karin, asked)


def begun(tablet: Human, asked: UUID, **more: str) -> UUID:
    """The draft, after the button on the start page."""
    tablet.post("patient.start", more, request_id=asked)
    draft = UUID(tablet.location.split("/")[2])
    tablet.follow(tablet.response)
    return draft


def send(tablet: Human, draft: UUID) -> None:
    page = tablet.get("patient.review", draft_id=draft)
    tablet.post("patient.review", {"version": page.select_one("input[name=version]")["value"]}, draft_id=draft)


def test_answers_are_sent_as_from_the_tablet_and_the_patients_own(tablet, asked, db, clinic):
    draft = begun(tablet, asked)
    tablet.post("patient.answer", {"answer": "2"}, draft_id=draft, link_id="breathlessness")
    send(tablet, draft)
    assert tablet.location == tablet.url("kiosk.receipt")
    page = tablet.follow(tablet.response)
    assert page.heading == "Tack. Dina svar är skickade."
    assert "Karin Lind läser dem" in page.text
    response = db.scalars(sa.select(QuestionnaireResponse)).one()
    assert (response.mode, response.device, response.is_by_relative) == ("kiosk", "tablet", False)
    assert response.source_id == clinic.actor["astrid"].person_id
    assert (response.lang, response.zone) == ("sv", "Europe/Stockholm")
    assert response.submitted_at == make.MONDAY
    assert stories.task_of(db, response)


def test_the_nurse_sees_that_it_was_answered_on_the_tablet(tablet, asked, db, karin):
    send(tablet, begun(tablet, asked))
    task_id = db.scalars(sa.select(Task.id)).one()
    db.rollback()
    assert "Svarat på mottagningens surfplatta." in karin.get("staff.case", task_id=task_id).text


def test_the_pages_of_the_tablet_speak_the_language_that_was_chosen_on_it(app, karin, asked):
    tablet = Human(app)
    tablet.get("account.settings")
    tablet.post("account.settings", {"language": "en", "text_size": "normal"})
    tablet.get("kiosk.code")
    tablet.post("kiosk.code", {"code": code_for(karin, asked)})
    headings = [tablet.follow(tablet.response).heading]
    tablet.post("kiosk.confirm")
    tablet.follow(tablet.response)
    headings.append(tablet.get("kiosk.still_there").heading)
    draft = begun(tablet, asked, sprak="en")
    tablet.post("patient.answer", {"answer": "9"}, draft_id=draft, link_id="breathlessness")
    headings.append(tablet.follow(tablet.response).heading)
    send(tablet, draft)
    headings.append(tablet.follow(tablet.response).heading)
    assert headings == [
        "Is this you?",
        "Are you still there?",
        "Tell the staff now",
        "Thank you. Your answers are sent.",
    ]
    tablet.post("kiosk.leave")
    assert tablet.client.get_cookie("careplan") is None


def test_a_relatives_help_is_marked_as_it_is_elsewhere(tablet, asked, db):
    draft = begun(tablet, asked, narstaende="yes")
    send(tablet, draft)
    assert db.scalars(sa.select(QuestionnaireResponse)).one().is_by_relative


def test_the_log_says_that_it_was_done_on_the_units_tablet(tablet, asked, db, astrid, clinic):
    send(tablet, begun(tablet, asked))
    rows = db.scalars(
        sa.select(AuditEvent).where(AuditEvent.unit_id == clinic.unit.id, AuditEvent.capacity == "patient")
    )
    assert {"enter-kiosk-code", "read-request", "start-draft", "submit-response"} <= {row.action for row in rows}
    db.rollback()
    page = astrid.get("patient.access_log")
    assert "på surfplattan hos Bröstmottagningen" in page.text


def test_the_tablet_reaches_nothing_but_its_own_form(app, karin, her: Astrid, library):
    """Each route, as somebody who is not logged in; with the ids of the patient's own things in the address."""
    tablet, stranger = entered(app, karin, her.request_id), Human(app)
    stranger.get("kiosk.code")
    own = tablets.PAGES[tablets.Stage.ANSWER]
    for endpoint, rule in RULES.items():
        if endpoint in own | {"kiosk.confirm", "kiosk.receipt"}:
            continue
        url = tablet.url(endpoint, **rule.values(her))
        for method in methods(app, endpoint):
            answers = [getattr(who.client, method.lower())(url) for who in (tablet, stranger)]
            seen = {(each.status_code, each.headers.get("Location")) for each in answers}
            assert len(seen) == 1, f"{method} {endpoint}: {seen}"
            assert answers[0].status_code in {302, 303, 400}, endpoint


def test_of_what_the_tablet_may_open_another_form_does_not_exist(app, karin, db, clinic, library, asked):
    other = forms.begin(db, forms.ask(db, library, clinic, "needs"), by=clinic.actor["astrid"])
    db.commit()
    tablet = entered(app, karin, asked)
    tablet.get("patient.start", request_id=other.request_id, expect=404)
    page = tablet.get("patient.review", draft_id=other.id, expect=404)
    assert page.find("a", string="Till sidan för koden")
    denied = db.scalars(sa.select(AuditEvent).where(AuditEvent.outcome == "denied")).all()
    assert {row.unit_name for row in denied} == {"Bröstmottagningen"}


def test_no_page_on_the_way_links_elsewhere(tablet, asked):
    draft = begun(tablet, asked)
    for endpoint, values in (
        ("patient.start", {"request_id": asked}),
        ("patient.answer", {"draft_id": draft, "link_id": "breathlessness"}),
        ("patient.review", {"draft_id": draft}),
        ("kiosk.still_there", {}),
    ):
        page = tablet.get(endpoint, **values)
        links = {str(link["href"]) for link in page.find_all("a")}
        assert not [link for link in links if not link.startswith(("#", "tel:", "/fragor/"))], f"{endpoint}: {links}"
        assert "Astrid" not in page.text
        assert page.find("button", string="Avsluta på surfplattan")


def test_a_severe_answer_says_to_tell_the_staff_at_once(tablet, asked, db):
    draft = begun(tablet, asked)
    tablet.post("patient.answer", {"answer": "9"}, draft_id=draft, link_id="breathlessness")
    page = tablet.follow(tablet.response)
    assert page.heading == "Säg till personalen nu"
    assert "Visa den här sidan för någon som arbetar här." in page.text
    assert page.find("a", href="tel:112")
    assert db.scalars(sa.select(CallNotice)).one().acknowledged_at is None
    db.rollback()
    tablet.post("patient.call_now", draft_id=draft, link_id="breathlessness")
    send(tablet, draft)
    page = tablet.follow(tablet.response)
    assert "Säg till personalen innan du går" in page.text
    assert "andnöd" not in page.text.lower()
    assert str(db.scalars(sa.select(Task)).one().level) == "red"


def test_sending_ends_the_session_and_whatever_is_asked_for_leads_to_the_receipt(tablet, asked, db):
    draft = begun(tablet, asked)
    send(tablet, draft)
    assert db.scalars(sa.select(KioskCode)).one().ended_at == make.MONDAY
    db.rollback()
    for endpoint, values in (
        ("patient.start", {"request_id": asked}),
        ("patient.answer", {"draft_id": draft, "link_id": "pain"}),
        ("patient.review", {"draft_id": draft}),
        ("kiosk.confirm", {}),
    ):
        tablet.get(endpoint, **values, expect=303)
        assert tablet.location == tablet.url("kiosk.receipt")
    tablet.post("patient.review", {"version": "1"}, draft_id=draft)
    assert tablet.location == tablet.url("kiosk.receipt")


def test_klar_leaves_nothing_in_the_browser(tablet, asked, db):
    send(tablet, begun(tablet, asked))
    tablet.follow(tablet.response)
    tablet.post("kiosk.leave")
    assert tablet.response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert tablet.client.get_cookie("careplan") is None
    page = tablet.follow(tablet.response)
    assert page.heading == "Skriv din kod"
    assert "Astrid" not in page.text
    tablet.get("kiosk.receipt", expect=302)
    assert tablet.location == "/surfplatta"
    assert db.scalars(sa.select(KioskCode)).one().token_hash is None


def test_a_copied_cookie_is_worth_nothing_after_the_end(tablet, asked, app):
    begun(tablet, asked)
    cookie = tablet.client.get_cookie("careplan")
    tablet.post("kiosk.leave")
    thief = Human(app)
    thief.client.set_cookie("careplan", cookie.value)
    thief.get("patient.start", request_id=asked, expect=302)
    assert thief.location == thief.url("kiosk.code", slut="tid")


def test_the_receipt_goes_by_itself(tablet, asked, clock: Clock):
    send(tablet, begun(tablet, asked))
    tablet.follow(tablet.response)
    assert tablet.response.headers["Refresh"] == "120; url=/surfplatta"
    clock.at += timedelta(minutes=2, seconds=1)
    tablet.get("kiosk.receipt", expect=302)


def test_a_draft_left_half_way_is_kept_and_gone_on_with_at_home(tablet, asked, db, astrid):
    draft = begun(tablet, asked)
    tablet.post("patient.answer", {"answer": "2"}, draft_id=draft, link_id="breathlessness")
    tablet.post("kiosk.leave")
    assert "Det som du har svarat är sparat." in tablet.follow(tablet.response).text
    assert db.get_one(Draft, draft).request.status == "in-progress"
    assert db.scalars(sa.select(DraftAnswer.link_id)).all() == ["breathlessness"]
    db.rollback()
    page = astrid.get("patient.start", request_id=asked)
    assert "Fortsätt på fråga 2" in page.text


def test_nobody_there_for_a_while_is_asked_and_then_it_is_over(tablet, asked, clock: Clock):
    draft = begun(tablet, asked)
    assert tablet.response.headers["Refresh"] == "480; url=/surfplatta/kvar"
    clock.at += tablets.ASKS_AFTER
    page = tablet.get("kiosk.still_there")
    assert page.heading == "Är du kvar?"
    assert tablet.response.headers["Refresh"] == "120; url=/surfplatta"
    tablet.post("kiosk.still_there")
    assert "Fortsätt" in tablet.follow(tablet.response).text or "Börja" in tablet.page.text
    clock.at += tablets.ASKS_AFTER
    tablet.get("kiosk.still_there")
    clock.at += tablets.IDLE - tablets.ASKS_AFTER + timedelta(seconds=1)
    tablet.post("patient.answer", {"answer": "2"}, draft_id=draft, link_id="breathlessness", expect=302)
    assert tablet.location == tablet.url("kiosk.code", slut="tid")
    page = tablet.open(tablet.location, expect=303)
    assert "Det du hade sparat finns kvar." in tablet.follow(page).text


def test_the_page_for_the_code_ends_what_went_on_before(tablet, asked):
    begun(tablet, asked)
    tablet.get("kiosk.code", expect=303)
    assert "Clear-Site-Data" in tablet.response.headers
    tablet.follow(tablet.response)
    tablet.get("patient.start", request_id=asked, expect=302)


def test_the_wrong_person_gives_the_tablet_back_and_the_code_is_spent(app, karin, asked, nobody):
    digits = code_for(karin, asked)
    nobody.get("kiosk.code")
    nobody.post("kiosk.code", {"code": digits})
    page = nobody.follow(nobody.response)
    no = page.find("button", string="Nej, det är inte jag").find_parent("form")
    nobody.post("kiosk.leave", {"slut": no.find("input", {"name": "slut"})["value"]})
    assert "Bra att du sade till." in nobody.follow(nobody.response).text
    assert "redan använd" in nobody.post("kiosk.code", {"code": digits}, expect=422).text


def test_sent_from_elsewhere_meanwhile_the_tablet_says_so(tablet, asked, db, clinic, library):
    draft_id = begun(tablet, asked)
    by = clinic.actor["astrid"]
    forms.send(db, library.questionnaire(FORM), db.get_one(Draft, draft_id), by=by)
    db.commit()
    tablet.post("patient.answer", {"answer": "2"}, draft_id=draft_id, link_id="breathlessness")
    page = tablet.follow(tablet.response)
    assert page.heading == "Svaren är redan skickade"
    assert "efter det är inte sparat" in page.text


def test_logging_in_on_the_tablet_ends_the_visit(app, tablet, asked, db):
    begun(tablet, asked)
    tablet.get("account.login")
    tablet.post("account.demo_login", {"person": "karin"})
    assert db.scalars(sa.select(KioskCode)).one().ended_at is not None


def test_no_page_of_the_visit_may_be_kept(tablet, asked):
    for endpoint, values in (("patient.start", {"request_id": asked}), ("kiosk.still_there", {})):
        tablet.get(endpoint, **values)
        assert tablet.response.headers["Cache-Control"] == "no-store"


def test_no_field_on_the_way_is_remembered_by_the_browser(tablet, asked):
    draft = begun(tablet, asked)
    for endpoint, values in (
        ("patient.answer", {"draft_id": draft, "link_id": "breathlessness"}),
        ("patient.review", {"draft_id": draft}),
    ):
        page = tablet.get(endpoint, **values)
        assert page.main.find("form", {"autocomplete": "off"}), endpoint


def test_of_each_page_for_answering_it_is_decided_whether_a_tablet_reaches_it(app):
    not_on_a_tablet = {"patient.unsent", "patient.drop_correction"}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/fragor/")}
    routes = {endpoint for endpoint in routes if endpoint.startswith("patient.")}  # staff answer questions for visits
    assert routes - not_on_a_tablet <= tablets.PAGES[tablets.Stage.ANSWER]


def test_a_pause_on_the_tablet_ends_with_giving_it_back(tablet, asked):
    draft = begun(tablet, asked, lite="yes")
    page = tablet.get("patient.pause", draft_id=draft)
    assert page.find("button", string="Lämna tillbaka och fortsätt senare")["form"] == "avsluta"
    assert not page.find("a", string="Vila och fortsätt senare")


def test_after_the_visit_the_browser_comes_to_the_page_for_the_code_until_somebody_logs_in(tablet):
    tablet.post("kiosk.leave")
    tablet.follow(tablet.response)
    assert tablet.response.headers["Refresh"] == "60; url=/surfplatta"
    tablet.get("patient.home", expect=302)
    assert tablet.location == "/surfplatta"
    tablet.get("account.login")
    tablet.post("account.demo_login", {"person": "karin"})
    tablet.get("staff.worklist")


def test_every_page_of_the_tablet_is_public_or_listed(app):
    listed = {endpoint for endpoint in app.view_functions if endpoint.startswith("kiosk.")}
    assert listed == {"kiosk.code"} | {endpoint for endpoint in tablets.KNOWN if endpoint.startswith("kiosk.")}
    assert "kiosk.code" in PUBLIC
