"""Answers corrected after they were sent: until when that is possible, and what was changed, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from careplan.domain.answers import UNANSWERED, Answer, Answers, AnswerState, Value
from careplan.domain.questionnaire import Item, ItemType, Questionnaire, all_questions, figure, in_words, text_in
from careplan.domain.triage import Level

# Long enough to notice a slip at the next visit; after that nobody remembers how a week two weeks ago was, and the
# answer is better told anew than corrected. A form of the same kind that has opened asks for just that.
CORRECTION_TIME = timedelta(days=14)


class Stood(NamedTuple):
    """A flag that a response raised."""

    item: str
    value: Value | None
    level: Level


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a correction replaces: which response, the answers it had and the flags that stood for it."""

    response_id: UUID
    number: int
    about_at: datetime
    answers: Answers
    flags: Sequence[Stood]


def correctable_until(first_sent_at: datetime, next_opens_at: datetime | None) -> datetime:
    """The end of the time for corrections, whichever version is corrected."""
    end = first_sent_at + CORRECTION_TIME
    return min(end, next_opens_at) if next_opens_at is not None else end


def corrected_items(q: Questionnaire, before: Answers, after: Answers) -> list[Item]:
    """The questions answered otherwise than before. What was not shown before or after follows from another answer."""
    asked = {item.link_id: item for answers in (after, before) for item in all_questions(q, answers)}
    return [
        item
        for item in asked.values()
        if (old := before.get(item.link_id, UNANSWERED)) != (new := after.get(item.link_id, UNANSWERED))
        and AnswerState.NOT_SHOWN not in (old.state, new.state)
    ]


def correction_in_words(item: Item, before: Answers, after: Answers, lang: str) -> str:
    """ "rättat från 3 till 8"; own words are only said to be other words."""
    corrected = {"sv": "rättat", "en": "corrected"}.get(lang, "rättat")
    if item.type is ItemType.TEXT:
        return corrected
    old, new = (_brief(item, answers.get(item.link_id, UNANSWERED), lang) for answers in (before, after))
    return f"{corrected} from {old} to {new}" if lang == "en" else f"{corrected} från {old} till {new}"


def corrections_in_words(q: Questionnaire, before: Answers, after: Answers, lang: str) -> list[str]:
    """ "Smärta rättat från 3 till 8", one for each question."""
    return [
        f"{text_in(item.short, lang)} {correction_in_words(item, before, after, lang)}"
        for item in corrected_items(q, before, after)
    ]


def _brief(item: Item, answer: Answer, lang: str) -> str:
    if answer.number is not None:
        return figure(answer.number, lang)
    words = in_words(item, answer, lang)
    return f"”{words}”" if lang != "en" else f"“{words}”"
