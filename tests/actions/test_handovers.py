from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import climbing, handovers, referrals, routing, sweeping, taking_over
from careplan.actions.climbing import climb
from careplan.domain.climbing import Step
from careplan.domain.identity import Actor, Capacity
from careplan.domain.tasks import Outcome, TaskKind
from careplan.library import Library
from careplan.models import (
    CarePlan,
    CareTeamMember,
    Handover,
    OutboxMessage,
    Patient,
    PlanEvent,
    QuestionnaireRequest,
    Task,
    Unit,
)
from careplan.models.tasks import OPEN
from careplan.queries import handovers as queries
from careplan.queries.access import NotVisible, get_handover_for, get_patient_for, get_plan_for, get_task_for
from careplan.queries.team import contact_for
from careplan.queries.worklist import open_tasks
from tests import handing, make, stories

SYSTEM = Actor(UUID(int=0), Capacity.SYSTEM, "careplan")
TUESDAY = make.MONDAY + timedelta(days=1)
WEDNESDAY, THURSDAY = make.MONDAY + timedelta(days=2), make.MONDAY + timedelta(days=3)


@pytest.fixture
def plan(db: Session, library: Library, clinic: make.Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


@pytest.fixture
def petra(db: Session) -> Actor:
    return handing.centre(db)[1]


@pytest.fixture
def sent(db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor) -> Handover:
    return handing.request(db, clinic, plan, db.get_one(Unit, petra.unit_id))


def sender(db: Session, found: Handover, at: object = make.MONDAY) -> object:
    return contact_for(db, found.patient_id, found.unit_id, at=at)


def accepted(db: Session, found: Handover, petra: Actor) -> Handover:
    handovers.accept(db, found, contact=sender(db, found), by=petra, at=TUESDAY)
    return found


def completed(db: Session, library: Library, found: Handover, petra: Actor) -> Handover:
    accepted(db, found, petra)
    taking_over.confirm(db, library, found, spoken_on=WEDNESDAY.date(), by=petra, at=WEDNESDAY)
    return found


def listed(db: Session, actor: Actor, at: object = make.MONDAY) -> list[tuple[str, str]]:
    return [(row.group, row.summary) for row in open_tasks(db, actor, at=at).rows]


def test_it_stands_in_the_list_of_the_receiver_and_the_sender_waits(
    db: Session, clinic: make.Clinic, petra: Actor, sent: Handover
) -> None:
    assert listed(db, petra) == [("handover", "Överlämning situation")]
    assert listed(db, clinic.actor["karin"]) == []
    assert sent.status == "requested"


def test_the_patient_is_told_that_there_is_something_to_read_once_the_other_unit_answers_for_them(
    db: Session, library: Library, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    told = sa.select(sa.func.count()).select_from(OutboxMessage).where(OutboxMessage.template == "read")
    before = db.scalar(told)
    accepted(db, sent, petra)
    assert db.scalar(told) == before
    taking_over.confirm(db, library, sent, spoken_on=WEDNESDAY.date(), by=petra, at=WEDNESDAY)
    assert db.scalar(told) == before + 1


def test_the_receiver_answers_by_the_days_of_its_own_unit(
    db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor
) -> None:
    there = db.get_one(Unit, petra.unit_id)
    there.response_times = {"handover_days": 1, "first_contact_days": 2}
    found = handing.request(db, clinic, plan, there)
    due = sa.select(Task.due_at).where(Task.list_unit_id == there.id, Task.status.in_(OPEN))
    assert db.scalar(due) == TUESDAY
    handovers.accept(db, found, contact=sender(db, found), by=petra, at=TUESDAY)
    assert db.scalar(due) == THURSDAY


def test_the_sender_is_responsible_until_contact_is_confirmed(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    for step in (lambda: None, lambda: accepted(db, sent, petra)):
        step()
        team = db.scalars(sa.select(CareTeamMember.unit_id).where(CareTeamMember.patient_id == plan.patient_id)).all()
        assert team == [clinic.unit.id]
        assert plan.unit_id == clinic.unit.id
        with pytest.raises(NotVisible):
            get_patient_for(db, petra, plan.patient_id, at=TUESDAY)
    taking_over.confirm(db, library, sent, spoken_on=WEDNESDAY.date(), by=petra, at=WEDNESDAY)
    assert get_patient_for(db, petra, plan.patient_id, at=WEDNESDAY).id == plan.patient_id
    assert get_plan_for(db, petra, plan.id, at=WEDNESDAY).unit_id == petra.unit_id
    with pytest.raises(NotVisible):
        get_patient_for(db, clinic.actor["karin"], plan.patient_id, at=WEDNESDAY)
    events = db.execute(sa.select(PlanEvent.kind, PlanEvent.on).where(PlanEvent.kind == "primary-care")).all()
    assert events == [("primary-care", WEDNESDAY.date())]
    assert contact_for(db, plan.patient_id, petra.unit_id, at=WEDNESDAY).nurse_name == "Petra Grahn"


def test_open_tasks_and_forms_follow_the_patient_to_another_provider(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    red = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 9}))
    completed(db, library, sent, petra)
    db.expire_all()
    assert (red.list_unit_id, red.owner_id, red.with_provider_since) == (petra.unit_id, petra.practitioner_id, None)
    assert get_task_for(db, petra, red.id, at=WEDNESDAY) is red
    asked = sa.select(QuestionnaireRequest.unit_id).where(QuestionnaireRequest.status.in_(OPEN))
    assert set(db.scalars(asked)) <= {petra.unit_id}
    assert routing.settle(db, by=SYSTEM, at=WEDNESDAY) == 0
    assert set(sweeping.sweep(db, by=SYSTEM, at=WEDNESDAY)) <= {"stuck-notice"}  # nobody sends them here


def test_who_has_not_answered_in_two_working_days_is_seen_by_the_sender_and_it_climbs(
    db: Session, clinic: make.Clinic, sent: Handover
) -> None:
    assert listed(db, clinic.actor["karin"], at=WEDNESDAY - timedelta(minutes=1)) == []
    late = listed(db, clinic.actor["karin"], at=WEDNESDAY)
    assert late == [("handover", "Vårdcentralen Älven har inte svarat på överlämningen")]
    climb(db, by=SYSTEM, at=make.MONDAY + timedelta(days=4))
    steps = set(db.scalars(sa.select(Task.climbed).where(Task.handover_id == sent.id)))
    assert steps == {Step.UNIT}


def test_contact_that_is_not_confirmed_in_five_working_days_is_seen_by_both(
    db: Session, clinic: make.Clinic, petra: Actor, sent: Handover
) -> None:
    accepted(db, sent, petra)
    in_time, late = TUESDAY + timedelta(days=6), TUESDAY + timedelta(days=7)
    assert listed(db, clinic.actor["karin"], at=in_time) == []
    assert listed(db, petra, at=in_time) == [("handover", "Tala med patienten och bekräfta kontakten")]
    assert [group for group, _summary in listed(db, clinic.actor["karin"], at=late)] == ["handover"]
    assert all(row.left.due_at <= late for row in open_tasks(db, petra, at=late).rows)


def test_declined_it_is_a_task_of_the_sender_with_the_reason(
    db: Session, clinic: make.Clinic, petra: Actor, sent: Handover
) -> None:
    handovers.decline(db, sent, words=" Fullt. ", contact=sender(db, sent), by=petra, at=TUESDAY)
    assert listed(db, clinic.actor["karin"], at=TUESDAY) == [("handover", "Vårdcentralen Älven tackade nej: Fullt.")]
    assert listed(db, petra, at=TUESDAY) == []
    with pytest.raises(NotVisible):
        get_handover_for(db, petra, sent.id, at=TUESDAY)
    handovers.keep(db, sent, by=clinic.actor["karin"], at=TUESDAY)
    assert listed(db, clinic.actor["karin"], at=TUESDAY) == []
    closed = db.scalars(sa.select(Task.outcome).where(Task.handover_id == sent.id)).all()
    assert sorted(closed) == [Outcome.NO_ACTION, Outcome.RETURNED, Outcome.RETURNED]


def test_one_that_is_open_is_not_put_away(db: Session, clinic: make.Clinic, petra: Actor, sent: Handover) -> None:
    with pytest.raises(handovers.HandoverAnswered):
        handovers.keep(db, sent, by=clinic.actor["karin"], at=TUESDAY)
    assert [group for group, _summary in listed(db, petra)] == ["handover"]


def test_a_new_handover_closes_the_task_of_the_declined_one(
    db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    handovers.decline(db, sent, words="Fullt.", contact=sender(db, sent), by=petra, at=TUESDAY)
    handing.request(db, clinic, plan, clinic.other_unit, TUESDAY)
    assert listed(db, clinic.actor["karin"], at=TUESDAY) == []
    assert [group for group, _summary in listed(db, clinic.actor["lars"], at=TUESDAY)] == ["handover"]


def test_taken_back_it_is_gone_for_the_receiver(db: Session, clinic: make.Clinic, petra: Actor, sent: Handover) -> None:
    accepted(db, sent, petra)
    handovers.revoke(db, sent, words="Astrid stannar.", by=clinic.actor["karin"], at=TUESDAY)
    assert listed(db, petra, at=TUESDAY) == listed(db, clinic.actor["karin"], at=THURSDAY + timedelta(days=9)) == []
    with pytest.raises(NotVisible):
        get_handover_for(db, petra, sent.id, at=TUESDAY)


REFUSED: list[tuple[Callable[..., object], type[Exception]]] = [
    (
        lambda db, _lib, sent, petra: handovers.accept(db, sent, contact=sender(db, sent), by=petra, at=TUESDAY),
        handovers.HandoverAnswered,
    ),
    (
        lambda db, _lib, sent, petra: handovers.decline(
            db, sent, words="Nej", contact=sender(db, sent), by=petra, at=TUESDAY
        ),
        handovers.HandoverAnswered,
    ),
    (
        lambda db, _lib, sent, petra: handovers.revoke(db, sent, words="Nej", by=petra, at=TUESDAY),
        handovers.HandoverAnswered,
    ),
    (
        lambda db, lib, sent, petra: taking_over.confirm(
            db, lib, sent, spoken_on=WEDNESDAY.date(), by=petra, at=WEDNESDAY
        ),
        handovers.HandoverAnswered,
    ),
]


@pytest.mark.parametrize(("act", "error"), REFUSED)
def test_what_is_completed_stays_so(
    db: Session, library: Library, petra: Actor, sent: Handover, act: Callable[..., object], error: type[Exception]
) -> None:
    completed(db, library, sent, petra)
    with pytest.raises(error):
        act(db, library, sent, petra)


def test_contact_is_not_confirmed_before_it_is_accepted(
    db: Session, library: Library, petra: Actor, sent: Handover
) -> None:
    with pytest.raises(taking_over.NotAccepted):
        taking_over.confirm(db, library, sent, spoken_on=make.MONDAY.date(), by=petra, at=make.MONDAY)
    assert sent.status == "requested"


@pytest.mark.parametrize("spoken_on", [make.MONDAY.date() - timedelta(days=1), WEDNESDAY.date() + timedelta(days=1)])
def test_contact_was_not_before_the_handover_and_not_tomorrow(
    db: Session, library: Library, petra: Actor, sent: Handover, spoken_on: date
) -> None:
    accepted(db, sent, petra)
    with pytest.raises(taking_over.ContactNotPossible):
        taking_over.confirm(db, library, sent, spoken_on=spoken_on, by=petra, at=WEDNESDAY)
    assert sent.status == "accepted"


def test_one_receiver_at_a_time_and_the_same_page_twice_is_one_handover(
    db: Session, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    there = db.get_one(Unit, petra.unit_id)
    assert handing.request(db, clinic, plan, there, key=sent.id) is sent
    with pytest.raises(handovers.HandoverOpen) as error:
        handing.request(db, clinic, plan, clinic.other_unit)
    assert error.value.to == "Vårdcentralen Älven"
    assert db.scalar(sa.select(sa.func.count()).select_from(Handover)) == 1


def test_a_unit_that_is_closed_empty_or_ones_own_receives_nothing(
    db: Session, clinic: make.Clinic, plan: CarePlan
) -> None:
    empty, _nobody = handing.centre(db, nurses=False)
    with pytest.raises(handovers.NoReceiver):
        handing.request(db, clinic, plan, empty)
    db.get_one(Unit, clinic.other_unit.id).closed_on = make.MONDAY.date()
    db.flush()
    with pytest.raises(handovers.NoReceiver):
        handing.request(db, clinic, plan, clinic.other_unit)
    with pytest.raises(handovers.OwnUnit):
        handing.request(db, clinic, plan, clinic.unit)
    with pytest.raises(handovers.UnknownReason):
        handing.request(db, clinic, plan, clinic.other_unit, reason="bored")
    assert queries.receivers(db, clinic.actor["karin"], at=make.MONDAY) == []


def test_nobody_hands_over_who_has_died(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    accepted(db, sent, petra)
    db.get_one(Patient, plan.patient_id).deceased_on = TUESDAY.date()
    db.flush()
    with pytest.raises(handovers.PatientDied):
        taking_over.confirm(db, library, sent, spoken_on=WEDNESDAY.date(), by=petra, at=WEDNESDAY)
    with pytest.raises(handovers.PatientDied):
        handing.request(db, clinic, plan, clinic.other_unit)


def test_another_unit_sees_nothing_of_it(db: Session, clinic: make.Clinic, sent: Handover) -> None:
    for who in ("lars", "freja", "mia", "astrid"):
        with pytest.raises(NotVisible):
            get_handover_for(db, clinic.actor[who], sent.id, at=make.MONDAY)
    assert listed(db, clinic.actor["lars"]) == listed(db, clinic.actor["freja"]) == []


def test_a_question_goes_to_the_sender_with_a_day_for_the_answer(
    db: Session, library: Library, clinic: make.Clinic, petra: Actor, sent: Handover
) -> None:
    waits = taking_over.ask(
        db, sent, text="Hur länge?", subject="Fråga", contact=sender(db, sent), key=uuid4(), by=petra, at=make.MONDAY
    )
    assert waits is not None and waits.due_at == WEDNESDAY
    assert [row.group for row in open_tasks(db, clinic.actor["karin"], at=make.MONDAY).rows] == ["message"]
    assert len(queries.standing(db, petra, sent, at=make.MONDAY).questions) == 1
    completed(db, library, sent, petra)
    assert [row.group for row in open_tasks(db, clinic.actor["karin"], at=THURSDAY).rows] == ["message"]
    assert routing.settle(db, by=SYSTEM, at=THURSDAY) == 0


def test_a_review_is_booked_and_moved_and_never_in_the_past(
    db: Session, library: Library, petra: Actor, sent: Handover
) -> None:
    completed(db, library, sent, petra)
    contact = contact_for(db, sent.patient_id, sent.to_unit_id, at=WEDNESDAY)
    on = WEDNESDAY.date() + timedelta(days=30)
    for day in (on, on + timedelta(days=7)):
        task = taking_over.book_review(db, sent, on=day, contact=contact, by=petra, at=WEDNESDAY)
        assert task.starts_at.date() <= day <= task.due_at.date()
    assert db.scalar(sa.select(sa.func.count()).where(Task.kind == TaskKind.REVIEW)) == 1
    for day in (WEDNESDAY.date() - timedelta(days=1), WEDNESDAY.date() + timedelta(days=900)):
        with pytest.raises(taking_over.ReviewNotPossible):
            taking_over.book_review(db, sent, on=day, contact=contact, by=petra, at=WEDNESDAY)


def test_on_suspicion_of_relapse_the_former_unit_has_a_red_task_within_hours(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    completed(db, library, sent, petra)
    contact = contact_for(db, sent.patient_id, sent.to_unit_id, at=THURSDAY)
    back = taking_over.send_back(db, sent, words="Knöl i ärret", contact=contact, key=uuid4(), by=petra, at=THURSDAY)
    (row,) = open_tasks(db, clinic.actor["karin"], at=THURSDAY).rows
    assert (row.group, row.summary) == ("now", "Misstänkt återfall. Knöl i ärret")
    assert row.left.due_at == THURSDAY + timedelta(hours=2)
    assert set(sweeping.sweep(db, by=SYSTEM, at=THURSDAY)) <= {"stuck-notice"}
    karin = clinic.actor["karin"]
    handovers.accept(db, back, contact=contact, by=karin, at=THURSDAY)
    taking_over.confirm(db, library, back, spoken_on=THURSDAY.date(), by=karin, at=THURSDAY)
    assert plan.unit_id == clinic.unit.id
    assert get_patient_for(db, karin, plan.patient_id, at=THURSDAY)
    with pytest.raises(NotVisible):
        get_patient_for(db, petra, plan.patient_id, at=THURSDAY)


def test_a_referral_that_nobody_answered_ends_and_one_that_goes_on_is_ended_by_who_has_it(
    db: Session, library: Library, clinic: make.Clinic, plan: CarePlan, petra: Actor, sent: Handover
) -> None:
    asked = [
        referrals.refer(
            db,
            plan,
            profession="physiotherapist",
            known={"physiotherapist"},
            areas=["strength"],
            question=question,
            contact=sender(db, sent),
            by=clinic.actor["karin"],
            at=make.MONDAY,
        )
        for question in ("Kan hon träna?", "Kan hon simma?")
    ]
    freja = clinic.actor["freja"]
    referrals.accept(db, asked[0], next_step="", by=freja, at=make.MONDAY)
    completed(db, library, sent, petra)
    assert [each.status for each in asked] == ["accepted", "cancelled"]
    assert get_plan_for(db, freja, plan.id, at=WEDNESDAY) is plan
    referrals.close(db, asked[0], summary="Klart", contact=sender(db, sent), by=freja, at=WEDNESDAY)
    with pytest.raises(NotVisible):
        get_plan_for(db, freja, plan.id, at=WEDNESDAY)
    assert [row.group for row in open_tasks(db, petra, at=WEDNESDAY).rows if row.group == "referral"] == []


def test_climbing_twice_is_as_once(db: Session, sent: Handover) -> None:
    late = make.MONDAY + timedelta(days=9)
    climbing.climb(db, by=SYSTEM, at=late)
    assert climbing.climb(db, by=SYSTEM, at=late) == 0
