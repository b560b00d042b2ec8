"""A sitting broken off at every question and gone on with elsewhere: narrow, on a phone and wide, with the keyboard
alone, without JavaScript, in Swedish, English and from the right to the left."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan import create_app
from careplan.config import Settings
from careplan.library import Library
from careplan.library.document import read_yaml
from careplan.models import DraftAnswer, QuestionnaireResponse
from tests import make, pseudo
from tests.actions import forms
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visit, Visitor
from tests.conftest import fill
from tests.content.every_kind import EVERY_KIND
from tests.content.grouped import GROUPED

pytestmark = pytest.mark.browser

# What is chosen where the first answer would not do, and what is written, by the kind of field.
CHOSEN = {"tired": "3", "helper": "other", "aids": "other", "taken": "yes"}
WRITTEN = {"-day": "3", "-month": "9", "-year": "2026", "-words": "Min granne"}
MOST_SCREENS = 40
FIELDS = "main form:last-of-type :is(input:not([type=hidden]), textarea)"
BUTTON = "main form .nhsuk-button, main .nhsuk-button[href^='/fragor/']:not(.nhsuk-button--secondary)"
# The focus is seen by an outline, a shadow or the like, on the thing itself or on the circle that its label draws.
READ = """it => {
  const drawn = [getComputedStyle(it)];
  if (it.nextElementSibling) drawn.push(getComputedStyle(it.nextElementSibling, "::before"));
  const isSeen = (s) => s.boxShadow !== "none" || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0);
  return {
    type: it.type || it.tagName,
    name: it.name || "",
    value: it.value || "",
    inputmode: it.inputMode || "",
    is_line: Boolean(it.closest(".app-vas")),
    is_button: it.matches("BUTTON"),
    is_skip_link: it.matches(".nhsuk-skip-link"),
    shows_focus: drawn.some(isSeen),
  };
}""".replace("BUTTON", BUTTON)


def every_screen() -> str:
    """The form of every kind, with groups of every kind after it, in three languages."""
    data, grouped = read_yaml(EVERY_KIND, "every-kind").data, read_yaml(GROUPED, "grouped").data
    _in_english(grouped)
    data["groups"] = grouped["groups"]
    data["sections"] += [each for each in grouped["sections"] if each["id"] != "all"]
    data["items"] += [each for each in grouped["items"] if each["link_id"] != "pain"]
    return pseudo.written(data)


def _in_english(part: Any) -> None:
    if isinstance(part, dict) and isinstance(part.get("sv"), str):
        part.setdefault("en", f"English for {part['sv']}")
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            _in_english(each)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("sitting") / "content"
    (folder / "questionnaires").mkdir(parents=True)
    (folder / "questionnaires" / "every-kind.yaml").write_text(every_screen(), encoding="utf-8")
    return Library.load(folder)


@pytest.fixture(scope="module")
def _app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Its interface speaks the language made for tests, too."""
    folder = tmp_path_factory.mktemp("app")
    translations = pseudo.catalogues(folder / "translations")
    url = f"sqlite:///{folder}/unused.db"
    return create_app(Settings(demo=True, database_url=url, translations_path=translations), library=library)


@pytest.fixture(scope="module")
def _sqlite_template(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, make.Clinic]:
    path = tmp_path_factory.mktemp("database") / "template.db"
    return path, fill(f"sqlite:///{path}", library)


@pytest.fixture
def start(db: Session, library: Library, clinic: make.Clinic) -> str:
    path = f"/fragor/{forms.ask(db, library, clinic, 'every-kind').id}"
    db.commit()
    return path


@dataclass(frozen=True)
class Field:
    """A field or button of a page, as a page script sees it."""

    type: str
    name: str
    value: str
    inputmode: str
    is_line: bool
    is_button: bool
    is_skip_link: bool
    shows_focus: bool


class Hand:
    """Fills in whatever screen comes, with mouse and keys."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def answer(self) -> None:
        """Every field of the screen, and on."""
        done: set[str] = set()
        for place in self.page.locator(FIELDS).all():
            field = Field(**place.evaluate(READ))
            if field.type in ("radio", "checkbox"):
                if field.name not in done and is_wanted(field, self.page.url):
                    place.check()
                    done.add(field.name)
            elif place.is_visible():
                place.fill(to_write(field))
        self.go_on()

    def go_on(self) -> None:
        """The screen's one filled button."""
        with self.page.expect_navigation():
            self.page.locator(BUTTON).first.click()
        self.visitor.check()


class Keys(Hand):
    """The same with the keyboard alone. Whatever has the focus shows it."""

    def answer(self) -> None:
        done: set[str] = set()
        for field in self.stops():
            if field.is_button:
                return self.enter()
            if field.type == "radio" and field.name not in done:
                self.choose()
                done.add(field.name)
            elif field.type == "checkbox" and field.name not in done and is_wanted(field, self.page.url):
                self.page.keyboard.press("Space")
                done.add(field.name)
            elif field.type in ("text", "textarea"):
                self.page.keyboard.press("Control+A")
                self.page.keyboard.insert_text(to_write(field))
        raise AssertionError(f"{self.page.url}: Tab never reaches the button")

    def go_on(self) -> None:
        for field in self.stops():
            if field.is_button:
                return self.enter()
        raise AssertionError(f"{self.page.url}: Tab never reaches the button")

    def stops(self) -> Iterator[Field]:
        """What Tab comes to, one after the other; past the head of the page by its first link."""
        for _press in range(60):
            self.page.keyboard.press("Tab")
            field = self.focus()
            assert field.shows_focus, f"{self.page.url}: the focus cannot be seen: {field}"
            if field.is_skip_link:
                self.page.keyboard.press("Enter")
            else:
                yield field

    def focus(self) -> Field:
        return Field(**self.page.evaluate(f"({READ})(document.activeElement)"))

    def choose(self) -> None:
        """The radio that is wanted: a space takes the first, an arrow the next."""
        self.page.keyboard.press("Space")
        for _step in range(12):
            if is_wanted(self.focus(), self.page.url):
                return
            self.page.keyboard.press("ArrowDown")

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.visitor.check()


def is_wanted(field: Field, url: str) -> bool:
    """The value chosen for this question, or else the first that comes."""
    link_id = re.split("[?#]", url)[0].rsplit("/", 1)[1] if field.name == "answer" else field.name.split(".")[0]
    return CHOSEN.get(link_id, field.value) == field.value and field.value != "declined"


def to_write(field: Field) -> str:
    for ending, text in WRITTEN.items():
        if field.name.endswith(ending):
            return text
    if field.type == "textarea":
        return "Egna ord."
    return "85" if field.is_line else {"numeric": "7", "decimal": "62,5"}.get(field.inputmode, "22.30")


def begin(visitor: Visitor, hand: Hand, start: str, language: str) -> None:
    visitor.go(start)
    if language != "sv":
        with visitor.page.expect_navigation():
            visitor.page.locator(f"main nav a[hreflang={language}]").click()
        visitor.check()
    hand.go_on()


def resume(visitor: Visitor) -> None:
    """In a browser that knows nothing: log in, and from the first page to where one was."""
    visitor.page.goto("/logga-in")
    with visitor.page.expect_navigation():
        visitor.page.locator("button[name=person][value=astrid]").click()
    with visitor.page.expect_navigation():
        visitor.page.locator("main .nhsuk-button[href*='/fragor/']").first.click()
    if visitor.page.url.count("/") == 4:
        with visitor.page.expect_navigation():
            visitor.page.locator("main form .nhsuk-button").first.click()
    visitor.check()


def saved(db: Session) -> dict[str, object]:
    found = {row.link_id: (row.state, str(row.value)) for row in db.scalars(sa.select(DraftAnswer))}
    db.rollback()
    return found


def sit(visit: Visit, db: Session, start: str, language: str, hand_of: type[Hand], *, is_broken_off: bool) -> list[str]:
    """From the start to the receipt; the screens that came."""
    astrid = visit("astrid")
    hand = hand_of(astrid)
    begin(astrid, hand, start, language)
    screens: list[str] = []
    kept: dict[str, object] = {}
    for _screen in range(MOST_SCREENS):
        speaks(astrid, language)
        url = astrid.page.url.partition("#")[0]
        screens.append(screen_name(url, astrid.site.base))
        if url.endswith("/kvitto"):
            return screens
        is_question = "/fraga/" in url and not url.endswith("/ring")
        if is_broken_off and is_question:
            astrid.context.close()
            astrid = visit()
            hand = hand_of(astrid)
            resume(astrid)
            assert astrid.page.url.partition("#")[0] == url
            speaks(astrid, language)
            assert not astrid.page.locator("[name=answer]:checked").count()
        if is_question:
            hand.answer()
            now = saved(db)
            assert now.items() > kept.items(), f"{url}: {kept} became {now}"
            kept = now
        else:
            hand.go_on()
    raise AssertionError(f"no end: {screens}")


def speaks(visitor: Visitor, language: str) -> None:
    html = visitor.page.locator("html")
    direction = "rtl" if language == pseudo.LANGUAGE else "ltr"
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, direction), visitor.page.url


def screen_name(url: str, base: str) -> str:
    """Without the draft or the response it belongs to."""
    return url.removeprefix(base).partition("?")[0].split("/", 3)[3].removeprefix("fraga/")


# In the order of the form; a page of several questions goes by its first, and by what it opened.
SCREENS = [
    *("tired", "pain", "pain/ring", "helper", "aids", "walks", "weight", "visit", "began", "smoked", "bedtime", "more"),
    *("words", "back", "taken", "medicine", "dose", "grupp/medicines", "hours", "granska", "kvitto"),
]


@pytest.mark.parametrize(
    ("size", "language", "hand", "javascript"),
    [
        pytest.param(NARROW, "sv", Hand, False, id="320-sv-no-javascript"),
        pytest.param(PHONE, pseudo.LANGUAGE, Keys, True, id="375-from-the-right-keyboard"),
        pytest.param(DESKTOP, "en", Keys, True, id="1280-en-keyboard"),
    ],
)
def test_a_sitting_broken_off_at_every_question_is_gone_on_with_elsewhere(
    visit: Visit, db: Session, start: str, language: str, hand: type[Hand]
) -> None:
    assert sit(visit, db, start, language, hand, is_broken_off=True) == SCREENS
    sent_once(db, language)


@pytest.mark.parametrize(
    ("size", "language", "hand", "javascript"),
    [
        pytest.param(NARROW, pseudo.LANGUAGE, Hand, True, id="320-from-the-right"),
        pytest.param(PHONE, "en", Hand, False, id="375-en-no-javascript"),
        pytest.param(DESKTOP, pseudo.LANGUAGE, Hand, False, id="1280-from-the-right-no-javascript"),
    ],
)
def test_a_sitting_in_one_go_is_in_one_language_to_the_end(
    visit: Visit, db: Session, start: str, language: str, hand: type[Hand]
) -> None:
    assert sit(visit, db, start, language, hand, is_broken_off=False) == SCREENS
    sent_once(db, language)


def sent_once(db: Session, language: str) -> None:
    response = db.scalars(sa.select(QuestionnaireResponse)).one()
    assert (response.lang, response.number) == (language, 1)
    db.rollback()
