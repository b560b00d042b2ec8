"""How a patient wants to be told that there is something new: not at all, by e-mail or by SMS."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.identity import Actor
from careplan.domain.reachable import Unreachable, address_of, number_of
from careplan.models import OutboxMessage, Patient


def choose_channel(db: Session, patient: Patient, channel: str, *, to: str, by: Actor, at: datetime) -> None:
    """`to` is the address or number. Raises Unreachable. With "none" what waits is not sent."""
    if channel == "email" and (address := address_of(to)):
        patient.person.email = address
    elif channel == "sms" and number_of(to):
        patient.person.phone = " ".join(to.split())
    elif channel == "none":
        db.execute(
            sa.delete(OutboxMessage).where(
                OutboxMessage.person_id == patient.person_id, OutboxMessage.status == "pending"
            )
        )
    else:
        raise Unreachable(channel)
    patient.notify_by = channel
    db.flush()
    audit.record(db, "choose-channel", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
