"""What a questionnaire is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from careplan.domain.answers import Answers
from careplan.domain.conditions import Condition, Direction, items_of, moved
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire.groups import Group, GroupKind, instance_key, split_key

if TYPE_CHECKING:
    from careplan.domain.binding import Binding
    from careplan.domain.scoring import Scale
    from careplan.domain.triage import Rule

Text = Mapping[str, str]


def text_in(text: Text, lang: str) -> str:
    """The text in this language, or in Swedish, which every text has."""
    return text.get(lang) or text["sv"]


Precision = Literal["day", "month", "year"]


class ItemType(StrEnum):
    SCALE = "scale"
    VAS = "vas"  # a visual analogue scale: a mark on a line, read as a whole number
    CHOICE = "choice"
    CHOICES = "choices"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    TEXT = "text"
    INFO = "info"


# The types whose answers are numbers, to be compared, counted and drawn.
NUMERIC = frozenset({ItemType.SCALE, ItemType.VAS, ItemType.INTEGER, ItemType.DECIMAL})


@dataclass(frozen=True, slots=True)
class ScaleRange:
    """Whole numbers from min to max, with words at both ends."""

    min: int
    max: int
    low: Text
    high: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; an exclusive one ("Inget av detta") stands alone, an open one ("Annat") takes own words beside it."""

    value: str
    text: Text
    exclusive: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Whether a clinician has reviewed the content, who and when; "own" is written for one patient."""

    status: Literal["not-reviewed", "reviewed", "own"]
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    link_id: str
    section: str
    type: ItemType
    text: Text
    short: Text
    hint: Text | None = None
    scale: ScaleRange | None = None
    higher_means: Direction | None = None
    options: tuple[Option, ...] = ()
    unit: Text | None = None
    min: int | float | None = None
    max: int | float | None = None
    precision: Precision = "day"  # of a date: the coarsest that is taken
    show_if: Condition | None = None
    area: str | None = None
    wish: bool = False
    declinable: bool = True
    concept: str | None = None  # the same question in other forms has the same one
    reuse_days: int | None = None  # so long an answer to it in another form is shown here, to be confirmed
    same_as_last: bool = False  # the answer of last time may be given again with one press
    group: str | None = None

    @property
    def open_option(self) -> Option | None:
        """The option beside which own words may stand."""
        return next((option for option in self.options if option.open), None)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Asked some days after a severe answer: whether it is still so."""

    questionnaire: str
    after_days: int
    open_days: int


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """An example that must come out just so: kept beside the rules it proves."""

    name: str
    answers: Answers
    flags: tuple[str, ...]
    scores: Mapping[str, float | None]
    previous: Answers | None = None
    before: tuple[Answers, ...] = ()  # those of the times before, the newest first


class UnknownItem(CareplanError, KeyError):
    def __init__(self, link_id: str) -> None:
        super().__init__(link_id)
        self.link_id = link_id


class NotShown(CareplanError):
    """The question exists, but the answers so far do not open it."""

    def __init__(self, link_id: str) -> None:
        super().__init__(link_id)
        self.link_id = link_id


@dataclass(frozen=True, slots=True)
class Questionnaire:
    id: str
    version: str
    title: Text
    purpose: Text
    recall_period: Text
    minutes: int
    languages: Mapping[str, str]  # to status: original, validated, translated, machine, missing
    owner: str
    licence: Licence
    sources: tuple[Source, ...]
    review: Review
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    scores: tuple["Scale", ...]
    rules: tuple["Rule", ...]
    golden: tuple[GoldenCase, ...]
    hash: str
    instrument: "Binding | None" = None  # whose scores `scores` then are
    about: Literal["patient", "relative"] = "patient"  # whose answers these are: a relative's are about themself
    is_sensitive: bool = False  # a relative who may read the patient's answers sees these only when told so apart
    results_at_least: int | None = None  # so many people must have answered before a unit sees results; None: never
    groups: tuple[Group, ...] = ()
    follow_up: FollowUp | None = None
    rules_id: str = ""  # which version of a unit's own rules `rules` are; empty: those that the form came with
    _by_id: dict[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {item.link_id: item for item in self.items})

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def scoring_hash(self) -> str:
        """The version of what makes its scores: the key's, or its own."""
        return self.hash if self.instrument is None else self.instrument.key.hash

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages that it can be answered in; a planned one ("missing") cannot be chosen yet."""
        return tuple(lang for lang, status in self.languages.items() if status != "missing")

    def language_for(self, wanted: str) -> str:
        """The wanted language where the form is offered in it; Swedish, which every form is, where it is not."""
        return wanted if wanted in self.offered else "sv"

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that are answered; info items are only read."""
        return tuple(item for item in self.items if item.type is not ItemType.INFO)

    def item(self, link_id: str) -> Item:
        """A question or info item; by the key of a later instance, the question as it is asked there."""
        found = self._by_id.get(link_id)
        if found is None:
            found = self._by_id[link_id] = self._repeated(link_id)
        return found

    def group_of(self, item: Item) -> Group | None:
        return self.group(item.group) if item.group is not None else None

    def group(self, group_id: str) -> Group:
        for group in self.groups:
            if group.id == group_id:
                return group
        raise UnknownItem(group_id)

    def members(self, group_id: str) -> tuple[Item, ...]:
        """The items of a group, in its first instance."""
        return tuple(item for item in self.items if item.group == group_id)

    def openers(self, item: Item) -> frozenset[str]:
        """The items whose answers open or hide this one, by itself or with its group."""
        return frozenset(link_id for each in self.conditions(item) for link_id in items_of(each))

    def conditions(self, item: Item) -> list[Condition]:
        """What has to be true for it to be shown: its group's condition, and its own."""
        group = self.group_of(item)
        found = (group.show_if if group is not None else None, item.show_if)
        return [condition for condition in found if condition is not None]

    def wording(self, item: Item, lang: str) -> str:
        """The question as it reads by itself: a row of a matrix after what its rows have in common."""
        group = self.group_of(item)
        own, instance = text_in(item.text, lang), split_key(item.link_id)[1]
        if group is not None and group.kind is GroupKind.MATRIX:
            return f"{text_in(group.text, lang)} {own}"
        return own if instance == 1 else f"{own} ({instance})"

    def repeats(self, item: Item) -> bool:
        """Whether it is asked once for each instance of its group."""
        group = self.group_of(item)
        return group is not None and group.kind is GroupKind.REPEATS

    @property
    def profiles(self) -> tuple["Scale", ...]:
        """The scores that are text; they are in no rule and no trend."""
        return self.instrument.profiles if self.instrument is not None else ()

    def score(self, score_id: str) -> "Scale":
        for scale in (*self.scores, *self.profiles):
            if scale.id == score_id:
                return scale
        raise UnknownItem(score_id)

    def section(self, section_id: str) -> Section:
        for section in self.sections:
            if section.id == section_id:
                return section
        raise UnknownItem(section_id)

    def _repeated(self, key: str) -> Item:
        link_id, instance = split_key(key)
        item = next((each for each in self.items if each.link_id == link_id), None)
        group = None if item is None else self.group_of(item)
        if item is None or group is None or not 1 < instance <= group.at_most:  # at most 1 where it does not repeat
            raise UnknownItem(key)
        names = {each.link_id: instance_key(each.link_id, instance) for each in self.members(group.id)}
        return replace(
            item,
            link_id=key,
            short={lang: f"{words} {instance}" for lang, words in item.short.items()},
            show_if=None if item.show_if is None else moved(item.show_if, names),
        )
