from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import DECLINED
from careplan.library import Library
from careplan.models import AuditEvent, Referral, Task
from tests import make, stories
from tests.conftest import Clock
from tests.pages import words
from tests.people import Human
from tests.queries.test_worklist import statements


@pytest.fixture
def severe(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    """Astrid's red answer of this morning, with one before it."""
    stories.signed_plan(db, library, clinic)
    stories.sent(
        db, library, clinic, "astrid", {"breathlessness": 2, "fatigue": 6}, at=make.MONDAY - timedelta(days=14)
    )
    response = stories.sent(
        db,
        library,
        clinic,
        "astrid",
        {"breathlessness": 8, "breathlessness-now": "yes", "fatigue": 7, "sleep": 3, "worry": DECLINED},
        at=make.MONDAY - timedelta(minutes=6),
        wishes=("fatigue",),
        urgency="week",
        wants_contact=True,
        comment="Jag får stanna halvvägs upp till tvåan.",
    )
    task_id = stories.task_of(db, response).id
    db.commit()
    return task_id


@pytest.fixture
def calm(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    task_id = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 1})).id
    db.commit()
    return task_id


def stored(db: Session, task_id: UUID) -> Task:
    db.rollback()
    task = db.get_one(Task, task_id, populate_existing=True)
    db.commit()
    return task


def test_the_case_shows_the_literal_answers_beside_last_time(karin: Human, severe: UUID) -> None:
    page = karin.get("staff.case", task_id=severe)
    assert page.heading == "Astrid Ek: andnöd 8 av 10"
    rows = [words(row) for row in page.select("#svar ~ table tbody tr")]
    assert (
        rows[:3]
        == [
            "Hur mycket andnöd har du haft som värst? 8 av 10 2",
            "Pågår det nu? Ja, det pågår nu –",
            "Hur trött har du varit som värst? 7 av 10 6",
        ]
        or rows[0] == "Hur mycket andnöd har du haft som värst? 8 av 10 2"
    )
    assert any("Jag vill inte svara" in row for row in rows)
    assert "”Jag får stanna halvvägs upp till tvåan.”" in page.text


def test_the_case_shows_rule_wish_trend_and_what_was_told(karin: Human, severe: UUID) -> None:
    text = karin.get("staff.case", task_id=severe).text
    for expected in (
        "Regler: Andnöd minst 8 av 10; Trötthet minst 7 av 10.",
        "Källa: eget förslag",
        "Hjälp med trötthet",
        "Hur bråttom: den här veckan. Vill att du hör av dig.",
        "Tryckte ”Jag har läst”",
        "Från 2 till 8.",
        "Klar senast i dag 12.14",
        "Ansvarig: Du. Täcker: Nils Berg.",
    ):
        assert expected in text, expected


def test_the_journal_text_has_at_most_eight_lines(karin: Human, severe: UUID) -> None:
    page = karin.get("staff.case", task_id=severe)
    lines = page.select_one("#journal").text.strip().splitlines()
    assert lines[0] == "Självskattning 2026-11-16 kl. 10.14, webb."
    assert lines[1].startswith("Andnöd 8 av 10 (2 den 2026-11-02). Trötthet 7 av 10 (6).")
    assert lines[-1] == "Karin Lind, kontaktsjuksköterska"
    assert len(lines) <= 8


def test_nothing_is_preselected(karin: Human, severe: UUID) -> None:
    page = karin.get("staff.case", task_id=severe)
    assert not page.select("input[checked]")
    assert page.select_one("#next_step").text.strip() == "Karin har läst dina svar."


def test_opening_marks_it_read_and_the_next_nurse_sees_by_whom(
    nils: Human, karin: Human, db: Session, clock: Clock, severe: UUID
) -> None:
    nils.get("staff.case", task_id=severe)
    clock.at += timedelta(minutes=5)
    page = karin.get("staff.case", task_id=severe)
    assert "Öppnad av Nils Berg i dag 10.20." in page.text
    assert stored(db, severe).read_at == make.MONDAY


def test_row_outcome_save_is_three_clicks(karin: Human, db: Session, severe: UUID) -> None:
    listed = karin.get("staff.worklist")
    karin.open(listed.select_one(".app-work__row--now a")["href"])
    karin.post("staff.case", {"outcome": "called", "next_step": "Karin ringer i morgon."}, task_id=severe)
    after = karin.follow(karin.response)
    assert "Klart: Astrid Ek." in after.text
    assert not after.select(".app-work__row--now")
    task = stored(db, severe)
    assert (task.outcome, task.next_step) == ("called", "Karin ringer i morgon.")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Välj vad du har gjort."),
        ({"outcome": "acknowledged"}, "Välj vad du har gjort."),
        ({"outcome": "no-action"}, "Skriv varför ingen åtgärd behövs."),
        ({"outcome": "known"}, "Välj till vilken dag det är känt."),
        ({"outcome": "known", "known_until": "2026-02-30"}, "Välj till vilken dag det är känt."),
        ({"outcome": "referred", "referred_to": "nobody"}, "Välj vem remissen går till."),
        ({"outcome": "called", "next_step": "x" * 501}, "Skriv högst 500 tecken."),
    ],
)
def test_what_is_missing_is_said_once_and_nothing_typed_is_lost(
    karin: Human, db: Session, severe: UUID, sent: dict[str, str], sentence: str
) -> None:
    karin.get("staff.case", task_id=severe)
    page = karin.post("staff.case", {"next_step": "Karin ringer."} | sent, task_id=severe, expect=422)
    assert sentence in words(page.select_one(".nhsuk-error-summary"))
    assert page.select_one("#next_step").text.strip() == sent.get("next_step", "Karin ringer.")
    assert stored(db, severe).status == "in-progress"


def test_known_until_is_chosen_from_days_to_come(karin: Human, db: Session, severe: UUID) -> None:
    page = karin.get("staff.case", task_id=severe)
    days = [option["value"] for option in page.select("#known_until option") if option["value"]]
    karin.post("staff.case", {"outcome": "known", "known_until": days[1], "next_step": ""}, task_id=severe)
    assert stored(db, severe).known_until.isoformat() == days[1] == "2026-11-30"


def test_a_referral_is_sent_with_its_question(karin: Human, db: Session, severe: UUID) -> None:
    karin.get("staff.case", task_id=severe)
    sent = {"outcome": "referred", "referred_to": "physiotherapist", "next_step": "Du får veta när någon tagit emot."}
    page = karin.post("staff.case", sent, task_id=severe, expect=422)
    assert "Skriv vad du vill ha hjälp med." in page.text
    karin.post("staff.case", sent | {"question": "Kan hon träna?"}, task_id=severe)
    assert stored(db, severe).reason == "Fysioterapeut"
    referral = db.scalars(sa.select(Referral)).one()
    assert (referral.profession, referral.practitioner_id, referral.question) == (
        "physiotherapist",
        None,
        "Kan hon träna?",
    )


def test_a_referral_to_another_is_written_in_the_journal(karin: Human, db: Session, severe: UUID) -> None:
    karin.get("staff.case", task_id=severe)
    karin.post("staff.case", {"outcome": "referred", "referred_to": "elsewhere", "next_step": ""}, task_id=severe)
    assert stored(db, severe).reason == "Någon annan, se journalen"
    assert not db.scalars(sa.select(Referral)).all()


def test_a_call_in_vain_leaves_the_task_in_the_list(karin: Human, db: Session, severe: UUID) -> None:
    karin.get("staff.case", task_id=severe)
    karin.post("staff.case", {"outcome": "unreached", "next_step": "Karin har ringt och ringer igen."}, task_id=severe)
    assert "Astrid Ek står kvar i listan." in karin.follow(karin.response).text
    assert stored(db, severe).status == "in-progress"


def test_the_second_nurse_sees_who_closed_it_and_keeps_what_she_wrote(
    karin: Human, nils: Human, db: Session, severe: UUID
) -> None:
    karin.get("staff.case", task_id=severe)
    nils.get("staff.case", task_id=severe)
    knows = {"aware": nils.page.select_one("[name=aware]")["value"]}
    nils.post("staff.case", {"outcome": "called", "next_step": "Nils har ringt."} | knows, task_id=severe)
    page = karin.post("staff.case", {"outcome": "booked", "next_step": "Tid i dag."}, task_id=severe, expect=409)
    assert "Stängd av Nils Berg" in page.text
    assert "Det du skrev är inte sparat: ”Tid i dag.”" in page.text
    assert stored(db, severe).outcome == "called"


def test_a_closed_task_says_by_whom_when_and_how(karin: Human, severe: UUID) -> None:
    karin.get("staff.case", task_id=severe)
    karin.post("staff.case", {"outcome": "called", "next_step": "Karin har ringt."}, task_id=severe)
    page = karin.get("staff.case", task_id=severe)
    assert "Stängd av Karin Lind I dag 10.20 Talat med patienten" in page.text
    assert not page.select("#outcome")


def test_a_calm_answer_is_acknowledged_with_one_signed_sentence(karin: Human, db: Session, calm: UUID) -> None:
    page = karin.get("staff.case", task_id=calm)
    karin.post("staff.case", {"outcome": "acknowledged", "next_step": page.select_one("#next_step").text}, task_id=calm)
    assert karin.location.endswith("/arbetslista/inget-nytt")
    assert "Alla svar är lästa." in karin.follow(karin.response).text
    task = stored(db, calm)
    assert (task.outcome, task.next_step) == ("acknowledged", "Karin har läst dina svar.")


def test_a_colleague_can_take_the_task(nils: Human, db: Session, clinic: make.Clinic, severe: UUID) -> None:
    nils.get("staff.case", task_id=severe)
    nils.post("staff.take", task_id=severe)
    assert stored(db, severe).owner_id == clinic.practitioner["nils"]


def test_reading_is_logged(karin: Human, db: Session, clinic: make.Clinic, severe: UUID) -> None:
    karin.get("staff.case", task_id=severe)
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "read-task")).one()
    assert (event.patient_id, event.object_id) == (clinic.patient["astrid"], str(severe))


def test_a_nurse_of_another_unit_gets_the_same_as_for_nothing(lars: Human, severe: UUID) -> None:
    lars.get("staff.case", task_id=severe, expect=404)
    lars.post("staff.case", {"outcome": "called"}, task_id=severe, expect=404)
    lars.post("staff.take", task_id=severe, expect=404)


def test_a_double_click_is_one_closing(karin: Human, db: Session, severe: UUID) -> None:
    karin.get("staff.case", task_id=severe)
    for _click in range(2):
        karin.post("staff.case", {"outcome": "called", "next_step": "Karin har ringt."}, task_id=severe)
        assert karin.location == karin.url("staff.worklist")
    assert db.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "complete-task")) == 1


def test_the_page_takes_few_statements_and_no_more_with_more_answers(
    karin: Human, db: Session, library: Library, clinic: make.Clinic, severe: UUID
) -> None:
    karin.get("staff.case", task_id=severe)
    counts = []
    for weeks in (0, 6):
        for week in range(weeks):
            at = make.MONDAY - timedelta(weeks=3 + week)
            stories.sent(db, library, clinic, "astrid", {"breathlessness": 4, "fatigue": 5}, at=at)
        db.commit()
        with statements(db) as said:
            karin.get("staff.case", task_id=severe)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 20, said
