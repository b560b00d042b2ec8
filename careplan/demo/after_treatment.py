"""content/demo/after-treatment.yaml told to the actions: chapters of the nurses' own, and treatment summaries."""

from datetime import datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from careplan.actions import own_chapters, plans, reading, treatment_summaries
from careplan.demo.clinic import Model
from careplan.demo.staff import Staff
from careplan.demo.times import local_day, wall
from careplan.domain.identity import Actor, Capacity
from careplan.library import Library
from careplan.library.personal import made_for
from careplan.models import Account, CarePlan, Patient
from careplan.queries.team import contact_for

SIGNED = time(14, 10)
LOOKED_AT = timedelta(hours=5)


class ChapterModel(Model):
    title: str
    phase: str
    text: str


class AfterModel(Model):
    who: str
    by: str
    days_ago: int
    chapter: ChapterModel
    summary: dict[str, str]


def read_after_treatment(content_path: Path) -> list[AfterModel]:
    given = yaml.safe_load((content_path / "demo/after-treatment.yaml").read_text(encoding="utf-8"))
    return [AfterModel.model_validate(each) for each in given]


def tell(db: Session, library: Library, given: list[AfterModel], staff: Staff, *, at: datetime) -> None:
    """Of the patients who are there: a small clinic may lack some."""
    for each in given:
        plan = db.scalars(
            sa.select(CarePlan)
            .join(Patient, Patient.id == CarePlan.patient_id)
            .join(Account, Account.person_id == Patient.person_id)
            .where(Account.username == each.who, CarePlan.status == "active")
        ).one_or_none()
        if plan is not None:
            _tell(db, library, each, plan, staff, at=wall(local_day(at) - timedelta(days=each.days_ago), SIGNED))


def _tell(db: Session, library: Library, given: AfterModel, plan: CarePlan, staff: Staff, *, at: datetime) -> None:
    by = staff.actors[given.by]
    contact = contact_for(db, plan.patient_id, plan.unit_id, at=at)
    chapter = given.chapter
    own_chapters.write(
        db,
        library,
        plan,
        chapter_id=None,
        title=chapter.title,
        text=chapter.text,
        phase=chapter.phase,
        by=by,
        at=at,
    )
    revision = plans.sign(db, library, plan, contact=contact, by=by, at=at)
    phone = {"phone": f"{contact.nurse_name}, {contact.phone}"}
    treatment_summaries.save(db, plan, given.summary | phone, by=by, at=at)
    title = made_for(db, library, plan).title
    treatment_summaries.sign(db, plan, title=title, contact=contact, by=by, at=at)
    person = plan.patient.person
    own = Actor(person.id, Capacity.PATIENT, person.name, patient_id=plan.patient_id)
    reading.read(db, plan.id, revision.number, by=own, at=at + LOOKED_AT)
