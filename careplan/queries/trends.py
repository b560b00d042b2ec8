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
from careplan.i18n import _, lang, local, short_day
from careplan.i18n import day as long_day
from careplan.library import Library
from careplan.models import CarePlan, PlanEvent, QuestionnaireRequest, QuestionnaireResponse, ResponseAnswer
from careplan.queries import access
from careplan.queries.answers import questionnaire

SHOWN = timedelta(days=366)
# The named earlier day is the oldest answer within this time, so that one bad week does not hide the direction.
COMPARED = timedelta(days=56)
# A change below a fifth of the scale is within how people vary from day to day: "ungefär som".
SAME_BELOW = 0.2


@dataclass(frozen=True, slots=True)
class Trend:
    """One question over time. `low` and `high` are the ends of the axis in words; `words` and `from_to` the message.

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
    minimum: int
    maximum: int
    low: str
    high: str
    higher_means: Direction

    @property
    def message(self) -> str:
        return f"{self.title}, {self.minimum}–{self.maximum}. {self.words} {self.from_to}".strip()

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
    """Trends of the 0-10 questions that may be wished for help with, or of `items`, in the order of their forms.

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
    unanswered = _unanswered(db, patient_id, {row.unit_id for row in responses}, respondent_id, at=at)
    found = []
    for form_id, form in asked.items():
        own = [row.id for row in responses if row.questionnaire_id == form_id]
        for item in _charted(form, items):
            points = [(answered_on[id_], answers[id_][item.link_id]) for id_ in own if item.link_id in answers[id_]]
            if any(answer.number is not None for _on, answer in points):
                found.append(_trend(form_id, item, points, unanswered.get(form_id, ()), today=local(at).date()))
    return found


def plan_events(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> list[tuple[date, str]]:
    """What stands as dotted lines in the charts: events that have a word for it."""
    rows = db.execute(
        sa.select(PlanEvent.on, PlanEvent.title)
        .join(CarePlan, CarePlan.id == PlanEvent.plan_id)
        .where(access.visible(CarePlan, actor, at=at), CarePlan.patient_id == patient_id, PlanEvent.title != "")
        .order_by(PlanEvent.on)
    )
    return [(row.on, row.title) for row in rows]


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


def _trend(
    form_id: str, item: Item, answers: Iterable[tuple[date, Answer]], silent: Iterable[date], *, today: date
) -> Trend:
    language = lang()
    scale, higher_means = item.scale, item.higher_means
    if scale is None or higher_means is None:
        raise TypeError(f"{item.link_id} is not a scale")
    given = [(on, answer) for on, answer in answers if answer.state is not AnswerState.NOT_SHOWN]
    days: list[tuple[date, Answer | None]] = [*given, *((on, None) for on in silent)]
    days.sort(key=lambda point: point[0])
    first_answer = next(number for number, (_on, answer) in enumerate(days) if answer and answer.number is not None)
    days = days[first_answer:]
    points = tuple(
        (on, None if answer is None or answer.number is None else float(answer.number)) for on, answer in days
    )
    readings = tuple(
        Reading(
            on,
            value,
            short_day(on),
            figure(answer.number, language) if answer and answer.number is not None else _silence(item, answer),
        )
        for (on, value), (_on, answer) in zip(points, days, strict=True)
    )
    direction, words, from_to = _message(points, scale.max - scale.min, higher_means, today=today)
    return Trend(
        questionnaire_id=form_id,
        link_id=item.link_id,
        title=text_in(item.short, language),
        points=points,
        readings=readings,
        direction=direction,
        words=words,
        from_to=from_to,
        minimum=scale.min,
        maximum=scale.max,
        low=text_in(scale.low, language),
        high=text_in(scale.high, language),
        higher_means=higher_means,
    )


def _silence(item: Item, answer: Answer | None) -> str:
    """Why there is no figure: the form was never sent, or what was chosen instead of a number."""
    return _("inget svar") if answer is None else in_words(item, answer, lang())


def _message(
    points: Sequence[tuple[date, float | None]], width: int, higher_means: Direction, *, today: date
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
