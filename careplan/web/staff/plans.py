"""The plan editor: start, edit, preview and sign."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from careplan.actions import audit, plans, questionnaires
from careplan.actions.plans import PlanChanged
from careplan.db import session
from careplan.domain.plan import PlanDefinition
from careplan.domain.questionnaire import text_in
from careplan.domain.team import Contact
from careplan.i18n import lang, moment
from careplan.library import Library
from careplan.library.personal import made_for
from careplan.library.revisions import (
    changes_in_words,
    chapter_content,
    patient_facts,
    render_plan,
    working_copy,
)
from careplan.models import CarePlan
from careplan.queries import plan as plan_queries
from careplan.queries import team
from careplan.queries import templates as template_queries
from careplan.queries.access import NotVisible, get_patient_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.reading import chapter_page, reading
from careplan.web.staff import bp, plan_form
from careplan.web.staff.patients import PLANNERS, patient_page, planners_only, start_form
from careplan.web.staff.plan_form import EVENT_WORDS, EditorForm


@bp.post("/patienter/<uuid:patient_id>/vardplan")
def plan_start(patient_id: UUID) -> ResponseReturnValue:
    """Start a plan from the chosen template; the treatments are chosen in the editor."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    form = start_form()
    if not form.validate_on_submit():
        return patient_page(patient, start=form), 422
    plan = plans.draft(
        db, _library(), patient, form.template.data, lang=patient.person.language, treatments=(), by=by, at=at
    )
    db.commit()
    return redirect(url_for("staff.plan_edit", plan_id=plan.id), 303)


@bp.route("/vardplaner/<uuid:plan_id>", methods=["GET", "POST"])
def plan_edit(plan_id: UUID) -> ResponseReturnValue:
    """One form and one Save: all that is typed is stored, or nothing."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    definition = made_for(db, _library(), plan)
    form = EditorForm().fill(definition, plan)
    if not form.is_submitted():
        audit.record(db, "open-plan", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
        return _editor(form, plan, definition)
    refused = _save(form, plan, definition)
    if refused is not None:
        return refused
    db.commit()
    flash(_("Sparat. %(name)s ser ändringarna när du har signerat.", name=plan.patient.person.given_name))
    return redirect(_next(plan), 303)


@bp.post("/vardplaner/<uuid:plan_id>/signera")
def plan_sign(plan_id: UUID) -> ResponseReturnValue:
    """Save what the editor holds, then sign it. From the preview there is nothing to save."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    definition = made_for(db, _library(), plan)
    if "version" in request.form:
        form = EditorForm().fill(definition, plan)
        refused = _save(form, plan, definition)
        if refused is not None:
            return refused
        if form.moved:
            # Nobody signs chapters that nobody has seen on the page.
            db.commit()
            flash(_("Inte signerat än. Se efter kapitlen och signera sedan."))
            return redirect(url_for("staff.plan_edit", plan_id=plan.id), 303)
    elif request.form.get("seen", str(plan.version)) != str(plan.version):
        raise PlanChanged(plan.version)
    revision = plans.sign(db, _library(), plan, contact=_contact(plan), by=by, at=at)
    waiting = questionnaires.unlicensed(db, _library(), definition.schedule, plan.unit_id)
    db.commit()
    name = plan.patient.person.given_name
    flash(_("Version %(number)d är signerad. %(name)s ser den nu.", number=revision.number, name=name))
    for form in waiting:
        title = text_in(form.title, lang())
        flash(_("Formuläret %(title)s beställs först när enhetens chef har skrivit in licensen för det.", title=title))
    return redirect(url_for("staff.patient", patient_id=plan.patient_id), 303)


@bp.get("/vardplaner/<uuid:plan_id>/forhandsvisning")
def plan_preview(plan_id: UUID) -> ResponseReturnValue:
    """The saved working copy as the patient will read it: the whole, or one chapter (`kapitel`), hidden ones too."""
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    definition = made_for(db, _library(), plan)
    contact, chapter_id = _contact(plan), request.args.get("kapitel")
    audit.record(db, "preview-plan", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
    if chapter_id is not None:
        return _preview_chapter(plan, definition, contact, chapter_id)

    def url(chapter_id: str) -> str:
        return url_for("staff.plan_preview", plan_id=plan_id, kapitel=chapter_id)

    return page(
        "staff/plan_preview.html",
        plan=plan,
        reading=reading(_rendered(plan, definition, contact), url=url, now=at),
        writer=current_user.row.account.person.given_name,
        appointments=plan_queries.appointments(db, [plan.id], at=at),
        may_sign=by.capacity in PLANNERS,
        now=at,
    )


def _preview_chapter(plan: CarePlan, definition: PlanDefinition, contact: Contact, chapter_id: str) -> str:
    states = working_copy(definition, plan)
    if chapter_id not in states:
        raise NotVisible("chapter", chapter_id)
    facts = patient_facts(plan.patient.person.given_name, contact, definition.lang)
    text = chapter_content(definition.chapter(chapter_id), states[chapter_id].note, facts)
    writer = current_user.row.account.person.given_name
    return page(
        "staff/chapter_preview.html",
        plan=plan,
        chapter=chapter_page(text, content_lang=definition.lang, contact=contact, writer=writer, to=""),
        is_shown=states[chapter_id].shown,
        may_plan=access.actor().capacity in PLANNERS,
    )


def _save(form: EditorForm, plan: CarePlan, definition: PlanDefinition) -> ResponseReturnValue | None:
    """Store all that the form holds; a page with what is wrong where something is, and nothing stored."""
    db, by, at = session(), access.actor(), access.now()
    if not all([form.validate(), form.check_days(at)]):
        return _editor(form, plan, definition), 422
    try:
        form.moved = plans.edit(
            db,
            _library(),
            plan,
            treatments=form.treatments.data or (),
            shown=set(form.shown.data or ()),
            notes=form.notes,
            greeting=form.greeting.data or "",
            phase=form.phase.data or "",
            places={chapter_id: int(place) for chapter_id, place in form.places.items()},
            by=by,
            at=at,
            version=form.seen,
        )
    except PlanChanged:
        return _editor(form, plan, definition, is_conflict=True), 409
    _save_pathway(form, plan)
    if form.moved:
        flash(
            ngettext(
                "Valet av behandlingar ändrade %(num)d kapitel.",
                "Valet av behandlingar ändrade %(num)d kapitel.",
                len(form.moved),
            )
        )
    return None


def _save_pathway(form: EditorForm, plan: CarePlan) -> None:
    """Times and events: they hold at once, whatever is signed."""
    db, by, at = session(), access.actor(), access.now()
    for sent in form.cancel.data or ():
        appointment = plan_queries.appointment_of(db, plan.id, _uuid(sent))
        plans.cancel_appointment(db, plan, appointment, by=by, at=at)
    if form.visit_at is not None:
        plans.add_appointment(
            db,
            plan,
            starts_at=form.visit_at,
            title=(form.visit_title.data or "").strip(),
            place=(form.visit_place.data or "").strip(),
            preparation=(form.visit_preparation.data or "").strip(),
            by=by,
            at=at,
        )
    if form.adds_event and form.event_on.data is not None:
        plans.record_event(
            db,
            _library(),
            plan,
            kind=form.event_kind.data,
            on=form.event_on.data,
            title=(form.event_title.data or "").strip(),
            by=by,
            at=at,
        )


def _next(plan: CarePlan) -> str:
    """Where a save leads: back to the editor, or on to the own chapter whose button was pressed."""
    then = request.form.get("then", "")
    if then == "own":
        return url_for("staff.own_chapter", plan_id=plan.id)
    if then:
        return url_for("staff.own_chapter", plan_id=plan.id, kapitel=then)
    return url_for("staff.plan_edit", plan_id=plan.id)


def _editor(form: EditorForm, plan: CarePlan, definition: PlanDefinition, *, is_conflict: bool = False) -> str:
    db, at = session(), access.now()
    contact = _contact(plan)
    signed = plan_queries.versions(db, plan.id)[:1]
    before = plan_queries.revision_of(db, access.actor(), plan.id, at=at).content if signed else None
    saved = _rendered(plan, definition, contact)
    saver = plan_queries.last_saved(db, plan)
    unsaved: list[str] = []
    if is_conflict:
        states = plan_form.states(form, definition)
        facts = patient_facts(plan.patient.person.given_name, contact, definition.lang)
        mine = render_plan(
            definition, states, greeting=form.greeting.data or "", phase=form.phase.data or "", facts=facts
        )
        unsaved = changes_in_words(saved, mine)
        # Saving once more is then a choice.
        form.version.data, form.order.data = str(plan.version), " ".join(definition.chapter_ids)
    return page(
        "staff/plan_edit.html",
        form=form,
        plan=plan,
        patient=plan.patient,
        definition=definition,
        contact=contact,
        newer=template_queries.newer(db, _library(), plan),
        groups=plan_form.groups(form, definition),
        tally=plan_form.tally(working_copy(definition, plan), definition, plan.treatments),
        phase_title=next((phase.title for phase in definition.phases if phase.id == plan.phase), ""),
        signed=signed[0] if signed else None,
        next_number=signed[0].number + 1 if signed else 1,
        changes=changes_in_words(before, saved),
        appointments=plan_queries.appointments(db, [plan.id], at=at),
        events=plan_queries.events(db, plan.id),
        event_words=EVENT_WORDS,
        event_choices=[("", _("Välj")), *((kind, EVENT_WORDS[kind]) for kind in plans.RECORDABLE)],
        is_conflict=is_conflict,
        unsaved=unsaved,
        saver=saver[0] if saver else "",
        saved_at=moment(saver[1], at) if saver else "",
        now=at,
    )


def _rendered(plan: CarePlan, definition: PlanDefinition, contact: Contact) -> dict[str, Any]:
    facts = patient_facts(plan.patient.person.given_name, contact, definition.lang)
    return render_plan(
        definition, working_copy(definition, plan), greeting=plan.greeting, phase=plan.phase, facts=facts
    )


def _contact(plan: CarePlan) -> Contact:
    return team.contact_for(session(), plan.patient_id, plan.unit_id, at=access.now())


def _uuid(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError as error:
        raise NotVisible("appointment", sent) from error


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
