from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from careplan.actions import codes, needs, rehabilitation
from careplan.domain.needs import GoalOutcome
from careplan.domain.rehabilitation import Reply
from careplan.domain.tasks import TaskKind
from careplan.library import Library
from careplan.models import CarePlan, Goal, OutboxMessage, RecordedCode, RehabilitationRevision, Task
from tests import make, stories

DECEMBER = date(2026, 12, 1)
KNOWN = {"AW020": "Upprättande av rehabiliteringsplan"}


@pytest.fixture
def plan(db: Session, library: Library, clinic: make.Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


def goal(db: Session, clinic: make.Clinic, plan: CarePlan, text: str = "Gå till affären", **activity: object) -> Goal:
    return needs.set_goal(
        db,
        plan,
        text=text,
        measure="",
        review_on=DECEMBER,
        activities=[needs.PlannedActivity("Promenad", **activity)],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )


def signed(db: Session, clinic: make.Clinic, plan: CarePlan, **more: object) -> RehabilitationRevision:
    return rehabilitation.sign(db, plan, **{"by": clinic.actor["karin"], "at": make.MONDAY} | more)


def test_a_version_holds_what_was_agreed_on(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    goal(db, clinic, plan, profession="dietitian", due_on=date(2026, 11, 20), is_self_care=False)
    revision = signed(db, clinic, plan, summary=" Orkar mindre ")
    (agreed,) = revision.content["goals"]
    (walk,) = agreed["activities"]
    assert (revision.number, revision.content["summary"], agreed["review_on"]) == (1, "Orkar mindre", "2026-12-01")
    assert (walk["who"], walk["profession"], walk["due_on"]) == ("", "dietitian", "2026-11-20")


def test_each_change_is_a_version_and_no_change_is_none(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    first = goal(db, clinic, plan)
    assert signed(db, clinic, plan).id == signed(db, clinic, plan).id
    later = make.MONDAY + timedelta(days=15)
    needs.review(db, first, outcome=GoalOutcome.ACHIEVED, next_step="Fortsätt gå", by=clinic.actor["karin"], at=later)
    second = signed(db, clinic, plan, at=later)
    assert (second.number, second.content["goals"]) == (2, [])
    assert second.content["closed"][0]["next_step"] == "Fortsätt gå"


def test_a_summary_stays_until_somebody_writes_another(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    signed(db, clinic, plan, summary="Orkar mindre")
    goal(db, clinic, plan)
    assert signed(db, clinic, plan).content["summary"] == "Orkar mindre"


def test_a_signed_version_never_changes(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    revision = signed(db, clinic, plan, summary="Orkar mindre")
    db.commit()
    revision.content = {"summary": "Något annat"}
    with pytest.raises(DatabaseError):
        db.flush()


def test_an_empty_plan_is_not_signed(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    with pytest.raises(rehabilitation.NothingPlanned):
        signed(db, clinic, plan, summary=" ")


def test_who_has_not_seen_the_last_version_signs_nothing(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    signed(db, clinic, plan, summary="Från Karin", seen=0)
    with pytest.raises(rehabilitation.RehabilitationChanged):
        signed(db, clinic, plan, summary="Från Nils", seen=0, by=clinic.actor["nils"])


def reply(db: Session, clinic: make.Clinic, revision: RehabilitationRevision, answer: Reply, text: str = "") -> None:
    contact = stories.contact(db, clinic, "astrid")
    by = clinic.actor["astrid"]
    rehabilitation.reply(db, revision, answer=answer, text=text, contact=contact, by=by, at=make.MONDAY)


def test_the_patient_approves_a_version_once(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    revision = signed(db, clinic, plan, summary="Orkar mindre")
    for _click in range(2):
        reply(db, clinic, revision, Reply.APPROVED)
    db.expire(revision)
    assert [(each.answer, each.answered_at) for each in revision.answers] == [("approved", make.MONDAY)]


def test_a_wish_for_a_change_is_a_task_of_the_nurse(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    revision = signed(db, clinic, plan, summary="Orkar mindre")
    with pytest.raises(rehabilitation.MissingWish):
        reply(db, clinic, revision, Reply.CHANGE_WANTED, " ")
    for _click in range(2):
        reply(db, clinic, revision, Reply.CHANGE_WANTED, "Kortare promenader")
    task = db.scalars(sa.select(Task).where(Task.kind == TaskKind.CONTACT)).one()
    assert (task.owner_id, task.summary) == (
        clinic.practitioner["karin"],
        "Vill ändra rehabiliteringsplanen: Kortare promenader",
    )


def test_an_old_version_is_not_replied_to(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    old = signed(db, clinic, plan, summary="Orkar mindre")
    signed(db, clinic, plan, summary="Orkar mer")
    with pytest.raises(rehabilitation.RevisionReplaced):
        reply(db, clinic, old, Reply.APPROVED)


def test_a_code_is_recorded_once_with_what_it_is_for(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    revision, karin = signed(db, clinic, plan, summary="Orkar mindre"), clinic.actor["karin"]
    for _click in range(2):
        codes.record(db, plan, ["AW020", "AW020"], known=KNOWN, revision_id=revision.id, by=karin, at=make.MONDAY)
    recorded = db.scalars(sa.select(RecordedCode)).one()
    assert (recorded.code, recorded.text, recorded.revision_id) == ("AW020", KNOWN["AW020"], revision.id)


def test_a_code_that_is_not_configured_is_refused(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    with pytest.raises(codes.CodeNotConfigured, match="XX999"):
        codes.record(db, plan, ["AW020", "XX999"], known=KNOWN, by=clinic.actor["karin"], at=make.MONDAY)
    assert not db.scalars(sa.select(RecordedCode)).all()


def test_exercises_are_added_once_and_not_to_a_closed_goal(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    picked, karin = goal(db, clinic, plan), clinic.actor["karin"]
    walk = needs.PlannedActivity("Korta promenader", is_self_care=True, exercise_id="short-walk", instructions="Gå.")
    for _click in range(2):
        needs.add_activities(db, picked, [walk], by=karin, at=make.MONDAY)
    assert [(each.text, each.position) for each in picked.activities] == [("Promenad", 0), ("Korta promenader", 1)]
    needs.review(db, picked, outcome=GoalOutcome.NOT, by=karin, at=make.MONDAY)
    with pytest.raises(needs.GoalClosed):
        needs.add_activities(db, picked, [walk], by=karin, at=make.MONDAY)


def test_an_activity_is_not_due_before_it_is_agreed_on(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    with pytest.raises(needs.DueInThePast):
        goal(db, clinic, plan, due_on=date(2026, 11, 15))


def told(db: Session) -> int:
    return len(db.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "review-due")).all())


def remind(db: Session, clinic: make.Clinic, at: datetime) -> int:
    return rehabilitation.remind_reviews(db, by=clinic.actor["karin"], at=at)


def test_a_patient_is_told_once_that_a_review_is_overdue(db: Session, clinic: make.Clinic, plan: CarePlan) -> None:
    overdue = goal(db, clinic, plan)
    goal(db, clinic, plan, "Sova")
    day = datetime(2026, 12, 1, 10, 0, tzinfo=make.MONDAY.tzinfo)
    assert remind(db, clinic, day) == 0
    assert remind(db, clinic, day + timedelta(hours=16)) == 0, "not at night"
    assert remind(db, clinic, day + timedelta(days=1)) == 2
    assert remind(db, clinic, day + timedelta(days=2)) == 0
    assert told(db) == 1, "one notice for both"
    needs.review(
        db,
        overdue,
        outcome=GoalOutcome.PARTLY,
        next_review_on=date(2026, 12, 10),
        by=clinic.actor["karin"],
        at=day + timedelta(days=2),
    )
    assert remind(db, clinic, day + timedelta(days=10)) == 1
    assert told(db) == 2
