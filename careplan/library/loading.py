"""The content directory, and what the database lays over it, as one immutable library."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from careplan.domain.errors import CareplanError
from careplan.domain.keys import ScoringKey
from careplan.domain.plan import ChapterText, PlanDefinition
from careplan.domain.questionnaire import Questionnaire
from careplan.library.document import content_hash
from careplan.library.files import (
    Compiled,
    Content,
    ContentFile,
    LaidOver,
    Place,
    Tree,
    file_of,
    place_of,
    read_content,
    read_tree,
)
from careplan.library.plans import PlanBuilder, read_plan
from careplan.library.problems import ContentErrors, Problem
from careplan.library.questionnaires import remember


class UnknownPlan(CareplanError, KeyError):
    def __init__(self, plan_id: str) -> None:
        super().__init__(plan_id)
        self.plan_id = plan_id


class UnknownQuestionnaire(CareplanError, KeyError):
    def __init__(self, questionnaire_id: str) -> None:
        super().__init__(questionnaire_id)
        self.questionnaire_id = questionnaire_id


class UnknownInstrument(CareplanError, KeyError):
    def __init__(self, instrument_id: str) -> None:
        super().__init__(instrument_id)
        self.instrument_id = instrument_id


@dataclass(frozen=True, slots=True)
class Held:
    """What an editor published: it holds for as long as the file it was laid over is as it was."""

    text: str
    file_hash: str  # empty where there was no file


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database adds to the files. `good` gives the texts of a place that have held before, the last first."""

    held: Mapping[Place, Held] = field(default_factory=dict)
    good: Callable[[Place], Sequence[str]] = lambda _place: ()


@dataclass(frozen=True, slots=True)
class Library:
    """`problems` are warnings: content with errors does not load. `chapters` are those that plans share.

    `instruments` are scoring keys: what is known of an instrument without its wording. `faults` are the errors of files
    that are not used because of them; `set_aside` what editors published and a newer file has taken the place of."""

    questionnaires: Mapping[str, Questionnaire]
    plans: Mapping[tuple[str, str], PlanDefinition]
    problems: tuple[Problem, ...]
    files: tuple[ContentFile, ...]
    chapters: Mapping[tuple[str, str], ChapterText] = field(default_factory=dict)
    instruments: Mapping[str, ScoringKey] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()
    set_aside: tuple[Place, ...] = ()
    tree: Tree = field(default_factory=lambda: Tree(Path(), {}), repr=False)
    laid_over: LaidOver = field(default_factory=dict, repr=False)
    compiled: Compiled = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: Path) -> "Library":
        """The files alone. Raises ContentErrors with everything that is wrong."""
        content = read_content(read_tree(path))
        errors = _errors(content)
        if errors:
            raise ContentErrors(errors)
        return cls._made(content, laid_over={})

    @classmethod
    def open(cls, tree: Tree, stored: Stored, compiled: Compiled | None = None) -> "Library":
        """The files with what was published over them. A text that cannot be used gives way to the last good one.

        `compiled` is that of the library before: only what has changed is compiled."""
        laid_over, set_aside = _held(tree, stored)
        compiled = {} if compiled is None else compiled
        fallbacks = _Fallbacks(tree, stored)
        faults: list[Problem] = []
        while errors := _errors(content := read_content(tree, laid_over, compiled)):
            faults += errors
            for name in sorted({tree.name(error.path) for error in errors}):
                laid_over[name] = fallbacks.after(name, content.texts.get(name))
        content.forget_the_rest()
        return cls._made(content, laid_over=laid_over, faults=tuple(sorted(set(faults))), set_aside=set_aside)

    @classmethod
    def _made(
        cls,
        content: Content,
        *,
        laid_over: LaidOver,
        faults: tuple[Problem, ...] = (),
        set_aside: tuple[Place, ...] = (),
    ) -> "Library":
        for questionnaire in content.questionnaires.values():
            remember(questionnaire)
        return cls(
            MappingProxyType(content.questionnaires),
            MappingProxyType(content.plans),
            tuple(sorted(set(content.problems))),
            tuple(content.files),
            MappingProxyType(content.shared),
            MappingProxyType(content.instruments),
            faults,
            set_aside,
            content.tree,
            laid_over,
            content.compiled,
        )

    def questionnaire(self, questionnaire_id: str) -> Questionnaire:
        try:
            return self.questionnaires[questionnaire_id]
        except KeyError:
            raise UnknownQuestionnaire(questionnaire_id) from None

    def instrument(self, instrument_id: str) -> ScoringKey:
        try:
            return self.instruments[instrument_id]
        except KeyError:
            raise UnknownInstrument(instrument_id) from None

    def plan(self, plan_id: str, lang: str) -> PlanDefinition:
        """In this language, or in Swedish where there is no other."""
        found = self.plans.get((plan_id, lang)) or self.plans.get((plan_id, "sv"))
        if found is None:
            raise UnknownPlan(plan_id)
        return found

    def compile_plan(self, text: str, path: str, lang: str) -> PlanDefinition:
        """An edited plan, with the chapters and questionnaires of this library; raises ContentErrors."""
        builder = PlanBuilder(read_plan(text, path, lang), self.chapters, self.questionnaires, frozenset())
        plan = builder.build()
        if any(problem.is_error for problem in builder.problems):
            raise ContentErrors(builder.problems)
        return plan

    def trial(self, place: Place, text: str) -> "Trial":
        """What would become of this text, and of the whole library, if it held there."""
        name = file_of(place)
        content = read_content(self.tree, {**self.laid_over, name: text}, dict(self.compiled))
        kind, id_, lang = place
        return Trial(
            problems=tuple(
                sorted({each for each in content.problems if each.is_error or each.path == self.tree.path(name)})
            ),
            file=next((file for file in content.files if file.place == place), None),
            plan=content.plans.get((id_, lang)) if kind == "plan" else None,
            chapter=content.shared.get((id_, lang)) if kind == "chapter" else None,
        )

    def file(self, place: Place) -> ContentFile | None:
        """What holds there."""
        return next((file for file in self.files if file.place == place), None)

    def file_hash(self, place: Place) -> str:
        """Of the file in the content directory, whatever is laid over it; empty where there is none."""
        text = self.tree.texts.get(file_of(place))
        return "" if text is None else content_hash(text)

    def sources(self) -> list[ContentFile]:
        return list(self.files)


@dataclass(frozen=True, slots=True)
class Trial:
    """`problems`: what is wrong with the text, and every error that the library would have with it."""

    problems: tuple[Problem, ...]
    file: ContentFile | None
    plan: PlanDefinition | None
    chapter: ChapterText | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


def _errors(content: Content) -> list[Problem]:
    return [problem for problem in content.problems if problem.is_error]


def _held(tree: Tree, stored: Stored) -> tuple[dict[str, str | None], tuple[Place, ...]]:
    """What is published over unchanged files; and the places where the file has changed since, so that it holds."""
    laid_over: dict[str, str | None] = {}
    set_aside = []
    for place, held in stored.held.items():
        text = tree.texts.get(file_of(place))
        if ("" if text is None else content_hash(text)) == held.file_hash:
            laid_over[file_of(place)] = held.text
        elif text != held.text:
            set_aside.append(place)
    return laid_over, tuple(sorted(set_aside))


class _Fallbacks:
    """For a file that cannot be used: the file itself where something was laid over it, then what held before."""

    def __init__(self, tree: Tree, stored: Stored) -> None:
        self.tree, self.stored = tree, stored
        self.left: dict[str, list[str]] = {}
        self.tried: dict[str, set[str]] = {}

    def after(self, name: str, used: str | None) -> str | None:
        """The next text to try; None leaves the file out."""
        if name not in self.left:
            place, own = place_of(name), self.tree.texts.get(name)
            earlier = () if place is None else self.stored.good(place)
            self.left[name], self.tried[name] = [*([] if own is None else [own]), *earlier], set()
        if used is not None:
            self.tried[name].add(used)
        self.left[name] = [text for text in self.left[name] if text not in self.tried[name]]
        return self.left[name].pop(0) if self.left[name] else None
