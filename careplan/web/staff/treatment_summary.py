"""The treatment summary and follow-up plan as the nurse writes and signs it."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField

from careplan.actions import audit, treatment_summaries
from careplan.actions.treatment_summaries import SummaryChanged
from careplan.db import session
from careplan.domain.treatment_summary import LINES, LONGEST_PART, PARTS, lines_over, missing
from careplan.i18n import local
from careplan.library import Library
from careplan.library.personal import made_for
from careplan.library.revisions import patient_facts, render_plan, working_copy
from careplan.models import CarePlan, TreatmentSummaryDraft
from careplan.queries import needs, team
from careplan.queries import plan as plan_queries
from careplan.queries import treatment_summary as summaries
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.staff.patients import planners_only
from careplan.web.treatment_summary import HINTS, LABELS, missing_in_words, proposal


class SummaryForm(FlaskForm):
    version = HiddenField()


@bp.route("/vardplaner/<uuid:plan_id>/sammanfattning", methods=["GET", "POST"])
def treatment_summary(plan_id: UUID) -> ResponseReturnValue:
    """Proposed from the plan, made true by the nurse, signed with what is missing said."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    draft = summaries.draft_of(db, plan.id)
    form = SummaryForm()
    if not form.is_submitted():
        form.version.data = str(draft.version if draft else 0)
        audit.record(
            db,
            "open-treatment-summary",
            by=by,
            at=at,
            patient_id=plan.patient_id,
            object_type="plan",
            object_id=plan.id,
        )
        return _page(form, plan, draft, dict(draft.parts) if draft else proposed_parts(plan))
    parts = {part: request.form.get(part, "").replace("\r\n", "\n") for part in PARTS}
    errors = {
        part: _("Skriv högst %(num)d tecken.", num=LONGEST_PART)
        for part, text in parts.items()
        if len(text.strip()) > LONGEST_PART
    }
    wants_signing = request.form.get("do") == "sign"
    if wants_signing and not errors:
        errors = _unsignable(parts)
    if errors or not form.validate():
        return _page(form, plan, draft, parts, errors=errors), 422
    seen = form.version.data or ""
    try:
        treatment_summaries.save(db, plan, parts, by=by, at=at, version=int(seen) if seen.isdecimal() else None)
        if wants_signing:
            return _sign(plan)
    except SummaryChanged as error:
        form.version.data = str(error.version)
        sentence = _(
            "Någon annan har sparat under tiden. Din text står kvar här. Spara en gång till för att ersätta den."
        )
        return _page(form, plan, draft, parts, errors={PARTS[0]: sentence}), 409
    db.commit()
    flash(_("Sparat. %(name)s ser det när du har signerat.", name=plan.patient.person.given_name))
    return redirect(url_for("staff.treatment_summary", plan_id=plan.id), 303)


def _sign(plan: CarePlan) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    contact = team.contact_for(db, plan.patient_id, plan.unit_id, at=at)
    title = made_for(db, _library(), plan).title
    signed = treatment_summaries.sign(db, plan, title=title, contact=contact, by=by, at=at)
    db.commit()
    name = plan.patient.person.given_name
    flash(_("Sammanfattningen är signerad, version %(number)d. %(name)s ser den nu.", number=signed.number, name=name))
    if signed.content["missing"]:
        flash(missing_in_words(signed.content["missing"]))
    return redirect(url_for("staff.treatment_summary", plan_id=plan.id), 303)


def _page(
    form: SummaryForm,
    plan: CarePlan,
    draft: TreatmentSummaryDraft | None,
    parts: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
) -> str:
    over = lines_over(parts)
    return page(
        "staff/treatment_summary.html",
        form=form,
        plan=plan,
        is_proposed=draft is None,
        parts=parts,
        names=PARTS,
        labels=LABELS,
        hints=HINTS,
        errors=errors or {},
        missing=[LABELS[part] for part in missing(parts)],
        over=_too_long(over) if over else "",
        lines=LINES,
        versions=summaries.versions(session(), plan.id),
    )


def proposed_parts(plan: CarePlan) -> dict[str, str]:
    db, at = session(), access.now()
    definition = made_for(db, _library(), plan)
    contact = team.contact_for(db, plan.patient_id, plan.unit_id, at=at)
    content = render_plan(
        definition,
        working_copy(definition, plan),
        greeting="",
        phase=plan.phase,
        facts=patient_facts(plan.patient.person.given_name, contact, definition.lang),
    )
    goals = [goal for goal in needs.goals_of_plan(db, plan.id) if goal.status == "active"]
    return proposal(
        definition,
        content,
        treatments=plan.treatments,
        events=[event for event in plan_queries.events(db, plan.id) if event.on <= local(at).date()],
        visits=plan_queries.appointments(db, [plan.id], at=at),
        goals=sorted(goals, key=lambda goal: goal.review_on),
        contact=contact,
    )


def _unsignable(parts: dict[str, str]) -> dict[str, str]:
    if not any(text.strip() for text in parts.values()):
        return {PARTS[0]: _("Skriv något innan du signerar.")}
    over = lines_over(parts)
    return {_longest(parts): _too_long(over)} if over else {}


def _too_long(lines: int) -> str:
    return ngettext(
        "Texten är ungefär %(num)s rad för lång för ett A4. Korta ned den.",
        "Texten är ungefär %(num)s rader för lång för ett A4. Korta ned den.",
        lines,
    )


def _longest(parts: dict[str, str]) -> str:
    return max(parts, key=lambda part: len(parts[part]))


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
