"""Goals: a new one together with the patient, exercises for it, looking back at it, and all that wait for a review."""

from datetime import date
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from careplan.actions import audit, codes, rehabilitation
from careplan.actions import needs as actions
from careplan.db import session
from careplan.domain.needs import GoalOutcome
from careplan.i18n import lang, local
from careplan.library.codes import PLAN, ActionCode
from careplan.library.exercises import Exercise, exercises
from careplan.models import CarePlan, Goal, Patient
from careplan.queries import needs as queries
from careplan.queries import own, referrals, team
from careplan.queries.access import NotVisible, get_goal_for, get_plan_for
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.labels import AREAS, GOAL_OUTCOMES
from careplan.web.pages import page
from careplan.web.reports import told
from careplan.web.staff import bp, needs_form, team_words

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
    next_step = TextAreaField(validators=[Length(max=500, message=lazy_gettext("Skriv högst 500 tecken."))])

    def validate_next_review_on(self, field: PartsDateField) -> None:
        if self.following.data != AGAIN:
            return
        if field.data is None:
            raise ValidationError(_("Skriv när målet ska följas upp."))
        if field.data <= local(access.now()).date():
            raise ValidationError(_("Välj en dag efter i dag."))


@bp.route("/planer/<uuid:plan_id>/mal", methods=["GET", "POST"])
def goal(plan_id: UUID) -> ResponseReturnValue:
    """A goal in the patient's words, without the levels: for whoever has the plan in hand."""
    db, by, at = session(), access.actor(), access.now()
    plan = get_plan_for(db, by, plan_id, at=at)
    patient = db.get_one(Patient, plan.patient_id)
    if plan.status != "active":
        raise NotVisible("plan", plan_id)
    if request.method == "GET":
        return _new_goal(patient, plan, needs_form.empty())
    sent = needs_form.read(request.form)
    if "add" in request.form:
        sent.rows.append(needs_form.ActivityRow())
        return _new_goal(patient, plan, sent)
    known = team_words.codes().texts
    if not needs_form.check(sent, doers=_doers(patient, plan), known_codes=known, needs_goal=True):
        return _new_goal(patient, plan, sent), 422
    if not actions.is_stored(db, plan, sent.key):
        store_goal(plan, sent)
    db.commit()
    flash(_("Sparat. %(name)s ser målet i sin plan.", name=patient.person.given_name))
    return redirect(team_words.back_of(plan.patient_id), 303)


def store_goal(plan: CarePlan, sent: needs_form.Sent, assessment_id: UUID | None = None) -> Goal:
    """The goal, the version of the rehabilitation plan that it makes, and the codes that were accepted for it."""
    db, by, at = session(), access.actor(), access.now()
    made = actions.set_goal(
        db,
        plan,
        text=sent.form.goal.data or "",
        measure=sent.form.measure.data or "",
        review_on=sent.review_on,
        activities=sent.activities(),
        contact=team.contact_for(db, plan.patient_id, plan.unit_id, at=at),
        assessment_id=assessment_id,
        key=sent.key,
        by=by,
        at=at,
    )
    revision = rehabilitation.sign(db, plan, by=by, at=at)
    region = team_words.codes()
    accepted = {each.code for each in region.proposed(PLAN)} & set(sent.codes or ())
    wanted = [*sorted(accepted), *([sent.other_code] if sent.other_code else [])]
    codes.record(db, plan, wanted, known=region.texts, revision_id=revision.id, by=by, at=at)
    return made


def plan_codes(plan: CarePlan) -> list[ActionCode]:
    """What is proposed when a rehabilitation plan is made: once a plan, until it has been recorded."""
    recorded = team_words.recorded(plan)
    return [each for each in team_words.codes().proposed(PLAN) if each.code not in recorded]


@bp.route("/mal/<uuid:goal_id>/egenvard", methods=["GET", "POST"])
def pick_exercises(goal_id: UUID) -> ResponseReturnValue:
    """Exercises and other self-care from the list; the patient reads how they are done, on screen and in print."""
    db, by, at = session(), access.actor(), access.now()
    get_goal_for(db, by, goal_id, at=at)
    goal = queries.goal_with_people(db, goal_id)
    plan = get_plan_for(db, by, goal.plan_id, at=at)
    patient = db.get_one(Patient, goal.patient_id)
    known = exercises(current_app.extensions["settings"].content_path)
    region = team_words.codes()
    there = {each.exercise_id for each in goal.activities}
    error = ""
    if request.method == "POST" and goal.status == "active":
        wanted = [known[each] for each in request.form.getlist("exercise") if each in known]
        accepted = set(request.form.getlist("code"))
        if not wanted:
            error = _("Välj minst en.")
        elif accepted - region.texts.keys():
            error = needs_form.not_configured(min(accepted - region.texts.keys()))
        else:
            _store_exercises(goal, plan, wanted, accepted)
            db.commit()
            flash(_("Sparat. %(name)s ser dem i sin plan.", name=patient.person.given_name))
            return redirect(team_words.back_of(plan.patient_id), 303)
    audit.record(db, "read-goal", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id)
    body = page(
        "staff/pick_exercises.html",
        goal=goal,
        patient=patient,
        given_name=patient.person.given_name,
        exercises=[(each, [AREAS[area] for area in each.areas]) for each in known.values() if each.id not in there],
        codes={each.id: region.proposed(f"activity:{each.kind}") for each in known.values()},
        chosen=set(request.form.getlist("exercise")),
        error=error,
        back=team_words.back_of(plan.patient_id),
        now=at,
    )
    return body, 422 if error else 409 if request.method == "POST" else 200


def _store_exercises(goal: Goal, plan: CarePlan, wanted: list[Exercise], accepted: set[str]) -> None:
    db, by, at = session(), access.actor(), access.now()
    region = team_words.codes()
    made = actions.add_activities(
        db,
        goal,
        [
            actions.PlannedActivity(
                text=each.title.get(plan.lang, each.title["sv"]),
                timing=each.timing.get(plan.lang, each.timing["sv"]),
                is_self_care=True,
                exercise_id=each.id,
                instructions=each.instructions(plan.lang),
            )
            for each in wanted
        ],
        by=by,
        at=at,
    )
    rehabilitation.sign(db, plan, by=by, at=at)
    kinds = {each.id: each.kind for each in wanted}
    for activity in made:
        proposed = {each.code for each in region.proposed(f"activity:{kinds[activity.exercise_id]}")}
        codes.record(db, plan, sorted(proposed & accepted), known=region.texts, activity_id=activity.id, by=by, at=at)


@bp.route("/mal/<uuid:goal_id>", methods=["GET", "POST"])
def goal_review(goal_id: UUID) -> ResponseReturnValue:
    """Reached, partly or not, and the next step; then a new day to look back, or the end."""
    db, by, at = session(), access.actor(), access.now()
    get_goal_for(db, by, goal_id, at=at)
    goal = queries.goal_with_people(db, goal_id)
    patient = db.get_one(Patient, goal.patient_id)
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
            next_step=form.next_step.data or "",
            by=by,
            at=at,
        )
        rehabilitation.sign(db, get_plan_for(db, by, goal.plan_id, at=at), by=by, at=at)
    except (actions.GoalClosed, actions.GoalReviewed):
        db.rollback()
        flash(_("Uppföljningen är redan sparad. Det här gäller nu."))
        return redirect(url_for("staff.goal_review", goal_id=goal_id), 303)
    db.commit()
    flash(_("Uppföljningen är sparad."))
    return redirect(url_for("staff.reviews" if request.args.get("fran") == "uppfoljningar" else "staff.worklist"), 303)


@bp.get("/uppfoljningar")
def reviews() -> str:
    """Goals by the day they are looked back at: the overdue ones first."""
    db, by, at = session(), access.actor(), access.now()
    found = referrals.reviews(db, by, at=at)
    today = local(at).date()
    audit.record(db, "list-reviews", by=by, at=at, patients=[goal.patient_id for goal, _name, _whose in found])
    return page(
        "staff/reviews.html",
        overdue=[row for row in found if row[0].review_on < today],
        coming=[row for row in found if row[0].review_on >= today],
        days_late={goal.id: (today - goal.review_on).days for goal, _name, _whose in found},
        now=at,
    )


def _new_goal(patient: Patient, plan: CarePlan, sent: needs_form.Sent) -> str:
    db, by, at = session(), access.actor(), access.now()
    doers = _doers(patient, plan)
    proposed = plan_codes(plan)
    audit.record(db, "read-goals", by=by, at=at, patient_id=patient.id, object_type="plan", object_id=plan.id)
    sent.form.goal.label.text = _("Vad vill %(name)s nå? Skriv i jag-form", name=patient.person.given_name)
    return page(
        "staff/goal.html",
        patient=patient,
        sent=sent,
        doers=list(doers.items()),
        codes=[(each.code, each.named(lang())) for each in proposed],
        may_add=len(sent.rows) < needs_form.MOST_ROWS,
        back=team_words.back_of(plan.patient_id),
        now=at,
    )


def _doers(patient: Patient, plan: CarePlan) -> dict[str, str]:
    return team_words.doers(patient, team_words.colleagues(plan.unit_id))


def _goal_page(goal: Goal, patient: Patient, form: ReviewForm) -> str:
    db, by, at = session(), access.actor(), access.now()
    professions = team_words.professions()
    audit.record(db, "read-goal", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id)
    form.next_step.label.text = _("Nästa steg, så som %(name)s läser det", name=patient.person.given_name)
    return page(
        "staff/goal_review.html",
        goal=goal,
        patient=patient,
        given_name=patient.person.given_name,
        reports=told(own.reports_of(db, [goal.id]), at),
        doers={each.responsible_id: each.responsible.name for each in goal.activities if each.responsible},
        profession_words={each.profession: professions.named(each.profession, lang()) for each in goal.activities},
        form=form,
        outcome_words=GOAL_OUTCOMES,
        following_words=FOLLOWING,
        now=at,
    )


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
