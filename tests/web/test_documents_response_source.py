"""Whose answers a printed form holds: on paper, by telephone, corrected, by a relative; and who may have it."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.domain.answers import answered
from careplan.library import Library
from careplan.models import AuditEvent, Person, QuestionnaireResponse, Share
from tests import make, stories
from tests.actions import forms
from tests.content.every_kind import EVERY_KIND
from tests.people import Human
from tests.web.at_the_tablet import entered
from tests.web.response_print import EVERY_ANSWER, printed, sent_form, words
from tests.web.test_every_mode import Hasty

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]
ARRIVED = {"arrived_on-day": "13", "arrived_on-month": "11", "arrived_on-year": "2026"}


@pytest.fixture
def every(db: Session, clinic: make.Clinic) -> UUID:
    return sent_form(db, clinic, EVERY_KIND, EVERY_ANSWER)


def test_paper_says_who_keyed_it_in_and_what_could_not_be_read(
    app: Flask, karin: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM, who="aino").id
    db.commit()
    for reader in (karin, Human(app, "nils")):
        reader.get("staff.key_in", request_id=asked)
        reader.post("staff.key_in", {"svar-pain": "2", "svar-nausea": "illegible"} | ARRIVED, request_id=asked)
    found = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    text = words(printed(karin, found))
    assert "På papper som kom 13 november 2026. Inmatat av " in text
    assert text.count("Oläsligt på papperet") == 1 and "Oläsliga på papperet: 1" in text
    assert "Besvarade: 1," in text


def test_a_form_answered_by_telephone_says_so(karin: Human, db: Session, clinic: make.Clinic, library: Library) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM, who="aino").id
    db.commit()
    karin.get("staff.key_in", request_id=asked, satt="telefon")
    karin.post("staff.key_in", {"svar-pain": "2"}, request_id=asked, satt="telefon")
    found = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    assert "Per telefon. Inmatat av Karin Lind." in words(printed(karin, found))


def test_a_form_answered_on_the_tablet_says_so(
    app: Flask, karin: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM).id
    db.commit()
    visitor = entered(app, karin, asked)
    Hasty(visitor).answer_pages(library.questionnaire(stories.FORM), asked, {"pain": answered(2)})
    found = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    visitor.open(visitor.url("documents.response", response_id=found), endpoint="documents.response", expect={302, 303})
    assert "Svarade På mottagningens surfplatta" in words(printed(karin, found))


def test_it_says_who_helped(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    found = sent_form(db, clinic, EVERY_KIND, {"tired": 3}, who="lina")
    assert "Lina Ek har hjälpt till." in words(printed(astrid, found))


def test_a_correction_and_what_it_corrects_say_so(
    astrid: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    old = stories.sent(db, library, clinic, "astrid", {"pain": 2}).id
    db.commit()
    astrid.get("patient.response", response_id=old)
    astrid.post("patient.correct", response_id=old)
    draft_id = UUID(astrid.location.split("/")[-2])
    astrid.get("patient.answer", draft_id=draft_id, link_id="pain", fran="granska")
    astrid.post("patient.answer", {"answer": "3"}, draft_id=draft_id, link_id="pain", fran="granska")
    page = astrid.get("patient.review", draft_id=draft_id)
    version = page.find("input", attrs={"name": "version"})["value"]
    astrid.post("patient.review", {"version": version}, draft_id=draft_id)
    new = UUID(astrid.location.split("/")[-2])
    assert "Det här är de gamla svaren. De rättades 16 november 2026 klockan" in words(printed(astrid, old))
    text = words(printed(astrid, new))
    assert "Version 2, rättade svar. De förra skickades 16 november 2026 klockan 10.20." in text
    assert "de gamla svaren" not in text


def test_an_answer_given_again_says_from_when_it_is(
    astrid: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    earlier = make.MONDAY - timedelta(days=1)
    stories.sent(
        db, library, clinic, "astrid", {"troubles": ("pain", "sleep"), "sleep": 6}, form="late-effects", at=earlier
    )
    draft = forms.begin(db, forms.ask(db, library, clinic, "needs"), by=clinic.actor["astrid"])
    draft_id = draft.id
    db.commit()
    page = astrid.get("patient.answer", draft_id=draft_id, link_id="sleep")
    button = page.select_one("section[aria-labelledby=tidigare] form")
    sent = {field["name"]: field.get("value", "") for field in button.select("[name]")}
    astrid.post("patient.answer", sent, draft_id=draft_id, link_id="sleep")
    page = astrid.get("patient.review", draft_id=draft_id)
    version = page.find("input", attrs={"name": "version"})["value"]
    astrid.post("patient.review", {"version": version}, draft_id=draft_id)
    text = words(printed(astrid, UUID(astrid.location.split("/")[-2])))
    assert text.count("bekräftat från 15 november 2026") == 1


def test_a_relative_has_it_who_may_read_the_answers_but_not_a_sensitive_one(
    app: Flask, db: Session, clinic: make.Clinic, library: Library
) -> None:
    form = library.questionnaire("intimacy")
    first = {form.questions[0].link_id: form.questions[0].options[0].value}
    plain = stories.sent(db, library, clinic, "astrid", {"pain": 2}).id
    private = stories.sent(db, library, clinic, "astrid", first, form=form.id).id
    share = db.scalars(sa.select(Share)).one()
    share.scopes = ["plan", "answers", "documents", "help"]
    db.commit()
    lina = Human(app, "lina")
    printed(lina, plain)
    lina.get("documents.response", response_id=private, expect=404)
    printed(Human(app, "astrid"), private)


def test_what_a_relative_says_of_themself_is_printed_for_them_and_the_nurse_alone(
    app: Flask, db: Session, clinic: make.Clinic, library: Library
) -> None:
    by, form = clinic.actor["lina"], library.questionnaire("relatives-needs")
    asked = responses.request(
        db,
        library,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        questionnaire_id=form.id,
        respondent_id=by.person_id,
        opens_at=make.MONDAY,
        due_at=make.MONDAY + timedelta(days=3),
        closes_at=make.MONDAY + timedelta(days=6),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    draft = responses.start(db, asked, lang="sv", by=by, at=make.MONDAY)
    found = forms.send(db, form, draft, by=by).response.id
    db.commit()
    for who in ("lina", "karin"):
        text = words(printed(Human(app, who), found))
        assert "Lina Ek" in text and "närstående till Astrid Ek" in text
        assert "Det är inte patientens svar. Astrid Ek kan inte läsa dem." in text
    for who in ("astrid", "freja", "bo"):
        Human(app, who).get("documents.response", response_id=found, expect=404)


def test_nobody_elses_name_stands_in_it(
    astrid: Human, db: Session, clinic: make.Clinic, library: Library, every: UUID
) -> None:
    stories.sent(db, library, clinic, "bo", {"pain": 2})
    db.commit()
    text = words(printed(astrid, every))
    persons = db.scalars(sa.select(Person)).all()
    named = {person.name for person in persons if person.name in text}
    db.rollback()
    assert named == {"Astrid Ek", "Karin Lind", "Nils Berg"}


def test_it_is_logged_before_it_is_set(app: Flask, db: Session, clinic: make.Clinic, every: UUID, karin: Human) -> None:
    printed(karin, every)
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "print-response")).one()
    assert (event.person_name, event.object_id, event.patient_id) == (
        "Karin Lind",
        str(every),
        clinic.patient["astrid"],
    )
    db.rollback()
    assert "Skrev ut skickade svar" in Human(app, "astrid").get("patient.access_log").text


def test_the_pages_of_a_response_lead_to_it(
    app: Flask, db: Session, clinic: make.Clinic, library: Library, karin: Human
) -> None:
    response = stories.sent(db, library, clinic, "astrid", {"pain": 2})
    response_id, task_id = response.id, stories.task_of(db, response).id
    db.commit()
    astrid = Human(app, "astrid")
    address = astrid.url("documents.response", response_id=response_id)
    assert astrid.get("patient.response", response_id=response_id).select(f'a[href="{address}"]')
    assert karin.get("staff.case", task_id=task_id).select(f'a[href^="{address}"]')
    assert karin.get("staff.patient", patient_id=clinic.patient["astrid"]).select(f'a[href="{address}"]')
