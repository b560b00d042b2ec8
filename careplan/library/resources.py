"""content/resources/*.yaml: where to turn, by need and region; and content/regions.yaml, the regions by their code."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from careplan.domain.needs import AREA_IDS
from careplan.domain.questionnaire import Source
from careplan.domain.resources import Audience, Resource
from careplan.library.document import Document, read_yaml, validated
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.schema import ReviewModel, SourceModel, Strict, Texts, Words

DIRECTORY, REGIONS = "resources", "regions.yaml"
LONGEST_SENTENCE, MOST_SENTENCES = 20, 2

ResourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^(112|1177|1\d\d \d{2,3}|0\d{1,3}-\d{2,3}( \d{2,3}){1,2})$")]
Web = Annotated[str, StringConstraints(pattern=r"^https://[a-zåäö0-9.-]+(/[^\s\"<>]*)?$")]


def _known(areas: list[str]) -> list[str]:
    unknown = [area for area in areas if area not in AREA_IDS]
    if unknown:
        raise ValueError(f"no such area of need: {', '.join(unknown)}; there are {', '.join(sorted(AREA_IDS))}")
    return areas


class ResourceModel(Strict):
    """One offer. A telephone number stands here only when it was seen in the source."""

    id: ResourceId
    title: Texts
    gives: Texts
    needs: Annotated[list[str], Field(min_length=1), AfterValidator(_known)]
    audiences: Annotated[list[Audience], Field(alias="for", min_length=1)]
    regions: Literal["national"] | Annotated[list[RegionCode], Field(min_length=1)]
    phone: Phone | None = None
    web: Web | None = None
    how: Texts | None = None
    source: SourceModel
    checked: date | None


class ResourcesModel(Strict):
    owner: Words
    review: ReviewModel
    resources: Annotated[list[ResourceModel], Field(min_length=1)]


class RegionsModel(Strict):
    source: SourceModel
    regions: Annotated[dict[RegionCode, Words], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Resources:
    """All offers in the order of the files, and the names of the regions by code."""

    offers: tuple[Resource, ...]
    regions: Mapping[str, str]

    @classmethod
    def load(cls, content_path: Path) -> "Resources":
        """Raises ContentErrors with everything that is wrong; a directory without resources has none."""
        reading = _Reading(content_path)
        if any(problem.is_error for problem in reading.problems):
            raise ContentErrors(problem for problem in reading.problems if problem.is_error)
        return cls(tuple(reading.offers), MappingProxyType(reading.regions))


def resource_problems(content_path: Path) -> list[Problem]:
    """What `careplan check` says of them, by file and line."""
    return _Reading(content_path).problems


class _Reading:
    """Everything that could be read, and everything that is wrong with the rest."""

    def __init__(self, content_path: Path) -> None:
        self.offers: list[Resource] = []
        self.problems: list[Problem] = []
        self.regions: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self._read_regions(content_path / REGIONS)
        for file in sorted((content_path / DIRECTORY).glob("*.yaml")):
            self._read(file)

    def _read_regions(self, file: Path) -> None:
        if not file.is_file():
            return
        try:
            self.regions = validated(RegionsModel, read_yaml(_text(file), str(file))).regions
        except ContentErrors as error:
            self.problems += error.problems

    def _read(self, file: Path) -> None:
        try:
            document = read_yaml(_text(file), str(file))
            model = validated(ResourcesModel, document)
        except ContentErrors as error:
            self.problems += error.problems
            return
        for index, entry in enumerate(model.resources):
            place = ("resources", index)
            earlier = self.places.setdefault(entry.id, str(file))
            if any(entry.id == other.id for other in self.offers):
                self.problems.append(
                    document.problem((*place, "id"), f"the resource id '{entry.id}' is already used in {earlier}")
                )
                continue
            self.problems += self._doubts(document, place, entry)
            self.offers.append(_compiled(entry))

    def _doubts(self, document: Document, place: tuple[str, int], entry: ResourceModel) -> Iterator[Problem]:
        for code in entry.regions if entry.regions != "national" else []:
            if code not in self.regions:
                yield document.problem((*place, "regions"), f"there is no region with the code '{code}' in {REGIONS}")
        if entry.phone is None and entry.web is None and entry.how is None:
            yield document.problem(place, f"'{entry.id}' does not say how to reach it: phone, web or how")
        if entry.phone is not None and entry.checked is None:
            message = "a telephone number that nobody has seen in a source is left out, or `checked` says when"
            yield document.problem((*place, "phone"), message)
        if entry.checked is not None and not entry.source.reference.startswith(("http://", "https://")):
            message = "what is checked names the address of its source"
            yield document.problem((*place, "source"), message)
        if entry.checked is None:
            message = f"'{entry.id}' is not checked against a source, and its readers are told so"
            yield document.problem((*place, "checked"), message, Severity.WARNING)
        for lang, text in entry.gives.items():
            yield from _reading_level(document, (*place, "gives", lang), text)
        for key, texts in (("title", entry.title), ("gives", entry.gives), ("how", entry.how or entry.title)):
            if "en" not in texts:
                yield document.problem((*place, key), f"'{key}' is missing in English (en)", Severity.WARNING)


def _reading_level(document: Document, place: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    sentences = [part for part in re.split(r"[.!?](?:\s|$)", text) if part.strip()]
    if len(sentences) > MOST_SENTENCES:
        yield document.problem(place, f"{len(sentences)} sentences, at most {MOST_SENTENCES}", Severity.WARNING)
    for sentence in sentences:
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            message = f"a sentence of {count} words, at most {LONGEST_SENTENCE}: “{' '.join(sentence.split()[:5])} …”"
            yield document.problem(place, message, Severity.WARNING)


def _compiled(entry: ResourceModel) -> Resource:
    return Resource(
        id=entry.id,
        title=entry.title,
        gives=entry.gives,
        how=entry.how,
        needs=tuple(entry.needs),
        audiences=frozenset(entry.audiences),
        regions=frozenset() if entry.regions == "national" else frozenset(entry.regions),
        phone=entry.phone or "",
        web=entry.web or "",
        source=Source(entry.source.title, entry.source.reference, entry.source.note),
        checked_on=entry.checked,
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ContentErrors([Problem(str(file), line, "the file is not UTF-8")]) from error
