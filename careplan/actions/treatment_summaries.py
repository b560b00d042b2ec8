"""The treatment summary and follow-up plan: written, and signed as a version that never changes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, notices
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.team import Contact, hours_in_words
from careplan.domain.treatment_summary import LONGEST_PART, PARTS, lines_over, missing
from careplan.models import CarePlan, TreatmentSummary, TreatmentSummaryDraft


class UnknownPart(CareplanError):
    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class PartTooLong(CareplanError):
    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class LongerThanAPage(CareplanError):
    def __init__(self, lines: int) -> None:
        super().__init__(lines)
        self.lines = lines


class NothingWritten(CareplanError):
    """A summary in which every part is empty."""


class SummaryChanged(CareplanError):
    """Someone saved it after the page was opened."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def save(
    db: Session, plan: CarePlan, parts: Mapping[str, str], *, by: Actor, at: datetime, version: int | None = None
) -> TreatmentSummaryDraft:
    """Keep what is written. `version` is the one the writer saw: 0 where there was none, None when no page was open."""
    kept = _checked(parts)
    draft = db.get(TreatmentSummaryDraft, plan.id)
    if version is not None and version != (draft.version if draft else 0):
        raise SummaryChanged(draft.version if draft else 0)
    if draft is not None and draft.parts == kept:
        return draft
    saved = TreatmentSummaryDraft(plan_id=plan.id, parts=kept, saved_by_id=by.practitioner_id, saved_at=at)
    if draft is None:
        db.add(saved)
    else:
        saved.version = draft.version
        saved = db.merge(saved)
    db.flush()
    _log(db, "write-treatment-summary", plan, by=by, at=at)
    return saved


def sign(db: Session, plan: CarePlan, *, title: str, contact: Contact, by: Actor, at: datetime) -> TreatmentSummary:
    """Sign what is saved, gaps and all: what is missing is said on it. Unchanged, the version that stands is given."""
    draft = db.get(TreatmentSummaryDraft, plan.id)
    if draft is None or not any(draft.parts.values()):
        raise NothingWritten
    over = lines_over(draft.parts)
    if over:
        raise LongerThanAPage(over)
    person = plan.patient.person
    content = {
        "lang": plan.lang,
        "title": title,
        "patient": {"name": person.name, "born_on": person.born_on.isoformat() if person.born_on else ""},
        "parts": draft.parts,
        "missing": list(missing(draft.parts)),
        "contact": {
            "name": contact.nurse_name,
            "title": contact.nurse_title,
            "phone": contact.phone,
            "hours": hours_in_words(contact.hours, plan.lang),
            "unit": contact.unit_name,
            "unit_phone": contact.unit_phone,
        },
    }
    db.execute(sa.select(CarePlan.id).where(CarePlan.id == plan.id).with_for_update())
    last = db.scalar(
        sa.select(TreatmentSummary)
        .where(TreatmentSummary.plan_id == plan.id)
        .order_by(TreatmentSummary.number.desc())
        .limit(1)
    )
    if last is not None and last.content == content:
        return last
    signed = TreatmentSummary(
        plan_id=plan.id,
        number=last.number + 1 if last else 1,
        signed_by_id=by.practitioner_id,
        signed_at=at,
        content=content,
        content_hash=hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
    )
    db.add(signed)
    db.flush()
    if plan.status == "active":
        notices.enqueue(db, patient=plan.patient, template="plan-signed", at=at)
    _log(db, "sign-treatment-summary", plan, by=by, at=at)
    return signed


def _checked(parts: Mapping[str, str]) -> dict[str, str]:
    kept = dict.fromkeys(PARTS, "")
    for part, text in parts.items():
        if part not in kept:
            raise UnknownPart(part)
        kept[part] = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
        if len(kept[part]) > LONGEST_PART:
            raise PartTooLong(part)
    return kept


def _log(db: Session, action: str, plan: CarePlan, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
