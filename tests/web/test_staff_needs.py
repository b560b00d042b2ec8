from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs
from careplan.domain.answers import DECLINED
from careplan.domain.needs import GoalOutcome, NeedLevel
from careplan.library import Library
from careplan.models import AreaLevel, Goal, NeedsAssessment, Task
from tests import make, stories
from tests.conftest import Clock
from tests.pages import words
from tests.people import Human

GOAL = {
    "goal": "Jag vill orka gå till affären",
    "measure": "Gått 1 200 meter utan vila",
    "review_on-day": "1",
    "review_on-month": "12",
    "review_on-year": "2026",
    "what-1": "Promenad, 20 minuter",
    "who-1": "",
    "when-1": "fem dagar i veckan",
}
# What each assessment says of the conversation.
TALK = {"reason": "treatment-start", "mode": "visit", "children": "no"}


@pytest.fixture
def patient_id(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    """Astrid has a signed plan and has answered."""
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"fatigue": 7, "sleep": 5, "worry": DECLINED, "low-mood": DECLINED})
    db.commit()
    return clinic.patient["astrid"]


def goal_of(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    plan = stories.signed_plan(db, library, clinic)
    goal = needs.set_goal(
        db,
        plan,
        text="Jag vill orka gå till affären",
        measure="Gått 1 200 meter",
        review_on=date(2026, 12, 1),
        activities=[needs.PlannedActivity("Promenad", "fem dagar i veckan")],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    return goal.id


def rows(db: Session, model: type) -> int:
    db.rollback()
    count = db.scalar(sa.select(sa.func.count()).select_from(model))
    db.commit()
    return int(count or 0)


def test_nine_areas_in_four_domains_with_the_answers_and_nothing_chosen(karin: Human, patient_id: UUID) -> None:
    page = karin.get("staff.needs", patient_id=patient_id)
    assert [words(heading) for heading in page.select(".app-levels h3")] == [
        "Fysiskt",
        "Psykiskt",
        "Socialt",
        "Existentiellt",
    ]
    legends = [words(legend) for legend in page.select(".app-levels legend")]
    assert len(legends) == 9
    assert legends[2] == "Sömn Sömnbesvär 5"
    assert legends[5] == "Oro och nedstämdhet Ville inte svara"
    assert legends[8].startswith("Mening och livsfrågor")
    assert not page.select("input[type=radio][checked]")


def test_the_levels_of_the_region_are_described_and_said_to_be_unreviewed(karin: Human, patient_id: UUID) -> None:
    page = karin.get("staff.needs", patient_id=patient_id)
    assert "Texten är inte granskad." in words(page.select_one("details"))


def test_levels_and_goal_are_stored_together(karin: Human, db: Session, clinic: make.Clinic, patient_id: UUID) -> None:
    karin.get("staff.needs", patient_id=patient_id)
    freja = {"what-2": "Ringa och följa upp", "who-2": str(clinic.practitioner["freja"]), "when-2": "18 november"}
    sent = {"level-strength": "particular", "level-meaning": "none", "summary": "Samtal på plats"} | TALK | GOAL | freja
    karin.post("staff.needs", sent, patient_id=patient_id)
    assessment = db.scalars(sa.select(NeedsAssessment)).one()
    assert {row.area: row.level for row in assessment.levels} == {
        "strength": NeedLevel.PARTICULAR,
        "meaning": NeedLevel.NONE,
    }
    assert assessment.response_id is not None
    goal = db.scalars(sa.select(Goal)).one()
    assert (goal.assessment_id, goal.review_on) == (assessment.id, date(2026, 12, 1))
    assert [activity.text for activity in goal.activities] == ["Promenad, 20 minuter", "Ringa och följa upp"]


def test_the_earlier_level_is_said_in_words_and_not_chosen(karin: Human, patient_id: UUID) -> None:
    karin.get("staff.needs", patient_id=patient_id)
    karin.post("staff.needs", {"level-sleep": "basic"} | TALK, patient_id=patient_id)
    page = karin.get("staff.needs", patient_id=patient_id)
    assert "Sömn Sömnbesvär 5. Förra gången: Grundläggande" in page.text
    assert "Förra bedömningen gjorde Karin Lind måndag 16 november." in page.text
    assert not page.select("input[type=radio][checked]")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"review_on-day": "31", "review_on-month": "11"}, "Den dagen finns inte. Kontrollera dag och månad."),
        ({"review_on-year": "2025"}, "Välj en dag efter i dag."),
        ({"review_on-day": "16", "review_on-month": "11"}, "Välj en dag efter i dag."),
        ({"review_on-month": ""}, "Skriv både dag, månad och år."),
        ({"review_on-day": "", "review_on-month": "", "review_on-year": ""}, "Skriv när målet ska följas upp."),
        ({"goal": ""}, "Skriv vad målet är."),
        ({"what-1": ""}, "Skriv vad som ska göras."),
        ({"who-1": "11111111-1111-1111-1111-111111111111"}, "Välj vem som gör det."),
        ({"level-sleep": "terrible"}, "Välj en av nivåerna."),
        ({"goal": "x" * 501}, "Skriv högst 500 tecken."),
        ({"due-1": "i morgon"}, "Skriv dagen som år, månad och dag, till exempel 2026-12-01."),
        ({"due-1": "2026-11-15"}, "Dagen har redan varit. Välj i dag eller senare."),
        ({"who-1": "yrke:barber"}, "Välj vem som gör det."),
        ({"reason": ""}, "Välj varför bedömningen görs nu."),
        ({"reason": "wedding"}, "Välj varför bedömningen görs nu."),
        ({"mode": "letter"}, "Välj hur ni träffades."),
        ({"children": ""}, "Välj om det finns barn, eller att du inte har frågat än."),
        ({"code": "XX999"}, "Koden XX999 är inte inlagd av regionen. Ta bort den, eller be regionen lägga in den."),
        ({"other_code": "zz1"}, "Koden ZZ1 är inte inlagd av regionen. Ta bort den, eller be regionen lägga in den."),
        ({"refer_to": "physiotherapist"}, "Skriv vad du vill ha hjälp med."),
        ({"refer_to": "barber", "question": "Klippning?"}, "Välj vem remissen går till."),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_typed_is_lost(
    karin: Human, db: Session, patient_id: UUID, wrong: dict[str, str], sentence: str
) -> None:
    karin.get("staff.needs", patient_id=patient_id)
    sent = {"level-strength": "basic", "summary": "Samtal"} | TALK | GOAL | wrong
    page = karin.post("staff.needs", sent, patient_id=patient_id, expect=422)
    listed = [words(entry) for entry in page.select(".nhsuk-error-summary li")]
    assert listed == [sentence]
    target = page.select_one(".nhsuk-error-summary a")["href"].removeprefix("#")
    assert page.find(id=target) is not None
    assert page.select_one("#goal").get("value", "") == sent["goal"]
    assert page.select_one("#when-1")["value"] == GOAL["when-1"]
    assert page.select_one("#review_on").get("value", "") == sent["review_on-day"]
    assert page.select_one("#summary").text.strip() == "Samtal"
    assert [box["value"] for box in page.select("input[name=level-strength][checked]")] == ["basic"]
    assert rows(db, NeedsAssessment) == rows(db, Goal) == 0


def test_an_empty_page_is_not_saved(karin: Human, db: Session, patient_id: UUID) -> None:
    karin.get("staff.needs", patient_id=patient_id)
    page = karin.post("staff.needs", {}, patient_id=patient_id, expect=422)
    assert "Sätt minst en nivå, eller skriv ett mål." in page.text
    assert rows(db, AreaLevel) == 0


def test_a_row_more_is_added_without_saving(karin: Human, db: Session, patient_id: UUID) -> None:
    karin.get("staff.needs", patient_id=patient_id)
    three = {f"{part}-{number}": "" for part in ("what", "who", "when") for number in (1, 2, 3)}
    page = karin.post("staff.needs", three | GOAL | {"add": "activity"}, patient_id=patient_id, expect=200)
    assert page.find(id="what-4") is not None
    assert page.select_one("#what-1")["value"] == "Promenad, 20 minuter"
    assert rows(db, Goal) == 0


def test_from_a_task_one_comes_back_to_it(karin: Human, db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.signed_plan(db, library, clinic)
    task_id = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"fatigue": 7})).id
    db.commit()
    page = karin.get("staff.case", task_id=task_id)
    karin.open(page.find("a", string="Gör en behovsbedömning först")["href"])
    assert "Mål som finns" not in page.text
    karin.send(karin.url("staff.needs", patient_id=clinic.patient["astrid"], uppgift=task_id), GOAL)
    assert karin.location == karin.url("staff.case", task_id=task_id)
    (goal,) = karin.follow(karin.response).select("h3 + .app-plain li")
    assert words(goal) == "Jag vill orka gå till affären Följs upp tisdag 1 december."


def test_without_a_signed_plan_there_is_nothing_to_assess(karin: Human, clinic: make.Clinic) -> None:
    page = karin.get("staff.needs", patient_id=clinic.patient["bo"])
    assert "Bo har ingen signerad vårdplan hos er." in page.text
    karin.post("staff.needs", {"level-pain": "basic"}, patient_id=clinic.patient["bo"], expect=409)


def test_a_nurse_of_another_unit_gets_the_same_as_for_nothing(
    lars: Human, db: Session, library: Library, clinic: make.Clinic
) -> None:
    goal_id = goal_of(db, library, clinic)
    lars.get("staff.needs", patient_id=clinic.patient["astrid"], expect=404)
    lars.get("staff.goal_review", goal_id=goal_id, expect=404)
    lars.post("staff.goal_review", {"outcome": "achieved", "following": "end"}, goal_id=goal_id, expect=404)


def test_a_goal_is_reviewed_from_the_list(
    karin: Human, db: Session, library: Library, clinic: make.Clinic, clock: Clock
) -> None:
    goal_id = goal_of(db, library, clinic)
    clock.at = make.MONDAY + timedelta(days=17)
    karin = Human(karin.app, "karin")
    listed = karin.get("staff.worklist")
    assert "2 dagar försenad" in listed.text
    karin.client.get(listed.select_one("tbody th[scope=row] a")["href"])
    page = karin.get("staff.goal_review", goal_id=goal_id)
    assert "Promenad" in page.text
    karin.post("staff.goal_review", {"outcome": "achieved", "following": "end"}, goal_id=goal_id)
    assert "Inget väntar på dig just nu." in karin.follow(karin.response).text
    db.rollback()
    assert db.get_one(Goal, goal_id).outcome is GoalOutcome.ACHIEVED
    assert db.scalars(sa.select(Task.status)).all() == ["completed"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"following": "end"}, "Välj hur det gick."),
        ({"outcome": "great", "following": "end"}, "Välj hur det gick."),
        ({"outcome": "achieved"}, "Välj om målet står kvar eller avslutas."),
        ({"outcome": "achieved", "following": "again"}, "Skriv när målet ska följas upp."),
        (
            {
                "outcome": "achieved",
                "following": "again",
                "next_review_on-day": "30",
                "next_review_on-month": "2",
                "next_review_on-year": "2027",
            },
            "Den dagen finns inte. Kontrollera dag och månad.",
        ),
    ],
)
def test_a_review_that_lacks_something_says_what(
    karin: Human, db: Session, library: Library, clinic: make.Clinic, sent: dict[str, str], sentence: str
) -> None:
    goal_id = goal_of(db, library, clinic)
    karin.get("staff.goal_review", goal_id=goal_id)
    page = karin.post("staff.goal_review", sent, goal_id=goal_id, expect=422)
    assert [words(entry) for entry in page.select(".nhsuk-error-summary li")] == [sentence]


def test_a_closed_goal_says_how_it_went(karin: Human, db: Session, library: Library, clinic: make.Clinic) -> None:
    goal_id = goal_of(db, library, clinic)
    karin.get("staff.goal_review", goal_id=goal_id)
    karin.post("staff.goal_review", {"outcome": "partly-achieved", "following": "end"}, goal_id=goal_id)
    page = karin.get("staff.goal_review", goal_id=goal_id)
    assert "Målet är avslutat Delvis nått" in page.text


def test_a_double_click_stores_one_assessment_and_one_goal(karin: Human, db: Session, patient_id: UUID) -> None:
    page = karin.get("staff.needs", patient_id=patient_id)
    sent = {"key": page.select_one("input[name=key]")["value"], "level-strength": "basic"} | TALK | GOAL
    for _click in range(2):
        karin.post("staff.needs", sent, patient_id=patient_id)
    assert (rows(db, NeedsAssessment), rows(db, Goal)) == (1, 1)


def test_a_double_click_moves_a_review_once(karin: Human, db: Session, library: Library, clinic: make.Clinic) -> None:
    goal_id = goal_of(db, library, clinic)
    page = karin.get("staff.goal_review", goal_id=goal_id)
    day = {"next_review_on-day": "11", "next_review_on-month": "1", "next_review_on-year": "2027"}
    sent = {"outcome": "partly-achieved", "following": "again"} | day
    sent["planned_on"] = page.select_one("input[name=planned_on]")["value"]
    for _click in range(2):
        karin.post("staff.goal_review", sent, goal_id=goal_id)
    assert "Uppföljningen är redan sparad." in karin.follow(karin.response).text
    assert rows(db, Task) == 2
