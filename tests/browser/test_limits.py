"""A manager tries new limits on a year of answers, and another one approves them, within their clicks."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.config import Settings
from careplan.db import make_sessions
from careplan.domain.questionnaire import text_in
from careplan.jobs import Worker
from careplan.library import Library
from tests import stories
from tests.browser.visitor import AT_A_DESK, Visit
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_DESK]


def test_new_limits_from_trial_to_approval(
    visit: Visit, db: Session, engine: sa.Engine, library: Library, clinic: Clinic, clock, tmp_path: Path
) -> None:
    form = library.questionnaire(stories.FORM)
    title = text_in(form.title, "sv")
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"nausea": 6}, at=MONDAY - timedelta(days=7))
    db.commit()
    worker = Worker(Settings(demo=True, queue_path=tmp_path / "queue.db"), library, make_sessions(engine), clock)
    mia = visit("mia")
    with mia.within(4):  # M-5
        mia.link("Gränser")
        mia.link(title)
        mia.fill("Tal för Illamående minst 7 av 10", "6")
        mia.fill("Varifrån de ändrade gränserna kommer", "Beslut på ledningsmötet")
        mia.press("Prova på ett års svar")
        worker.try_rules()
        mia.go(mia.page.url)
        mia.reads("Provat på 1 svar från det senaste året.", "1 svar: från ingen flagga till ses")
    mia.fill("Varför gränserna ska ändras", "Vi missar illamående")
    mia.press("Skicka förslaget")
    mia.log_out()
    mats = visit("mats")
    with mats.within(3):  # M-6
        mats.link("Ett förslag till gränser väntar på ditt beslut.")
        mats.reads("Vi missar illamående", "Illamående minst 6 av 10 (Behöver ses)")
        mats.press("Godkänn gränserna")
    mats.reads("Enhetens egna, version 1")
