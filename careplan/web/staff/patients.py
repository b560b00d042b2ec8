"""The unit's patients: list, find by number, register, and one patient's page with what can be done there."""

from datetime import datetime, time, timedelta
from uuid import UUID

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from careplan.actions import audit, notices, people, responses
from careplan.db import session
from careplan.domain.identity import Capacity, InvalidIdentifier, PersonIdentifier, age, formatted, parse_identifier
from careplan.domain.questionnaire import text_in
from careplan.i18n import TIME_ZONE, lang, local, name_of
from careplan.library import Library
from careplan.library.professions import professions
from careplan.models import Patient
from careplan.queries import blocks, own, referrals, rules, team, threads, timeline
from careplan.queries import handovers as handover_queries
from careplan.queries import patients as unit_patients
from careplan.queries import templates as template_queries
from careplan.queries.access import get_patient_for
from careplan.queries.sharing import active_shares
from careplan.web import access
from careplan.web.calendar import lines
from careplan.web.handover_words import STATUSES
from careplan.web.pages import page
from careplan.web.reports import told
from careplan.web.sentences import sentence_for
from careplan.web.staff import bp

# Who makes and signs plans; other clinical staff read them.
PLANNERS = frozenset({Capacity.CONTACT_NURSE})
# A form that a nurse asks for by hand: answered within a week, open for two.
DUE, OPEN = timedelta(days=7), timedelta(days=14)


class IdentifierForm(FlaskForm):
    identifier = StringField(
        lazy_gettext("Personnummer"),
        description=lazy_gettext("10 eller 12 siffror, med eller utan streck."),
        validators=[InputRequired(lazy_gettext("Skriv personnumret.")), Length(max=20)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    parsed: PersonIdentifier | None = None

    def validate_identifier(self, field: StringField) -> None:
        try:
            self.parsed = parse_identifier(field.data or "", local(access.now()).date())
        except InvalidIdentifier as error:
            raise ValidationError(sentence_for(error)) from error


class FindForm(IdentifierForm):
    """Find a patient of the unit. Someone else's patient is answered as somebody who does not exist."""


class RegisterForm(IdentifierForm):
    given_name = StringField(
        lazy_gettext("Förnamn"), validators=[InputRequired(lazy_gettext("Skriv förnamnet.")), Length(max=100)]
    )
    family_name = StringField(
        lazy_gettext("Efternamn"), validators=[InputRequired(lazy_gettext("Skriv efternamnet.")), Length(max=100)]
    )
    phone = StringField(
        lazy_gettext("Telefon"),
        description=lazy_gettext("Får vara tomt."),
        validators=[Length(max=40)],
        render_kw={"inputmode": "tel"},
    )
    nurse = SelectField(
        lazy_gettext("Kontaktsjuksköterska"), validators=[InputRequired(lazy_gettext("Välj kontaktsjuksköterska."))]
    )


class StartForm(FlaskForm):
    items: list[dict[str, object]]
    template = RadioField(lazy_gettext("Mall för diagnosen"), validators=[InputRequired(lazy_gettext("Välj en mall."))])


class OrderForm(FlaskForm):
    questionnaire = SelectField(
        lazy_gettext("Formulär"), validators=[InputRequired(lazy_gettext("Välj ett formulär."))]
    )


@bp.route("/patienter", methods=["GET", "POST"])
def patients() -> ResponseReturnValue:
    """The unit's patients by name; find one by number. The number goes in the body, never in the address."""
    db, by, at = session(), access.actor(), access.now()
    form = FindForm()
    if form.validate_on_submit() and form.parsed is not None:
        found = unit_patients.find(db, by, form.parsed, at=at)
        audit.record(db, "find-patient", by=by, at=at, patient_id=found, object_type="patient", object_id=found or "")
        if found is not None:
            db.commit()
            return redirect(url_for("staff.patient", patient_id=found), 303)
        form.identifier.errors = [_("Ingen patient på er enhet har det numret. Kontrollera det, eller registrera.")]
    listing = unit_patients.listing(db, by, at=at, number=request.args.get("sida", 1, type=int))
    audit.record(db, "list-patients", by=by, at=at, patients=[row.patient_id for row in listing.rows])
    body = page(
        "staff/patients.html",
        form=form,
        listing=listing,
        templates={plan_id: _library().plan(plan_id, lang()).title for plan_id, _lang in _library().plans},
        may_register=by.capacity in PLANNERS,
        proposals=rules.proposals(db, by.unit_id) if by.unit_id else [],
        changed_templates=len(template_queries.to_decide(db, _library(), by, at=at)) if by.capacity in PLANNERS else 0,
    )
    return body, 422 if form.errors else 200


@bp.route("/patienter/ny", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Take a person into the unit's care. Someone who is there already is simply found."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    form = RegisterForm()
    nurses = unit_patients.contact_nurses(db, by.unit_id, on=local(at).date())
    form.nurse.choices = [("", _("Välj")), *((str(nurse_id), name) for nurse_id, name in nurses)]
    if form.validate_on_submit() and form.parsed is not None:
        is_known = unit_patients.find(db, by, form.parsed, at=at) is not None
        registered = people.register_patient(
            db,
            identifier=form.parsed,
            given_name=(form.given_name.data or "").strip(),
            family_name=(form.family_name.data or "").strip(),
            phone=(form.phone.data or "").strip(),
            contact_nurse_id=UUID(form.nurse.data),
            by=by,
            at=at,
        )
        db.commit()
        flash(_("Patienten fanns redan på er enhet.") if is_known else _("Patienten är registrerad."))
        return redirect(url_for("staff.patient", patient_id=registered.id), 303)
    return page("staff/register.html", form=form), 422 if form.errors else 200


@bp.get("/patienter/<uuid:patient_id>")
def patient(patient_id: UUID) -> ResponseReturnValue:
    """One patient: what is planned, answered and to be done. Who has only a referral is led to that."""
    db, by, at = session(), access.actor(), access.now()
    referral = referrals.only_way_to(db, by, patient_id, at=at)
    if referral is not None:
        return redirect(url_for("staff.referral", referral_id=referral.id), 303)
    return patient_page(get_patient_for(db, by, patient_id, at=at))


@bp.post("/patienter/<uuid:patient_id>/formular")
def order_form(patient_id: UUID) -> ResponseReturnValue:
    """Ask for a form now, outside the plan's schedule."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_patient_for(db, by, patient_id, at=at)
    form = _order_form(asked)
    if not form.validate_on_submit():
        return patient_page(asked, order=form), 422
    plan = unit_patients.open_plan(db, by, asked.id, at=at)
    questionnaire_id, _colon, person_id = form.questionnaire.data.partition(":")
    relative = next((each for each in active_shares(db, asked.id, at=at) if str(each.person_id) == person_id), None)
    responses.request(
        db,
        _library(),
        patient_id=asked.id,
        unit_id=by.unit_id,
        questionnaire_id=questionnaire_id,
        respondent_id=relative.person_id if relative else None,
        plan_id=plan.id if plan else None,
        opens_at=at,
        due_at=_end_of_day(at + DUE),
        closes_at=_end_of_day(at + OPEN),
        by=by,
        at=at,
    )
    if relative is None:
        notices.enqueue(db, patient=asked, template="form-due", at=at)
    db.commit()
    whom = relative.person if relative else asked.person
    flash(_("Formuläret är beställt. %(name)s kan svara nu.", name=whom.given_name))
    return redirect(url_for("staff.patient", patient_id=asked.id), 303)


def patient_page(shown: Patient, *, start: StartForm | None = None, order: OrderForm | None = None) -> str:
    """`start` or `order` is a form that was sent and has something to correct."""
    db, by, at = session(), access.actor(), access.now()
    overview = unit_patients.overview(db, by, shown, at=at)
    contact = team.contact_for(db, shown.id, by.unit_id, at=at)
    audit.record(db, "read-patient", by=by, at=at, patient_id=shown.id, object_type="patient", object_id=shown.id)
    library, language = _library(), lang()
    plan = overview.plan
    times = timeline.timeline(db, by, shown.id, at=at)
    handed = handover_queries.of_patient(db, by, shown.id, at=at) if by.capacity in PLANNERS else []
    return page(
        "staff/patient.html",
        handovers=handed,
        handover_status=str(STATUSES[handed[0].status]) if handed else "",
        is_hidden=blocks.is_hidden_from(db, by, shown.id, at=at),
        coming=lines(times.coming, by),
        past=lines(times.past[:20], by),
        reports=told(own.reports_of(db, [goal.id for goal in overview.goals]), at),
        referrals=referrals.of_patient(db, by, shown.id, at=at),
        profession_words={
            id_: each.named(language)
            for id_, each in professions(current_app.extensions["settings"].content_path).professions.items()
        },
        patient=shown,
        numbers=[formatted(number) for number in overview.numbers],
        age=age(shown.person.born_on, local(at).date()) if shown.person.born_on else None,
        overview=overview,
        # A template may be gone; what was signed from it is not.
        definition=library.plans.get((plan.definition_id, plan.lang)) if plan else None,
        newer=template_queries.newer(db, library, plan) if plan else None,
        contact=contact,
        threads=threads.of_patient(db, by, shown.id, at=at),
        titles={each.id: text_in(each.title, language) for each in library.questionnaires.values()},
        other_languages={
            each.id: [
                (code, name_of(code)) for code in each.offered if code != each.language_for(shown.person.language)
            ]
            for each in library.questionnaires.values()
        },
        start=start or start_form(),
        order=order or _order_form(shown),
        may_plan=by.capacity in PLANNERS,
        now=at,
    )


def start_form() -> StartForm:
    """One choice for each template, with its diagnosis codes as hint."""
    form = StartForm()
    swedish = [plan for (_id, language), plan in _library().plans.items() if language == "sv"]
    ordered = sorted(swedish, key=lambda plan: (not plan.icd10, plan.title))
    form.template.choices = [(plan.id, plan.title) for plan in ordered]
    form.items = [
        {
            "value": plan.id,
            "text": plan.title,
            "hint": _("Diagnoskod %(codes)s", codes=", ".join(plan.icd10)) if plan.icd10 else None,
            "checked": plan.id == form.template.data,
        }
        for plan in ordered
    ]
    return form


def _order_form(asked: Patient) -> OrderForm:
    """The forms that the patient has not got to answer already; those about a relative once for each relative."""
    db, at = session(), access.now()
    waiting = unit_patients.open_requests(db, access.actor(), asked.id, at=at)
    open_ids = {(each.questionnaire_id, each.respondent_id) for each in waiting}
    relatives = active_shares(db, asked.id, at=at)
    form = OrderForm()
    form.questionnaire.choices = [("", _("Välj"))]
    for each in _library().questionnaires.values():
        title = text_in(each.title, lang())
        if each.about == "relative":
            form.questionnaire.choices += [
                (f"{each.id}:{who.person_id}", _("%(form)s Till %(name)s.", form=title, name=who.person.name))
                for who in relatives
                if (each.id, who.person_id) not in open_ids
            ]
        elif (each.id, None) not in open_ids:
            form.questionnaire.choices.append((each.id, title))
    return form


def planners_only() -> None:
    if access.actor().capacity not in PLANNERS:
        abort(403)


def _end_of_day(at: datetime) -> datetime:
    return datetime.combine(local(at).date(), time(23, 59), TIME_ZONE)


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
