"""A flagged answer in one line, as it stands in the list: "Andnöd 8 av 10, var 2". Staff read Swedish."""

from collections.abc import Sequence

from careplan.domain.answers import UNANSWERED, Answer, Answers, AnswerState, Value
from careplan.domain.conditions import Direction
from careplan.domain.questionnaire import Questionnaire, figure, in_words, text_in

LANG = "sv"
_OTHER_WISHES = {"other": "Något annat", "none": ""}


def in_one_line(q: Questionnaire, item_id: str, value: Value | None, previous: Answers | None) -> str:
    """The item or score, its value, and what it was last time where that was answered."""
    scale = next((score for score in q.scores if score.id == item_id), None)
    if scale is not None:
        title = text_in(scale.title, LANG)
        return f"{title} {figure(value, LANG)}" if isinstance(value, int | float) else title
    item = q.item(item_id)
    answer = Answer(AnswerState.ANSWERED, _as_value(value)) if value is not None else UNANSWERED
    name, words = text_in(item.short, LANG), in_words(item, answer, LANG)
    said = f"{name} {words}" if answer.number is not None else f"{name}: {words}"
    before = (previous or {}).get(item_id, UNANSWERED)
    if before.number is not None and answer.number is not None:
        return f"{said}, var {figure(before.number, LANG)}"
    return said


def is_worse(q: Questionnaire, item_id: str, now: Value | None, before: Value | None) -> bool:
    """Whether the value is worse than before. What cannot be compared counts as worse unless it is the same."""
    if not (isinstance(now, int | float) and isinstance(before, int | float)):
        return _as_value(now) != _as_value(before)
    scale = next((score for score in q.scores if score.id == item_id), None)
    direction = scale.higher_means if scale is not None else q.item(item_id).higher_means
    return now < before if direction is Direction.BETTER else now > before


def wishes_in_words(q: Questionnaire, wishes: Sequence[str], lang: str = LANG) -> list[str]:
    """What the patient wants help with most, in the short words of the questionnaire."""
    short = {item.link_id: text_in(item.short, lang) for item in q.questions}
    words = (short.get(wish, _OTHER_WISHES.get(wish, "")) for wish in wishes)
    return [word for word in words if word]


def _as_value(value: object) -> Value | None:
    """A list that came back from JSON is the tuple it was."""
    if isinstance(value, list):
        return tuple(str(code) for code in value)
    return value if isinstance(value, int | float | str | tuple) else None
