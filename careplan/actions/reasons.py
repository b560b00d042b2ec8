"""Why a response is a task: its kind, its level, and the line that the list shows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from careplan.domain.answers import Answers, Value
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.summary import in_one_line, is_worse, wishes_in_words
from careplan.domain.tasks import TaskKind
from careplan.domain.triage import Level, RaisedFlag
from careplan.models import QuestionnaireResponse

SUMMARY_LENGTH = 300
MOST_SAID = 3
WANTS_CONTACT = "Vill att du hör av dig"
NO_FLAG = "Inget svar över gränsen"


class KnownFlag(NamedTuple):
    """A flag that was closed as known and taken care of."""

    item: str
    value: Value | None
    level: Level
    known_until: date


def reason_to_look(
    response: QuestionnaireResponse,
    questionnaire: Questionnaire,
    flags: Sequence[RaisedFlag],
    previous: Answers | None,
    known: Mapping[str, date],
) -> tuple[TaskKind, Level | None, list[str]]:
    """Kind, level and the summary's parts."""
    standing = [flag for flag in flags if flag.item not in known]
    if standing:
        level = min((flag.level for flag in standing), key=list(Level).index)
        lines = [in_one_line(questionnaire, flag.item, flag.value, previous) for flag in standing]
        return TaskKind.FLAG, level, lines
    lines = [_known_in_words(questionnaire, flag, previous, known[flag.item]) for flag in flags]
    if response.wants_contact:
        lines = [*wishes_in_words(questionnaire, response.wishes), *lines]
        return TaskKind.CONTACT, None, lines or [WANTS_CONTACT]
    return TaskKind.RESPONSE, None, lines or [NO_FLAG]


def known_among(
    questionnaire: Questionnaire, flags: Sequence[RaisedFlag], earlier: Sequence[KnownFlag]
) -> dict[str, date]:
    """The items of these flags that are known and taken care of and not worse than then, and until when."""
    known: dict[str, date] = {}
    for flag in flags:
        for row in earlier:
            is_graver = flag.level is Level.RED and row.level is Level.YELLOW
            if (
                row.item == flag.item
                and not is_graver
                and not is_worse(questionnaire, flag.item, flag.value, row.value)
            ):
                known[flag.item] = row.known_until
    return known


def _known_in_words(questionnaire: Questionnaire, flag: RaisedFlag, previous: Answers | None, until: date) -> str:
    said = in_one_line(questionnaire, flag.item, flag.value, previous)
    return f"{said}, känt och omhändertaget till {until:%Y-%m-%d}"


def fitting(parts: Sequence[str]) -> str:
    """The gravest in words, the rest as a number: the list has one line for each task."""
    said = list(parts[:MOST_SAID])
    if len(parts) > MOST_SAID:
        said.append(f"{len(parts) - MOST_SAID} till")
    return ". ".join(said)[:SUMMARY_LENGTH]
