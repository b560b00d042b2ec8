"""What happened before a test begins, through the actions: a signed plan, a sent form."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import plans, responses
from careplan.domain.answers import Answer, answered
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.team import Contact
from careplan.library import Library
from careplan.models import CarePlan, Draft, Patient, QuestionnaireResponse, Task
from careplan.queries.answers import asked_form
from careplan.queries.team import contact_for
from tests import make

FORM = "weekly-symptoms"


def contact(db: Session, clinic: make.Clinic, who: str, at: datetime = make.MONDAY) -> Contact:
    return contact_for(db, clinic.patient[who], clinic.unit.id, at=at)


def drafted_plan(
    db: Session,
    library: Library,
    clinic: make.Clinic,
    who: str = "astrid",
    *,
    template: str = "breast-cancer",
    at: datetime = make.MONDAY,
) -> CarePlan:
    """A plan that the patient's nurse has begun."""
    patient = db.get_one(Patient, clinic.patient[who])
    return plans.draft(db, library, patient, template, lang="sv", treatments=(), by=clinic.actor["karin"], at=at)


def signed_plan(
    db: Session,
    library: Library,
    clinic: make.Clinic,
    who: str = "astrid",
    *,
    template: str = "breast-cancer",
    at: datetime = make.MONDAY - timedelta(days=70),
) -> CarePlan:
    """A plan that the patient's nurse has signed."""
    plan = drafted_plan(db, library, clinic, who, template=template, at=at)
    plans.sign(db, library, plan, contact=contact(db, clinic, who, at), by=clinic.actor["karin"], at=at)
    return plan


def treatment_began(db: Session, library: Library, clinic: make.Clinic, plan: CarePlan, on: date, title: str) -> None:
    plans.record_event(
        db, library, plan, kind="treatment-start", on=on, title=title, by=clinic.actor["karin"], at=make.MONDAY
    )


def sent(
    db: Session,
    library: Library,
    clinic: make.Clinic,
    who: str,
    answers: dict[str, int | str | Answer],
    *,
    at: datetime = make.MONDAY,
    form: str = FORM,
    questionnaire: Questionnaire | None = None,
    asks_again: bool = False,
    **sending: object,
) -> QuestionnaireResponse:
    """A form that the patient has answered and sent at this moment, with what it raises."""
    by = clinic.actor[who]
    asked = responses.request(
        db,
        library,
        patient_id=clinic.patient[who],
        unit_id=clinic.unit.id,
        questionnaire_id=form,
        entry_key=str(uuid4()),
        opens_at=at - timedelta(days=1),
        due_at=at + timedelta(days=3),
        closes_at=at + timedelta(days=6),
        by=clinic.actor["karin"],
        at=at - timedelta(days=1),
    )
    form_sent = questionnaire or asked_form(db, asked)
    begun = responses.start(db, asked, lang="sv", by=by, at=at)
    for link_id, value in answers.items():
        answer = value if isinstance(value, Answer) else answered(value)
        if responses.save_answer(db, form_sent, begun, link_id, answer, by=by, at=at) is not None:
            responses.acknowledge(db, begun, link_id, at=at)
    return responses.submit(
        db,
        form_sent,
        begun,
        responses.Sending(**sending),
        contact=contact(db, clinic, who, at),
        version=begun.version,
        follow_up=responses.form_asked_again(library, form_sent) if asks_again else None,
        by=by,
        at=at,
    ).response


def asked(
    db: Session, library: Library, clinic: make.Clinic, patient_id: UUID, form: str, *, at: datetime = make.MONDAY
) -> Draft:
    """A form that was asked for and has been begun."""
    by = clinic.actor["karin"]
    request = responses.request(
        db,
        library,
        patient_id=patient_id,
        unit_id=clinic.unit.id,
        questionnaire_id=form,
        entry_key=str(uuid4()),
        opens_at=at - timedelta(days=1),
        due_at=at + timedelta(days=3),
        closes_at=at + timedelta(days=6),
        by=by,
        at=at,
    )
    return responses.start(db, request, lang="sv", by=by, at=at)


def task_of(db: Session, response: QuestionnaireResponse) -> Task:
    return db.scalars(sa.select(Task).where(Task.response_id == response.id)).one()


def names(ids: list[UUID], clinic: make.Clinic) -> list[str]:
    """Patients by their names in the cast."""
    known = {patient_id: name for name, patient_id in clinic.patient.items()}
    return [known[patient_id] for patient_id in ids]
