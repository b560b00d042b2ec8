"""Letters to who answered on paper: owed when the task is closed, printed, and said to be printed."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import letters, tasks
from careplan.domain.answers import answered
from careplan.library import Library
from careplan.models import AuditEvent, Letter, Patient, QuestionnaireRequest, Task
from careplan.queries import letters as owed_letters
from careplan.web.letters import letter_document
from tests import make, stories
from tests.actions import forms
from tests.actions.test_paper import key_in, read_again
from tests.people import Human

SAID = "Karin ringer dig på torsdag om värken i axeln."


@pytest.fixture
def closed(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    """Aino's answers on paper, keyed in, read and closed."""
    task = keyed(db, library, clinic, "paper")
    tasks.complete(db, task, outcome="called", next_step=SAID, by=clinic.actor["karin"], at=make.MONDAY)
    db.commit()
    return task.id


def keyed(db: Session, library: Library, clinic: make.Clinic, mode: str) -> Task:
    asked: QuestionnaireRequest = forms.ask(db, library, clinic, stories.FORM, who="aino")
    form = library.questionnaire(stories.FORM)
    answers = {"pain": answered(3), "fatigue": answered(2)}
    result = key_in(db, clinic, form, asked, answers, mode=mode)
    if mode == "paper":
        result = read_again(db, clinic, form, asked, {"pain": answered(3)})
    return stories.task_of(db, result.response)


def only(db: Session) -> Letter:
    db.rollback()
    found = db.scalars(sa.select(Letter).execution_options(populate_existing=True)).one()
    db.expunge(found)
    db.rollback()
    return found


@pytest.mark.parametrize("mode", ["paper", "phone"])
def test_closing_the_task_of_answers_on_paper_or_by_telephone_owes_a_letter(
    db: Session, library: Library, clinic: make.Clinic, mode: str
) -> None:
    task = keyed(db, library, clinic, mode)
    assert db.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    tasks.complete(db, task, outcome="called", next_step=SAID, by=clinic.actor["karin"], at=make.MONDAY)
    letter = db.scalars(sa.select(Letter)).one()
    assert (letter.task_id, letter.printed_at) == (task.id, None)


def test_answers_on_a_screen_owe_none(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"pain": 2}))
    tasks.complete(db, task, outcome="acknowledged", next_step="", by=clinic.actor["karin"], at=make.MONDAY)
    assert db.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0


def test_the_list_shows_those_not_printed_with_what_they_say(karin: Human, nils: Human, closed: UUID) -> None:
    for nurse in (karin, nils):
        text = nurse.get("staff.letters").text
        assert "Aino Virtanen" in text and SAID in text and "Inte utskrivna än" in text


@pytest.mark.slow
@pytest.mark.usefixtures("printed_once")
def test_printing_is_recorded_and_takes_the_letter_off_the_list(
    karin: Human, nils: Human, db: Session, clinic: make.Clinic, closed: UUID
) -> None:
    letter = only(db)
    karin.get("staff.letters")
    karin.post("documents.letter", {"storlek": "18"}, letter_id=letter.id, expect=200)
    assert karin.response.mimetype == "application/pdf"
    assert only(db).printed_by_id == clinic.practitioner["karin"]
    text = karin.get("staff.letters").text
    assert "Alla brev är utskrivna." in text and "Utskrivet av Karin Lind" in text
    nils.get("staff.letters")
    nils.post("documents.letter", {"storlek": "99"}, letter_id=letter.id, expect=200)
    assert only(db).printed_by_id == clinic.practitioner["karin"], "who printed it first"
    printings = sa.select(sa.func.count()).where(AuditEvent.action == "print-letter")
    assert db.scalar(printings) == 2


def test_the_letter_says_what_was_read_what_is_done_who_signs_and_which_number_to_ring(
    app: Flask, db: Session, clinic: make.Clinic, closed: UUID
) -> None:
    html = letter_html(app, db, clinic)
    for expected in (
        "Vi har läst dina svar",
        "Hej Aino Virtanen.",
        "Du svarade på papper.",
        "Karin Lind, kontaktsjuksköterska, har läst dem.",
        SAID,
        "Med vänlig hälsning",
        "0980-319 210",
        "1177",
        "112",
        "Aino Virtanen, född 1943",
        'class="large"',
    ):
        assert expected in html, expected


def test_the_words_around_are_in_the_patient_s_language_and_the_nurse_s_are_as_she_wrote_them(
    app: Flask, db: Session, clinic: make.Clinic, closed: UUID
) -> None:
    patient = db.get_one(Patient, clinic.patient["aino"])
    patient.person.language = "en"
    patient.person.family_name = "O'Brien <b>"
    db.commit()
    html = letter_html(app, db, clinic)
    assert f'<p class="own" lang="sv" dir="ltr">{SAID}</p>' in html
    assert 'lang="en"' in html and "O&#39;Brien &lt;b&gt;" in html


def letter_html(app: Flask, db: Session, clinic: make.Clinic) -> str:
    letter = db.scalars(sa.select(Letter)).one()
    with app.test_request_context():
        html = letter_document(
            owed_letters.reply(db, letter),
            stories.contact(db, clinic, "aino"),
            size="18",
            at=make.MONDAY,
        )
    db.rollback()
    return html


def test_a_physiotherapist_and_another_unit_s_nurse_have_none_of_it(
    freja: Human, lars: Human, db: Session, closed: UUID
) -> None:
    letter = only(db)
    freja.get("staff.letters", expect=404)
    freja.get("staff.worklist")
    freja.post("documents.letter", letter_id=letter.id, expect=404)
    assert "Aino" not in lars.get("staff.letters").text
    lars.post("documents.letter", letter_id=letter.id, expect=404)
    assert only(db).printed_at is None


def test_a_letter_is_owed_once_a_task(db: Session, clinic: make.Clinic, closed: UUID) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        letters.owe(db, db.get_one(Task, closed), at=make.MONDAY)
