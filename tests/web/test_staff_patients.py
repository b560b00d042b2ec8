"""The unit's patients: the list, finding one, registering one, and the patient's page."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import AuditEvent, AuditEventPatient, CareTeamMember, QuestionnaireRequest
from careplan.queries import patients as unit_patients
from tests.make import Clinic, personnummer
from tests.pages import words
from tests.people import Human

NOT_HERE = "Ingen patient på er enhet har det numret"


def test_the_list_shows_the_patients_of_the_unit_and_logs_each_of_them(karin, db, clinic):
    page = karin.get("staff.patients")
    names = [words(cell) for cell in page.select("tbody th")]
    assert names == ["Astrid Ek", "Bo Sjöberg", "Aino Virtanen"]
    shown = set(db.scalars(sa.select(AuditEventPatient.patient_id)))
    assert shown == {clinic.patient[name] for name in ("astrid", "bo", "aino")}


def test_the_list_is_paged(karin, monkeypatch):
    monkeypatch.setattr(unit_patients, "PAGE_SIZE", 2)
    assert "Sida 1 av 2" in karin.get("staff.patients").text
    last = karin.get("staff.patients", sida=2)
    assert [words(cell) for cell in last.select("tbody th")] == ["Aino Virtanen"]
    assert "Sida 2 av 2" in karin.get("staff.patients", sida=999).text


@pytest.mark.parametrize("form", ["{0}", "{1}-{2}", "{3}-{2}"])
def test_a_patient_is_found_by_number_however_it_is_written(karin, clinic, form):
    number = clinic.personnummer["astrid"]
    karin.get("staff.patients")
    karin.post("staff.patients", {"identifier": form.format(number, number[:8], number[8:], number[2:8])}, expect=303)
    assert karin.location.endswith(str(clinic.patient["astrid"]))
    assert number not in karin.location


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Skriv personnumret"),
        ("19680412", "10 eller 12 siffror"),
        ("196804129805", "Sista siffran i personnumret stämmer inte"),
        ("196802309804", "ett datum som inte finns"),
        ("tolv siffror", "10 eller 12 siffror"),
    ],
)
def test_a_number_that_cannot_be_is_answered_with_one_sentence(karin, number, sentence):
    karin.get("staff.patients")
    page = karin.post("staff.patients", {"identifier": number}, expect=422)
    assert sentence in words(page.select_one(".nhsuk-error-message"))
    assert len(page.select(".nhsuk-error-summary li")) == 1


def test_somebody_elses_patient_is_answered_as_nobody(karin, clinic):
    karin.get("staff.patients")
    answers = []
    for number in (clinic.personnummer["sven"], clinic.personnummer["lina"], personnummer_of_nobody()):
        page = karin.post("staff.patients", {"identifier": number}, expect=422)
        answers.append(words(page.select_one(".nhsuk-error-message")))
    assert NOT_HERE in answers[0]
    assert len(set(answers)) == 1


def test_a_search_is_logged_without_the_number(karin, clinic, db: Session):
    karin.get("staff.patients")
    karin.post("staff.patients", {"identifier": clinic.personnummer["astrid"]})
    found = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "find-patient")).one()
    assert found.patient_id == clinic.patient["astrid"]
    assert clinic.personnummer["astrid"] not in found.object_id


def test_a_new_patient_is_registered_with_a_contact_nurse(karin, clinic, db: Session):
    page = karin.get("staff.register")
    assert not page.select("option[selected]:not([value=''])")
    number = personnummer_of_nobody()
    karin.post("staff.register", new_patient(number, clinic))
    shown = karin.open(karin.location, endpoint="staff.patient")
    assert (shown.heading, f"{number[:8]}-{number[8:]}" in shown.text) == ("Eva Dal", True)
    member = db.scalars(sa.select(CareTeamMember).order_by(CareTeamMember.from_on.desc()).limit(1)).one()
    assert (member.practitioner_id, member.unit_id) == (clinic.practitioner["karin"], clinic.unit.id)


def test_a_patient_of_another_unit_is_registered_as_the_same_person(karin, clinic):
    karin.get("staff.register")
    karin.post("staff.register", new_patient(clinic.personnummer["sven"], clinic))
    assert karin.location.endswith(str(clinic.patient["sven"]))
    assert karin.open(karin.location, endpoint="staff.patient").heading == "Sven Moberg"


def test_what_is_left_out_at_registration_is_said_and_what_was_written_stays(karin, clinic):
    karin.get("staff.register")
    page = karin.post(
        "staff.register", new_patient("196804129805", clinic) | {"family_name": "", "nurse": ""}, expect=422
    )
    assert [words(each) for each in page.select(".nhsuk-error-summary li")] == [
        "Sista siffran i personnumret stämmer inte. Kontrollera och skriv igen.",
        "Skriv efternamnet.",
        "Välj kontaktsjuksköterska.",
    ]
    assert page.select_one("#given_name")["value"] == "Eva"


def test_only_contact_nurses_register_patients(freja):
    freja.get("staff.register", expect=403)


def test_the_patient_page_starts_with_no_plan_and_a_choice_of_templates(karin, clinic, library):
    page = karin.get("staff.patient", patient_id=clinic.patient["astrid"])
    templates = {plan_id for plan_id, lang in library.plans if lang == "sv"}
    assert {radio["value"] for radio in page.select("input[name=template]")} == templates
    assert "C50" in page.text
    assert not page.select("input[name=template][checked]")


def test_starting_without_a_template_says_so(karin, clinic):
    patient_id = clinic.patient["astrid"]
    karin.get("staff.patient", patient_id=patient_id)
    page = karin.post("staff.plan_start", patient_id=patient_id, expect=422)
    assert "Välj en mall." in words(page.select_one(".nhsuk-error-summary"))


def test_a_second_plan_is_not_started(karin, clinic, library):
    patient_id = clinic.patient["astrid"]
    karin.get("staff.patient", patient_id=patient_id)
    karin.post("staff.plan_start", {"template": "breast-cancer"}, patient_id=patient_id)
    page = karin.post("staff.plan_start", {"template": "breast-cancer"}, patient_id=patient_id, expect=409)
    assert page.heading == "Patienten har redan en plan"


def test_a_form_is_ordered_once(karin, clinic, db: Session, library):
    patient_id = clinic.patient["astrid"]
    form_id = next(iter(library.questionnaires))
    karin.get("staff.patient", patient_id=patient_id)
    karin.post("staff.order_form", {"questionnaire": form_id}, patient_id=patient_id)
    page = karin.open(karin.location, endpoint="staff.patient")
    assert "Formuläret är beställt. Astrid kan svara nu." in page.text
    assert not page.select(f"option[value={form_id}]")
    karin.post("staff.order_form", {"questionnaire": form_id}, patient_id=patient_id, expect=422)
    assert db.scalars(sa.select(QuestionnaireRequest.questionnaire_id)).all() == [form_id]


def test_other_units_and_patients_do_not_reach_the_page(lars: Human, astrid: Human, clinic: Clinic):
    lars.get("staff.patient", patient_id=clinic.patient["astrid"], expect=404)
    astrid.get("staff.patient", patient_id=clinic.patient["astrid"], expect=404)


def new_patient(number: str, clinic: Clinic) -> dict[str, str]:
    return {
        "identifier": number,
        "given_name": "Eva",
        "family_name": "Dal",
        "phone": "070-174 06 05",
        "nurse": str(clinic.practitioner["karin"]),
    }


def personnummer_of_nobody() -> str:
    from datetime import date

    return personnummer(date(1990, 5, 5), 983)


def test_a_patient_whose_template_is_gone_is_still_shown(karin, clinic, library, monkeypatch):
    patient_id = clinic.patient["astrid"]
    karin.get("staff.patient", patient_id=patient_id)
    karin.post("staff.plan_start", {"template": "breast-cancer"}, patient_id=patient_id)
    left = {key: plan for key, plan in library.plans.items() if plan.id != "breast-cancer"}
    monkeypatch.setitem(karin.app.extensions, "library", replace(library, plans=left))
    assert "Utkast" in karin.get("staff.patient", patient_id=patient_id).text
    assert "Astrid Ek" in karin.get("staff.patients").text
