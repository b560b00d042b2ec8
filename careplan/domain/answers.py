"""What somebody answered to one question. 0, declined, unanswered and not shown are four different things."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class AnswerState(StrEnum):
    ANSWERED = "answered"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    NOT_SHOWN = "not-shown"


Value = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A state, and for an answered question its value: a number, a code, several codes, a text or an ISO date."""

    state: AnswerState
    value: Value | None = None

    @property
    def is_answered(self) -> bool:
        return self.state is AnswerState.ANSWERED

    @property
    def number(self) -> int | float | None:
        """The value where it is a number that was answered, else None. 0 is a number."""
        if self.is_answered and isinstance(self.value, int | float):
            return self.value
        return None

    @property
    def codes(self) -> tuple[str, ...]:
        """The chosen codes; empty where nothing was chosen."""
        if not self.is_answered:
            return ()
        if isinstance(self.value, tuple):
            return self.value
        return (self.value,) if isinstance(self.value, str) else ()

    @property
    def mark(self) -> str:
        """Short text that another answer does not have: a page says by it which answer it showed."""
        return sha256(json.dumps([self.state, self.value]).encode()).hexdigest()[:16]


# An absent key means unanswered.
Answers = Mapping[str, Answer]

DECLINED = Answer(AnswerState.DECLINED)
UNANSWERED = Answer(AnswerState.UNANSWERED)
NOT_SHOWN = Answer(AnswerState.NOT_SHOWN)


def answered(value: Value) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


def restored(state: AnswerState, value: object) -> Answer:
    """An answer as it comes back from JSON, where several codes are a list."""
    if isinstance(value, list):
        return Answer(state, tuple(value))
    if value is None or isinstance(value, int | float | str):
        return Answer(state, value)
    raise TypeError(f"not the value of an answer: {value!r}")
