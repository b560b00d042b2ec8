"""Which plan each reader meets when a patient has one at each of two units."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import plans
from careplan.domain.identity import Actor
from careplan.library import Library
from careplan.models import CarePlan, Patient, Practitioner
from careplan.queries import patients, team
from careplan.queries import plan as plan_queries
from careplan.queries.access import NotVisible
from tests import make
from tests.make import MONDAY, Clinic


@pytest.fixture
def two_plans(db: Session, library: Library, clinic: Clinic) -> dict[str, CarePlan]:
    """Astrid in the care of two units, each with a signed plan; Lars's is the later one."""
    astrid = db.get_one(Patient, clinic.patient["astrid"])
    lars = db.get_one(Practitioner, clinic.practitioner["lars"])
    make.care(db, astrid, lars, clinic.other_unit)
    return {name: signed(db, library, astrid, clinic.actor[name]) for name in ("karin", "lars")}


def signed(db: Session, library: Library, patient: Patient, by: Actor) -> CarePlan:
    definition_id = next(iter(library.plans))[0]
    plan = plans.draft(db, library, patient, definition_id, lang="sv", treatments=(), by=by, at=MONDAY)
    contact = team.contact_for(db, patient.id, plan.unit_id, at=MONDAY)
    plans.sign(db, library, plan, contact=contact, by=by, at=MONDAY)
    return plan


def test_the_patient_reaches_both(db, clinic, two_plans):
    astrid = clinic.actor["astrid"]
    current = plan_queries.current_revision(db, astrid, clinic.patient["astrid"], at=MONDAY)
    others = plan_queries.other_plans(db, astrid, current.plan, at=MONDAY)
    assert {current.plan_id, *(other.id for other in others)} == {plan.id for plan in two_plans.values()}


@pytest.mark.parametrize(("name", "other"), [("karin", "lars"), ("lars", "karin")])
def test_each_unit_reaches_its_own_alone(db, clinic, two_plans, name, other):
    by = clinic.actor[name]
    assert patients.open_plan(db, by, clinic.patient["astrid"], at=MONDAY).id == two_plans[name].id
    assert plan_queries.other_plans(db, by, two_plans[name], at=MONDAY) == []
    with pytest.raises(NotVisible):
        plan_queries.revision_of(db, by, two_plans[other].id, at=MONDAY)
    with pytest.raises(NotVisible):
        plan_queries.for_editing(db, by, two_plans[other].id, at=MONDAY)


def test_the_list_of_a_unit_takes_a_fixed_number_of_statements(db, clinic, two_plans):
    by = clinic.actor["karin"]
    few = statements(db, lambda: patients.listing(db, by, at=MONDAY))
    karin = db.get_one(Practitioner, clinic.practitioner["karin"])
    for day in range(1, 21):
        human = make.person(db, f"Nr{day}", "Patient", MONDAY.date().replace(year=1950, day=day))
        make.care(db, make.patient(db, human), karin, clinic.unit)
    assert statements(db, lambda: patients.listing(db, by, at=MONDAY)) == few


def statements(db: Session, act: Callable[[], object]) -> int:
    db.expire_all()
    seen: list[str] = []
    connection = db.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
    act()
    return len(seen)
