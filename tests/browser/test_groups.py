"""Questions that stand together, in a real browser: at each width, by keys alone, and without JavaScript."""

import pytest
from sqlalchemy.orm import Session

from careplan.library import compile_questionnaire
from careplan.models import DraftAnswer
from tests.actions import forms
from tests.browser.visitor import AT_A_DESK, DESKTOP, NARROW, PHONE, Visit, Visitor
from tests.content.grouped import GROUPED
from tests.make import Clinic

pytestmark = pytest.mark.browser

EVERY_WIDTH = pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "375", "1280"])
ROWS = ("Ryggen", "Huvudet", "Benen")


@pytest.fixture
def path(db: Session, clinic: Clinic) -> str:
    """Where the questions of a draft of Astrid's begin."""
    form = compile_questionnaire(GROUPED, "grouped.yaml")
    begun = forms.begin(db, forms.ask(db, forms.publish(db, form, GROUPED), clinic, form.id), by=clinic.actor["astrid"])
    forms.fill(db, form, begun, {"pain": 5}, by=clinic.actor["astrid"])
    db.commit()
    return f"/fragor/{begun.id}"


def saved(db: Session) -> dict[str, object]:
    found = {row.link_id: row.value for row in db.query(DraftAnswer)}
    db.rollback()
    found.pop("pain")
    return found


def mark(visitor: Visitor, row: str, answer: str) -> None:
    visitor.group(row).get_by_label(answer, exact=True).check()


def walk(visitor: Visitor, path: str, db: Session) -> None:
    visitor.go(f"{path}/fraga/back")
    visitor.press("Nästa", status=422)
    visitor.reads("3 svar på sidan saknas", "Ryggen: Välj ett tal, eller Jag vill inte svara.")
    visitor.page.get_by_role("link", name="Benen: Välj ett tal, eller Jag vill inte svara.").click()
    assert visitor.page.evaluate("document.activeElement.id") == "legs.answer"
    for row, answer in zip(ROWS, ("3", "0Lätt", "Jag vill inte svara"), strict=True):
        mark(visitor, row, answer)
    visitor.press("Nästa")
    assert saved(db) == {"back": 3, "head": 0, "legs": None}
    visitor.tick("Ja")
    visitor.press("Nästa fråga")
    for number, name in enumerate(("Alvedon", "Ipren"), start=1):
        assert visitor.heading == f"Läkemedel mot smärta, nummer {number}"
        visitor.page.get_by_label("Vad heter läkemedlet?").fill(name)
        mark(visitor, "Hur ofta tar du det?", "Varje dag" if number == 1 else "Ibland")
        visitor.press("Nästa")
        if number == 1:
            visitor.page.get_by_label("Hur många tabletter om dagen?").fill("2")
            visitor.press("Nästa")
            visitor.link("Lägg till ett läkemedel")
    visitor.reads("Nummer 1", "Alvedon", "Nummer 2", "Ipren")
    visitor.press("Ta bort nummer 1")
    visitor.reads("Nummer 1 är borttaget.", "Ipren")
    visitor.link("Nej, gå vidare")
    visitor.page.get_by_label("Hur många timmar sov du?").fill("6")
    mark(visitor, "Hur sov du?", "Dåligt")
    visitor.press("Spara och granska")
    visitor.page.get_by_label("Vad väckte dig?").fill("Värken")
    visitor.press("Spara och granska")
    assert visitor.heading == "Stämmer det här?"
    visitor.open("Visa de andra")
    visitor.link("Ändra ryggen")
    assert visitor.page.evaluate("document.querySelector(':target').id") == "back.answer"


@EVERY_WIDTH
def test_a_form_with_groups_is_walked_at_each_width(visit: Visit, path: str, db: Session) -> None:
    walk(visit("astrid"), path, db)


@EVERY_WIDTH
@pytest.mark.parametrize("javascript", [False], ids=["no-js"])
def test_it_is_walked_without_javascript(visit: Visit, path: str, db: Session) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/back")
    for row in ROWS:
        mark(astrid, row, "1")
    astrid.press("Nästa")
    assert saved(db) == {"back": 1, "head": 1, "legs": 1}


@AT_A_DESK
def test_the_rows_line_up_under_their_head_on_a_wide_screen(visit: Visit, path: str) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/back")
    heads = astrid.page.locator(".app-matrix__head span")
    for place in (0, 5, 10, 11):
        head = heads.nth(place).bounding_box()
        for row in ROWS:
            box = astrid.group(row).locator(".nhsuk-radios__item").nth(place).bounding_box()
            assert abs(box["x"] + box["width"] / 2 - head["x"] - head["width"] / 2) < 2
            assert box["width"] >= 44 and box["height"] >= 44


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "375"])
def test_on_a_phone_each_row_is_a_list_of_answers(visit: Visit, path: str) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/back")
    assert not astrid.page.locator(".app-matrix__head").is_visible()
    boxes = [astrid.group("Ryggen").locator(".nhsuk-radios__item").nth(n).bounding_box() for n in range(12)]
    assert all(box["height"] >= 44 for box in boxes)
    assert [box["y"] for box in boxes] == sorted({box["y"] for box in boxes})


@EVERY_WIDTH
def test_a_matrix_is_answered_with_the_keys_alone(visit: Visit, path: str, db: Session) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/back")
    astrid.page.locator("[id='back.answer']").focus()
    for number in range(3):
        if number:
            astrid.page.keyboard.press("Tab")
        astrid.page.keyboard.press("Space")
        for _step in range(number):
            astrid.page.keyboard.press("ArrowRight")
    astrid.page.keyboard.press("Tab")
    assert astrid.page.evaluate("document.activeElement.textContent") == "Nästa"
    with astrid.page.expect_navigation():
        astrid.page.keyboard.press("Enter")
    astrid.check()
    assert saved(db) == {"back": 0, "head": 1, "legs": 2}
