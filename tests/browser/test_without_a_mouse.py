"""Keyboard, narrow screens, large text, another language."""

import pytest
from sqlalchemy.orm import Session

from careplan.library import Library
from tests import stories
from tests.actions import forms
from tests.browser import walk
from tests.browser.visitor import AT_A_DESK, AT_A_PHONE, NARROW, Visit, Visitor
from tests.make import Clinic

pytestmark = pytest.mark.browser


@pytest.fixture
def start(db: Session, library: Library, clinic: Clinic) -> str:
    """Astrid has a signed plan, answers sent, a goal, and a form to answer; the address of its start."""
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 9, "pain": 4}, wishes=("breathlessness",))
    path = f"/fragor/{forms.ask(db, library, clinic, stories.FORM).id}"
    db.commit()
    return path


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until what has the focus says this."""
    for _press in range(40):
        visitor.page.keyboard.press("Tab")
        if " ".join(visitor.page.locator(":focus").inner_text().split()) == name:
            return
    pytest.fail(f"{visitor.page.url}: Tab never reaches {name}")


def choose(visitor: Visitor, value: int) -> None:
    """Tab to the scale, and with the arrows to the number."""
    for _press in range(40):
        visitor.page.keyboard.press("Tab")
        if visitor.page.locator("[type=radio]:focus").count():
            break
    visitor.page.keyboard.press("Space")
    for _step in range(value):
        visitor.page.keyboard.press("ArrowDown")
    assert visitor.page.locator(":checked").get_attribute("value") == str(value)


def enter(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.check()


@AT_A_DESK
def test_a_question_and_the_review_are_answered_with_the_keyboard_alone(
    visit: Visit, library: Library, start: str
) -> None:
    astrid = visit("astrid")
    astrid.go(start)
    tab_to(astrid, "Börja svara")
    enter(astrid)
    first = astrid.page.url
    choose(astrid, 3)
    tab_to(astrid, "Nästa fråga")
    enter(astrid)
    assert astrid.page.url != first
    astrid.go(first.rsplit("/", 2)[0] + "/granska")
    tab_to(astrid, "Ändra smärta")
    enter(astrid)
    choose(astrid, 6)
    enter(astrid)
    assert astrid.heading == "Stämmer det här?"
    astrid.reads("6 av 10")
    tab_to(astrid, "Skicka till Karin")
    enter(astrid)
    assert astrid.heading == "Tack. Dina svar är skickade."


@pytest.mark.parametrize("size", [NARROW], ids=["320"])
def test_the_pages_of_the_way_fit_on_a_narrow_screen(
    visit: Visit, start: str, db: Session, library: Library, clinic: Clinic
) -> None:
    astrid = visit("astrid")
    pages(astrid, start)
    karin = visit("karin")
    karin.link(walk.ASTRID)
    karin.link("Gör en behovsbedömning först")
    karin.link("Patienter")
    karin.link(walk.ASTRID)
    karin.link("Visa som Astrid ser den")
    karin.link("Ändra i planen")


@AT_A_PHONE
def test_large_text_fits_too(visit: Visit, start: str) -> None:
    astrid = visit("astrid")
    before = font_size(astrid)
    astrid.go("/installningar")
    astrid.press("Större text")
    assert font_size(astrid) > before * 1.1
    pages(astrid, start)


def font_size(visitor: Visitor) -> float:
    return float(visitor.page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"))


def pages(astrid: Visitor, start: str) -> None:
    """What a patient meets on the way."""
    for path in ("/hem", "/plan", "/svar", "/rehabilitering", "/delning", start):
        astrid.go(path)
    astrid.press("Börja svara")
    astrid.page.locator('input[name=answer][value="8"]').check()
    astrid.press("Nästa fråga")
    assert astrid.page.url.endswith("/ring")
    draft = astrid.page.url.rsplit("/", 3)[0]
    astrid.go(f"{draft}/granska")
    astrid.press("Skicka till Karin")
    astrid.go("/plan")
    astrid.link("Skriv ut")


@AT_A_PHONE
def test_in_english_no_button_is_swedish_and_swedish_content_says_so(
    visit: Visit, start: str, library: Library
) -> None:
    astrid = visit("astrid")
    astrid.go("/installningar")
    astrid.press("English")
    for path in ("/hem", "/plan", "/svar", "/rehabilitering", "/delning", start):
        astrid.go(path)
        assert astrid.page.locator("html").get_attribute("lang") == "en"
        assert not swedish_controls(astrid), astrid.page.url
    astrid.press("Start answering")
    assert "How short of breath" in astrid.heading
    astrid.go("/plan")
    plan = library.plan("breast-cancer", "sv")
    chapter = plan.chapter(plan.always[0]).title
    assert astrid.page.get_by_role("link", name=chapter).evaluate("one => one.closest('[lang]').lang") == "sv"


def swedish_controls(visitor: Visitor) -> list[str]:
    """Buttons, links, labels and headings with a Swedish letter that are not marked as Swedish; names do not count."""
    found = visitor.page.evaluate(
        """() => [...document.querySelectorAll("button, a, label, h1, h2, h3, legend, th")]
            .filter(one => one.closest("[lang]").lang === "en" && /[åäöÅÄÖ]/.test(one.innerText))
            .map(one => one.innerText)"""
    )
    return [text for text in found if "Bröstmottagningen" not in text]
