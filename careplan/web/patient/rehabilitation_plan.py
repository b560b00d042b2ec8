"""The patient's say about the signed rehabilitation plan, and its versions."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.actions import rehabilitation as actions
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.rehabilitation import Reply
from careplan.domain.sharing import GOALS
from careplan.i18n import lang
from careplan.library.professions import Professions, professions
from careplan.models import Patient
from careplan.queries import rehabilitation as queries
from careplan.queries import team
from careplan.queries.access import NotVisible, get_patient_for, may_read_part, scopes_of
from careplan.web import access, rehabilitation_words
from careplan.web.labels import GOAL_OUTCOMES
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.sentences import sentence_for

LONGEST = 1000


@bp.get("/rehabilitering/<uuid:plan_id>/version/<int:number>")
def rehabilitation_version(plan_id: UUID, number: int) -> str:
    """One signed version as it was, and what it changed."""
    return _page(plan_id, number)


@bp.post("/rehabilitering/<uuid:revision_id>/svar")
def reply_rehabilitation(revision_id: UUID) -> ResponseReturnValue:
    """Approve the plan, or say what should be changed. Only the patient does, and only of the last version."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is not Capacity.PATIENT:
        raise NotVisible("rehabilitation", revision_id)
    revision = queries.get_revision_for(db, by, revision_id, at=at)
    answer = Reply.CHANGE_WANTED if request.form.get("answer") == Reply.CHANGE_WANTED else Reply.APPROVED
    text = request.form.get("text", "") if answer is Reply.CHANGE_WANTED else ""
    if len(text) > LONGEST:
        return _page(revision.plan_id, revision.number, _("Skriv högst 1000 tecken.")), 422
    contact = team.contact_for(db, revision.patient_id, revision.unit_id, at=at)
    try:
        actions.reply(db, revision, answer=answer, text=text, contact=contact, by=by, at=at)
    except actions.MissingWish as error:
        return _page(revision.plan_id, revision.number, sentence_for(error)), 422
    except actions.RevisionReplaced as error:
        db.rollback()
        flash(sentence_for(error))
        return redirect(url_for("patient.rehabilitation"), 303)
    db.commit()
    if answer is Reply.APPROVED:
        flash(_("Du har godkänt planen."))
    else:
        flash(_("Det är skickat. %(name)s läser det och hör av sig.", name=contact.answers_name))
    return redirect(url_for("patient.rehabilitation"), 303)


def _page(plan_id: UUID, number: int, error: str = "") -> str:
    db, by, at = session(), access.actor(), access.now()
    may_read = "plan" in scopes_of(db, by, at=at) and may_read_part(db, by, GOALS, at=at)
    if by.patient_id is None or not may_read:
        raise NotVisible("rehabilitation", plan_id)
    patient: Patient = get_patient_for(db, by, by.patient_id, at=at)
    versions = queries.versions(db, by, plan_id, at=at)
    shown = next((each for each in versions if each.number == number), None)
    if shown is None:
        raise NotVisible("rehabilitation", plan_id)
    is_own = by.capacity is Capacity.PATIENT
    audit.record(
        db, "read-rehabilitation", by=by, at=at, patient_id=patient.id, object_type="rehabilitation", object_id=shown.id
    )
    known: Professions = professions(current_app.extensions["settings"].content_path)
    return page(
        "patient/rehabilitation_version.html",
        shown=shown,
        versions=versions,
        is_last=shown is versions[0],
        is_own=is_own,
        given_name=patient.person.given_name,
        changes=rehabilitation_words.changes(shown.changes, known),
        who=rehabilitation_words.doers(shown.content, known, _("Du") if is_own else patient.person.given_name),
        profession_words={id_: each.named(lang()) for id_, each in known.professions.items()},
        outcome_words={str(outcome): words for outcome, words in GOAL_OUTCOMES.items()},
        error=error,
        text=request.form.get("text", ""),
        now=at,
    )
