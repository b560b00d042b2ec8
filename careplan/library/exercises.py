"""Self-care that staff may pick for a goal; read from content/activities/."""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, Field

from careplan.library.professions import known_areas
from careplan.library.schema import Id, ReviewModel, SourceModel, Strict, Texts, Words


class Exercise(Strict):
    """One thing that a patient can do alone: what, how often, how, and when to stop."""

    id: Id
    kind: Id
    areas: Annotated[list[str], AfterValidator(known_areas), Field(min_length=1)]
    title: Texts
    timing: Texts
    steps: Annotated[list[Texts], Field(min_length=1)]
    stop: Texts
    owner: Words
    review: ReviewModel
    sources: list[SourceModel]

    def instructions(self, lang: str) -> str:
        """A line for each step; the last says when to stop."""
        return "\n".join(text.get(lang, text["sv"]) for text in (*self.steps, self.stop))


@cache
def exercises(content_path: Path) -> dict[str, Exercise]:
    """By id, in the order of the Swedish titles. Read once for each process."""
    files = sorted((content_path / "activities").glob("*.yaml"))
    found = [Exercise.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
    return {each.id: each for each in sorted(found, key=lambda each: each.title["sv"])}
