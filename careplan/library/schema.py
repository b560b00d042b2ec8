"""The keys of content files, exactly."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from careplan.domain.conditions import Direction
from careplan.domain.questionnaire import MOST_INSTANCES, GroupKind, ItemType, Precision
from careplan.domain.scoring import Method
from careplan.domain.triage import Level

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
KeyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
# Holders' own names of items and scales are kept: q1, PF2, HADS_A, GP1.
KeyName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]


def _has_swedish(text: dict[str, str]) -> dict[str, str]:
    if "sv" not in text:
        raise ValueError("the Swedish text (sv) is missing")
    return text


def _speaks_swedish(languages: dict[str, str]) -> dict[str, str]:
    if languages.get("sv", "missing") == "missing":
        raise ValueError("every form is there in Swedish (sv)")
    return languages


Texts = Annotated[dict[Language, Words], AfterValidator(_has_swedish)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class SourceModel(Strict):
    title: Words
    reference: Words
    note: str = ""


class ReviewModel(Strict):
    status: Literal["not-reviewed", "reviewed"]
    by: str = ""
    on: date | None = None

    @model_validator(mode="after")
    def _names_the_reviewer(self) -> "ReviewModel":
        if self.status == "reviewed" and not (self.by and self.on):
            raise ValueError("a reviewed text says by whom and on which day")
        return self


class LicenceModel(Strict):
    kind: Words
    note: str = ""


class SectionModel(Strict):
    id: Id
    title: Texts


class ScaleRangeModel(Strict):
    """The ends of a scale or of a visual analogue scale; only of the latter they may be left out."""

    min: int = 0
    max: int = 100
    low: Texts
    high: Texts


class OptionModel(Strict):
    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    text: Texts
    exclusive: bool = False
    open: bool = False


class ItemModel(Strict):
    link_id: Id
    section: Id
    type: ItemType
    text: Texts
    short: Texts | None = None
    hint: Texts | None = None
    scale: ScaleRangeModel | None = None
    higher_means: Direction | None = None
    options: list[OptionModel] = []
    unit: Texts | None = None
    min: Number | None = None
    max: Number | None = None
    precision: Precision = "day"
    show_if: dict[str, Any] | None = None
    area: Id | None = None
    wish: bool = False
    declinable: bool = True
    concept: Id | None = None
    reuse_days: Annotated[int, Field(ge=1, le=14)] | None = None
    same_as_last: bool = False
    group: Id | None = None


class GroupModel(Strict):
    """Questions that stand together; each item of it names it with `group`, and they stand in a row.

    `page`: several questions on one screen. `matrix`: scales or choices with the same answers, as rows.
    `repeats`: asked again for each of a kind, `at_most` times; nothing that counts may look at them from outside.
    `show_if` opens or hides the whole group."""

    id: Id
    kind: GroupKind
    text: Texts
    hint: Texts | None = None
    show_if: dict[str, Any] | None = None
    at_most: Annotated[int, Field(ge=2, le=MOST_INSTANCES)] | None = None
    add: Texts | None = None


def _mean_or_sum(method: Method) -> Method:
    if method not in (Method.MEAN, Method.SUM):
        raise ValueError("the score of a form is a mean or a sum; other methods belong to scoring keys")
    return method


class ScoreModel(Strict):
    id: Id
    title: Texts
    items: Annotated[list[Id], Field(min_length=1)]
    method: Annotated[Method, AfterValidator(_mean_or_sum)]
    at_least: Annotated[int, Field(ge=1)]
    range: tuple[Number, Number]
    higher_means: Direction
    source: Words


class InstrumentModel(Strict):
    """The scoring key that the answers go to: by question, the key's item.

    `answers`: by question, what each option is called in the key, where it is not called the same there.
    `agreement`: where a holder who claims the scoring, too, has allowed its use."""

    key: KeyId
    items: Annotated[dict[Id, KeyName], Field(min_length=1)]
    answers: dict[Id, dict[str, StrictInt | Words]] = {}
    agreement: Words | None = None


class ScoringModel(Strict):
    """Who said how a form that came from elsewhere is scored, or that it is not."""

    status: Literal["declared", "none"]
    by: Words
    on: date


class KeptItemModel(Strict):
    """An item of the file that a form came in, as it came, and what became of it."""

    path: str
    fate: Literal["mapped", "kept"]
    source: Annotated[str, Field(alias="json")]
    link_id: Id | None = None
    section: Id | None = None
    group: Id | None = None
    hint_of: Id | None = None
    low_of: Id | None = None
    high_of: Id | None = None
    reason: str = ""
    left_out_because: Words | None = None


class RefusedItemModel(Strict):
    path: str
    link_id: str
    reason: str
    left_out_because: Words | None = None


class KeptModel(Strict):
    """What came in a FHIR file, word for word; only the export reads it."""

    fhir_version: Words
    hash: Hash
    questionnaire: str
    items: list[KeptItemModel]
    refused: list[RefusedItemModel] = []


class ResultsModel(Strict):
    """The unit's manager sees the scores of many people at once, and nothing from fewer than `at_least` of them."""

    at_least: Annotated[int, Field(ge=10)]


class RuleModel(Strict):
    id: Id
    level: Level
    when: dict[str, Any]
    item: Id | KeyName
    owner: Words
    source: Words
    allow_unverified: Words | None = None


class GoldenModel(Strict):
    name: Words
    answers: dict[str, Any]
    previous: dict[str, Any] | None = None
    before: list[dict[str, Any]] = []
    flags: list[Id] = []
    scores: dict[str, Number | None] = {}


class FollowUpModel(Strict):
    questionnaire: Id
    after_days: Annotated[int, Field(ge=1, le=60)]
    open_days: Annotated[int, Field(ge=1, le=60)]


class QuestionnaireModel(Strict):
    id: Id
    version: Words
    title: Texts
    purpose: Texts
    recall_period: Texts
    minutes: Annotated[int, Field(ge=1, le=120)]
    languages: Annotated[
        dict[Language, Literal["original", "validated", "translated", "machine", "missing"]],
        AfterValidator(_speaks_swedish),
    ]
    locks: dict[Language, Hash] = {}
    owner: Words
    licence: LicenceModel
    sources: Annotated[list[SourceModel], Field(min_length=1)]
    review: ReviewModel
    sections: Annotated[list[SectionModel], Field(min_length=1)]
    groups: list[GroupModel] = []
    items: Annotated[list[ItemModel], Field(min_length=1)]
    scores: list[ScoreModel] = []
    results: ResultsModel | None = None
    about: Literal["patient", "relative"] = "patient"
    sensitive: bool = False
    instrument: InstrumentModel | None = None
    rules: list[RuleModel] = []
    golden: list[GoldenModel] = []
    follow_up: FollowUpModel | None = None
    scoring: ScoringModel | None = None
    kept: KeptModel | None = None

    @model_validator(mode="after")
    def _is_no_draft(self) -> "QuestionnaireModel":
        if self.kept is not None and (self.scoring is None or self.licence.kind == "imported"):
            raise ValueError("it came in a FHIR file and is a draft still: `careplan questionnaire publish` says why")
        return self


class TreatmentModel(Strict):
    id: Id
    title: Words


class ChapterRefModel(Strict):
    id: Id
    treatment: Id | None = None


def _as_reference(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class PhaseModel(Strict):
    id: Id
    title: Words
    chapters: list[Annotated[ChapterRefModel, BeforeValidator(_as_reference)]]


class ScheduleModel(Strict):
    questionnaire: Id
    event: Words
    after_days: Annotated[int, Field(ge=0)] = 0
    every_days: Annotated[int, Field(ge=1)] | None = None
    times: Annotated[int, Field(ge=1, le=520)] = 1
    open_days: Annotated[int, Field(ge=1)] = 14
    unless_asked_days: Annotated[int, Field(ge=0, le=365)] = 0

    @model_validator(mode="after")
    def _repeats_with_an_interval(self) -> "ScheduleModel":
        if self.times > 1 and self.every_days is None:
            raise ValueError("'times' above 1 needs 'every_days'")
        return self


class ChapterModel(Strict):
    id: Id
    title: Words
    version: Words
    owner: Words
    sources: Annotated[list[SourceModel], Field(min_length=1)]
    review: ReviewModel


class PlanModel(Strict):
    id: Id
    title: Words
    icd10: list[Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}(\.[0-9A-Z]+)?$")]]
    version: Words
    owner: Words
    sources: Annotated[list[SourceModel], Field(min_length=1)]
    review: ReviewModel
    treatments: list[TreatmentModel] = []
    phases: Annotated[list[PhaseModel], Field(min_length=1)]
    always: list[Id] = []
    schedule: list[ScheduleModel] = []
