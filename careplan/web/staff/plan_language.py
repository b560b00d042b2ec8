"""Choosing the language of a patient's plan."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, plan_languages
from careplan.db import session
from careplan.i18n import name_of, upper_first
from careplan.library import Library
from careplan.queries import plan as plan_queries
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.staff.patients import planners_only


@bp.route("/vardplaner/<uuid:plan_id>/sprak", methods=["GET", "POST"])
def plan_language(plan_id: UUID) -> ResponseReturnValue:
    """The languages of the plan's template; what is chosen holds for the patient once it is signed."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    library: Library = current_app.extensions["library"]
    if request.method == "GET":
        audit.record(db, "open-plan", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
        languages = plan_languages.languages_of(library, plan)
        return page(
            "staff/plan_language.html",
            plan=plan,
            person=plan.patient.person,
            languages=[(lang, upper_first(name_of(lang))) for lang in languages],
        )
    plan_languages.change_language(db, library, plan, lang=request.form.get("lang", plan.lang), by=by, at=at)
    language, name = name_of(plan.lang), plan.patient.person.given_name
    db.commit()
    flash(_("Planen är nu på %(language)s. %(name)s ser det när du har signerat.", language=language, name=name))
    return redirect(url_for("staff.plan_edit", plan_id=plan_id), 303)
