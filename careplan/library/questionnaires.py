"""Questionnaire files: from their text to a checked, immutable Questionnaire."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from types import MappingProxyType
from typing import Any

from careplan.domain.answers import DECLINED, Answer
from careplan.domain.binding import Binding
from careplan.domain.errors import CareplanError
from careplan.domain.keys import ScoringKey
from careplan.domain.needs import AREA_IDS
from careplan.domain.questionnaire import (
    NUMERIC,
    FollowUp,
    GoldenCase,
    Group,
    InvalidAnswer,
    Item,
    ItemType,
    Licence,
    Option,
    Questionnaire,
    Review,
    ScaleRange,
    Section,
    Source,
    as_sent,
    parse_answer,
)
from careplan.domain.scoring import Scale
from careplan.domain.triage import Rule, red_items
from careplan.library.binding import Binder, parted, unverified_rules, with_key
from careplan.library.document import Document, Key, content_hash, read_yaml, validated
from careplan.library.groups import GroupReader
from careplan.library.instruments import compile_key
from careplan.library.misfits import misfits
from careplan.library.problems import ContentErrors, Problem
from careplan.library.rules import ConditionReader
from careplan.library.schema import GoldenModel, QuestionnaireModel, ReviewModel, SourceModel

_MOST_COMPILED = 256
_compiled: dict[str, Questionnaire] = {}
_lock = Lock()


class WrongHash(CareplanError):
    """A stored version is not the text it was stored as."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def questionnaire_by_hash(expected: str, load_text: Callable[[str], str]) -> Questionnaire:
    """The version with this hash, compiled once per process; `load_text` fetches its stored text."""
    found = _compiled.get(expected)
    if found is None:
        text = load_text(expected)
        if content_hash(text) != expected:
            raise WrongHash(expected)
        found = compile_questionnaire(text, f"version {expected[:12]}")
        remember(found)
    return found


def remember(questionnaire: Questionnaire) -> None:
    with _lock:
        while len(_compiled) >= _MOST_COMPILED:
            del _compiled[next(iter(_compiled))]
        _compiled[questionnaire.hash] = questionnaire


def compile_questionnaire(text: str, path: str) -> Questionnaire:
    """A version as it is stored; raises ContentErrors with a line for each thing that is wrong."""
    own, key_text = parted(text)
    keys = {compile_key(key_text, path).id: key_text} if key_text else {}
    return parse_questionnaire(own, path, keys)[0]


def parse_questionnaire(
    text: str, path: str, keys: Mapping[str, str] = MappingProxyType({})
) -> tuple[Questionnaire, Document]:
    """A file as it is written. `keys` are the texts of the scoring keys that it may be bound to."""
    document = read_yaml(text, path)
    model = validated(QuestionnaireModel, document)
    key_text = keys.get(model.instrument.key) if model.instrument else None
    key = None if key_text is None else compile_key(key_text, path)
    compiler = _Compiler(model, document, key)
    questionnaire = compiler.compile(content_hash(text if key_text is None else with_key(text, key_text)))
    if compiler.problems:
        raise ContentErrors(compiler.problems)
    return questionnaire, document


def source(model: SourceModel) -> Source:
    return Source(model.title, model.reference, model.note)


def review(model: ReviewModel) -> Review:
    return Review(model.status, model.by, model.on)


class _Compiler:
    def __init__(self, model: QuestionnaireModel, document: Document, key: ScoringKey | None) -> None:
        self.model, self.document, self.key = model, document, key
        self.problems: list[Problem] = []

    def compile(self, text_hash: str) -> Questionnaire:
        model = self.model
        self._unique("sections", "id", [section.id for section in model.sections])
        self._unique("items", "link_id", [item.link_id for item in model.items])
        self._unique("groups", "id", [group.id for group in model.groups])
        self._unique("scores", "id", [score.id for score in model.scores])
        self._unique("rules", "id", [rule.id for rule in model.rules])
        items = self._items()
        groups = self._groups(items)
        binding = self._binding(items)
        # Where the binding is wrong, rules are not blamed for it.
        scores = binding.scales if binding else self.key.scales if self.key else self._scores(items)
        rules = self._rules(items, scores)
        if model.results is not None and not scores:
            self._wrong(("results",), "'results' needs scores: each is one dimension of the results")
        golden = tuple(self._golden(items, scores, rules))
        compiled = Questionnaire(
            id=model.id,
            version=model.version,
            title=model.title,
            purpose=model.purpose,
            recall_period=model.recall_period,
            minutes=model.minutes,
            languages=dict(model.languages),
            owner=model.owner,
            licence=Licence(model.licence.kind, model.licence.note),
            sources=tuple(source(each) for each in model.sources),
            review=review(model.review),
            sections=tuple(Section(section.id, section.title) for section in model.sections),
            items=tuple(items.values()),
            scores=scores,
            rules=rules,
            golden=golden,
            hash=text_hash,
            instrument=binding,
            groups=groups,
            about=model.about,
            is_sensitive=model.sensitive,
            follow_up=FollowUp(**dict(model.follow_up)) if model.follow_up else None,
            results_at_least=model.results.at_least if model.results else None,
        )
        if not self.problems:
            self._asked_anew(compiled)
        return compiled

    def _asked_anew(self, compiled: Questionnaire) -> None:
        """What may raise red is answered anew each time: nobody agrees with last week out of weariness."""
        red = red_items(compiled)
        for index, item in enumerate(self.model.items):
            if item.same_as_last and item.link_id in red:
                self._wrong(("items", index, "same_as_last"), f"'{item.link_id}' may raise red and is asked anew")

    def _binding(self, items: dict[str, Item]) -> Binding | None:
        model = self.model.instrument
        if model is None:
            return None
        if self.model.scores:
            self._wrong(("scores",), "the scores of a form with 'instrument' are those of its key")
        if self.key is None:
            self._wrong(("instrument", "key"), f"there is no scoring key '{model.key}' that can be used")
            return None
        binder = Binder(model, self.key, self.document)
        binding = binder.bind(items)
        self.problems += binder.problems
        return binding

    def _unique(self, group: str, key: str, ids: Sequence[str]) -> None:
        for index, each in enumerate(ids):
            if each in ids[:index]:
                self._wrong((group, index, key), f"the {key} '{each}' stands twice in {group}")

    def _items(self) -> dict[str, Item]:
        items: dict[str, Item] = {}
        sections = {section.id for section in self.model.sections}
        for index, model in enumerate(self.model.items):
            place = ("items", index)
            if model.section not in sections:
                self._wrong((*place, "section"), f"unknown section '{model.section}'")
            if model.area is not None and model.area not in AREA_IDS:
                self._wrong((*place, "area"), f"unknown needs area '{model.area}'")
            for key, message in misfits(model):
                self._wrong((*place, key), message)
            reader = ConditionReader(
                self.document, dict(items), None, "'show_if' looks at '{item}', which is not an earlier item"
            )
            condition = None if model.show_if is None else reader.read(model.show_if, (*place, "show_if"))
            self.problems += reader.problems
            items.setdefault(
                model.link_id,
                Item(
                    link_id=model.link_id,
                    section=model.section,
                    type=model.type,
                    text=model.text,
                    short=model.short or model.text,
                    hint=model.hint,
                    scale=ScaleRange(**dict(model.scale)) if model.scale else None,
                    higher_means=model.higher_means,
                    options=tuple(Option(each.value, each.text, each.exclusive, each.open) for each in model.options),
                    unit=model.unit,
                    min=model.min,
                    max=model.max,
                    precision=model.precision,
                    show_if=condition,
                    area=model.area,
                    wish=model.wish,
                    declinable=model.declinable,
                    concept=model.concept,
                    reuse_days=model.reuse_days,
                    same_as_last=model.same_as_last,
                    group=model.group,
                ),
            )
        return items

    def _groups(self, items: dict[str, Item]) -> tuple[Group, ...]:
        """The groups; and nothing that counts on one answer looks at a question that is asked again and again."""
        reader = GroupReader(self.model, items, self.document)
        groups = reader.read()
        for index, score in enumerate(self.model.scores):
            reader.check_once(score.items, ("scores", index, "items"), "never counts in a score")
        for index, rule in enumerate(self.model.rules):
            looked_at = sorted({rule.item, *_items_named(rule.when)})
            reader.check_once(looked_at, ("rules", index), "no rule can look at it")
        if self.model.instrument is not None:
            reader.check_once(self.model.instrument.items, ("instrument", "items"), "answers no item of a key")
        self.problems += reader.problems
        return groups

    def _scores(self, items: dict[str, Item]) -> tuple[Scale, ...]:
        scales = []
        for index, model in enumerate(self.model.scores):
            place = ("scores", index)
            if model.id in items:
                self._wrong((*place, "id"), f"'{model.id}' is already an item")
            for number, link_id in enumerate(model.items):
                if link_id not in items:
                    self._wrong((*place, "items", number), f"unknown item '{link_id}' in score '{model.id}'")
                elif items[link_id].type not in NUMERIC:
                    self._wrong((*place, "items", number), f"'{link_id}' has no number to count")
            if max(Counter(model.items).values()) > 1:
                self._wrong((*place, "items"), f"an item stands twice in score '{model.id}'")
            if model.at_least > len(model.items):
                self._wrong((*place, "at_least"), f"'at_least' is more than the {len(model.items)} items of the score")
            if model.range[0] >= model.range[1]:
                self._wrong((*place, "range"), "the range must go from low to high")
            scales.append(
                Scale(
                    id=model.id,
                    title=model.title,
                    items=tuple(model.items),
                    method=model.method,
                    at_least=model.at_least,
                    range=model.range,
                    higher_means=model.higher_means,
                    source=model.source,
                )
            )
        return tuple(scales)

    def _rules(self, items: dict[str, Item], scores: Sequence[Scale]) -> tuple[Rule, ...]:
        score_ids = frozenset(scale.id for scale in scores)
        reader = ConditionReader(self.document, items, score_ids, "unknown item '{item}' in a rule")
        rules = []
        for index, model in enumerate(self.model.rules):
            if model.item not in items and model.item not in score_ids:
                self._wrong(("rules", index, "item"), f"unknown item '{model.item}' in rule '{model.id}'")
            condition = reader.read(model.when, ("rules", index, "when"))
            if condition is not None:
                rules.append(Rule(model.id, model.level, condition, model.item, model.owner, model.source))
        self.problems += reader.problems
        if self.model.instrument is not None:
            self.problems += unverified_rules(rules, self.model.rules, scores, self.document)
        return tuple(rules)

    def _golden(self, items: dict[str, Item], scores: Sequence[Scale], rules: Sequence[Rule]) -> Iterator[GoldenCase]:
        score_ids = {scale.id for scale in scores}
        rule_ids = {rule.id for rule in self.model.rules}
        for index, model in enumerate(self.model.golden):
            place = ("golden", index)
            for number, flag in enumerate(model.flags):
                if flag not in rule_ids:
                    self._wrong((*place, "flags", number), f"unknown rule '{flag}' in golden case '{model.name}'")
            for score in model.scores:
                if score not in score_ids:
                    self._wrong((*place, "scores", score), f"unknown score '{score}' in golden case '{model.name}'")
            yield GoldenCase(
                name=model.name,
                answers=self._golden_answers(model, "answers", model.answers, items, place),
                flags=tuple(model.flags),
                scores=model.scores,
                previous=None
                if model.previous is None
                else self._golden_answers(model, "previous", model.previous, items, place),
                before=tuple(self._golden_answers(model, "before", raw, items, place) for raw in model.before),
            )

    def _golden_answers(
        self, model: GoldenModel, word: str, raw: dict[str, Any], items: dict[str, Item], place: tuple[Key, ...]
    ) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for link_id, value in raw.items():
            where = (*place, word, link_id)
            if link_id not in items or items[link_id].type is ItemType.INFO:
                self._wrong(where, f"unknown item '{link_id}' in golden case '{model.name}'")
            elif value is not None:
                try:
                    answers[link_id] = golden_answer(items[link_id], value)
                except InvalidAnswer as error:
                    hint = " (a time stands in quotes)" if error.reason == "not-a-time" else ""
                    self._wrong(where, f"'{value}' is not an answer to '{link_id}': {error.reason}{hint}")
        return answers

    def _wrong(self, place: Sequence[Key], message: str) -> None:
        self.problems.append(self.document.problem(place, message))


def _items_named(tree: Any) -> Iterator[str]:
    """The items that a rule tree names, whether or not it can be read."""
    for part in tree if isinstance(tree, list) else tree.values() if isinstance(tree, dict) else ():
        yield from _items_named(part)
    if isinstance(tree, dict) and isinstance(tree.get("item"), str):
        yield tree["item"]


def golden_answer(item: Item, value: Any) -> Answer:
    """A value as written in a golden case; "declined" is the person's wish not to answer."""
    if value == "declined":
        return DECLINED
    if item.type is ItemType.TIME and not isinstance(value, str):
        # YAML reads 17:30 without quotes as the number 1050.
        raise InvalidAnswer(item.link_id, "not-a-time")
    return parse_answer(item, as_sent(value))
