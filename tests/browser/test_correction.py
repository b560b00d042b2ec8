"""A slip noticed after sending: opened again, corrected and sent; the nurse sees both."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import QuestionnaireResponse, Task
from tests import stories
from tests.browser.visitor import DESKTOP, PHONE, Visit
from tests.make import Clinic

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["375", "1280"])]


def test_a_3_corrected_to_8_is_sent_anew_and_stands_first_in_the_list(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    response = stories.sent(db, library, clinic, "astrid", {"pain": 3, "fatigue": 2})
    path = f"/svar/{response.id}/kvitto"
    db.commit()
    astrid = visit("astrid")
    astrid.go(path)
    astrid.press("Rätta svaren")
    assert astrid.heading == "Stämmer det här?"
    astrid.reads("Du rättar svaren som skickades i dag 10.20.")
    astrid.link("Ändra smärta")
    astrid.tick("8")
    astrid.press("Spara och granska")
    assert astrid.heading == "Ring oss nu"
    astrid.press("Jag har läst, fortsätt")
    astrid.page.wait_for_url("**/pain-now?fran=granska")  # what a severe answer opens is asked at once
    astrid.go(astrid.page.url.replace("pain-now?fran=granska", "granska"))
    astrid.reads("Du skickade: 3 av 10.")
    astrid.press("Skicka rättelsen till Karin")
    assert astrid.heading == "Tack. Dina svar är skickade."
    astrid.link("Se de gamla svaren")
    astrid.reads("Det här är de gamla svaren.", "3 av 10")

    karin = visit("karin")
    karin.go("/arbetslista")
    karin.reads("Smärta rättat från 3 till 8")
    new = db.scalars(sa.select(QuestionnaireResponse.id).where(QuestionnaireResponse.number == 2)).one()
    task = db.scalars(sa.select(Task.id).where(Task.response_id == new)).one()
    db.commit()
    karin.go(f"/uppgifter/{task}")
    karin.reads("Astrid har rättat det som skickades i dag 10.20.", "Smärta rättat från 3 till 8")
