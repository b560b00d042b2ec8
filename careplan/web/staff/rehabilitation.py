"""The rehabilitation plan for staff: what stands, its summary, old versions, what the patient said, action codes."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, codes
from careplan.actions import rehabilitation as actions
from careplan.db import session
from careplan.domain.rehabilitation import EMPTY, Reply
from careplan.domain.rehabilitation_journal import rehabilitation_journal
from careplan.i18n import lang, local
from careplan.models import CarePlan, Patient
from careplan.queries import rehabilitation as queries
from careplan.queries.access import get_plan_for
from careplan.web import access, rehabilitation_words
from careplan.web.labels import GOAL_OUTCOMES
from careplan.web.pages import page
from careplan.web.sentences import sentence_for
from careplan.web.staff import bp, team_words
from careplan.web.staff.goals import plan_codes
from careplan.web.staff.needs_form import not_configured

LONGEST = 4000
REPLIED = {Reply.APPROVED: "Patienten har godkänt.", Reply.CHANGE_WANTED: "Patienten vill ändra."}


@bp.route("/planer/<uuid:plan_id>/rehabilitering", methods=["GET", "POST"])
def rehabilitation(plan_id: UUID) -> ResponseReturnValue:
    """Read it as the patient does; write its summary and sign a new version. `version` shows an old one."""
    db, by, at = session(), access.actor(), access.now()
    plan = get_plan_for(db, by, plan_id, at=at)
    if request.method == "GET":
        return _page(plan)
    summary, region = request.form.get("summary", ""), team_words.codes()
    wanted = [*request.form.getlist("code"), request.form.get("other_code", "").strip().upper()]
    wanted = [code for code in wanted if code]
    unknown = [code for code in wanted if code not in region.texts]
    if len(summary) > LONGEST:
        return _page(plan, {"summary": _("Skriv högst 4000 tecken.")}), 422
    if unknown:
        return _page(plan, {"other_code": not_configured(unknown[0])}), 422
    try:
        revision = actions.sign(db, plan, summary=summary, seen=request.form.get("seen", type=int), by=by, at=at)
    except actions.NothingPlanned as error:
        return _page(plan, {"summary": sentence_for(error)}), 422
    except actions.RehabilitationChanged as error:
        db.rollback()
        return _page(get_plan_for(db, by, plan_id, at=at), {"summary": sentence_for(error)}), 409
    codes.record(db, plan, wanted, known=region.texts, revision_id=revision.id, by=by, at=at)
    db.commit()
    flash(_("Version %(number)d är signerad.", number=revision.number))
    return redirect(url_for("staff.rehabilitation", plan_id=plan_id), 303)


def _page(plan: CarePlan, errors: dict[str, str] | None = None) -> str:
    db, by, at = session(), access.actor(), access.now()
    versions = queries.versions(db, by, plan.id, at=at)
    wanted = request.args.get("version", type=int)
    shown = next((each for each in versions if each.number == wanted), versions[0] if versions else None)
    patient = db.get_one(Patient, plan.patient_id)
    recorded = queries.codes_of(db, plan.id)
    audit.record(
        db, "read-rehabilitation", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id
    )
    professions = team_words.professions()
    typed = request.form.get("summary") if request.method == "POST" else None
    return page(
        "staff/rehabilitation.html",
        plan=plan,
        patient=patient,
        given_name=patient.person.given_name,
        versions=versions,
        shown=shown,
        content=shown.content if shown else EMPTY,
        is_last=not versions or shown is versions[0],
        changes={each.number: rehabilitation_words.changes(each.changes, professions) for each in versions},
        who=rehabilitation_words.doers(shown.content, professions, patient.person.given_name) if shown else {},
        profession_words={id_: each.named(lang()) for id_, each in professions.professions.items()},
        outcome_words={str(outcome): words for outcome, words in GOAL_OUTCOMES.items()},
        recorded=recorded,
        codes=[(each.code, each.named(lang())) for each in plan_codes(plan)],
        ticked=request.form.getlist("code") if request.method == "POST" else None,
        other_code=request.form.get("other_code", ""),
        summary=typed if typed is not None else versions[0].content["summary"] if versions else "",
        seen=versions[0].number if versions else 0,
        journal=_journal(versions[0], [(each.code, each.text) for each in recorded]) if versions else "",
        back=team_words.back_of(plan.patient_id),
        errors=errors or {},
        now=at,
    )


def _journal(version: queries.Version, recorded: list[tuple[str, str]]) -> str:
    """The author is who copies it."""
    return rehabilitation_journal(
        version.content,
        number=version.number,
        signed_on=local(version.signed_at).date(),
        codes=list(dict.fromkeys(recorded)),
        replied=REPLIED[version.reply] if version.reply else "",
        author=access.actor().name,
    )
