"""Own notes and questions for the next visit: who reads them, and what the nurse answers."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import PatientNote
from tests.make import Clinic
from tests.people import Human


def write(astrid: Human, text: str, *, kind: str = "note", shown_to: str = "private") -> None:
    astrid.get("patient.notes")
    prefix = "n" if kind == "note" else "q"
    sent = {"kind": kind, f"{prefix}-text": text, "n-shown_to": shown_to}
    sent[f"{prefix}-key"] = astrid.page.find("input", {"name": f"{prefix}-key"})["value"]
    astrid.post("patient.notes", sent)


def stored(db: Session) -> PatientNote:
    found = db.scalars(sa.select(PatientNote)).one()
    db.expunge_all()
    db.rollback()  # one writer at a time
    return found


def prepared(karin: Human, clinic: Clinic) -> str:
    return karin.get("staff.prepare", patient_id=clinic.patient["astrid"]).text


def test_a_note_is_private_unless_the_patient_shows_it(
    astrid: Human, karin: Human, lina: Human, db: Session, clinic: Clinic
) -> None:
    page = astrid.get("patient.notes")
    assert [tag["value"] for tag in page.select("[name=n-shown_to][checked]")] == ["private"]
    write(astrid, "Jag är rädd")
    assert "Bara du ser den." in astrid.get("patient.notes").text
    assert "Jag är rädd" not in prepared(karin, clinic)
    karin.post("staff.answer_question", {"answer": "x"}, note_id=stored(db).id, expect=404)
    lina.get("patient.notes", expect=404)


def test_a_note_that_is_shown_reaches_the_nurse_until_it_is_private_again(
    astrid: Human, karin: Human, db: Session, clinic: Clinic
) -> None:
    write(astrid, "Sover dåligt", shown_to="shared")
    assert "Visas för vården." in astrid.get("patient.notes").text
    assert "Sover dåligt" in prepared(karin, clinic)
    note_id = stored(db).id
    astrid.get("patient.note", note_id=note_id)
    astrid.post("patient.note", {"n-text": "Sover dåligt", "n-shown_to": "private"}, note_id=note_id)
    assert "Sover dåligt" not in prepared(karin, clinic)


def test_a_question_reaches_the_nurse_and_its_answer_the_patient(
    astrid: Human, karin: Human, db: Session, clinic: Clinic
) -> None:
    write(astrid, "Får jag träna?", kind="question")
    assert "Får jag träna?" in prepared(karin, clinic)
    karin.post("staff.answer_question", {"answer": "Ja, i lugn takt."}, note_id=stored(db).id)
    page = astrid.get("patient.notes")
    assert "Svar gavs måndag 16 november av Karin Lind. Ja, i lugn takt." in page.text.replace("\u00a0", " ")
    assert "Får jag träna?" not in prepared(karin, clinic)
    note_id = stored(db).id
    astrid.get("patient.note", note_id=note_id)
    astrid.post("patient.note", {"q-text": "Får jag simma?"}, note_id=note_id, expect=409)


def test_a_question_is_answered_once(astrid: Human, karin: Human, db: Session, clinic: Clinic) -> None:
    write(astrid, "När?", kind="question")
    prepared(karin, clinic)
    karin.post("staff.answer_question", {"answer": ""}, note_id=stored(db).id)
    karin.post("staff.answer_question", {"answer": "Igen"}, note_id=stored(db).id, expect=409)
    assert stored(db).answer == ""


def test_a_question_that_is_taken_back_is_not_read(astrid: Human, karin: Human, db: Session, clinic: Clinic) -> None:
    write(astrid, "Glöm det", kind="question")
    note_id = stored(db).id
    astrid.get("patient.note", note_id=note_id)
    astrid.post("patient.note", {"remove": "1"}, note_id=note_id)
    assert "Glöm det" not in prepared(karin, clinic)
    karin.post("staff.answer_question", {"answer": "x"}, note_id=note_id, expect=404)


def test_another_units_nurse_reads_none_of_it(astrid: Human, lars: Human, db: Session, clinic: Clinic) -> None:
    write(astrid, "Hemligt", kind="question")
    lars.get("staff.prepare", patient_id=clinic.patient["astrid"], expect=404)
    lars.get("account.settings")
    lars.post("staff.answer_question", {"answer": "x"}, note_id=stored(db).id, expect=404)


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Skriv något."), ("   ", "Skriv något."), ("x" * 100_000, "Skriv högst 2 000 tecken.")]
)
def test_an_empty_or_endless_note_is_refused(astrid: Human, db: Session, text: str, sentence: str) -> None:
    astrid.get("patient.notes")
    page = astrid.post("patient.notes", {"kind": "note", "n-text": text, "n-shown_to": "private"}, expect=422)
    assert sentence in page.text.replace("\u00a0", " ")
    db.rollback()
    assert db.scalar(sa.select(sa.func.count()).select_from(PatientNote)) == 0


@pytest.mark.parametrize("text", ["Maj's <script>", "🌸🌸", "שאלה לרופא", "rad ett\r\nrad två"])
def test_any_text_is_stored_and_shown_right(
    astrid: Human, karin: Human, db: Session, clinic: Clinic, text: str
) -> None:
    write(astrid, text, kind="question")
    kept = text.replace("\r\n", "\n")
    assert stored(db).text == kept
    assert kept.split("\n")[0] in prepared(karin, clinic)
