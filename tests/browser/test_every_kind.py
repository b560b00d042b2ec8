"""The line to mark in a real browser: no thumb until touched, by hand, by key and by number; and the other kinds."""

import pytest
from playwright.sync_api import Locator
from sqlalchemy.orm import Session

from careplan.models import DraftAnswer
from tests.actions import forms
from tests.browser.visitor import AT_A_DESK, AT_A_PHONE, DESKTOP, NARROW, PHONE, Visit, Visitor
from tests.content.every_kind import EVERY_KIND, every_kind
from tests.make import Clinic

pytestmark = pytest.mark.browser

EVERY_WIDTH = pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "375", "1280"])


@pytest.fixture
def path(db: Session, clinic: Clinic) -> str:
    """Where the questions of a draft of Astrid's begin."""
    library = forms.publish(db, every_kind(), EVERY_KIND)
    begun = forms.begin(db, forms.ask(db, library, clinic, "every-kind"), by=clinic.actor["astrid"])
    db.commit()
    return f"/fragor/{begun.id}"


def saved(db: Session) -> dict[str, object]:
    found = {row.link_id: row.value for row in db.query(DraftAnswer)}
    db.rollback()
    return found


def slider(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("slider", name="Linje från Ingen smärta till Värsta tänkbara smärta", exact=True)


def number(visitor: Visitor) -> Locator:
    return visitor.field("Tal från 0 till 100")


def has_thumb(visitor: Visitor) -> bool:
    return not slider(visitor).evaluate("it => it.classList.contains('app-vas__slider--empty')")


def said(visitor: Visitor) -> str | None:
    return slider(visitor).get_attribute("aria-valuetext")


def touch(visitor: Visitor, share: float) -> None:
    box = visitor.page.locator(".app-vas__line").bounding_box()
    place = (box["x"] + 14 + share * (box["width"] - 28), box["y"] + box["height"] / 2)
    if visitor.size == DESKTOP:
        visitor.page.mouse.click(*place)
    else:
        visitor.page.touchscreen.tap(*place)


@EVERY_WIDTH
def test_a_line_shows_no_mark_until_it_is_touched_and_sends_nothing(visit: Visit, path: str, db: Session) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    assert (has_thumb(astrid), said(astrid), number(astrid).input_value()) == (False, "Inget märke", "")
    assert not astrid.page.get_by_role("button", name="Ta bort märket").is_visible()
    astrid.press("Nästa fråga", status=422)
    astrid.reads("Skriv ett svar, eller välj Jag vill inte svara.", "Sätt ett märke på linjen, eller skriv ett tal.")
    assert not has_thumb(astrid)
    assert saved(db) == {}


@EVERY_WIDTH
def test_a_touch_marks_the_line_and_the_mark_can_be_taken_away(visit: Visit, path: str, db: Session) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    for share, marked in ((0.5, "50"), (0, "0"), (1, "100"), (0.25, "25")):
        touch(astrid, share)
        assert abs(int(number(astrid).input_value()) - int(marked)) <= 1
        assert has_thumb(astrid) and said(astrid) == f"{number(astrid).input_value()} av 100"
    astrid.page.get_by_role("button", name="Ta bort märket").click()
    assert (has_thumb(astrid), said(astrid), number(astrid).input_value()) == (False, "Inget märke", "")
    touch(astrid, 0.75)
    value = int(number(astrid).input_value())
    astrid.press("Nästa fråga")
    assert saved(db) == {"pain": value} and 74 <= value <= 76
    astrid.go(f"{path}/fraga/pain")
    assert has_thumb(astrid) and slider(astrid).input_value() == str(value)


@AT_A_DESK
def test_a_mark_is_drawn_along_the_line(visit: Visit, path: str) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    box = astrid.page.locator(".app-vas__line").bounding_box()
    middle = box["y"] + box["height"] / 2
    astrid.page.mouse.move(box["x"] + 40, middle)
    astrid.page.mouse.down()
    assert not has_thumb(astrid), "pressed and not let go is no mark yet"
    astrid.page.mouse.move(box["x"] + 200, middle, steps=5)
    assert has_thumb(astrid)
    astrid.page.mouse.move(box["x"] + box["width"] + 90, middle + 40, steps=5)
    astrid.page.mouse.up()
    assert number(astrid).input_value() == "100"


@AT_A_PHONE
def test_a_line_that_is_read_from_the_right_is_marked_from_the_right(visit: Visit, path: str) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    astrid.page.evaluate("document.documentElement.dir = 'rtl'")
    touch(astrid, 0.9)
    assert abs(int(number(astrid).input_value()) - 10) <= 1
    astrid.page.keyboard.press("Home")
    assert number(astrid).input_value() == "0"


@AT_A_DESK
@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["Home"], "0"),
        (["End"], "100"),
        ([" "], "50"),
        (["ArrowRight"], "51"),
        (["ArrowLeft", "ArrowLeft"], "48"),
        (["End", "PageDown"], "90"),
        (["Home", "PageUp", "ArrowUp"], "11"),
    ],
)
def test_a_line_is_marked_with_the_keys(visit: Visit, path: str, keys: list[str], value: str) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    slider(astrid).focus()
    assert not has_thumb(astrid)
    for key in keys:
        astrid.page.keyboard.press("Space" if key == " " else key)
    assert (number(astrid).input_value(), said(astrid)) == (value, f"{value} av 100")
    assert has_thumb(astrid)


@AT_A_PHONE
def test_the_number_and_the_mark_say_the_same(visit: Visit, path: str) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    number(astrid).fill("37")
    assert (slider(astrid).input_value(), said(astrid)) == ("37", "37 av 100")
    for unusable in ("137", "37,5", "mycket", ""):
        number(astrid).fill(unusable)
        assert (has_thumb(astrid), said(astrid)) == (False, "Inget märke")
        assert number(astrid).input_value() == unusable


@EVERY_WIDTH
@pytest.mark.parametrize("javascript", [False], ids=["no-javascript"])
def test_without_javascript_the_line_stands_there_and_the_number_is_typed(visit: Visit, path: str, db: Session) -> None:
    astrid = visit("astrid")
    astrid.go(f"{path}/fraga/pain")
    astrid.reads("0 = Ingen smärta", "100 = Värsta tänkbara smärta")
    assert astrid.page.get_by_role("slider").count() == 0 and "märke" not in astrid.text
    astrid.press("Nästa fråga", status=422)
    assert saved(db) == {}
    number(astrid).fill("0")
    astrid.press("Nästa fråga")
    assert saved(db) == {"pain": 0}


@EVERY_WIDTH
def test_every_kind_fits_and_is_answered(visit: Visit, path: str, db: Session) -> None:
    astrid = visit("astrid")
    for item in every_kind().questions:
        if item.link_id != "more":
            astrid.go(f"{path}/fraga/{item.link_id}")
    astrid.go(f"{path}/fraga/helper")
    astrid.fill("Egna ord, om du vill", "Min granne")
    astrid.press("Nästa fråga")
    astrid.go(f"{path}/fraga/helper")
    assert astrid.field("Någon annan").is_checked()
    astrid.go(f"{path}/fraga/more")
    astrid.go(f"{path}/fraga/bedtime")
    astrid.page.locator("#answer").fill("25.10")
    astrid.press("Nästa fråga", status=422)
    assert astrid.page.locator("#answer").input_value() == "25.10"
    astrid.page.locator("#answer").fill("22.30")
    astrid.press("Nästa fråga")
    assert saved(db) == {"helper": {"codes": "other", "words": "Min granne"}, "bedtime": "22:30"}
    astrid.go(f"{path}/granska")
    astrid.open("Visa de")
    astrid.reads("Någon annan: Min granne", "klockan 22.30")
