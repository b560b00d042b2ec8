"""What cannot be: one clear sentence, nothing half stored, nothing already saved lost, and never a 500."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import Base
from careplan.domain.questionnaire import ItemType, Questionnaire
from careplan.library import Library
from careplan.models import DraftAnswer
from tests import stories
from tests.actions import forms
from tests.make import MONDAY, Clinic
from tests.pages import Page
from tests.people import Human

pytestmark = pytest.mark.slow

# What a refused request may still write: who looked, and that the visitor is still here.
ALLOWED = {"audit_event", "audit_event_patient", "audit_seal", "login_session", "login_attempt"}


@dataclass
class Begun:
    """Astrid's form with one answer saved, one sent, one that is too late; Bo's form; her plan."""

    form: Questionnaire
    draft_id: UUID
    bos_draft_id: UUID
    late_request_id: UUID
    late_draft_id: UUID
    sent_draft_id: UUID
    patient_id: UUID
    plan_id: UUID

    def first(self, *types: ItemType) -> str:
        return next(item.link_id for item in self.form.questions if item.type in types and not item.show_if)

    @property
    def hidden(self) -> str:
        return next(item.link_id for item in self.form.questions if item.show_if)


@pytest.fixture
def begun(db: Session, library: Library, clinic: Clinic) -> Begun:
    form, astrid, bo = library.questionnaire(stories.FORM), clinic.actor["astrid"], clinic.actor["bo"]
    plan = stories.signed_plan(db, library, clinic)
    scale = next(item for item in form.questions if item.scale)
    late = forms.ask(db, library, clinic, form.id, at=MONDAY - timedelta(days=9), days=3)
    late_draft = forms.begin(db, late, by=astrid, at=MONDAY - timedelta(days=9))
    forms.fill(db, form, late_draft, {scale.link_id: 1}, by=astrid, at=MONDAY - timedelta(days=9))
    sent = forms.begin(db, forms.ask(db, library, clinic, form.id), by=astrid)
    forms.fill(db, form, sent, {scale.link_id: 2}, by=astrid)
    forms.send(db, form, sent, by=astrid)
    open_draft = forms.begin(db, forms.ask(db, library, clinic, form.id), by=astrid)
    forms.fill(db, form, open_draft, {scale.link_id: 3}, by=astrid)
    bos = forms.begin(db, forms.ask(db, library, clinic, form.id, who="bo"), by=bo)
    made = Begun(form, open_draft.id, bos.id, late.id, late_draft.id, sent.id, clinic.patient["astrid"], plan.id)
    db.commit()
    return made


def stored(db: Session) -> dict[str, int | list[Any]]:
    """How much there is of everything, and what is saved in drafts."""
    counts: dict[str, int | list[Any]] = {
        table.name: db.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name not in ALLOWED
    }
    saved = db.execute(sa.select(DraftAnswer.draft_id, DraftAnswer.link_id, DraftAnswer.value))
    counts["saved"] = sorted(map(repr, saved))
    db.rollback()
    return counts


Send = Callable[[Begun, Human, int], Page]


def find(number: str) -> Send:
    def send(_begun: Begun, karin: Human, status: int) -> Page:
        karin.get("staff.patients")
        return karin.post("staff.patients", {"identifier": number}, expect=status)

    return send


def goal_reviewed_on(day: str, month: str, year: str) -> Send:
    def send(begun: Begun, karin: Human, status: int) -> Page:
        karin.get("staff.needs", patient_id=begun.patient_id)
        sent = {"goal": "Gå ut", "review_on-day": day, "review_on-month": month, "review_on-year": year}
        page = karin.post("staff.needs", sent, expect=status, patient_id=begun.patient_id)
        assert page.find("input", {"id": "goal"})["value"] == "Gå ut"
        return page

    return send


def answer(value: str, pick: Callable[[Begun], str], *, token: bool = True) -> Send:
    def send(begun: Begun, astrid: Human, status: int) -> Page:
        place = {"draft_id": begun.draft_id, "link_id": pick(begun)}
        astrid.get("account.settings")
        return astrid.post("patient.answer", {"answer": value}, expect=status, token=token, **place)

    return send


def answer_in(draft: Callable[[Begun], UUID]) -> Send:
    def send(begun: Begun, astrid: Human, status: int) -> Page:
        astrid.get("account.settings")
        place = {"draft_id": draft(begun), "link_id": begun.first(ItemType.SCALE)}
        return astrid.post("patient.answer", {"answer": "5"}, expect=status, **place)

    return send


def send_in(draft: Callable[[Begun], UUID]) -> Send:
    def send(begun: Begun, astrid: Human, status: int) -> Page:
        astrid.get("account.settings")
        sent = {"version": "1", "comment": "annat"}
        return astrid.post("patient.review", sent, expect=status, draft_id=draft(begun))

    return send


def start_late(begun: Begun, astrid: Human, status: int) -> Page:
    astrid.get("account.settings")
    return astrid.post("patient.start", expect=status, request_id=begun.late_request_id)


def sign_without_token(begun: Begun, karin: Human, status: int) -> Page:
    karin.get("staff.plan_preview", plan_id=begun.plan_id)
    return karin.post("staff.plan_sign", expect=status, token=False, plan_id=begun.plan_id)


def scale(begun: Begun) -> str:
    return begun.first(ItemType.SCALE)


def choice(begun: Begun) -> str:
    return begun.first(ItemType.CHOICE)


def text(begun: Begun) -> str:
    return begun.first(ItemType.TEXT)


def hidden(begun: Begun) -> str:
    return begun.hidden


# what, who, how, status, the sentence
BAD = [
    ("wrong-check-digit", "karin", find("19680412-9805"), 422, "Sista siffran i personnumret stämmer inte."),
    ("no-such-birthday", "karin", find("19681301-2384"), 422, "Personnumret har ett datum som inte finns."),
    ("no-such-review-day", "karin", goal_reviewed_on("31", "11", "2026"), 422, "Den dagen finns inte."),
    ("review-in-the-past", "karin", goal_reviewed_on("1", "11", "2026"), 422, "Välj en dag efter i dag."),
    ("scale-11", "astrid", answer("11", scale), 422, "Välj ett tal från 0 till 10."),
    ("question-not-shown", "astrid", answer("yes", hidden), 422, "Den hör inte till dina frågor"),
    ("no-such-question", "astrid", answer("1", lambda _: "no-such-question"), 404, "ingen sådan fråga"),
    ("unknown-option", "astrid", answer("no-such-option", choice), 422, "Välj ett av svaren på sidan."),
    ("control-characters", "astrid", answer("\x00\x07", scale), 422, "Skriv svaret med siffror."),
    ("form-of-another", "astrid", answer_in(lambda begun: begun.bos_draft_id), 404, "finns inte"),
    ("sending-for-another", "astrid", send_in(lambda begun: begun.bos_draft_id), 404, "finns inte"),
    ("expired-start", "astrid", start_late, 410, "Tiden för att svara är slut."),
    ("expired-answer", "astrid", answer_in(lambda begun: begun.late_draft_id), 410, "Tiden för att svara är slut."),
    ("expired-sending", "astrid", send_in(lambda begun: begun.late_draft_id), 410, "Tiden för att svara är slut."),
    ("sent-sending", "astrid", send_in(lambda begun: begun.sent_draft_id), 409, "Det du skickade nu är inte sparat."),
    ("no-token", "astrid", answer("4", scale, token=False), 400, "Det du skickade är inte sparat."),
    ("no-token-signing", "karin", sign_without_token, 400, "Det du skickade är inte sparat."),
    ("too-long", "astrid", answer("x" * 4001, text), 422, "Skriv högst 4 000 tecken."),
    ("five-megabytes", "astrid", answer("x" * 5_000_000, text), 413, "Inget är sparat."),
]


@pytest.mark.parametrize(("who", "send", "status", "sentence"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_gets_one_sentence_and_leaves_all_as_it_was(
    human: type[Human], app, db: Session, begun: Begun, who: str, send: Send, status: int, sentence: str
) -> None:
    sender = human(app, who)
    before = stored(db)
    page = send(begun, sender, status)
    assert sentence in page.text.replace("\u00a0", " "), page.text
    assert stored(db) == before


def test_what_was_saved_is_still_there_after_it_all(astrid: Human, db: Session, begun: Begun) -> None:
    for value in ("11", "nonsense", "x" * 5_000_000):
        astrid.get("account.settings")
        place = {"draft_id": begun.draft_id, "link_id": scale(begun)}
        astrid.post("patient.answer", {"answer": value}, expect={413, 422}, **place)
    page = astrid.get("patient.answer", draft_id=begun.draft_id, link_id=scale(begun))
    assert [radio["value"] for radio in page.select("[checked]")] == ["3"]


@pytest.mark.parametrize("sent", ["answer", "sending"])
def test_a_late_answer_is_still_readable_where_it_was_saved(
    astrid: Human, db: Session, begun: Begun, sent: str
) -> None:
    send = answer_in if sent == "answer" else send_in
    send(lambda found: found.late_draft_id)(begun, astrid, 410)
    rows = db.scalars(sa.select(DraftAnswer.value).where(DraftAnswer.draft_id == begun.late_draft_id)).all()
    assert rows == [1]
