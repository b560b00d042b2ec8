"""Believable answers: trouble rises with treatment, lingers from week to week, and now and then crosses a limit."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from careplan.domain.answers import DECLINED, Answer, Answers, answered
from careplan.domain.conditions import Direction, holds, items_of
from careplan.domain.questionnaire import Item, ItemType, Questionnaire, settled, visible_questions
from careplan.domain.scoring import compute
from careplan.domain.triage import Level, RaisedFlag, Rule, evaluate

LINGERS = 0.75  # how much of last time's deviation is left
RISE_DAYS, FADE_DAYS = 28, 60
DECLINES, REMARKS = 0.01, 0.08
MOST_STEPS = 60


class Target(StrEnum):
    """What a form shall come to; `natural` is whatever the answers make it, with few reds."""

    CALM = "calm"
    YELLOW = "yellow"
    RED = "red"
    NATURAL = "natural"


@dataclass
class Course:
    """One patient's trouble over time. `treatment` holds first and last day of treatment, counted as the forms are."""

    rng: Random
    tendencies: Mapping[str, Any]
    remarks: list[str]
    treatment: tuple[int, int] | None
    burden: Mapping[str, float] = field(default_factory=dict)
    level: float = 1.0
    deviations: dict[str, float] = field(default_factory=dict)

    def fill(self, q: Questionnaire, day: int, target: Target, previous: Answers | None) -> dict[str, Answer]:
        """Answers to one form, in the order of its questions."""
        answers = self._answers(q, day, {})
        answers = self._aimed(q, day, answers, target, previous)
        order = {item.link_id: place for place, item in enumerate(q.items)}
        return dict(sorted(answers.items(), key=lambda pair: order[pair[0]]))

    def _answers(self, q: Questionnaire, day: int, kept: Mapping[str, Answer]) -> dict[str, Answer]:
        """An answer to each question that is shown; `kept` ones stay. What is hidden falls away."""
        answers: dict[str, Answer] = {}
        for item in q.items:
            if not all(holds(condition, answers, {}, None) for condition in q.conditions(item)):
                continue
            answer = kept.get(item.link_id) or self._answer(q, item, day)
            if answer is not None:
                answers[item.link_id] = answer
        return answers

    def _answer(self, q: Questionnaire, item: Item, day: int) -> Answer | None:
        match item.type:
            case ItemType.SCALE | ItemType.VAS:
                if item.declinable and self.rng.random() < DECLINES:
                    return DECLINED
                return answered(self._on_scale(q, item, day))
            case ItemType.CHOICE:
                calm = _calm_options(q, item)
                return answered(calm[0] if self.rng.random() < 0.7 else self.rng.choice(calm))
            case ItemType.CHOICES:
                alone = [option.value for option in item.options if option.exclusive]
                if alone and self.rng.random() < 0.4:
                    return answered((self.rng.choice(alone),))
                others = [option.value for option in item.options if not option.exclusive]
                chosen = self.rng.sample(others, k=min(len(others), self.rng.choice((1, 1, 2))))
                return answered(tuple(value for value in others if value in chosen))
            case ItemType.TEXT:
                return answered(self.rng.choice(self.remarks)) if self.rng.random() < REMARKS else None
            case _:
                return None

    def _on_scale(self, q: Questionnaire, item: Item, day: int) -> int:
        assert item.scale is not None
        named = self.tendencies.get(q.id, {})
        before, added = named.get(item.link_id, self.tendencies["else"])
        last = self.deviations.get(item.link_id, self.rng.gauss(0, 1.2))
        deviation = LINGERS * last + self.rng.gauss(0, 0.8)
        self.deviations[item.link_id] = deviation
        trouble = (before + added * self._effect(day)) * self.level + self.burden.get(item.link_id, 0) + deviation
        share = min(max(trouble / 10, 0.0), 1.0)
        if item.higher_means is Direction.BETTER:
            share = 1 - share
        return round(item.scale.min + share * (item.scale.max - item.scale.min))

    def _effect(self, day: int) -> float:
        if self.treatment is None:
            return 0.0
        first, last = self.treatment
        if day < first:
            return 0.0
        risen = min(1.0, (min(day, last) - first) / RISE_DAYS)
        return risen if day <= last else risen * math.exp(-(day - last) / FADE_DAYS)

    def _aimed(
        self, q: Questionnaire, day: int, answers: dict[str, Answer], target: Target, previous: Answers | None
    ) -> dict[str, Answer]:
        flags = _flags(q, answers, previous)
        if target is Target.NATURAL:
            if _level(flags) is Level.RED and self.rng.random() < 0.8:
                return self._calmed(q, day, answers, previous)
            return answers
        if _level(flags) == _WANTED[target]:
            return answers
        answers = self._calmed(q, day, answers, previous)
        if target is Target.CALM:
            return answers
        level = Level(target.value)
        rules = [rule for rule in q.rules if rule.level is level]
        self.rng.shuffle(rules)
        for rule in rules:
            raised = self._raised(q, day, answers, rule, previous)
            if _level(_flags(q, raised, previous)) is level:
                return raised
        return answers

    def _calmed(
        self, q: Questionnaire, day: int, answers: dict[str, Answer], previous: Answers | None
    ) -> dict[str, Answer]:
        """Eased step by step until no rule holds."""
        for _ in range(MOST_STEPS):
            flags = _flags(q, answers, previous)
            if not flags:
                break
            rule = next(rule for rule in q.rules if rule.id == flags[0].rule_id)
            eased = answers | {
                item.link_id: _stepped(q, item, answers[item.link_id], -1)
                for item in _items(q, rule)
                if item.link_id in answers
            }
            answers = self._answers(q, day, eased)
        return answers

    def _raised(
        self, q: Questionnaire, day: int, answers: dict[str, Answer], rule: Rule, previous: Answers | None
    ) -> dict[str, Answer]:
        """Made worse step by step in what the rule looks at, until its level is reached or there is no worse."""
        for _ in range(MOST_STEPS):
            if _level(_flags(q, answers, previous)) is not None:
                break
            worse = answers | {
                item.link_id: _stepped(q, item, answers[item.link_id], 1)
                for item in _items(q, rule)
                if item.link_id in answers
            }
            if worse == answers:
                break
            answers = self._answers(q, day, worse)
            if rule.level is Level.RED and _level(_flags(q, answers, previous)) is Level.YELLOW:
                answers = self._answers(q, day, answers | _to_the_worst(q, rule, answers))
        return answers


_WANTED = {Target.CALM: None, Target.YELLOW: Level.YELLOW, Target.RED: Level.RED}


def _flags(q: Questionnaire, answers: Answers, previous: Answers | None) -> list[RaisedFlag]:
    complete = settled(q, answers)
    return evaluate(q, complete, compute(q, complete), previous)


def _level(flags: list[RaisedFlag]) -> Level | None:
    return flags[0].level if flags else None


def _items(q: Questionnaire, rule: Rule) -> list[Item]:
    scores = {scale.id: scale.items for scale in q.scores}
    named = set(items_of(rule.when)) | set(scores.get(rule.item, ()))
    return [item for item in q.questions if item.link_id in named]


def _stepped(q: Questionnaire, item: Item, answer: Answer, step: int) -> Answer:
    """One step worse (1) or easier (-1), on a fine scale a tenth of it."""
    if item.scale is not None:
        step *= max(1, (item.scale.max - item.scale.min) // 10)
        number = answer.number
        if number is None:
            number = item.scale.min if item.higher_means is not Direction.BETTER else item.scale.max
        towards = -step if item.higher_means is Direction.BETTER else step
        return answered(int(min(max(number + towards, item.scale.min), item.scale.max)))
    if item.type is ItemType.CHOICE:
        calm = _calm_options(q, item)
        loud = [option.value for option in item.options if option.value not in calm]
        return answered(loud[0] if step > 0 and loud else calm[0])
    return answer


def _to_the_worst(q: Questionnaire, rule: Rule, answers: Answers) -> dict[str, Answer]:
    """From yellow on to the level of a red rule about the same thing."""
    worst = {}
    for item in _items(q, rule):
        if item.scale is None or item.link_id not in answers:
            continue
        answer = answers[item.link_id]
        for _ in range(item.scale.max - item.scale.min):
            if holds(rule.when, answers | {item.link_id: answer}, {}, None):
                break
            answer = _stepped(q, item, answer, 1)
        worst[item.link_id] = answer
    return worst


def _calm_options(q: Questionnaire, item: Item) -> list[str]:
    """The options that make no rule hold by themselves."""
    values = [option.value for option in item.options]
    calm = [
        value
        for value in values
        if not any(holds(rule.when, {item.link_id: answered(value)}, {}, None) for rule in q.rules)
    ]
    return calm or values


def wishes_of(q: Questionnaire, answers: Answers, rng: Random) -> tuple[str, ...]:
    """What the patient wants help with most: what is hardest."""
    offered = [item for item in visible_questions(q, answers) if item.wish and item.scale is not None]
    hard = sorted(offered, key=lambda item: -_trouble(item, answers))
    hard = [item for item in hard if _trouble(item, answers) >= 0.4]
    return tuple(item.link_id for item in hard[: rng.choice((0, 1, 1, 2))])


def _trouble(item: Item, answers: Answers) -> float:
    number = answers[item.link_id].number if item.link_id in answers else None
    if number is None or item.scale is None:
        return 0.0
    share = (number - item.scale.min) / (item.scale.max - item.scale.min)
    return 1 - share if item.higher_means is Direction.BETTER else share
