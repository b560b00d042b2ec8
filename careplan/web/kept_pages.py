"""Pages kept as drafts: when their writer asks for it, and when they come after the writer had been logged out."""

from collections.abc import Mapping

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from careplan.actions import kept_pages
from careplan.db import session
from careplan.domain.identity import Actor, Capacity
from careplan.models import CarePlan
from careplan.models.kept import HANDOVER, NEEDS
from careplan.queries.needs import active_plan
from careplan.web import access, tablet

PAGES = {"staff.needs": NEEDS, "staff.hand_over": HANDOVER}
# What is a button or the page's own, and nothing that somebody wrote.
NOT_KEPT = frozenset({"csrf_token", "key", "draft", "drop", "add", "more"})
# Longer than anybody writes; what is longer is not kept.
MOST = 100_000


def content_of(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """What is kept of a page: name of the field -> what was typed."""
    return {name: sent.getlist(name) for name in sent if name not in NOT_KEPT}


def as_sent(content: Mapping[str, list[str]]) -> MultiDict[str, str]:
    """The page as it would be sent."""
    return MultiDict((name, value) for name, values in content.items() for value in values)


def keep_or_drop(plan: CarePlan, name: str) -> None:
    """Keep the page for later, or throw away what was kept. Nobody else sees it."""
    db, by, at = session(), access.actor(), access.now()
    if "drop" in request.form:
        kept_pages.drop(db, plan, name, by=by)
        flash(_("Utkastet är borta."))
    else:
        kept_pages.keep(db, plan, name, content_of(request.form), by=by, at=at)
        flash(_("Utkastet är sparat. Bara du ser det."))
    db.commit()


def init_app(app: Flask) -> None:
    app.before_request(_keep)


def _keep() -> ResponseReturnValue | None:
    """Before the door is shut. Of a session that is over for good nothing is kept; a stranger has had none."""
    if request.method != "POST" or request.endpoint not in PAGES:
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
    content = content_of(request.form)
    plan = active_plan(db, by, (request.view_args or {})["patient_id"], at=at)
    if plan is None or sum(len(text) for texts in content.values() for text in texts) > MOST:
        return False
    kept_pages.keep(db, plan, PAGES[request.endpoint or ""], content, by=by, at=at)
    db.commit()
    return True
