"""The clinic's tablet: a session that is known to a few pages alone. To all others nobody is logged in."""

from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask, Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, login_user

from careplan.actions import kiosk
from careplan.actions.kiosk import Opened
from careplan.db import session as db_session
from careplan.domain.identity import Actor, Capacity
from careplan.models import KioskCode, Unit

# Tells the token of a tablet from that of a log-in.
PREFIX = "tablet."


class Stage(StrEnum):
    """How far the visit has come."""

    CONFIRM = "confirm"
    ANSWER = "answer"
    SENT = "sent"


# The reviewed list of what a tablet reaches, by stage. Whatever else it asks of these leads to the stage's own page.
PAGES = {
    Stage.CONFIRM: frozenset({"kiosk.confirm", "kiosk.leave"}),
    Stage.ANSWER: frozenset(
        {
            "patient.start",
            "patient.answer",
            "patient.instances",
            "patient.call_now",
            "patient.pause",
            "patient.review",
            "kiosk.still_there",
            "kiosk.leave",
        }
    ),
    Stage.SENT: frozenset({"kiosk.receipt", "kiosk.leave"}),
}
KNOWN = frozenset[str]().union(*PAGES.values())

# A tablet that nobody touches asks whether anybody is there, and then closes. The browser moves by itself, without
# JavaScript; what the server believes does not depend on it.
IDLE = timedelta(minutes=10)
ABSOLUTE = timedelta(hours=2)
RECEIPT_SHOWN = timedelta(minutes=2)
ASKS_AFTER = timedelta(minutes=8)
MOVES_ON = {
    "kiosk.confirm": (timedelta(minutes=2), "kiosk.code"),
    "kiosk.still_there": (IDLE - ASKS_AFTER, "kiosk.code"),
    "kiosk.receipt": (RECEIPT_SHOWN, "kiosk.code"),
}
ASKS = (ASKS_AFTER, "kiosk.still_there")

# What a browser may keep of a visit.
CLEARED = '"cache", "cookies", "storage"'


class Visit(UserMixin):
    """Somebody at the tablet with one form, as Flask-Login carries them."""

    def __init__(self, token: str, row: KioskCode, actor: Actor, stage: Stage) -> None:
        self.token = token
        self.row = row
        self.actor = actor
        self.stage = stage

    def get_id(self) -> str:
        return PREFIX + self.token

    @property
    def language(self) -> str:
        """What was chosen on this tablet for this visit, else the patient's own."""
        chosen: str = session.get("language") or self.row.request.patient.person.language
        return chosen

    @property
    def text_size(self) -> str:
        chosen: str = session.get("text_size", "large")
        return chosen


def init_app(app: Flask) -> None:
    app.after_request(_move_on)


def present() -> Visit | None:
    """The visit whose page this is; None on all pages that a tablet does not reach."""
    found: Visit | None = g.get("tablet_visit")
    return found


def load(user_id: str, *, at: datetime) -> Visit | None:
    """The visit of this browser, where the page asked for is one of its own and its time is not over."""
    if request.endpoint not in KNOWN:
        return None
    token = user_id.removeprefix(PREFIX)
    row = kiosk.session_of(db_session(), token)
    if row is None or _is_over(row, at):
        return None
    if request.endpoint != "kiosk.still_there" or request.method == "POST":
        row.last_seen_at = at
    return _visit(token, row)


def begin(opened: Opened, *, at: datetime) -> None:
    """A session of its own: whoever was logged in here is not any more, and nothing is kept but how pages look."""
    kept = {name: session[name] for name in ("language", "text_size") if name in session}
    end(at=at)
    session.update(kept)
    settle()
    login_user(_visit(opened.token, opened.code))


def settle() -> None:
    """This browser is a tablet: who is not logged in comes to the page for the code, until somebody logs in."""
    session["is_tablet"] = True


def is_tablet() -> bool:
    return bool(session.get("is_tablet"))


def is_here() -> bool:
    """Whether this browser holds the token of a visit, over or not."""
    return str(session.get("_user_id", "")).startswith(PREFIX)


def end(*, at: datetime) -> None:
    """Nothing is open on this tablet any more, whatever its browser still holds."""
    if is_here():
        kiosk.leave(db_session(), str(session["_user_id"]).removeprefix(PREFIX), at=at)
    session.clear()


def cleared(response: Response) -> Response:
    """The answer after which the browser holds nothing of the visit."""
    response.headers["Clear-Site-Data"] = CLEARED
    return response


def led_back(visit: Visit) -> ResponseReturnValue | None:
    """To the stage's own page, where this one belongs to another stage."""
    if request.endpoint in PAGES[visit.stage]:
        return None
    match visit.stage:
        case Stage.CONFIRM:
            return redirect(url_for("kiosk.confirm"), 303)
        case Stage.ANSWER:
            return redirect(url_for("patient.start", request_id=visit.row.request_id), 303)
        case Stage.SENT:
            return redirect(url_for("kiosk.receipt"), 303)


def _is_over(row: KioskCode, at: datetime) -> bool:
    if row.used_at is None or row.last_seen_at is None:
        return True
    if row.ended_at is not None:
        return at - row.ended_at > RECEIPT_SHOWN
    return at - row.last_seen_at > IDLE or at - row.used_at > ABSOLUTE


def _visit(token: str, row: KioskCode) -> Visit:
    visit = Visit(token, row, _actor(row), _stage(row))
    g.tablet_visit = visit
    return visit


def _stage(row: KioskCode) -> Stage:
    if row.ended_at is not None or row.request.status == "completed":
        return Stage.SENT
    return Stage.ANSWER if row.confirmed_at is not None else Stage.CONFIRM


def _actor(row: KioskCode) -> Actor:
    """The patient, at the unit's tablet, with one form."""
    asked = row.request
    unit = db_session().get_one(Unit, asked.unit_id)
    return Actor(
        person_id=asked.patient.person_id,
        capacity=Capacity.PATIENT,
        name=asked.patient.person.name,
        unit_id=unit.id,
        unit_name=unit.name,
        patient_id=asked.patient_id,
        only_request_id=asked.id,
    )


def _move_on(response: Response) -> Response:
    if present() is not None and response.mimetype == "text/html" and not response.location:
        after, endpoint = MOVES_ON.get(request.endpoint or "", ASKS)
        response.headers["Refresh"] = f"{int(after.total_seconds())}; url={url_for(endpoint)}"
    return response
