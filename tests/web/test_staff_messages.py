"""Messages as staff meet them: in the list among the rest, answered once, closed by code, and between colleagues."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import messages, people
from careplan.library import Library
from careplan.models import AuditEvent, AuditEventPatient, Message, Patient, Task, Thread
from tests import make, stories
from tests.conftest import Clock
from tests.people import Human
from tests.queries.test_worklist import statements


@pytest.fixture
def asked(db: Session, clinic: make.Clinic) -> UUID:
    """Astrid has asked something this morning."""
    return ask(db, clinic)


@pytest.fixture
def in_team(db: Session, clinic: make.Clinic) -> None:
    """Freja trains with Astrid."""
    people.add_to_team(
        db,
        patient=db.get_one(Patient, clinic.patient["astrid"]),
        practitioner_id=clinic.practitioner["freja"],
        unit_id=clinic.unit.id,
        role=clinic.actor["freja"].capacity,
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()


def ask(db: Session, clinic: make.Clinic, text: str = "Får jag smörja?", who: str = "astrid") -> UUID:
    made = messages.begin(
        db,
        patient=db.get_one(Patient, clinic.patient[who]),
        unit_id=clinic.unit.id,
        text=text,
        contact=stories.contact(db, clinic, who),
        key=uuid4(),
        by=clinic.actor[who],
        at=make.MONDAY,
    )
    db.commit()
    return made.id


def field(page: Any, name: str) -> str:
    return page.select(f"input[name={name}]")[0]["value"]


def answer(who: Human, thread_id: UUID, text: str, *, expect: int = 303, page: Any = None) -> None:
    page = page or who.get("staff.thread", thread_id=thread_id)
    sent = {"key": field(page, "key"), "seen": field(page, "seen"), "text": text}
    who.post("staff.thread", sent, thread_id=thread_id, expect=expect)


def to_colleague(who: Human, patient_id: UUID, **sent: Any) -> UUID:
    page = who.get("staff.write", patient_id=patient_id)
    who.post("staff.write", {"key": field(page, "key")} | sent, patient_id=patient_id)
    return UUID(who.location.rpartition("/")[2])


def one(db: Session, query: Any) -> Any:
    found = db.execute(query).one()
    db.rollback()
    return found


def test_a_message_stands_in_the_work_list_among_the_rest(
    karin: Human, db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "bo", {"breathlessness": 8})
    stories.sent(db, library, clinic, "bo", {"fatigue": 2}, wants_contact=True)
    ask(db, clinic)
    page = karin.get("staff.worklist")
    groups = [head.text.strip() for head in page.select("tr.app-work__group th")]
    assert groups == ["Behöver bedömas nu, 1", "Vill bli kontaktad, 1", "Meddelande, 1"]
    row = page.select("#g-message .app-work__row")[0].text
    assert "Astrid Ek" in row and "”Får jag smörja?”" in row
    karin.open(page.select("#g-message a")[0]["href"], expect=303)
    assert karin.open(karin.location).heading == "Får jag smörja?"


def test_the_work_list_costs_no_more_statements_for_messages(karin: Human, db: Session, clinic: make.Clinic) -> None:
    ask(db, clinic)
    karin.get("staff.worklist")
    with statements(db) as one_message:
        karin.get("staff.worklist")
    for number in range(5):
        ask(db, clinic, f"Fråga {number}", who="bo")
    with statements(db) as six_messages:
        karin.get("staff.worklist")
    assert len(six_messages) == len(one_message)


def test_the_inbox_costs_the_same_however_many_threads_there_are(
    karin: Human, db: Session, clinic: make.Clinic
) -> None:
    ask(db, clinic)
    answer(karin, ask(db, clinic, "Och det här?"), "Ja.")
    with statements(db) as few:
        karin.get("staff.messages")
    for number in range(6):
        thread = ask(db, clinic, f"Fråga {number}", who="bo")
        if number % 2:
            answer(karin, thread, "Ja.")
    with statements(db) as many:
        karin.get("staff.messages")
    assert len(many) == len(few)


def test_what_nobody_has_read_stands_first(karin: Human, db: Session, clinic: make.Clinic) -> None:
    first, second = ask(db, clinic, "Fråga ett"), ask(db, clinic, "Fråga två", who="bo")
    karin.get("staff.thread", thread_id=first)
    page = karin.get("staff.messages")
    links = [a["href"] for a in page.select("table a")]
    assert [link.rpartition("/")[2] for link in links] == [str(second), str(first)]
    assert "2 meddelanden väntar på svar" in page.text
    assert page.select("tbody tr")[0].td.text == "Ny" and page.select("tbody tr")[1].td.text == ""


def test_an_answer_closes_the_task(karin: Human, db: Session, asked: UUID) -> None:
    page = karin.get("staff.thread", thread_id=asked)
    assert "2 dagar kvar" in page.text.replace("\u00a0", " ") and "Ansvarig: Du." in page.text
    assert "Patienten läser det här." in page.text
    answer(karin, asked, "Ja, gärna.", page=page)
    assert one(db, sa.select(Task.status, Task.outcome)) == ("completed", "answered")
    assert "Inget meddelande väntar på ditt svar." in karin.get("staff.messages").text
    assert "Meddelande, 1" not in karin.get("staff.worklist").text


def test_of_two_nurses_who_answer_at_once_the_second_keeps_her_text_and_reads_the_first(
    karin: Human, nils: Human, db: Session, asked: UUID
) -> None:
    opened = nils.get("staff.thread", thread_id=asked)
    answer(karin, asked, "Ja, gärna.")
    answer(nils, asked, "Nej, vänta.", page=opened, expect=409)
    page = nils.page
    assert "Någon har skrivit medan du hade sidan öppen." in page.text
    assert "Ja, gärna." in page.text
    assert page.select("textarea[name=text]")[0].text.strip() == "Nej, vänta."
    assert one(db, sa.select(sa.func.count()).select_from(Message))[0] == 2


def test_closing_without_writing_takes_a_code_and_a_sentence_that_the_patient_reads(
    karin: Human, astrid: Human, db: Session, asked: UUID
) -> None:
    karin.get("staff.thread", thread_id=asked)
    for sent, said in (
        ({"sentence": "Klart."}, "Välj vad du har gjort."),
        ({"outcome": "answered", "sentence": "Klart."}, "Välj vad du har gjort."),
        ({"outcome": "called", "sentence": " "}, "Skriv en mening till den som frågade."),
        ({"outcome": "called", "sentence": "å" * 501}, "Skriv högst 500 tecken."),
    ):
        page = karin.post("staff.close_thread", sent, thread_id=asked, expect=422)
        assert said in page.text
    sent = {"outcome": "called", "sentence": "Jag ringde dig och vi talade om det."}
    karin.post("staff.close_thread", sent, thread_id=asked)
    karin.get("staff.thread", thread_id=asked)
    page = karin.post("staff.close_thread", sent, thread_id=asked, expect=409)
    assert "Karin Lind hann före." in page.text
    text = astrid.get("patient.thread", thread_id=asked).text
    assert "Jag ringde dig och vi talade om det." in text and "Karin Lind har avslutat frågan." in text


def test_a_task_of_a_message_is_closed_on_its_own_page_alone(karin: Human, db: Session, asked: UUID) -> None:
    task_id = one(db, sa.select(Task.id))[0]
    karin.get("staff.worklist")
    karin.post("staff.case", {"outcome": "answered", "next_step": "Klart."}, task_id=task_id)
    assert karin.location.endswith(f"/inkorg/{asked}")
    assert one(db, sa.select(Task.status))[0] == "requested"


def test_taking_over_from_a_colleague_leads_back_to_the_thread(nils: Human, db: Session, asked: UUID) -> None:
    task_id = one(db, sa.select(Task.id))[0]
    assert "Ta över uppgiften" in nils.get("staff.thread", thread_id=asked).text
    nils.post("staff.take", task_id=task_id)
    nils.open(nils.location, expect=303)
    assert "Ansvarig: Du." in nils.open(nils.location).text


def test_a_physiotherapist_asks_the_nurse_and_both_see_it_and_nobody_else(
    freja: Human, karin: Human, lars: Human, in_team: None, db: Session, clinic: make.Clinic, clock: Clock
) -> None:
    patient_id = clinic.patient["astrid"]
    assert "Karin Lind, kontaktsjuksköterska" in freja.get("staff.write", patient_id=patient_id).text
    thread = to_colleague(freja, patient_id, to=str(clinic.practitioner["karin"]), text="Kan du ringa om armen?")
    row = karin.get("staff.worklist").select("#g-message .app-work__row")[0].text
    assert "Freja Holm: ”Kan du ringa om armen?”" in row
    clock.at = make.MONDAY + timedelta(minutes=10)
    answer(karin, thread, "Ja, i eftermiddag.")
    listed = freja.get("staff.messages")
    assert "Ny" in listed.select("#klara + ul li")[0].text
    page = freja.get("staff.thread", thread_id=thread)
    assert "Ja, i eftermiddag." in page.text and "Inom teamet. Patienten ser det inte." in page.text
    lars.get("staff.thread", thread_id=thread, expect=404)


def test_a_physiotherapist_does_not_read_what_the_patient_writes_to_the_nurse(
    freja: Human, in_team: None, db: Session, clinic: make.Clinic, asked: UUID
) -> None:
    freja.get("staff.thread", thread_id=asked, expect=404)
    task = db.scalars(sa.select(Task)).one()
    task.owner_id = None
    db.commit()
    for endpoint, values in (("staff.messages", {}), ("staff.worklist", {})):
        assert "smörja" not in freja.get(endpoint, **values).text
    freja.get("staff.case", task_id=task.id, expect=404)
    assert "smörja" not in freja.get("staff.patient", patient_id=clinic.patient["astrid"]).text


def test_a_nurse_writes_first_to_a_patient_who_can_log_in_and_not_to_one_who_cannot(
    karin: Human, astrid: Human, db: Session, clinic: make.Clinic
) -> None:
    to_colleague(karin, clinic.patient["astrid"], to="patient", subject="Provsvar", text="Proverna är bra.")
    assert one(db, sa.select(sa.func.count()).select_from(Task))[0] == 0
    assert "Provsvar" in astrid.get("patient.messages").text
    page = karin.get("staff.write", patient_id=clinic.patient["aino"])
    assert "Patienten har inget konto" in page.text
    karin.post("staff.write", {"to": "patient", "text": "Hej"}, patient_id=clinic.patient["aino"], expect=422)


@pytest.mark.parametrize("to", ["", "nobody", "5c1e4f0a-7a3b-4a52-9b0d-3a4f4b0c1d2e"])
def test_a_message_to_nobody_is_kept_and_not_sent(
    karin: Human, in_team: None, db: Session, clinic: make.Clinic, to: str
) -> None:
    karin.get("staff.write", patient_id=clinic.patient["astrid"])
    page = karin.post("staff.write", {"to": to, "text": "Till vem?"}, patient_id=clinic.patient["astrid"], expect=422)
    assert "Välj vem du skriver till." in page.text
    assert page.select("textarea[name=text]")[0].text.strip() == "Till vem?"
    assert one(db, sa.select(sa.func.count()).select_from(Thread))[0] == 0


def test_each_reading_stands_in_the_log_with_the_patient(
    karin: Human, db: Session, clinic: make.Clinic, asked: UUID
) -> None:
    karin.get("staff.thread", thread_id=asked)
    karin.get("staff.messages")
    read = one(db, sa.select(AuditEvent.patient_id, AuditEvent.object_id).where(AuditEvent.action == "read-thread"))
    assert (read.patient_id, read.object_id) == (clinic.patient["astrid"], str(asked))
    listed = sa.select(AuditEvent.id).where(AuditEvent.action == "list-threads")
    shown = sa.select(AuditEventPatient.patient_id).where(AuditEventPatient.event_id.in_(listed))
    assert one(db, shown)[0] == clinic.patient["astrid"]


def test_a_message_whose_task_has_come_to_another_unit_is_read_and_answered_there(
    lars: Human, db: Session, clinic: make.Clinic, asked: UUID
) -> None:
    lars.get("staff.thread", thread_id=asked, expect=404)
    task = db.scalars(sa.select(Task)).one()
    task.list_unit_id, task.owner_id = clinic.other_unit.id, clinic.practitioner["lars"]
    db.commit()
    answer(lars, asked, "Jag svarar i stället.")
    assert one(db, sa.select(Task.status))[0] == "completed"
