"""The keys of a scoring key's file, exactly."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from careplan.domain.conditions import Direction
from careplan.domain.keys import LicenceKind
from careplan.domain.scoring import Method, Verification
from careplan.library.schema import KeyId, KeyName, Number, SourceModel, Strict, Texts, Words

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]+-[0-9]$")]
Whole = Annotated[int, Field(ge=-1000, le=1000)]
Sum = Annotated[float, Field(allow_inf_nan=False)]
Names = Annotated[list[KeyName], Field(min_length=1)]


class KeyLicenceModel(Strict):
    kind: LicenceKind
    holder: Words
    asks: Texts
    claims_scoring: bool = False
    source: Words
    verification: Verification


class DecisionModel(Strict):
    about: Words
    decision: Words
    reason: Words


class NoteModel(Strict):
    text: Words
    verification: Verification


class CodeModel(Strict):
    of: KeyName
    code: Code
    source: Words
    verification: Verification


class StepModel(Strict):
    points: Number
    below: Number | None = None
    up_to: Number | None = None


class KeyItemModel(Strict):
    """Items that are answered alike: whole numbers from and to, decimals from and to, or codes with their points."""

    ids: Names
    whole: tuple[Whole, Whole] | None = None
    step: Annotated[int, Field(ge=1)] = 1
    decimal: tuple[Number, Number] | None = None
    points: dict[str, Number] | None = None
    steps: list[StepModel] = []
    several: bool = False
    scored: bool = True
    zero_after: Annotated[dict[KeyName, list[str | int]], Field(min_length=1, max_length=1)] | None = None


class BandModel(Strict):
    from_: Annotated[Number, Field(alias="from")]
    to: Number | None = None
    below: Number | None = None
    name: Texts


class BandsModel(Strict):
    source: Words
    verification: Verification
    list: Annotated[list[BandModel], Field(min_length=2)]


class ThresholdModel(Strict):
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    means: Texts
    source: Words
    verification: Verification

    @model_validator(mode="after")
    def _has_one_limit(self) -> "ThresholdModel":
        if sum(limit is not None for limit in (self.at_least, self.above, self.below)) != 1:
            raise ValueError("a threshold has one of at_least, above and below")
        return self


class AtLeastModel(Strict):
    at_least: Annotated[int, Field(ge=1)]
    verification: Verification


class AlsoAnsweredModel(Strict):
    items: Names
    more_than_percent: Annotated[int, Field(ge=0, lt=100)]


class PatternModel(Strict):
    """`rows`: the values of all attributes but the last, then the grades for the last one's 0, 1, 2 …"""

    items: Annotated[list[KeyName], Field(min_length=1, max_length=3)]
    terms: list[int] = []
    rows: Annotated[list[list[int]], Field(min_length=1)]


class KeyScaleModel(Strict):
    id: KeyName
    title: Texts
    method: Method
    items: list[KeyName] = []
    scores: list[KeyName] = []
    reverse: list[KeyName] = []
    invert: bool = False
    times: Annotated[int, Field(ge=1)] = 1
    decimals: Annotated[int, Field(ge=0, le=8)] = 8
    missing: Literal["all-required", "at-least-half", "more-than-half", "any-answered", "digit-9"] | AtLeastModel
    also_answered: AlsoAnsweredModel | None = None
    not_applicable_when: dict[KeyName, list[str | int]] | None = None
    table: dict[Sum, Number] | None = None
    steps: list[StepModel] = []
    start: Number | None = None
    levels: dict[KeyName, list[Number]] | None = None
    any_level_from: dict[Whole, Number] = {}
    patterns: list[PatternModel] = []
    range: tuple[Number, Number]
    higher_means: Direction
    verification: Verification
    basis: Words
    bands: BandsModel | None = None
    thresholds: list[ThresholdModel] = []


class KeyModel(Strict):
    id: KeyId
    title: Words
    version: Words
    measures: Texts
    respondent: Literal["patient", "clinician"]
    basis: Words
    licence: KeyLicenceModel
    sources: Annotated[list[SourceModel], Field(min_length=1)]
    codes: list[CodeModel] = []
    decisions: list[DecisionModel] = []
    notes: list[NoteModel] = []
    items: Annotated[list[KeyItemModel], Field(min_length=1)]
    scales: Annotated[list[KeyScaleModel], Field(min_length=1)]
