"""The content editor's tasks, each within its clicks: write, check, compare, publish, take back, translate, proof."""

import re
import time

import pytest
from flask import Flask

from careplan.library import Library
from careplan.web import shelf
from tests.actions.texts import WORDS, held, shelf_of_its_own
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.make import MONDAY

pytestmark = [pytest.mark.browser, pytest.mark.slow, AT_A_DESK]
__all__ = ["shelf_of_its_own"]

CHAPTER = "Ditt team och hur du når oss"
_FRAMES = ("Så läses texten på en telefon", "Så läses texten på papper")


def write(editor: Visitor, text: str) -> None:
    """From the list of texts to the page to write on, with another text in it."""
    editor.link(CHAPTER)
    editor.link("Ändra texten")
    editor.fill("Text, i Markdown", text)


def sent(visit: Visit, library: Library) -> Visitor:
    edith = visit("edith")
    write(edith, f"{held(library)}\n{WORDS}\n")
    edith.press("Spara och jämför")
    edith.press("Skicka till granskning")
    return edith


def test_e_1_write_and_see_it_on_a_phone_and_on_paper(visit: Visit, library: Library) -> None:
    edith = visit("edith")
    with edith.within(3):
        write(edith, f"{held(library)}\n{WORDS}\n")
        edith.press("Spara och förhandsvisa")
    phone, paper = (edith.page.frame_locator(f'iframe[title="{title}"]').locator("body") for title in _FRAMES)
    assert WORDS in (phone.text_content() or "")
    assert WORDS in (paper.text_content() or "")
    boxes = [edith.page.locator(f'iframe[title="{title}"]').bounding_box() for title in _FRAMES]
    assert boxes[0] is not None
    assert boxes[1] is not None
    is_wide = edith.size[0] > 900
    assert (boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]) is is_wide
    assert (boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]) is not is_wide


def test_e_2_findings_come_by_themselves_and_lead_to_their_line(visit: Visit, library: Library) -> None:
    edith = visit("edith")
    faulty = held(library).replace('version: "2026-11"\n', "", 1).replace("owner:", "ovner:", 1)
    more = "Du " + "och du " * 11 + "är med.\n\n[Här](https://example.com/) ![](https://1177.se/x.png)\n"
    write(edith, f"{faulty}\n{more}")
    before = time.monotonic()
    edith.press("Spara och förhandsvisa")
    assert time.monotonic() - before < 20  # 2 s on a machine that has nothing else to do
    edith.reads(
        "the key 'owner' is missing",
        "the key 'version' is missing",
        "does not lead to https://",
        "an image without text",
        "a sentence of 25 words",
    )
    with edith.within(1):
        edith.clicks += 1
        edith.page.locator('aside a[href^="#rad-"]').last.click()
    line = re.search(r"#rad-(\d+)$", edith.page.url)
    assert line
    assert edith.page.locator(f"#rad-{line[1]}").is_visible()


def test_e_3_compare_and_send(visit: Visit, library: Library) -> None:
    edith = visit("edith")
    write(edith, f"{held(library)}\n{WORDS}\n")
    with edith.within(3):
        edith.press("Spara och jämför")
        assert WORDS in edith.text_of(edith.page.locator("ins").last)
        edith.press("Skicka till granskning")
    edith.reads("väntar på granskning")


def test_e_4_and_5_a_colleague_sees_whom_it_reaches_and_publishes(
    visit: Visit, library: Library, shelf_of_its_own: Flask
) -> None:
    sent(visit, library)
    ebba = visit("ebba")
    with ebba.within(2):
        ebba.link(re.compile(CHAPTER), inside=ebba.section("Att granska"))
        ebba.reads("mallar", "vårdplaner som pågår")
        ebba.tick("Säg till nu")
    with ebba.within(1):
        ebba.press("Godkänn och publicera")
    assert shelf.refresh(shelf_of_its_own, at=MONDAY)
    ebba.reads("Publicerat", "Ebba Lund publicerade")


def test_e_6_back_in_one_step(visit: Visit, library: Library, shelf_of_its_own: Flask) -> None:
    sent(visit, library)
    ebba = visit("ebba")
    with ebba.within(2):
        ebba.link(re.compile(CHAPTER), inside=ebba.section("Att granska"))
        ebba.press("Godkänn och publicera")
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    ebba.go("/innehall")
    with ebba.within(2):
        ebba.link(CHAPTER)
        ebba.press("Gå tillbaka till versionen före")
    ebba.reads("Versionen före gäller igen")
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    assert shelf_of_its_own.extensions["library"].file(("chapter", "your-team", "sv")) == library.file(
        ("chapter", "your-team", "sv")
    )


def test_e_7_begin_a_translation_and_see_what_is_left(visit: Visit, library: Library) -> None:
    plan = next(plan for (id_, lang), plan in library.plans.items() if (id_, "en") not in library.plans)
    edith = visit("edith")
    edith.go(f"/innehall/texter/mall/{plan.id}/sv")
    with edith.within(2):
        edith.link("Översätt till engelska")
        edith.press("Spara och förhandsvisa")
    edith.reads("not translated yet")


def test_e_8_one_chapter_is_changed_once_for_all(visit: Visit, library: Library, shelf_of_its_own: Flask) -> None:
    sent(visit, library)
    ebba = visit("ebba")
    ebba.link(re.compile(CHAPTER), inside=ebba.section("Att granska"))
    ebba.press("Godkänn och publicera")
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    for plan_id in ("general", "lung-cancer", "prostate-cancer"):
        ebba.go(f"/innehall/mallar/{plan_id}/sv/your-team")
        assert WORDS in ebba.page.locator("main").text_content()


def test_e_9_validated_questions_cannot_be_written_over(visit: Visit) -> None:
    edith = visit("edith")
    edith.link(re.compile("Upplevelse|Behov|Hur"), inside=edith.section("Frågeformulär"))
    edith.reads("Validerad text är låst")
    assert edith.page.locator("main textarea, main input").count() == 0


def test_e_10_a_proof_in_two_sizes_and_grey(visit: Visit) -> None:
    edith = visit("edith")
    with edith.within(2):
        edith.link(CHAPTER)
        edith.clicks += 1
    links = edith.page.get_by_role("link", name=re.compile("punkter"))
    assert [each.inner_text() for each in links.all()] == [
        "14 punkter",
        "14 punkter i gråskala",
        "18 punkter",
        "18 punkter i gråskala",
    ]
    for each in links.all():
        answer = edith.context.request.get(each.get_attribute("href") or "")
        assert answer.body().startswith(b"%PDF")
