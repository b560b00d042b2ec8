"""The needs assessment: a structured conversation, with a goal and a referral where one comes of it."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, codes, kept_pages
from careplan.actions import needs as actions
from careplan.db import session
from careplan.domain.answers import AnswerState
from careplan.domain.needs import OWN_INITIATIVE, Children, Domain, Mode
from careplan.i18n import full_day, lang
from careplan.library.codes import ASSESSMENT
from careplan.library.levels import LevelTexts, level_texts
from careplan.models import CarePlan, Patient
from careplan.models.kept import NEEDS
from careplan.queries import needs as queries
from careplan.queries import plan as plan_queries
from careplan.queries.access import NotVisible, get_patient_for, get_task_for
from careplan.queries.kept_pages import kept_page
from careplan.web import access
from careplan.web.kept_pages import as_sent, keep_or_drop
from careplan.web.labels import AREAS, CHILDREN, DOMAINS, MODES, NEED_LEVELS
from careplan.web.pages import page
from careplan.web.staff import bp, needs_form, team_words
from careplan.web.staff.goals import plan_codes, store_goal
from careplan.web.staff.plan_form import EVENT_WORDS


@bp.route("/patienter/<uuid:patient_id>/behov", methods=["GET", "POST"])
def needs(patient_id: UUID) -> ResponseReturnValue:
    """Levels set by a person, the answers beside them, a goal in the patient's words, and a question to the team."""
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    plan = queries.active_plan(db, by, patient_id, at=at)
    if plan is None:
        audit.record(db, "read-needs", by=by, at=at, patient_id=patient_id, object_type="patient", object_id=patient_id)
        return page("staff/no_plan.html", patient=patient), 200 if request.method == "GET" else 409
    if request.method == "GET":
        kept = kept_page(db, by, plan, NEEDS)
        return _needs_page(patient, plan, needs_form.read(as_sent(kept.content)) if kept else needs_form.empty())
    sent = needs_form.read(request.form)
    if "add" in request.form:
        sent.rows.append(needs_form.ActivityRow())
        return _needs_page(patient, plan, sent)
    if "draft" in request.form or "drop" in request.form:
        keep_or_drop(plan, NEEDS)
        return redirect(_here(patient.id), 303)
    if not _is_right(patient, plan, sent):
        return _needs_page(patient, plan, sent), 422
    _store(plan, sent)
    db.commit()
    flash(_said(patient, sent))
    if "more" in request.form:
        return redirect(_here(patient_id), 303)
    task_id = _task_id()
    if task_id is not None:
        return redirect(url_for("staff.case", task_id=task_id), 303)
    return redirect(url_for("staff.patient", patient_id=patient_id), 303)


def _is_right(patient: Patient, plan: CarePlan, sent: needs_form.Sent) -> bool:
    at_unit = team_words.colleagues(plan.unit_id)
    return needs_form.check(
        sent,
        doers=team_words.doers(patient, at_unit),
        reasons=_reasons(plan),
        receivers=team_words.receivers(at_unit),
        known_codes=team_words.codes().texts,
    )


def _store(plan: CarePlan, sent: needs_form.Sent) -> None:
    db, by, at = session(), access.actor(), access.now()
    if actions.is_stored(db, plan, sent.key):
        return
    region = team_words.codes()
    assessment = None
    if sent.levels:
        support = queries.needs_of(db, by, plan.patient_id, at=at, lang=lang())
        assessment = actions.assess(
            db,
            plan,
            response_id=support.response_id,
            levels=sent.chosen(),
            notes={area: note for area, note in sent.notes.items() if area in sent.levels},
            summary=sent.form.summary.data or "",
            reason=sent.form.reason.data,
            mode=Mode(sent.form.mode.data),
            children=Children(sent.form.children.data),
            children_offered=sent.form.children_offered.data or "",
            key=sent.key,
            by=by,
            at=at,
        )
        accepted = {each.code for each in region.proposed(ASSESSMENT)} & set(sent.codes or ())
        typed = [sent.other_code] if sent.other_code and not sent.has_goal else []
        codes.record(
            db, plan, [*sorted(accepted), *typed], known=region.texts, assessment_id=assessment.id, by=by, at=at
        )
    if sent.has_goal:
        store_goal(plan, sent, assessment.id if assessment else None)
    if sent.has_referral:
        team_words.send_referral(plan, sent.form.refer_to.data, sent.form.question.data or "", sent.key)
    kept_pages.drop(db, plan, NEEDS, by=by)


def _said(patient: Patient, sent: needs_form.Sent) -> str:
    name = patient.person.given_name
    if sent.has_goal:
        return _("Sparat. %(name)s ser målet i sin plan.", name=name)
    return (
        _("Nivåerna är sparade.") if sent.levels else _("Remissen är skickad. %(name)s ser det i sin plan.", name=name)
    )


def _needs_page(patient: Patient, plan: CarePlan, sent: needs_form.Sent) -> str:
    db, by, at = session(), access.actor(), access.now()
    support = queries.needs_of(db, by, patient.id, at=at, lang=lang())
    goals = [goal for goal in queries.goals_of(db, by, patient.id, at=at) if goal.status == "active"]
    at_unit = team_words.colleagues(plan.unit_id)
    doers, receivers = team_words.doers(patient, at_unit), team_words.receivers(at_unit)
    kept = kept_page(db, by, plan, NEEDS)
    task_id = _task_id()
    if task_id is not None:
        get_task_for(db, by, task_id, at=at)
    audit.record(db, "read-needs", by=by, at=at, patient_id=patient.id, object_type="plan", object_id=plan.id)
    sent.form.goal.label.text = _("Vad vill %(name)s nå? Skriv i jag-form", name=patient.person.given_name)
    texts = _level_texts()
    return page(
        "staff/needs.html",
        patient=patient,
        sent=sent,
        support=support,
        domains=[(DOMAINS[domain], [area for area in support.areas if area.domain is domain]) for domain in Domain],
        area_words=AREAS,
        level_words=NEED_LEVELS,
        children_words=CHILDREN,
        children_choices=list(CHILDREN.items()),
        modes=list(MODES.items()),
        levels=[(level.value, words) for level, words in NEED_LEVELS.items()],
        level_texts=[(NEED_LEVELS[level], text.get(lang(), text["sv"])) for level, text in texts.levels.items()],
        level_owner=texts.owner,
        level_is_reviewed=texts.review.status == "reviewed",
        silent_words={AnswerState.DECLINED: _("Ville inte svara"), AnswerState.UNANSWERED: _("Inte besvarad")},
        goals=goals,
        doers=list(doers.items()),
        reasons=[("", _("Välj")), *_reasons(plan).items()],
        receivers=[("", _("Ingen remiss")), *receivers.items()] if receivers else [],
        codes=[
            (each.code, each.named(lang())) for each in (*team_words.codes().proposed(ASSESSMENT), *plan_codes(plan))
        ],
        kept_at=kept.saved_at if kept else None,
        task_id=task_id,
        may_add=len(sent.rows) < needs_form.MOST_ROWS,
        now=at,
    )


def _reasons(plan: CarePlan) -> dict[str, str]:
    """The points in the pathway, those of this plan with their day, and one's own initiative."""
    days = {event.kind: event.on for event in plan_queries.events(session(), plan.id)}
    own = {OWN_INITIATIVE: _("På eget initiativ, ingen särskild händelse")}
    recorded = {
        kind: _("%(event)s, %(day)s", event=EVENT_WORDS[kind], day=full_day(on))
        for kind, on in sorted(days.items(), key=lambda event: event[1], reverse=True)
        if kind in EVENT_WORDS
    }
    return recorded | {kind: str(words) for kind, words in EVENT_WORDS.items() if kind not in days} | own


def _here(patient_id: UUID) -> str:
    return url_for("staff.needs", patient_id=patient_id, uppgift=request.args.get("uppgift"))


def _task_id() -> UUID | None:
    """The task that the nurse came from, to go back to it."""
    given = request.args.get("uppgift")
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotVisible("task", "") from None


def _level_texts() -> LevelTexts:
    return level_texts(current_app.extensions["settings"].content_path)
