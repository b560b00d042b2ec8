"""What a draft must be for the commands to read it. Whether it may be published is judged elsewhere."""

from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from careplan.domain.questionnaire import GroupKind, ItemType, Precision
from careplan.domain.scoring import Method
from careplan.library.schema import InstrumentModel, KeptModel, Number

# By language; that of a file that does not say its own is "und".
Texts = dict[str, str]
_MOST_LEVELS = 20


def _tree(value: Any) -> Any:
    """The shape of a condition; pydantic tells the sentence of the error."""
    waiting = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not isinstance(part, dict) or depth > _MOST_LEVELS:
            raise ValueError("a condition is a mapping, such as {item: pain, at_least: 7}")
        if part.keys() in ({"all"}, {"any"}):
            ((_, parts),) = part.items()
            if not isinstance(parts, list) or not parts:
                raise ValueError("'all' and 'any' need a list of conditions")
            waiting += [(each, depth + 1) for each in parts]
        elif part.keys() == {"not"}:
            waiting.append((part["not"], depth + 1))
        elif not _is_leaf(part):
            raise ValueError("a condition is one of {item, at_least}, {item, at_most}, {item, is} and {item, any_of}")
    return value


def _is_leaf(part: dict[str, Any]) -> bool:
    if len(part) != 2 or not isinstance(part.get("item"), str):
        return False
    ((word, value),) = ((word, value) for word, value in part.items() if word != "item")
    if word in ("at_least", "at_most"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if word == "any_of":
        return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
    return word == "is" and isinstance(value, str)


Tree = Annotated[dict[str, Any], AfterValidator(_tree)]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="allow")


class _OptionModel(_Loose):
    value: Annotated[str, StringConstraints(pattern=r"\S")]
    text: Texts
    exclusive: bool = False
    open: bool = False


class _ScaleModel(_Loose):
    min: int = 0
    max: int = 100
    low: Texts
    high: Texts


class _ItemModel(_Loose):
    link_id: str
    section: str
    type: ItemType
    text: Texts
    short: Texts | None = None
    hint: Texts | None = None
    unit: Texts | None = None
    scale: _ScaleModel | None = None
    options: list[_OptionModel] = []
    min: Number | None = None
    max: Number | None = None
    precision: Precision = "day"
    show_if: Tree | None = None
    group: str | None = None


class _GroupModel(_Loose):
    id: str
    kind: GroupKind
    text: Texts
    hint: Texts | None = None
    show_if: Tree | None = None
    at_most: int | None = None


class _SectionModel(_Loose):
    id: str
    title: Texts


class _ScoreModel(_Loose):
    id: str
    title: Texts
    items: list[str]
    method: Method
    at_least: int


class _ScoringModel(_Loose):
    status: Literal["undeclared", "declared", "none"] = "undeclared"


class DraftModel(_Loose):
    id: str
    title: Texts | None = None
    version: str | None = None
    purpose: Texts | None = None
    languages: dict[str, str]
    licence: dict[str, Any] = {}
    sections: list[_SectionModel]
    groups: list[_GroupModel] = []
    items: Annotated[list[_ItemModel], Field(min_length=1)]
    scores: list[_ScoreModel] = []
    instrument: InstrumentModel | None = None
    scoring: _ScoringModel = _ScoringModel()
    kept: KeptModel | None = None

    @model_validator(mode="after")
    def _calls_each_otherwise(self) -> "DraftModel":
        ids = [*(group.id for group in self.groups), *(item.link_id for item in self.items)]
        twice = [name for name, times in Counter(ids).items() if times > 1]
        if twice:
            raise ValueError(f"the id '{twice[0]}' stands twice among items and groups")
        return self


def without_nulls(value: Any) -> Any:
    """Content in which nothing stands as null: a key without a value is none."""
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    return [without_nulls(part) for part in value] if isinstance(value, list) else value
