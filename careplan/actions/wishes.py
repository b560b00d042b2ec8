"""A wish to be contacted, outside any form: stored once, with the task that it becomes."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, tasks
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.own import LONGEST_WISH
from careplan.domain.tasks import TaskKind, Urgency
from careplan.domain.team import Contact
from careplan.models import ContactWish, Patient

WANTS_CONTACT = "Vill bli kontaktad"


class WishTooLong(CareplanError):
    """More than the list of tasks shows whole."""


def wish(
    db: Session,
    *,
    key: UUID,
    patient_id: UUID,
    text: str,
    urgency: Urgency | None,
    contact: Contact,
    by: Actor,
    at: datetime,
    about: str = WANTS_CONTACT,
) -> ContactWish:
    """`key` is the page's own and becomes the id: the same page sent twice is one wish. `about` begins the task."""
    if len(text) > LONGEST_WISH:
        raise WishTooLong
    db.execute(sa.select(Patient.id).where(Patient.id == patient_id).with_for_update())
    stored = db.get(ContactWish, key)
    if stored is not None and stored.patient_id == patient_id:
        return stored
    task = tasks.open_task(
        db,
        kind=TaskKind.CONTACT,
        urgency=urgency,
        patient_id=patient_id,
        unit_id=contact.unit_id,
        contact=contact,
        summary=f"{about}: {text}" if text else about,
        starts_at=at,
        at=at,
    )
    made = ContactWish(
        id=uuid4() if stored else key,
        patient_id=patient_id,
        unit_id=contact.unit_id,
        text=text,
        urgency=urgency,
        person_id=by.person_id,
        created_at=at,
        task_id=task.id,
        task=task,
    )
    db.add(made)
    db.flush()
    audit.record(db, "wish-contact", by=by, at=at, patient_id=patient_id, object_type="contact-wish", object_id=made.id)
    return made
