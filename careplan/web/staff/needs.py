"""The needs assessment with a goal, and looking back at a goal."""

from datetime import date
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import AnyOf, ValidationError

from careplan.actions import audit
from careplan.actions import needs as actions
from careplan.db import session
from careplan.domain.answers import AnswerState
from careplan.domain.needs import Domain, GoalOutcome
from careplan.i18n import lang, local
from careplan.library.levels import LevelTexts, level_texts
from careplan.models import CarePlan, Goal, Patient
from careplan.queries import needs as queries
from careplan.queries import team
from careplan.queries.access import NotVisible, get_goal_for, get_patient_for, get_task_for
from careplan.queries.roster import roster
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.labels import AREAS, DOMAINS, GOAL_OUTCOMES, NEED_LEVELS
from careplan.web.pages import page
from careplan.web.staff import bp, needs_form

AGAIN, END = "again", "end"


FOLLOWING = {
    AGAIN: lazy_gettext("Målet står kvar, ny uppföljning"),
    END: lazy_gettext("Målet avslutas"),
}


class ReviewForm(FlaskForm):
    outcome = RadioField(
        lazy_gettext("Hur gick det?"),
        validators=[AnyOf([outcome.value for outcome in GOAL_OUTCOMES], message=lazy_gettext("Välj hur det gick."))],
        validate_choice=False,
    )
    following = RadioField(
        lazy_gettext("Vad händer nu?"),
        validators=[AnyOf(list(FOLLOWING), message=lazy_gettext("Välj om målet står kvar eller avslutas."))],
        validate_choice=False,
    )
    next_review_on = PartsDateField(lazy_gettext("Ny uppföljning den"))

    def validate_next_review_on(self, field: PartsDateField) -> None:
        if self.following.data != AGAIN:
            return
        if field.data is None:
            raise ValidationError(_("Skriv när målet ska följas upp."))
        if field.data <= local(access.now()).date():
            raise ValidationError(_("Välj en dag efter i dag."))


@bp.route("/patienter/<uuid:patient_id>/behov", methods=["GET", "POST"])
def needs(patient_id: UUID) -> ResponseReturnValue:
    """Levels set by a person, the answers beside them, and a goal in the patient's words."""
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    plan = queries.active_plan(db, by, patient_id, at=at)
    if plan is None:
        audit.record(db, "read-needs", by=by, at=at, patient_id=patient_id, object_type="patient", object_id=patient_id)
        return page("staff/no_plan.html", patient=patient), 200 if request.method == "GET" else 409
    if request.method == "GET":
        return _needs_page(patient, plan, needs_form.empty())
    sent = needs_form.read(request.form)
    if "add" in request.form:
        sent.rows.append(needs_form.ActivityRow())
        return _needs_page(patient, plan, sent)
    if not needs_form.check(sent, doers=_doers(patient, plan)):
        return _needs_page(patient, plan, sent), 422
    _store(plan, sent)
    db.commit()
    name = patient.person.given_name
    flash(_("Sparat. %(name)s ser målet i sin plan.", name=name) if sent.has_goal else _("Nivåerna är sparade."))
    if "more" in request.form:
        return redirect(url_for("staff.needs", patient_id=patient_id, uppgift=request.args.get("uppgift")), 303)
    task_id = _task_id()
    if task_id is not None:
        return redirect(url_for("staff.case", task_id=task_id), 303)
    return redirect(url_for("staff.patient", patient_id=patient_id), 303)


@bp.route("/mal/<uuid:goal_id>", methods=["GET", "POST"])
def goal_review(goal_id: UUID) -> ResponseReturnValue:
    """Reached, partly or not; then a new day to look back, or the end."""
    db, by, at = session(), access.actor(), access.now()
    get_goal_for(db, by, goal_id, at=at)
    goal = queries.goal_with_people(db, goal_id)
    patient = get_patient_for(db, by, goal.patient_id, at=at)
    form = ReviewForm()
    if request.method == "GET":
        return _goal_page(goal, patient, form)
    if goal.status != "active":
        return _goal_page(goal, patient, form), 409
    if not form.validate():
        return _goal_page(goal, patient, form), 422
    try:
        actions.review(
            db,
            goal,
            outcome=GoalOutcome(form.outcome.data),
            next_review_on=form.next_review_on.data if form.following.data == AGAIN else None,
            planned_on=_day(request.form.get("planned_on", "")),
            by=by,
            at=at,
        )
    except (actions.GoalClosed, actions.GoalReviewed):
        db.rollback()
        flash(_("Uppföljningen är redan sparad. Det här gäller nu."))
        return redirect(url_for("staff.goal_review", goal_id=goal_id), 303)
    db.commit()
    flash(_("Uppföljningen är sparad."))
    return redirect(url_for("staff.worklist"), 303)


def _store(plan: CarePlan, sent: needs_form.Sent) -> None:
    db, by, at = session(), access.actor(), access.now()
    if actions.is_stored(db, plan, sent.key):
        return
    assessment = None
    if sent.levels:
        support = queries.needs_of(db, by, plan.patient_id, at=at, lang=lang())
        assessment = actions.assess(
            db,
            plan,
            response_id=support.response_id,
            levels=sent.chosen(),
            notes={area: note for area, note in sent.notes.items() if area in sent.levels},
            summary=sent.form.summary.data or "",
            key=sent.key,
            by=by,
            at=at,
        )
    if sent.has_goal:
        actions.set_goal(
            db,
            plan,
            text=sent.form.goal.data or "",
            measure=sent.form.measure.data or "",
            review_on=sent.review_on,
            activities=sent.activities(),
            contact=team.contact_for(db, plan.patient_id, plan.unit_id, at=at),
            assessment_id=assessment.id if assessment else None,
            key=sent.key,
            by=by,
            at=at,
        )


def _needs_page(patient: Patient, plan: CarePlan, sent: needs_form.Sent) -> str:
    db, by, at = session(), access.actor(), access.now()
    support = queries.needs_of(db, by, patient.id, at=at, lang=lang())
    goals = [goal for goal in queries.goals_of(db, by, patient.id, at=at) if goal.status == "active"]
    doers = _doers(patient, plan)
    task_id = _task_id()
    if task_id is not None:
        get_task_for(db, by, task_id, at=at)
    audit.record(db, "read-needs", by=by, at=at, patient_id=patient.id, object_type="plan", object_id=plan.id)
    sent.form.goal.label.text = _("Vad vill %(name)s nå? Skriv i jag-form", name=patient.person.given_name)
    texts = _level_texts()
    return page(
        "staff/needs.html",
        patient=patient,
        sent=sent,
        support=support,
        domains=[(DOMAINS[domain], [area for area in support.areas if area.domain is domain]) for domain in Domain],
        area_words=AREAS,
        level_words=NEED_LEVELS,
        levels=[(level.value, words) for level, words in NEED_LEVELS.items()],
        level_texts=[(NEED_LEVELS[level], text.get(lang(), text["sv"])) for level, text in texts.levels.items()],
        level_owner=texts.owner,
        level_is_reviewed=texts.review.status == "reviewed",
        silent_words={AnswerState.DECLINED: _("Ville inte svara"), AnswerState.UNANSWERED: _("Inte besvarad")},
        goals=goals,
        doers=list(doers.items()),
        task_id=task_id,
        may_add=len(sent.rows) < needs_form.MOST_ROWS,
        now=at,
    )


def _goal_page(goal: Goal, patient: Patient, form: ReviewForm) -> str:
    db, by, at = session(), access.actor(), access.now()
    audit.record(db, "read-goal", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id)
    return page(
        "staff/goal_review.html",
        goal=goal,
        patient=patient,
        given_name=patient.person.given_name,
        doers={each.responsible_id: each.responsible.name for each in goal.activities if each.responsible},
        form=form,
        outcome_words=GOAL_OUTCOMES,
        following_words=FOLLOWING,
        now=at,
    )


def _doers(patient: Patient, plan: CarePlan) -> dict[str, str]:
    """Who may be given an activity: the patient, first, or somebody who works at the unit."""
    colleagues = roster(session(), plan.unit_id, at=access.now())
    return {"": patient.person.given_name} | {
        str(each.id): f"{each.name}, {each.title}" for each in colleagues.values()
    }


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _task_id() -> UUID | None:
    """The task that the nurse came from, to go back to it."""
    given = request.args.get("uppgift")
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotVisible("task", "") from None


def _level_texts() -> LevelTexts:
    return level_texts(current_app.extensions["settings"].content_path)
