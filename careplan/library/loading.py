"""The content directory as one immutable library."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from careplan.domain.errors import CareplanError
from careplan.domain.keys import ScoringKey
from careplan.domain.plan import ChapterText, PlanDefinition
from careplan.domain.questionnaire import Questionnaire
from careplan.library.binding import with_key
from careplan.library.document import Document, content_hash, validated
from careplan.library.instruments import parse_key
from careplan.library.languages import language_problems
from careplan.library.plans import PlanBuilder, PlanFile, read_chapter, read_plan
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.questionnaires import parse_questionnaire, remember
from careplan.library.schema import QuestionnaireModel

T = TypeVar("T")


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
class ContentFile:
    """One file as it is stored when it is published; `lang` is empty where one file holds all languages."""

    kind: str
    id: str
    lang: str
    version: str
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class Library:
    """`problems` are warnings: content with errors does not load. `chapters` are those that plans share.

    `instruments` are scoring keys: what is known of an instrument without its wording."""

    questionnaires: Mapping[str, Questionnaire]
    plans: Mapping[tuple[str, str], PlanDefinition]
    problems: tuple[Problem, ...]
    files: tuple[ContentFile, ...]
    chapters: Mapping[tuple[str, str], ChapterText] = field(default_factory=dict)
    instruments: Mapping[str, ScoringKey] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Library":
        """Raises ContentErrors with everything that is wrong."""
        content = read_content(path)
        if any(problem.is_error for problem in content.problems):
            raise ContentErrors(problem for problem in content.problems if problem.is_error)
        for questionnaire in content.questionnaires.values():
            remember(questionnaire)
        return cls(
            MappingProxyType(content.questionnaires),
            MappingProxyType(content.plans),
            tuple(sorted(set(content.problems))),
            tuple(content.files),
            MappingProxyType(content.shared),
            MappingProxyType(content.instruments),
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

    def sources(self) -> list[ContentFile]:
        return list(self.files)


class Content:
    """Everything that could be read, and everything that is wrong with the rest."""

    def __init__(self) -> None:
        self.questionnaires: dict[str, Questionnaire] = {}
        self.instruments: dict[str, ScoringKey] = {}
        self.documents: dict[str, Document] = {}
        self.shared: dict[tuple[str, str], ChapterText] = {}
        self.broken: set[str] = set()
        self.plans: dict[tuple[str, str], PlanDefinition] = {}
        self.files: list[ContentFile] = []
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str, str], str] = {}

    def attempt(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ContentErrors as error:
            self.problems += error.problems
            return None


def read_content(path: Path) -> Content:
    content = Content()
    if not path.is_dir():
        content.problems.append(Problem(str(path), 1, "there is no such content directory"))
    keys = _read_instruments(path / "instruments", content)
    _read_questionnaires(path / "questionnaires", content)
    for id_ in content.questionnaires.keys() & keys.keys():
        message = f"the id '{id_}' is that of a questionnaire too; commands take either"
        content.problems.append(keys[id_].problem(["id"], message))
    for file, lang, text in _texts(path / "chapters", content):
        _read_chapter(file, lang, text, content)
    plans = [_read_plan(file, lang, text, content) for file, lang, text in _texts(path / "plans", content)]
    for plan in plans:
        if plan is not None:
            # A plan is not blamed for a text or form that is there and broken; that file's own errors say so.
            builder = PlanBuilder(plan, content.shared, content.questionnaires, frozenset(content.broken))
            content.plans[plan.model.id, plan.lang] = builder.build()
            content.problems += builder.problems
    content.problems += _language_differences(content)
    return content


def _language_differences(content: Content) -> Iterator[Problem]:
    """A patient may change language at any time, so a plan must have the same parts in each."""
    for (plan_id, lang), plan in content.plans.items():
        swedish = content.plans.get((plan_id, "sv"))
        path = content.places["plan", plan_id, lang]
        if swedish is None:
            if plan_id not in content.broken:
                yield Problem(path, 1, f"the plan '{plan_id}' has no Swedish file")
        elif (plan.phase_ids, plan.chapter_ids) != (swedish.phase_ids, swedish.chapter_ids):
            yield Problem(path, 1, "the phases and chapters are not the same as in the Swedish file")
        elif (plan.treatment_ids, plan.schedule) != (swedish.treatment_ids, swedish.schedule):
            yield Problem(path, 1, "the treatments and schedule are not the same as in the Swedish file")


def _read_questionnaires(directory: Path, content: Content) -> None:
    keys = {file.id: file.text for file in content.files if file.kind == "instrument"}
    for file in _files(directory, "*.yaml", content):
        text = _text(file, content)
        parsed = None if text is None else content.attempt(partial(parse_questionnaire, text, str(file), keys))
        if text is None or parsed is None:
            content.broken.add(file.name.removesuffix(".yaml"))
            continue
        questionnaire, document = parsed
        if _is_new(
            content, "questionnaire", questionnaire.id, "", file, f"{questionnaire.id}.yaml", document.line(["id"])
        ):
            content.questionnaires[questionnaire.id] = questionnaire
            content.documents[questionnaire.id] = document
            content.problems += language_problems(validated(QuestionnaireModel, document), document)
            binding = questionnaire.instrument
            text = text if binding is None else with_key(text, keys[binding.key.id])
            content.files.append(
                ContentFile("questionnaire", questionnaire.id, "", questionnaire.version, text, questionnaire.hash)
            )


def _read_instruments(directory: Path, content: Content) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for file in _files(directory, "*.yaml", content):
        text = _text(file, content)
        parsed = None if text is None else content.attempt(partial(parse_key, text, str(file)))
        if text is None or parsed is None:
            continue
        key, document = parsed
        if _is_new(content, "instrument", key.id, "", file, f"{key.id}.yaml", document.line(["id"])):
            content.instruments[key.id], documents[key.id] = key, document
            content.files.append(ContentFile("instrument", key.id, "", key.version, text, key.hash))
    return documents


def _read_chapter(file: Path, lang: str, text: str, content: Content) -> None:
    chapter = content.attempt(partial(read_chapter, text, str(file)))
    if chapter is None:
        content.broken.add(file.name.split(".")[0])
    elif _is_new(content, "chapter", chapter.id, lang, file, f"{chapter.id}.{lang}.md", 2):
        content.shared[chapter.id, lang] = chapter
        content.files.append(ContentFile("chapter", chapter.id, lang, chapter.version, text, content_hash(text)))


def _read_plan(file: Path, lang: str, text: str, content: Content) -> PlanFile | None:
    plan = content.attempt(partial(read_plan, text, str(file), lang))
    if plan is None:
        content.broken.add(file.name.split(".")[0])
        return None
    model = plan.model
    if not _is_new(content, "plan", model.id, lang, file, f"{model.id}.{lang}.md", plan.document.line(["id"])):
        return None
    content.files.append(ContentFile("plan", model.id, lang, model.version, text, plan.hash))
    return plan


def _is_new(content: Content, kind: str, id_: str, lang: str, file: Path, name: str, line: int) -> bool:
    """Whether this id is read for the first time; a second file with it is an error, as is a wrong file name."""
    earlier = content.places.setdefault((kind, id_, lang), str(file))
    if earlier != str(file):
        content.problems.append(Problem(str(file), line, f"the {kind} id '{id_}' is already used in {earlier}"))
        return False
    if file.name != name:
        content.problems.append(Problem(str(file), line, f"the id '{id_}' asks for the file name {name}"))
    return True


def _texts(directory: Path, content: Content) -> Iterator[tuple[Path, str, str]]:
    for file in _files(directory, "*.md", content):
        parts = file.name.split(".")
        if len(parts) != 3 or not parts[1].isalpha():
            content.problems.append(Problem(str(file), 1, "a text's file is named ID.LANGUAGE.md"))
            continue
        text = _text(file, content)
        if text is not None:
            yield file, parts[1], text


def _files(directory: Path, pattern: str, content: Content) -> list[Path]:
    if not directory.is_dir():
        return []
    wanted = sorted(directory.glob(pattern))
    for file in sorted(directory.iterdir()):
        if file not in wanted and not file.name.startswith("."):
            content.problems.append(
                Problem(str(file), 1, f"only {pattern} files belong in {directory.name}/", Severity.WARNING)
            )
    return wanted


def _text(file: Path, content: Content) -> str | None:
    try:
        # Some editors put a byte order mark first.
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        content.problems.append(Problem(str(file), line, "the file is not UTF-8"))
        return None
