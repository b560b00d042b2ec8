"""What stands around every page: language, text size, tabs, and whom to ring when it is urgent.

Fetched before the view, so that nothing is asked of the database once rendering has begun.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, request, session
from flask_babel import gettext as _
from flask_login import current_user

from careplan.db import session as db_session
from careplan.domain.identity import Actor, Capacity
from careplan.domain.team import hours_in_words
from careplan.domain.worktime import OpeningHours
from careplan.i18n import lang, languages, upper_first
from careplan.models import CareTeamMember, Person, Unit
from careplan.queries.access import scopes_of
from careplan.web import access, tablet

TEXT_SIZES = ("normal", "large")


@dataclass(frozen=True, slots=True)
class Emergency:
    """The patient's own unit, for the numbers at the foot of each page."""

    unit_name: str
    unit_phone: str
    hours: OpeningHours

    @property
    def hours_text(self) -> str:
        """In the language that the page turns out to be in."""
        return upper_first(hours_in_words(self.hours, lang()))


def init_app(app: Flask) -> None:
    app.before_request(_prepare)
    app.context_processor(_context)


def _prepare() -> None:
    if request.endpoint == "static":
        return
    signed_in = current_user.is_authenticated
    g.language = current_user.language if signed_in else session.get("language") or _browser_language()
    g.text_size = current_user.text_size if signed_in else session.get("text_size", _usual_text_size())
    g.frame_actor = access.actor() if signed_in else None
    g.emergency = _emergency(g.frame_actor) if signed_in else None


def _context() -> dict[str, Any]:
    actor = g.get("frame_actor")
    return {
        "actor": actor,
        "seat": actor.unit_name if actor else "",
        "text_size": g.get("text_size", "normal"),
        "emergency": g.get("emergency"),
        "nav_items": _tabs(actor) if actor else [],
        "on_tablet": request.blueprint == "kiosk" or tablet.present() is not None,
        "may_leave": tablet.present() is not None,
        "active": ACTIVE.get(request.endpoint or "", ""),
    }


# Which tab a page stands under, where it is not a tab itself.
ACTIVE = {
    "patient.home": "patient.home",
    "patient.plan": "patient.plan",
    "patient.chapter": "patient.plan",
    "patient.rehabilitation": "patient.plan",
    "patient.rehabilitation_version": "patient.plan",
    "patient.reply_rehabilitation": "patient.plan",
    "patient.report": "patient.plan",
    "patient.timeline": "patient.home",
    "patient.own_event": "patient.home",
    "patient.notes": "patient.home",
    "patient.note": "patient.home",
    "patient.contact": "patient.home",
    "patient.wish": "patient.home",
    "patient.invitation": "patient.home",
    "patient.share_parts": "patient.sharing",
    "patient.resources": "patient.resources",
    "documents.show": "patient.plan",
    "patient.trends": "patient.trends",
    "patient.response": "patient.trends",
    "patient.receipt": "patient.trends",
    "patient.rest": "patient.home",
    "patient.messages": "patient.messages",
    "patient.thread": "patient.messages",
    "patient.sharing": "patient.sharing",
    "staff.worklist": "staff.worklist",
    "staff.acknowledge": "staff.worklist",
    "staff.absences": "staff.absences",
    "staff.absence": "staff.absences",
    "staff.case": "staff.worklist",
    "staff.goal_review": "staff.worklist",
    "staff.referrals": "staff.referrals",
    "staff.referral": "staff.referrals",
    "staff.accept_referral": "staff.referrals",
    "staff.return_referral": "staff.referrals",
    "staff.close_referral": "staff.referrals",
    "staff.withdraw_referral": "staff.referrals",
    "staff.reviews": "staff.reviews",
    "staff.goal": "staff.patients",
    "staff.pick_exercises": "staff.patients",
    "staff.rehabilitation": "staff.patients",
    "staff.messages": "staff.messages",
    "staff.thread": "staff.messages",
    "staff.close_thread": "staff.messages",
    "staff.letters": "staff.letters",
    "staff.patients": "staff.patients",
    "staff.handover": "staff.worklist",
    "staff.hand_over": "staff.patients",
    "patient.blocks": "patient.sharing",
    "staff.write": "staff.patients",
    "staff.register": "staff.patients",
    "staff.patient": "staff.patients",
    "staff.plan_edit": "staff.patients",
    "staff.plan_preview": "staff.patients",
    "staff.own_chapter": "staff.patients",
    "staff.template_changes": "staff.patients",
    "staff.template_change": "staff.patients",
    "staff.treatment_summary": "staff.patients",
    "staff.needs": "staff.patients",
    "staff.offers": "staff.patients",
    "staff.death": "staff.patients",
    "staff.resources": "staff.patients",
    "staff.trends": "staff.patients",
    "staff.prepare": "staff.patients",
    "manage.home": "manage.home",
    "manage.staff": "manage.staff",
    "manage.hire": "manage.staff",
    "manage.seat": "manage.staff",
    "manage.settings": "manage.home",
    "manage.provider_list": "manage.home",
    "manage.unit": "manage.units",
    "manage.absences": "manage.absences",
    "manage.absence": "manage.absences",
    "manage.experience": "manage.experience",
    "manage.licences": "manage.licences",
    "manage.figures": "manage.figures",
    "manage.trace": "manage.figures",
    "manage.rules": "manage.rules",
    "manage.rules_edit": "manage.rules",
    "manage.rules_trial": "manage.rules",
    "manage.rules_proposal": "manage.rules",
    "manage.facts": "manage.facts",
    "manage.units": "manage.units",
    "manage.accounts": "manage.accounts",
    "edit.home": "edit.home",
    "edit.plan": "edit.home",
    "edit.chapter": "edit.home",
    "edit.questionnaire": "edit.home",
    "edit.text": "edit.home",
    "edit.write": "edit.home",
    "edit.review": "edit.home",
    "edit.findings": "edit.findings",
}


def _tabs(actor: Actor) -> list[tuple[str, str, int | None]]:
    if actor.only_request_id is not None:
        return []
    match actor.capacity:
        case Capacity.PATIENT:
            return [
                ("patient.home", _("Hem"), None),
                ("patient.plan", _("Min plan"), None),
                ("patient.trends", _("Svar"), None),
                ("patient.messages", _("Meddelanden"), None),
                ("patient.sharing", _("Dela"), None),
            ]
        case Capacity.RELATIVE:
            return [("patient.home", _("Hem"), None), *_shared_tabs(actor), ("patient.resources", _("Stöd"), None)]
        case Capacity.CONTACT_NURSE | Capacity.REHABILITATION:
            tabs = [
                ("staff.worklist", _("Arbetslista"), None),
                ("staff.patients", _("Patienter"), None),
                ("staff.absences", _("Frånvaro"), None),
                ("staff.messages", _("Meddelanden"), None),
            ]
            if actor.capacity is Capacity.CONTACT_NURSE:
                return [*tabs, ("staff.letters", _("Brev"), None)]
            return [("staff.referrals", _("Remisser"), None), *tabs, ("staff.reviews", _("Uppföljningar"), None)]
        case Capacity.MANAGER:
            return [
                ("manage.home", _("Läget"), None),
                ("manage.staff", _("Personal"), None),
                ("manage.absences", _("Frånvaro"), None),
                ("manage.experience", _("Upplevelse"), None),
                ("manage.figures", _("Mått"), None),
                ("manage.rules", _("Gränser"), None),
                ("manage.licences", _("Licenser"), None),
                ("manage.facts", _("Om mottagningen"), None),
            ]
        case Capacity.ADMINISTRATOR:
            return [("manage.units", _("Enheter"), None), ("manage.accounts", _("Konton"), None)]
        case Capacity.EDITOR:
            return [("edit.home", _("Innehåll"), None), ("edit.findings", _("Anmärkningar"), None)]
    return []


def _shared_tabs(actor: Actor) -> list[tuple[str, str, int | None]]:
    tabs = {
        "plan": ("patient.plan", _("Planen"), None),
        "answers": ("patient.trends", _("Svar"), None),
        "messages": ("patient.messages", _("Meddelanden"), None),
    }
    return [tab for scope, tab in tabs.items() if scope in g.get("scopes", frozenset())]


def _emergency(actor: Actor) -> Emergency | None:
    if actor.patient_id is None:
        return None
    if actor.capacity is Capacity.RELATIVE:
        g.scopes = scopes_of(db_session(), actor, at=access.now())
        if not g.scopes:
            return None
    unit = db_session().scalar(
        sa.select(Unit)
        .join(CareTeamMember, CareTeamMember.unit_id == Unit.id)
        .where(CareTeamMember.patient_id == actor.patient_id, CareTeamMember.to_on.is_(None))
        .order_by(CareTeamMember.from_on.desc())
        .limit(1)
    )
    if unit is None:
        return None
    return Emergency(unit.name, unit.phone, unit.opening_hours)


def _usual_text_size() -> str:
    return "large" if request.blueprint == "kiosk" else "normal"


def _browser_language() -> str:
    return request.accept_languages.best_match(list(languages()), "sv") or "sv"


def save_choice(*, language: str, text_size: str) -> None:
    """Keep a choice of language and text size: with the account, or signed out in this browser."""
    if current_user.is_authenticated:
        account = current_user.row.account
        account.text_size = text_size
        person = db_session().get_one(Person, account.person_id)
        person.language = language
    else:
        session["language"], session["text_size"] = language, text_size
    g.language, g.text_size = language, text_size
