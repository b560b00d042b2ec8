"""What a patient newly told of a diagnosis is timed on, where no other walk has it: P1-4 to P1-8 and P1-10."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan import create_app
from careplan.config import Settings
from careplan.library import Library
from careplan.models import CallNotice, QuestionnaireResponse, Share
from tests import pseudo, stories
from tests.actions import forms
from tests.browser.visitor import AT_A_PHONE, DESKTOP, Visit, Visitor
from tests.make import MONDAY, Clinic
from tests.web.twenty import FORM as TWENTY
from tests.web.twenty import twenty

pytestmark = [pytest.mark.browser, AT_A_PHONE]


@pytest.fixture(scope="module")
def _app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Its interface speaks a language that is written from the right, too."""
    folder = tmp_path_factory.mktemp("app")
    translations = pseudo.catalogues(folder / "translations")
    url = f"sqlite:///{folder}/unused.db"
    return create_app(Settings(demo=True, database_url=url, translations_path=translations), library=library)


@pytest.fixture
def asked(db: Session, library: Library, clinic: Clinic) -> None:
    """A signed plan, and a first form that takes a rest in the middle."""
    stories.signed_plan(db, library, clinic)
    forms.ask(db, library, clinic, stories.FORM)
    db.commit()


def answer(visitor: Visitor, value: str | int) -> None:
    """Choosing an answer and saving it is answering, which is not counted."""
    before = visitor.clicks
    visitor.page.locator(f'input[name=answer][value="{value}"]').check()
    last = [name for name in ("Spara och granska", "Nästa fråga") if has_button(visitor, name)]
    visitor.press(last[0])
    visitor.clicks = before


def has_button(visitor: Visitor, name: str) -> int:
    return visitor.page.get_by_role("button", name=name, exact=True).count()


def test_p1_4_text_size_language_and_direction_take_two_clicks_each(visit: Visit) -> None:
    astrid = visit("astrid")
    for button, selector in (("Större text", "html.app-large"), ("English", "html[lang=en]")):
        astrid.go("/hem")
        with astrid.within(2):
            astrid.link("Språk och textstorlek")
            astrid.press(button)
        assert astrid.page.locator(selector).count() == 1
    astrid.go("/hem")
    assert astrid.heading == "Hello Astrid" and astrid.page.locator("html.app-large").count() == 1
    with astrid.within(2):
        astrid.link("Language and text size")
        astrid.clicks += 1
        with astrid.page.expect_navigation():
            astrid.page.locator(f'button[name=language][value="{pseudo.LANGUAGE}"]').click()
    astrid.check()
    assert astrid.page.locator("html").get_attribute("dir") == "rtl"


def test_p1_5_twenty_questions_with_a_rest_between_two_devices(
    visit: Visit, db: Session, clinic: Clinic, library: Library
) -> None:
    forms.ask(db, forms.publish(db, *twenty()), clinic, TWENTY)
    db.commit()
    phone, computer = visit("astrid"), visit("astrid")
    computer.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    with phone.within(11), computer.within(14):  # 25 in all, each saved answer counted here
        phone.link("Svara på frågorna")
        phone.press("Börja svara")
        for _number in range(8):
            phone.page.locator('input[name=answer][value="2"]').check()
            phone.press("Nästa fråga")
        phone.link("ta en paus")
        computer.go("/hem")
        computer.reads("8 av 20 frågor är klara.")
        computer.link("Fortsätt på fråga 9")
        for number in range(9, 21):
            computer.reads(f"Fråga {number} av 20")
            computer.page.locator('input[name=answer][value="2"]').check()
            computer.press("Nästa fråga" if number < 20 else "Spara och granska")
    assert computer.heading == "Stämmer det här?"


def test_p1_6_to_8_a_severe_answer_the_wishes_one_change_and_the_receipt(
    visit: Visit, db: Session, asked: None
) -> None:
    astrid = visit("astrid")
    astrid.link("Svara på frågorna")
    astrid.press("Börja svara")
    with astrid.within(0):  # P1-6: the answer itself leads there
        answer(astrid, 8)
        assert astrid.heading == "Ring oss nu"
        astrid.reads("Du svarade 8 av 10 på frågan om andnöd.", "Formuläret läses inte direkt.")
        call = astrid.page.get_by_role("link", name="Ring 0980-319 200")
        assert call.get_attribute("href") == "tel:0980319200"
    shown = db.scalars(sa.select(CallNotice)).one()
    assert shown.acknowledged_at is None
    db.rollback()
    astrid.press("Jag har läst, fortsätt")
    answer(astrid, "comes-and-goes")
    answer(astrid, 3)
    astrid.press("Jag orkar inte mer nu")
    astrid.link("Skicka det jag har svarat")
    with astrid.within(3):  # P1-8, with the click that sends
        astrid.open(re.compile("^Visa de"))
        astrid.link("Ändra smärta")
        answer(astrid, 5)
    wishes = astrid.group("Vad vill du helst ha hjälp med?")
    with astrid.within(3):  # P1-7
        for wish in ("Andnöd", "Smärta"):
            astrid.clicks += 1
            wishes.get_by_label(wish, exact=True).check()
        astrid.tick("I dag")
    with astrid.within(1):
        astrid.press("Skicka till Karin")
    astrid.reads("Karin Lind läser dem senast i dag klockan 12.20.", "Är Karin borta läser Nils Berg.")
    sent = db.scalars(sa.select(QuestionnaireResponse)).one()
    assert (sent.mode, sent.urgency) == ("web", "today")


def test_p1_10_a_sister_reads_the_plan_and_not_the_answers(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    db.scalars(sa.select(Share)).one().to_at = MONDAY
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"fatigue": 6})
    db.commit()
    astrid = visit("astrid")
    with astrid.within(4):
        astrid.link("Dela")
        for label, text in (("Förnamn", "Lina"), ("Efternamn", "Ek"), ("Vem är det för dig?", "syster")):
            astrid.fill(label, text)
        astrid.fill("Personnummer, om du kan det", clinic.personnummer["lina"])
        astrid.tick("Läsa min plan och mina mål")
        astrid.press("Dela")
    lina = visit("lina")
    lina.link(re.compile("^Planen"))
    lina.go("/svar", status=404)
