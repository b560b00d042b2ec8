"""Active handover: sent by one unit, opened, answered and confirmed by another."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from careplan import pdf as printer
from careplan.actions import audit, kept_pages
from careplan.actions import handovers as actions
from careplan.db import session
from careplan.domain.errors import CareplanError
from careplan.domain.handovers import PARTS, LongerThanAPage, PartMissing, PartTooLong
from careplan.i18n import lang, local
from careplan.library import Library
from careplan.library.professions import professions
from careplan.models import CarePlan, Handover, Patient, TreatmentSummary, Unit
from careplan.models.kept import HANDOVER
from careplan.queries import handovers as queries
from careplan.queries import needs, team
from careplan.queries import patients as unit_patients
from careplan.queries import treatment_summary as summaries
from careplan.queries.access import get_handover_for, get_patient_for
from careplan.queries.kept_pages import kept_page
from careplan.web import access, handover_words
from careplan.web.kept_pages import as_sent, keep_or_drop
from careplan.web.labels import AREAS, NEED_LEVELS
from careplan.web.pages import page
from careplan.web.sentences import SENTENCES, sentence_for
from careplan.web.staff import bp
from careplan.web.staff.patients import planners_only
from careplan.web.staff.treatment_summary import proposed_parts

LONGEST_WORDS = 500
# What the sender has to correct in a part of the text.
IN_PART = (PartMissing, PartTooLong)


@bp.route("/patienter/<uuid:patient_id>/lamna-over", methods=["GET", "POST"])
def hand_over(patient_id: UUID) -> ResponseReturnValue:
    """Start a handover: to whom, why, and the four parts as the plan proposes them."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    plan = unit_patients.open_plan(db, by, patient.id, at=at)
    if plan is None or plan.status != "active":
        flash(_("Signera vårdplanen först. Det är planen som lämnas över."))
        return redirect(url_for("staff.patient", patient_id=patient.id), 303)
    signed = summaries.of_patient(db, by, patient.id, at=at)
    if request.method == "GET":
        kept = kept_page(db, by, plan, HANDOVER)
        typed = as_sent(kept.content) if kept else MultiDict(_proposed(patient, plan, signed))
        return _write(patient, plan, typed, {})
    if "draft" in request.form or "drop" in request.form:
        keep_or_drop(plan, HANDOVER)
        return redirect(url_for("staff.hand_over", patient_id=patient.id), 303)
    to = db.get(Unit, _uuid(request.form.get("to", "")))
    parts = {part: request.form.get(part, "") for part in PARTS}
    if to is None:
        return _write(patient, plan, request.form, {"to": _("Välj vart patienten ska.")}), 422
    if request.form.get("reason") not in handover_words.REASONS:
        return _write(patient, plan, request.form, {"reason": _("Välj varför.")}), 422
    try:
        made = actions.request(
            db,
            plan,
            to=to,
            reason=request.form["reason"],
            parts=parts,
            summary=signed.content if signed else None,
            contact=team.contact_for(db, patient.id, plan.unit_id, at=at),
            key=_uuid(request.form.get("key", "")),
            by=by,
            at=at,
        )
    except IN_PART as error:
        return _write(patient, plan, request.form, {error.part: sentence_for(error)}), 422
    except LongerThanAPage as error:
        longest = max(PARTS, key=lambda part: len(parts[part]))
        return _write(patient, plan, request.form, {longest: sentence_for(error)}), 422
    except (actions.NoReceiver, actions.OwnUnit, actions.Blocked, actions.HandoverOpen) as error:
        return _write(patient, plan, request.form, {"to": sentence_for(error)}), SENTENCES[type(error)](error)[0]
    kept_pages.drop(db, plan, HANDOVER, by=by)
    db.commit()
    flash(_("Överlämningen är skickad till %(unit)s. Du ansvarar tills de har talat med patienten.", unit=to.name))
    return redirect(url_for("staff.handover", handover_id=made.id), 303)


@bp.get("/overlamningar/<uuid:handover_id>")
def handover(handover_id: UUID) -> str:
    """One handover: its text, what is open in the plan, who reads the next form, and what there is to do."""
    return handover_page(get_handover_for(session(), access.actor(), handover_id, at=access.now()))


@bp.get("/overlamningar/<uuid:handover_id>.pdf")
def handover_pdf(handover_id: UUID) -> ResponseReturnValue:
    """The same on one A4. What is read is logged and stored before the slow work begins."""
    db, by, at = session(), access.actor(), access.now()
    found = get_handover_for(db, by, handover_id, at=at)
    html = handover_words.document(found, team.contact_for(db, found.patient_id, found.unit_id, at=at))
    _log("print-handover", found)
    db.commit()
    answer = Response(printer.render(html), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=_("overlamning.pdf"))
    return answer


@bp.post("/overlamningar/<uuid:handover_id>/ta-emot")
def accept_handover(handover_id: UUID) -> ResponseReturnValue:
    """Take it on. The sender stays responsible until the patient has been spoken to."""
    found = received(handover_id)
    db, by, at = session(), access.actor(), access.now()
    try:
        actions.accept(db, found, contact=senders(found), by=by, at=at)
    except (actions.HandoverAnswered, actions.PatientDied) as error:
        return gone_on(handover_id, error)
    db.commit()
    flash(_("Du har tagit emot överlämningen. Ring patienten, och bekräfta sedan kontakten här."))
    return back_to(found)


@bp.post("/overlamningar/<uuid:handover_id>/tacka-nej")
def decline_handover(handover_id: UUID) -> ResponseReturnValue:
    """Say no with a reason: a task of the sender."""
    found = received(handover_id)
    db, by, at = session(), access.actor(), access.now()
    words = request.form.get("decline", "").strip()
    if not words or len(words) > LONGEST_WORDS:
        return handover_page(found, {"decline": wrong_words(words)}), 422
    contact = senders(found)
    try:
        actions.decline(db, found, words=words, contact=contact, by=by, at=at)
    except actions.HandoverAnswered as error:
        return gone_on(handover_id, error)
    db.commit()
    flash(_("Du har tackat nej. %(name)s ser varför.", name=contact.answers_name))
    return redirect(url_for("staff.worklist"), 303)


@bp.post("/overlamningar/<uuid:handover_id>/ta-tillbaka")
def revoke_handover(handover_id: UUID) -> ResponseReturnValue:
    """The sender takes it back."""
    found = _sent(handover_id)
    db, by, at = session(), access.actor(), access.now()
    words = request.form.get("revoke", "").strip()
    if not words or len(words) > LONGEST_WORDS:
        return handover_page(found, {"revoke": wrong_words(words)}), 422
    try:
        actions.revoke(db, found, words=words, by=by, at=at)
    except actions.HandoverAnswered as error:
        return gone_on(handover_id, error)
    db.commit()
    flash(_("Överlämningen är tillbakatagen. Patienten är kvar hos er."))
    return back_to(found)


@bp.post("/overlamningar/<uuid:handover_id>/behall")
def keep_patient(handover_id: UUID) -> ResponseReturnValue:
    """The sender has read why it was declined."""
    found = _sent(handover_id)
    try:
        actions.keep(session(), found, by=access.actor(), at=access.now())
    except actions.HandoverAnswered as error:
        return gone_on(handover_id, error)
    session().commit()
    flash(_("Klart. Patienten är kvar hos er."))
    return redirect(url_for("staff.worklist"), 303)


def received(handover_id: UUID) -> Handover:
    """One that this unit answers."""
    found = get_handover_for(session(), access.actor(), handover_id, at=access.now())
    if found.to_unit_id != access.actor().unit_id:
        raise NotFound
    return found


def senders(found: Handover) -> team.Contact:
    """Who answers at the unit that sends."""
    return team.contact_for(session(), found.patient_id, found.unit_id, at=access.now())


def gone_on(handover_id: UUID, error: CareplanError) -> ResponseReturnValue:
    session().rollback()
    flash(sentence_for(error))
    return redirect(url_for("staff.handover", handover_id=handover_id), 303)


def back_to(found: Handover) -> ResponseReturnValue:
    return redirect(url_for("staff.handover", handover_id=found.id), 303)


def wrong_words(words: str) -> str:
    return _("Skriv högst %(most)s tecken.", most=LONGEST_WORDS) if words else _("Skriv varför.")


def handover_page(found: Handover, errors: Mapping[str, str] | None = None) -> str:
    """`errors`: of a form on the page that was sent and has something to correct."""
    db, by, at = session(), access.actor(), access.now()
    patient = db.get_one(Patient, found.patient_id)
    is_alive = queries.is_alive_to(db, by, found, at=at)
    _log("read-handover", found)
    return page(
        "staff/handover.html",
        handover=found,
        patient=patient,
        person=patient.person,
        sender=found.requested_by.name,
        from_unit=found.unit,
        to_unit=found.to_unit,
        answered_by=found.answered_by.name if found.answered_by else "",
        confirmed_by=found.confirmed_by.name if found.confirmed_by else "",
        rows=handover_words.rows(found),
        copied=handover_words.plain(found),
        reason=handover_words.REASONS[found.reason],
        status=handover_words.STATUSES[found.status],
        now_open=queries.standing(db, by, found, at=at) if is_alive else None,
        titles={each.id: each.title.get(lang()) or each.title["sv"] for each in _library().questionnaires.values()},
        is_receiver=found.to_unit_id == by.unit_id,
        is_in_care=is_alive and (found.to_unit_id != by.unit_id or found.status == "completed"),
        area_words=AREAS,
        level_words=NEED_LEVELS,
        today=local(at).date(),
        key=uuid4(),
        sent=request.form,
        errors=errors or {},
        longest=LONGEST_WORDS,
        now=at,
    )


def _sent(handover_id: UUID) -> Handover:
    """One that this unit has sent."""
    found = get_handover_for(session(), access.actor(), handover_id, at=access.now())
    if found.unit_id != access.actor().unit_id:
        raise NotFound
    return found


def _write(patient: Patient, plan: CarePlan, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    db, by, at = session(), access.actor(), access.now()
    audit.record(db, "write-handover", by=by, at=at, patient_id=patient.id, object_type="plan", object_id=plan.id)
    receivers = [
        (str(each.id), f"{each.name}, {each.provider}") for each in queries.receivers(db, access.actor(), at=at)
    ]
    kept = kept_page(db, by, plan, HANDOVER)
    return page(
        "staff/hand_over.html",
        patient=patient,
        kept_at=kept.saved_at if kept else None,
        now=at,
        names=PARTS,
        labels=handover_words.LABELS,
        hints=handover_words.HINTS,
        reasons=list(handover_words.REASONS.items()),
        receivers=[("", _("Välj")), *receivers],
        summary=summaries.of_patient(db, by, patient.id, at=at),
        plan=plan,
        key=request.form.get("key") or uuid4(),
        sent=sent,
        errors=errors,
        days=plan.unit.times.handover_days,
    )


def _proposed(patient: Patient, plan: CarePlan, signed: TreatmentSummary | None) -> dict[str, str]:
    db, by, at = session(), access.actor(), access.now()
    work, sent = queries.open_work(db, by, patient.id, at=at)
    known = professions(current_app.extensions["settings"].content_path)
    return handover_words.proposal(
        patient,
        proposed_parts(plan),
        signed.content["parts"] if signed else {},
        needs=needs.needs_of(db, by, patient.id, at=at, lang=lang()),
        goals=needs.goals_of_plan(db, plan.id),
        work=work,
        referrals=sent,
        professions={each.profession: known.named(each.profession, lang()) for each in sent},
        contact=team.contact_for(db, patient.id, plan.unit_id, at=at),
    )


def _log(action: str, found: Handover) -> None:
    audit.record(
        session(),
        action,
        by=access.actor(),
        at=access.now(),
        patient_id=found.patient_id,
        object_type="handover",
        object_id=found.id,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
