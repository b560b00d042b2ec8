"""The clinic's tablet: the page for the code, who it is for, and the end, after which nothing is left."""

import re
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from careplan.actions import audit, kiosk
from careplan.actions.login import TooManyAttempts
from careplan.db import session
from careplan.i18n import speak
from careplan.queries import answers as answer_queries
from careplan.queries.team import contact_for
from careplan.web import access, tablet
from careplan.web.pages import page
from careplan.web.sentences import sentence_for

bp = Blueprint("kiosk", __name__, url_prefix="/surfplatta")

# Why a visit ended, as the page for the code is told in its address.
LEFT, NOT_ME = "lamnad", "fel-person"
FAREWELL = 60  # seconds


@bp.route("", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Eight digits, and nothing of anybody. Whoever comes here starts anew: what went on before is over."""
    if tablet.is_here() and request.method == "GET":
        return _ended(request.args.get("slut"))
    digits, error = "", ""
    if request.method == "POST":
        digits = re.sub(r"[\s\u2010-\u2013-]", "", request.form.get("code", ""))
        try:
            opened = kiosk.enter(session(), digits=digits, address=request.remote_addr or "", at=access.now())
        except (kiosk.InvalidCode, TooManyAttempts) as fault:
            error = sentence_for(fault)
        else:
            return _begun(opened)
    tablet.settle()
    logged_in = access.actor().name if current_user.is_authenticated else ""
    why = request.args.get("slut")
    body = page("kiosk/code.html", digits=digits, error=error, why=why, logged_in=logged_in)
    # What was said to the one who left is not for the next.
    headers = {"Refresh": f"{FAREWELL}; url={url_for('kiosk.code')}"} if why and not error else {}
    return body, 422 if error else 200, headers


@bp.route("/vem", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Is it the right person who has the tablet? A first name, and nothing more."""
    visit = _visit()
    if request.method == "POST":
        kiosk.confirm(session(), visit.row, at=access.now())
        session().commit()
        return redirect(url_for("patient.start", request_id=visit.row.request_id), 303)
    return page("kiosk/confirm.html", name=visit.row.request.patient.person.given_name, not_me=NOT_ME)


@bp.route("/kvar", methods=["GET", "POST"])
def still_there() -> ResponseReturnValue:
    """Asked when nothing has happened for a while. To see the question is not to be there."""
    if request.method == "POST":
        session().commit()
        return redirect(url_for("patient.start", request_id=_visit().row.request_id), 303)
    return page("kiosk/still_there.html", minutes=int((tablet.IDLE - tablet.ASKS_AFTER).total_seconds() / 60))


@bp.get("/klart")
def receipt() -> str:
    """It is stored: who reads it and by when. No answer is shown."""
    db, by, at = session(), access.actor(), access.now()
    visit = _visit()
    response = answer_queries.get_receipt_for(db, by, _sent(visit), at=at)
    sent = answer_queries.sent(db, response)
    speak(sent.questionnaire.language_for(response.lang))
    audit.record(
        db,
        "read-receipt",
        by=by,
        at=at,
        patient_id=response.patient_id,
        object_type="response",
        object_id=response.id,
    )
    return page(
        "kiosk/receipt.html",
        sent=sent,
        is_from_here=visit.row.ended_at is not None,
        contact=contact_for(db, response.patient_id, response.unit_id, at=at),
        minutes=int(tablet.RECEIPT_SHOWN.total_seconds() / 60),
        now=at,
    )


@bp.post("/avsluta")
def leave() -> ResponseReturnValue:
    """Give the tablet back, at any time. What was answered is saved."""
    return _ended(NOT_ME if request.form.get("slut") == NOT_ME else LEFT)


def _begun(opened: kiosk.Opened) -> ResponseReturnValue:
    """Whoever was logged in on this tablet, or answered on it, is not any more."""
    db, at = session(), access.now()
    if current_user.is_authenticated:
        audit.record(db, "log-out", by=access.actor(), at=at)
        access.end_session()
    tablet.begin(opened, at=at)
    by = access.actor()
    audit.record(
        db,
        "enter-kiosk-code",
        by=by,
        at=at,
        patient_id=by.patient_id,
        object_type="request",
        object_id=opened.code.request_id,
    )
    db.commit()
    return redirect(url_for("kiosk.confirm"), 303)


def _ended(why: str | None) -> ResponseReturnValue:
    tablet.end(at=access.now())
    session().commit()
    return tablet.cleared(redirect(url_for("kiosk.code", slut=why), 303))


def _visit() -> tablet.Visit:
    """The gate lets nobody else to these pages."""
    found = tablet.present()
    if found is None:
        raise NotFound
    return found


def _sent(visit: tablet.Visit) -> UUID:
    draft = visit.row.request.draft
    found = answer_queries.response_of(session(), draft.id) if draft else None
    if found is None:
        raise NotFound
    return found
