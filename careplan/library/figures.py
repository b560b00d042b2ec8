"""What each figure of a unit counts, and its target levels; read from content/figures.yaml."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, model_validator

from careplan.library.schema import Id, ReviewModel, SourceModel, Strict, Texts, Words

Percent = Annotated[int, Field(ge=0, le=100)]


class Targets(Strict):
    """Two levels of a register, per cent."""

    lower: Percent
    upper: Percent
    status: Literal["verified", "unverified"]

    @model_validator(mode="after")
    def _in_order(self) -> "Targets":
        if self.lower >= self.upper:
            raise ValueError("the lower target must be below the upper one")
        return self


class FigureModel(Strict):
    id: Id
    title: Texts
    numerator: Texts
    denominator: Texts
    targets: Targets | None = None

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        return {"title": self.title, "numerator": self.numerator, "denominator": self.denominator}


class Codebook(Strict):
    owner: Words
    review: ReviewModel
    sources: list[SourceModel]
    smallest_group: Annotated[int, Field(ge=2)]
    smallest_total: Annotated[int, Field(ge=1)]
    figures: list[FigureModel]

    def figure(self, figure_id: str) -> FigureModel:
        return next(each for each in self.figures if each.id == figure_id)


@cache
def codebook(content_path: Path) -> Codebook:
    """Read once for each process."""
    return Codebook.model_validate(yaml.safe_load((content_path / "figures.yaml").read_text(encoding="utf-8")))
