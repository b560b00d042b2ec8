"""A plan with versions: what each of the tests of comparing, reading and printing them begins with."""

from datetime import datetime

from sqlalchemy.orm import Session

from careplan.actions import plans
from careplan.library import Library
from careplan.library.revisions import working_copy
from careplan.models import CarePlan, Patient, PlanRevision
from tests import stories
from tests.make import MONDAY, Clinic

TEMPLATE = "breast-cancer"


def first_version(db: Session, library: Library, clinic: Clinic, who: str = "astrid", **wanted: object) -> CarePlan:
    """Drafted and signed in the phase of surgery, with a note; committed."""
    patient = db.get_one(Patient, clinic.patient[who])
    by = clinic.actor["karin"]
    plan = plans.draft(db, library, patient, TEMPLATE, lang="sv", treatments=["surgery"], by=by, at=MONDAY)
    first: dict[str, object] = {"phase": "surgery", "notes": {"fatigue": "Vila efter lunch. Ring om du undrar."}}
    revise(db, library, clinic, plan, **(first | wanted))
    return plan


def revise(
    db: Session, library: Library, clinic: Clinic, plan: CarePlan, *, at: datetime = MONDAY, **wanted: object
) -> PlanRevision:
    """Change what is named, sign, and commit."""
    plan = db.get_one(CarePlan, plan.id)
    states = working_copy(library.plan(TEMPLATE, plan.lang), plan)
    values: dict[str, object] = {
        "treatments": plan.treatments,
        "shown": {chapter_id for chapter_id, state in states.items() if state.shown},
        "notes": {},
        "greeting": plan.greeting,
        "phase": plan.phase,
    }
    by = clinic.actor["karin"]
    values["shown"] = (set(values["shown"]) | set(wanted.pop("show", ()))) - set(wanted.pop("hide", ()))
    plans.edit(db, library, plan, **(values | wanted), by=by, at=at)
    who = next(name for name, patient_id in clinic.patient.items() if patient_id == plan.patient_id)
    revision = plans.sign(db, library, plan, contact=stories.contact(db, clinic, who, at), by=by, at=at)
    db.commit()
    db.close()
    return revision
