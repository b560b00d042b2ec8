"""The clinic's tablet: the code, who makes it, and what it opens."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions.kiosk import VALID
from careplan.actions.login import MOST_PER_ADDRESS
from careplan.models import AuditEvent, KioskCode, LoginSession
from tests import make, stories
from tests.actions import forms
from tests.conftest import Clock
from tests.people import Human
from tests.web.at_the_tablet import code_for, entered

FORM = stories.FORM


@pytest.fixture
def asked(db: Session, clinic: make.Clinic, library) -> UUID:
    made = forms.ask(db, library, clinic, FORM)
    db.commit()
    return made.id


def test_a_nurse_makes_a_code_from_the_patients_page(karin: Human, clinic: make.Clinic, asked: UUID, db: Session):
    page = karin.get("staff.patient", patient_id=clinic.patient["astrid"])
    button = page.find("button", string="Svara på surfplatta")
    page = karin.send(button.find_parent("form")["action"], endpoint="staff.tablet_code", expect=200)
    assert page.heading == "Kod till surfplattan"
    shown = page.select_one(".app-code").text
    assert len(shown) == 9 and shown.replace("\xa0", "").isdigit()
    assert "Gäller en gång, till klockan 10.35" in page.text
    assert "127.0.0.1:8000/surfplatta" in page.text
    kept = db.scalars(sa.select(KioskCode)).one()
    assert shown.replace("\xa0", "") not in str(vars(kept))
    made = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "make-kiosk-code")).one()
    assert (made.person_name, made.patient_id, made.object_id) == (
        "Karin Lind",
        clinic.patient["astrid"],
        str(asked),
    )


def test_to_look_at_the_page_of_the_code_makes_none(karin: Human, asked: UUID, db: Session):
    page = karin.get("staff.tablet_code", request_id=asked)
    assert page.find("button", string="Gör en kod")
    assert not page.select(".app-code")
    assert db.scalar(sa.select(sa.func.count()).select_from(KioskCode)) == 0


def test_another_units_request_does_not_exist(lars: Human, asked: UUID, db: Session):
    lars.get("staff.worklist")
    lars.post("staff.tablet_code", request_id=asked, expect=404)
    assert db.scalar(sa.select(sa.func.count()).select_from(KioskCode)) == 0


def test_no_code_is_made_for_what_is_answered_or_closed(karin: Human, db: Session, clinic, library, clock: Clock):
    sent = stories.sent(db, library, clinic, "astrid", {"pain": 1})
    late = forms.ask(db, library, clinic, FORM)
    db.commit()
    karin.get("staff.worklist")
    assert "redan skickade" in karin.post("staff.tablet_code", request_id=sent.request_id, expect=409).text
    clock.at += timedelta(days=8)
    karin = Human(karin.app, "karin")
    karin.get("staff.worklist")
    assert "för sent" in karin.post("staff.tablet_code", request_id=late.id, expect=410).text


def test_a_code_opens_the_one_form_after_a_first_name(karin: Human, nobody: Human, asked: UUID):
    digits = code_for(karin, asked)
    page = nobody.get("kiosk.code")
    assert page.heading == "Skriv din kod"
    assert "Astrid" not in page.text
    nobody.post("kiosk.code", {"code": f"{digits[:4]} {digits[4:]}"})
    page = nobody.follow(nobody.response)
    assert page.heading == "Är det du?"
    assert page.select_one(".app-code").text == "Astrid"
    assert "Ek" not in page.text.split()
    assert "Astrid" not in page.title.text
    assert "weekly" not in str(page) and "Symtom" not in page.text
    nobody.post("kiosk.confirm")
    assert nobody.location == nobody.url("patient.start", request_id=asked)
    page = nobody.follow(nobody.response)
    assert "Börja svara" in page.text


def test_before_the_name_is_confirmed_nothing_of_the_form_is_open(karin: Human, nobody: Human, asked: UUID):
    digits = code_for(karin, asked)
    nobody.get("kiosk.code")
    nobody.post("kiosk.code", {"code": digits})
    nobody.get("patient.start", request_id=asked, expect=303)
    assert nobody.location == nobody.url("kiosk.confirm")


def test_a_code_used_twice_is_refused_with_one_clear_sentence(karin: Human, app: Flask, asked: UUID):
    digits = code_for(karin, asked)
    first, second = Human(app), Human(app)
    first.get("kiosk.code")
    first.post("kiosk.code", {"code": digits})
    second.get("kiosk.code")
    page = second.post("kiosk.code", {"code": digits}, expect=422)
    assert page.select_one(".nhsuk-error-message").text == "Fel: Koden är redan använd. Be personalen om en ny."
    first.get("kiosk.confirm")


def test_a_code_that_has_expired_is_refused(karin: Human, nobody: Human, asked: UUID, clock: Clock):
    digits = code_for(karin, asked)
    clock.at += VALID
    nobody.get("kiosk.code")
    page = nobody.post("kiosk.code", {"code": digits}, expect=422)
    assert "Koden gäller inte längre. Be personalen om en ny." in page.text


def test_a_new_code_ends_the_older_one_and_what_it_opened(karin: Human, app: Flask, asked: UUID):
    first = code_for(karin, asked)
    tablet = entered(app, karin, asked)
    unused = code_for(karin, asked)
    tablet.get("patient.start", request_id=asked, expect=302)
    assert tablet.location == tablet.url("kiosk.code", slut="tid")
    newest = code_for(karin, asked)
    tablet = Human(app)
    tablet.get("kiosk.code")
    for old in (first, unused):
        assert "gäller inte längre" in tablet.post("kiosk.code", {"code": old}, expect=422).text
    tablet.post("kiosk.code", {"code": newest})


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Skriv koden. Den har 8 siffror."),
        ("1234567", "Skriv koden. Den har 8 siffror."),
        ("abcdefgh", "Skriv koden. Den har 8 siffror."),
        ("٠١٢٣٤٥٦٧", "Skriv koden. Den har 8 siffror."),
        ("00000000", "Det finns ingen sådan kod. Kontrollera siffrorna och skriv igen."),
    ],
)
def test_what_is_no_code_is_refused(nobody: Human, typed: str, sentence: str):
    nobody.get("kiosk.code")
    assert sentence in nobody.post("kiosk.code", {"code": typed}, expect=422).text


def test_the_code_of_a_form_that_was_answered_meanwhile_opens_nothing(
    karin: Human, nobody: Human, asked: UUID, db: Session, clinic: make.Clinic, library
):
    digits = code_for(karin, asked)
    by = clinic.actor["astrid"]
    request = db.get_one(forms.QuestionnaireRequest, asked)
    begun = forms.begin(db, request, by=by)
    forms.send(db, library.questionnaire(FORM), begun, by=by)
    db.commit()
    nobody.get("kiosk.code")
    assert "redan besvarade" in nobody.post("kiosk.code", {"code": digits}, expect=422).text


def test_the_code_of_a_form_that_has_closed_opens_nothing(karin: Human, nobody: Human, asked: UUID, db: Session):
    digits = code_for(karin, asked)
    db.get_one(forms.QuestionnaireRequest, asked).status = "failed"
    db.commit()
    nobody.get("kiosk.code")
    assert "går inte att besvara längre" in nobody.post("kiosk.code", {"code": digits}, expect=422).text


def test_too_many_guesses_close_the_door_for_a_right_code_too(karin: Human, nobody: Human, asked: UUID, clock: Clock):
    nobody.get("kiosk.code")
    for guess in range(MOST_PER_ADDRESS):
        nobody.post("kiosk.code", {"code": f"{guess:08}"}, expect=422)
    digits = code_for(karin, asked)
    page = nobody.post("kiosk.code", {"code": digits}, expect=422)
    assert "Det blev för många försök. Vänta 15 minuter och försök igen." in page.text
    clock.at += timedelta(minutes=16)
    digits = code_for(Human(karin.app, "karin"), asked)
    nobody.post("kiosk.code", {"code": digits}, expect=303)


def test_a_right_code_ends_the_log_in_on_this_tablet_and_no_other(karin: Human, app: Flask, asked: UUID, db: Session):
    digits = code_for(karin, asked)
    tablet = Human(app, "karin")
    page = tablet.get("kiosk.code")
    assert "Karin Lind är inloggad på den här surfplattan." in page.text
    tablet.post("kiosk.code", {"code": digits})
    ended = [
        row.revoked_at is not None for row in db.scalars(sa.select(LoginSession).order_by(LoginSession.created_at))
    ]
    db.rollback()
    assert sorted(ended) == [False, True]
    tablet.get("staff.worklist", expect=302)
    assert tablet.location == "/surfplatta"
    karin.get("staff.worklist")
    logged = db.scalars(sa.select(AuditEvent.action).where(AuditEvent.person_name == "Karin Lind")).all()
    assert logged.count("log-out") == 1


def test_a_wrong_code_leaves_the_log_in_as_it_is(karin: Human):
    karin.get("kiosk.code")
    karin.post("kiosk.code", {"code": "00000000"}, expect=422)
    karin.get("staff.worklist")


def test_a_patient_without_an_account_answers_too(karin: Human, app: Flask, db: Session, clinic: make.Clinic, library):
    made = forms.ask(db, library, clinic, FORM, who="aino")
    db.commit()
    tablet = entered(app, karin, made.id)
    assert "Börja svara" in tablet.page.text


def test_the_page_for_the_code_speaks_english(app: Flask):
    visitor = Human(app)
    visitor.get("account.settings")
    visitor.post("account.settings", {"language": "en", "text_size": "normal"})
    page = visitor.get("kiosk.code")
    assert page.heading == "Enter your code"
    assert "There is no such code" in visitor.post("kiosk.code", {"code": "00000000"}, expect=422).text
