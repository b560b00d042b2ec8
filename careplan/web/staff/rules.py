"""A proposal of limits as those see it who would work by it: with the names of patients in their care."""

from uuid import UUID

from flask import current_app

from careplan.actions import audit
from careplan.actions.rules import tried
from careplan.db import session
from careplan.domain.questionnaire import text_in
from careplan.i18n import lang
from careplan.queries import rules
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.trial import trial_words


@bp.get("/granser/<uuid:version_id>")
def rules_trial(version_id: UUID) -> str:
    """Which answers would stand otherwise. A name only where the reader may know of the patient."""
    db, by, at = session(), access.actor(), access.now()
    version = rules.version_for(db, by, version_id)
    trial = tried(version)
    outcome = trial_words(trial.result) if trial is not None and trial.result is not None else None
    names = rules.names_of(db, by, [row[0] for row in outcome.changed] if outcome else [], at=at)
    audit.record(
        db,
        "read-rules",
        by=by,
        at=at,
        patients=[patient.id for patient in names.values()],
        object_type="rules",
        object_id=version.id,
    )
    form = current_app.extensions["library"].questionnaire(version.questionnaire_id)
    return page("staff/rules_trial.html", title=text_in(form.title, lang()), outcome=outcome, names=names)
