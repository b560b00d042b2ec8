"""What a manager is timed on in figures: M-1, M-2, M-3 and M-9. The other tasks of hers are in test_timed_tasks."""

import csv
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from careplan.actions import tasks
from careplan.library import Library
from tests import stories
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_DESK]


@pytest.fixture
def receipt(db: Session, library: Library, clinic: Clinic) -> str:
    """Weeks with flags that were closed, the last of them late, and one that is open; the number of its receipt."""
    stories.signed_plan(db, library, clinic)
    for days in range(20, 6, -1):
        at = MONDAY - timedelta(days=days)
        task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"nausea": 7}, at=at))
        late = timedelta(days=9 if days == 7 else 0)
        tasks.complete(
            db, task, outcome="called", next_step="", by=clinic.actor["karin"], at=min(task.starts_at + late, MONDAY)
        )
    found = stories.sent(db, library, clinic, "bo", {"nausea": 8}, at=MONDAY - timedelta(hours=2)).receipt
    db.commit()
    return found


def saved(mia: Visitor, link: str) -> list[dict[str, str]]:
    """The file behind a link, as rows; pressing it is a click."""
    mia.clicks += 1
    with mia.page.expect_download() as arriving:
        mia.page.get_by_role("link", name=link, exact=True).click()
    text = Path(arriving.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def test_m1_what_is_open_how_old_it_is_and_the_share_in_time_stand_on_the_first_page(
    visit: Visit, receipt: str
) -> None:
    mia = visit("mia")
    with mia.within(0):
        mia.reads("Öppna uppgifter", "Den äldsta öppna uppgiften kom i dag", "Flaggor åtgärdade i tid", "Vecka 46")
        waiting = mia.text_of(mia.section("Öppna uppgifter"))
        assert re.search("Behöver ses (Antal )?1 (Försenade )?0", waiting)
        said = mia.text_of(mia.section("Flaggor åtgärdade i tid"))
    assert "100 % (7 av 7)" in said
    assert not any(name in mia.text for name in ("Karin", "Nils", "Astrid"))


def test_m2_who_answers_by_age_language_and_way_without_small_groups(visit: Visit, receipt: str) -> None:
    mia = visit("mia")
    with mia.within(2):
        mia.link("Mått")
        mia.reads("Efter ålder", "Efter språk", "Efter sätt att svara", "för få för att visas")


def test_m3_the_figures_of_a_period_are_saved_as_a_file(visit: Visit, receipt: str) -> None:
    mia = visit("mia")
    with mia.within(3):
        mia.link("Mått")
        mia.link("Det här kvartalet")
        rows = saved(mia, "Hämta som fil (CSV)")
    assert {row["from"] for row in rows} == {"2026-10-01"}
    assert {row["figure"] for row in rows} >= {"needs-assessed", "rehabilitation-planned", "reviewed-in-time"}


def test_m9_one_flag_is_followed_from_answer_to_end(visit: Visit, receipt: str) -> None:
    mia = visit("mia")
    with mia.within(3):
        mia.link("Mått")
        mia.link("Följ ett ärende")
        mia.fill("Kvittots nummer", receipt)
        mia.press("Visa ärendet")
    mia.reads(
        "1 gräns gjorde att det flaggades.", "Ansvarig: Karin Lind.", "Ingen har läst det än.", "Ärendet är öppet."
    )
    assert "Bo Sjöberg" not in mia.text
