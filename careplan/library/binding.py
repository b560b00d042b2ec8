"""A questionnaire's `instrument`: every mapped item exists on both sides, and both sides know the same answers."""

from collections.abc import Iterator, Mapping, Sequence

from careplan.domain.answers import Value
from careplan.domain.binding import Binding, bound, may_flag
from careplan.domain.conditions import ScoreAtLeast, leaves
from careplan.domain.keys import KeyItem, ScoringKey
from careplan.domain.questionnaire import NUMERIC, Item, ItemType
from careplan.domain.scoring import Method, Scale
from careplan.domain.triage import Rule
from careplan.library.document import Document, Key
from careplan.library.problems import Problem
from careplan.library.schema import InstrumentModel, RuleModel

# A bound form is stored with its key behind it: whatever becomes of the key, a response is scored as it was.
_KEY_FOLLOWS = "\n---\n# The scoring key as it was when this form was published.\n"


def with_key(text: str, key_text: str) -> str:
    return text + _KEY_FOLLOWS + key_text


def parted(text: str) -> tuple[str, str]:
    """A form's own text, and that of its key (empty where it has none)."""
    own, _, key_text = text.partition(_KEY_FOLLOWS)
    return own, key_text


class Binder:
    def __init__(self, model: InstrumentModel, key: ScoringKey, document: Document) -> None:
        self.model, self.key, self.document = model, key, document
        self.problems: list[Problem] = []

    def bind(self, items: Mapping[str, Item]) -> Binding | None:
        """None where something is wrong; what it is stands in `problems`."""
        if self.key.licence.claims_scoring and self.model.agreement is None:
            message = (
                f"the holder of {self.key.title} claims the scoring, too: 'agreement' says where its use is allowed"
            )
            self._wrong(("key",), message)
        codes = {}
        for link_id, name in self.model.items.items():
            found = self._codes(items.get(link_id), self.key.items.get(name), link_id, name)
            if found is not None:
                codes[link_id] = found
        for link_id in self.model.answers:
            if link_id not in self.model.items:
                self._wrong(("answers", link_id), f"'answers' names '{link_id}', which answers no item of the key")
        self._check_whole(items)
        return None if self.problems else bound(self.key, self.model.items, codes)

    def _codes(self, item: Item | None, part: KeyItem | None, link_id: str, name: str) -> Mapping[str, Value] | None:
        place = ("items", link_id)
        if item is None:
            self._wrong(place, f"unknown item '{link_id}' in 'instrument'")
        if part is None:
            self._wrong(place, f"the key '{self.key.id}' has no item '{name}'")
        if list(self.model.items.values()).count(name) > 1:
            self._wrong(place, f"two questions answer the key's item '{name}'")
        if item is None or part is None:
            return None
        called = self.model.answers.get(link_id)
        if called is not None and (fault := _misnamed(item, part, called)):
            self._wrong(("answers", link_id), f"'{link_id}' and the key's item '{name}': {fault}")
            return None
        if not _fit(item, part, called):
            self._wrong(place, f"'{link_id}' does not have the answers of the key's item '{name}': {_range(part)}")
            return None
        return _code_map(item, part, called) if item.options else None

    def _check_whole(self, items: Mapping[str, Item]) -> None:
        """A score of which a question is never asked would be missing for ever. A grade is made of what was asked."""
        mapped = set(self.model.items.values())
        for scale in self.key.scales:
            for name in scale.items:
                if name not in mapped and scale.method is not Method.GRADE:
                    self._wrong(("items",), f"no question answers the key's item '{name}', which '{scale.id}' needs")
            if scale.id in items:
                self._wrong(("key",), f"'{scale.id}' is a score of the key and cannot be an item, too")

    def _wrong(self, place: tuple[Key, ...], message: str) -> None:
        self.problems.append(self.document.problem(("instrument", *place), message))


def unverified_rules(
    rules: Sequence[Rule], models: Sequence[RuleModel], scales: Sequence[Scale], document: Document
) -> Iterator[Problem]:
    """Rules that look at a limit that nobody has verified, and do not say why they may."""
    by_id = {scale.id: scale for scale in scales}
    for index, model in enumerate(models):
        rule = next((rule for rule in rules if rule.id == model.id), None)
        for leaf in leaves(rule.when) if rule is not None and model.allow_unverified is None else ():
            if isinstance(leaf, ScoreAtLeast) and not may_flag(by_id[leaf.score], leaf.limit):
                message = (
                    f"the rule '{model.id}' looks at {leaf.score} from {leaf.limit:g}, which is not verified in the "
                    "key; 'allow_unverified' says why it may raise a flag all the same"
                )
                yield document.problem(("rules", index), message)


def _misnamed(item: Item, part: KeyItem, called: Mapping[str, Value]) -> str:
    """What is wrong with what the options are called in the key; empty where nothing is."""
    options = [option.value for option in item.options]
    if not options:
        return "only options may be called otherwise in the key"
    if unknown := sorted(called.keys() - set(options)):
        return f"there is no option '{unknown[0]}'"
    if unnamed := sorted(set(options) - called.keys()):
        return f"'answers' does not say what the option '{unnamed[0]}' is in the key"
    if strange := [str(value) for value in called.values() if str(value) not in map(str, part.points)]:
        return f"the key knows no answer '{strange[0]}', only {_range(part)}"
    return ""


def _fit(item: Item, part: KeyItem, called: Mapping[str, Value] | None) -> bool:
    """Whether what may be answered here is what the key knows, no less and no more."""
    low, high = (item.scale.min, item.scale.max) if item.scale else (item.min, item.max)
    if item.type in NUMERIC:
        if part.decimal is not None:
            return (low, high) == part.decimal
        if item.type is ItemType.DECIMAL or part.several or not isinstance(low, int) or not isinstance(high, int):
            return False
        return set(range(low, high + 1)) == set(part.points)
    if item.type is (ItemType.CHOICES if part.several else ItemType.CHOICE) and part.decimal is None:
        names = [str((called or {}).get(option.value, option.value)) for option in item.options]
        return sorted(map(str, part.points)) == sorted(names)
    return False


def _code_map(item: Item, part: KeyItem, called: Mapping[str, Value] | None) -> dict[str, Value]:
    """Options are called by words, also where the key counts numbers: "3" is its 3."""
    named = {str(value): value for value in part.points}
    return {option.value: named[str((called or {}).get(option.value, option.value))] for option in item.options}


def _range(part: KeyItem) -> str:
    if part.decimal is not None:
        return f"{part.decimal[0]:g} to {part.decimal[1]:g}"
    return ", ".join(str(value) for value in part.points) + (", several of them" if part.several else "")
