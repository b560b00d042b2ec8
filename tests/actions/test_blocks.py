from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import blocks, handovers, routing
from careplan.domain.identity import Actor
from careplan.library import Library
from careplan.models import AuditEvent, CarePlan, Handover, Task, Unit
from careplan.queries import blocks as queries
from careplan.queries.access import NotVisible, get_handover_for, get_response_for, get_task_for
from careplan.queries.worklist import open_tasks
from tests import handing, make, stories


@pytest.fixture
def plan(db: Session, library: Library, clinic: make.Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


@pytest.fixture
def petra(db: Session) -> Actor:
    return handing.centre(db)[1]


def barred(db: Session, clinic: make.Clinic, reader: Unit | None) -> blocks.Block:
    return blocks.block(
        db,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        barred_id=reader.id if reader else None,
        by=clinic.actor["astrid"],
        at=make.MONDAY,
    )


def moved_to_lars(db: Session, library: Library, clinic: make.Clinic) -> Task:
    """A red task of Astrid's, in the list of Lars' unit, as when her own unit has nobody there."""
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 9}))
    task.list_unit_id = clinic.other_unit.id
    db.flush()
    return task


@pytest.mark.parametrize("all_others", [True, False])
def test_a_handover_to_a_barred_unit_is_refused(
    db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor, all_others: bool
) -> None:
    there = db.get_one(Unit, petra.unit_id)
    barred(db, clinic, None if all_others else there)
    with pytest.raises(handovers.Blocked):
        handing.request(db, clinic, plan, there)
    assert db.scalar(sa.select(Handover.id)) is None


def test_a_block_for_one_unit_lets_others_receive(
    db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor
) -> None:
    barred(db, clinic, clinic.other_unit)
    assert handing.request(db, clinic, plan, db.get_one(Unit, petra.unit_id)).is_open


def test_a_handover_on_its_way_stays_with_the_sender_who_is_told(
    db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor
) -> None:
    sent = handing.request(db, clinic, plan, db.get_one(Unit, petra.unit_id))
    barred(db, clinic, None)
    assert sent.status == "revoked"
    with pytest.raises(NotVisible):
        get_handover_for(db, petra, sent.id, at=make.MONDAY)
    assert open_tasks(db, petra, at=make.MONDAY).rows == []
    assert {row.summary for row in open_tasks(db, clinic.actor["karin"], at=make.MONDAY).rows} == {handovers.BARRED}


def test_what_stands_in_a_barred_units_list_goes_home_and_stays_there(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan
) -> None:
    task, lars = moved_to_lars(db, library, clinic), clinic.actor["lars"]
    assert get_task_for(db, lars, task.id, at=make.MONDAY) is task
    assert get_response_for(db, lars, task.response_id, at=make.MONDAY)
    barred(db, clinic, clinic.other_unit)
    assert (task.list_unit_id, task.owner_id) == (clinic.unit.id, clinic.practitioner["karin"])
    routing.settle(db, by=lars, at=make.MONDAY)
    for look in (get_task_for, get_response_for):
        with pytest.raises(NotVisible):
            look(db, lars, task.id if look is get_task_for else task.response_id, at=make.MONDAY)
    assert open_tasks(db, lars, at=make.MONDAY).rows == []


def test_it_is_opened_in_an_emergency_by_one_person_for_some_hours(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan
) -> None:
    lars, patient_id = clinic.actor["lars"], clinic.patient["astrid"]
    barred(db, clinic, None)
    task = moved_to_lars(db, library, clinic)
    with pytest.raises(NotVisible):
        get_task_for(db, lars, task.id, at=make.MONDAY)
    with pytest.raises(blocks.MissingEmergency):
        blocks.open_in_emergency(db, patient_id, reason=" ", by=lars, at=make.MONDAY)
    blocks.open_in_emergency(db, patient_id, reason="Medvetslös", by=lars, at=make.MONDAY)
    assert get_task_for(db, lars, task.id, at=make.MONDAY) is task
    with pytest.raises(NotVisible):
        get_task_for(db, lars, task.id, at=make.MONDAY + blocks.OPEN_FOR)
    colleague = make.practitioner(db, make.person(db, "Tea", "Ny", make.LONG_AGO), "sjuksköterska")
    other = Actor(
        colleague.person_id, lars.capacity, "Tea Ny", lars.unit_id, lars.unit_name, practitioner_id=colleague.id
    )
    with pytest.raises(NotVisible):
        get_task_for(db, other, task.id, at=make.MONDAY)
    (opened,) = queries.openings(db, patient_id)
    assert (opened.reason, opened.practitioner.name) == ("Medvetslös", "Lars Wik")
    logged = db.execute(
        sa.select(AuditEvent.person_name, AuditEvent.patient_id).where(AuditEvent.action == "open-block")
    )
    assert logged.all() == [("Lars Wik", patient_id)]


def test_there_is_nothing_to_open_where_nothing_is_blocked(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    barred(db, clinic, None)
    for who in ("karin", "lars"):
        patient_id = clinic.patient["astrid" if who == "karin" else "sven"]
        with pytest.raises(blocks.NothingBlocked):
            blocks.open_in_emergency(db, patient_id, reason="Fara", by=clinic.actor[who], at=make.MONDAY)


def test_a_block_hides_nothing_from_the_unit_itself(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan
) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 9}))
    barred(db, clinic, None)
    assert get_task_for(db, clinic.actor["karin"], task.id, at=make.MONDAY) is task
    assert not queries.is_hidden_from(db, clinic.actor["karin"], clinic.patient["astrid"], at=make.MONDAY)
    assert queries.is_hidden_from(db, clinic.actor["lars"], clinic.patient["astrid"], at=make.MONDAY)


def test_made_twice_it_is_one_and_lifted_it_is_over_at_once(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    made, later = barred(db, clinic, None), make.MONDAY + timedelta(hours=1)
    assert barred(db, clinic, None) is made
    for _twice in range(2):
        blocks.lift(db, made, by=clinic.actor["astrid"], at=later)
    assert made.to_at == later
    assert not blocks.is_blocked(db, clinic.patient["astrid"], clinic.other_unit.id, at=later)
    assert handing.request(db, clinic, plan, clinic.other_unit, later).is_open


@pytest.mark.parametrize("who", ["karin", "lina", "bo", "mia", "olle"])
def test_only_the_patient_makes_and_lifts_one(db: Session, clinic: make.Clinic, who: str) -> None:
    made = barred(db, clinic, None)
    with pytest.raises(blocks.NotYours):
        blocks.lift(db, made, by=clinic.actor[who], at=make.MONDAY)
    with pytest.raises(blocks.NotYours):
        blocks.block(
            db,
            patient_id=clinic.patient["astrid"],
            unit_id=clinic.unit.id,
            barred_id=None,
            by=clinic.actor[who],
            at=make.MONDAY,
        )


def test_a_unit_that_never_cared_for_the_patient_has_nothing_to_hide(db: Session, clinic: make.Clinic) -> None:
    for unit, reader in ((clinic.other_unit, None), (clinic.unit, clinic.unit)):
        with pytest.raises(blocks.UnknownUnit):
            blocks.block(
                db,
                patient_id=clinic.patient["astrid"],
                unit_id=unit.id,
                barred_id=reader.id if reader else None,
                by=clinic.actor["astrid"],
                at=make.MONDAY,
            )
