from datetime import date

import pytest

from careplan.domain.rehabilitation import EMPTY, Change, ChangeKind, Content, changes
from careplan.domain.rehabilitation_journal import rehabilitation_journal

WALK = {
    "id": "w",
    "text": "Promenad",
    "timing": "",
    "who": "",
    "title": "",
    "profession": "",
    "due_on": None,
    "is_self_care": True,
    "instructions": "",
}
GOAL = {
    "id": "g",
    "text": "Gå till affären",
    "measure": "",
    "review_on": "2026-12-01",
    "outcome": None,
    "next_step": "",
    "activities": [WALK],
}


def plan(**parts: object) -> Content:
    return {**EMPTY, "goals": [GOAL], **parts}


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (plan(), []),
        (plan(summary="Orkar mindre"), [Change(ChangeKind.SUMMARY, "", "", "Orkar mindre")]),
        (
            plan(goals=[GOAL, GOAL | {"id": "h", "text": "Sova"}]),
            [Change(ChangeKind.GOAL_ADDED, "Sova")],
        ),
        (
            plan(goals=[GOAL | {"text": "Gå till parken"}]),
            [Change(ChangeKind.GOAL_CHANGED, "Gå till parken", "Gå till affären", "Gå till parken")],
        ),
        (
            plan(goals=[GOAL | {"review_on": "2027-01-11", "next_step": "Öka lite"}]),
            [
                Change(ChangeKind.REVIEW_MOVED, "Gå till affären", "2026-12-01", "2027-01-11"),
                Change(ChangeKind.NEXT_STEP, "Gå till affären", "", "Öka lite"),
            ],
        ),
        (
            plan(goals=[GOAL | {"activities": [WALK | {"id": "x", "text": "Cykla"}]}]),
            [Change(ChangeKind.ACTIVITY_ADDED, "Cykla"), Change(ChangeKind.ACTIVITY_REMOVED, "Promenad")],
        ),
        (
            plan(goals=[], closed=[GOAL | {"outcome": "achieved"}]),
            [Change(ChangeKind.GOAL_CLOSED, "Gå till affären", "", "achieved")],
        ),
        (
            plan(referrals=[{"id": "r", "profession": "dietitian", "who": "Eva Ny", "summary": "Äter bättre"}]),
            [Change(ChangeKind.EPISODE_ENDED, "dietitian", "", "Äter bättre")],
        ),
    ],
)
def test_what_differs_between_two_versions(after: Content, found: list[Change]) -> None:
    assert changes(plan(), after) == found


def test_the_journal_text_has_heading_goals_codes_and_author() -> None:
    text = rehabilitation_journal(
        plan(summary="Orkar mindre"),
        number=2,
        signed_on=date(2026, 11, 16),
        codes=[("AW020", "Upprättande av rehabiliteringsplan")],
        replied="Patienten har godkänt.",
        author="Karin Lind",
    )
    assert text.splitlines() == [
        "Rehabiliteringsplan version 2, 2026-11-16. Patienten har godkänt.",
        "Orkar mindre",
        "Mål: Gå till affären. Följs upp 2026-12-01. Åtgärder: Promenad (patienten).",
        "Åtgärdskoder: AW020 Upprättande av rehabiliteringsplan.",
        "Karin Lind",
    ]


@pytest.mark.parametrize("count", [0, 1, 4, 5, 12])
def test_the_journal_text_has_at_most_eight_lines(count: int) -> None:
    goals = [GOAL | {"id": str(number)} for number in range(count)]
    text = rehabilitation_journal(
        plan(summary="Orkar\nmindre", goals=goals),
        number=1,
        signed_on=date(2026, 11, 16),
        codes=[("AW020", "Plan")],
        replied="",
        author="Karin Lind",
    )
    assert len(text.splitlines()) <= 8
    assert ("mål till, se planen" in text) is (count > 4)
