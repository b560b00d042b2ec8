"""A message sent after the writer was logged out for want of use: its text waits behind the log-in."""

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from careplan.actions import audit, unsent
from careplan.db import session
from careplan.domain.messages import clean
from careplan.web import access, tablet
from careplan.web.message_form import MessageForm

PAGES = frozenset({"patient.messages", "patient.thread", "staff.thread", "staff.write"})
LONGEST_PATH = 400


def init_app(app: Flask) -> None:
    app.before_request(_keep)


def _keep() -> ResponseReturnValue | None:
    """Before the door is shut. Of a session that is over for good nothing is kept; a stranger has had none."""
    is_message = request.method == "POST" and request.endpoint in PAGES
    if not is_message or current_user.is_authenticated or tablet.is_tablet() or not access.had_session():
        return None
    by, text, path = access.ended_lately(), clean(request.form.get("text", "")), _path()
    if by is not None and text and len(path) <= LONGEST_PATH:
        db, at = session(), access.now()
        unsent.keep(
            db, person_id=by.person_id, path=path, subject=clean(request.form.get("subject", "")), text=text, at=at
        )
        audit.record(db, "keep-message", by=by, at=at, patient_id=by.patient_id, object_type="message")
        db.commit()
        flash(_("Du hade blivit utloggad. Ditt meddelande är inte skickat. Logga in, så står det kvar."))
    else:
        flash(_("Du hade blivit utloggad. Ditt meddelande är inte skickat."))
    return redirect(url_for("account.login", next=path), 303)


def bring_back(form: MessageForm) -> None:
    """On a page that is opened anew: what was kept of it stands in the field."""
    if request.method != "GET":
        return
    found = unsent.kept(session(), person_id=access.actor().person_id, path=_path(), at=access.now())
    if found is not None:
        form.text.data, form.subject.data = found.text, found.subject
        flash(_("Det du skrev innan du blev utloggad står kvar. Det är inte skickat än."))


def forget() -> None:
    """It is sent now."""
    unsent.drop(session(), person_id=access.actor().person_id, path=_path())


def _path() -> str:
    return request.full_path.rstrip("?")
