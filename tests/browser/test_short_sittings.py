"""A form of 20 questions by somebody with little strength: three sittings, what may raise red first, and rests."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import Flag, QuestionnaireResponse, ResponseAnswer
from tests.actions import forms
from tests.browser.visitor import AT_A_DESK, AT_A_PHONE, Visit, Visitor
from tests.make import Clinic
from tests.web.twenty import FORM, twenty

pytestmark = pytest.mark.browser


@pytest.fixture
def start(db: Session, clinic: Clinic) -> str:
    path = f"/fragor/{forms.ask(db, forms.publish(db, *twenty()), clinic, FORM).id}"
    db.commit()
    return path


def answer(visitor: Visitor, value: int) -> None:
    visitor.page.locator(f'input[name=answer][value="{value}"]').check()
    last = [name for name in ("Spara och granska", "Spara svaret", "Nästa fråga") if button(visitor, name)]
    visitor.press(last[0])


def button(visitor: Visitor, name: str) -> int:
    return visitor.page.get_by_role("button", name=name, exact=True).count()


def sitting(visitor: Visitor, length: int) -> list[int]:
    """Answers as many questions as the sitting says; their numbers in the form."""
    met = []
    for number in range(1, length + 1):
        visitor.reads(f"Fråga {number} av {length} i den här omgången")
        met.append(int(visitor.page.url.rsplit("/q", 1)[1]))
        answer(visitor, 8 if met[-1] == 19 else 2)
        if visitor.page.url.endswith("/ring"):
            visitor.press("Jag har läst, fortsätt")
    return met


@AT_A_PHONE
def test_twenty_questions_are_answered_in_three_sittings(visit: Visit, db: Session, start: str) -> None:
    astrid = visit("astrid")
    astrid.go(start)
    astrid.tick("Jag orkar bara lite i taget")
    astrid.press("Börja svara")
    assert sitting(astrid, 7) == [16, 19, 12, 1, 2, 3, 4]
    assert astrid.heading == "Bra jobbat. Ta en paus om du vill."
    astrid.reads("7 svar är sparade.", "13 frågor är kvar.", "Svaren läses först när du har skickat dem.")
    astrid.link("Vila och fortsätt senare")
    astrid.reads("7 av 20 frågor är klara.")

    computer = visit("astrid")
    computer.link("Fortsätt svara")
    assert sitting(computer, 7) == [5, 6, 7, 8, 9, 10, 11]
    computer.link("Fortsätt svara")
    assert sitting(computer, 6) == [13, 14, 15, 17, 18, 20]
    assert computer.heading == "Stämmer det här?"
    computer.press("Skicka till Karin")
    assert computer.heading == "Tack. Dina svar är skickade."
    response = db.scalars(sa.select(QuestionnaireResponse)).one()
    order = db.scalars(
        sa.select(ResponseAnswer.link_id)
        .where(ResponseAnswer.response_id == response.id)
        .order_by(ResponseAnswer.position)
    ).all()
    assert order == [f"q{number}" for number in range(1, 21)]
    assert db.scalars(sa.select(Flag.rule_id)).all() == ["late-red"]


@AT_A_DESK
def test_who_can_do_no_more_stops_and_sends_what_there_is(visit: Visit, db: Session, start: str) -> None:
    astrid = visit("astrid")
    astrid.go(start)
    astrid.press("Börja svara")
    astrid.reads("Fråga 1 av 20")
    answer(astrid, 3)
    astrid.tick("4")
    astrid.press("Jag orkar inte mer nu")
    assert astrid.heading == "Allt är sparat. Vila nu."
    astrid.reads("2 svar är sparade.", "18 frågor är kvar.")
    astrid.link("Fortsätt svara")
    astrid.reads("Fråga 1 av 7 i den här omgången")
    assert astrid.page.url.endswith("/q16")
    astrid.press("Jag orkar inte mer nu")
    astrid.link("Skicka det jag har svarat")
    astrid.reads("18 frågor är inte besvarade.")
    astrid.press("Skicka till Karin")
    assert astrid.heading == "Tack. Dina svar är skickade."
    assert db.scalar(sa.select(sa.func.count()).where(ResponseAnswer.state == "answered")) == 2
