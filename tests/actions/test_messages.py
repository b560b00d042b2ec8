"""Messages: one task a thread, answered once, read by whom; to the team, and when nobody is there."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import messages, people, tasks
from careplan.db import make_sessions
from careplan.domain.messages import EmptyMessage, MessageTooLong, ThreadKind
from careplan.domain.tasks import Outcome, TaskKind, group_of
from careplan.models import (
    Absence,
    AuditEvent,
    CareTeamMember,
    Message,
    OutboxMessage,
    Patient,
    Share,
    Task,
    Thread,
    ThreadRead,
)
from careplan.queries.owners import in_list_of, owner_of
from careplan.queries.roster import roster
from tests import make, stories

LATER = make.MONDAY + timedelta(hours=1)
EASTER_THURSDAY = datetime(2027, 3, 25, 13, 0, tzinfo=UTC)


def ask(db: Session, clinic: make.Clinic, text: str = "Får jag smörja?", *, who: str = "astrid", **more: Any) -> Thread:
    by = more.pop("by", clinic.actor[who])
    at = more.pop("at", make.MONDAY)
    values = {"key": uuid4(), "contact": stories.contact(db, clinic, who, at), "unit_id": clinic.unit.id} | more
    return messages.begin(db, patient=db.get_one(Patient, clinic.patient[who]), text=text, by=by, at=at, **values)


def reply(
    db: Session, clinic: make.Clinic, thread: Thread, text: str = "Ja, gärna.", *, who: str = "karin", **more: Any
) -> Message:
    values = {"key": uuid4(), "contact": stories.contact(db, clinic, "astrid"), "at": LATER} | more
    return messages.reply(db, thread, text=text, by=clinic.actor[who], **values)


def to_team(db: Session, clinic: make.Clinic, *, who: str = "freja", to: str = "karin", **more: Any) -> Thread:
    return ask(
        db,
        clinic,
        "Kan du ringa henne om armen?",
        by=clinic.actor[who],
        kind=ThreadKind.TEAM,
        to_id=clinic.practitioner[to],
        **more,
    )


def tasks_of(db: Session, thread: Thread) -> list[Task]:
    return list(db.scalars(sa.select(Task).where(Task.thread_id == thread.id).order_by(Task.created_at)))


def away(db: Session, clinic: make.Clinic, who: str, cover: str | None) -> None:
    db.add(
        Absence(
            practitioner_id=clinic.practitioner[who],
            unit_id=clinic.unit.id,
            cover_id=clinic.practitioner[cover] if cover else None,
            from_at=make.MONDAY - timedelta(days=1),
            to_at=make.MONDAY + timedelta(days=1),
        )
    )
    db.flush()


def test_a_question_is_a_task_for_the_nurse_due_in_two_working_days(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    (task,) = tasks_of(db, thread)
    assert (task.kind, group_of(task.kind, task.level), task.status) == (TaskKind.MESSAGE, "message", "requested")
    assert (task.owner_id, task.cover_id) == (clinic.practitioner["karin"], clinic.practitioner["nils"])
    assert task.due_at == make.MONDAY + timedelta(days=2)
    assert task.summary == "”Får jag smörja?”"


def test_before_easter_the_answer_comes_after_it(db: Session, clinic: make.Clinic) -> None:
    (task,) = tasks_of(db, ask(db, clinic, at=EASTER_THURSDAY))
    assert task.due_at == datetime(2027, 3, 31, 12, 0, tzinfo=UTC)


def test_a_second_message_joins_the_first_and_the_clock_stands(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    (before,) = tasks_of(db, thread)
    due_at = before.due_at
    second = reply(db, clinic, thread, "Och på halsen?", who="astrid", at=LATER + timedelta(days=1))
    (task,) = tasks_of(db, thread)
    assert (second.task_id, task.due_at, task.status) == (task.id, due_at, "requested")


def test_an_answer_closes_the_task_and_is_told_without_content(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    reply(db, clinic, thread)
    (task,) = tasks_of(db, thread)
    assert (task.status, task.outcome) == ("completed", Outcome.ANSWERED)
    assert (task.completed_by_id, task.completed_at) == (clinic.practitioner["karin"], LATER)
    assert db.scalars(sa.select(OutboxMessage.template)).all() == ["new-message"]
    sent = db.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "send-message"))
    assert sent == 2


def test_what_the_patient_writes_after_the_answer_is_a_task_of_its_own(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    reply(db, clinic, thread)
    reply(db, clinic, thread, "En sak till", who="astrid", at=LATER + timedelta(hours=1))
    first, second = tasks_of(db, thread)
    assert (first.status, second.status) == ("completed", "requested")
    assert second.due_at > first.due_at


def test_a_nurse_s_own_message_waits_for_nobody(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic, "Provsvaren är bra.", by=clinic.actor["karin"])
    reply(db, clinic, thread, "Jag glömde en sak.")
    assert tasks_of(db, thread) == []
    assert len(db.scalars(sa.select(OutboxMessage)).all()) == 2


def test_while_the_nurse_is_away_her_cover_is_asked(db: Session, clinic: make.Clinic) -> None:
    away(db, clinic, "karin", "nils")
    (task,) = tasks_of(db, ask(db, clinic))
    nils = clinic.actor["nils"]
    colleagues = roster(db, clinic.unit.id, at=make.MONDAY)
    assert db.scalars(sa.select(Task.id).where(in_list_of(nils, colleagues, at=make.MONDAY))).all() == [task.id]
    assert owner_of(task.owner_id, nils, colleagues).is_me


def test_the_same_page_twice_is_one_message_and_one_task(db: Session, clinic: make.Clinic) -> None:
    key = uuid4()
    first, again = ask(db, clinic, key=key), ask(db, clinic, key=key)
    assert first.id == again.id
    answer = uuid4()
    one, same = reply(db, clinic, first, key=answer), reply(db, clinic, first, key=answer)
    assert one.id == same.id
    assert db.scalar(sa.select(sa.func.count()).select_from(Message)) == 2
    assert len(tasks_of(db, first)) == 1


def test_the_same_page_with_other_words_is_not_sent(db: Session, clinic: make.Clinic) -> None:
    key = uuid4()
    thread = ask(db, clinic, key=key)
    with pytest.raises(messages.SentBefore):
        ask(db, clinic, "Något annat", key=key)
    with pytest.raises(messages.SentBefore):
        reply(db, clinic, thread, "Får jag smörja?", who="karin", key=key)


def test_of_two_nurses_who_answer_at_once_the_second_is_told(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    reply(db, clinic, thread, seen=1)
    with pytest.raises(messages.NewerMessages):
        reply(db, clinic, thread, "Nej, vänta.", who="nils", seen=1)
    with pytest.raises(tasks.TaskAlreadyClosed) as closed:
        messages.close(db, thread, outcome="called", sentence="Nils har ringt.", by=clinic.actor["nils"], at=LATER)
    assert closed.value.closed_by == "Karin Lind"


def test_closing_without_an_answer_takes_a_code_and_a_sentence(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    by = clinic.actor["karin"]
    with pytest.raises(messages.MissingSentence):
        messages.close(db, thread, outcome="called", sentence="  ", by=by, at=LATER)
    for outcome in ("answered", "known", "no such outcome"):
        with pytest.raises(tasks.UnknownOutcome):
            messages.close(db, thread, outcome=outcome, sentence="Klart.", by=by, at=LATER)
    messages.close(db, thread, outcome="no-action", sentence="Vi talade om det på besöket.", by=by, at=LATER)
    (task,) = tasks_of(db, thread)
    assert (task.outcome, task.next_step) == (Outcome.NO_ACTION, "Vi talade om det på besöket.")
    assert db.scalars(sa.select(OutboxMessage.template)).all() == ["new-message"]


def test_reading_is_marked_once_for_what_is_new(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    karin, astrid = clinic.actor["karin"], clinic.actor["astrid"]
    assert not messages.mark_read(db, thread, by=astrid, at=LATER)
    assert messages.mark_read(db, thread, by=karin, at=LATER)
    assert not messages.mark_read(db, thread, by=karin, at=LATER + timedelta(minutes=1))
    (task,) = tasks_of(db, thread)
    assert (task.read_by_id, task.read_at, task.status) == (clinic.practitioner["karin"], LATER, "in-progress")
    assert db.scalars(sa.select(ThreadRead.person_id)).all() == [karin.person_id]


@pytest.mark.parametrize(("text", "error"), [(" ", EmptyMessage), ("a" * 100_000, MessageTooLong)])
def test_what_may_not_be_sent_stores_nothing(db: Session, clinic: make.Clinic, text: str, error: type) -> None:
    with pytest.raises(error):
        ask(db, clinic, text)
    assert db.scalar(sa.select(sa.func.count()).select_from(Thread)) == 0


def test_a_message_never_changes(db: Session, clinic: make.Clinic) -> None:
    ask(db, clinic)
    db.commit()
    with pytest.raises(sa.exc.DBAPIError, match="never change"):
        db.execute(sa.text("UPDATE message SET text = 'Annat'"))


def test_a_relative_s_message_says_who_wrote_it(db: Session, clinic: make.Clinic) -> None:
    db.scalars(sa.select(Share)).one().scopes = ["messages"]
    thread = ask(db, clinic, by=clinic.actor["lina"])
    (task,) = tasks_of(db, thread)
    assert task.summary == "Lina Ek, närstående: ”Får jag smörja?”"
    assert db.scalars(sa.select(Message.capacity)).one() == "relative"


def test_a_comment_on_a_chapter_says_which_and_in_which_version(db: Session, clinic: make.Clinic, library) -> None:
    plan = stories.signed_plan(db, library, clinic)
    about = messages.Comment(plan.id, "fatigue", "Trötthet", 1)
    thread = ask(db, clinic, "Hur länge?", about=about)
    assert (thread.subject, thread.chapter_id, thread.revision) == ("Trötthet", "fatigue", 1)
    assert tasks_of(db, thread)[0].summary == "Trötthet: ”Hur länge?”"


def test_nobody_writes_to_a_unit_that_no_longer_cares(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    contact = stories.contact(db, clinic, "astrid")
    db.execute(
        sa.update(CareTeamMember)
        .where(CareTeamMember.patient_id == clinic.patient["astrid"])
        .values(to_on=make.MONDAY.date() - timedelta(days=1))
    )
    with pytest.raises(messages.UnitNotCaring):
        ask(db, clinic, contact=contact)
    with pytest.raises(messages.UnitNotCaring):
        reply(db, clinic, thread, who="astrid", contact=contact)


def test_a_colleague_s_question_is_the_nurse_s_task_and_her_answer_closes_it(db: Session, clinic: make.Clinic) -> None:
    thread = to_team(db, clinic)
    (task,) = tasks_of(db, thread)
    assert task.owner_id == clinic.practitioner["karin"]
    assert task.summary == "Freja Holm: ”Kan du ringa henne om armen?”"
    reply(db, clinic, thread, "Jag ringer i dag.")
    assert tasks_of(db, thread)[0].outcome is Outcome.ANSWERED
    assert len(tasks_of(db, thread)) == 1
    assert db.scalars(sa.select(OutboxMessage)).all() == [], "the patient is told nothing of it"


def test_a_colleague_s_second_question_joins_and_one_after_the_answer_is_new(db: Session, clinic: make.Clinic) -> None:
    thread = to_team(db, clinic)
    reply(db, clinic, thread, "Och om handen.", who="freja")
    assert len(tasks_of(db, thread)) == 1
    reply(db, clinic, thread, "Ja.", who="nils", at=LATER + timedelta(minutes=1))
    reply(db, clinic, thread, "En sak till.", who="freja", at=LATER + timedelta(minutes=2))
    assert [task.status for task in tasks_of(db, thread)] == ["completed", "requested"]


def test_to_a_colleague_of_another_profession_the_nurse_is_the_cover(db: Session, clinic: make.Clinic) -> None:
    people.add_to_team(
        db,
        patient=db.get_one(Patient, clinic.patient["astrid"]),
        practitioner_id=clinic.practitioner["freja"],
        unit_id=clinic.unit.id,
        role=clinic.actor["freja"].capacity,
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    (task,) = tasks_of(db, to_team(db, clinic, who="karin", to="freja"))
    assert (task.owner_id, task.cover_id) == (clinic.practitioner["freja"], clinic.practitioner["karin"])


def test_an_answer_from_the_unit_that_has_taken_over_takes_the_thread_along(db: Session, clinic: make.Clinic) -> None:
    thread = ask(db, clinic)
    patient_id: UUID = clinic.patient["astrid"]
    make.care(
        db,
        db.get_one(Patient, patient_id),
        db.get_one(make.Practitioner, clinic.practitioner["lars"]),
        clinic.other_unit,
    )
    reply(db, clinic, thread, who="lars")
    assert thread.unit_id == clinic.other_unit.id


def test_two_who_send_in_the_same_moment_are_put_in_a_row(db: Session, clinic: make.Clinic, engine: sa.Engine) -> None:
    thread_id = ask(db, clinic).id
    contact = stories.contact(db, clinic, "astrid")
    db.commit()
    at_once = threading.Barrier(2)

    def answer(who: str) -> str:
        with make_sessions(engine)() as own:
            at_once.wait()
            try:
                messages.reply(
                    own,
                    own.get_one(Thread, thread_id),
                    text=f"Svar från {who}",
                    contact=contact,
                    key=uuid4(),
                    seen=1,
                    by=clinic.actor[who],
                    at=LATER,
                )
                own.commit()
            except messages.NewerMessages:
                own.rollback()
                return "told"
            return "sent"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(answer, ("karin", "nils"))) == ["sent", "told"]
    assert db.scalar(sa.select(sa.func.count()).select_from(Message)) == 2
