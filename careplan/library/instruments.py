"""Scoring keys: from their files to checked, compiled, immutable ScoringKeys."""

from collections.abc import Sequence

from careplan.domain.answers import Value
from careplan.domain.keys import Code, Decision, KeyItem, KeyLicence, Note, ScoringKey
from careplan.domain.questionnaire import Source
from careplan.library.document import Document, Key, content_hash, read_yaml, validated
from careplan.library.key_scales import ScaleReader, step_fault, steps
from careplan.library.key_schema import KeyItemModel, KeyModel
from careplan.library.problems import ContentErrors, Problem


def compile_key(text: str, path: str) -> ScoringKey:
    """Raises ContentErrors with a line for each thing that is wrong."""
    return parse_key(text, path)[0]


def parse_key(text: str, path: str) -> tuple[ScoringKey, Document]:
    document = read_yaml(text, path)
    compiler = _Compiler(validated(KeyModel, document), document)
    key = compiler.compile(content_hash(text))
    if compiler.problems:
        raise ContentErrors(compiler.problems)
    return key, document


class _Compiler:
    def __init__(self, model: KeyModel, document: Document) -> None:
        self.model, self.document = model, document
        self.problems: list[Problem] = []

    def compile(self, text_hash: str) -> ScoringKey:
        model = self.model
        items = self._items()
        reader = ScaleReader(self.document, items)
        # A scale is not blamed for items that are wrong themselves.
        if not self.problems:
            for index, scale in enumerate(model.scales):
                reader.read(scale, ("scales", index))
        self.problems += reader.problems
        self._check_codes()
        licence = model.licence
        return ScoringKey(
            id=model.id,
            version=model.version,
            title=model.title,
            measures=model.measures,
            respondent=model.respondent,
            licence=KeyLicence(
                licence.kind,
                licence.holder,
                licence.asks,
                licence.claims_scoring,
                licence.source,
                licence.verification,
            ),
            items=items,
            scales=tuple(reader.scales.values()),
            basis=model.basis,
            sources=tuple(Source(each.title, each.reference, each.note) for each in model.sources),
            decisions=tuple(Decision(each.about, each.decision, each.reason) for each in model.decisions),
            notes=tuple(Note(each.text, each.verification) for each in model.notes),
            codes=tuple(Code(each.of, each.code, each.source, each.verification) for each in model.codes),
            hash=text_hash,
        )

    def _items(self) -> dict[str, KeyItem]:
        items: dict[str, KeyItem] = {}
        for index, model in enumerate(self.model.items):
            place = ("items", index)
            points = self._points(model, place)
            after = self._zero_after(model, place, items)
            for name in model.ids:
                if name in items:
                    self._wrong((*place, "ids"), f"the item '{name}' stands twice")
                items[name] = KeyItem(
                    name, points, model.decimal, steps(model.steps), model.several, model.scored, after
                )
        return items

    def _points(self, model: KeyItemModel, place: tuple[Key, ...]) -> dict[Value, float]:
        if model.decimal is not None:
            if model.whole is not None or model.points is not None or model.several:
                self._wrong(place, "'decimal' stands alone, or with 'steps'")
            if model.decimal[0] >= model.decimal[1]:
                self._wrong((*place, "decimal"), "the range must go from low to high")
            if model.steps and (fault := step_fault(model.steps)):
                self._wrong((*place, "steps"), fault)
            return {}
        if model.steps:
            self._wrong((*place, "steps"), "'steps' belong to 'decimal'")
        if model.whole is not None:
            return self._whole_points(model, model.whole, place)
        if not model.points:
            self._wrong(place, "items have 'whole', 'decimal' or 'points'")
        return dict(model.points or {})

    def _whole_points(self, model: KeyItemModel, ends: tuple[int, int], place: tuple[Key, ...]) -> dict[Value, float]:
        values = range(ends[0], ends[1] + 1, model.step)
        if len(values) < 2 or values[-1] != ends[1]:
            self._wrong((*place, "whole"), "the range must go from low to high in whole steps")
        if model.points is None:
            return {value: value for value in values}
        if sorted(model.points) != sorted(str(value) for value in values):
            self._wrong((*place, "points"), f"'points' needs each value from {ends[0]} to {ends[1]} once")
            return dict.fromkeys(values, 0)
        return {value: model.points[str(value)] for value in values}

    def _zero_after(
        self, model: KeyItemModel, place: tuple[Key, ...], items: dict[str, KeyItem]
    ) -> tuple[str, frozenset[Value]] | None:
        if model.zero_after is None:
            return None
        ((earlier, values),) = model.zero_after.items()
        if earlier not in items or not set(values) <= set(items[earlier].points):
            self._wrong((*place, "zero_after"), "'zero_after' names one earlier item and some of its answers")
        return earlier, frozenset(values)

    def _check_codes(self) -> None:
        scales = {scale.id for scale in self.model.scales}
        for index, code in enumerate(self.model.codes):
            if code.of != "panel" and code.of not in scales:
                self._wrong(("codes", index, "of"), f"'{code.of}' is no score of this key")

    def _wrong(self, place: Sequence[Key], message: str) -> None:
        self.problems.append(self.document.problem(place, message))
