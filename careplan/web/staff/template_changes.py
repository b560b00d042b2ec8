"""A newer version of a template: which plans it concerns, what differs for one patient, and what the nurse decides."""

from uuid import UUID

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from careplan.actions import audit, plans, templates
from careplan.db import session
from careplan.domain.plan import PlanDefinition
from careplan.domain.team import Contact
from careplan.library import Library
from careplan.library.comparison import compare
from careplan.library.personal import made_for, personal
from careplan.library.revisions import Content, changes_in_words, patient_facts, render_plan, working_copy
from careplan.models import CarePlan
from careplan.queries import plan as plan_queries
from careplan.queries import team
from careplan.queries import templates as template_queries
from careplan.queries.publications import notify_of
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.staff.patients import planners_only

NOW = "now"


class DecisionForm(FlaskForm):
    choice = RadioField(
        lazy_gettext("Vad gör du?"), validators=[InputRequired(lazy_gettext("Välj vad du gör."))], validate_choice=False
    )
    reason = TextAreaField(
        lazy_gettext("Varför passar den inte?"),
        validators=[Length(max=1000, message=lazy_gettext("Skriv högst 1 000 tecken."))],
    )


@bp.get("/mallandringar")
def template_changes() -> str:
    """The nurse's own plans that stand on an older version of their template."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    rows = template_queries.to_decide(db, _library(), by, at=at)
    audit.record(db, "list-patients", by=by, at=at, patients=[row.patient_id for row in rows])
    return page("staff/template_changes.html", rows=rows)


@bp.route("/vardplaner/<uuid:plan_id>/ny-mall", methods=["GET", "POST"])
def template_change(plan_id: UUID) -> ResponseReturnValue:
    """What is new for this patient in plain words; taken over now, at the next visit, or not."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    newer = template_queries.newer(db, _library(), plan)
    if newer is None:
        flash(_("Planen har redan den nyaste mallen."))
        return redirect(url_for("staff.plan_edit", plan_id=plan.id))
    form = DecisionForm()
    form.choice.choices = _choices(plan)
    if form.validate_on_submit():
        if form.choice.data == NOW:
            return _take_over(plan)
        try:
            templates.decide(db, _library(), plan, choice=form.choice.data, reason=form.reason.data or "", by=by, at=at)
            db.commit()
            flash(_("Sparat. Planen är som förut."))
            return redirect(url_for("staff.patient", patient_id=plan.patient_id), 303)
        except templates.NeedsReason:
            form.reason.errors = [_("Skriv varför den nya mallen inte passar.")]
    elif not form.is_submitted() and newer.decision is not None:
        form.choice.data, form.reason.data = newer.decision.choice, newer.decision.reason
    audit.record(db, "open-plan", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
    old, contact = made_for(db, _library(), plan), _contact(plan)
    before, after = _text(plan, old, contact), _text(plan, personal(newer.definition, plan), contact)
    shown = page(
        "staff/template_change.html",
        form=form,
        plan=plan,
        old=old,
        newer=newer,
        changes=changes_in_words(before, after),
        changed=compare(before, after).changed,
        is_urgent=notify_of(db, plan, newer.definition) == NOW,
    )
    return shown, 422 if form.errors else 200


def _take_over(plan: CarePlan) -> ResponseReturnValue:
    """Signed at once where nothing else waits to be signed: then all that changes stood on the page."""
    db, by, at = session(), access.actor(), access.now()
    contact = _contact(plan)
    signed = plan.revisions[-1] if plan.revisions else None
    waits = signed is None or changes_in_words(signed.content, _text(plan, made_for(db, _library(), plan), contact))
    templates.take_over(db, _library(), plan, by=by, at=at)
    if waits:
        db.commit()
        flash(_("Den nya mallen är på plats. Det finns mer som inte är signerat. Se efter och signera sedan."))
        return redirect(url_for("staff.plan_preview", plan_id=plan.id), 303)
    revision = plans.sign(db, _library(), plan, contact=contact, by=by, at=at)
    db.commit()
    name = plan.patient.person.given_name
    flash(_("Version %(number)d är signerad. %(name)s ser den nu.", number=revision.number, name=name))
    return redirect(url_for("staff.patient", patient_id=plan.patient_id), 303)


def _choices(plan: CarePlan) -> list[tuple[str, str]]:
    now = _("Ta över den och signera nu") if plan.revisions else _("Ta över den nu")
    return [
        (NOW, now),
        (templates.NEXT_VISIT, _("Ta över den vid nästa besök")),
        (templates.NEVER, _("Inte för den här patienten")),
    ]


def _text(plan: CarePlan, definition: PlanDefinition, contact: Contact) -> Content:
    return render_plan(
        definition,
        working_copy(definition, plan),
        greeting=plan.greeting,
        phase=plan.phase,
        facts=patient_facts(plan.patient.person.given_name, contact, definition.lang),
    )


def _contact(plan: CarePlan) -> Contact:
    return team.contact_for(session(), plan.patient_id, plan.unit_id, at=access.now())


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
