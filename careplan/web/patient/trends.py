"""What was sent: the trends, each response with all its answers, and what became of it."""

from uuid import UUID

from flask import request

from careplan.actions import audit
from careplan.db import session
from careplan.domain.conditions import Direction
from careplan.domain.identity import Capacity
from careplan.domain.questionnaire import illegible_in_words, in_words, text_in
from careplan.i18n import lang
from careplan.queries import answers as answer_queries
from careplan.queries import trends as trend_queries
from careplan.queries.access import NotVisible, get_response_for, scopes_for, scopes_of
from careplan.queries.trends import Trend
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.review import is_own, wishes_in_sentence
from careplan.web.trend_cards import card

FIRST = 4


@bp.get("/svar")
def trends() -> str:
    """What has been worst comes first; the rest is a click away. Below stands everything that was sent."""
    db, by, at = session(), access.actor(), access.now()
    if by.patient_id is None or "answers" not in scopes_of(db, by, at=at):
        raise NotVisible("answers", "own")
    found = trend_queries.trends(db, by, by.patient_id, at=at)
    found.sort(key=_order, reverse=True)
    events = trend_queries.plan_events(db, by, by.patient_id, at=at)
    history = answer_queries.history(db, by, by.patient_id, at=at)
    audit.record(db, "read-trends", by=by, at=at, patient_id=by.patient_id, object_type="patient")
    shows_all = "alla" in request.args
    return page(
        "patient/trends.html",
        cards=[card(trend, events) for trend in (found if shows_all else found[:FIRST])],
        more=0 if shows_all else max(0, len(found) - FIRST),
        since=min((trend.points[0][0] for trend in found), default=None),
        is_all_trouble=all(trend.higher_means is Direction.MORE_TROUBLE for trend in found),
        history=history,
        is_own=by.capacity is Capacity.PATIENT,
        now=at,
    )


@bp.get("/svar/<uuid:response_id>")
def response(response_id: UUID) -> str:
    """Every answer as it was given, then the scores, and who has read it."""
    db, by, at = session(), access.actor(), access.now()
    found = get_response_for(db, by, response_id, at=at)
    sent = answer_queries.sent(db, found)
    audit.record(
        db, "read-response", by=by, at=at, patient_id=found.patient_id, object_type="response", object_id=response_id
    )
    form = sent.questionnaire
    return page(
        "patient/response.html",
        sent=sent,
        title=text_in(form.title, lang()),
        sections=[
            (
                text_in(section.title, lang()),
                [
                    (
                        sent.questionnaire.wording(item, lang()),
                        illegible_in_words(lang())
                        if item.link_id in found.illegible
                        else in_words(item, given, lang()),
                    )
                    for item, given in rows
                ],
            )
            for section, rows in sent.sections()
        ],
        scores=[
            (text_in(scale.title, lang()), sent.scores.get(scale.id), scale) for scale in (*form.scores, *form.profiles)
        ],
        wishes=wishes_in_sentence(form, found.wishes),
        may_correct="help" in scopes_for(db, by, found, at=at),
        is_own=is_own(found, by),
        is_about_reader=found.respondent_id == by.person_id,
        now=at,
    )


def _order(trend: Trend) -> tuple[bool, float]:
    """What has a direction first; then how far the last answer stands towards the worse end."""
    last = next(value for _on, value in reversed(trend.points) if value is not None)
    share = (last - trend.minimum) / (trend.maximum - trend.minimum)
    return trend.direction is not None, 1 - share if trend.higher_means is Direction.BETTER else share
