"""Plan and chapter files: front matter and Markdown, put together into one PlanDefinition per plan and language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from careplan.domain.plan import EVENTS, ChapterRef, ChapterText, Phase, PlanDefinition, Treatment
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.schedule import ScheduleEntry
from careplan.library.chapters import ChapterReader, ParsedChapter
from careplan.library.document import Document, Key, M, content_hash, read_yaml, validated
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.questionnaires import review, source
from careplan.library.schema import ChapterModel, PlanModel

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)---[ \t]*\n(?P<body>.*)\Z", re.S)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file in content/plans, before its chapters are looked up."""

    lang: str
    model: PlanModel
    document: Document
    own: Mapping[str, ChapterText]
    own_lines: Mapping[str, int]
    hash: str


def split(text: str, path: str) -> tuple[str, str, int]:
    """The front matter, the body and the line where the body starts."""
    match = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    if match is None:
        raise ContentErrors([Problem(path, 1, "the file must start with front matter between two lines of ---")])
    return match["yaml"], match["body"], match["yaml"].count("\n") + 3


def read_chapter(text: str, path: str, lang: str = "sv") -> ChapterText:
    """A file of content/chapters; raises ContentErrors."""
    model, _, reader = _read(ChapterModel, text, path)
    parts = reader.read()
    for part in parts[1:]:
        reader.problems.append(Problem(path, part.line, "a shared chapter has no ## heading; its title is in front"))
    if parts[0].is_empty:
        reader.problems.append(Problem(path, reader.first_line, "the chapter has no text"))
    if reader.problems:
        raise ContentErrors(reader.problems)
    return replace(_chapter(parts[0], model.id, model.title, model, lang), hash=content_hash(text))


def read_plan(text: str, path: str, lang: str) -> PlanFile:
    """A file of content/plans; raises ContentErrors."""
    model, document, reader = _read(PlanModel, text, path)
    before, *parts = reader.read()
    if not before.is_empty:
        reader.problems.append(
            Problem(path, reader.first_line, "text before the first ## heading belongs to no chapter")
        )
    reader.problems += [
        Problem(path, part.line, f"the chapter '{part.id}' has no text") for part in parts if part.is_empty
    ]
    if reader.problems:
        raise ContentErrors(reader.problems)
    own = {part.id: _chapter(part, part.id, part.title, model, lang) for part in parts if part.id is not None}
    lines = {part.id: part.line for part in parts if part.id is not None}
    return PlanFile(lang, model, document, own, lines, content_hash(text))


class PlanBuilder:
    """Looks up what one plan refers to: shared chapters, questionnaires, treatments, events."""

    def __init__(
        self,
        plan: PlanFile,
        shared: Mapping[tuple[str, str], ChapterText],
        questionnaires: Mapping[str, Questionnaire],
        broken: frozenset[str],
    ) -> None:
        self.plan, self.shared, self.questionnaires, self.broken = plan, shared, questionnaires, broken
        self.problems: list[Problem] = []
        self.used: set[str] = set()

    def build(self) -> PlanDefinition:
        model, plan = self.plan.model, self.plan
        chapters = dict(self._chapters())
        for chapter_id in plan.own:
            if chapter_id not in self.used:
                line = plan.own_lines[chapter_id]
                message = f"the chapter '{chapter_id}' stands in no phase and not under 'always'"
                self.problems.append(Problem(plan.document.path, line, message))
        self._check_references()
        return PlanDefinition(
            id=model.id,
            lang=plan.lang,
            title=model.title,
            icd10=tuple(model.icd10),
            version=model.version,
            owner=model.owner,
            sources=tuple(source(each) for each in model.sources),
            review=review(model.review),
            treatments=tuple(Treatment(each.id, each.title) for each in model.treatments),
            phases=tuple(
                Phase(phase.id, phase.title, tuple(ChapterRef(ref.id, ref.treatment) for ref in phase.chapters))
                for phase in model.phases
            ),
            always=tuple(model.always),
            schedule=tuple(ScheduleEntry(**dict(entry)) for entry in model.schedule),
            chapters=chapters,
            hash=plan.hash,
        )

    def _chapters(self) -> Iterator[tuple[str, ChapterText]]:
        for place, chapter_id in self._references():
            if chapter_id in self.used:
                self._wrong(place, f"the chapter '{chapter_id}' stands twice in the plan")
                continue
            self.used.add(chapter_id)
            found = self._found(place, chapter_id)
            if found is not None:
                yield chapter_id, found

    def _references(self) -> Iterator[tuple[tuple[Key, ...], str]]:
        for number, phase in enumerate(self.plan.model.phases):
            for index, ref in enumerate(phase.chapters):
                yield ("phases", number, "chapters", index), ref.id
        for index, chapter_id in enumerate(self.plan.model.always):
            yield ("always", index), chapter_id

    def _found(self, place: tuple[Key, ...], chapter_id: str) -> ChapterText | None:
        lang = self.plan.lang
        if chapter_id in self.plan.own:
            return self.plan.own[chapter_id]
        if (chapter_id, lang) in self.shared:
            return self.shared[chapter_id, lang]
        if (chapter_id, "sv") in self.shared:
            self._wrong(place, f"the chapter '{chapter_id}' has no text in {lang}; Swedish is shown", Severity.WARNING)
            return self.shared[chapter_id, "sv"]
        if chapter_id not in self.broken:
            self._wrong(place, f"unknown chapter '{chapter_id}': no own section and no file in content/chapters")
        return None

    def _check_references(self) -> None:
        model = self.plan.model
        treatments = [treatment.id for treatment in model.treatments]
        for group, ids in (("treatments", treatments), ("phases", [phase.id for phase in model.phases])):
            for index, each in enumerate(ids):
                if each in ids[:index]:
                    self._wrong((group, index, "id"), f"the id '{each}' stands twice in {group}")
        for number, phase in enumerate(model.phases):
            for index, ref in enumerate(phase.chapters):
                if ref.treatment is not None and ref.treatment not in treatments:
                    place = ("phases", number, "chapters", index, "treatment")
                    self._wrong(place, f"unknown treatment '{ref.treatment}'")
        self._check_schedule()

    def _check_schedule(self) -> None:
        for index, entry in enumerate(self.plan.model.schedule):
            form = self.questionnaires.get(entry.questionnaire)
            if form is None and entry.questionnaire not in self.broken:
                self._wrong(("schedule", index, "questionnaire"), f"unknown questionnaire '{entry.questionnaire}'")
            if form is not None and form.about == "relative":
                message = f"'{form.id}' is about a relative: a nurse asks for it by hand and chooses whom"
                self._wrong(("schedule", index, "questionnaire"), message)
            if entry.event not in EVENTS:
                message = f"unknown event '{entry.event}'; the events are {', '.join(EVENTS)}"
                self._wrong(("schedule", index, "event"), message)

    def _wrong(self, place: tuple[Key, ...], message: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(self.plan.document.problem(place, message, severity))


def _read(model: type[M], text: str, path: str) -> tuple[M, Document, ChapterReader]:
    """Front matter that fits, and a reader for the body; what is wrong with both is told at once."""
    front, body, first_line = split(text, path)
    reader = ChapterReader(body, path, first_line)
    document = read_yaml(front, path, first_line=2)
    try:
        return validated(model, document), document, reader
    except ContentErrors as error:
        reader.read()
        raise ContentErrors([*error.problems, *reader.problems]) from error


def _chapter(
    part: ParsedChapter, chapter_id: str, title: str, model: ChapterModel | PlanModel, lang: str
) -> ChapterText:
    return ChapterText(
        id=chapter_id,
        title=title,
        key=part.boxes.get("key"),
        call=part.boxes.get("call"),
        intro=part.intro,
        sections=tuple(part.sections),
        sources=tuple(source(each) for each in model.sources),
        review=review(model.review),
        version=model.version,
        lang=lang,
    )
