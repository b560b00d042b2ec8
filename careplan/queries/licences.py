"""Which instruments need a licence, and which the unit has recorded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.keys import ScoringKey
from careplan.domain.questionnaire import Text
from careplan.library import Library
from careplan.models import Licence, Person, Practitioner


@dataclass(frozen=True, slots=True)
class Recorded:
    holder: str
    reference: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Instrument:
    """`forms` are bound to it and wait for a licence, or use it; `licences` has the newest first."""

    key: ScoringKey
    forms: Sequence[Text]
    licences: Sequence[Recorded]


def instruments(db: Session, library: Library, unit_id: UUID) -> list[Instrument]:
    """Those whose holder wants a licence: the ones that forms are bound to first."""
    forms: Mapping[str, list[Text]] = defaultdict(list)
    for form in library.questionnaires.values():
        if form.instrument is not None:
            forms[form.instrument.key.id].append(form.title)
    licences: Mapping[str, list[Recorded]] = defaultdict(list)
    rows = db.execute(
        sa.select(Licence, Person.given_name + " " + Person.family_name)
        .join(Practitioner, Practitioner.id == Licence.recorded_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(Licence.unit_id == unit_id)
        .order_by(Licence.recorded_at.desc())
    )
    for licence, name in rows:
        recorded = Recorded(licence.holder, licence.reference, name, licence.recorded_at)
        licences[licence.instrument_id].append(recorded)
    asking = [key for key in library.instruments.values() if key.licence.must_be_recorded]
    asking.sort(key=lambda key: (key.id not in forms, key.title))
    return [Instrument(key, forms[key.id], licences[key.id]) for key in asking]
