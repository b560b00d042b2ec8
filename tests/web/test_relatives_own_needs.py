"""A relative is asked about themself: the contact nurse reads it, and the patient and other relatives never."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import kiosk, responses
from careplan.domain.identity import Actor, Capacity
from careplan.library import Library
from careplan.models import CareTeamMember, OutboxMessage, QuestionnaireRequest, QuestionnaireResponse, Share
from careplan.queries import needs as needs_queries
from careplan.queries import trends as trend_queries
from tests import make, stories
from tests.pages import words
from tests.people import Human

FORM = "relatives-needs"
CANARY = "kanarie orkar inte"


@pytest.fixture
def olov(db: Session, clinic: make.Clinic) -> Actor:
    """Another relative of Astrid's, who may read her answers and help."""
    person = make.person(db, "Olov", "Ek", date(1966, 1, 5))
    make.account(db, person, "olov")
    db.add(
        Share(
            patient_id=clinic.patient["astrid"],
            person_id=person.id,
            relation="make",
            scopes=["plan", "answers", "documents", "help", "sensitive"],
            from_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    db.flush()
    return Actor(person_id=person.id, capacity=Capacity.RELATIVE, name=person.name, patient_id=clinic.patient["astrid"])


def asked(db: Session, library: Library, clinic: make.Clinic, who: Actor) -> QuestionnaireRequest:
    return responses.request(
        db,
        library,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        questionnaire_id=FORM,
        respondent_id=who.person_id,
        opens_at=make.MONDAY - timedelta(days=1),
        due_at=make.MONDAY + timedelta(days=3),
        closes_at=make.MONDAY + timedelta(days=6),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )


def answered(
    db: Session, library: Library, clinic: make.Clinic, who: Actor, answers: dict[str, object], *, comment: str = ""
) -> QuestionnaireResponse:
    form = library.questionnaire(FORM)
    draft = responses.start(db, asked(db, library, clinic, who), lang="sv", by=who, at=make.MONDAY)
    for link_id, value in answers.items():
        responses.save_answer(db, form, draft, link_id, stories.answered(value), by=who, at=make.MONDAY)
    return responses.submit(
        db,
        form,
        draft,
        responses.Sending(comment=comment),
        contact=stories.contact(db, clinic, "astrid"),
        version=draft.version,
        by=who,
        at=make.MONDAY,
    ).response


@pytest.fixture
def linas(db: Session, library: Library, clinic: make.Clinic) -> QuestionnaireResponse:
    return answered(db, library, clinic, clinic.actor["lina"], {"own-low-mood": 9, "own-sleep": 4}, comment=CANARY)


def test_a_nurse_asks_a_relative_and_the_relative_answers_as_themself(
    app: Flask, db: Session, clinic: make.Clinic
) -> None:
    karin = Human(app, "karin")
    page = karin.get("staff.patient", patient_id=clinic.patient["astrid"])
    lina_id = clinic.actor["lina"].person_id
    (option,) = page.select(f'option[value="{FORM}:{lina_id}"]')
    assert "Till Lina Ek." in words(option)
    assert not page.select(f'option[value="{FORM}"]')
    karin.post(
        "staff.order_form", {"questionnaire": f"{FORM}:{lina_id}"}, patient_id=clinic.patient["astrid"], expect=303
    )
    assert "Till Lina Ek, närstående" in karin.get("staff.patient", patient_id=clinic.patient["astrid"]).text
    assert db.scalars(sa.select(OutboxMessage)).all() == []
    request_id = db.scalars(sa.select(QuestionnaireRequest.id)).one()
    db.rollback()

    lina = Human(app, "lina")
    home = lina.get("patient.home")
    assert "Frågor om dig" in home.text
    start = lina.get("patient.start", request_id=request_id)
    assert "Du svarar åt" not in start.text
    lina.post("patient.start", {}, request_id=request_id, expect=303)
    draft_id = db.scalars(sa.select(QuestionnaireRequest)).one().draft.id
    db.rollback()
    lina.get("patient.answer", draft_id=draft_id, link_id="own-sleep")
    lina.post("patient.answer", {"answer": "8"}, draft_id=draft_id, link_id="own-sleep", expect=303)
    lina.get("patient.review", draft_id=draft_id)
    lina.post("patient.review", {"version": "2"}, draft_id=draft_id, expect=303)
    response = db.scalars(sa.select(QuestionnaireResponse)).one()
    assert (response.respondent_id, response.is_by_relative) == (lina_id, False)
    response_id = response.id
    db.rollback()
    receipt = lina.get("patient.receipt", response_id=response_id)
    assert "närstående har hjälpt till" not in receipt.text
    assert "De visas inte för den som är sjuk." in lina.get("patient.response", response_id=response_id).text
    assert "Det du har svarat om dig själv" in lina.get("patient.home").text


def test_the_patient_and_another_relative_find_nothing_of_it(
    app: Flask, db: Session, linas: QuestionnaireResponse, olov: Actor
) -> None:
    db.commit()
    for name in ("astrid", "olov"):
        human = Human(app, None)
        human.get("account.login")
        human.post("account.demo_login", {"person": name}, expect=303)
        for endpoint, values in (
            ("patient.response", {"response_id": linas.id}),
            ("patient.receipt", {"response_id": linas.id}),
            ("patient.start", {"request_id": linas.request_id}),
            ("patient.review", {"draft_id": linas.draft_id}),
            ("patient.unsent", {"draft_id": linas.draft_id}),
            ("patient.answer", {"draft_id": linas.draft_id, "link_id": "own-sleep"}),
        ):
            page = human.get(endpoint, expect=404, **values)
            assert CANARY not in page.text
        human.get("patient.home")
        human.send(human.url("patient.correct", response_id=linas.id), endpoint="patient.correct", expect=404)
        for endpoint in ("patient.home", "patient.trends"):
            text = human.get(endpoint).text
            assert "Egen nedstämdhet" not in text
            assert "hur har du det" not in text


def test_it_is_no_part_of_the_patients_trends_needs_or_earlier_answers(
    db: Session, library: Library, clinic: make.Clinic, linas: QuestionnaireResponse, olov: Actor
) -> None:
    karin, at = clinic.actor["karin"], make.MONDAY + timedelta(hours=1)
    astrid_id = clinic.patient["astrid"]
    assert trend_queries.trends(db, karin, astrid_id, at=at) == []
    own = trend_queries.trends(db, karin, astrid_id, at=at, respondent_id=linas.respondent_id)
    assert {trend.link_id for trend in own} == {"own-low-mood", "own-sleep"}
    assert needs_queries.needs_of(db, karin, astrid_id, at=at, lang="sv").response_id is None
    olovs = answered(db, library, clinic, olov, {"own-sleep": 5})
    from_olov = trend_queries.trends(db, karin, astrid_id, at=at, respondent_id=olovs.respondent_id)
    assert [len(trend.points) for trend in from_olov] == [1]


def test_the_contact_nurse_gets_a_task_that_says_whose_it_is(
    app: Flask, db: Session, linas: QuestionnaireResponse, clinic: make.Clinic
) -> None:
    task = stories.task_of(db, linas)
    assert task.summary.startswith("Närstående: ")
    assert task.owner_id == clinic.practitioner["karin"]
    assert db.scalars(sa.select(OutboxMessage)).all() == []  # nobody tells the patient
    db.commit()
    karin = Human(app, "karin")
    page = karin.get("staff.case", task_id=task.id)
    assert "Lina Ek är närstående och har svarat om sig själv." in page.text
    assert "Det Lina svarade" in page.text
    assert "Svaren gäller den närstående Lina Ek, inte patienten." in page.text
    assert "Det här ser Lina" in page.text
    assert "Gör en behovsbedömning" not in page.text
    assert "Alla svar över tid" not in page.text
    assert "närstående, om sig själv" in karin.get("staff.patient", patient_id=clinic.patient["astrid"]).text


def test_a_rehabilitation_professional_of_the_patient_does_not_see_it(
    app: Flask, db: Session, linas: QuestionnaireResponse, clinic: make.Clinic
) -> None:
    db.add(
        CareTeamMember(
            patient_id=clinic.patient["astrid"],
            practitioner_id=clinic.practitioner["freja"],
            unit_id=clinic.unit.id,
            role=Capacity.REHABILITATION,
            from_on=make.LONG_AGO,
        )
    )
    task_id = stories.task_of(db, linas).id
    db.commit()
    freja = Human(app, "freja")
    freja.get("staff.case", task_id=task_id, expect=404)
    assert "närstående, om sig själv" not in freja.get("staff.patient", patient_id=clinic.patient["astrid"]).text


def test_a_share_that_has_ended_ends_the_asking_too(
    db: Session, library: Library, clinic: make.Clinic, linas: QuestionnaireResponse, app: Flask
) -> None:
    db.scalars(sa.select(Share)).one().to_at = make.MONDAY
    db.flush()
    with pytest.raises(responses.WrongRespondent):
        asked(db, library, clinic, clinic.actor["lina"])
    db.commit()
    Human(app, "lina").get("patient.response", response_id=linas.id, expect=404)


def test_a_form_about_the_patient_is_not_asked_of_a_relative_nor_the_other_way_round(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    for form, who in ((FORM, None), (stories.FORM, clinic.actor["lina"].person_id)):
        with pytest.raises(responses.WrongRespondent):
            responses.request(
                db,
                library,
                patient_id=clinic.patient["astrid"],
                unit_id=clinic.unit.id,
                questionnaire_id=form,
                respondent_id=who,
                opens_at=make.MONDAY,
                due_at=make.MONDAY + timedelta(days=1),
                closes_at=make.MONDAY + timedelta(days=2),
                by=clinic.actor["karin"],
                at=make.MONDAY,
            )


def test_a_relative_corrects_what_they_said_and_it_stays_theirs(
    app: Flask, db: Session, linas: QuestionnaireResponse
) -> None:
    db.commit()
    lina = Human(app, "lina")
    lina.get("patient.response", response_id=linas.id)
    lina.post("patient.correct", response_id=linas.id, expect=303)
    correction = db.scalars(sa.select(QuestionnaireRequest).where(QuestionnaireRequest.corrects_id.is_not(None))).one()
    assert correction.respondent_id == linas.respondent_id
    draft_id = correction.draft.id
    db.rollback()
    Human(app, "astrid").get("patient.review", draft_id=draft_id, expect=404)


def test_no_code_for_the_tablet_is_made_for_what_a_relative_is_asked(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    request = asked(db, library, clinic, clinic.actor["lina"])
    with pytest.raises(responses.WrongRespondent):
        kiosk.make_code(db, request, by=clinic.actor["karin"], at=make.MONDAY)
