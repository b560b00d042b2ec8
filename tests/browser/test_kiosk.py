"""The clinic's tablet in a real browser: a code, one form, and nothing left behind."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Draft, QuestionnaireResponse
from tests import stories
from tests.actions import forms
from tests.browser.visitor import PHONE, Visit, Visitor
from tests.make import Clinic

TABLET = (768, 1024)

pytestmark = pytest.mark.browser

narrow_and_wide = pytest.mark.parametrize("size", [PHONE, TABLET], ids=["375", "768"])
wide = pytest.mark.parametrize("size", [TABLET], ids=["768"])


@pytest.fixture
def asked(db: Session, library: Library, clinic: Clinic) -> UUID:
    request_id = forms.ask(db, library, clinic, stories.FORM).id
    db.commit()
    return request_id


def code_from(karin: Visitor, clinic: Clinic) -> str:
    karin.go(f"/patienter/{clinic.patient['astrid']}")
    karin.press("Svara på surfplatta")
    return karin.text_of(karin.page.locator(".app-code"))


def open_form(tablet: Visitor, code: str) -> None:
    tablet.go("/surfplatta")
    tablet.fill("Koden som du fick av personalen", code)
    tablet.press("Fortsätt")
    assert tablet.heading == "Är det du?"
    tablet.reads("Astrid")
    tablet.press("Ja, det är jag")
    tablet.press("Börja svara")


def answer(tablet: Visitor, value: str) -> None:
    tablet.page.locator(f'input[name=answer][value="{value}"]').check()
    tablet.press("Nästa fråga")


def to_review(tablet: Visitor) -> None:
    tablet.go(tablet.page.url.rsplit("/", 2)[0] + "/granska")


def shows_nothing_of(tablet: Visitor) -> None:
    tablet.page.wait_for_load_state()
    for words in ("Astrid", "Andnöd", "andfådd", "Tack", "Karin"):
        assert words not in tablet.text, f"{tablet.page.url}:\n{tablet.text}"


@narrow_and_wide
def test_from_the_code_to_the_end_and_back_shows_nothing(
    visit: Visit, db: Session, library: Library, clinic: Clinic, asked: UUID
) -> None:
    code = code_from(visit("karin"), clinic)
    tablet = visit()
    open_form(tablet, code)
    answer(tablet, "2")
    to_review(tablet)
    tablet.press("Skicka till Karin")
    assert tablet.heading == "Tack. Dina svar är skickade."
    tablet.press("Klar")
    assert tablet.heading == "Skriv din kod"
    sent = db.scalars(sa.select(QuestionnaireResponse)).one()
    assert (sent.mode, sent.device, sent.request_id) == ("kiosk", "tablet", asked)
    db.rollback()
    for _step in range(8):
        tablet.page.go_back()
        shows_nothing_of(tablet)
    for _step in range(8):
        tablet.page.go_forward()
        shows_nothing_of(tablet)


@wide
def test_leaving_half_way_shows_nothing_and_keeps_the_draft(
    visit: Visit, db: Session, clinic: Clinic, asked: UUID
) -> None:
    code = code_from(visit("karin"), clinic)
    tablet = visit()
    open_form(tablet, code)
    answer(tablet, "2")
    tablet.press("Avsluta på surfplattan")
    tablet.reads("Det som du har svarat är sparat.")
    for _step in range(5):
        tablet.page.go_back()
        shows_nothing_of(tablet)
    tablet.go("/surfplatta")
    tablet.fill("Koden som du fick av personalen", code)
    tablet.press("Fortsätt", status=422)
    tablet.reads("Koden är redan använd. Be personalen om en ny.")
    assert db.scalars(sa.select(Draft)).one().request.status == "in-progress"
    db.rollback()
    astrid = visit("astrid")
    astrid.go(f"/fragor/{asked}")
    astrid.reads("Fortsätt på fråga 2")


@narrow_and_wide
def test_a_severe_answer_says_to_tell_the_staff(visit: Visit, clinic: Clinic, asked: UUID) -> None:
    code = code_from(visit("karin"), clinic)
    tablet = visit()
    open_form(tablet, code)
    answer(tablet, "9")
    assert tablet.heading == "Säg till personalen nu"
    tablet.press("Jag har läst, fortsätt")
    to_review(tablet)
    tablet.press("Skicka till Karin")
    tablet.reads("Säg till personalen innan du går")
    tablet.press("Klar")


@wide
def test_the_browser_asks_by_itself_whether_anybody_is_there(
    visit: Visit, clinic: Clinic, asked: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careplan.web.tablet.ASKS", (timedelta(seconds=2), "kiosk.still_there"))
    code = code_from(visit("karin"), clinic)
    tablet = visit()
    tablet.go("/surfplatta")
    tablet.fill("Koden som du fick av personalen", code)
    tablet.press("Fortsätt")
    tablet.press("Ja, det är jag")
    tablet.page.wait_for_url("**/surfplatta/kvar")
    tablet.check()
    assert tablet.heading == "Är du kvar?"
    tablet.press("Nej, avsluta")
    assert tablet.heading == "Skriv din kod"
