"""A form written from the right, on pages that are written from the left: each part runs its own way."""

import pytest
from sqlalchemy.orm import Session

from careplan.library import compile_questionnaire
from tests import pseudo
from tests.actions import forms
from tests.browser.visitor import DESKTOP, NARROW, Visit, Visitor
from tests.content.every_kind import EVERY_KIND
from tests.make import Clinic

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("size", [NARROW, DESKTOP], ids=["320", "1280"])]

# Each circle and box, by the direction around it and the side of its label that it is drawn on.
DRAWN = """() => [...document.querySelectorAll("main :is([type=radio], [type=checkbox])")]
  .filter((one) => one.labels[0]?.offsetWidth && !one.closest(".app-scale, .app-matrix"))
  .map((one) => {
    const [label] = one.labels;
    const around = (getComputedStyle(label).position === "static" ? label.offsetParent : label).getBoundingClientRect();
    const box = getComputedStyle(label, "::before");
    const middle = around.left + parseFloat(box.left) + parseFloat(box.width) / 2;
    const isOverInput = Math.abs(middle - one.getBoundingClientRect().left - one.offsetWidth / 2) < 12;
    const side = middle < around.left + around.width / 2 ? "left" : "right";
    return `${getComputedStyle(one).direction} ${isOverInput ? side : "apart"}`;
  })"""


@pytest.fixture
def start(db: Session, clinic: Clinic) -> str:
    """The interface does not speak the third language of the form."""
    text = pseudo.form(EVERY_KIND)
    library = forms.publish(db, compile_questionnaire(text, "form.yaml"), text)
    path = f"/fragor/{forms.ask(db, library, clinic, 'every-kind').id}?sprak={pseudo.LANGUAGE}"
    db.commit()
    return path


def drawn(visitor: Visitor) -> set[str]:
    return set(visitor.page.evaluate(DRAWN))


def test_choices_stand_on_the_side_where_their_words_begin(visit: Visit, start: str) -> None:
    astrid = visit("astrid")
    astrid.go(start)
    assert astrid.page.locator("h1").get_attribute("dir") == "rtl"
    astrid.press("Börja svara")
    draft = astrid.page.url.removesuffix("/fraga/tired")
    for link_id in ("helper", "aids"):
        astrid.go(f"{draft}/fraga/{link_id}")
        assert drawn(astrid) == {"rtl right"}
    astrid.go(f"{draft}/granska")
    assert drawn(astrid) == {"ltr left"}


def test_a_scale_begins_where_its_words_begin(visit: Visit, start: str) -> None:
    astrid = visit("astrid")
    astrid.go(start)
    astrid.press("Börja svara")
    first, last = (astrid.page.locator(f"[name=answer][value='{value}']").bounding_box() for value in (0, 10))
    assert first["x"] > last["x"] if astrid.size == DESKTOP else first["y"] < last["y"]


def test_staff_key_in_a_form_from_the_right_on_a_page_from_the_left(visit: Visit, start: str) -> None:
    karin = visit("karin")
    karin.go(start.replace("/fragor/", "/papper/"))
    assert drawn(karin) == {"rtl right", "ltr left"}
