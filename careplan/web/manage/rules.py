"""The unit's own limits: written, tried on a year of its answers, proposed, and decided by a second person."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.actions import rules as actions
from careplan.db import session
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire, text_in
from careplan.domain.triage import say
from careplan.i18n import lang
from careplan.library import Library
from careplan.library.unit_rules import compile_rules, nodes_of, with_rules
from careplan.models import RuleTrial, RuleVersion
from careplan.queries import rules as queries
from careplan.queries.answers import unit_rules
from careplan.web import access
from careplan.web.manage import bp, own_unit
from careplan.web.manage.rules_form import KINDS, LEVELS, changed, choices, shown
from careplan.web.pages import page
from careplan.web.trial import trial_words


@bp.get("/verksamhet/granser")
def rules() -> str:
    """The forms with limits, and whose they are."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    forms = sorted(_library().questionnaires.values(), key=lambda form: text_in(form.title, lang()))
    audit.record(db, "list-rules", by=by, at=at, object_type="unit", object_id=unit_id)
    return page("manage/rules.html", rows=queries.of_unit(db, forms, unit_id), text=_text, own_id=by.practitioner_id)


@bp.route("/verksamhet/granser/<questionnaire_id>", methods=["GET", "POST"])
def rules_edit(questionnaire_id: str) -> ResponseReturnValue:
    """A draft of the unit's limits for one form. To look makes none: it begins with the first that is saved."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    form = _library().questionnaire(questionnaire_id)
    now = with_rules(form, unit_rules(db, unit_id, form.id))
    waiting = next((row.waiting for row in queries.of_unit(db, [form], unit_id)), None)
    if waiting is not None and waiting.status == "proposed":
        return redirect(url_for("manage.rules_proposal", version_id=waiting.id), 303)
    nodes = waiting.rules if waiting is not None else nodes_of(now.rules)
    if request.method == "GET":
        audit.record(db, "read-rules", by=by, at=at, object_type="rules", object_id=waiting.id if waiting else form.id)
        return _editing(form, now, waiting, shown(form, nodes))
    seen = request.form.get("version", default=0, type=int)
    if request.form.get("do") == "drop" and waiting is not None:
        actions.drop(db, waiting, seen=seen, by=by, at=at)
        db.commit()
        flash(_("Utkastet är borta. Gränserna gäller som förut."))
        return redirect(url_for("manage.rules"), 303)
    wanted, proposal = changed(form, nodes, request.form, by.unit_name)
    if any(proposal.mistakes()):
        return _editing(form, now, waiting, proposal), 422
    draft = actions.open_draft(db, now, by=by, at=at)
    actions.save(db, draft, form, wanted, seen=seen if waiting is not None else draft.version, by=by, at=at)
    if request.form.get("do") == "try":
        actions.try_out(db, draft, by=by, at=at)
        db.commit()
        return redirect(url_for("manage.rules_trial", version_id=draft.id), 303)
    db.commit()
    flash(_("Utkastet är sparat. Det gäller inte än."))
    return redirect(url_for("manage.rules_edit", questionnaire_id=form.id), 303)


@bp.route("/verksamhet/granser/utkast/<uuid:version_id>/provning", methods=["GET", "POST"])
def rules_trial(version_id: UUID) -> ResponseReturnValue:
    """How far the trial has come, and what came out; then the proposal, with a reason."""
    db, by, at = session(), access.actor(), access.now()
    own_unit(by)
    version = queries.version_for(db, by, version_id)
    mistake = ""
    if request.method == "POST":
        try:
            seen = request.form.get("version", default=0, type=int)
            actions.propose(db, version, reason=request.form.get("reason", ""), seen=seen, by=by, at=at)
        except actions.MissingAnswer:
            mistake = _("Skriv varför gränserna ska ändras.")
        else:
            db.commit()
            flash(_("Förslaget är skickat. En annan chef på enheten behöver godkänna det."))
            return redirect(url_for("manage.rules"), 303)
    trial = actions.tried(version) or (version.trials[-1] if version.trials else None)
    audit.record(db, "read-rules", by=by, at=at, object_type="rules", object_id=version.id)
    body = page("manage/rules_trial.html", mistake=mistake, version=version, **_about(by, version, trial))
    if trial is not None and trial.status in ("requested", "in-progress"):
        return body, 200, {"Refresh": "2"}
    return body, 422 if mistake else 200


@bp.route("/verksamhet/granser/forslag/<uuid:version_id>", methods=["GET", "POST"])
def rules_proposal(version_id: UUID) -> ResponseReturnValue:
    """What somebody else proposes, with its trial: put in force, or given back with a reason."""
    db, by, at = session(), access.actor(), access.now()
    own_unit(by)
    version = queries.version_for(db, by, version_id)
    mistake = ""
    if request.method == "POST":
        seen = request.form.get("version", default=0, type=int)
        form = _library().questionnaire(version.questionnaire_id)
        try:
            if request.form.get("do") == "approve":
                actions.approve(db, version, form, seen=seen, by=by, at=at)
                said = _("Gränserna gäller från nu. Svar som redan är skickade ändras inte.")
            else:
                actions.give_back(db, version, answer=request.form.get("answer", ""), seen=seen, by=by, at=at)
                said = _("Förslaget är skickat tillbaka.")
        except actions.MissingAnswer:
            mistake = _("Skriv varför du skickar tillbaka förslaget.")
        else:
            db.commit()
            flash(said)
            return redirect(url_for("manage.rules"), 303)
    audit.record(db, "read-rules", by=by, at=at, object_type="rules", object_id=version.id)
    body = page(
        "manage/rules_proposal.html",
        mistake=mistake,
        version=version,
        is_own=version.written_by_id == by.practitioner_id,
        **_about(by, version, actions.tried(version)),
    )
    return body, 422 if mistake else 200


@bp.post("/verksamhet/granser/<questionnaire_id>/formularets-egna")
def rules_retire(questionnaire_id: str) -> ResponseReturnValue:
    """Back to the limits that the form came with, in one step."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    standing = unit_rules(db, unit_id, questionnaire_id)
    if standing is not None:
        actions.retire(db, standing, seen=request.form.get("version", default=0, type=int), by=by, at=at)
        db.commit()
    flash(_("Formulärets egna gränser gäller från nu."))
    return redirect(url_for("manage.rules"), 303)


def _about(by: Actor, version: RuleVersion, trial: RuleTrial | None) -> dict[str, Any]:
    """What changes, rule by rule in words, and what the trial says."""
    form = _library().questionnaire(version.questionnaire_id)
    now = with_rules(form, unit_rules(session(), own_unit(by), form.id))
    before = [say(rule, form, lang()) + f" ({LEVELS[rule.level]})" for rule in now.rules]
    after = [say(rule, form, lang()) + f" ({LEVELS[rule.level]})" for rule in compile_rules(form, version.rules)]
    return {
        "title": text_in(form.title, lang()),
        "questionnaire_id": form.id,
        "added": [words for words in after if words not in before],
        "removed": [words for words in before if words not in after],
        "trial": trial,
        "outcome": trial_words(trial.result) if trial is not None and trial.result is not None else None,
    }


def _editing(form: Questionnaire, now: Questionnaire, draft: RuleVersion | None, proposal: object) -> str:
    return page(
        "manage/rules_edit.html",
        title=text_in(form.title, lang()),
        form_id=form.id,
        draft=draft,
        proposal=proposal,
        items=choices(form),
        kinds=KINDS,
        levels=LEVELS,
        has_own=bool(now.rules_id),
    )


def _text(words: dict[str, str]) -> str:
    return text_in(words, lang())


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
