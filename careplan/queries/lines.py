"""The answers and scores of a response as lines to read: what a nurse looks for first stands first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from careplan.domain.answers import NOT_SHOWN, UNANSWERED, Answers, AnswerState, restored
from careplan.domain.questionnaire import (
    ItemType,
    Questionnaire,
    all_questions,
    figure,
    illegible_in_words,
    in_words,
    text_in,
)
from careplan.domain.triage import Level
from careplan.models import Flag, QuestionnaireResponse


@dataclass(frozen=True, slots=True)
class Line:
    """A question in its own words, the answer in words, and the answer before (empty when there was none)."""

    link_id: str
    text: str
    short: str
    words: str
    state: AnswerState
    before: str
    level: Level | None
    stands_out: bool
    confirmed_on: date | None = None  # when the answer was chosen that was given again here with one press


def answers_of(response: QuestionnaireResponse | None) -> Answers:
    """The answers of a response by link id; none for no response."""
    if response is None:
        return {}
    return {row.link_id: restored(row.state, row.value) for row in response.answers}


def levels_of(flags: Sequence[Flag]) -> dict[str, Level]:
    levels: dict[str, Level] = {}
    for flag in flags:
        if levels.get(flag.item) is not Level.RED:
            levels[flag.item] = flag.level
    return levels


def answer_lines(
    q: Questionnaire,
    response: QuestionnaireResponse,
    q_before: Questionnaire | None,
    earlier: QuestionnaireResponse | None,
    levels: Mapping[str, Level],
    confirmed: Mapping[UUID, date],
    lang: str,
) -> list[Line]:
    """Flagged questions first, each with those that it opened; then the rest in the order of the form."""
    answers, before = answers_of(response), answers_of(earlier)
    chosen_on = {row.link_id: confirmed[row.confirmed_from_id] for row in response.answers if row.confirmed_from_id}
    lines = []
    for item in all_questions(q, answers):
        answer = answers.get(item.link_id, UNANSWERED)
        if answer.state is AnswerState.NOT_SHOWN:
            continue
        opened_by_flagged = bool(q.openers(item) & set(levels))
        # A refusal, a blank where there was an answer last time, and own words may say more than a figure.
        is_silent = answer.state is AnswerState.DECLINED or (
            answer.state is AnswerState.UNANSWERED and before.get(item.link_id, UNANSWERED).is_answered
        )
        is_illegible = item.link_id in response.illegible
        is_written = bool(answer.words) or (item.type is ItemType.TEXT and answer.is_answered)
        lines.append(
            Line(
                link_id=item.link_id,
                text=q.wording(item, lang),
                short=text_in(item.short, lang),
                words=illegible_in_words(lang) if is_illegible else in_words(item, answer, lang),
                state=answer.state,
                before=_before(q_before, item.link_id, before, lang),
                level=levels.get(item.link_id),
                confirmed_on=chosen_on.get(item.link_id),
                stands_out=item.link_id in levels or opened_by_flagged or is_silent or is_illegible or is_written,
            )
        )
    order = [item.link_id for item in all_questions(q, answers)]
    return sorted(lines, key=lambda line: _place(q, order, line, levels))


def _place(q: Questionnaire, order: Sequence[str], line: Line, levels: Mapping[str, Level]) -> tuple[int, int]:
    """Red, yellow, the others; a question stands with the flagged one that opened it."""
    own = order.index(line.link_id)
    openers = q.openers(q.item(line.link_id)) & set(levels)
    root = min(openers, key=order.index) if openers and line.level is None else line.link_id
    level = levels.get(root)
    if level is None:
        return len(Level), own
    return list(Level).index(level), order.index(root) * 1000 + own


def _before(q: Questionnaire | None, link_id: str, answers: Answers, lang: str) -> str:
    answer = answers.get(link_id, NOT_SHOWN)
    if q is None or answer.state is AnswerState.NOT_SHOWN:
        return ""
    if answer.number is not None:
        return figure(answer.number, lang)
    return in_words(q.item(link_id), answer, lang)


def score_lines(
    q: Questionnaire,
    response: QuestionnaireResponse,
    earlier: QuestionnaireResponse | None,
    levels: Mapping[str, Level],
    lang: str,
) -> list[Line]:
    now = {score.score_id: score.result for score in response.scores}
    then = {score.score_id: score.result for score in earlier.scores} if earlier else {}
    return [
        Line(
            link_id=scale.id,
            text=text_in(scale.title, lang),
            short=text_in(scale.title, lang),
            words=_result(now.get(scale.id), lang),
            state=AnswerState.ANSWERED if now.get(scale.id) is not None else AnswerState.UNANSWERED,
            before=_result(then.get(scale.id), lang),
            level=levels.get(scale.id),
            stands_out=scale.id in levels,
        )
        for scale in (*q.scores, *(each for each in q.profiles if each.id in now))
    ]


def _result(score: float | str | None, lang: str) -> str:
    return score if isinstance(score, str) else "" if score is None else figure(score, lang)
