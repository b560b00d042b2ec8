"""Who reaches each route, and with which of Astrid's things in its address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask

from tests import stories

PEOPLE = ("astrid", "bo", "lina", "karin", "nils", "lars", "freja", "mia", "edith", "ebba", "olle")


@dataclass
class Astrid:
    """The ids of one patient's things, each holding a canary."""

    patient_id: UUID
    plan_id: UUID
    chapter_id: str
    request_id: UUID
    draft_id: UUID
    grouped_id: UUID
    response_id: UUID
    task_id: UUID
    goal_id: UUID
    referral_id: UUID
    revision_id: UUID  # of the rehabilitation plan
    share_id: UUID
    absence_id: UUID  # of her nurse
    seat_id: UUID  # her nurse's
    unit_id: UUID  # that cares for her
    link_id: str
    content_draft_id: UUID
    event_id: UUID
    activity_id: UUID
    report_id: UUID
    wish_id: UUID
    note_id: UUID  # a private one
    question_id: UUID
    invitation_id: UUID
    thread_id: UUID
    team_thread_id: UUID
    handover_id: UUID
    block_id: UUID
    letter_id: UUID


@dataclass
class Rule:
    """Who reaches a route, and with which of Astrid's things in its address."""

    allowed: set[str]
    values: Callable[[Astrid], dict[str, Any]] = lambda _: {}
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def is_about_astrid(self) -> bool:
        return self.values is not Rule.values


def methods(app: Flask, endpoint: str) -> set[str]:
    """Of GET and POST, those that a route answers to."""
    return {method for rule in app.url_map.iter_rules(endpoint) for method in (rule.methods or set())} & {"GET", "POST"}


def of(*names: str) -> Callable[[Astrid], dict[str, Any]]:
    return lambda astrid: {name: getattr(astrid, name) for name in names}


NURSES = {"karin", "nils"}
# Where the one whom a referral waits for reads of Astrid: what is asked, and the answers that belong to it.
OF_REFERRAL = {"staff.referral", "staff.referrals", "staff.worklist"}
# And what the unit reads that a handover waits for.
OF_HANDOVER = {"staff.handover", "staff.worklist"}
STAFF = NURSES | {"lars", "freja"}
FAMILY = {"astrid", "lina"}
EDITORS = {"edith", "ebba"}
TEXT = {"kind": "kapitel", "content_id": "your-team", "lang": "sv"}

# What each row says: these people reach it for Astrid, and nobody else does.
RULES = {
    "account.home": Rule(set(PEOPLE)),
    "account.logout": Rule(set(PEOPLE)),
    "patient.home": Rule({"astrid", "bo", "lina"}),
    "patient.plan": Rule({"astrid", "bo", "lina"}),
    "patient.treatment_summary": Rule({"astrid", "bo", "lina"}),
    "patient.chapter": Rule(FAMILY, of("plan_id", "chapter_id")),
    "patient.versions": Rule(FAMILY, of("plan_id")),
    "patient.compare": Rule(FAMILY, lambda astrid: {"plan_id": astrid.plan_id, "fran": 1, "till": 2}),
    "patient.rehabilitation": Rule({"astrid", "bo", "lina"}),
    "patient.rehabilitation_version": Rule(FAMILY, lambda astrid: {"plan_id": astrid.plan_id, "number": 1}),
    "patient.reply_rehabilitation": Rule({"astrid"}, of("revision_id")),
    "patient.tick": Rule(FAMILY, of("activity_id")),
    "patient.report": Rule({"astrid"}, of("report_id")),
    "patient.timeline": Rule({"astrid", "bo", "lina"}),
    "patient.own_event": Rule({"astrid"}, of("event_id")),
    "patient.notes": Rule({"astrid", "bo"}),
    "patient.note": Rule({"astrid"}, of("note_id")),
    "patient.contact": Rule({"astrid", "bo"}),
    "patient.wish": Rule({"astrid"}, of("wish_id")),
    "patient.invitation": Rule({"astrid", "bo", "lina"}),
    "patient.share_parts": Rule({"astrid"}, of("share_id")),
    "patient.withdraw_invitation": Rule({"astrid"}, of("invitation_id")),
    "patient.resources": Rule({"astrid", "bo", "lina"}),
    "patient.trends": Rule({"astrid", "bo"}),  # Lina may not read answers
    "patient.response": Rule({"astrid"}, of("response_id")),
    "patient.receipt": Rule({"astrid"}, of("response_id")),
    "patient.correct": Rule({"astrid"}, of("response_id")),
    "patient.unsent": Rule(FAMILY, of("draft_id")),
    "patient.drop_correction": Rule(FAMILY, of("draft_id")),
    "patient.start": Rule(FAMILY, of("request_id")),
    "patient.answer": Rule(FAMILY, of("draft_id", "link_id")),
    "patient.call_now": Rule(FAMILY, of("draft_id", "link_id")),
    "patient.instances": Rule(FAMILY, lambda astrid: {"draft_id": astrid.grouped_id, "group_id": "medicines"}),
    "patient.pause": Rule(FAMILY, of("draft_id")),
    "patient.review": Rule(FAMILY, of("draft_id")),
    "patient.messages": Rule({"astrid", "bo"}),  # nor messages
    "patient.thread": Rule({"astrid"}, of("thread_id")),
    "patient.rest": Rule({"astrid", "bo"}),
    "patient.told": Rule({"astrid", "bo"}),
    "patient.sharing": Rule({"astrid", "bo"}),
    "patient.end_sharing": Rule({"astrid"}, of("share_id")),
    "patient.access_log": Rule({"astrid", "bo"}),
    "patient.blocks": Rule({"astrid", "bo"}),
    "patient.lift_block": Rule({"astrid"}, of("block_id")),
    "staff.worklist": Rule(STAFF),
    "staff.acknowledge": Rule(STAFF),
    "staff.patients": Rule(STAFF),
    "staff.absences": Rule(STAFF),
    "staff.absence": Rule({"karin"}, of("absence_id")),
    "staff.end_absence": Rule({"karin"}, of("absence_id")),
    "staff.register": Rule(NURSES | {"lars"}),
    "staff.patient": Rule(NURSES, of("patient_id")),
    "staff.death": Rule(NURSES, of("patient_id")),
    "staff.medium": Rule(NURSES, of("patient_id"), {"medium": "screen"}),
    "staff.offers": Rule(NURSES, of("patient_id")),
    "staff.order_form": Rule(NURSES, of("patient_id")),
    "staff.plan_start": Rule(NURSES, of("patient_id")),
    "staff.plan_edit": Rule(NURSES, of("plan_id")),
    "staff.own_chapter": Rule(NURSES, of("plan_id")),
    "staff.template_changes": Rule(NURSES | {"lars"}),
    "staff.template_change": Rule(NURSES, of("plan_id")),
    "staff.treatment_summary": Rule(NURSES, of("plan_id")),
    "documents.treatment_summary": Rule(NURSES | FAMILY, of("plan_id")),
    "staff.plan_preview": Rule(NURSES, of("plan_id")),
    "staff.plan_language": Rule(NURSES, of("plan_id")),
    "staff.plan_versions": Rule(NURSES, of("plan_id")),
    "staff.plan_compare": Rule(NURSES, lambda astrid: {"plan_id": astrid.plan_id, "fran": 1, "till": 2}),
    "staff.plan_version": Rule(NURSES, lambda astrid: {"plan_id": astrid.plan_id, "number": 2}),
    "staff.plan_sign": Rule(NURSES, of("plan_id")),
    "staff.rules_trial": Rule(set(), lambda _: {"version_id": UUID(int=1)}),
    "staff.prepare": Rule(NURSES, of("patient_id")),
    "staff.prepare_pdf": Rule(NURSES, of("patient_id")),
    "staff.answer_question": Rule(NURSES, lambda astrid: {"note_id": astrid.question_id}),
    "staff.trends": Rule(NURSES, of("patient_id")),
    "staff.case": Rule(NURSES, of("task_id")),
    "staff.messages": Rule(STAFF),
    "staff.thread": Rule(NURSES, of("thread_id")),
    "staff.close_thread": Rule(NURSES, lambda astrid: {"thread_id": astrid.team_thread_id}),
    "staff.write": Rule(NURSES, of("patient_id")),
    "staff.letters": Rule(NURSES | {"lars"}),
    "documents.letter": Rule(NURSES, of("letter_id")),
    "staff.take": Rule(NURSES, of("task_id")),
    "staff.paper_form": Rule(NURSES, of("request_id")),
    "staff.key_in": Rule(NURSES, of("request_id")),
    "staff.tablet_code": Rule(NURSES, of("request_id")),
    "kiosk.confirm": Rule(set()),  # a code's session alone
    "kiosk.still_there": Rule(set()),
    "kiosk.receipt": Rule(set()),
    "kiosk.leave": Rule(set()),
    "staff.needs": Rule(NURSES, of("patient_id")),
    "staff.resources": Rule(NURSES, of("patient_id")),
    "staff.goal_review": Rule(NURSES, of("goal_id")),
    "staff.goal": Rule(NURSES, of("plan_id")),
    "staff.pick_exercises": Rule(NURSES, of("goal_id")),
    "staff.rehabilitation": Rule(NURSES, of("plan_id")),
    "staff.reviews": Rule(STAFF),
    "staff.referrals": Rule(STAFF),
    # A referral waits for Freja's profession: it is all that she reaches of Astrid.
    "staff.referral": Rule(NURSES | {"freja"}, of("referral_id")),
    "staff.accept_referral": Rule({"freja"}, of("referral_id")),
    "staff.return_referral": Rule({"freja"}, of("referral_id")),
    "staff.close_referral": Rule({"freja"}, of("referral_id")),
    "staff.withdraw_referral": Rule(NURSES, of("referral_id")),
    "staff.hand_over": Rule(NURSES, of("patient_id")),
    # A handover waits for Lars' unit: it is all that he reaches of Astrid.
    "staff.handover": Rule(NURSES | {"lars"}, of("handover_id")),
    "staff.handover_pdf": Rule(NURSES | {"lars"}, of("handover_id")),
    "staff.accept_handover": Rule({"lars"}, of("handover_id")),
    "staff.decline_handover": Rule({"lars"}, of("handover_id")),
    "staff.confirm_handover": Rule({"lars"}, of("handover_id")),
    "staff.ask_sender": Rule({"lars"}, of("handover_id")),
    "staff.book_review": Rule({"lars"}, of("handover_id")),
    "staff.send_back": Rule({"lars"}, of("handover_id")),
    "staff.revoke_handover": Rule(NURSES, of("handover_id")),
    "staff.keep_patient": Rule(NURSES, of("handover_id")),
    "staff.block": Rule(NURSES, of("patient_id")),
    "documents.show": Rule(NURSES | FAMILY, of("plan_id")),
    "documents.pdf": Rule(NURSES | FAMILY, of("plan_id")),
    "documents.news": Rule(NURSES | FAMILY, lambda astrid: {"plan_id": astrid.plan_id, "fran": 1}),
    "documents.response": Rule(NURSES | {"astrid"}, of("response_id")),
    "manage.home": Rule({"mia"}),
    "manage.staff": Rule({"mia"}),
    "manage.experience": Rule({"mia"}),
    "manage.hire": Rule({"mia"}),
    "manage.seat": Rule({"mia"}, of("seat_id")),
    "manage.end_seat": Rule({"mia"}, of("seat_id")),
    "manage.settings": Rule({"mia"}),
    "manage.provider_list": Rule({"mia"}),
    "manage.unit": Rule({"olle"}, of("unit_id")),
    "manage.unit_region": Rule({"olle"}, of("unit_id")),
    "manage.close_unit": Rule({"olle"}, of("unit_id")),
    "manage.absences": Rule({"mia"}),
    "manage.absence": Rule({"mia"}, of("absence_id")),
    "manage.end_absence": Rule({"mia"}, of("absence_id")),
    "manage.licences": Rule({"mia"}),
    "manage.notices": Rule({"mia"}),
    "manage.figures": Rule({"mia"}),
    "manage.figures_csv": Rule({"mia"}),
    "manage.codebook_csv": Rule({"mia"}),
    "manage.trace": Rule({"mia"}),
    "manage.rules": Rule({"mia"}),
    "manage.rules_edit": Rule({"mia"}, lambda _: {"questionnaire_id": stories.FORM}),
    "manage.rules_trial": Rule(set(), lambda _: {"version_id": UUID(int=1)}),
    "manage.rules_proposal": Rule(set(), lambda _: {"version_id": UUID(int=1)}),
    "manage.rules_retire": Rule({"mia"}, lambda _: {"questionnaire_id": stories.FORM}),
    "manage.facts": Rule({"mia"}),
    "manage.units": Rule({"olle"}),
    "manage.accounts": Rule({"olle"}),
    "edit.home": Rule(EDITORS),
    "edit.findings": Rule(EDITORS),
    "edit.plan": Rule(EDITORS, lambda _: {"plan_id": "general", "lang": "sv"}),
    "edit.chapter": Rule(EDITORS, lambda _: {"plan_id": "general", "lang": "sv", "chapter_id": "your-team"}),
    "edit.questionnaire": Rule(EDITORS, lambda _: {"questionnaire_id": stories.FORM}),
    "edit.text": Rule(EDITORS, lambda _: TEXT),
    "edit.roll_back": Rule(EDITORS, lambda _: TEXT),
    "edit.write": Rule(EDITORS, lambda _: TEXT),
    "edit.phone": Rule(EDITORS, lambda _: TEXT),
    "edit.paper": Rule(EDITORS, lambda _: TEXT),
    "edit.proof": Rule(EDITORS, lambda _: TEXT),
    "edit.print_style": Rule(EDITORS),
    "edit.review": Rule(EDITORS, lambda astrid: {"draft_id": astrid.content_draft_id}),
    "edit.send": Rule(EDITORS, lambda astrid: {"draft_id": astrid.content_draft_id}),
    "edit.approve": Rule(EDITORS, lambda astrid: {"draft_id": astrid.content_draft_id}),
    "edit.give_back": Rule(EDITORS, lambda astrid: {"draft_id": astrid.content_draft_id}),
    "edit.drop": Rule(EDITORS, lambda astrid: {"draft_id": astrid.content_draft_id}),
}
