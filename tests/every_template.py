"""Every template signed whole for one patient, and the words that must come back from a page or a paper."""

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from careplan.actions import plans
from careplan.domain.plan import PlanDefinition
from careplan.library import Library
from careplan.library.revisions import chapters_in
from careplan.models import CarePlan, Patient, PlanRevision
from tests import make, stories


def signed_whole(db: Session, library: Library, clinic: make.Clinic, definition: PlanDefinition) -> PlanRevision:
    """Astrid's plan from this template with all its treatments, and so all its chapters; no other is active."""
    by, patient = clinic.actor["karin"], db.get_one(Patient, clinic.patient["astrid"])
    for earlier in db.query(CarePlan).filter_by(patient_id=patient.id, status="active"):
        earlier.status = "completed"
    db.flush()
    plan = plans.draft(
        db,
        library,
        patient,
        definition.id,
        lang=definition.lang,
        treatments=definition.treatment_ids,
        by=by,
        at=make.MONDAY,
    )
    revision = plans.sign(db, library, plan, contact=stories.contact(db, clinic, "astrid"), by=by, at=make.MONDAY)
    shown = {chapter["id"] for chapter in chapters_in(revision.content)}
    assert shown == set(definition.chapter_ids)
    db.commit()
    return revision


def pieces_of(chapter: dict[str, Any]) -> Iterator[str]:
    """Each unbroken run of the chapter's words, as it must stand wherever the chapter is shown."""
    yield chapter["title"]
    for part in (chapter["key"], chapter["call"], chapter["intro"], *(each["html"] for each in chapter["sections"])):
        yield from BeautifulSoup(part or "", "html.parser").stripped_strings
    for section in chapter["sections"]:
        yield from BeautifulSoup(section["title"], "html.parser").stripped_strings


def missing_from(text: str, content: dict[str, Any]) -> list[str]:
    """Pieces of the chapters that are not in the text; one may be broken once, by the end of a page."""
    return [
        piece for chapter in chapters_in(content) for piece in pieces_of(chapter) if not _stands(letters(piece), text)
    ]


def _stands(piece: str, text: str) -> bool:
    return piece in text or any(piece[:cut] in text and piece[cut:] in text for cut in range(1, len(piece)))


def letters(text: str) -> str:
    """Without the spaces, which differ by where lines break."""
    return re.sub(r"\s+", "", text)
