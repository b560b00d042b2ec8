from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Absence, AuditEvent, AuditEventPatient
from tests import make, stories
from tests.pages import words
from tests.people import Human


def filled(db: Session, library: Library, clinic: make.Clinic) -> None:
    plan = stories.signed_plan(db, library, clinic)
    stories.treatment_began(db, library, clinic, plan, date(2026, 11, 2), "cytostatika")
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 2}, at=make.MONDAY - timedelta(days=14))
    stories.sent(
        db,
        library,
        clinic,
        "astrid",
        {"breathlessness": 8},
        at=make.MONDAY - timedelta(minutes=6),
        wishes=("fatigue",),
        urgency="week",
        comment="Det kom smygande.",
    )
    stories.sent(db, library, clinic, "bo", {"fatigue": 7}, at=make.MONDAY - timedelta(days=1))
    db.commit()


def test_one_row_says_who_what_when_and_whose(karin: Human, db: Session, library: Library, clinic: make.Clinic) -> None:
    filled(db, library, clinic)
    page = karin.get("staff.worklist")
    (row,) = page.select(".app-work__row--now")
    said = words(row)
    for expected in (
        "Astrid Ek 58 år, cytostatika vecka 3",
        "Andnöd 8 av 10, var 2",
        "Fick rådet att ringa, och har läst det.",
        "”Det kom smygande.”",
        "Trötthet, den här veckan",
        "i dag 10.14",
        "1 tim 54 min kvar",
        "Ansvarig: Du",
    ):
        assert expected in said, said


def test_the_heading_says_the_day_the_oldest_and_how_much_there_is(
    karin: Human, db: Session, library: Library, clinic: make.Clinic
) -> None:
    filled(db, library, clinic)
    page = karin.get("staff.worklist")
    assert "Måndag 16 november, klockan 10.20." in page.text
    assert "Du har 3 patienter och 2 nya svar sedan fredag 13 november." in page.text
    assert "Den äldsta uppgiften med svar: 3 dagar försenad." not in page.text
    tally = [words(entry) for entry in page.select(".app-tally li")]
    assert tally == ["1 Behöver bedömas nu", "1 Behöver ses", "1 Inget nytt"]


def test_the_list_is_logged_with_its_patients(karin: Human, db: Session, library: Library, clinic: make.Clinic) -> None:
    filled(db, library, clinic)
    karin.get("staff.worklist")
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "list-tasks")).one()
    patients = set(db.scalars(sa.select(AuditEventPatient.patient_id).where(AuditEventPatient.event_id == event.id)))
    assert patients == {clinic.patient["astrid"], clinic.patient["bo"]}


def test_an_empty_list_says_so(nils: Human) -> None:
    assert "Inget väntar på dig just nu." in nils.get("staff.worklist").text


def test_answers_without_a_flag_have_a_page_of_their_own(
    karin: Human, db: Session, library: Library, clinic: make.Clinic
) -> None:
    filled(db, library, clinic)
    page = karin.get("staff.acknowledge")
    assert [words(cell) for cell in page.select("tbody th[scope=row] a")] == ["Astrid Ek"]


def test_a_page_after_nonsense_is_not_found(karin: Human) -> None:
    karin.get("staff.worklist", efter="nonsense", expect=404)


def test_neither_patient_nor_manager_reaches_the_list(astrid: Human, mia: Human) -> None:
    astrid.get("staff.worklist", expect=404)
    mia.get("staff.worklist", expect=404)


def test_an_absence_is_said_in_whole_days(db: Session, clinic: make.Clinic, karin: Human) -> None:
    away = {"practitioner_id": clinic.practitioner["karin"], "unit_id": clinic.unit.id}
    start = datetime(2026, 11, 18, 23, tzinfo=UTC)  # midnight in Sweden
    db.add(Absence(**away, cover_id=clinic.practitioner["nils"], from_at=start, to_at=start + timedelta(days=2)))
    db.commit()
    text = karin.get("staff.worklist").text
    assert "Nils Berg täcker för dig från torsdag 19 november till fredag 20 november." in text
