"""What happens to a care plan: drafted, edited, given events and appointments, signed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from careplan.actions import audit, notices, responses
from careplan.domain.chapter_order import reordered
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.plan import EVENTS, ChapterState, PlanDefinition, UnknownChapter, proposed
from careplan.domain.team import Contact
from careplan.i18n import TIME_ZONE, force_locale
from careplan.library import Library
from careplan.library.personal import made_for
from careplan.library.revisions import (
    Composition,
    changes_in_words,
    compose,
    content_digest,
    mark_changed,
    patient_facts,
    working_copy,
)
from careplan.models import Appointment, CarePlan, Chapter, Patient, PlanEvent, PlanRevision, StoredChapter

START = "plan-start"
# Signing records the start; the rest are recorded by hand.
RECORDABLE = tuple(kind for kind in EVENTS if kind != START)


class UnknownTreatment(CareplanError):
    def __init__(self, treatment_id: str) -> None:
        super().__init__(treatment_id)
        self.treatment_id = treatment_id


class UnknownPhase(CareplanError):
    def __init__(self, phase_id: str) -> None:
        super().__init__(phase_id)
        self.phase_id = phase_id


class UnknownEvent(CareplanError):
    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class PlanExists(CareplanError):
    """The patient already has a plan at this unit."""

    def __init__(self, plan_id: UUID) -> None:
        super().__init__(plan_id)
        self.plan_id = plan_id


class PlanChanged(CareplanError):
    """Someone saved the plan after the page was opened."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class NothingShown(CareplanError):
    """A plan without one chapter says nothing."""


class AppointmentInThePast(CareplanError):
    """An appointment is something to come."""


def draft(
    db: Session,
    library: Library,
    patient: Patient,
    definition_id: str,
    *,
    lang: str,
    treatments: Collection[str],
    by: Actor,
    at: datetime,
) -> CarePlan:
    """Start a plan from a template, with the chapters that it proposes for these treatments."""
    definition = library.plan(definition_id, lang)
    chosen = _chosen_treatments(definition, treatments)
    # One at a time for each patient: two nurses who start at once get one plan.
    db.execute(sa.select(Patient.id).where(Patient.id == patient.id).with_for_update())
    existing = db.scalar(
        sa.select(CarePlan.id).where(
            CarePlan.patient_id == patient.id,
            CarePlan.unit_id == by.unit_id,
            CarePlan.status.in_(("draft", "active")),
        )
    )
    if existing is not None:
        raise PlanExists(existing)
    plan = CarePlan(
        patient_id=patient.id,
        patient=patient,
        unit_id=by.unit_id,
        definition_id=definition.id,
        definition_hash=definition.hash,
        chapter_versions=definition.chapter_versions,
        template_key=definition.template_key,
        lang=definition.lang,
        status="draft",
        treatments=chosen,
        created_by_id=by.practitioner_id,
        created_at=at,
    )
    store(plan, definition, working_copy(definition, plan))
    db.add(plan)
    db.flush()
    audit.record(db, "create-plan", by=by, at=at, patient_id=patient.id, object_type="plan", object_id=plan.id)
    return plan


def edit(
    db: Session,
    library: Library,
    plan: CarePlan,
    *,
    treatments: Collection[str],
    shown: Collection[str],
    notes: Mapping[str, str],
    greeting: str,
    phase: str,
    by: Actor,
    at: datetime,
    places: Mapping[str, int] = MappingProxyType({}),
    version: int | None = None,
) -> tuple[str, ...]:
    """Change the working copy. Gives the chapters that a new choice of treatments showed or hid by itself.

    A chapter without a key in `notes` keeps its note, and one without a key in `places` its place among the others of
    its phase, where 1 is first. `version` is the one the editor saw; None when no page was open.
    """
    if version is not None and version != plan.version:
        raise PlanChanged(plan.version)
    definition = made_for(db, library, plan)
    chosen = _chosen_treatments(definition, treatments)
    _check_phase(definition, phase)
    states = working_copy(definition, plan)
    for chapter_id in (*shown, *notes, *places):
        if chapter_id not in states:
            raise UnknownChapter(chapter_id)
    before, after = proposed(definition, set(plan.treatments)), proposed(definition, set(chosen))
    # What the editor ticked counts; the new proposal only moves what the editor left alone.
    moved = tuple(
        chapter_id
        for chapter_id, state in states.items()
        if before[chapter_id] != after[chapter_id] != state.shown and (chapter_id in shown) == state.shown
    )
    wanted = {
        chapter_id: ChapterState(
            after[chapter_id] if chapter_id in moved else chapter_id in shown,
            notes.get(chapter_id, states[chapter_id].note).strip(),
        )
        for chapter_id in _ordered(definition, places)
    }
    texts = {
        "treatments": chosen,
        "greeting": greeting.strip(),
        "phase": phase,
    }
    is_same = list(wanted.items()) == list(states.items())
    if is_same and all(getattr(plan, name) == value for name, value in texts.items()):
        return ()
    for name, value in texts.items():
        setattr(plan, name, value)
    store(plan, definition, wanted)
    bump(plan)
    db.flush()
    audit.record(db, "edit-plan", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
    return moved


def add_appointment(
    db: Session,
    plan: CarePlan,
    *,
    starts_at: datetime,
    title: str,
    place: str,
    preparation: str,
    by: Actor,
    at: datetime,
) -> Appointment:
    """Book a visit or a call. The patient sees it at once when the plan is signed."""
    if starts_at <= at:
        raise AppointmentInThePast
    appointment = Appointment(
        plan_id=plan.id,
        starts_at=starts_at,
        title=title,
        place=place,
        preparation=preparation,
        created_by_id=by.practitioner_id,
        created_at=at,
    )
    db.add(appointment)
    db.flush()
    audit.record(
        db,
        "add-appointment",
        by=by,
        at=at,
        patient_id=plan.patient_id,
        object_type="appointment",
        object_id=appointment.id,
    )
    return appointment


def cancel_appointment(db: Session, plan: CarePlan, appointment: Appointment, *, by: Actor, at: datetime) -> None:
    """Take a booked time away; it stays in the database. Doing it twice changes nothing."""
    if appointment.cancelled_at is not None:
        return
    appointment.cancelled_at = at
    db.flush()
    audit.record(
        db,
        "cancel-appointment",
        by=by,
        at=at,
        patient_id=plan.patient_id,
        object_type="appointment",
        object_id=appointment.id,
    )


def record_event(
    db: Session, library: Library, plan: CarePlan, *, kind: str, on: date, title: str, by: Actor, at: datetime
) -> PlanEvent:
    """Record a point in the pathway; a signed plan then asks for the forms that hang on it."""
    if kind not in RECORDABLE:
        raise UnknownEvent(kind)
    event = _add_event(db, plan, kind=kind, on=on, title=title, by=by, at=at)
    if plan.status == "active":
        responses.order_due(db, library, plan, by=by, at=at)
    return event


def sign(db: Session, library: Library, plan: CarePlan, *, contact: Contact, by: Actor, at: datetime) -> PlanRevision:
    """Make the working copy what the patient reads. Signing an unchanged plan again gives the version that stands."""
    definition = made_for(db, library, plan)
    states = working_copy(definition, plan)
    if not any(state.shown for state in states.values()):
        raise NothingShown
    last = db.scalar(
        sa.select(PlanRevision).where(PlanRevision.plan_id == plan.id).order_by(PlanRevision.number.desc()).limit(1)
    )
    facts = patient_facts(plan.patient.person.given_name, contact, definition.lang)
    composed = compose(definition, states, greeting=plan.greeting, phase=plan.phase, facts=facts)
    today = at.astimezone(TIME_ZONE).date()
    if last is not None:
        mark_changed(last.content, composed, today)
    content = composed.content
    if last is not None and content == last.content:
        return last
    with force_locale(definition.lang):
        changes = changes_in_words(last.content if last else None, content)
    revision = PlanRevision(
        plan_id=plan.id,
        number=last.number + 1 if last else 1,
        signed_by_id=by.practitioner_id,
        signed_at=at,
        definition_hash=definition.hash,
        skeleton=composed.skeleton,
        facts=composed.facts,
        content_hash=content_digest(content),
        changes=changes,
    )
    _store_texts(db, composed)
    db.add(revision)
    plan.status = "active"
    stand_on(plan, definition)
    store(plan, definition, states)
    bump(plan)
    db.flush()
    if last is None:
        _add_event(db, plan, kind=START, on=today, title="", by=by, at=at)
    responses.order_due(db, library, plan, by=by, at=at)
    notices.enqueue(db, patient=plan.patient, template="plan-signed", at=at)
    audit.record(
        db, "sign-plan", by=by, at=at, patient_id=plan.patient_id, object_type="revision", object_id=revision.id
    )
    return revision


def _store_texts(db: Session, composed: Composition) -> None:
    """Texts that no revision has shown before; two may sign with the same new text at once."""
    known = set(db.scalars(sa.select(StoredChapter.hash).where(StoredChapter.hash.in_(composed.texts))))
    rows = [{"hash": each, "content": text} for each, text in composed.texts.items() if each not in known]
    if rows:
        new: sa.Insert = sa.insert(StoredChapter)
        if db.get_bind().dialect.name == "postgresql":
            new = postgresql.insert(StoredChapter).on_conflict_do_nothing()
        db.execute(new, sorted(rows, key=lambda row: str(row["hash"])))


def _add_event(db: Session, plan: CarePlan, *, kind: str, on: date, title: str, by: Actor, at: datetime) -> PlanEvent:
    event = PlanEvent(plan_id=plan.id, kind=kind, on=on, title=title, recorded_by_id=by.practitioner_id, recorded_at=at)
    db.add(event)
    db.flush()
    audit.record(db, "record-event", by=by, at=at, patient_id=plan.patient_id, object_type="event", object_id=event.id)
    return event


def _chosen_treatments(definition: PlanDefinition, treatments: Collection[str]) -> list[str]:
    """In the template's order; one that the template does not have is an error."""
    known = [treatment.id for treatment in definition.treatments]
    for treatment_id in treatments:
        if treatment_id not in known:
            raise UnknownTreatment(treatment_id)
    return [treatment_id for treatment_id in known if treatment_id in treatments]


def _check_phase(definition: PlanDefinition, phase: str) -> None:
    if phase and phase not in {each.id for each in definition.phases}:
        raise UnknownPhase(phase)


def _ordered(definition: PlanDefinition, places: Mapping[str, int]) -> list[str]:
    """All chapters, those that were given another place moved within their phase."""
    groups = [[ref.id for ref in phase.chapters] for phase in definition.phases]
    return [chapter_id for group in (*groups, definition.always) for chapter_id in reordered(group, places)]


def stand_on(plan: CarePlan, definition: PlanDefinition) -> None:
    """From here on the plan's text is of this version, whatever is published later."""
    plan.definition_hash = definition.hash
    plan.chapter_versions, plan.template_key = definition.chapter_versions, definition.template_key


def store(plan: CarePlan, definition: PlanDefinition, states: Mapping[str, ChapterState]) -> None:
    """Rows in the plan's order. What a newer template dropped keeps its row, with its note, and is not shown."""
    rows = {row.chapter_id: row for row in plan.chapters}
    phases = {ref.id: phase.id for phase in definition.phases for ref in phase.chapters}
    for position, (chapter_id, state) in enumerate(states.items()):
        row = rows.get(chapter_id)
        if row is None:
            row = Chapter(chapter_id=chapter_id)
            plan.chapters.append(row)
        row.position, row.phase = position, phases.get(chapter_id, "")
        row.is_shown, row.note = state.shown, state.note


def bump(plan: CarePlan) -> None:
    """A change of chapters alone counts, too: the next editor must see that the plan is another."""
    flag_modified(plan, "greeting")
