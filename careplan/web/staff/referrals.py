"""Referrals within the team: the list, one of them with what its receiver needs, and what is done with it."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, rehabilitation
from careplan.actions import referrals as actions
from careplan.db import session
from careplan.domain.answers import AnswerState
from careplan.domain.identity import Capacity
from careplan.i18n import lang, local
from careplan.models import Patient, Referral
from careplan.queries import needs as needs_queries
from careplan.queries import referrals as queries
from careplan.queries import team, trends
from careplan.queries.access import NotVisible, get_plan_for, get_referral_for
from careplan.web import access
from careplan.web.labels import AREAS, GOAL_OUTCOMES, NEED_LEVELS
from careplan.web.pages import page
from careplan.web.sentences import sentence_for
from careplan.web.staff import bp, team_words
from careplan.web.trend_cards import Card, card

LONGEST = 2000
TREND = timedelta(weeks=26)


@bp.get("/remisser")
def referrals() -> str:
    """What waits for my profession, the oldest first; then what is under way. A nurse sees the unit's."""
    db, by, at = session(), access.actor(), access.now()
    rows = queries.open_referrals(db, by, at=at)
    professions = team_words.professions()
    today = local(at).date()
    overdue = [row for row in queries.reviews(db, by, at=at) if row[0].review_on < today]
    audit.record(db, "list-referrals", by=by, at=at, patients=[row.patient_id for row in rows])
    return page(
        "staff/referrals.html",
        waiting=[row for row in rows if row.status == "requested"],
        accepted=[row for row in rows if row.status == "accepted"],
        names={row.profession: professions.named(row.profession, lang()) for row in rows},
        overdue=len(overdue),
        is_receiver=by.capacity is Capacity.REHABILITATION,
        now=at,
    )


@bp.get("/remisser/<uuid:referral_id>")
def referral(referral_id: UUID) -> str:
    """The question, the answers of its areas, how they have gone, and the plan: what the case needs and no more."""
    return _page(get_referral_for(session(), access.actor(), referral_id, at=access.now()))


@bp.post("/remisser/<uuid:referral_id>/ta-emot")
def accept_referral(referral_id: UUID) -> ResponseReturnValue:
    """Take it on; the patient reads who has."""
    db, by, at = session(), access.actor(), access.now()
    found = _received(referral_id)
    next_step = request.form.get("next_step", "").strip()
    if len(next_step) > LONGEST:
        return _page(found, {"next_step": _("Skriv högst 2000 tecken.")}), 422
    try:
        actions.accept(db, found, next_step=next_step, by=by, at=at)
    except actions.ReferralAnswered:
        return _was_answered(found)
    db.commit()
    flash(_("Du har tagit emot remissen."))
    return redirect(url_for("staff.referral", referral_id=referral_id), 303)


@bp.post("/remisser/<uuid:referral_id>/tillbaka")
def return_referral(referral_id: UUID) -> ResponseReturnValue:
    """Send it back with a reason: a task of the contact nurse."""
    db, by, at = session(), access.actor(), access.now()
    found = _received(referral_id)
    contact = team.contact_for(db, found.patient_id, found.unit_id, at=at)
    reason = request.form.get("reason", "")
    if len(reason) > LONGEST:
        return _page(found, {"reason": _("Skriv högst 2000 tecken.")}), 422
    try:
        actions.send_back(db, found, reason=reason, contact=contact, by=by, at=at)
    except actions.MissingReturnReason as error:
        return _page(found, {"reason": sentence_for(error)}), 422
    except actions.ReferralAnswered:
        return _was_answered(found)
    db.commit()
    flash(_("Remissen är skickad tillbaka till %(name)s.", name=contact.answers_name))
    return redirect(url_for("staff.referrals"), 303)


@bp.post("/remisser/<uuid:referral_id>/ta-tillbaka")
def withdraw_referral(referral_id: UUID) -> ResponseReturnValue:
    """A nurse takes back what nobody has answered."""
    db, by, at = session(), access.actor(), access.now()
    found = get_referral_for(db, by, referral_id, at=at)
    if by.capacity is not Capacity.CONTACT_NURSE:
        raise NotVisible("referral", referral_id)
    reason = request.form.get("reason", "")
    if len(reason) > LONGEST:
        return _page(found, {"reason": _("Skriv högst 2000 tecken.")}), 422
    try:
        actions.withdraw(db, found, reason=reason, by=by, at=at)
    except actions.MissingReturnReason as error:
        return _page(found, {"reason": sentence_for(error)}), 422
    except actions.ReferralAnswered:
        return _was_answered(found)
    db.commit()
    flash(_("Remissen är återtagen."))
    return redirect(url_for("staff.referral", referral_id=referral_id), 303)


@bp.post("/remisser/<uuid:referral_id>/avsluta")
def close_referral(referral_id: UUID) -> ResponseReturnValue:
    """End the episode; what came of it stands in the rehabilitation plan."""
    db, by, at = session(), access.actor(), access.now()
    found = _received(referral_id)
    plan = get_plan_for(db, by, found.plan_id, at=at) if found.status == "accepted" else None
    summary = request.form.get("summary", "")
    if len(summary) > LONGEST:
        return _page(found, {"summary": _("Skriv högst 2000 tecken.")}), 422
    try:
        contact = team.contact_for(db, found.patient_id, found.unit_id, at=at)
        actions.close(db, found, summary=summary, contact=contact, by=by, at=at)
    except actions.MissingSummary as error:
        return _page(found, {"summary": sentence_for(error)}), 422
    except actions.ReferralAnswered:
        return _was_answered(found)
    if plan is not None:
        rehabilitation.sign(db, plan, by=by, at=at)
    db.commit()
    flash(_("Insatsen är avslutad. Sammanfattningen står i rehabiliteringsplanen."))
    return redirect(url_for("staff.referrals"), 303)


def _received(referral_id: UUID) -> Referral:
    """One that this person answers: nurses read referrals, and send them."""
    return get_referral_for(session(), access.actor(), referral_id, at=access.now(), to_answer=True)


def _was_answered(found: Referral) -> ResponseReturnValue:
    session().rollback()
    flash(_("Någon har redan svarat på remissen. Det här gäller nu."))
    return redirect(url_for("staff.referrals"), 303)


def _page(found: Referral, errors: dict[str, str] | None = None) -> str:
    db, by, at = session(), access.actor(), access.now()
    patient = db.get_one(Patient, found.patient_id)
    support = queries.support(db, by, found, at=at, lang=lang())
    professions = team_words.professions()
    goals = needs_queries.goals_of_plan(db, found.plan_id)
    is_mine = by.capacity is Capacity.REHABILITATION
    me = by.name.partition(" ")[0]
    audit.record(
        db, "read-referral", by=by, at=at, patient_id=found.patient_id, object_type="referral", object_id=found.id
    )
    return page(
        "staff/referral.html",
        referral=found,
        patient=patient,
        given_name=patient.person.given_name,
        requested_by=found.requested_by.name,
        answered_by=found.answered_by.name if found.answered_by else "",
        profession=professions.named(found.profession, lang()),
        support=support,
        # What was answered once stands among the answers.
        cards=[_card(each) for each in support.trends if each.direction],
        goals=goals,
        doers={
            each.id: each.responsible.name if each.responsible else professions.named(each.profession, lang())
            for goal in goals
            for each in goal.activities
        },
        contact=team.contact_for(db, found.patient_id, found.unit_id, at=at),
        area_words=AREAS,
        level_words=NEED_LEVELS,
        outcome_words=GOAL_OUTCOMES,
        silent_words={AnswerState.DECLINED: _("Ville inte svara"), AnswerState.UNANSWERED: _("Inte besvarad")},
        may_answer=is_mine and found.status == "requested",
        may_withdraw=by.capacity is Capacity.CONTACT_NURSE and found.status == "requested",
        may_treat=is_mine and found.status == "accepted",
        proposal=_("%(name)s hör av sig till dig.", name=me),
        typed={name: request.form.get(name, "") for name in ("next_step", "reason", "summary")},
        is_sent=request.method == "POST",
        errors=errors or {},
        now=at,
    )


def _card(trend: trends.Trend) -> Card:
    since = local(access.now()).date() - TREND
    recent = [reading for reading in trend.readings if reading.on >= since] or list(trend.readings[-1:])
    return card(trend, [], recent)
