"""content/demo/referrals.yaml told to the actions: referrals within the team, and a signed rehabilitation plan."""

from datetime import datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from careplan.actions import codes, referrals, rehabilitation
from careplan.demo.clinic import Model
from careplan.demo.staff import Staff
from careplan.demo.times import later, local_day, wall
from careplan.domain.identity import Actor, Capacity
from careplan.domain.rehabilitation import Reply
from careplan.library.codes import action_codes
from careplan.library.professions import professions
from careplan.models import Account, CarePlan, Identifier, Patient
from careplan.queries.team import contact_for

NOON = time(12, 15)


class AnswerModel(Model):
    by: str
    days_ago: int
    next_step: str


class SignModel(Model):
    days_ago: int
    summary: str
    codes: list[str]
    approved: bool


class ReferralModel(Model):
    who: str = ""
    number: str = ""
    by: str
    profession: str
    days_ago: int
    question: str
    answer: AnswerModel | None = None
    sign: SignModel | None = None


def read_referrals(content_path: Path) -> list[ReferralModel]:
    given = yaml.safe_load((content_path / "demo/referrals.yaml").read_text(encoding="utf-8"))
    return [ReferralModel.model_validate(each) for each in given]


def tell(db: Session, told: list[ReferralModel], content_path: Path, staff: Staff, *, at: datetime) -> None:
    """Those of the patients who are there: a small clinic may lack some."""
    for each in told:
        patient = _patient(db, each)
        plan = (
            patient
            and db.scalars(
                sa.select(CarePlan).where(CarePlan.patient_id == patient.id, CarePlan.status == "active")
            ).first()
        )
        if patient and plan:
            _tell(db, each, patient, plan, content_path, staff, at=at)


def _tell(
    db: Session,
    given: ReferralModel,
    patient: Patient,
    plan: CarePlan,
    content_path: Path,
    staff: Staff,
    *,
    at: datetime,
) -> None:
    hours = plan.unit.opening_hours

    def day(ago: int) -> datetime:
        return min(later(hours, wall(local_day(at) - timedelta(days=ago), NOON)), at)

    asked = referrals.refer(
        db,
        plan,
        profession=given.profession,
        known=professions(content_path).professions,
        areas=professions(content_path).professions[given.profession].areas,
        question=given.question,
        contact=contact_for(db, patient.id, plan.unit_id, at=day(given.days_ago)),
        by=staff.actors[given.by],
        at=day(given.days_ago),
    )
    if given.answer is not None:
        answer = given.answer
        referrals.accept(db, asked, next_step=answer.next_step, by=staff.actors[answer.by], at=day(answer.days_ago))
    if given.sign is not None:
        _sign(db, given.sign, patient, plan, content_path, staff.actors[given.by], day(given.sign.days_ago))


def _sign(
    db: Session, given: SignModel, patient: Patient, plan: CarePlan, content_path: Path, by: Actor, at: datetime
) -> None:
    revision = rehabilitation.sign(db, plan, summary=given.summary, by=by, at=at)
    known = action_codes(content_path).texts
    codes.record(db, plan, given.codes, known=known, revision_id=revision.id, by=by, at=at)
    if given.approved:
        own = Actor(patient.person_id, Capacity.PATIENT, patient.person.name, patient_id=patient.id)
        contact = contact_for(db, patient.id, plan.unit_id, at=at)
        rehabilitation.reply(db, revision, answer=Reply.APPROVED, contact=contact, by=own, at=at + timedelta(hours=2))


def _patient(db: Session, given: ReferralModel) -> Patient | None:
    query = sa.select(Patient)
    if given.who:
        query = query.join(Account, Account.person_id == Patient.person_id).where(Account.username == given.who)
    else:
        query = query.join(Identifier, Identifier.person_id == Patient.person_id).where(
            Identifier.value == given.number
        )
    return db.scalars(query).first()
