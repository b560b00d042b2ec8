"""Reasons to look: which rules hold for a set of answers, and how a rule says itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from careplan.domain.answers import UNANSWERED, Answers, Value
from careplan.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Direction,
    InARow,
    Is,
    Not,
    ScoreAtLeast,
    WorseBy,
    WorseThanUsual,
    holds,
    items_of,
    looks_back,
    scores_of,
)
from careplan.domain.questionnaire import figure, settled, text_in

if TYPE_CHECKING:
    from careplan.domain.questionnaire import Item, Questionnaire


class Level(StrEnum):
    RED = "red"
    YELLOW = "yellow"


class Graded(Protocol):
    """A flag, as it is raised or as it stood."""

    @property
    def level(self) -> Level: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """`item` is what the flag is about: an item or a score."""

    id: str
    level: Level
    when: Condition
    item: str
    owner: str
    source: str


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A rule that held, and the value it was about (None where that was not answered)."""

    rule_id: str
    level: Level
    item: str
    value: Value | None


def any_red(flags: Iterable[Graded]) -> bool:
    return any(flag.level is Level.RED for flag in flags)


def evaluate(
    q: "Questionnaire",
    answers: Answers,
    scores: Mapping[str, float | None],
    previous: Answers | None,
    before: Sequence[Answers] = (),
) -> list[RaisedFlag]:
    """The flags of a response, red first. A red flag leaves no room for a yellow one about the same thing.

    `previous` are the answers of the last time, `before` those of the times before it, the newest first.
    """
    final = settled(q, answers)
    held = [rule for rule in q.rules if holds(rule.when, final, scores, previous, before)]
    return [_raised(rule, final, scores) for rule in standing(held)]


def standing(held: Sequence[Rule]) -> list[Rule]:
    """Those of the rules that held which raise a flag, red first."""
    red_items = {rule.item for rule in held if rule.level is Level.RED}
    kept = [rule for rule in held if rule.level is Level.RED or rule.item not in red_items]
    kept.sort(key=lambda rule: rule.level is not Level.RED)
    return kept


def furthest_back(rules: Sequence[Rule]) -> int:
    """How many earlier responses these rules have to be shown; one at least, for the words of the list compare."""
    return max((looks_back(rule.when) for rule in rules), default=1) or 1


def call_now(q: "Questionnaire", answers: Answers, link_id: str) -> RaisedFlag | None:
    """The red rule that the answer to this question makes true, on the answers so far of a draft."""
    settled_answers = settled(q, answers)
    for rule in q.rules:
        if rule.level is Level.RED and link_id in items_of(rule.when) and holds(rule.when, settled_answers, {}, None):
            return _raised(rule, settled_answers, {})
    return None


def looked_at(q: "Questionnaire", level: Level) -> set[str]:
    """The questions that rules of this level look at, by themselves or through a score."""
    conditions = [rule.when for rule in q.rules if rule.level is level]
    scores = {score for condition in conditions for score in scores_of(condition)}
    return {item for condition in conditions for item in items_of(condition)} | {
        item for score in scores for item in q.score(score).items
    }


def red_items(q: "Questionnaire") -> tuple[str, ...]:
    """The questions whose answers decide whether a red flag is raised: what red rules look at, and what opens that."""
    wanted = looked_at(q, Level.RED)
    for question in reversed(q.questions):  # a condition looks at earlier questions only
        if question.link_id in wanted:
            wanted |= q.openers(question)
    return tuple(question.link_id for question in q.questions if question.link_id in wanted)


def say(rule: Rule, q: "Questionnaire", lang: str) -> str:
    """The rule in words: "Andnöd minst 7 av 10"."""
    return _in_words(rule.when, q, _WORDS.get(lang, _WORDS["sv"]), lang)


def _raised(rule: Rule, answers: Answers, scores: Mapping[str, float | None]) -> RaisedFlag:
    value = scores[rule.item] if rule.item in scores else answers.get(rule.item, UNANSWERED).value
    return RaisedFlag(rule.id, rule.level, rule.item, value)


_WORDS = {
    "sv": {
        "at_least": "{name} minst {limit}",
        "at_most": "{name} högst {limit}",
        "more-trouble": "{name} minst {by} högre än förra gången",
        "better": "{name} minst {by} lägre än förra gången",
        "more-trouble-usual": "{name} minst {by} högre än den egna vanliga nivån",
        "better-usual": "{name} minst {by} lägre än den egna vanliga nivån",
        "in-a-row": "{said}, {times} gånger i rad",
        "of": "{number} av {max}",
        "is": "{name}: {values}",
        "and": " och ",
        "or": " eller ",
        "not": "inte ({part})",
    },
    "en": {
        "at_least": "{name} at least {limit}",
        "at_most": "{name} at most {limit}",
        "more-trouble": "{name} at least {by} higher than last time",
        "better": "{name} at least {by} lower than last time",
        "more-trouble-usual": "{name} at least {by} higher than the usual level of the same person",
        "better-usual": "{name} at least {by} lower than the usual level of the same person",
        "in-a-row": "{said}, {times} times in a row",
        "of": "{number} of {max}",
        "is": "{name}: {values}",
        "and": " and ",
        "or": " or ",
        "not": "not ({part})",
    },
}


def _in_words(condition: Condition, q: "Questionnaire", words: Mapping[str, str], lang: str) -> str:
    match condition:
        case Compare(link_id, comparison, limit):
            item = q.item(link_id)
            key = "at_least" if comparison is Comparison.AT_LEAST else "at_most"
            return words[key].format(name=text_in(item.short, lang), limit=_limit(item, limit, words, lang))
        case Is(link_id, values):
            item = q.item(link_id)
            chosen = [text_in(option.text, lang) for option in item.options if option.value in values]
            return words["is"].format(name=text_in(item.short, lang), values=words["or"].join(chosen))
        case WorseBy(link_id, by, higher_means):
            key = "more-trouble" if higher_means is Direction.MORE_TROUBLE else "better"
            return words[key].format(name=text_in(q.item(link_id).short, lang), by=figure(by, lang))
        case WorseThanUsual(link_id, by, higher_means):
            key = "more-trouble-usual" if higher_means is Direction.MORE_TROUBLE else "better-usual"
            return words[key].format(name=text_in(q.item(link_id).short, lang), by=figure(by, lang))
        case InARow(link_id, comparison, limit, times):
            said = _in_words(Compare(link_id, comparison, limit), q, words, lang)
            return words["in-a-row"].format(said=said, times=times)
        case ScoreAtLeast(score, limit):
            return words["at_least"].format(name=text_in(q.score(score).title, lang), limit=figure(limit, lang))
        case AllOf(parts):
            return _joined(words["and"], parts, q, words, lang)
        case AnyOf(parts):
            return _joined(words["or"], parts, q, words, lang)
        case Not(part):
            return words["not"].format(part=_in_words(part, q, words, lang))


def _joined(word: str, parts: Sequence[Condition], q: "Questionnaire", words: Mapping[str, str], lang: str) -> str:
    """The parts as one phrase: only its first word keeps a capital, save for abbreviations."""
    first, *rest = (_grouped(part, q, words, lang) for part in parts)
    return word.join([first, *(part if part[:2].isupper() else part[:1].lower() + part[1:] for part in rest)])


def _grouped(part: Condition, q: "Questionnaire", words: Mapping[str, str], lang: str) -> str:
    said = _in_words(part, q, words, lang)
    return f"({said})" if isinstance(part, AllOf | AnyOf) else said


def _limit(item: "Item", limit: int | float, words: Mapping[str, str], lang: str) -> str:
    if item.scale is not None:
        return words["of"].format(number=figure(limit, lang), max=item.scale.max)
    unit = f"\u00a0{text_in(item.unit, lang)}" if item.unit else ""
    return figure(limit, lang) + unit
