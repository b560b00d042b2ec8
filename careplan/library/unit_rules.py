"""A unit's own rules for a form: read as those of a questionnaire's file are, and put in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from careplan.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    InARow,
    Is,
    Not,
    ScoreAtLeast,
    WorseBy,
    WorseThanUsual,
)
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.triage import Rule
from careplan.library.binding import unverified_rules
from careplan.library.document import Document
from careplan.library.problems import Problem
from careplan.library.rules import ConditionReader
from careplan.library.schema import RuleModel
from careplan.models import RuleVersion

_MODELS = TypeAdapter(list[RuleModel])

# By version and form, neither of which changes once it is in force.
_COMPILED: dict[tuple[UUID, str], Questionnaire] = {}
_MOST_COMPILED = 500


class InvalidRules(CareplanError):
    """`problems`: which rule (counted from 0; None for all of them), and what is wrong with it."""

    def __init__(self, problems: Sequence[tuple[int | None, str]]) -> None:
        super().__init__("; ".join(message for _index, message in problems))
        self.problems = tuple(problems)


def compile_rules(q: Questionnaire, nodes: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules that these nodes say. Raises InvalidRules: an item that the form has not, a limit outside its scale."""
    try:
        models = _MODELS.validate_python(list(nodes))
    except ValidationError as error:
        raise InvalidRules([(_rule_of(detail["loc"]), detail["msg"]) for detail in error.errors()]) from error
    items = {item.link_id: item for item in q.items if not q.repeats(item)}
    scores = frozenset(scale.id for scale in q.scores)
    document = Document("", {}, {("rules", index): index for index in range(len(models))})
    reader = ConditionReader(document, items, scores, "unknown item '{item}'")
    problems: list[Problem] = []
    rules = []
    for index, model in enumerate(models):
        if model.item not in items and model.item not in scores:
            problems.append(document.problem(("rules", index), f"unknown item '{model.item}'"))
        if [other.id for other in models].count(model.id) > 1:
            problems.append(document.problem(("rules", index), f"two rules are called '{model.id}'"))
        condition = reader.read(model.when, ("rules", index))
        if condition is not None:
            rules.append(Rule(model.id, model.level, condition, model.item, model.owner, model.source))
    problems += reader.problems
    if q.instrument is not None and not problems:
        problems += unverified_rules(rules, models, q.scores, document)
    if problems:
        raise InvalidRules([(problem.line, problem.message) for problem in problems])
    return tuple(rules)


def with_rules(q: Questionnaire, version: RuleVersion | None) -> Questionnaire:
    """The form with the unit's rules; as it came where the unit has none, or none that fit this version of the form.

    Rules may look at a question that a newer form no longer asks. Then those count that were written for that form:
    no answer waits for a manager. `fits` tells the manager.
    """
    if version is None:
        return q
    key = (version.id, q.hash)
    if key not in _COMPILED:
        if len(_COMPILED) >= _MOST_COMPILED:
            _COMPILED.clear()
        try:
            _COMPILED[key] = replace(q, rules=compile_rules(q, version.rules), rules_id=str(version.id))
        except InvalidRules:
            _COMPILED[key] = q
    return _COMPILED[key]


def fits(q: Questionnaire, version: RuleVersion) -> bool:
    return bool(with_rules(q, version).rules_id)


def _rule_of(place: Sequence[int | str]) -> int | None:
    return next((part for part in place if isinstance(part, int)), None)


def nodes_of(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules as they are written in a file: what a manager starts from."""
    return [
        {
            "id": rule.id,
            "level": rule.level.value,
            "when": _node(rule.when),
            "item": rule.item,
            "owner": rule.owner,
            "source": rule.source,
        }
        for rule in rules
    ]


def _node(condition: Condition) -> dict[str, Any]:
    match condition:
        case Compare(item, comparison, limit):
            return {"item": item, comparison.value: limit}
        case InARow(item, comparison, limit, times):
            return {"item": item, comparison.value: limit, "in_a_row": times}
        case Is(item, values):
            return {"item": item, "any_of": list(values)}
        case WorseBy(item, by, _):
            return {"item": item, "worse_by": by}
        case WorseThanUsual(item, by, _):
            return {"item": item, "worse_than_usual_by": by}
        case ScoreAtLeast(score, limit):
            return {"score": score, "at_least": limit}
        case AllOf(parts):
            return {"all": [_node(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_node(part) for part in parts]}
        case Not(part):
            return {"not": _node(part)}
