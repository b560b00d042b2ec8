"""A contact nurse's Monday: all of thirteen flags, each in the presses that one may take (N-13 with N-3 and N-6)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from careplan.library import Library
from tests import stories
from tests.browser.visitor import DESKTOP, Visit
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])]

RED, YELLOW = 4, 9


@pytest.fixture
def flags(db: Session, library: Library, clinic: Clinic) -> None:
    """Four red and nine yellow, as on a Monday after a week-end."""
    for who in ("astrid", "bo"):
        stories.signed_plan(db, library, clinic, who)
    for number in range(RED + YELLOW):
        who = ("astrid", "bo")[number % 2]
        given = {"breathlessness": 8} if number < RED else {"nausea": 7}
        stories.sent(db, library, clinic, who, given, at=MONDAY - timedelta(hours=60 - number))
    db.commit()


def test_n13_thirteen_flags_are_done_in_three_presses_each_the_red_ones_first(visit: Visit, flags: None) -> None:
    karin = visit("karin")
    karin.reads(f"Behöver bedömas nu, {RED}", f"Behöver ses, {YELLOW}")
    with karin.within(3 * (RED + YELLOW)):
        for number in range(RED + YELLOW):
            row = karin.page.locator(".app-work__row").first
            assert ("app-work__row--now" in (row.get_attribute("class") or "")) is (number < RED)
            karin.clicks += 1
            with karin.page.expect_navigation():
                row.locator("th a").click()
            assert len(karin.field("Journaltext").input_value().splitlines()) <= 8
            karin.tick("Talat med patienten")
            karin.press("Spara och stäng")
    karin.reads("Inget väntar på dig just nu.")
