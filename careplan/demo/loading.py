"""Filling an empty database with the made-up clinic."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import audit, content
from careplan.demo import after_treatment, editing, following, handovers, messages, own, team
from careplan.demo.bulk import insert_all
from careplan.demo.clinic import read_clinic
from careplan.demo.facts import enlarged, stories
from careplan.demo.replay import replay
from careplan.demo.staff import employ_staff, is_employed
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.library import Library
from careplan.models import OutboxMessage, Patient

SYSTEM = Actor(person_id=UUID(int=0), capacity=Capacity.SYSTEM, name="careplan")


class NotEmpty(CareplanError):
    """There are patients in the database who are not the demonstration's."""


@dataclass(frozen=True, slots=True)
class Loaded:
    patients: int
    responses: int


def load(
    sessions: sessionmaker[Session],
    library: Library,
    content_path: Path,
    *,
    patients: int | None,
    seed: int,
    at: datetime,
    in_bulk: bool | None = None,
) -> Loaded | None:
    """The clinic as it is at `at`, with a year behind it. None when it is there already.

    More patients than the clinic has are told to the tables instead of to the actions, unless `in_bulk` says.
    """
    clinic = read_clinic(content_path)
    count = clinic.others.total if patients is None else patients
    clinic = enlarged(clinic, count)
    with sessions.begin() as db:
        if is_employed(db, clinic):
            return None
        if db.scalar(sa.select(Patient.id).limit(1)) is not None:
            raise NotEmpty
        content.publish(db, library, at=at)
        staff = employ_staff(db, clinic, by=SYSTEM, at=at)
    told = stories(clinic, library, patients=count, seed=seed, at=at)
    if count > clinic.others.total if in_bulk is None else in_bulk:
        loaded = Loaded(*insert_all(sessions, library, clinic, staff, told, at=at))
    else:
        loaded = Loaded(*replay(sessions, library, clinic, staff, told, system=SYSTEM, at=at))
    with sessions.begin() as db:
        messages.tell(db, messages.read_threads(content_path), staff, at=at)
        team.tell(db, team.read_referrals(content_path), content_path, staff, at=at)
        after_treatment.tell(db, library, after_treatment.read_after_treatment(content_path), staff, at=at)
        handovers.tell(db, handovers.read_handovers(content_path), staff, at=at)
        own.tell(db, own.read_own(content_path), at=at)
        following.tell(db, library, at=at)
        editing.tell(db, library, editing.read_changes(content_path), staff, at=at)
        # They went out in the year that has passed.
        went_out = sa.update(OutboxMessage).where(OutboxMessage.next_attempt_at <= at)
        db.execute(went_out.values(status="sent", attempts=1, settled_at=OutboxMessage.created_at))
        audit.seal(db, at=at)
    return loaded
