"""What the patient does of what was agreed: ticked off, or that it did not work, in two clicks from the first page."""

from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from careplan.actions import activities as actions
from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.own import LONGEST_TEXT, REPORTED, ReportResult
from careplan.i18n import local
from careplan.models import Activity, ActivityReport, Goal
from careplan.queries import own
from careplan.queries.access import NotVisible, scopes_of
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.own_fields import KeyedForm, within
from careplan.web.pages import page
from careplan.web.patient import bp


class ReportForm(KeyedForm):
    on = PartsDateField(lazy_gettext("Vilken dag?"), validators=[InputRequired(lazy_gettext("Skriv vilken dag."))])
    text = TextAreaField(
        lazy_gettext("Berätta med egna ord, om du vill"),
        description=lazy_gettext("Vad var svårt? Vad skulle kunna fungera bättre?"),
        validators=[within(LONGEST_TEXT)],
    )
    wants_contact = BooleanField(lazy_gettext("Jag vill att någon hör av sig om det här"))

    def validate_on(self, field: PartsDateField) -> None:
        today = local(access.now()).date()
        if field.data is not None and field.data > today:
            raise ValidationError(_("Den dagen har inte varit än."))
        if field.data is not None and field.data < today - REPORTED:
            raise ValidationError(_("Välj en dag under det senaste året."))


@bp.post("/atgarder/<uuid:activity_id>")
def tick(activity_id: UUID) -> ResponseReturnValue:
    """Done today, or it did not work: stored at once. What more there is to say comes after."""
    db, by, at = session(), access.actor(), access.now()
    goal, activity = _reached(activity_id)
    result = ReportResult.NOT_WORKING if request.form.get("result") == ReportResult.NOT_WORKING else ReportResult.DONE
    made = actions.report(db, goal, activity, key=_key(), result=result, on=local(at).date(), by=by, at=at)
    db.commit()
    if result is ReportResult.NOT_WORKING:
        flash(_("Sparat. Vårdteamet ser det vid målet."))
        return redirect(url_for("patient.report", report_id=made.id), 303)
    flash(_("Sparat. Bra att du berättar."))
    return redirect(url_for("patient.rehabilitation", _anchor=f"a-{activity.id}"), 303)


@bp.route("/atgarder/rapport/<uuid:report_id>", methods=["GET", "POST"])
def report(report_id: UUID) -> ResponseReturnValue:
    """Another day, own words, a wish to be contacted; or take it away."""
    db, by, at = session(), access.actor(), access.now()
    _may_report()
    goal, activity, found = own.get_report_for(db, by, report_id, at=at)
    form = ReportForm()
    if request.method == "POST" and "remove" in request.form:
        actions.remove(db, goal, found, by=by, at=at)
        db.commit()
        flash(_("Borttaget."))
        return _back(activity)
    if form.validate_on_submit() and form.on.data is not None:
        wants = form.wants_contact.data and by.capacity is Capacity.PATIENT
        contact = contact_for(db, goal.patient_id, own.unit_of(db, goal), at=at) if wants else None
        actions.change(
            db, goal, activity, found, on=form.on.data, text=form.text.data or "", contact=contact, by=by, at=at
        )
        db.commit()
        if found.wish_id is not None and contact is not None:
            return redirect(url_for("patient.wish", wish_id=found.wish_id), 303)
        flash(_("Sparat. Vårdteamet ser det vid målet."))
        return _back(activity)
    return _page(goal, activity, found, form), 422 if form.errors else 200


def _page(goal: Goal, activity: Activity, found: ActivityReport, form: ReportForm) -> str:
    db, by, at = session(), access.actor(), access.now()
    if not form.is_submitted():
        form.on.data, form.text.data = found.on, found.text
        form.on.parts = (str(found.on.day), str(found.on.month), str(found.on.year))
    audit.record(db, "read-goals", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id)
    return page(
        "patient/report.html",
        form=form,
        goal=goal,
        activity=activity,
        did_not_work=found.result is ReportResult.NOT_WORKING,
        may_ask=by.capacity is Capacity.PATIENT and found.wish_id is None,
    )


def _reached(activity_id: UUID) -> tuple[Goal, Activity]:
    _may_report()
    return own.activity_of(session(), access.actor(), activity_id, at=access.now())


def _may_report() -> None:
    """The patient, and a relative who may help and read the plan: what they tick is marked as theirs."""
    if not {"plan", "help"} <= scopes_of(session(), access.actor(), at=access.now()):
        raise NotVisible("activity", "")


def _key() -> UUID:
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        return uuid4()


def _back(activity: Activity) -> ResponseReturnValue:
    return redirect(url_for("patient.rehabilitation", _anchor=f"a-{activity.id}"), 303)
