"""A unit's own rules: tried on its answers, decided by a second person, and never coloured back."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import rules
from careplan.config import Settings
from careplan.db import make_sessions
from careplan.domain.questionnaire import Questionnaire, answered
from careplan.domain.triage import Level, evaluate
from careplan.jobs import Worker
from careplan.library import Library
from careplan.library.unit_rules import InvalidRules, compile_rules, fits, nodes_of, with_rules
from careplan.models import AuditEvent, Flag, RuleTrial, RuleVersion, Task
from careplan.queries.answers import unit_rules
from tests import stories
from tests.conftest import Clock
from tests.make import MONDAY, Clinic


@pytest.fixture
def form(library: Library) -> Questionnaire:
    return library.questionnaire(stories.FORM)


@pytest.fixture
def worker(engine: sa.Engine, library: Library, clock: Clock, tmp_path: Path) -> Worker:
    return Worker(Settings(demo=True, queue_path=tmp_path / "queue.db"), library, make_sessions(engine), clock)


def limit(nodes: list, rule_id: str, at_least: int) -> list:
    """The same nodes with another limit in this one."""
    return [
        node | {"when": node["when"] | {"at_least": at_least}, "source": "beslut 2026-11"}
        if node["id"] == rule_id
        else node
        for node in nodes
    ]


def proposed(db: Session, clinic: Clinic, form: Questionnaire, worker: Worker, nodes: list) -> RuleVersion:
    mia = clinic.actor["mia"]
    draft = rules.open_draft(db, with_rules(form, unit_rules(db, clinic.unit.id, form.id)), by=mia, at=MONDAY)
    rules.save(db, draft, form, nodes, seen=draft.version, by=mia, at=MONDAY)
    rules.try_out(db, draft, by=mia, at=MONDAY)
    db.commit()
    worker.try_rules()
    db.expire_all()
    rules.propose(db, draft, reason="För många flaggor", seen=draft.version, by=mia, at=MONDAY)
    db.commit()
    return draft


def yellow(form: Questionnaire) -> tuple[str, str, int]:
    """A yellow rule with one limit, on what no red rule looks at: its id, item and limit."""
    red = {node["item"] for node in nodes_of(form.rules) if node["level"] == "red"}
    return next(
        (node["id"], node["item"], node["when"]["at_least"])
        for node in nodes_of(form.rules)
        if node["level"] == "yellow" and node["item"] not in red and set(node["when"]) == {"item", "at_least"}
    )


def test_the_rules_of_every_form_survive_being_written_down(library: Library) -> None:
    for form in library.questionnaires.values():
        assert compile_rules(form, nodes_of(form.rules)) == form.rules


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"when": {"item": "nobody", "at_least": 3}}, "unknown item 'nobody'"),
        ({"when": {"item": "{item}", "at_least": 11}}, "outside the scale"),
        ({"when": {"item": "{item}", "worse_than_usual_by": 0}}, "must be more than 0"),
        ({"when": {"item": "{item}", "worse_by": 11}}, "more than the whole scale"),
        ({"when": {"item": "{item}", "at_least": 5, "in_a_row": 9}}, "from 2 to 4"),
        ({"when": {"item": "{item}", "sql": "1=1"}}, "unknown rule"),
        ({"item": "nobody"}, "unknown item 'nobody'"),
        ({"level": "purple"}, "red"),
        ({"source": ""}, "at least 1 character"),
    ],
)
def test_rules_that_cannot_be_are_refused(form: Questionnaire, change: dict, said: str) -> None:
    node = nodes_of(form.rules)[0]
    if "when" in change:
        change = {"when": {key: node["item"] if value == "{item}" else value for key, value in change["when"].items()}}
    with pytest.raises(InvalidRules) as refused:
        compile_rules(form, [node | change])
    assert said in str(refused.value)
    assert {index for index, _message in refused.value.problems} == {0}


def test_two_rules_of_one_name_are_refused(form: Questionnaire) -> None:
    node = nodes_of(form.rules)[0]
    with pytest.raises(InvalidRules, match="two rules are called"):
        compile_rules(form, [node, node])


def test_approved_rules_count_for_what_is_sent_after_and_old_flags_stay(
    db: Session, library: Library, clinic: Clinic, form: Questionnaire, worker: Worker
) -> None:
    rule_id, item, at = yellow(form)
    stories.signed_plan(db, library, clinic)
    before = stories.sent(db, library, clinic, "astrid", {item: at})
    db.commit()
    version = proposed(db, clinic, form, worker, limit(nodes_of(form.rules), rule_id, at + 1))
    rules.approve(db, version, form, seen=version.version, by=clinic.actor["mats"], at=MONDAY)
    db.commit()
    own = with_rules(form, unit_rules(db, clinic.unit.id, form.id))
    assert own.rules_id == str(version.id)
    assert evaluate(own, {item: answered(at)}, {}, None) == []
    assert with_rules(form, unit_rules(db, clinic.other_unit.id, form.id)) is form
    flags = db.scalars(sa.select(Flag).where(Flag.response_id == before.id)).all()
    assert [(flag.rule_id, flag.rule_version_id) for flag in flags] == [(rule_id, None)]


def test_a_flag_says_which_version_raised_it(
    db: Session, library: Library, clinic: Clinic, form: Questionnaire, worker: Worker
) -> None:
    rule_id, item, at = yellow(form)
    stories.signed_plan(db, library, clinic)
    version = proposed(db, clinic, form, worker, limit(nodes_of(form.rules), rule_id, at - 2))
    rules.approve(db, version, form, seen=version.version, by=clinic.actor["mats"], at=MONDAY)
    db.commit()
    response = stories.sent(db, library, clinic, "astrid", {item: at - 2})
    flag = db.scalars(sa.select(Flag).where(Flag.response_id == response.id)).one()
    assert (flag.rule_id, flag.rule_version_id, flag.level) == (rule_id, version.id, Level.YELLOW)
    assert db.scalars(sa.select(Task).where(Task.response_id == response.id)).one().level is Level.YELLOW


def test_nobody_decides_on_what_they_wrote(db: Session, clinic: Clinic, form: Questionnaire, worker: Worker) -> None:
    version = proposed(db, clinic, form, worker, nodes_of(form.rules)[1:])
    with pytest.raises(rules.OwnProposal):
        rules.approve(db, version, form, seen=version.version, by=clinic.actor["mia"], at=MONDAY)
    with pytest.raises(rules.OwnProposal):
        rules.give_back(db, version, answer="nej", seen=version.version, by=clinic.actor["mia"], at=MONDAY)


def test_what_is_not_tried_as_it_stands_is_not_proposed(
    db: Session, clinic: Clinic, form: Questionnaire, worker: Worker
) -> None:
    mia, nodes = clinic.actor["mia"], nodes_of(form.rules)
    draft = rules.open_draft(db, form, by=mia, at=MONDAY)
    rules.try_out(db, draft, by=mia, at=MONDAY)
    db.commit()
    assert worker.try_rules() == 1
    assert worker.try_rules() == 0
    db.expire_all()
    rules.save(db, draft, form, nodes[1:], seen=draft.version, by=mia, at=MONDAY)
    with pytest.raises(rules.NotTried):
        rules.propose(db, draft, reason="färre", seen=draft.version, by=mia, at=MONDAY)
    db.rollback()
    with pytest.raises(rules.MissingAnswer):
        rules.propose(db, draft, reason=" ", seen=draft.version, by=mia, at=MONDAY)


def test_two_who_decide_at_once_decide_once(db: Session, clinic: Clinic, form: Questionnaire, worker: Worker) -> None:
    version = proposed(db, clinic, form, worker, nodes_of(form.rules)[1:])
    seen = version.version
    rules.approve(db, version, form, seen=seen, by=clinic.actor["mats"], at=MONDAY)
    with pytest.raises(rules.RulesChanged):
        rules.give_back(db, version, answer="nej", seen=seen, by=clinic.actor["mats"], at=MONDAY)


def test_one_version_counts_at_a_time_and_one_step_goes_back(
    db: Session, clinic: Clinic, form: Questionnaire, worker: Worker
) -> None:
    for nodes in (nodes_of(form.rules)[1:], nodes_of(form.rules)[2:]):
        version = proposed(db, clinic, form, worker, nodes)
        rules.approve(db, version, form, seen=version.version, by=clinic.actor["mats"], at=MONDAY)
        db.commit()
    versions = db.scalars(sa.select(RuleVersion).order_by(RuleVersion.number)).all()
    assert [(each.number, each.status) for each in versions] == [(1, "retired"), (2, "active")]
    rules.retire(db, versions[1], seen=versions[1].version, by=clinic.actor["mia"], at=MONDAY)
    assert unit_rules(db, clinic.unit.id, form.id) is None


def test_rules_that_no_longer_fit_the_form_give_way_to_its_own(clinic: Clinic, form: Questionnaire) -> None:
    node = nodes_of(form.rules)[0] | {"item": "asked-no-more", "when": {"item": "asked-no-more", "at_least": 3}}
    version = RuleVersion(id=clinic.unit.id, questionnaire_id=form.id, rules=[node])
    assert with_rules(form, version) is form
    assert not fits(form, version)


def test_a_trial_counts_what_a_plain_count_counts(
    db: Session, library: Library, clinic: Clinic, form: Questionnaire, worker: Worker
) -> None:
    """Some weeks of answers of two people, counted again one by one."""
    rule_id, item, at = yellow(form)
    row = {"item": item, "at_least": at - 2, "in_a_row": 2}
    nodes = [
        *limit(nodes_of(form.rules), rule_id, at + 1),
        nodes_of(form.rules)[0] | {"id": "twice", "when": row, "item": item, "level": "yellow"},
    ]
    given = {"astrid": [at, at - 2, at - 1, 0, at + 1], "bo": [at - 2, at - 3, at]}
    for name, values in given.items():
        stories.signed_plan(db, library, clinic, name)
        for week, value in enumerate(values):
            stories.sent(db, library, clinic, name, {item: value}, at=MONDAY - timedelta(weeks=len(values) - week))
    db.commit()
    draft = rules.open_draft(db, form, by=clinic.actor["mia"], at=MONDAY)
    rules.save(db, draft, form, nodes, seen=draft.version, by=clinic.actor["mia"], at=MONDAY)
    trial = rules.try_out(db, draft, by=clinic.actor["mia"], at=MONDAY)
    assert rules.try_out(db, draft, by=clinic.actor["mia"], at=MONDAY) is trial
    db.commit()
    worker.try_rules()
    db.expire_all()
    result = db.get_one(RuleTrial, trial.id).result
    counted: dict[str, Counter] = {"now": Counter(), "proposed": Counter()}
    for values in given.values():
        for number, value in enumerate(values):
            twice = number > 0 and min(value, values[number - 1]) >= at - 2
            counted["now"]["yellow"] += at <= value
            counted["proposed"]["yellow"] += value >= at + 1 or twice
    assert result["responses"] == sum(map(len, given.values()))
    for which, numbers in counted.items():
        assert (result[which]["red"], result[which]["yellow"]) == (0, numbers["yellow"]), which
        assert sum(result[which]["weeks"].values()) == numbers["yellow"]
    logged = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "try-rules", AuditEvent.capacity == "system"))
    assert len(logged.all()) == 1


@pytest.mark.slow
def test_a_trial_of_a_year_of_answers_counts_what_a_plain_count_counts(
    db: Session, library: Library, clinic: Clinic, form: Questionnaire, worker: Worker
) -> None:
    """Fifty weeks of two people, every answer drawn by lot; each week counted again with nothing but comparisons."""
    lot = Random(20261116)
    rule_id, item, at = yellow(form)
    limit_now, limit_then = at, at - 2
    given: dict[str, list[int]] = {name: [lot.randint(0, 10) for _week in range(50)] for name in ("astrid", "bo")}
    for name, values in given.items():
        stories.signed_plan(db, library, clinic, name, at=MONDAY - timedelta(weeks=51))
        for week, value in enumerate(values):
            stories.sent(db, library, clinic, name, {item: value}, at=MONDAY - timedelta(weeks=50 - week))
    db.commit()
    draft = rules.open_draft(db, form, by=clinic.actor["mia"], at=MONDAY)
    rules.save(
        db, draft, form, limit(nodes_of(form.rules), rule_id, limit_then), seen=1, by=clinic.actor["mia"], at=MONDAY
    )
    trial_id = rules.try_out(db, draft, by=clinic.actor["mia"], at=MONDAY).id
    db.commit()
    worker.try_rules()
    db.expire_all()
    result = db.get_one(RuleTrial, trial_id).result
    flagged = {name: Counter[str]() for name in ("now", "proposed")}
    moved = 0
    for values in given.values():
        for week, value in enumerate(values):
            sent_on = (MONDAY - timedelta(weeks=50 - week)).date()
            monday = (sent_on - timedelta(days=sent_on.weekday())).isoformat()
            flagged["now"][monday] += value >= limit_now
            flagged["proposed"][monday] += value >= limit_then
            moved += (value >= limit_now) != (value >= limit_then)
    assert result["responses"] == 100
    for name, weeks in flagged.items():
        assert result[name]["weeks"] == {monday: number for monday, number in weeks.items() if number}
        assert (result[name]["red"], result[name]["yellow"]) == (0, weeks.total())
    assert result["moves"] == [[None, "yellow", moved]]
    assert len(result["changed"]) == moved
