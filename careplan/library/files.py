"""The files of content/, read once, and what is compiled of them and of the texts laid over them."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from careplan.domain.keys import ScoringKey
from careplan.domain.plan import ChapterText, PlanDefinition
from careplan.domain.questionnaire import Questionnaire
from careplan.library.binding import with_key
from careplan.library.document import Document, content_hash, validated
from careplan.library.instruments import parse_key
from careplan.library.languages import language_problems
from careplan.library.plans import PlanBuilder, PlanFile, read_chapter, read_plan
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.questionnaires import parse_questionnaire
from careplan.library.schema import QuestionnaireModel

T = TypeVar("T")

# Kind, id and language of a text; the language is empty where one file holds all of them.
Place = tuple[str, str, str]
# Text by file name ("chapters/team.sv.md"); None leaves the file out.
LaidOver = Mapping[str, str | None]
# What a text was compiled to, or why it could not be: a text that is unchanged is compiled once a process.
Compiled = MutableMapping[tuple[object, ...], Any]

DIRECTORIES = {"instrument": "instruments", "questionnaire": "questionnaires", "chapter": "chapters", "plan": "plans"}
_KINDS = {directory: kind for kind, directory in DIRECTORIES.items()}
_PATTERNS = {"instruments": ".yaml", "questionnaires": ".yaml", "chapters": ".md", "plans": ".md"}
_NOTHING_LAID_OVER: LaidOver = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ContentFile:
    """One file as it is stored when it is published; `lang` is empty where one file holds all languages."""

    kind: str
    id: str
    lang: str
    version: str
    text: str
    hash: str

    @property
    def place(self) -> Place:
        return self.kind, self.id, self.lang


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a content directory as they were read. `problems`: what could not be read, and what is misplaced."""

    root: Path
    texts: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    def path(self, name: str) -> str:
        return str(self.root / name)

    def name(self, path: str) -> str:
        """The file's name within the tree."""
        return Path(path).relative_to(self.root).as_posix()


def file_of(place: Place) -> str:
    kind, id_, lang = place
    return f"{DIRECTORIES[kind]}/{id_}.{lang}.md" if lang else f"{DIRECTORIES[kind]}/{id_}.yaml"


def place_of(name: str) -> Place | None:
    """What a file of this name holds; None where the name says nothing."""
    directory, _slash, file = name.partition("/")
    id_, *middle, _ending = file.split(".")
    if directory not in _KINDS or len(middle) != (_PATTERNS[directory] == ".md"):
        return None
    return _KINDS[directory], id_, "".join(middle)


def read_tree(root: Path) -> Tree:
    """Raises ContentErrors where there is no such directory."""
    if not root.is_dir():
        raise ContentErrors([Problem(str(root), 1, "there is no such content directory")])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for directory, ending in _PATTERNS.items():
        for file in sorted((root / directory).iterdir()) if (root / directory).is_dir() else ():
            if file.suffix == ending and file.is_file():
                try:
                    # Some editors put a byte order mark first.
                    texts[f"{directory}/{file.name}"] = file.read_text(encoding="utf-8-sig")
                except UnicodeDecodeError as error:
                    line = error.object[: error.start].count(b"\n") + 1
                    problems.append(Problem(str(file), line, "the file is not UTF-8"))
            elif not file.name.startswith("."):
                message = f"only *{ending} files belong in {directory}/"
                problems.append(Problem(str(file), 1, message, Severity.WARNING))
    return Tree(root, texts, tuple(problems))


def read_content(tree: Tree, laid_over: LaidOver = _NOTHING_LAID_OVER, compiled: Compiled | None = None) -> "Content":
    content = Content(tree, laid_over, {} if compiled is None else compiled)
    keys = _read_instruments(content)
    _read_questionnaires(content)
    content.problems += _unknown_follow_ups(content)
    for id_ in content.questionnaires.keys() & keys.keys():
        message = f"the id '{id_}' is that of a questionnaire too; commands take either"
        content.problems.append(keys[id_].problem(["id"], message))
    for name, lang, text in _texts("chapters", content):
        _read_chapter(name, lang, text, content)
    plans = [_read_plan(name, lang, text, content) for name, lang, text in _texts("plans", content)]
    for plan in plans:
        if plan is not None:
            # A plan is not blamed for a text or form that is there and broken; that file's own errors say so.
            builder = PlanBuilder(plan, content.shared, content.questionnaires, frozenset(content.broken))
            content.plans[plan.model.id, plan.lang] = builder.build()
            content.problems += builder.problems
    content.problems += _language_differences(content)
    return content


class Content:
    """Everything that could be read, and everything that is wrong with the rest."""

    def __init__(self, tree: Tree, laid_over: LaidOver, compiled: Compiled) -> None:
        self.tree = tree
        self.texts = {name: text for name, text in {**tree.texts, **laid_over}.items() if text is not None}
        self.compiled = compiled
        self.questionnaires: dict[str, Questionnaire] = {}
        self.instruments: dict[str, ScoringKey] = {}
        self.documents: dict[str, Document] = {}
        self.shared: dict[tuple[str, str], ChapterText] = {}
        self.plans: dict[tuple[str, str], PlanDefinition] = {}
        self.files: list[ContentFile] = []
        self.problems: list[Problem] = [
            problem for problem in tree.problems if tree.name(problem.path) not in laid_over
        ]
        # Ids of files that are there and cannot be used: whoever names them is not to blame.
        self.broken = {Path(problem.path).name.split(".")[0] for problem in self.problems if problem.is_error}
        self.used: set[tuple[object, ...]] = set()

    def named(self, directory: str) -> Iterator[tuple[str, str]]:
        """Name and text of each file there, in order."""
        return ((name, text) for name, text in sorted(self.texts.items()) if name.startswith(f"{directory}/"))

    def compile(self, read: Callable[..., T], text: str, name: str, *more: object, by: object = None) -> T | None:
        """What `read` makes of the text, from the last time where that was the same; None where it is broken."""
        key = (read.__name__, name, text, by)
        self.used.add(key)
        if key not in self.compiled:
            try:
                self.compiled[key] = read(text, self.tree.path(name), *more)
            except ContentErrors as error:
                self.compiled[key] = error
        found: T | ContentErrors = self.compiled[key]
        if isinstance(found, ContentErrors):
            self.problems += found.problems
            return None
        return found

    def forget_the_rest(self) -> None:
        """Texts that are no longer in use need not be kept compiled."""
        for key in self.compiled.keys() - self.used:
            del self.compiled[key]


def _language_differences(content: Content) -> Iterator[Problem]:
    """A patient may change language at any time, so a plan must have the same parts in each."""
    for (plan_id, lang), plan in content.plans.items():
        swedish = content.plans.get((plan_id, "sv"))
        path = content.tree.path(file_of(("plan", plan_id, lang)))
        if swedish is None:
            if plan_id not in content.broken:
                yield Problem(path, 1, f"the plan '{plan_id}' has no Swedish file")
        elif (plan.phase_ids, plan.chapter_ids) != (swedish.phase_ids, swedish.chapter_ids):
            yield Problem(path, 1, "the phases and chapters are not the same as in the Swedish file")
        elif (plan.treatment_ids, plan.schedule) != (swedish.treatment_ids, swedish.schedule):
            yield Problem(path, 1, "the treatments and schedule are not the same as in the Swedish file")


def _read_questionnaires(content: Content) -> None:
    keys = {file.id: file.text for file in content.files if file.kind == "instrument"}
    digest = content_hash("".join(keys.values()))
    for name, text in content.named("questionnaires"):
        parsed = content.compile(parse_questionnaire, text, name, keys, by=digest)
        if parsed is None:
            content.broken.add(Path(name).stem)
            continue
        questionnaire, document = parsed
        if _is_named_so(content, ("questionnaire", questionnaire.id, ""), name, document.line(["id"])):
            content.questionnaires[questionnaire.id] = questionnaire
            content.documents[questionnaire.id] = document
            content.problems += language_problems(validated(QuestionnaireModel, document), document)
            binding = questionnaire.instrument
            text = text if binding is None else with_key(text, keys[binding.key.id])
            content.files.append(
                ContentFile("questionnaire", questionnaire.id, "", questionnaire.version, text, questionnaire.hash)
            )


def _unknown_follow_ups(content: Content) -> Iterator[Problem]:
    for id_, questionnaire in content.questionnaires.items():
        if questionnaire.follow_up is None or questionnaire.follow_up.questionnaire in content.broken:
            continue
        asked = content.questionnaires.get(questionnaire.follow_up.questionnaire)
        if asked is None or asked.about != questionnaire.about:
            message = f"no form '{questionnaire.follow_up.questionnaire}' to ask of the same person"
            yield content.documents[id_].problem(["follow_up", "questionnaire"], message)


def _read_instruments(content: Content) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for name, text in content.named("instruments"):
        parsed = content.compile(parse_key, text, name)
        if parsed is None:
            continue
        key, document = parsed
        documents.setdefault(key.id, document)
        if _is_named_so(content, ("instrument", key.id, ""), name, document.line(["id"])):
            content.instruments[key.id], documents[key.id] = key, document
            content.files.append(ContentFile("instrument", key.id, "", key.version, text, key.hash))
    return documents


def _read_chapter(name: str, lang: str, text: str, content: Content) -> None:
    chapter = content.compile(read_chapter, text, name, lang)
    if chapter is None:
        content.broken.add(Path(name).name.split(".")[0])
    elif _is_named_so(content, ("chapter", chapter.id, lang), name, 2):
        content.shared[chapter.id, lang] = chapter
        content.files.append(ContentFile("chapter", chapter.id, lang, chapter.version, text, content_hash(text)))


def _read_plan(name: str, lang: str, text: str, content: Content) -> PlanFile | None:
    plan = content.compile(read_plan, text, name, lang)
    if plan is None:
        content.broken.add(Path(name).name.split(".")[0])
        return None
    model = plan.model
    if not _is_named_so(content, ("plan", model.id, lang), name, plan.document.line(["id"])):
        return None
    content.files.append(ContentFile("plan", model.id, lang, model.version, text, plan.hash))
    return plan


def _is_named_so(content: Content, place: Place, name: str, line: int) -> bool:
    """Whether the file has the name that its id asks for. So no two have one id: the one of that name has it."""
    wanted = file_of(place)
    if name == wanted:
        return True
    kind, id_, _lang = place
    path = content.tree.path(name)
    content.problems.append(Problem(path, line, f"the id '{id_}' asks for the file name {Path(wanted).name}"))
    if wanted in content.texts:
        message = f"the {kind} id '{id_}' is already used in {content.tree.path(wanted)}"
        content.problems.append(Problem(path, line, message))
    else:
        content.broken.add(id_)
    return False


def _texts(directory: str, content: Content) -> Iterator[tuple[str, str, str]]:
    for name, text in content.named(directory):
        parts = Path(name).name.split(".")
        if len(parts) != 3 or not parts[1].isalpha():
            content.problems.append(Problem(content.tree.path(name), 1, "a text's file is named ID.LANGUAGE.md"))
            continue
        yield name, parts[1], text
