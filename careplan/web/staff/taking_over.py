"""After a handover is accepted: contact confirmed, a question to who sent it, a review, and the way back."""

from datetime import date
from uuid import UUID, uuid4

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import handovers, messages
from careplan.actions import taking_over as actions
from careplan.db import session
from careplan.domain.messages import EmptyMessage, MessageTooLong
from careplan.i18n import day, full_day
from careplan.queries import team
from careplan.web import access
from careplan.web.sentences import sentence_for
from careplan.web.staff import bp
from careplan.web.staff.handovers import LONGEST_WORDS, back_to, gone_on, handover_page, received, senders, wrong_words


@bp.post("/overlamningar/<uuid:handover_id>/kontakt")
def confirm_handover(handover_id: UUID) -> ResponseReturnValue:
    """The receiver has talked with the patient: from now on the responsibility is theirs."""
    found = received(handover_id)
    db, by, at = session(), access.actor(), access.now()
    spoken_on = _date("spoken")
    if spoken_on is None:
        return handover_page(found, {"spoken-day": _("Skriv vilken dag du talade med patienten.")}), 422
    try:
        actions.confirm(db, current_app.extensions["library"], found, spoken_on=spoken_on, by=by, at=at)
    except actions.ContactNotPossible as error:
        return handover_page(found, {"spoken-day": sentence_for(error)}), 422
    except (handovers.HandoverAnswered, handovers.PatientDied, actions.NotAccepted) as error:
        return gone_on(handover_id, error)
    db.commit()
    flash(_("Kontakten är bekräftad. Du ansvarar nu, och %(unit)s ser det.", unit=found.unit.name))
    return back_to(found)


@bp.post("/overlamningar/<uuid:handover_id>/fraga")
def ask_sender(handover_id: UUID) -> ResponseReturnValue:
    """A question to the sender, with a day for the answer."""
    found = received(handover_id)
    db, by, at = session(), access.actor(), access.now()
    contact = senders(found)
    try:
        waits = actions.ask(
            db,
            found,
            text=request.form.get("question", ""),
            subject=_("Fråga om överlämningen"),
            contact=contact,
            key=_key(),
            by=by,
            at=at,
        )
    except (EmptyMessage, MessageTooLong, messages.SentBefore) as error:
        return handover_page(found, {"question": sentence_for(error)}), 422
    db.commit()
    if waits is not None:
        flash(
            _(
                "Frågan är skickad till %(name)s. Svar senast %(day)s.",
                name=contact.answers_name,
                day=day(waits.due_at, at),
            )
        )
    return back_to(found)


@bp.post("/overlamningar/<uuid:handover_id>/uppfoljning")
def book_review(handover_id: UUID) -> ResponseReturnValue:
    """A day to look back: it stands in the unit's list from then on."""
    found = received(handover_id)
    db, by, at = session(), access.actor(), access.now()
    on = _date("review")
    if on is None:
        return handover_page(found, {"review-day": _("Skriv vilken dag.")}), 422
    contact = team.contact_for(db, found.patient_id, found.to_unit_id, at=at)
    try:
        actions.book_review(db, found, on=on, contact=contact, by=by, at=at)
    except (actions.ReviewNotPossible, actions.NotAccepted) as error:
        return handover_page(found, {"review-day": sentence_for(error)}), 422
    db.commit()
    flash(_("Uppföljningen står i er lista %(day)s.", day=full_day(on)))
    return back_to(found)


@bp.post("/overlamningar/<uuid:handover_id>/skicka-tillbaka")
def send_back(handover_id: UUID) -> ResponseReturnValue:
    """On suspicion of relapse: an urgent handover to the unit that the patient came from."""
    found = received(handover_id)
    db, by, at = session(), access.actor(), access.now()
    words = request.form.get("relapse", "").strip()
    if not words or len(words) > LONGEST_WORDS:
        return handover_page(found, {"relapse": wrong_words(words)}), 422
    contact = team.contact_for(db, found.patient_id, found.to_unit_id, at=at)
    try:
        made = actions.send_back(db, found, words=words, contact=contact, key=_key(), by=by, at=at)
    except (handovers.NoReceiver, handovers.OwnUnit, handovers.Blocked, handovers.HandoverOpen) as error:
        return handover_page(found, {"relapse": sentence_for(error)}), 409
    except (handovers.HandoverAnswered, handovers.PatientDied) as error:
        return gone_on(handover_id, error)
    db.commit()
    unit = made.to_unit.name
    flash(_("Skickat till %(unit)s som brådskande. Du ansvarar tills de har talat med patienten.", unit=unit))
    return redirect(url_for("staff.handover", handover_id=made.id), 303)


def _date(name: str) -> date | None:
    try:
        year, month, number = (int(request.form.get(f"{name}-{part}", "")) for part in ("year", "month", "day"))
        return date(year, month, number)
    except ValueError:
        return None


def _key() -> UUID:
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        return uuid4()
