"""However often it is sent, from however many tabs: one response, one receipt."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import QuestionnaireResponse, Task
from tests import stories
from tests.actions import forms
from tests.browser.visitor import AT_A_PHONE, Visit, Visitor
from tests.make import Clinic

pytestmark = [pytest.mark.browser, AT_A_PHONE]

ANSWERS = {"breathlessness": 2, "pain": 3, "fever": "no"}


@pytest.fixture
def review(db: Session, library: Library, clinic: Clinic) -> str:
    """A form that is answered as far as it will be; the address of its review."""
    begun = forms.begin(db, forms.ask(db, library, clinic, stories.FORM), by=clinic.actor["astrid"])
    forms.fill(db, library.questionnaire(stories.FORM), begun, ANSWERS, by=clinic.actor["astrid"])
    path = f"/fragor/{begun.id}/granska"
    db.commit()
    return path


def receipt(visitor: Visitor) -> str:
    visitor.page.wait_for_url("**/kvitto")
    return visitor.page.url


def sent(db: Session) -> tuple[int, int]:
    counted = tuple(db.scalar(sa.select(sa.func.count()).select_from(model)) for model in (QuestionnaireResponse, Task))
    db.rollback()
    return counted


def test_a_double_click_sends_once(visit: Visit, db: Session, review: str) -> None:
    astrid = visit("astrid")
    astrid.go(review)
    astrid.page.get_by_role("button", name="Skicka till Karin").dblclick()
    receipt(astrid)
    assert sent(db) == (1, 1)


def test_two_tabs_give_the_same_receipt(visit: Visit, db: Session, review: str) -> None:
    astrid = visit("astrid")
    astrid.go(review)
    with astrid.another_tab():
        astrid.go(review)
        astrid.press("Skicka till Karin")
        first = receipt(astrid)
    astrid.press("Skicka till Karin")
    assert receipt(astrid) == first
    assert sent(db) == (1, 1)


def test_going_back_and_sending_again_gives_the_same_receipt(visit: Visit, db: Session, review: str) -> None:
    astrid = visit("astrid")
    astrid.go(review)
    posts: list[str] = []
    astrid.page.on("request", lambda request: posts.append(request.post_data) if request.method == "POST" else None)
    astrid.press("Skicka till Karin")
    first = receipt(astrid)
    again = astrid.context.request.post(
        review, data=posts[0], headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert again.url == first
    assert sent(db) == (1, 1)


def test_other_words_for_a_sent_form_are_not_stored_and_say_so(visit: Visit, db: Session, review: str) -> None:
    astrid = visit("astrid")
    astrid.go(review)
    with astrid.another_tab():
        astrid.go(review)
        astrid.press("Skicka till Karin")
    astrid.fill("Något mer du vill berätta?", "En sak till")
    astrid.press("Skicka till Karin", status=409)
    assert astrid.heading == "Svaren är redan skickade"
    astrid.reads("Det du skickade nu är inte sparat.")
    astrid.link("Se kvittot")
    assert sent(db) == (1, 1)
