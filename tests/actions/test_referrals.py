from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs, referrals, rehabilitation
from careplan.domain.identity import Actor, Capacity
from careplan.domain.tasks import Outcome, TaskKind
from careplan.library import Library
from careplan.models import CarePlan, Referral, Task, Unit
from careplan.queries.access import NotVisible, get_goal_for, get_plan_for, get_referral_for
from careplan.queries.roster import roster
from careplan.queries.worklist import open_tasks
from tests import make, stories

PROFESSIONS = {"physiotherapist", "dietitian"}
LATE = make.MONDAY + timedelta(days=3)


@pytest.fixture
def plan(db: Session, library: Library, clinic: make.Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


def sent(db: Session, clinic: make.Clinic, plan: CarePlan, **more: object) -> Referral:
    values = {
        "profession": "physiotherapist",
        "known": PROFESSIONS,
        "areas": ["strength"],
        "question": "Kan hon träna?",
        "contact": stories.contact(db, clinic, "astrid"),
        "by": clinic.actor["karin"],
        "at": make.MONDAY,
    }
    return referrals.refer(db, plan, **values | more)


def eva(db: Session, clinic: make.Clinic, title: str = "fysioterapeut") -> Actor:
    """Another member of the team, who has nothing to do with Astrid."""
    human = make.person(db, "Eva", "Ny", make.LONG_AGO)
    made = make.practitioner(db, human, title)
    make.seat(db, made, clinic.unit, Capacity.REHABILITATION)
    return Actor(
        human.id, Capacity.REHABILITATION, human.name, clinic.unit.id, clinic.unit.name, practitioner_id=made.id
    )


def task_of(db: Session, referral: Referral) -> Task:
    return db.scalars(sa.select(Task).where(Task.referral_id == referral.id, Task.status != "completed")).one()


def listed(db: Session, actor: Actor, at: object = make.MONDAY) -> list[UUID]:
    return [row.id for row in open_tasks(db, actor, at=at).rows]


def test_a_referral_waits_in_the_list_of_its_profession_and_in_nobody_elses(
    db: Session, clinic: make.Clinic, plan: CarePlan
) -> None:
    task = task_of(db, sent(db, clinic, plan))
    assert (task.kind, task.owner_id, task.cover_id) == (TaskKind.REFERRAL, None, clinic.practitioner["karin"])
    assert listed(db, clinic.actor["freja"]) == listed(db, eva(db, clinic)) == [task.id]
    for other in (clinic.actor["karin"], clinic.actor["nils"], clinic.actor["lars"]):
        assert listed(db, other) == []


def test_nobody_of_another_profession_sees_it(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    referral, dietitian = sent(db, clinic, plan), eva(db, clinic, "dietist")
    assert listed(db, dietitian) == []
    with pytest.raises(NotVisible):
        get_referral_for(db, dietitian, referral.id, at=make.MONDAY)


def test_the_nurse_sees_it_when_nobody_has_answered_in_time(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    task = task_of(db, sent(db, clinic, plan))
    assert task.due_at < LATE
    assert listed(db, clinic.actor["karin"], LATE) == [task.id]


def test_one_who_is_named_has_it_alone(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    referral = sent(db, clinic, plan, practitioner_id=clinic.practitioner["freja"])
    other = eva(db, clinic)
    assert listed(db, clinic.actor["freja"]) == [task_of(db, referral).id]
    assert listed(db, other) == []
    with pytest.raises(NotVisible):
        get_referral_for(db, other, referral.id, at=make.MONDAY)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"profession": "barber"}, referrals.UnknownProfession),
        ({"profession": "dietitian"}, referrals.NobodyThere),
        ({"practitioner_id": uuid4()}, referrals.NobodyThere),
        ({"question": "  "}, referrals.MissingQuestion),
    ],
)
def test_what_nobody_would_answer_is_not_sent(
    db: Session, clinic: make.Clinic, plan: CarePlan, wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sent(db, clinic, plan, **wrong)


def test_a_nurse_is_not_named_as_a_physiotherapist(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    with pytest.raises(referrals.NobodyThere):
        sent(db, clinic, plan, practitioner_id=clinic.practitioner["nils"])


def test_who_accepts_reaches_the_plan_and_nobody_else_does(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    referral, freja, other = sent(db, clinic, plan), clinic.actor["freja"], eva(db, clinic)
    for each in (freja, other):
        with pytest.raises(NotVisible):
            get_plan_for(db, each, plan.id, at=make.MONDAY)
    referrals.accept(db, referral, next_step="Freja ringer dig.", by=freja, at=make.MONDAY)
    assert get_plan_for(db, freja, plan.id, at=make.MONDAY) is plan
    assert listed(db, other) == []
    with pytest.raises(NotVisible):
        get_referral_for(db, other, referral.id, at=make.MONDAY)
    closed = db.scalars(sa.select(Task).where(Task.referral_id == referral.id)).one()
    assert (closed.status, closed.outcome, closed.next_step) == ("completed", Outcome.ACCEPTED, "Freja ringer dig.")


def test_of_two_who_accept_the_second_learns_who_was_first(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    referral, second = sent(db, clinic, plan), eva(db, clinic)
    referrals.accept(db, referral, next_step="", by=clinic.actor["freja"], at=make.MONDAY)
    with pytest.raises(referrals.ReferralAnswered, match="Freja Holm"):
        referrals.accept(db, referral, next_step="", by=second, at=make.MONDAY)


def test_one_that_comes_back_is_the_nurses_task_with_the_reason(
    db: Session, clinic: make.Clinic, plan: CarePlan
) -> None:
    referral, freja = sent(db, clinic, plan), clinic.actor["freja"]
    with pytest.raises(referrals.MissingReturnReason):
        contact = stories.contact(db, clinic, "astrid")
        referrals.send_back(db, referral, reason=" ", contact=contact, by=freja, at=make.MONDAY)
    back = referrals.send_back(db, referral, reason="Sår först", contact=contact, by=freja, at=make.MONDAY)
    assert (back.owner_id, back.summary) == (clinic.practitioner["karin"], "Kom tillbaka: Sår först")
    assert listed(db, clinic.actor["karin"]) == [back.id]
    with pytest.raises(NotVisible):
        get_referral_for(db, freja, referral.id, at=make.MONDAY)


def test_an_episode_ends_with_a_summary_in_the_plan_and_the_reviews_go_to_the_nurse(
    db: Session, clinic: make.Clinic, plan: CarePlan
) -> None:
    referral, freja = sent(db, clinic, plan), clinic.actor["freja"]
    contact = stories.contact(db, clinic, "astrid")
    referrals.accept(db, referral, next_step="", by=freja, at=make.MONDAY)
    goal = needs.set_goal(
        db,
        plan,
        text="Gå",
        measure="",
        review_on=make.MONDAY.date() + timedelta(days=14),
        activities=[],
        contact=contact,
        by=freja,
        at=make.MONDAY,
    )
    assert get_goal_for(db, freja, goal.id, at=make.MONDAY) is goal
    with pytest.raises(referrals.MissingSummary):
        referrals.close(db, referral, summary="", contact=contact, by=freja, at=make.MONDAY)
    referrals.close(db, referral, summary="Går längre nu", contact=contact, by=freja, at=make.MONDAY)
    review = db.scalars(sa.select(Task).where(Task.goal_id == goal.id)).one()
    assert review.owner_id == clinic.practitioner["karin"]
    revision = rehabilitation.sign(db, plan, by=freja, at=make.MONDAY)
    assert [each["summary"] for each in revision.content["referrals"]] == ["Går längre nu"]
    with pytest.raises(NotVisible):
        get_goal_for(db, freja, goal.id, at=make.MONDAY)
    with pytest.raises(referrals.ReferralAnswered):
        referrals.close(db, referral, summary="En gång till", contact=contact, by=freja, at=make.MONDAY)


def test_a_professional_of_another_unit_does_not_see_it(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    referral = sent(db, clinic, plan)
    elsewhere = db.get_one(Unit, clinic.other_unit.id)
    human = make.person(db, "Ulla", "Ek", make.LONG_AGO)
    made = make.practitioner(db, human, "fysioterapeut")
    make.seat(db, made, elsewhere, Capacity.REHABILITATION)
    ulla = Actor(human.id, Capacity.REHABILITATION, human.name, elsewhere.id, "", practitioner_id=made.id)
    with pytest.raises(NotVisible):
        get_referral_for(db, ulla, referral.id, at=make.MONDAY)
    assert listed(db, ulla) == []


def test_the_roster_says_whose_referrals_somebody_receives(db: Session, clinic: make.Clinic) -> None:
    found = {each.given_name: each.profession for each in roster(db, clinic.unit.id, at=make.MONDAY).values()}
    assert found == {"Freja": "physiotherapist", "Karin": "", "Nils": ""}
