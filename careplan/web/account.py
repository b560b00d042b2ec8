"""Logging in and out, settings, and the pages about the service itself."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from careplan.actions import audit
from careplan.actions import login as passwords
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.i18n import languages
from careplan.models import Account
from careplan.web import access, cast, frame
from careplan.web.pages import page

bp = Blueprint("account", __name__)

HOMES = {
    Capacity.PATIENT: "patient.home",
    Capacity.RELATIVE: "patient.home",
    Capacity.CONTACT_NURSE: "staff.worklist",
    Capacity.REHABILITATION: "staff.referrals",
    Capacity.MANAGER: "manage.home",
    Capacity.ADMINISTRATOR: "manage.units",
    Capacity.EDITOR: "edit.home",
}


class LoginForm(FlaskForm):
    username = StringField(
        lazy_gettext("Användarnamn"),
        validators=[InputRequired(lazy_gettext("Skriv ditt användarnamn.")), Length(max=100)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy_gettext("Lösenord"),
        validators=[InputRequired(lazy_gettext("Skriv ditt lösenord.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


@bp.route("/logga-in", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("account.home"))
    form = LoginForm()
    error = None
    if form.validate_on_submit():
        try:
            return _enter(_checked(form))
        except passwords.TooManyAttempts:
            error = _("Det blev för många försök. Vänta 15 minuter och försök igen.")
        except passwords.WrongPassword:
            error = _("Namnet och lösenordet hör inte ihop. Försök igen.")
    shown = cast.groups(current_app) if current_app.config["DEMO"] else None
    body = page("account/login.html", form=form, error=error, demo=shown, eid_url=None)
    return body, 422 if error or form.errors else 200


@bp.post("/logga-in/demo")
def demo_login() -> ResponseReturnValue:
    """One press on a button of the cast. Exists in demo mode only, and only for accounts without a password."""
    if not current_app.config["DEMO"]:
        raise NotFound
    wanted = request.form.get("person", "")
    account = session().scalar(
        sa.select(Account).where(Account.username == wanted, Account.password_hash.is_(None), Account.is_active)
    )
    if account is None:
        raise NotFound
    return _enter(account)


@bp.post("/logga-ut")
def logout() -> ResponseReturnValue:
    audit.record(session(), "log-out", by=access.actor(), at=access.now())
    access.end_session()
    session().commit()
    response = redirect(url_for("account.login"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for(HOMES[access.actor().capacity]))


@bp.route("/installningar", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    language, text_size = request.form.get("language", ""), request.form.get("text_size", "")
    if request.method == "POST" and language in languages() and text_size in frame.TEXT_SIZES:
        frame.save_choice(language=language, text_size=text_size)
        session().commit()
        flash(_("Dina val är sparade."))
        return redirect(url_for("account.settings"), 303)
    return page("account/settings.html", languages=list(languages().items()))


@bp.get("/uppgifter")
def privacy() -> str:
    return page("account/privacy.html")


@bp.get("/tillganglighet")
def accessibility() -> str:
    return page("account/accessibility.html")


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    return "ok", {"Content-Type": "text/plain"}


def _checked(form: LoginForm) -> Account:
    """The account that the form opens. The attempt is kept whatever comes of it."""
    try:
        return passwords.check_password(
            session(),
            username=form.username.data or "",
            password=form.password.data or "",
            address=request.remote_addr or "",
            at=access.now(),
        )
    finally:
        session().commit()


def _enter(account: Account) -> ResponseReturnValue:
    access.start_session(account, access.seat_of(account))
    audit.record(session(), "log-in", by=access.actor(), at=access.now())
    session().commit()
    return redirect(_wanted_page() or url_for("account.home"), 303)


def _wanted_page() -> str | None:
    """Where the visitor was going, when that is a page of ours."""
    target = request.args.get("next", "")
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_ours and not parts.netloc and not parts.scheme else None
