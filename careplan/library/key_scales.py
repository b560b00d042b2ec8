"""The scales of a scoring key's file: checked, and compiled into closures over plain tuples."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod

from careplan.domain import methods
from careplan.domain.keys import KeyItem
from careplan.domain.methods import Calculation, Gather, Step
from careplan.domain.scoring import Band, Bands, Method, Scale, Threshold
from careplan.library.document import Document, Key
from careplan.library.key_schema import BandsModel, KeyScaleModel, PatternModel, StepModel, ThresholdModel
from careplan.library.problems import Problem

Place = tuple[Key, ...]

# What a method takes besides items and the keys that every scale has.
_TAKES: Mapping[Method, frozenset[str]] = {
    Method.MEAN: frozenset({"scores", "reverse", "also_answered"}),
    Method.SUM: frozenset({"scores", "reverse", "also_answered", "times"}),
    Method.PRORATED_SUM: frozenset({"reverse", "decimals"}),
    Method.LINEAR: frozenset({"reverse", "invert"}),
    Method.LARGEST: frozenset({"scores"}),
    Method.FIRST_OF: frozenset({"scores"}),
    Method.TABLE: frozenset({"reverse", "table"}),
    Method.PERCENT_LOSS: frozenset({"steps"}),
    Method.PROFILE: frozenset(),
    Method.VALUE_SET: frozenset({"start", "levels", "any_level_from"}),
    Method.GRADE: frozenset({"patterns"}),
}
_EXTRA = frozenset().union(*_TAKES.values())
_NEEDS = {
    Method.FIRST_OF: "scores",
    Method.TABLE: "table",
    Method.PERCENT_LOSS: "steps",
    Method.VALUE_SET: "levels",
    Method.GRADE: "patterns",
}


def steps(models: Sequence[StepModel]) -> tuple[Step, ...]:
    return tuple(
        Step(each.points, each.up_to if each.below is None else each.below, each.up_to is not None) for each in models
    )


def step_fault(models: Sequence[StepModel]) -> str | None:
    """What is wrong with a ladder of steps, if anything."""
    for model in models[:-1]:
        if (model.below is None) == (model.up_to is None):
            return "each step but the last has 'below' or 'up_to'"
    if models[-1].below is not None or models[-1].up_to is not None:
        return "the last step has no limit: it counts for the rest"
    limits = [step.limit for step in steps(models)[:-1]]
    if limits != sorted(set(limits), key=float):
        return "the steps must rise"
    return None


class ScaleReader:
    """Reads the scales of one key, one after the other; each may build on those before it."""

    def __init__(self, document: Document, items: Mapping[str, KeyItem]) -> None:
        self.document, self.items = document, items
        self.problems: list[Problem] = []
        self.scales: dict[str, Scale] = {}
        self.turned: dict[str, tuple[bool, str]] = {}

    def read(self, model: KeyScaleModel, place: Place) -> None:
        before = len(self.problems)
        self._check_parts(model, place)
        if len(self.problems) > before:
            return
        needed = self._needed(model, place)
        calculation = self._calculation(model, place, needed)
        if model.also_answered is not None:
            names = model.also_answered.items
            # More than the share: of 27 items more than 80 percent are 22.
            least = len(names) * model.also_answered.more_than_percent // 100 + 1
            calculation = methods.if_answered(calculation, names, least)
        for item, values in (model.not_applicable_when or {}).items():
            calculation = methods.unless(calculation, item, values)
        scale = Scale(
            id=model.id,
            title=model.title,
            items=tuple(model.items),
            method=model.method,
            at_least=needed,
            range=model.range,
            higher_means=model.higher_means,
            source=model.basis,
            scores=tuple(model.scores),
            bands=self._bands(model, place),
            thresholds=tuple(_threshold(each) for each in model.thresholds),
            verification=model.verification,
            missing_verification=None if isinstance(model.missing, str) else model.missing.verification,
            calculation=calculation,
        )
        if model.id in self.scales:
            self._wrong((*place, "id"), f"the score '{model.id}' stands twice")
        self.scales[model.id] = scale
        self._check_range(model, place)

    def _check_parts(self, model: KeyScaleModel, place: Place) -> None:
        if not model.items and not model.scores:
            self._wrong(place, f"the score '{model.id}' is made of nothing")
        for word in sorted(_EXTRA - _TAKES[model.method]):
            if word in model.model_fields_set:
                self._wrong((*place, word), f"'{word}' does not belong to the method {model.method.value}")
        word = _NEEDS.get(model.method)
        if word is not None and word not in model.model_fields_set:
            self._wrong(place, f"the method {model.method.value} needs '{word}'")
        also = model.also_answered.items if model.also_answered else []
        self._check_items(model.items, model, (*place, "items"))
        self._check_items(also, model, (*place, "also_answered", "items"))
        self._check_items(list(model.levels or {}), model, (*place, "levels"))
        for index, pattern in enumerate(model.patterns):
            self._check_items(pattern.items, model, (*place, "patterns", index, "items"))
        for name, values in (model.not_applicable_when or {}).items():
            if name not in self.items or not set(values) <= set(self.items[name].points):
                self._wrong((*place, "not_applicable_when", name), f"'{name}' is no item with such an answer")
        for name in model.scores:
            if name not in self.scales:
                self._wrong((*place, "scores"), f"'{name}' is no earlier score of this key")
        self._check_weights(model, place)

    def _check_items(self, names: Sequence[str], model: KeyScaleModel, place: Place) -> None:
        for name in names:
            if name not in self.items:
                self._wrong(place, f"unknown item '{name}' in score '{model.id}'")
            elif not self.items[name].scored:
                self._wrong(place, f"the item '{name}' is not scored")

    def _check_weights(self, model: KeyScaleModel, place: Place) -> None:
        """Each part once and in one direction; an item that is turned in one scale is turned in all."""
        parts = [*model.items, *model.scores]
        for name in (name for name, times in Counter(parts).items() if times > 1):
            self._wrong((*place, "items"), f"'{name}' counts twice in score '{model.id}'")
        for name in model.reverse:
            if name not in parts:
                self._wrong((*place, "reverse"), f"'{name}' is turned but not a part of score '{model.id}'")
        for name in model.items:
            way = (name in model.reverse) != model.invert
            first, other = self.turned.setdefault(name, (way, model.id))
            if first != way:
                self._wrong((*place, "items"), f"'{name}' counts one way in '{other}' and the other in '{model.id}'")

    def _needed(self, model: KeyScaleModel, place: Place) -> int:
        count = len(model.items) + len(model.scores)
        if (model.missing == "digit-9") != (model.method is Method.PROFILE):
            self._wrong((*place, "missing"), "'digit-9' is the rule of a profile, and of nothing else")
        if not isinstance(model.missing, str):
            if model.missing.at_least > count:
                self._wrong((*place, "missing"), f"'at_least' is more than the {count} parts of the score")
            return model.missing.at_least
        return {
            "all-required": count,
            "at-least-half": (count + 1) // 2,
            "more-than-half": count // 2 + 1,
            "any-answered": 1,
            "digit-9": 0,
        }[model.missing]

    def _gather(self, model: KeyScaleModel) -> Gather:
        return methods.gather(model.items, model.scores, {name: sum(self._ends(name)) for name in model.reverse})

    def _ends(self, name: str) -> tuple[float, float]:
        return self.items[name].ends if name in self.items else self.scales[name].range

    def _calculation(self, model: KeyScaleModel, place: Place, needed: int) -> Calculation:
        parts = self._gather(model)
        make: dict[Method, Callable[[], Calculation]] = {
            Method.MEAN: lambda: methods.mean(parts, needed),
            Method.SUM: lambda: methods.total(parts, needed, model.times),
            Method.PRORATED_SUM: lambda: methods.prorated(parts, needed, len(model.items), model.decimals),
            Method.LINEAR: lambda: methods.linear(parts, needed, *self._common(model, place), turned=model.invert),
            Method.LARGEST: lambda: methods.largest(parts, needed),
            Method.FIRST_OF: lambda: methods.first_of(model.scores),
            Method.TABLE: lambda: methods.table(parts, needed, self._table(model, place)),
            Method.PERCENT_LOSS: lambda: self._loss(model, place),
            Method.PROFILE: lambda: self._profile(model, place),
            Method.VALUE_SET: lambda: self._value_set(model, place),
            Method.GRADE: lambda: methods.grade(self._patterns(model, place)),
        }
        return make[model.method]()

    def _common(self, model: KeyScaleModel, place: Place) -> tuple[float, float]:
        ends = {self.items[name].ends for name in model.items}
        if len(ends) > 1:
            self._wrong((*place, "items"), f"the items of '{model.id}' do not have one range")
        return ends.pop()

    def _table(self, model: KeyScaleModel, place: Place) -> dict[float, float]:
        found: dict[float, float] = dict(model.table or {})
        counts = [
            [sum(item.ends) - each if name in model.reverse else each for each in item.points.values()]
            for name, item in ((name, self.items[name]) for name in model.items)
        ]
        sums = {0.0}
        for each in counts:
            sums = {before + points for before, points in product(sums, each)}
        if sums != set(found):
            odd = ", ".join(f"{number:g}" for number in sorted(sums ^ set(found))[:5])
            self._wrong((*place, "table"), f"the table and the sums that can occur differ at {odd}")
        return found

    def _loss(self, model: KeyScaleModel, place: Place) -> Calculation:
        if len(model.items) != 2 or not model.steps:
            self._wrong(place, "a percent-loss has two items (before, now) and at least one step")
            return methods.first_of(())
        if fault := step_fault(model.steps):
            self._wrong((*place, "steps"), fault)
        return methods.percent_loss(model.items[0], model.items[1], steps(model.steps))

    def _profile(self, model: KeyScaleModel, place: Place) -> Calculation:
        self._check_levels(model, place)
        return methods.profile(model.items, "9")

    def _value_set(self, model: KeyScaleModel, place: Place) -> Calculation:
        levels = model.levels or {}
        if model.start is None or list(levels) != model.items:
            self._wrong(place, "a value set has 'start', and 'levels' for each of its items in their order")
        for name, taken in levels.items():
            if len(taken) != len(self.items[name].points):
                self._wrong((*place, "levels", name), f"'{name}' needs a figure for each of its levels")
        self._check_levels(model, place)
        return methods.value_set(model.start or 0, levels, model.any_level_from)

    def _check_levels(self, model: KeyScaleModel, place: Place) -> None:
        for name in model.items:
            if list(self.items[name].points.items()) != [(level, level) for level in range(1, 1 + self._levels(name))]:
                self._wrong((*place, "items"), f"the levels of '{name}' must be 1, 2, 3 … and count as they stand")

    def _levels(self, name: str) -> int:
        # A profile has one digit for each, and 9 for what is missing.
        return min(8, len(self.items[name].points))

    def _patterns(self, model: KeyScaleModel, place: Place) -> dict[tuple[str, ...], dict[tuple[float, ...], float]]:
        found = {}
        for index, pattern in enumerate(model.patterns):
            grades, fault = self._grades(pattern)
            if fault:
                self._wrong((*place, "patterns", index), fault)
            found[tuple(pattern.items)] = grades
        return found

    def _grades(self, pattern: PatternModel) -> tuple[dict[tuple[float, ...], float], str | None]:
        *earlier, last = (sorted(self.items[name].points.values()) for name in pattern.items if name in self.items)
        grades: dict[tuple[float, ...], float] = {}
        for row in pattern.rows:
            if len(row) != len(earlier) + len(last):
                return grades, f"a row has {len(earlier)} values and then {len(last)} grades"
            grades |= {(*row[: len(earlier)], value): row[len(earlier) + at] for at, value in enumerate(last)}
        # A first attribute of 0 is graded 0 without a row.
        rows = {tuple(row[: len(earlier)]) for row in pattern.rows}
        count = prod(len(values) - (at == 0) for at, values in enumerate(earlier))
        known = all(value in values for row in rows for value, values in zip(row, earlier, strict=True))
        whole = known and len(rows) == len(pattern.rows) == count and not any(row and row[0] == 0 for row in rows)
        return grades, None if whole else "the rows do not cover each combination of values once"

    def _bands(self, model: KeyScaleModel, place: Place) -> Bands | None:
        if model.bands is None:
            return None
        for index, fault in _band_faults(model.bands, model.range, whole=self._is_whole(model)):
            self._wrong((*place, "bands", "list", index), f"{fault} (score '{model.id}')")
        ends = [(each.to if each.below is None else each.below, each.below is None) for each in model.bands.list]
        bands = tuple(
            Band(each.from_, model.range[1] if high is None else high, includes, each.name)
            for each, (high, includes) in zip(model.bands.list, ends, strict=True)
        )
        return Bands(bands, model.bands.source, model.bands.verification)

    def _is_whole(self, model: KeyScaleModel) -> bool:
        """Whether the score is always a whole number, so that 4 is followed by 5."""
        if model.method not in (Method.SUM, Method.LARGEST, Method.GRADE):
            return False
        items = [self.items[name] for name in model.items]
        counts = [number for item in items for number in item.points.values()]
        counts += [step.points for item in items for step in item.steps]
        measured = any(item.decimal is not None and not item.steps for item in items)
        return not measured and all(float(number).is_integer() for number in counts)

    def _check_range(self, model: KeyScaleModel, place: Place) -> None:
        low, high = model.range
        possible = self._possible(model)
        if low >= high:
            self._wrong((*place, "range"), "the range must go from low to high")
        elif possible is not None and any(abs(a - b) > 1e-6 for a, b in zip(possible, model.range, strict=True)):
            said, can = (f"{ends[0]:g} to {ends[1]:g}" for ends in (model.range, possible))
            self._wrong((*place, "range"), f"the range of '{model.id}' is said to be {said}, but its parts give {can}")

    def _possible(self, model: KeyScaleModel) -> tuple[float, float] | None:
        """The least and the most that complete answers give; None where the method has no simple answer."""
        ends = [self._ends(name) for name in (*model.items, *model.scores)]
        lows, highs = zip(*ends, strict=True)
        if model.method in (Method.SUM, Method.PRORATED_SUM):
            return sum(lows) * model.times, sum(highs) * model.times
        if model.method is Method.MEAN:
            return sum(lows) / len(lows), sum(highs) / len(highs)
        if model.method is Method.LINEAR:
            return 0, 100
        if model.method in (Method.LARGEST, Method.FIRST_OF):
            return min(lows), max(highs)
        if model.method is Method.TABLE and model.table:
            return min(model.table.values()), max(model.table.values())
        if model.method is Method.VALUE_SET and model.start is not None:
            worst = sum(max(taken) for taken in (model.levels or {}).values()) + sum(model.any_level_from.values())
            return model.start - worst, model.start
        return None

    def _wrong(self, place: Sequence[Key], message: str) -> None:
        self.problems.append(self.document.problem(place, message))


def _threshold(model: ThresholdModel) -> Threshold:
    words = ("at_least", "above", "below")
    comparison, value = next((word, limit) for word in words if (limit := getattr(model, word)) is not None)
    return Threshold(comparison, value, model.means, model.source, model.verification)


def _band_faults(model: BandsModel, ends: tuple[float, float], *, whole: bool) -> Iterator[tuple[int, str]]:
    """Bands go from end to end of the scale; of whole numbers 4 is followed by 5, else 'below' by its own number."""
    bands = model.list
    if bands[0].from_ != ends[0]:
        yield 0, f"the first band starts at {bands[0].from_:g}, the scale at {ends[0]:g}"
    for index, (band, after) in enumerate(pairwise(bands)):
        if (band.to is None) == (band.below is None):
            yield index, "a band has 'to' (its last value) or 'below' (where the next one starts)"
        elif band.to is not None and not whole:
            yield index, "a score with decimals leaves a gap after 'to'; use 'below'"
        else:
            start = band.to + 1 if band.to is not None else band.below or 0
            if after.from_ != start:
                word = "overlap" if after.from_ < start else "leave a gap"
                yield index + 1, f"the bands before and from {after.from_:g} {word}"
        if after.from_ <= band.from_:
            yield index + 1, "the bands must rise"
    if bands[-1].below is not None or bands[-1].to not in (None, ends[1]):
        yield len(bands) - 1, f"the last band goes to the end of the scale, {ends[1]:g}"
