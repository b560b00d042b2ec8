"""Each answer over time, with its direction in words against a named earlier day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.charts import Reading
from careplan.domain.answers import Answer, AnswerState, restored
from careplan.domain.conditions import Direction
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Item, Questionnaire, figure, in_words, text_in
from careplan.domain.scoring import Scale, Threshold
from careplan.i18n import _, lang, local, short_day
from careplan.i18n import day as long_day
from careplan.library import Library
from careplan.models import CarePlan, PlanEvent, QuestionnaireRequest, QuestionnaireResponse, ResponseAnswer, Score
from careplan.queries import access
from careplan.queries.answers import questionnaire

SHOWN = timedelta(days=366)
# The named earlier day is the oldest answer within this time, so that one bad week does not hide the direction.
COMPARED = timedelta(days=56)
# A change below a fifth of the scale is within how people vary from day to day: "ungefär som".
SAME_BELOW = 0.2


@dataclass(frozen=True, slots=True)
class Limit:
    """A value that the instrument's own sources name, checked against them; `words` say from where it counts."""

    value: float
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class _Axis:
    """What is drawn: a question on a scale, or a score."""

    id: str
    title: str
    ends: tuple[float, float]
    low: str
    high: str
    higher_means: Direction
    limits: tuple[Limit, ...] = ()


# A day, the figure, and the words that stand for it.
Point = tuple[date, float | None, str]


@dataclass(frozen=True, slots=True)
class Trend:
    """One question or score over time; `link_id` is its id.

    `low` and `high` are the ends of the axis in words; `words` and `from_to` the message.

    `readings` are for careplan.charts; `points` the same as (day, value or None where nothing was answered).
    """

    questionnaire_id: str
    link_id: str
    title: str
    points: tuple[tuple[date, float | None], ...]
    readings: tuple[Reading, ...]
    direction: Literal["up", "down", "same"] | None
    words: str
    from_to: str
    minimum: float
    maximum: float
    low: str
    high: str
    higher_means: Direction
    limits: tuple[Limit, ...] = ()

    @property
    def message(self) -> str:
        return f"{self.title}, {self.minimum:g}–{self.maximum:g}. {self.words} {self.from_to}".strip()

    @property
    def last_answered_on(self) -> date:
        return max((on for on, value in self.points if value is not None), default=date.min)


def trends(
    db: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    at: datetime,
    library: Library | None = None,
    items: Collection[str] | None = None,
    respondent_id: UUID | None = None,
) -> list[Trend]:
    """Trends of the 0-10 questions that may be wished for help with and of the scores, or of `items` among both.

    In the order of their forms. What was asked on another scale than now is another thing, and is not drawn.

    `respondent_id`: those of a relative who has answered about themself, and not the patient's.
    With a library the words are those of the present version of each form, else of the one answered last.
    """
    responses = db.execute(
        sa.select(
            QuestionnaireResponse.id,
            QuestionnaireResponse.unit_id,
            QuestionnaireResponse.questionnaire_id,
            QuestionnaireResponse.content_hash,
            QuestionnaireResponse.ordered_at().label("about_at"),
        )
        .where(
            access.visible(QuestionnaireResponse, actor, at=at),
            QuestionnaireResponse.patient_id == patient_id,
            QuestionnaireResponse.respondent_id.is_not_distinct_from(respondent_id),
            QuestionnaireResponse.submitted_at > at - SHOWN,
            QuestionnaireResponse.is_newest(),
        )
        .order_by(QuestionnaireResponse.ordered_at())
    ).all()
    answered_on = {row.id: local(row.about_at).date() for row in responses}
    versions = {row.questionnaire_id: row.content_hash for row in responses}
    asked = {form_id: _version(db, library, form_id, version) for form_id, version in versions.items()}
    answers = _answers(db, list(answered_on))
    has_scores = any(_charted_scores(form, items) for form in asked.values())
    scores = _scores(db, list(answered_on)) if has_scores else {}
    unanswered = _unanswered(db, patient_id, {row.unit_id for row in responses}, respondent_id, at=at)
    found = []
    for form_id, form in asked.items():
        own = [(row.id, questionnaire(db, row.content_hash)) for row in responses if row.questionnaire_id == form_id]
        drawn = [
            *(
                (_axis(item), [_given(answered_on[id_], item, answers[id_]) for id_, then in own if _was(then, item)])
                for item in _charted(form, items)
            ),
            *(
                (
                    _axis_of_score(scale),
                    [_figure(answered_on[id_], scale, scores[id_]) for id_, then in own if _did(then, scale)],
                )
                for scale in _charted_scores(form, items)
            ),
        ]
        for axis, given in drawn:
            points = [point for point in given if point is not None]
            if any(value is not None for _on, value, _words in points):
                found.append(_trend(form_id, axis, points, unanswered.get(form_id, ()), today=local(at).date()))
    return found


def plan_events(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> list[tuple[date, str]]:
    """What stands as dotted lines in the charts: events that have a word for it."""
    rows = db.execute(
        sa.select(PlanEvent.on, PlanEvent.kind, PlanEvent.title)
        .join(CarePlan, CarePlan.id == PlanEvent.plan_id)
        .where(access.visible(CarePlan, actor, at=at), CarePlan.patient_id == patient_id)
        .order_by(PlanEvent.on)
    )
    return [(row.on, word) for row in rows if (word := event_word(row.kind, row.title))]


def event_word(kind: str, title: str) -> str:
    """Its own word (operation), or what it is; empty for what says nothing about how somebody feels."""
    words = {
        "diagnosis-told": _("besked"),
        "treatment-start": _("behandling börjar"),
        "treatment-end": _("behandling klar"),
        "treatment-change": _("ny behandling"),
        "admission": _("inskriven"),
        "discharge": _("utskriven"),
    }
    return title or words.get(kind, "")


def _version(db: Session, library: Library | None, form_id: str, content_hash: str) -> Questionnaire:
    if library is not None and form_id in library.questionnaires:
        return library.questionnaires[form_id]
    return questionnaire(db, content_hash)


def _charted(form: Questionnaire, items: Collection[str] | None) -> list[Item]:
    return [
        item
        for item in form.questions
        if item.scale is not None and (item.wish if items is None else item.link_id in items)
    ]


def _answers(db: Session, responses: Sequence[UUID]) -> Mapping[UUID, dict[str, Answer]]:
    found: dict[UUID, dict[str, Answer]] = defaultdict(dict)
    rows = db.execute(
        sa.select(ResponseAnswer.response_id, ResponseAnswer.link_id, ResponseAnswer.state, ResponseAnswer.value).where(
            ResponseAnswer.response_id.in_(responses)
        )
    )
    for response_id, link_id, state, value in rows:
        found[response_id][link_id] = restored(state, value)
    return found


def _unanswered(
    db: Session, patient_id: UUID, units: set[UUID], respondent_id: UUID | None, *, at: datetime
) -> Mapping[str, list[date]]:
    """The days of forms that closed without an answer; only at units whose responses the actor may see."""
    days: dict[str, list[date]] = defaultdict(list)
    rows = db.execute(
        sa.select(QuestionnaireRequest.questionnaire_id, QuestionnaireRequest.opens_at).where(
            QuestionnaireRequest.patient_id == patient_id,
            QuestionnaireRequest.respondent_id.is_not_distinct_from(respondent_id),
            QuestionnaireRequest.unit_id.in_(units),
            QuestionnaireRequest.status == "failed",
            QuestionnaireRequest.corrects_id.is_(None),
            QuestionnaireRequest.opens_at > at - SHOWN,
        )
    )
    for form_id, opens_at in rows:
        days[form_id].append(local(opens_at).date())
    return days


def _scores(db: Session, responses: Sequence[UUID]) -> Mapping[UUID, dict[str, float | None]]:
    found: dict[UUID, dict[str, float | None]] = defaultdict(dict)
    rows = db.execute(sa.select(Score.response_id, Score.score_id, Score.value).where(Score.response_id.in_(responses)))
    for response_id, score_id, value in rows:
        found[response_id][score_id] = value
    return found


def _charted_scores(form: Questionnaire, items: Collection[str] | None) -> list[Scale]:
    """Not those of one question that has a chart of its own, nor those that a unit sees of many people at once."""
    if items is not None:
        return [scale for scale in form.scores if scale.id in items]
    drawn = {item.link_id for item in _charted(form, None)}
    return [
        scale
        for scale in form.scores
        if form.results_at_least is None and not (len(scale.items) == 1 and drawn.issuperset(scale.items))
    ]


def _was(then: Questionnaire, item: Item) -> bool:
    """Whether the version that was answered asked this on the same scale."""
    return any(each.link_id == item.link_id and _ends(each) == _ends(item) for each in then.questions)


def _did(then: Questionnaire, scale: Scale) -> bool:
    """Whether the version that was answered made this score in the same way."""
    return any(_making(each) == _making(scale) for each in then.scores)


def _ends(item: Item) -> tuple[object, ...]:
    return (item.scale and (item.scale.min, item.scale.max), item.higher_means)


def _making(scale: Scale) -> tuple[object, ...]:
    return (scale.id, scale.items, scale.method, scale.at_least, scale.range, scale.higher_means)


def _axis(item: Item) -> _Axis:
    scale, higher_means, language = item.scale, item.higher_means, lang()
    if scale is None or higher_means is None:
        raise TypeError(f"{item.link_id} is not a scale")
    return _Axis(
        id=item.link_id,
        title=text_in(item.short, language),
        ends=(scale.min, scale.max),
        low=text_in(scale.low, language),
        high=text_in(scale.high, language),
        higher_means=higher_means,
    )


def _axis_of_score(scale: Scale) -> _Axis:
    """Its ends have no words of their own; its limits are those that may raise a flag, too."""
    language = lang()
    return _Axis(
        id=scale.id,
        title=text_in(scale.title, language),
        ends=scale.range,
        low="",
        high="",
        higher_means=scale.higher_means,
        limits=tuple(
            Limit(each.value, f"{_from(each)}: {text_in(each.means, language)}", each.source)
            for each in scale.thresholds
            if scale.may_flag(each)
        ),
    )


def _from(limit: Threshold) -> str:
    value = figure(limit.value, lang())
    words = {
        "at_least": _("Från %(value)s", value=value),
        "above": _("Över %(value)s", value=value),
        "below": _("Under %(value)s", value=value),
    }
    return words[limit.comparison]


def _given(on: date, item: Item, answers: Mapping[str, Answer]) -> Point | None:
    answer = answers.get(item.link_id)
    if answer is None or answer.state is AnswerState.NOT_SHOWN:
        return None
    if answer.number is None:
        return on, None, in_words(item, answer, lang())
    return on, float(answer.number), figure(answer.number, lang())


def _figure(on: date, scale: Scale, scores: Mapping[str, float | None]) -> Point | None:
    if scale.id not in scores:
        return None
    value = scores[scale.id]
    return (on, None, _("för få svar")) if value is None else (on, value, figure(value, lang()))


def _trend(form_id: str, axis: _Axis, given: Iterable[Point], silent: Iterable[date], *, today: date) -> Trend:
    days: list[Point] = [*given, *((on, None, _("inget svar")) for on in silent)]
    days.sort(key=lambda point: point[0])
    days = days[next(number for number, (_on, value, _words) in enumerate(days) if value is not None) :]
    points = tuple((on, value) for on, value, _words in days)
    low, high = axis.ends
    direction, words, from_to = _message(points, high - low, axis.higher_means, today=today)
    return Trend(
        questionnaire_id=form_id,
        link_id=axis.id,
        title=axis.title,
        points=points,
        readings=tuple(Reading(on, value, short_day(on), words) for on, value, words in days),
        direction=direction,
        words=words,
        from_to=from_to,
        minimum=low,
        maximum=high,
        low=axis.low,
        high=axis.high,
        higher_means=axis.higher_means,
        limits=axis.limits,
    )


def _message(
    points: Sequence[tuple[date, float | None]], width: float, higher_means: Direction, *, today: date
) -> tuple[Literal["up", "down", "same"] | None, str, str]:
    """Direction of the line, and the sentences that say what it means."""
    answered = [(on, value) for on, value in points if value is not None]
    on, last = answered[-1]
    earlier = [point for point in answered[:-1] if on - point[0] <= COMPARED] or answered[-2:-1]
    if not earlier:
        return None, _("Ditt första svar."), ""
    compared_on, before = earlier[0]
    than, change = _date_in_words(compared_on, today), last - before
    if not change:
        return "same", _("Samma som %(day)s.", day=than), _("%(value)s båda gångerna.", value=figure(last, lang()))
    from_to = _("Från %(before)s till %(now)s.", before=figure(before, lang()), now=figure(last, lang()))
    if abs(change) < SAME_BELOW * width:
        return "same", _("Ungefär som %(day)s.", day=than), from_to
    direction: Literal["up", "down"] = "up" if change > 0 else "down"
    if higher_means is Direction.MORE_TROUBLE:
        sentence = _("Mer besvär än %(day)s.", day=than) if change > 0 else _("Mindre besvär än %(day)s.", day=than)
    else:
        sentence = _("Bättre än %(day)s.", day=than) if change > 0 else _("Sämre än %(day)s.", day=than)
    return direction, sentence, from_to


def _date_in_words(on: date, today: date) -> str:
    """Without the weekday: 21 september, with the year when it is another."""
    return long_day(on, today).split(" ", 1)[1]
