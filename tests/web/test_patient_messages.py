"""The patient's messages: written, kept when they cannot be sent, read by whom, answered; and what a relative may."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import messages
from careplan.domain.messages import ThreadKind
from careplan.library import Library
from careplan.models import Absence, Message, Patient, Share, Task, Thread
from tests import make, stories
from tests.conftest import Clock
from tests.people import Human

TOO_LONG = "Jag undrar en sak. " * 5300


def write(who: Human, text: str = "Får jag smörja?", *, expect: int = 303, **more: Any) -> None:
    page = who.get("patient.messages")
    who.post("patient.messages", {"key": field(page, "key"), "text": text} | more, expect=expect)


def field(page: Any, name: str) -> str:
    return page.select(f"input[name={name}]")[0]["value"]


def count(db: Session, model: type) -> int:
    found = db.scalar(sa.select(sa.func.count()).select_from(model))
    db.rollback()
    return found


def team_thread(db: Session, clinic: make.Clinic, text: str) -> Thread:
    made = messages.begin(
        db,
        patient=db.get_one(Patient, clinic.patient["astrid"]),
        unit_id=clinic.unit.id,
        text=text,
        kind=ThreadKind.TEAM,
        to_id=clinic.practitioner["nils"],
        contact=stories.contact(db, clinic, "astrid"),
        key=uuid4(),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    return made


@pytest.fixture
def broken(app: Flask) -> Iterator[Any]:
    """What makes the database go away in the middle, and come back."""
    sessions = app.extensions["db_sessions"]
    engine = sessions.kw["bind"]

    def refuse(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO message"):
            raise sa.exc.OperationalError(statement, {}, RuntimeError("disk full"))

    sa.event.listen(engine, "before_cursor_execute", refuse)
    yield lambda: sa.event.remove(engine, "before_cursor_execute", refuse)
    if sa.event.contains(engine, "before_cursor_execute", refuse):
        sa.event.remove(engine, "before_cursor_execute", refuse)


def test_the_page_says_who_answers_by_which_day_and_what_to_do_when_urgent(astrid: Human) -> None:
    text = astrid.get("patient.messages").text
    for expected in (
        "Skriv till Karin Lind",
        "Du får svar senast onsdag 18\u00a0november.",
        "inte på kvällar, nätter och helger",
        "Mottagningen: 0980-319 200",
        "Andra tider: 1177",
        "Fara för livet: 112",
        "Högst 4\u00a0000 tecken.",
    ):
        assert expected.replace("\u00a0", " ") in text.replace("\u00a0", " "), expected


def test_a_question_is_sent_and_shows_the_day_of_its_answer(astrid: Human, db: Session) -> None:
    write(astrid, subject="Huden")
    page = astrid.follow(astrid.page)
    assert page.heading == "Huden"
    for expected in ("Ditt meddelande är skickat.", "Får jag smörja?", "Inte läst än.", "Du får svar senast onsdag 18"):
        assert expected in page.text.replace("\u00a0", " ")
    assert count(db, Task) == 1
    assert "Huden" in astrid.get("patient.messages").text


def test_the_patient_sees_who_has_read_and_the_answer(astrid: Human, karin: Human, db: Session, clock: Clock) -> None:
    write(astrid)
    thread = db.scalars(sa.select(Thread.id)).one()
    db.rollback()
    clock.at = make.MONDAY + timedelta(minutes=5)
    page = karin.get("staff.thread", thread_id=thread)
    assert "Läst av Karin Lind i dag 10.25." in astrid.get("patient.thread", thread_id=thread).text.replace(
        "\u00a0", " "
    )
    karin.post(
        "staff.thread",
        {"key": field(page, "key"), "seen": field(page, "seen"), "text": "Ja.\n\nVälj en utan parfym."},
        thread_id=thread,
    )
    listed = astrid.get("patient.messages").text.replace("\u00a0", " ")
    assert "Nytt svar från Karin Lind, i dag 10.25." in listed
    text = astrid.get("patient.thread", thread_id=thread).text
    assert "Välj en utan parfym." in text and "Karin Lind, kontaktsjuksköterska" in text
    assert "Nytt svar" not in astrid.get("patient.messages").text


def test_while_the_nurse_is_away_the_page_names_who_reads(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    db.add(
        Absence(
            practitioner_id=clinic.practitioner["karin"],
            unit_id=clinic.unit.id,
            cover_id=clinic.practitioner["nils"],
            from_at=make.MONDAY - timedelta(days=1),
            to_at=make.MONDAY + timedelta(days=3),
        )
    )
    db.commit()
    text = astrid.get("patient.messages").text
    assert "Skriv till Nils Berg" in text
    assert "Karin är borta nu. Nils Berg läser och svarar." in text


def test_a_double_click_is_one_message(astrid: Human, db: Session) -> None:
    page = astrid.get("patient.messages")
    sent = {"key": field(page, "key"), "text": "Får jag smörja?"}
    astrid.post("patient.messages", sent)
    first = astrid.location
    astrid.post("patient.messages", sent)
    assert astrid.location == first
    assert (count(db, Message), count(db, Task)) == (1, 1)


def test_the_same_page_with_other_words_keeps_them_and_gets_a_key_of_its_own(astrid: Human, db: Session) -> None:
    page = astrid.get("patient.messages")
    key = field(page, "key")
    astrid.post("patient.messages", {"key": key, "text": "Får jag smörja?"})
    page = astrid.post("patient.messages", {"key": key, "text": "En helt annan sak"}, expect=409)
    assert "redan skickad en gång, med andra ord" in page.text
    assert page.select("textarea[name=text]")[0].text.strip() == "En helt annan sak"
    assert field(page, "key") != key
    astrid.post("patient.messages", {"key": field(page, "key"), "text": "En helt annan sak"})
    assert count(db, Message) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Skriv något först."), ("  \r\n ", "Skriv något först."), (TOO_LONG, "tecken för långt")],
    ids=["empty", "blank", "100,000"],
)
def test_what_cannot_be_sent_says_why_and_loses_nothing(astrid: Human, db: Session, text: str, said: str) -> None:
    page = astrid.get("patient.messages")
    page = astrid.post("patient.messages", {"key": field(page, "key"), "text": text, "subject": "Min"}, expect=422)
    assert said in page.text and "Ditt meddelande är inte skickat" in page.text
    assert page.select("textarea[name=text]")[0].text.strip() == text.strip()
    assert field(page, "subject") == "Min"
    assert count(db, Message) == 0


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> <b>fet</b>",
        'O\'Brien & Åsa "säger"',
        "Tack 🙏🏽 👩‍👩‍👧",
        "هل يمكنني استخدام الكريم؟",
        "Rad ett\nrad två",
        "{{ 7 * 7 }} %(name)s",
    ],
)
def test_text_is_shown_as_it_was_written(astrid: Human, db: Session, text: str) -> None:
    write(astrid, text)
    page = astrid.follow(astrid.page)
    shown = page.select("article.app-msg p")[0]
    assert (shown.text, shown["dir"], shown.find_all(True)) == (text, "auto", [])


def test_when_the_database_is_away_the_text_goes_along_to_the_next_try(astrid: Human, db: Session, broken: Any) -> None:
    page = astrid.get("patient.messages")
    sent = {"key": field(page, "key"), "text": "Viktigt att få fram", "subject": "Min"}
    page = astrid.post("patient.messages", sent, expect=503)
    assert page.heading == "Ditt meddelande är inte skickat"
    kept = {name: field(page, name) for name in ("key", "subject")} | {
        "text": page.select("textarea[name=text]")[0].text.strip()
    }
    assert kept == sent
    assert (count(db, Thread), count(db, Task)) == (0, 0)
    broken()
    astrid.post("patient.messages", kept)
    assert count(db, Message) == 1


def test_a_comment_on_a_chapter_says_which_to_those_who_read_it(
    astrid: Human, karin: Human, db: Session, library: Library, clinic: make.Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    chapter = next(each.chapter_id for each in plan.chapters if each.is_shown)
    db.commit()
    page = astrid.get("patient.chapter", plan_id=plan.id, chapter_id=chapter)
    title = page.heading
    link = next(a["href"] for a in page.select("a") if a.text == "Skriv till vården om det här kapitlet")
    page = astrid.open(link)
    assert f"Det gäller kapitlet ”{title}”" in page.text
    astrid.send(link.partition("#")[0], {"key": field(page, "key"), "text": "Hur länge?"})
    assert astrid.follow(page).heading == title
    thread = db.scalars(sa.select(Thread.id)).one()
    db.rollback()
    page = karin.get("staff.thread", thread_id=thread)
    assert f"Om kapitlet ”{title}”, som det stod i version 1 av planen." in page.text
    href = next(a["href"] for a in page.select("a") if "Om kapitlet" in a.text)
    assert title in karin.open(href).text


def test_a_chapter_of_somebody_else_s_plan_cannot_be_written_about(
    bo: Human, db: Session, library: Library, clinic: make.Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    chapter = plan.chapters[0].chapter_id
    db.commit()
    bo.get("patient.messages", plan=plan.id, kapitel=chapter, expect=404)


def test_a_patient_never_sees_what_the_team_writes(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    made = team_thread(db, clinic, "Bara mellan oss")
    assert "Bara mellan oss" not in astrid.get("patient.messages").text
    astrid.get("patient.thread", thread_id=made.id, expect=404)


def test_a_relative_reads_and_writes_only_where_the_patient_lets_them(
    astrid: Human, lina: Human, karin: Human, db: Session
) -> None:
    write(astrid, "En sak för mig själv")
    thread = db.scalars(sa.select(Thread.id)).one()
    db.rollback()
    lina.get("patient.messages", expect=404)
    lina.get("patient.thread", thread_id=thread, expect=404)
    db.scalars(sa.select(Share)).one().scopes = ["plan", "messages"]
    db.commit()
    assert "Du läser och skriver åt Astrid Ek." in lina.get("patient.messages").text
    page = lina.get("patient.thread", thread_id=thread)
    lina.post("patient.thread", {"key": field(page, "key"), "text": "Mamma undrar en sak till"}, thread_id=thread)
    assert "Lina Ek, närstående" in astrid.get("patient.thread", thread_id=thread).text
    assert "Lina Ek, närstående, skriver åt Astrid." in karin.get("staff.thread", thread_id=thread).text
    assert count(db, Task) == 1


def test_a_patient_of_two_units_chooses_whom_to_write_to(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    lars = db.get_one(make.Practitioner, clinic.practitioner["lars"])
    make.care(db, db.get_one(Patient, clinic.patient["astrid"]), lars, clinic.other_unit)
    db.commit()
    write(astrid, expect=422)
    assert "Välj vem du skriver till." in astrid.page.text
    write(astrid, to=str(clinic.other_unit.id))
    assert db.scalars(sa.select(Thread.unit_id)).one() == clinic.other_unit.id
    db.rollback()
    write(astrid, to=str(uuid4()), expect=422)


def test_in_the_thread_of_a_unit_that_no_longer_cares_one_reads_and_is_shown_where_to_write(
    astrid: Human, db: Session, clinic: make.Clinic
) -> None:
    write(astrid)
    thread = db.scalars(sa.select(Thread)).one()
    thread.unit_id = clinic.other_unit.id
    db.commit()
    page = astrid.get("patient.thread", thread_id=thread.id)
    assert "Du kan läsa här, men inte skriva." in page.text
    assert not page.select("textarea")
    page = astrid.post("patient.thread", {"key": str(uuid4()), "text": "Hej"}, thread_id=thread.id, expect=409)
    assert "Skriv ett nytt meddelande" in page.text


def test_the_list_of_threads_goes_on_on_a_page_of_its_own(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    for number in range(52):
        messages.begin(
            db,
            patient=db.get_one(Patient, clinic.patient["astrid"]),
            unit_id=clinic.unit.id,
            text=f"Fråga {number}.",
            contact=stories.contact(db, clinic, "astrid"),
            key=uuid4(),
            by=clinic.actor["astrid"],
            at=make.MONDAY - timedelta(hours=number),
        )
    db.commit()
    page = astrid.get("patient.messages")
    assert "Fråga 49." in page.text and "Fråga 50." not in page.text
    older = next(a["href"] for a in page.select("a") if a.text == "Visa äldre")
    assert "Fråga 51." in astrid.open(older).text
    for nonsense in ("i går", "2026-11-16", "x" * 300):
        assert "Fråga 0." in astrid.get("patient.messages", fore=nonsense).text


def test_home_says_what_has_come_until_it_is_opened(astrid: Human, karin: Human, db: Session, clock: Clock) -> None:
    write(astrid, subject="Huden")
    thread = db.scalars(sa.select(Thread.id)).one()
    db.rollback()
    assert "Nytt meddelande" not in astrid.get("patient.home").text
    clock.at += timedelta(minutes=5)
    karin.get("staff.thread", thread_id=thread)
    karin.post("staff.close_thread", {"outcome": "booked", "sentence": "Du har en tid på torsdag."}, thread_id=thread)
    page = astrid.get("patient.home")
    assert "Nytt meddelande från Karin Lind" in page.text and "Huden" in page.text
    assert "Nytt svar från Karin Lind" in astrid.get("patient.messages").text
    clock.at += timedelta(minutes=1)
    assert "Du har en tid på torsdag." in astrid.get("patient.thread", thread_id=thread).text
    assert "Nytt meddelande" not in astrid.get("patient.home").text
    assert "Nytt svar" not in astrid.get("patient.messages").text
