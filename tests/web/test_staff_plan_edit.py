"""The plan editor: one form, one Save, a preview, and signing."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Appointment, CarePlan, Chapter, PlanEvent, PlanRevision
from tests.make import Clinic
from tests.pages import Page, words
from tests.people import Human
from tests.stories import drafted_plan

TEMPLATE = "breast-cancer"
VISIT = {
    "visit_title": "Läkarbesök",
    "visit_on-day": "19",
    "visit_on-month": "11",
    "visit_on-year": "2026",
    "visit_time": "9.30",
    "visit_place": "Plan 3",
    "visit_preparation": "Ta med listan över läkemedel.",
}


@pytest.fixture
def plan_id(karin: Human, clinic: Clinic, db: Session, library: Library) -> UUID:
    """Astrid's draft, open in Karin's browser."""
    plan = drafted_plan(db, library, clinic)
    db.commit()
    karin.get("staff.plan_edit", plan_id=plan.id)
    return plan.id


def filled(page: Page, **changes: Any) -> dict[str, Any]:
    """The form as the browser would send it, with what is changed."""
    sent: dict[str, Any] = {"treatments": [], "shown": [], "cancel": []}
    for box in page.select("main input[type=checkbox][checked]"):
        sent[str(box["name"])].append(box["value"])
    for field in page.select("main input:not([type=checkbox])"):
        sent[str(field["name"])] = field.get("value", "")
    for area in page.select("main textarea"):
        sent[str(area["name"])] = area.text.removeprefix("\n")
    for menu in page.select("main select"):
        chosen = menu.select_one("option[selected]")
        sent[str(menu["name"])] = chosen["value"] if chosen else ""
    return sent | {name.replace("__", "-"): value for name, value in changes.items()}


def save(human: Human, plan_id: UUID, *, expect: int = 303, **changes: Any) -> Page:
    assert human.page is not None
    page = human.post("staff.plan_edit", filled(human.page, **changes), plan_id=plan_id, expect=expect)
    return human.get("staff.plan_edit", plan_id=plan_id) if expect == 303 else page


def test_an_editor_saved_as_it_is_changes_nothing(karin, plan_id, db: Session):
    before = db.get_one(CarePlan, plan_id).version
    db.close()
    save(karin, plan_id)
    assert db.get_one(CarePlan, plan_id).version == before


def test_treatments_chapters_notes_place_and_greeting_are_kept(karin, plan_id):
    shown = [chapter for chapter in filled(karin.page)["shown"] if chapter not in ("sleep", "pain")]
    page = save(
        karin,
        plan_id,
        treatments=["surgery"],
        shown=shown,
        note__fatigue="Vila efter lunch.\r\nRing om det inte går.",
        phase="surgery",
        greeting="Hej Astrid.",
    )
    sent = filled(page)
    assert sent["treatments"] == ["surgery"]
    assert not {"sleep", "pain"} & set(sent["shown"])
    assert sent["note-fatigue"] == "Vila efter lunch.\nRing om det inte går."
    assert (sent["phase"], sent["greeting"]) == ("surgery", "Hej Astrid.")


def test_a_new_treatment_ticks_its_chapters_and_says_how_many(karin, plan_id, library):
    page = save(karin, plan_id, treatments=["chemotherapy"])
    refs = [ref for phase in library.plan(TEMPLATE, "sv").phases for ref in phase.chapters]
    wanted = {ref.id for ref in refs if ref.treatment == "chemotherapy"}
    assert wanted <= set(filled(page)["shown"])
    assert f"Valet av behandlingar ändrade {len(wanted)} kapitel." in page.text


def test_a_visit_and_an_event_are_added_and_a_visit_cancelled_by_the_same_save(karin, plan_id, db: Session):
    page = save(
        karin,
        plan_id,
        **VISIT,
        event_kind="treatment-start",
        event_title="operation",
        **{"event_on-day": "2", "event_on-month": "11", "event_on-year": "2026"},
    )
    assert "Torsdag 19 november klockan 9.30" in page.text
    assert "2 november 2026: Behandling börjar (operation)" in page.text
    visit = db.scalars(sa.select(Appointment)).one()
    assert visit.starts_at.isoformat() == "2026-11-19T08:30:00+00:00"
    db.close()
    page = save(karin, plan_id, cancel=[str(visit.id)])
    assert "Läkarbesök" not in page.text
    assert db.scalars(sa.select(PlanEvent.title)).all() == ["operation"]


@pytest.mark.parametrize(
    ("change", "control", "sentence"),
    [
        ({"visit_on-day": "31"}, "visit_on", "Den dagen finns inte. Kontrollera dag och månad."),
        ({"visit_on-day": ""}, "visit_on", "Skriv både dag, månad och år."),
        ({"visit_on-year": "2025"}, "visit_on", "Tiden har redan varit. Skriv en tid som kommer."),
        ({"visit_on-year": "2062"}, "visit_on", "Kontrollera året."),
        ({"visit_time": "halv tio"}, "visit_time", "Skriv klockslaget, till exempel 9.30."),
        ({"visit_time": "24.00"}, "visit_time", "Skriv klockslaget, till exempel 9.30."),
        ({"visit_title": ""}, "visit_title", "Skriv vad besöket gäller."),
        ({"event_title": "operation"}, "event_kind", "Välj vad som har hänt."),
        ({"event_kind": "treatment-end"}, "event_on", "Skriv vilken dag."),
        ({"note-sleep": "a" * 100_001}, "note-sleep", "En anteckning får ha högst 100 000 tecken."),
        ({"place-sleep": "först"}, "place-sleep", "Skriv platsen som ett tal, till exempel 1."),
        ({"place-sleep": "-1"}, "place-sleep", "Skriv platsen som ett tal, till exempel 1."),
        ({"greeting": "a" * 2001}, "greeting", "Hälsningen får ha högst 2 000 tecken."),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_stored_or_lost(
    karin, plan_id, db: Session, change, control, sentence
):
    page = save(karin, plan_id, expect=422, **(VISIT | {"note__fatigue": "Vila efter lunch."} | change))
    problems = page.select(".nhsuk-error-summary li a")
    assert (f"#{control}", sentence) in [(link["href"], words(link)) for link in problems]
    at_field = page.select_one(f"#{control}-error")
    assert sentence in words(at_field)
    assert all(details.has_attr("open") for details in at_field.find_parents("details"))
    sent = filled(page)
    assert sent["note-fatigue"] == "Vila efter lunch."
    assert sent["visit_place"] == "Plan 3"
    assert db.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 0
    assert db.scalar(sa.select(Chapter.note).where(Chapter.chapter_id == "fatigue")) == ""


def test_all_that_is_wrong_is_said_at_once(karin, plan_id):
    page = save(karin, plan_id, expect=422, note__sleep="a" * 100_001, visit_time="halv tio", event_title="operation")
    controls = [link["href"] for link in page.select(".nhsuk-error-summary li a")]
    assert controls == ["#note-sleep", "#visit_title", "#visit_on", "#visit_time", "#event_kind", "#event_on"]


@pytest.mark.parametrize("change", [{"shown": ["moonlight"]}, {"treatments": ["moonlight"]}, {"phase": "moonlight"}])
def test_what_the_template_does_not_have_is_refused_with_one_sentence(karin, plan_id, change):
    assert save(karin, plan_id, expect=422, **change).heading == "Det valet finns inte i mallen"


def test_two_who_edit_at_once_lose_nothing(karin, nils, plan_id, library):
    nils.get("staff.plan_edit", plan_id=plan_id)
    save(karin, plan_id, note__sleep="Från Karin")
    page = save(nils, plan_id, expect=409, note__fatigue="Från Nils")
    alert = words(page.select_one(".nhsuk-error-summary"))
    assert "Karin Lind sparade i dag 10.20. Dina ändringar är inte sparade. De står kvar här." in alert
    title = library.plan(TEMPLATE, "sv").chapter("sleep").title
    assert f"Anteckningen borttagen i {title}" in alert
    assert filled(page)["note-fatigue"] == "Från Nils"
    # Saving again is Nils's choice.
    assert filled(save(nils, plan_id))["note-fatigue"] == "Från Nils"


def test_signing_saves_what_stands_in_the_form_and_shows_it_to_the_patient(karin, astrid, plan_id, clinic):
    assert "Planen är inte klar än" in astrid.get("patient.plan").text
    sent = filled(karin.page, greeting="Hej Astrid.", phase="diagnosis", note__fatigue="Vila efter lunch.")
    karin.post("staff.plan_sign", sent, plan_id=plan_id)
    page = karin.open(karin.location, endpoint="staff.patient")
    assert "Version 1 är signerad. Astrid ser den nu." in page.text
    page = astrid.get("patient.plan")
    assert "Planen är gjord för dig av Karin Lind." in page.text
    assert "Karin skriver till dig: Hej Astrid." in page.text
    assert "Vila efter lunch." in astrid.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue").text


def test_chapters_that_a_treatment_moved_are_looked_at_before_signing(karin, plan_id, db: Session):
    karin.post("staff.plan_sign", filled(karin.page, treatments=["chemotherapy"]), plan_id=plan_id)
    page = karin.open(karin.location, endpoint="staff.plan_edit")
    assert "Inte signerat än. Se efter kapitlen och signera sedan." in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(PlanRevision)) == 0
    db.close()
    karin.post("staff.plan_sign", filled(page), plan_id=plan_id)
    assert db.scalar(sa.select(sa.func.count()).select_from(PlanRevision)) == 1


def test_an_empty_plan_is_not_signed_and_says_why(karin, plan_id):
    page = karin.post("staff.plan_sign", filled(karin.page, shown=[]), plan_id=plan_id, expect=422)
    assert page.heading == "Planen är tom"


def test_the_editor_tells_what_changed_since_the_last_version(karin, plan_id):
    karin.post("staff.plan_sign", filled(karin.page), plan_id=plan_id)
    page = karin.get("staff.plan_edit", plan_id=plan_id)
    assert "Utkast till version 2." in page.text and "Inget är ändrat." in page.text
    page = save(karin, plan_id, greeting="Hej.")
    assert "Ändrat sedan version 1 Hälsning tillagd" in page.text


def test_the_preview_is_signed_only_as_it_was_seen(karin, nils, plan_id):
    nils.get("staff.plan_preview", plan_id=plan_id)
    seen = nils.page.select_one("input[name=seen]")["value"]
    save(karin, plan_id, greeting="Hej.")
    page = nils.post("staff.plan_sign", {"seen": seen}, plan_id=plan_id, expect=409)
    assert page.heading == "Planen har ändrats"
    nils.get("staff.plan_preview", plan_id=plan_id)
    nils.post("staff.plan_sign", {"seen": nils.page.select_one("input[name=seen]")["value"]}, plan_id=plan_id)


def test_the_preview_shows_plan_and_chapters_hidden_ones_too(karin, plan_id):
    save(karin, plan_id, greeting="Hej Astrid.")
    page = karin.get("staff.plan_preview", plan_id=plan_id)
    assert "Karin skriver till dig: Hej Astrid." in page.text
    page = karin.get("staff.plan_preview", plan_id=plan_id, kapitel="nausea")
    assert "Det här kapitlet är dolt. Astrid ser det inte." in page.text
    karin.get("staff.plan_preview", plan_id=plan_id, kapitel="no-such-chapter", expect=404)


def test_only_contact_nurses_of_the_unit_edit_and_sign(lars, freja, astrid, mia, plan_id):
    for human, expected in ((lars, 404), (freja, 403), (astrid, 404), (mia, 404)):
        human.get("staff.plan_edit", plan_id=plan_id, expect=expected)
        human.get("account.settings")
        human.post("staff.plan_sign", plan_id=plan_id, expect=expected)


def test_a_visit_of_another_plan_is_not_cancelled(karin, plan_id):
    save(karin, plan_id, expect=404, cancel=["5f6c2b7e-1111-4c4b-9d1c-000000000000"])
    karin.get("staff.plan_edit", plan_id=plan_id)
    save(karin, plan_id, expect=404, cancel=["not-an-id"])
