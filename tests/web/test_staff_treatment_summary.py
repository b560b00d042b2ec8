"""The treatment summary and follow-up plan: proposed, written, signed, read, printed."""

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from careplan.actions import needs, plans, treatment_summaries
from careplan.domain.treatment_summary import CHARACTERS, LINES, PARTS, lines_over, missing
from careplan.library import Library
from careplan.models import AuditEvent, CarePlan, TreatmentSummary
from tests import stories
from tests.make import MONDAY, Clinic
from tests.pages import Page, words
from tests.people import Human

WHOLE = {
    "diagnosis": "Bröstcancer (C50). Besked 3 mars 2026.",
    "treatments": "Operation 2 april 2026\nCytostatika maj till augusti 2026\nStrålning september 2026",
    "late_effects": "Trötthet, domningar i händer och fötter, svullnad i armen",
    "alarm": "Du känner en ny knöl.\nDu har ont i skelettet i mer än två veckor.",
    "follow_up": "Mammografi varje år på Bröstmottagningen.",
    "who_does_what": "Bröstmottagningen kontrollerar. Vårdcentralen skriver recept och intyg.",
    "phone": "Karin Lind, 0980-319 210, vardagar 8–16",
}
# As long as is let through: a full line for each, in words of usual length.
LINE = ("ordet som är lagom långt " * 3)[:CHARACTERS].strip()


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    db.commit()
    return made


def write(human: Human, plan: CarePlan, parts: dict[str, str], *, do: str = "save", expect: int = 303) -> Page:
    page = human.get("staff.treatment_summary", plan_id=plan.id)
    version = page.select_one("input[name=version]")["value"]
    sent = dict.fromkeys(PARTS, "") | parts | {"version": version, "do": do}
    return human.post("staff.treatment_summary", sent, plan_id=plan.id, expect=expect)


def printed(human: Human, plan: CarePlan, size: str) -> PdfReader:
    human.get("documents.treatment_summary", plan_id=plan.id, storlek=size)
    assert human.response.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(human.response.get_data()))


def test_the_plan_proposes_the_text_in_its_own_words(karin: Human, db: Session, library, clinic, plan):
    by = clinic.actor["karin"]
    plans.edit(
        db,
        library,
        plan,
        treatments=["surgery", "chemotherapy"],
        shown={row.chapter_id for row in plan.chapters if row.is_shown},
        notes={},
        greeting="",
        phase="",
        by=by,
        at=MONDAY,
    )
    for kind, on, title in (
        ("diagnosis-told", date(2026, 3, 3), ""),
        ("treatment-end", date(2026, 11, 2), "cytostatika"),
    ):
        plans.record_event(db, library, plan, kind=kind, on=on, title=title, by=by, at=MONDAY)
    needs.set_goal(
        db,
        plan,
        text="Gå en mil",
        measure="",
        review_on=MONDAY.date() + timedelta(days=14),
        activities=[],
        contact=stories.contact(db, clinic, "astrid"),
        by=by,
        at=MONDAY,
    )
    db.commit()
    page = karin.get("staff.treatment_summary", plan_id=plan.id)
    proposed = {part: words(page.select_one(f"#{part}")) for part in PARTS}
    assert proposed["diagnosis"] == "Bröstcancer (C50). Besked 3 mars 2026."
    assert proposed["treatments"].startswith("Operation Cytostatika")
    assert "2 november 2026: Behandling avslutades (cytostatika)" in proposed["treatments"]
    assert library.plan("breast-cancer", "sv").chapter("fatigue").title in proposed["late_effects"]
    assert len(proposed["alarm"]) > 20
    assert "Gå en mil" in proposed["follow_up"]
    assert proposed["phone"] == "Karin Lind, 0980-319 210, vardagar 8–16"
    assert "Texten är ett förslag ur planen." in page.text


@pytest.mark.slow
def test_what_is_missing_stands_as_a_list_and_on_paper_and_signing_goes_all_the_same(
    karin: Human, astrid: Human, db: Session, plan
):
    write(karin, plan, WHOLE | {"alarm": " ", "phone": ""}, do="sign")
    page = karin.get("staff.treatment_summary", plan_id=plan.id)
    assert "Inte komplett. Det här saknas: Hör av dig direkt om Direktnummer" in page.text
    sentence = "Inte komplett. Det här saknas: hör av dig direkt om, direktnummer."
    assert sentence in astrid.get("patient.treatment_summary").text
    assert sentence in " ".join(printed(astrid, plan, "14").pages[0].extract_text().split())


def test_the_patient_reads_it_when_it_is_signed_and_not_before(karin: Human, astrid: Human, lina: Human, plan):
    write(karin, plan, WHOLE)
    assert "Sammanfattningen skrivs när behandlingen är klar." in astrid.get("patient.treatment_summary").text
    astrid.get("documents.treatment_summary", plan_id=plan.id, expect=404)
    write(karin, plan, WHOLE, do="sign")
    page = astrid.get("patient.treatment_summary")
    assert "Mammografi varje år på Bröstmottagningen." in page.text
    assert "Signerad av Karin Lind" in page.text and "Inte komplett" not in page.text
    assert "Sammanfattning av din behandling" in astrid.get("patient.plan").text
    assert "Mammografi" in lina.get("patient.treatment_summary").text


@pytest.mark.slow
@pytest.mark.usefixtures("printed_once")
@pytest.mark.parametrize(
    "parts", [WHOLE, {"treatments": "\n".join([LINE] * 21)}, dict.fromkeys(PARTS, "\n".join([LINE] * 5))]
)
def test_it_is_one_a4_in_14_points_however_much_is_let_through(karin: Human, plan, parts):
    assert lines_over(dict.fromkeys(PARTS, "") | parts) == 0
    write(karin, plan, parts, do="sign")
    pages = printed(karin, plan, "14").pages
    assert len(pages) == 1
    assert "Sidan 1 av 1" in pages[0].extract_text().replace("\u00a0", " ")
    assert len(printed(karin, plan, "18").pages) <= 3


def test_what_is_longer_than_a_page_is_said_by_lines_and_kept_but_not_signed(karin: Human, db: Session, plan):
    long = {"treatments": "\n".join(["kort"] * LINES)}
    page = write(karin, plan, long, do="sign", expect=422)
    assert "Texten är ungefär 15 rader för lång för ett A4." in page.text
    assert words(page.select_one("#treatments")) == " ".join(["kort"] * LINES)
    assert db.scalar(sa.select(sa.func.count()).select_from(TreatmentSummary)) == 0


def test_a_signed_version_never_changes_and_a_correction_is_a_new_one(karin: Human, astrid: Human, db: Session, plan):
    write(karin, plan, WHOLE, do="sign")
    write(karin, plan, WHOLE, do="sign")
    assert db.scalars(sa.select(TreatmentSummary.number)).all() == [1]
    db.close()
    write(karin, plan, WHOLE | {"follow_up": "Besök i maj."}, do="sign")
    assert db.scalars(sa.select(TreatmentSummary.number).order_by(TreatmentSummary.number)).all() == [1, 2]
    db.close()
    assert "Besök i maj." in astrid.get("patient.treatment_summary").text
    first = db.scalars(sa.select(TreatmentSummary).where(TreatmentSummary.number == 1)).one()
    assert first.content["parts"]["follow_up"] == WHOLE["follow_up"]
    for statement in ("UPDATE treatment_summary SET number = 9", "DELETE FROM treatment_summary"):
        with pytest.raises(DBAPIError, match="never change"):
            db.execute(sa.text(statement))
        db.rollback()


def test_two_who_write_at_once_lose_nothing(karin: Human, nils: Human, plan):
    karin.get("staff.treatment_summary", plan_id=plan.id)
    write(nils, plan, WHOLE)
    sent = dict.fromkeys(PARTS, "") | {"diagnosis": "Från Karin", "version": "0"}
    page = karin.post("staff.treatment_summary", sent, plan_id=plan.id, expect=409)
    assert "Någon annan har sparat under tiden." in page.text
    assert words(page.select_one("#diagnosis")) == "Från Karin"


def test_nothing_and_too_much_and_a_strange_part_are_refused(karin: Human, db: Session, clinic, plan):
    assert "Skriv något innan du signerar." in write(karin, plan, {}, do="sign", expect=422).text
    page = write(karin, plan, {"alarm": "a" * 1501}, expect=422)
    assert "Skriv högst 1500 tecken." in page.text
    with pytest.raises(treatment_summaries.UnknownPart):
        treatment_summaries.save(db, plan, {"prognosis": "Bra"}, by=clinic.actor["karin"], at=MONDAY)


def test_any_signs_are_shown_and_printed_as_they_are(karin: Human, astrid: Human, plan):
    odd = WHOLE | {"diagnosis": "<b>O'Hara</b> & {{ nurse.phone }}", "alarm": "مرحبا 😀"}
    write(karin, plan, odd, do="sign")
    assert "<b>O'Hara</b> & {{ nurse.phone }}" in astrid.get("patient.treatment_summary").text
    assert "<b>O'Hara</b> & {{ nurse.phone }}" in printed(astrid, plan, "14").pages[0].extract_text().replace("\0", "")


def test_reading_writing_signing_and_printing_stand_in_the_log(karin: Human, astrid: Human, db: Session, plan):
    write(karin, plan, WHOLE, do="sign")
    astrid.get("patient.treatment_summary")
    printed(astrid, plan, "14")
    actions = db.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.contains("treatment-summary"))).all()
    assert {each.removesuffix("-treatment-summary") for each in actions} == {"open", "write", "sign", "read", "print"}


def test_only_contact_nurses_of_the_unit_write_it(lars: Human, freja: Human, astrid: Human, mia: Human, plan):
    for human, expected in ((lars, 404), (freja, 403), (astrid, 404), (mia, 404)):
        human.get("staff.treatment_summary", plan_id=plan.id, expect={expected, 403})


def test_missing_parts_are_those_that_say_nothing_in_their_order():
    assert missing(WHOLE) == ()
    assert missing(WHOLE | {"phone": "\n "} | {"diagnosis": ""}) == ("diagnosis", "phone")
    assert missing({}) == PARTS
