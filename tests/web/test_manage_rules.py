"""The manager's limits: read, changed, tried, proposed; and decided by a second manager."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.config import Settings
from careplan.db import make_sessions
from careplan.jobs import Worker
from careplan.library import Library
from careplan.models import RuleVersion
from tests import stories
from tests.conftest import Clock
from tests.make import Clinic
from tests.people import Human

GIVEN = {"source": "beslut", "do": "save"}


@pytest.fixture
def worker(engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path) -> Worker:
    return Worker(Settings(demo=True, queue_path=tmp_path / "queue.db"), library, make_sessions(engine), clock)


@pytest.fixture
def rule(library: Library) -> tuple[str, str, int]:
    """A yellow rule with one limit: its id, item and limit."""
    return next(
        (rule.id, rule.item, int(rule.when.limit))
        for rule in library.questionnaire(stories.FORM).rules
        if rule.level == "yellow" and hasattr(rule.when, "limit")
    )


def draft_of(mia: Human, rule_id: str, wanted: str, *, do: str = "try", source: str = "beslut", **more: str) -> None:
    page = mia.get("manage.rules_edit", questionnaire_id=stories.FORM)
    seen = {str(field["name"]): str(field["value"]) for field in page.select('input[name="version"]')}
    sent = {f"limit-{rule_id}": wanted, "source": source, "do": do, **seen, **more}
    mia.post("manage.rules_edit", sent, questionnaire_id=stories.FORM)


def version(db: Session) -> RuleVersion | None:
    """The newest as it is stored; no transaction stays open."""
    db.expire_all()
    found = db.scalars(sa.select(RuleVersion).order_by(RuleVersion.number.desc())).first()
    if found is not None:
        db.expunge(found)
    db.rollback()
    return found


def test_from_a_limit_to_a_decision(
    db: Session,
    library: Library,
    clinic: Clinic,
    rule: tuple[str, str, int],
    worker: Worker,
    mia: Human,
    mats: Human,
    karin: Human,
    lars: Human,
) -> None:
    rule_id, item, limit = rule
    stories.signed_plan(db, library, clinic)
    response = stories.sent(db, library, clinic, "astrid", {item: limit})
    db.commit()
    draft_of(mia, rule_id, str(limit + 1))
    page = mia.follow(mia.page)
    assert "Räknar: 0 av" in page.text
    assert mia.response.headers["Refresh"] == "2"
    worker.try_rules()
    page = mia.get("manage.rules_trial", version_id=version(db).id)
    assert "Refresh" not in mia.response.headers
    assert "Provat på 1 svar från det senaste året." in page.text
    assert "1 svar: från ses till ingen flagga" in page.text
    assert response.receipt in page.text
    assert "Astrid" not in page.text
    mia.post("manage.rules_trial", {"reason": "För många", "version": version(db).version}, version_id=version(db).id)
    assert "Ditt förslag väntar på en annan chef" in mia.get("manage.rules").text
    assert "väntar på ditt beslut" not in mia.get("manage.home").text
    assert "väntar på ditt beslut" in mats.get("manage.home").text
    assert "Astrid" in karin.get("staff.rules_trial", version_id=version(db).id).text
    assert "Nya gränser är föreslagna" in karin.get("staff.patients").text
    lars.get("staff.rules_trial", version_id=version(db).id, expect=404)
    mia.get("manage.rules_proposal", version_id=version(db).id)
    mia.post(
        "manage.rules_proposal",
        {"do": "approve", "version": version(db).version},
        version_id=version(db).id,
        expect=403,
    )
    assert "Förslag av Mia Sand att ta ställning till" in mats.get("manage.rules").text
    page = mats.get("manage.rules_proposal", version_id=version(db).id)
    assert "För många" in page.text
    mats.post("manage.rules_proposal", {"do": "approve", "version": version(db).version}, version_id=version(db).id)
    assert "Enhetens egna, version 1" in mats.get("manage.rules").text
    assert version(db).status == "active"
    mats.post("manage.rules_retire", {"version": version(db).version}, questionnaire_id=stories.FORM)
    assert version(db).status == "retired"


def test_a_warning_where_nobody_would_keep_up(
    db: Session, library: Library, clinic: Clinic, rule: tuple[str, str, int], worker: Worker, mia: Human
) -> None:
    rule_id, item, limit = rule
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {item: limit})
    db.commit()
    draft_of(mia, rule_id, str(limit - 1))
    worker.try_rules()
    page = mia.get("manage.rules_trial", version_id=version(db).id)
    assert "100 % av svaren skulle flaggas. Mer än 15 % är svårt att hinna med." in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"limit-{rule}": "sju"}, "Skriv gränsen som ett tal."),
        ({"limit-{rule}": "11"}, "utanför skalan"),
        ({"limit-{rule}": "6", "source": ""}, "Skriv varifrån de nya gränserna kommer"),
        ({"item": "nobody", "limit": "3"}, "Välj vad den nya gränsen gäller."),
        ({"item": "{item}", "limit": ""}, "Skriv gränsen som ett tal."),
        ({"item": "{item}", "limit": "99"}, "utanför skalan"),
        ({"level-{rule}": "purple"}, "Välj en nivå."),
    ],
)
def test_what_cannot_be_a_limit_is_said_and_nothing_is_lost(
    db: Session, rule: tuple[str, str, int], mia: Human, sent: dict, said: str
) -> None:
    rule_id, item, _limit = rule
    filled = {name.format(rule=rule_id): text.format(item=item) for name, text in (GIVEN | sent).items()}
    mia.get("manage.rules_edit", questionnaire_id=stories.FORM)
    page = mia.post("manage.rules_edit", filled, questionnaire_id=stories.FORM, expect=422)
    assert said in page.text
    assert version(db) is None


def test_a_new_limit_for_two_times_in_a_row_and_one_taken_away(
    db: Session, library: Library, rule: tuple[str, str, int], mia: Human
) -> None:
    rule_id, item, _limit = rule
    draft_of(
        mia, rule_id, "6", do="save", item=item, kind="twice", limit="5", level="yellow", **{f"remove-{rule_id}": "y"}
    )
    nodes = {node["id"]: node for node in version(db).rules}
    assert rule_id not in nodes
    assert nodes[f"{item}-unit-1"]["when"] == {"item": item, "at_least": 5, "in_a_row": 2}
    assert nodes[f"{item}-unit-1"]["owner"] == "Bröstmottagningen"
    page = mia.get("manage.rules_edit", questionnaire_id=stories.FORM)
    assert "minst 5 av 10, 2 gånger i rad" in page.text
    mia.post("manage.rules_edit", {"do": "drop", "version": version(db).version}, questionnaire_id=stories.FORM)
    assert version(db).status == "dropped"


def test_a_draft_that_somebody_else_changed_is_not_overwritten(
    db: Session, rule: tuple[str, str, int], mia: Human, mats: Human
) -> None:
    rule_id, _item, _limit = rule
    draft_of(mia, rule_id, "6", do="save")
    mats.get("manage.rules_edit", questionnaire_id=stories.FORM)
    draft_of(mia, rule_id, "5", do="save")
    sent = {f"limit-{rule_id}": "8", "source": "beslut", "do": "save", "version": "1"}
    mats.post("manage.rules_edit", sent, questionnaire_id=stories.FORM, expect=409)


def test_no_unit_sees_or_decides_on_anothers_rules(
    db: Session, clinic: Clinic, rule: tuple[str, str, int], mia: Human, karin: Human, edith: Human
) -> None:
    draft_of(mia, rule[0], "6", do="save")
    found = version(db)
    for human in (karin, edith):
        human.get("manage.rules_trial", version_id=found.id, expect={403, 404})
    db.execute(sa.update(RuleVersion).values(unit_id=clinic.other_unit.id))
    db.commit()
    mia.get("manage.rules_trial", version_id=found.id, expect=404)
    mia.get("manage.rules_proposal", version_id=found.id, expect=404)


def test_the_patient_can_read_which_answers_are_seen_first(
    db: Session, library: Library, clinic: Clinic, astrid: Human
) -> None:
    draft = stories.asked(db, library, clinic, clinic.patient["astrid"], stories.FORM)
    request_id = draft.request_id
    db.commit()
    page = astrid.get("patient.start", request_id=request_id)
    assert "Vilka svar ses först?" in page.text
    assert "minst 7 av 10" in page.text
