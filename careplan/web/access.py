"""Who is asking: from the browser's session to an Actor. Every route is closed by default."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import NotFound

from careplan.db import session as db_session
from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.models import Account, LoginSession, Membership, Patient, Practitioner, Share
from careplan.web import tablet

# The reviewed list of what anyone may reach.
PUBLIC = frozenset(
    {
        "static",
        "account.login",
        "account.demo_login",
        "account.settings",
        "account.privacy",
        "account.accessibility",
        "account.health",
        "kiosk.code",
    }
)

# Which capacities each blueprint is for; within it, queries/access.py decides object by object.
ROOMS = {
    "account": frozenset(Capacity) - {Capacity.SYSTEM},
    "patient": frozenset({Capacity.PATIENT, Capacity.RELATIVE}),
    "staff": CLINICAL,
    "documents": CLINICAL | {Capacity.PATIENT, Capacity.RELATIVE},
    "manage": frozenset({Capacity.MANAGER, Capacity.ADMINISTRATOR}),
    "edit": frozenset({Capacity.EDITOR}),
    "kiosk": frozenset(),  # a tablet's session alone: tablet.PAGES
}

IDLE = {True: timedelta(minutes=15), False: timedelta(minutes=30)}  # staff, patients and relatives
ABSOLUTE = {True: timedelta(hours=10), False: timedelta(hours=12)}
SEEN_EVERY = timedelta(seconds=60)


class Visitor(UserMixin):
    """Someone logged in, as Flask-Login carries them; its id is the session's secret token."""

    def __init__(self, token: str, row: LoginSession, actor: Actor) -> None:
        self.token = token
        self.row = row
        self.actor = actor

    def get_id(self) -> str:
        return self.token

    @property
    def language(self) -> str:
        return self.row.account.person.language

    @property
    def text_size(self) -> str:
        return self.row.account.text_size


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the server-side row decides
    manager.user_loader(_load)
    app.before_request(_close_by_default)
    tablet.init_app(app)


def now() -> datetime:
    """The request's one instant: all that happens in it happens then."""
    if "now" not in g:
        g.now = current_app.extensions["clock"]()
    instant: datetime = g.now
    return instant


def actor() -> Actor:
    """The one who acts in this request."""
    found: Actor = current_user.actor
    return found


def start_session(account: Account, membership: Membership | None) -> None:
    """Log in: a new id, and nothing kept from before."""
    tablet.end(at=now())
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        token_hash=_hashed(token),
        account_id=account.id,
        membership_id=membership.id if membership else None,
        created_at=now(),
        last_seen_at=now(),
    )
    db_session().add(row)
    row.account, row.membership = account, membership
    db_session().flush()
    login_user(Visitor(token, row, _actor(row)))


def end_session() -> None:
    """Log out: the row is revoked, so that a copied cookie is worth nothing."""
    current_user.row.revoked_at = now()
    logout_user()
    session.clear()


def had_session() -> bool:
    """Whether somebody has been logged in at this browser, and has not logged out."""
    return "_user_id" in session


def ended_lately() -> Actor | None:
    """Whose session has ended for want of use today; nobody's who has logged out, or has no seat or account now."""
    token = session.get("_user_id", "")
    row = db_session().scalar(sa.select(LoginSession).where(LoginSession.token_hash == _hashed(token)))
    if row is None or row.revoked_at is not None or not row.account.is_active:
        return None
    seat = row.membership
    has_left = seat is not None and seat.to_on is not None and seat.to_on < now().date()
    return None if has_left or now() - row.last_seen_at > ABSOLUTE[seat is not None] else _actor(row)


def seat_of(account: Account) -> Membership | None:
    """The present seat of a person who works in care; None for patients and relatives."""
    today = now().date()
    return db_session().scalar(
        sa.select(Membership)
        .join(Practitioner, Practitioner.id == Membership.practitioner_id)
        .where(
            Practitioner.person_id == account.person_id,
            Membership.from_on <= today,
            sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
        )
        .order_by(Membership.from_on)
        .limit(1)
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _load(token: str) -> Visitor | tablet.Visit | None:
    if token.startswith(tablet.PREFIX):
        return tablet.load(token, at=now())
    db = db_session()
    row = db.scalar(sa.select(LoginSession).where(LoginSession.token_hash == _hashed(token)))
    if row is None or row.revoked_at is not None or not row.account.is_active:
        return None
    is_staff = row.membership is not None
    if now() - row.last_seen_at > IDLE[is_staff] or now() - row.created_at > ABSOLUTE[is_staff]:
        return None
    if row.membership is not None and row.membership.to_on is not None and row.membership.to_on < now().date():
        return None  # a seat that ended ends its sessions, too
    if now() - row.last_seen_at > SEEN_EVERY:
        row.last_seen_at = now()
    return Visitor(token, row, _actor(row))


def _actor(row: LoginSession) -> Actor:
    person, seat = row.account.person, row.membership
    if seat is not None:
        return Actor(
            person_id=person.id,
            capacity=seat.role,
            name=person.name,
            unit_id=seat.unit_id,
            unit_name=seat.unit.name,
            practitioner_id=seat.practitioner_id,
        )
    db = db_session()
    patient_id = db.scalar(sa.select(Patient.id).where(Patient.person_id == person.id))
    if patient_id is not None:
        return Actor(person_id=person.id, capacity=Capacity.PATIENT, name=person.name, patient_id=patient_id)
    helped = db.scalar(
        sa.select(Share.patient_id)
        .where(Share.person_id == person.id, sa.or_(Share.to_at.is_(None), Share.to_at > now()))
        .order_by(Share.from_at)
        .limit(1)
    )
    return Actor(person_id=person.id, capacity=Capacity.RELATIVE, name=person.name, patient_id=helped)


def _close_by_default() -> ResponseReturnValue | None:
    if request.endpoint in PUBLIC:
        return None
    visit = tablet.present()
    if visit is not None:
        return tablet.led_back(visit)
    if not current_user.is_authenticated:
        if tablet.is_tablet():
            is_over = tablet.is_here() and request.endpoint in tablet.KNOWN
            return redirect(url_for("kiosk.code", slut="tid" if is_over else None))
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.login", next=target))
    if request.endpoint is None:
        return None  # no such address: the router answers 404 itself
    if actor().capacity not in ROOMS[request.endpoint.partition(".")[0]]:
        g.denied = ("page", request.endpoint)
        raise NotFound
    return None
