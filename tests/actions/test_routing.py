"""Where open tasks go when people leave, patients move, units close, or nobody is there."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import absences, climbing, people, routing, staffing, tasks
from careplan.domain.climbing import Step
from careplan.domain.identity import Capacity
from careplan.domain.tasks import ResponseTimes, TaskKind
from careplan.jobs import SYSTEM
from careplan.library import Library
from careplan.models import (
    Account,
    Alarm,
    CareTeamMember,
    LoginSession,
    Membership,
    OutboxMessage,
    Patient,
    Provider,
    QuestionnaireResponse,
    Task,
    Unit,
)
from careplan.queries.access import NotVisible, get_patient_for, get_response_for, get_task_for
from careplan.queries.worklist import open_tasks
from tests import make, stories
from tests.make import MONDAY, Clinic


@pytest.fixture
def response(db: Session, library: Library, clinic: Clinic) -> QuestionnaireResponse:
    return stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})


@pytest.fixture
def task(db: Session, response: QuestionnaireResponse) -> Task:
    return stories.task_of(db, response)


def settle(db: Session, at=MONDAY) -> int:
    db.flush()
    done = routing.settle(db, by=SYSTEM, at=at)
    db.expire_all()
    return done


def seat_of(db: Session, clinic: Clinic, who: str) -> Membership:
    return db.scalars(sa.select(Membership).where(Membership.practitioner_id == clinic.practitioner[who])).one()


def away(db: Session, clinic: Clinic, who: str, cover: str | None = None, days: int = 1) -> None:
    absences.plan(
        db,
        practitioner_id=clinic.practitioner[who],
        unit_id=clinic.unit.id,
        first_on=MONDAY.date(),
        last_on=MONDAY.date() + timedelta(days=days - 1),
        cover_id=clinic.practitioner[cover] if cover else None,
        by=clinic.actor[who],
        at=MONDAY,
    )


def cared_for_at(db: Session, clinic: Clinic, unit: Unit, nurse: str) -> None:
    """Astrid moves: the old unit's care ended yesterday."""
    for member in db.scalars(sa.select(CareTeamMember).where(CareTeamMember.patient_id == clinic.patient["astrid"])):
        member.to_on = MONDAY.date() - timedelta(days=1)
    people.add_to_team(
        db,
        patient=db.get_one(Patient, clinic.patient["astrid"]),
        practitioner_id=clinic.practitioner[nurse],
        unit_id=unit.id,
        role=Capacity.CONTACT_NURSE,
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def test_where_somebody_is_there_nothing_moves(db: Session, task: Task) -> None:
    assert settle(db) == 0


def test_the_task_of_a_patient_who_moved_follows_with_its_answers_and_nothing_else(
    db: Session, clinic: Clinic, task: Task, response: QuestionnaireResponse
) -> None:
    due_at = task.due_at
    cared_for_at(db, clinic, clinic.other_unit, "lars")
    assert settle(db) == 1
    lars = clinic.actor["lars"]
    found = get_task_for(db, lars, task.id, at=MONDAY)
    assert (found.list_unit_id, found.owner_id, found.due_at) == (
        clinic.other_unit.id,
        clinic.practitioner["lars"],
        due_at,
    )
    assert get_response_for(db, lars, response.id, at=MONDAY).id == response.id
    assert [row.id for row in open_tasks(db, lars, at=MONDAY).rows] == [task.id]
    with pytest.raises(NotVisible):
        get_task_for(db, clinic.actor["karin"], task.id, at=MONDAY)
    assert settle(db) == 0


def test_a_unit_where_all_are_away_goes_to_the_providers_list_with_an_alarm_that_is_mailed_once_a_day(
    db: Session, clinic: Clinic, task: Task
) -> None:
    db.get_one(Provider, clinic.unit.provider_id).on_call_email = "jour@region.example"
    away(db, clinic, "karin", "nils", days=3)
    absences.plan(
        db,
        practitioner_id=clinic.practitioner["nils"],
        unit_id=clinic.unit.id,
        first_on=MONDAY.date(),
        last_on=MONDAY.date() + timedelta(days=2),
        cover_id=None,
        by=clinic.actor["nils"],
        at=MONDAY,
    )
    assert settle(db) == 1
    assert db.get_one(Task, task.id).with_provider_since == MONDAY
    alarm = db.scalars(sa.select(Alarm)).one()
    assert (alarm.kind, alarm.unit_id, alarm.count) == ("nobody-home", clinic.unit.id, 1)
    assert settle(db, MONDAY + timedelta(minutes=1)) == 0
    settle(db, MONDAY + timedelta(days=1))
    mails = db.scalars(sa.select(OutboxMessage).where(OutboxMessage.address != "")).all()
    assert [(mail.template, mail.address) for mail in mails] == [("alarm", "jour@region.example")] * 2
    settle(db, MONDAY + timedelta(days=4))
    assert db.get_one(Task, task.id).with_provider_since is None
    assert db.scalars(sa.select(Alarm)).one().ended_at == MONDAY + timedelta(days=4)


def test_an_uncovered_nurse_with_colleagues_leaves_her_tasks_to_the_shared_list(
    db: Session, clinic: Clinic, task: Task
) -> None:
    seat_of(db, clinic, "karin").cover_id = None
    away(db, clinic, "karin")
    assert settle(db) == 0
    (row,) = open_tasks(db, clinic.actor["nils"], at=MONDAY).rows
    assert row.owner.name == ""


def test_what_a_closed_unit_left_is_placed_with_another_unit_of_the_provider(
    db: Session, clinic: Clinic, task: Task, response: QuestionnaireResponse
) -> None:
    staffing.close_unit(db, db.get_one(Unit, clinic.unit.id), by=clinic.actor["olle"], at=MONDAY)
    db.expire_all()
    assert db.get_one(Task, task.id).with_provider_since == MONDAY
    with pytest.raises(routing.NobodyThere):
        routing.place(
            db,
            from_unit_id=clinic.unit.id,
            to=db.get_one(Unit, clinic.unit.id),
            by=clinic.actor["mia"],
            at=MONDAY,
        )
    to = db.get_one(Unit, clinic.other_unit.id)
    assert routing.place(db, from_unit_id=clinic.unit.id, to=to, by=clinic.actor["mia"], at=MONDAY) == 1
    assert settle(db) == 0
    lars = clinic.actor["lars"]
    found = get_task_for(db, lars, task.id, at=MONDAY)
    assert get_response_for(db, lars, response.id, at=MONDAY)
    with pytest.raises(NotVisible):
        get_patient_for(db, lars, clinic.patient["astrid"], at=MONDAY)
    tasks.complete(db, found, outcome="called", next_step="Lars har ringt.", by=lars, at=MONDAY)
    assert db.get_one(Task, task.id).status == "completed"


def test_what_stands_with_a_unit_is_not_placed_again(db: Session, clinic: Clinic, task: Task) -> None:
    to = db.get_one(Unit, clinic.other_unit.id)
    assert routing.place(db, from_unit_id=clinic.unit.id, to=to, by=clinic.actor["mia"], at=MONDAY) == 0


def test_whoever_leaves_is_logged_out_and_her_patients_and_tasks_go_to_the_successor(
    db: Session, clinic: Clinic, task: Task
) -> None:
    seat = seat_of(db, clinic, "karin")
    account_id = db.scalars(sa.select(Account.id).where(Account.username == "karin")).one()
    login = LoginSession(
        token_hash="0" * 64,
        account_id=account_id,
        membership_id=seat.id,
        created_at=MONDAY,
        last_seen_at=MONDAY,
    )
    db.add(login)
    db.flush()
    staffing.end_seat(db, seat, successor_id=clinic.practitioner["nils"], by=clinic.actor["mia"], at=MONDAY)
    db.expire_all()
    assert db.get_one(Task, task.id).owner_id == clinic.practitioner["nils"]
    assert stories.contact(db, clinic, "astrid").nurse_name == "Nils Berg"
    assert login.revoked_at == MONDAY


def test_without_a_successor_the_tasks_go_to_the_shared_list(db: Session, clinic: Clinic, task: Task) -> None:
    staffing.end_seat(db, seat_of(db, clinic, "karin"), successor_id=None, by=clinic.actor["mia"], at=MONDAY)
    db.expire_all()
    assert db.get_one(Task, task.id).owner_id is None
    assert [row.id for row in open_tasks(db, clinic.actor["nils"], at=MONDAY).rows] == [task.id]


def test_a_nurse_who_becomes_a_manager_owns_no_tasks(db: Session, clinic: Clinic, task: Task) -> None:
    staffing.change_seat(
        db,
        seat_of(db, clinic, "karin"),
        role=Capacity.MANAGER,
        phone="",
        cover_id=None,
        by=clinic.actor["mia"],
        at=MONDAY,
    )
    db.expire_all()
    assert db.get_one(Task, task.id).owner_id is None


def test_another_nurse_for_the_patient_is_another_owner(db: Session, clinic: Clinic, task: Task) -> None:
    patient = db.get_one(Patient, clinic.patient["astrid"])
    for _twice in range(2):
        staffing.name_nurse(
            db,
            patient,
            nurse_id=clinic.practitioner["nils"],
            unit_id=clinic.unit.id,
            by=clinic.actor["karin"],
            at=MONDAY,
        )
    assert db.get_one(Task, task.id).owner_id == clinic.practitioner["nils"]
    assert stories.contact(db, clinic, "astrid").nurse_name == "Nils Berg"


@pytest.mark.parametrize(("who", "error"), [("mia", staffing.OwnSeat), ("edith", staffing.RoleNotGiven)])
def test_nobody_changes_their_own_seat_or_one_that_is_not_a_managers_to_give(
    db: Session, clinic: Clinic, who: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        staffing.end_seat(db, seat_of(db, clinic, who), successor_id=None, by=clinic.actor["mia"], at=MONDAY)


def test_only_a_nurse_of_the_unit_takes_over(db: Session, clinic: Clinic) -> None:
    for other in ("lars", "freja", "karin"):
        with pytest.raises(staffing.UnknownColleague):
            staffing.end_seat(
                db,
                seat_of(db, clinic, "karin"),
                successor_id=clinic.practitioner[other],
                by=clinic.actor["mia"],
                at=MONDAY,
            )


def test_overdue_tasks_climb_a_step_each_working_day_and_never_down(
    db: Session, library: Library, clinic: Clinic
) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"fatigue": 7}))
    assert task.due_at == MONDAY + timedelta(days=2)
    reached = []
    for hours in (0, 47, 48, 71, 72, 95, 96, 167, 168, 300):
        climbing.climb(db, by=SYSTEM, at=MONDAY + timedelta(hours=hours))
        db.expire_all()
        reached.append(db.get_one(Task, task.id).climbed)
    # Monday to Wednesday, then Thursday, Friday, and over the weekend Monday.
    assert reached == [0, 0, 0, 0, Step.COVER, Step.COVER, Step.UNIT, Step.UNIT, Step.ALARM, Step.ALARM]
    assert db.scalars(sa.select(Alarm.kind)).all() == ["overdue"]
    assert climbing.climb(db, by=SYSTEM, at=MONDAY + timedelta(hours=301)) == 0
    tasks.complete(db, db.get_one(Task, task.id), outcome="called", next_step="", by=clinic.actor["karin"], at=MONDAY)
    climbing.climb(db, by=SYSTEM, at=MONDAY + timedelta(hours=302))
    assert db.scalars(sa.select(Alarm.ended_at)).one() is not None


def test_what_is_red_climbs_within_hours(db: Session, task: Task) -> None:
    reached = []
    for hours in (1, 2, 4, 5, 29):
        climbing.climb(db, by=SYSTEM, at=MONDAY + timedelta(hours=hours))
        db.expire_all()
        reached.append(db.get_one(Task, task.id).climbed)
    # Came 10.20, due 12.20; the unit closes at 16.
    assert reached == [Step.OWNER, Step.COVER, Step.UNIT, Step.UNIT, Step.ALARM]


def test_a_unit_without_hours_loses_no_task(db: Session, library: Library, clinic: Clinic) -> None:
    db.get_one(Unit, clinic.unit.id).hours = [None] * 7
    db.flush()
    db.expire_all()
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    assert (task.owner_id, task.due_at) == (None, MONDAY + timedelta(hours=2))
    for who in ("karin", "nils"):
        assert [row.id for row in open_tasks(db, clinic.actor[who], at=MONDAY).rows] == [task.id]
    assert settle(db) == 0


def test_the_units_own_times_are_those_of_the_task(db: Session, library: Library, clinic: Clinic) -> None:
    unit = db.get_one(Unit, clinic.unit.id)
    staffing.change_unit(
        db,
        unit,
        phone=unit.phone,
        hours=make.OFFICE_HOURS,
        extra_closed=[date(2026, 11, 17)],
        times=ResponseTimes(red_hours=4, yellow_days=1, message_days=3, paper_days=2),
        cover_text="",
        by=clinic.actor["mia"],
        at=MONDAY,
    )
    db.expire_all()
    red = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    yellow = stories.task_of(db, stories.sent(db, library, clinic, "bo", {"fatigue": 7}))
    assert red.due_at == MONDAY + timedelta(hours=4)
    assert yellow.due_at == MONDAY + timedelta(days=2)  # the day between is closed
    contact = stories.contact(db, clinic, "astrid")
    paper = tasks.open_task(
        db,
        kind=TaskKind.PAPER,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        contact=contact,
        summary="",
        starts_at=MONDAY,
        at=MONDAY,
    )
    assert paper.due_at == MONDAY + timedelta(days=3)
