"""A needs page sent after its writer was logged out for want of use: it waits as a draft behind the log-in."""

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from careplan.actions import needs
from careplan.db import session
from careplan.domain.identity import Actor, Capacity
from careplan.queries.needs import active_plan
from careplan.web import access, tablet
from careplan.web.staff.needs_form import to_keep

PAGE = "staff.needs"
# Longer than anybody writes; what is longer is not kept.
MOST = 100_000


def init_app(app: Flask) -> None:
    app.before_request(_keep)


def _keep() -> ResponseReturnValue | None:
    """Before the door is shut. Of a session that is over for good nothing is kept; a stranger has had none."""
    if request.method != "POST" or request.endpoint != PAGE:
        return None
    if current_user.is_authenticated or tablet.is_tablet() or not access.had_session():
        return None
    by = access.ended_lately()
    if by is not None and _is_kept(by):
        flash(_("Du hade blivit utloggad. Inget är sparat än, men allt du skrev finns kvar som ett utkast."))
    else:
        flash(_("Du hade blivit utloggad. Det du skrev är inte sparat."))
    return redirect(url_for("account.login", next=request.full_path.rstrip("?")), 303)


def _is_kept(by: Actor) -> bool:
    db, at = session(), access.now()
    if by.capacity not in (Capacity.CONTACT_NURSE, Capacity.REHABILITATION) or by.practitioner_id is None:
        return False
    content = to_keep(request.form)
    plan = active_plan(db, by, (request.view_args or {})["patient_id"], at=at)
    if plan is None or sum(len(text) for texts in content.values() for text in texts) > MOST:
        return False
    needs.save_draft(db, plan, content, by=by, at=at)
    db.commit()
    return True
