"""A handover over HTTP: sent, answered, confirmed, and what is refused."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.domain.handovers import FROM_SUMMARY, LINES
from careplan.domain.identity import Actor
from careplan.library import Library
from careplan.models import CarePlan, Handover, KeptPage, Patient, Task, Unit
from tests import handing, stories
from tests.conftest import Clock
from tests.make import MONDAY, Clinic
from tests.people import Human

WHY = {"to": "", "reason": "primary-care", "key": "11111111-1111-4111-8111-111111111111", **handing.TEXT}


@pytest.fixture
def petra(db: Session) -> Actor:
    made = handing.centre(db)[1]
    db.commit()
    return made


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    db.commit()
    db.expunge_all()
    return made


@pytest.fixture
def sent(db: Session, clinic: Clinic, plan: CarePlan, petra: Actor) -> Handover:
    made = handing.request(db, clinic, plan, db.get_one(Unit, petra.unit_id))
    db.commit()
    db.expunge_all()
    return made


def today(name: str, days: int = 0) -> dict[str, int]:
    on = (MONDAY + timedelta(days=days)).date()
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def stored(db: Session) -> list[str]:
    found = list(db.scalars(sa.select(Handover.status).order_by(Handover.requested_at)))
    db.rollback()
    return found


def test_the_page_proposes_the_four_parts_and_it_is_sent_once(
    app: Flask, db: Session, plan: CarePlan, petra: Actor, karin: Human
) -> None:
    page = karin.get("staff.hand_over", patient_id=plan.patient_id)
    assert "Astrid Ek, född 12\u00a0april 1968." in page.select("textarea[name=situation]")[0].text
    assert "Vårdcentralen Älven, Älvens vård" in page.text
    for _twice in range(2):
        karin.post("staff.hand_over", WHY | {"to": petra.unit_id}, patient_id=plan.patient_id)
    assert stored(db) == ["requested"]
    assert "Karin Lind ansvarar tills Vårdcentralen Älven har talat med patienten." in karin.open(karin.location).text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"to": ""}, "Välj vart patienten ska."),
        ({"to": "not-a-unit"}, "Välj vart patienten ska."),
        ({"reason": "bored"}, "Välj varför."),
        ({"current": "  "}, "Skriv något här."),
        ({"current": "x" * 1501}, "Skriv högst 1500 tecken."),
        ({"current": "rad\n" * 60}, "rader för lång för ett A4"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    db: Session, plan: CarePlan, petra: Actor, karin: Human, changed: dict[str, str], says: str
) -> None:
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    given = WHY | {"to": str(petra.unit_id)} | changed
    page = karin.post("staff.hand_over", given, patient_id=plan.patient_id, expect=422)
    assert says in page.text
    assert "Överlämning recommendation" in page.text
    assert stored(db) == []


def test_a_closed_unit_and_ones_own_are_refused_in_words(
    db: Session, clinic: Clinic, plan: CarePlan, karin: Human
) -> None:
    db.get_one(Unit, clinic.other_unit.id).closed_on = MONDAY.date()
    db.commit()
    for unit, says in ((clinic.other_unit, "Enheten är stängd"), (clinic.unit, "Patienten är redan hos er.")):
        page = karin.get("staff.hand_over", patient_id=plan.patient_id)
        page = karin.post("staff.hand_over", WHY | {"to": unit.id}, patient_id=plan.patient_id, expect=422)
        assert says in page.text


def test_a_plan_that_is_not_signed_is_not_handed_over(clinic: Clinic, karin: Human) -> None:
    karin.get("staff.hand_over", patient_id=clinic.patient["astrid"], expect=303)
    assert "Signera vårdplanen först." in karin.get("staff.worklist").text


def test_who_has_died_is_not_handed_over(db: Session, plan: CarePlan, petra: Actor, karin: Human) -> None:
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    db.get_one(Patient, plan.patient_id).deceased_on = MONDAY.date()
    db.commit()
    page = karin.post("staff.hand_over", WHY | {"to": petra.unit_id}, patient_id=plan.patient_id, expect=409)
    assert "avliden" in page.text
    assert stored(db) == []


def test_from_the_list_to_confirmed_contact(
    app: Flask, db: Session, plan: CarePlan, sent: Handover, petra: Actor, karin: Human, astrid: Human
) -> None:
    nurse = Human(app, "petra")
    task = db.scalars(sa.select(Task.id).where(Task.handover_id == sent.id, Task.list_unit_id == petra.unit_id)).one()
    db.rollback()
    page = nurse.follow(nurse.get("staff.case", task_id=task, expect=303))
    assert "Överlämning situation" in page.text
    nurse.get("staff.patient", patient_id=plan.patient_id, expect=404)
    assert (
        "Karin Lind ansvarar för din vård tills Vårdcentralen Älven har talat med dig."
        in astrid.get("patient.home").text
    )
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.confirm_handover", today("spoken"), handover_id=sent.id)
    assert "Ta emot patienten först." in nurse.open(nurse.location).text
    for _twice in range(2):
        nurse.post("staff.accept_handover", handover_id=sent.id)
    assert "Någon hann före" in nurse.open(nurse.location).text
    assert "Karin Lind ansvarar för din vård tills Petra Grahn har talat med dig." in astrid.get("patient.plan").text
    page = nurse.get("staff.handover", handover_id=sent.id)
    page = nurse.post("staff.confirm_handover", today("spoken", 1), handover_id=sent.id, expect=422)
    assert "Dagen ska vara i dag eller tidigare" in page.text
    page = nurse.post("staff.confirm_handover", {"spoken-day": "x"}, handover_id=sent.id, expect=422)
    nurse.post("staff.confirm_handover", today("spoken"), handover_id=sent.id)
    assert stored(db) == ["completed"]
    assert "Petra Grahn på Vårdcentralen Älven ansvarar nu för din vård." in astrid.get("patient.plan").text
    assert "Petra Grahn" in astrid.get("patient.home").text
    nurse.get("staff.patient", patient_id=plan.patient_id)
    karin.get("staff.patient", patient_id=plan.patient_id, expect=404)
    former = karin.get("staff.handover", handover_id=sent.id).text
    assert "Överlämning situation" in former
    assert "Behov och mål just nu" not in former


def test_a_form_that_the_handover_orders_is_read_by_the_new_nurse(
    app: Flask, db: Session, sent: Handover, petra: Actor
) -> None:
    nurse = Human(app, "petra")
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.accept_handover", handover_id=sent.id)
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.confirm_handover", today("spoken"), handover_id=sent.id)
    page = nurse.get("staff.handover", handover_id=sent.id)
    assert "Petra Grahn på Vårdcentralen Älven läser svaren nu." in page.text


def test_a_booked_review_stands_in_the_list_and_is_closed_there(
    app: Flask, db: Session, sent: Handover, petra: Actor
) -> None:
    nurse = Human(app, "petra")
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.book_review", today("review", 7), handover_id=sent.id, expect=422)
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.accept_handover", handover_id=sent.id)
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.confirm_handover", today("spoken"), handover_id=sent.id)
    for given in ({}, today("review", -1), today("review", 1000), {"review-day": 31, "review-month": 2}):
        nurse.get("staff.handover", handover_id=sent.id)
        nurse.post("staff.book_review", given, handover_id=sent.id, expect=422)
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.book_review", today("review"), handover_id=sent.id)
    assert "Uppföljning efter överlämningen" in nurse.get("staff.worklist").text
    task = db.scalars(sa.select(Task.id).where(Task.kind == "review", Task.handover_id == sent.id)).one()
    db.rollback()
    nurse.get("staff.case", task_id=task)
    nurse.post("staff.case", {"outcome": "reviewed", "next_step": ""}, task_id=task)
    assert "Uppföljning efter överlämningen" not in nurse.get("staff.worklist").text


def test_sent_back_without_words_or_before_it_is_completed_is_refused(
    app: Flask, db: Session, sent: Handover, petra: Actor
) -> None:
    nurse = Human(app, "petra")
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.send_back", {"relapse": " "}, handover_id=sent.id, expect=422)
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.send_back", {"relapse": "Knöl"}, handover_id=sent.id)
    assert "Någon hann före" in nurse.open(nurse.location).text
    assert stored(db) == ["requested"]


def test_declined_and_sent_back_need_words(app: Flask, db: Session, sent: Handover, karin: Human) -> None:
    nurse = Human(app, "petra")
    nurse.get("staff.handover", handover_id=sent.id)
    for words in ("", "x" * 501):
        nurse.post("staff.decline_handover", {"decline": words}, handover_id=sent.id, expect=422)
    nurse.post("staff.decline_handover", {"decline": "Fullt"}, handover_id=sent.id)
    nurse.get("staff.handover", handover_id=sent.id, expect=404)
    page = karin.get("staff.handover", handover_id=sent.id)
    assert "Petra Grahn: Fullt" in page.text
    assert "Vårdcentralen Älven tackade nej: Fullt" in karin.get("staff.worklist").text
    karin.get("staff.handover", handover_id=sent.id)
    karin.post("staff.keep_patient", handover_id=sent.id)
    assert "tackade nej" not in karin.get("staff.worklist").text


def test_the_sender_takes_it_back_and_nobody_else(
    app: Flask, db: Session, sent: Handover, karin: Human, lars: Human
) -> None:
    nurse = Human(app, "petra")
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.revoke_handover", {"revoke": "x"}, handover_id=sent.id, expect=404)
    lars.get("staff.handover", handover_id=sent.id, expect=404)
    karin.get("staff.handover", handover_id=sent.id)
    karin.post("staff.accept_handover", handover_id=sent.id, expect=404)
    karin.post("staff.revoke_handover", {"revoke": ""}, handover_id=sent.id, expect=422)
    karin.post("staff.revoke_handover", {"revoke": "Stannar"}, handover_id=sent.id)
    assert stored(db) == ["revoked"]
    nurse.get("staff.handover", handover_id=sent.id, expect=404)


def test_a_question_tells_when_it_is_answered_and_the_answer_comes(
    app: Flask, db: Session, sent: Handover, karin: Human
) -> None:
    nurse = Human(app, "petra")
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.ask_sender", {"question": "  "}, handover_id=sent.id, expect=422)
    nurse.get("staff.handover", handover_id=sent.id)
    nurse.post("staff.ask_sender", {"question": "Hur länge?"}, handover_id=sent.id)
    page = nurse.open(nurse.location)
    assert "Frågan är skickad till Karin Lind. Svar senast onsdag 18 november." in page.text
    (link,) = page.select('a[href*="/inkorg/"]')
    nurse.open(str(link["href"]))
    assert "Hur länge?" in karin.open(str(link["href"])).text


@pytest.mark.slow
def test_it_prints_on_one_a4(app: Flask, sent: Handover) -> None:

    nurse = Human(app, "petra")
    answer = nurse.client.get(nurse.url("staff.handover_pdf", handover_id=sent.id))
    document = PdfReader(BytesIO(answer.data))
    assert len(document.pages) == 1
    text = document.pages[0].extract_text()
    assert "Överlämning recommendation" in text
    assert "0980-319" in text


@pytest.mark.slow
def test_the_longest_text_that_may_be_sent_prints_on_one_a4(
    app: Flask, db: Session, clinic: Clinic, plan: CarePlan, petra: Actor
) -> None:
    line = "Tolv ord som bildar en rad av vanlig längd i en vanlig överlämning ja."
    summary = {"parts": dict.fromkeys(FROM_SUMMARY, line)}
    there = db.get_one(Unit, petra.unit_id)
    parts = handing.TEXT | {"current": "\n".join([line] * 20), "recommendation": "\n".join([line] * (LINES - 27))}
    made = handing.request(db, clinic, plan, there, parts=parts, summary=summary).id
    db.commit()
    nurse = Human(app, "petra")
    answer = nurse.client.get(nurse.url("staff.handover_pdf", handover_id=made))
    assert len(PdfReader(BytesIO(answer.data)).pages) == 1


def drafts(db: Session) -> int:
    found = db.scalar(sa.select(sa.func.count()).select_from(KeptPage))
    db.rollback()
    return found or 0


def typed(human: Human, plan: CarePlan) -> tuple[str, str, str]:
    """What stands in the first part, whereto and why."""
    page = human.get("staff.hand_over", patient_id=plan.patient_id)
    chosen, why = page.select_one("#to option[selected]"), page.select_one("input[name=reason][checked]")
    return (
        page.select_one("textarea[name=situation]").text.strip(),
        chosen["value"] if chosen else "",
        why["value"] if why else "",
    )


def test_half_a_text_is_kept_for_its_writer_alone_and_gone_once_it_is_sent(
    db: Session, plan: CarePlan, petra: Actor, karin: Human, nils: Human
) -> None:
    half = {"situation": "Halva meningen", "to": str(petra.unit_id), "reason": "new-caregiver"}
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", WHY | half | {"draft": "1"}, patient_id=plan.patient_id)
    assert "Utkastet är sparat. Bara du ser det." in karin.open(karin.location).text
    assert typed(karin, plan) == ("Halva meningen", str(petra.unit_id), "new-caregiver")
    assert "Det här är ditt utkast" in karin.page.text
    assert "Halva meningen" not in typed(nils, plan)[0]
    assert db.scalar(sa.select(sa.func.count()).select_from(Handover)) == 0
    db.rollback()
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", WHY | {"to": petra.unit_id}, patient_id=plan.patient_id)
    assert drafts(db) == 0


def test_thrown_away_it_is_proposed_anew(db: Session, plan: CarePlan, petra: Actor, karin: Human) -> None:
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", WHY | {"situation": "Halva", "draft": "1"}, patient_id=plan.patient_id)
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", {"drop": "1"}, patient_id=plan.patient_id)
    assert drafts(db) == 0
    assert "Astrid Ek, född" in typed(karin, plan)[0]


def test_what_is_sent_after_the_session_had_ended_waits_as_a_draft(
    app: Flask, db: Session, plan: CarePlan, petra: Actor, karin: Human, clock: Clock
) -> None:
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    clock.at += timedelta(minutes=40)
    karin.post("staff.hand_over", WHY | {"to": petra.unit_id}, patient_id=plan.patient_id)
    assert "allt du skrev finns kvar som ett utkast" in karin.open(karin.location).text
    assert db.scalar(sa.select(sa.func.count()).select_from(Handover)) == 0
    db.rollback()
    assert typed(Human(app, "karin"), plan) == (WHY["situation"], str(petra.unit_id), "primary-care")


@pytest.mark.parametrize(("days", "said"), [(1, "inom 1 arbetsdag kommer"), (3, "inom 3 arbetsdagar kommer")])
def test_the_page_says_the_days_that_the_unit_has_set(
    db: Session, clinic: Clinic, plan: CarePlan, petra: Actor, karin: Human, days: int, said: str
) -> None:
    db.get_one(Unit, clinic.unit.id).response_times = {"handover_days": days}
    db.commit()
    assert said in karin.get("staff.hand_over", patient_id=plan.patient_id).text.replace("\xa0", " ")
