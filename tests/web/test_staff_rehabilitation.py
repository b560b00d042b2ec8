"""The signed rehabilitation plan: by staff, by the patient, version by version, with its action codes."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import (
    CarePlan,
    KeptPage,
    NeedsAssessment,
    RecordedCode,
    RehabilitationAnswer,
    RehabilitationRevision,
    Task,
)
from tests import make, stories
from tests.conftest import Clock
from tests.pages import words
from tests.people import Human
from tests.web.test_staff_needs import GOAL, TALK


@pytest.fixture
def plan_id(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    plan = stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"fatigue": 7, "sleep": 5})
    db.commit()
    return plan.id


def signed(karin: Human, plan_id: UUID, **sent: object) -> None:
    page = karin.get("staff.rehabilitation", plan_id=plan_id)
    seen = page.select_one("input[name=seen]")["value"]
    karin.post("staff.rehabilitation", {"summary": "Du orkar mindre", "seen": seen} | sent, plan_id=plan_id)


def revision_id(db: Session) -> UUID:
    newest = sa.select(RehabilitationRevision.id).order_by(RehabilitationRevision.number.desc()).limit(1)
    found = db.scalars(newest).one()
    db.rollback()
    return found


def test_a_saved_goal_is_a_version_with_its_code(karin: Human, db: Session, clinic: make.Clinic, plan_id: UUID) -> None:
    page = karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    assert [box["value"] for box in page.select("input[name=code][checked]")] == ["AW020"]
    karin.post("staff.needs", GOAL | {"code": "AW020"}, patient_id=clinic.patient["astrid"])
    recorded = db.scalars(sa.select(RecordedCode)).one()
    assert (recorded.code, recorded.plan_id, recorded.revision_id is not None) == ("AW020", plan_id, True)
    db.rollback()
    page = karin.get("staff.rehabilitation", plan_id=plan_id)
    assert "Version 1" in page.text and "Nytt mål: Jag vill orka gå till affären." in page.text
    journal = page.select_one("#journal").text
    assert "Åtgärdskoder: AW020 Upprättande av rehabiliteringsplan." in journal
    assert not karin.get("staff.goal", plan_id=plan_id).select("input[name=code]"), "proposed once a plan"


def test_a_code_that_is_taken_away_is_not_recorded(
    karin: Human, db: Session, clinic: make.Clinic, plan_id: UUID
) -> None:
    karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    karin.post("staff.needs", GOAL, patient_id=clinic.patient["astrid"])
    assert not db.scalars(sa.select(RecordedCode)).all()


def test_a_code_typed_in_is_recorded_with_the_assessment(
    karin: Human, db: Session, clinic: make.Clinic, plan_id: UUID
) -> None:
    karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    sent = {"level-sleep": "basic", "code": "AW020", "other_code": "aw005"} | TALK
    karin.post("staff.needs", sent, patient_id=clinic.patient["astrid"])
    recorded = db.scalars(sa.select(RecordedCode)).one()
    assert (recorded.code, recorded.assessment_id) == ("AW005", db.scalars(sa.select(NeedsAssessment.id)).one())


def test_the_summary_is_signed_and_read_by_the_patient(karin: Human, astrid: Human, plan_id: UUID) -> None:
    signed(karin, plan_id)
    page = astrid.get("patient.rehabilitation")
    assert "Du orkar mindre" in page.text
    assert "Stämmer planen? Säg till om något ska ändras." in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"summary": " "}, "Skriv en sammanfattning, eller lägg till ett mål först."),
        ({"summary": "x" * 4001}, "Skriv högst 4000 tecken."),
        ({"other_code": "QQ1"}, "Koden QQ1 är inte inlagd av regionen."),
    ],
)
def test_what_cannot_be_signed_says_why(karin: Human, plan_id: UUID, wrong: dict[str, str], sentence: str) -> None:
    karin.get("staff.rehabilitation", plan_id=plan_id)
    page = karin.post(
        "staff.rehabilitation", {"summary": "Du orkar mindre", "seen": "0"} | wrong, plan_id=plan_id, expect=422
    )
    assert sentence in page.text


def test_of_two_who_sign_the_second_reads_first(karin: Human, nils: Human, plan_id: UUID) -> None:
    for human in (karin, nils):
        human.get("staff.rehabilitation", plan_id=plan_id)
    karin.post("staff.rehabilitation", {"summary": "Från Karin", "seen": "0"}, plan_id=plan_id)
    page = nils.post("staff.rehabilitation", {"summary": "Från Nils", "seen": "0"}, plan_id=plan_id, expect=409)
    assert "Någon signerade en ny version efter att du öppnade sidan." in page.text
    assert "Från Karin" in page.text and page.select_one("#summary").text.strip() == "Från Nils"


def test_old_versions_are_readable_with_what_changed(karin: Human, astrid: Human, plan_id: UUID) -> None:
    signed(karin, plan_id)
    signed(karin, plan_id, summary="Du orkar mer")
    page = karin.get("staff.rehabilitation", plan_id=plan_id, version=1)
    assert "Du orkar mindre" in page.text and not page.select("#summary")
    page = astrid.get("patient.rehabilitation_version", plan_id=plan_id, number=1)
    assert "Det finns en nyare version." in page.text and not page.select("main form")
    page = astrid.get("patient.rehabilitation_version", plan_id=plan_id, number=2)
    assert "Sammanfattningen är ändrad." in page.text
    astrid.get("patient.rehabilitation_version", plan_id=plan_id, number=3, expect=404)


def test_the_patient_approves_and_the_nurse_reads_it(karin: Human, astrid: Human, db: Session, plan_id: UUID) -> None:
    signed(karin, plan_id)
    astrid.get("patient.rehabilitation")
    for _click in range(2):
        astrid.post("patient.reply_rehabilitation", {"answer": "approved"}, revision_id=revision_id(db))
    assert "Du har godkänt planen." in astrid.follow(astrid.response).text
    assert len(db.scalars(sa.select(RehabilitationAnswer)).all()) == 1
    db.rollback()
    assert "Astrid har godkänt den" in karin.get("staff.rehabilitation", plan_id=plan_id).text


def test_a_wish_for_a_change_reaches_the_nurses_list(karin: Human, astrid: Human, db: Session, plan_id: UUID) -> None:
    signed(karin, plan_id)
    astrid.get("patient.rehabilitation")
    wanted = {"answer": "change-wanted", "text": " "}
    page = astrid.post("patient.reply_rehabilitation", wanted, revision_id=revision_id(db), expect=422)
    assert "Skriv vad du vill ändra." in page.text
    astrid.post("patient.reply_rehabilitation", wanted | {"text": "Kortare promenader"}, revision_id=revision_id(db))
    assert "Karin Lind läser det och hör av sig." in astrid.follow(astrid.response).text
    assert "Kortare promenader" in karin.get("staff.worklist").text


def test_a_reply_to_an_old_version_says_that_there_is_a_newer_one(
    karin: Human, astrid: Human, db: Session, plan_id: UUID
) -> None:
    signed(karin, plan_id)
    old = revision_id(db)
    astrid.get("patient.rehabilitation")
    signed(karin, plan_id, summary="Du orkar mer")
    astrid.post("patient.reply_rehabilitation", {"answer": "approved"}, revision_id=old)
    assert "Läs den nya och svara igen." in astrid.follow(astrid.response).text


def test_only_the_patient_replies(karin: Human, lina: Human, bo: Human, db: Session, plan_id: UUID) -> None:
    signed(karin, plan_id)
    for other in (lina, bo):
        other.get("patient.home")
        other.post("patient.reply_rehabilitation", {"answer": "approved"}, revision_id=revision_id(db), expect=404)
    assert not lina.get("patient.rehabilitation").select(f'form[action*="{revision_id(db)}"]')
    bo.get("patient.rehabilitation_version", plan_id=plan_id, number=1, expect=404)


def test_a_draft_of_the_needs_page_is_kept_for_its_writer_alone(
    karin: Human, nils: Human, db: Session, clinic: make.Clinic, plan_id: UUID
) -> None:
    astrid = clinic.patient["astrid"]
    typed = {"level-sleep": "advanced", "note-sleep": "Vaknar", "children": "yes", "goal": "Sova", "what-1": "Vila"}
    karin.get("staff.needs", patient_id=astrid)
    karin.post("staff.needs", typed | {"draft": "1"}, patient_id=astrid)
    page = karin.get("staff.needs", patient_id=astrid)
    assert "Det här är ditt utkast" in page.text
    assert [box["value"] for box in page.select(".app-levels input[checked]")] == ["advanced"]
    assert page.select_one("#note-sleep").text.strip() == "Vaknar"
    assert (page.select_one("#goal")["value"], page.select_one("#what-1")["value"]) == ("Sova", "Vila")
    assert not nils.get("staff.needs", patient_id=astrid).select(".app-levels input[checked]")
    assert db.scalar(sa.select(sa.func.count()).select_from(NeedsAssessment)) == 0
    db.rollback()
    karin.get("staff.needs", patient_id=astrid)
    karin.post("staff.needs", {"level-sleep": "advanced"} | TALK, patient_id=astrid)
    assert not db.scalars(sa.select(KeptPage)).all(), "saved for good"


def test_a_draft_can_be_thrown_away(karin: Human, db: Session, clinic: make.Clinic, plan_id: UUID) -> None:
    astrid = clinic.patient["astrid"]
    karin.get("staff.needs", patient_id=astrid)
    karin.post("staff.needs", {"summary": "Halvt", "draft": "1"}, patient_id=astrid)
    karin.post("staff.needs", {"drop": "1"}, patient_id=astrid)
    assert not db.scalars(sa.select(KeptPage)).all()


def test_the_conversation_is_stored_and_said_next_time(
    karin: Human, db: Session, clinic: make.Clinic, plan_id: UUID
) -> None:
    astrid = clinic.patient["astrid"]
    page = karin.get("staff.needs", patient_id=astrid)
    assert words(page.select("#reason option")[1]).startswith("Planen börjar gälla, ")
    talk = {"reason": "own-initiative", "mode": "phone", "children": "yes", "children_offered": "Samtal med kurator"}
    karin.post("staff.needs", {"level-family": "basic", "note-family": "Två barn"} | talk, patient_id=astrid)
    made = db.scalars(sa.select(NeedsAssessment)).one()
    assert (made.reason, made.mode, made.children, made.children_offered) == tuple(talk.values())
    assert [level.note for level in made.levels] == ["Två barn"]
    db.rollback()
    text = karin.get("staff.needs", patient_id=astrid).text
    assert "Förra gången: Ja. Då erbjöds: Samtal med kurator" in text


def test_answers_stand_literally_beside_their_area(karin: Human, clinic: make.Clinic, plan_id: UUID) -> None:
    page = karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    asked = {words(line.select_one("dt")): words(line.select_one("dd")) for line in page.select(".app-levels dl > div")}
    assert asked["Hur trött har du varit?"] == "7 av 10 16 nov"


def test_a_profession_may_be_given_an_activity_with_a_day(
    karin: Human, astrid: Human, clinic: make.Clinic, plan_id: UUID
) -> None:
    karin.get("staff.goal", plan_id=plan_id)
    karin.post("staff.goal", GOAL | {"who-1": "yrke:dietitian", "due-1": "2026-11-20", "own-1": "1"}, plan_id=plan_id)
    text = astrid.get("patient.rehabilitation").text
    assert "Ansvarar: Dietist. Fem dagar i veckan. Klart senast 20 november 2026. Egenvård." in text


def test_a_plan_that_is_over_takes_no_new_goal(karin: Human, db: Session, plan_id: UUID) -> None:
    db.get_one(CarePlan, plan_id).status = "completed"
    db.commit()
    karin.get("staff.goal", plan_id=plan_id, expect=404)
    assert db.scalar(sa.select(sa.func.count()).select_from(Task).where(Task.goal_id.is_not(None))) == 0


def test_what_was_typed_until_one_was_logged_out_is_a_draft_behind_the_log_in(
    app: Flask, db: Session, clinic: make.Clinic, plan_id: UUID, clock: Clock
) -> None:
    karin, astrid = Human(app, "karin"), clinic.patient["astrid"]
    karin.get("staff.needs", patient_id=astrid)
    clock.at += timedelta(minutes=40)
    karin.post("staff.needs", {"level-sleep": "advanced", "summary": "Sover lite"} | TALK, patient_id=astrid)
    assert "allt du skrev finns kvar som ett utkast" in karin.follow(karin.response).text
    assert not db.scalars(sa.select(NeedsAssessment)).all(), "nothing is stored by a session that is over"
    db.rollback()
    page = Human(app, "karin").get("staff.needs", patient_id=astrid)
    assert page.select_one("#summary").text.strip() == "Sover lite"


def test_one_who_has_logged_out_leaves_no_draft(karin: Human, db: Session, clinic: make.Clinic, plan_id: UUID) -> None:
    karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    token = karin.page.csrf
    karin.post("account.logout")
    karin.page = None
    karin.post(
        "staff.needs", {"summary": "x", "csrf_token": token}, patient_id=clinic.patient["astrid"], expect={303, 400}
    )
    assert not db.scalars(sa.select(KeptPage)).all()
