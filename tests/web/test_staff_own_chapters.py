"""The page on which a nurse writes a chapter of her own, and the order of chapters in the editor."""

from io import BytesIO
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import CarePlan, Chapter
from tests import stories
from tests.make import Clinic
from tests.pages import words
from tests.people import Human
from tests.web.test_staff_plan_edit import filled, save

TEXT = "Du ska **vila** efter lunch.\n\nRing {{ nurse.phone }} om det inte går."


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    db.commit()
    return made


def write(human: Human, plan_id: UUID, *, expect: int = 303, do: str = "save", chapter: str | None = None, **sent: str):
    values = {"plan_id": plan_id} | ({"kapitel": chapter} if chapter else {})
    page = human.get("staff.own_chapter", **values)
    data = {"title": "Din vila", "text": TEXT, "phase": "rehabilitation", "do": do}
    data["version"] = page.select_one("input[name=version]")["value"]
    return human.post("staff.own_chapter", data | sent, expect=expect, **values)


def own(db: Session) -> Chapter:
    found = db.scalars(sa.select(Chapter).where(Chapter.text != "")).one()
    db.close()
    return found


def test_the_editor_is_saved_on_the_way_to_an_own_chapter(karin: Human, plan):
    page = karin.get("staff.plan_edit", plan_id=plan.id)
    karin.post("staff.plan_edit", filled(page, greeting="Hej Astrid.", then="own"), plan_id=plan.id)
    assert karin.open(karin.location, endpoint="staff.own_chapter").heading == "Skriv ett eget kapitel"
    assert filled(karin.get("staff.plan_edit", plan_id=plan.id))["greeting"] == "Hej Astrid."


def test_an_own_chapter_is_written_signed_and_read_by_the_patient(karin: Human, astrid: Human, plan, db: Session):
    write(karin, plan.id)
    page = karin.open(karin.location, endpoint="staff.plan_edit")
    assert "Kapitlet är sparat. Astrid ser det när du har signerat." in page.text
    chapter_id = own(db).chapter_id
    assert chapter_id in filled(page)["shown"]
    astrid.get("patient.chapter", plan_id=plan.id, chapter_id=chapter_id, expect=404)
    karin.post("staff.plan_sign", filled(page), plan_id=plan.id)
    page = astrid.get("patient.chapter", plan_id=plan.id, chapter_id=chapter_id)
    assert page.heading == "Din vila"
    assert "Ring 0980-319 210 om det inte går." in page.text
    assert "Skrivet till dig av Karin Lind." in page.text
    assert "Källor" not in words(page.select_one("main"))


def test_a_text_is_looked_at_before_it_is_saved_with_its_reading_level(karin: Human, plan, db: Session):
    page = write(karin, plan.id, do="preview", expect=200)
    assert "Så läser Astrid kapitlet" in page.text and "Ring 0980-319 210" in page.text
    assert "Läsbarhet: LIX" in page.text and "Lätt att läsa." in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(Chapter).where(Chapter.text != "")) == 0


def test_a_text_that_is_hard_to_read_is_told_of_and_saved_all_the_same(karin: Human, plan, db: Session):
    hard = "Behandlingsmöjligheterna dokumenteras fortlöpande tillsammans med rehabiliteringsinsatserna."
    assert "Svårt att läsa." in write(karin, plan.id, do="preview", text=hard, expect=200).text
    write(karin, plan.id, text=hard)
    assert own(db).text == hard


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hej.\n\nRing {{ nurse.secret }}.", "Rad 3: nurse.secret finns inte bland det som kan fyllas i."),
        ("<script>alert(1)</script>", "Rad 1: HTML kan inte användas. Skriv bara text."),
        ("# Rubrik", "Rad 1: Skriv ### före en rubrik. Andra rubriker finns inte."),
        ("![x](https://1177.se/x.png)", "Rad 1: Bilder kan inte visas här. Ta bort bilden."),
        ("  ", "Skriv vad kapitlet ska säga."),
    ],
)
@pytest.mark.parametrize("do", ["save", "preview"])
def test_what_may_not_stand_is_refused_with_a_clear_sentence_and_kept(
    karin: Human, plan, db: Session, text, sentence, do
):
    page = write(karin, plan.id, text=text, do=do, expect=422)
    assert sentence in words(page.select_one("#text-error"))
    assert page.select_one("#text").text.strip() == text.strip()
    assert db.scalar(sa.select(sa.func.count()).select_from(Chapter).where(Chapter.text != "")) == 0


def test_a_chapter_without_a_title_or_with_too_much_is_refused(karin: Human, plan):
    assert "Skriv en rubrik." in write(karin, plan.id, title="", expect=422).text
    assert "Skriv högst 100 tecken." in write(karin, plan.id, title="a" * 101, expect=422).text
    assert "Texten får ha högst 100 000 tecken." in write(karin, plan.id, text="a" * 100_001, expect=422).text


def test_an_own_chapter_is_changed_and_taken_away(karin: Human, plan, db: Session):
    write(karin, plan.id)
    chapter_id = own(db).chapter_id
    page = karin.get("staff.own_chapter", plan_id=plan.id, kapitel=chapter_id)
    assert page.select_one("#title")["value"] == "Din vila"
    write(karin, plan.id, chapter=chapter_id, text="Vila mer.")
    assert own(db).text == "Vila mer."
    write(karin, plan.id, chapter=chapter_id, do="remove")
    assert "Kapitlet är borttaget." in karin.open(karin.location).text
    karin.get("staff.own_chapter", plan_id=plan.id, kapitel=chapter_id, expect=404)


def test_two_who_write_at_once_lose_nothing(karin: Human, nils: Human, plan, db: Session):
    karin.get("staff.own_chapter", plan_id=plan.id)
    seen = karin.page.select_one("input[name=version]")["value"]
    write(nils, plan.id)
    sent = {"title": "Karins", "text": "Hej.", "phase": "", "version": seen, "do": "save"}
    page = karin.post("staff.own_chapter", sent, plan_id=plan.id, expect=409)
    assert "Planen har ändrats sedan du öppnade sidan." in page.text
    assert page.select_one("#text").text.strip() == "Hej."


def test_a_chapter_gets_the_place_that_was_typed_and_the_patient_meets_it_there(karin: Human, astrid: Human, plan):
    karin.get("staff.plan_edit", plan_id=plan.id)
    page = save(karin, plan.id, **{"place-sleep": "1", "phase": "rehabilitation"})
    order = [field["name"] for field in page.select("input[name^=place-]")]
    assert order.index("place-sleep") + 1 == order.index("place-arm-and-shoulder")
    assert page.select_one("#place-sleep")["value"] == "1"
    karin.post("staff.plan_sign", filled(page), plan_id=plan.id)
    links = [link["href"].rsplit("/", 1)[1] for link in astrid.get("patient.plan").select(".app-phases a")]
    assert links.index("sleep") + 1 == links.index("arm-and-shoulder")


def test_places_typed_before_somebody_else_moved_chapters_move_only_what_was_typed(karin: Human, nils: Human, plan):
    karin.get("staff.plan_edit", plan_id=plan.id)
    nils.get("staff.plan_edit", plan_id=plan.id)
    save(nils, plan.id, **{"place-pain": "1"})
    page = save(karin, plan.id, expect=409, **{"place-sleep": "2"})
    assert page.select_one("#place-pain")["value"] == "1"
    page = save(karin, plan.id, **filled(page))
    order = [field["name"] for field in page.select("input[name^=place-]")]
    assert order.index("place-pain") + 1 == order.index("place-sleep")


def test_a_note_of_100_000_signs_and_any_writing_is_stored_and_shown(karin: Human, astrid: Human, plan):
    odd = "😀 مرحبا O'Hara <b>& {{ nurse.phone }} "
    karin.get("staff.plan_edit", plan_id=plan.id)
    page = save(karin, plan.id, **{"note-sleep": odd + "å" * (100_000 - len(odd))})
    karin.post("staff.plan_sign", filled(page), plan_id=plan.id)
    text = astrid.get("patient.chapter", plan_id=plan.id, chapter_id="sleep").text
    assert odd.strip() in text and "å" * 1000 in text


@pytest.mark.slow
def test_a_word_of_100_000_letters_is_printed(karin: Human, astrid: Human, plan):
    karin.get("staff.plan_edit", plan_id=plan.id)
    page = save(karin, plan.id, **{"note-sleep": "å" * 100_000})
    karin.post("staff.plan_sign", filled(page), plan_id=plan.id)
    url = astrid.url("documents.pdf", plan_id=plan.id, kapitel="valda", valt="sleep", storlek="14")
    printed = astrid.client.get(url)
    assert printed.status_code == 200
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed.data)).pages)
    assert text.count("å") >= 100_000
