"""What a unit may ask with: forms that are published, and the licences of instruments that others hold."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, content
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.schedule import ScheduleEntry
from careplan.library import Library
from careplan.models import Licence


class LicenceMissing(CareplanError):
    """The unit has recorded no licence for the instrument that the form is bound to."""

    def __init__(self, instrument: str) -> None:
        super().__init__(instrument)
        self.instrument = instrument


def record_licence(
    db: Session,
    library: Library,
    *,
    instrument_id: str,
    unit_id: UUID,
    holder: str,
    reference: str,
    by: Actor,
    at: datetime,
) -> Licence:
    """Say that the unit may use an instrument; from now on forms bound to it are published and can be asked for."""
    key = library.instrument(instrument_id)
    recorded = Licence(
        id=uuid4(),
        unit_id=unit_id,
        instrument_id=key.id,
        holder=holder,
        reference=reference,
        recorded_by_id=by.practitioner_id,
        recorded_at=at,
    )
    db.add(recorded)
    db.flush()
    content.publish(db, library, at=at)
    audit.record(db, "record-licence", by=by, at=at, object_type="licence", object_id=recorded.id)
    return recorded


def publish(db: Session, library: Library, questionnaire_id: str, *, by: Actor, at: datetime) -> Questionnaire:
    """Store a form that came from elsewhere; from now on plans and nurses can ask with it.

    Raises LicenceMissing where its instrument needs a licence that no unit has recorded."""
    questionnaire = library.questionnaire(questionnaire_id)
    binding = questionnaire.instrument
    if binding is not None and binding.key.licence.must_be_recorded:
        recorded = sa.select(Licence.id).where(Licence.instrument_id == binding.key.id)
        if db.scalar(recorded.limit(1)) is None:
            raise LicenceMissing(binding.key.title)
    content.publish(db, library, at=at)
    audit.record(db, "publish-questionnaire", by=by, at=at, object_type="questionnaire", object_id=questionnaire.id)
    return questionnaire


def is_licensed(db: Session, questionnaire: Questionnaire, unit_id: UUID | None) -> bool:
    """Whether this unit may ask with this form: it needs no licence, or there is one."""
    binding = questionnaire.instrument
    if binding is None or not binding.key.licence.must_be_recorded:
        return True
    recorded = sa.select(Licence.id).where(Licence.unit_id == unit_id, Licence.instrument_id == binding.key.id)
    return db.scalar(recorded.limit(1)) is not None


def unlicensed(db: Session, library: Library, schedule: Iterable[ScheduleEntry], unit_id: UUID) -> list[Questionnaire]:
    """The forms of a plan's schedule that wait until the unit has recorded a licence."""
    forms = {entry.questionnaire: library.questionnaire(entry.questionnaire) for entry in schedule}
    return [form for form in forms.values() if not is_licensed(db, form, unit_id)]


def check_licensed(db: Session, questionnaire: Questionnaire, unit_id: UUID | None) -> None:
    """Raises LicenceMissing."""
    if questionnaire.instrument is not None and not is_licensed(db, questionnaire, unit_id):
        raise LicenceMissing(questionnaire.instrument.key.title)
