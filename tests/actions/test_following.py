"""Asked again some days after a severe answer: once, of who is there to answer, and never for nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import pauses, responses
from careplan.actions.responses.reminding import AFTER_SEVERE
from careplan.domain.answers import answered
from careplan.domain.questionnaire import FollowUp, Questionnaire
from careplan.domain.tasks import TaskKind
from careplan.i18n import local
from careplan.jobs import SYSTEM
from careplan.library import Library
from careplan.models import (
    FormPause,
    OutboxMessage,
    Patient,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Task,
)
from careplan.queries.team import contact_for
from tests import stories
from tests.actions import forms
from tests.make import MONDAY, Clinic

DAY = timedelta(days=1)
SEVERE = {"breathlessness": 9, "nausea": 7}


def severe(
    db: Session, library: Library, clinic: Clinic, answers: dict[str, int | str] = SEVERE, at: datetime = MONDAY
) -> QuestionnaireResponse:
    return stories.sent(db, library, clinic, "astrid", answers, at=at, asks_again=True)


def asked_again(db: Session) -> list[QuestionnaireRequest]:
    db.expire_all()
    return list(
        db.scalars(sa.select(QuestionnaireRequest).where(QuestionnaireRequest.questionnaire_id == "still-there"))
    )


def test_a_severe_answer_is_asked_about_two_days_later(db: Session, library: Library, clinic: Clinic) -> None:
    sent = severe(db, library, clinic)
    (one,) = asked_again(db)
    assert one.follows_id == sent.request_id
    assert one.entry_key == f"follow-up:{sent.id}"
    assert (local(one.opens_at).isoformat(), local(one.closes_at).isoformat()) == (
        "2026-11-18T06:00:00+01:00",
        "2026-11-23T23:59:00+01:00",
    )
    notice = db.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "form-due")).one()
    assert local(notice.next_attempt_at).isoformat() == "2026-11-18T08:00:00+01:00"


@pytest.mark.parametrize("answers", [{"nausea": 7}, {"breathlessness": 2}, {}])
def test_without_a_red_flag_nothing_is_asked_again(
    db: Session, library: Library, clinic: Clinic, answers: dict[str, int | str]
) -> None:
    severe(db, library, clinic, answers)
    assert asked_again(db) == []


def _pauses(db: Session, clinic: Clinic) -> None:
    db.add(
        FormPause(
            patient_id=clinic.patient["astrid"],
            unit_id=clinic.unit.id,
            from_at=MONDAY - DAY,
            until_on=MONDAY.date() + 30 * DAY,
            reason="tired",
            created_by_id=clinic.actor["astrid"].person_id,
        )
    )


def _has_died(db: Session, clinic: Clinic) -> None:
    db.get_one(Patient, clinic.patient["astrid"]).deceased_on = MONDAY.date()


@pytest.mark.parametrize("happened", [_pauses, _has_died])
def test_who_pauses_or_has_died_is_not_asked_again(db: Session, library: Library, clinic: Clinic, happened) -> None:
    happened(db, clinic)
    db.flush()
    severe(db, library, clinic)
    assert asked_again(db) == []


def test_a_pause_before_it_opens_takes_it_back_with_its_notice(db: Session, library: Library, clinic: Clinic) -> None:
    severe(db, library, clinic)
    pauses.pause(
        db,
        length="month",
        reason="tired",
        words="",
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["astrid"],
        at=MONDAY + DAY,
    )
    assert [each.status for each in asked_again(db)] == ["cancelled"]
    assert db.scalar(sa.select(sa.func.count()).where(OutboxMessage.template == "form-due")) == 0


@pytest.mark.parametrize(("corrected", "left"), [(3, "cancelled"), (10, "requested")])
def test_a_correction_moves_what_was_asked_or_takes_it_back(
    db: Session, library: Library, clinic: Clinic, corrected: int, left: str
) -> None:
    sent = severe(db, library, clinic)
    by, at = clinic.actor["astrid"], MONDAY + timedelta(hours=1)
    draft = responses.correct(db, sent, until=MONDAY + DAY, by=by, at=at)
    form = library.questionnaire("weekly-symptoms")
    responses.save_answer(db, form, draft, "breathlessness", answered(corrected), by=by, at=at)
    responses.submit(
        db,
        form,
        draft,
        responses.Sending(),
        contact=forms.contact(db, draft, at=at),
        version=draft.version,
        follow_up=library.questionnaire("still-there"),
        by=by,
        at=at,
    )
    (one,) = asked_again(db)
    assert one.status == left
    assert one.follows_id == (draft.request_id if left == "requested" else sent.request_id)


def test_sending_twice_asks_again_once(db: Session, library: Library, clinic: Clinic) -> None:
    form = library.questionnaire("weekly-symptoms")
    draft = forms.begin(db, forms.ask(db, library, clinic, form.id), by=clinic.actor["astrid"])
    forms.fill(db, form, draft, {"breathlessness": 9}, by=clinic.actor["astrid"])
    for _time in range(2):
        responses.submit(
            db,
            form,
            draft,
            responses.Sending(),
            contact=forms.contact(db, draft, at=MONDAY),
            version=draft.version,
            follow_up=library.questionnaire("still-there"),
            by=clinic.actor["astrid"],
            at=MONDAY,
        )
    assert len(asked_again(db)) == 1


def test_no_answer_to_it_is_told_to_the_nurse_after_two_days(db: Session, library: Library, clinic: Clinic) -> None:
    severe(db, library, clinic)

    def tell(at: datetime) -> int:
        return responses.tell_of_silence(
            db, lambda patient, unit: contact_for(db, patient, unit, at=at), by=SYSTEM, at=at
        )

    assert tell(MONDAY + 3 * DAY) == 0
    assert tell(MONDAY + 4 * DAY) == 1
    assert db.scalars(sa.select(Task.summary).where(Task.kind == TaskKind.SILENCE)).one() == AFTER_SEVERE


@pytest.mark.parametrize(("value", "more"), [(2, 0), (8, 3)])
def test_a_green_answer_costs_no_statement_more_and_a_red_one_a_fixed_number(
    db: Session, clinic: Clinic, library: Library, value: int, more: int
) -> None:
    """Where may she be asked, the request, and its notice: three, whatever the number of items."""
    counts = []
    for items in (5, 30):
        form, text = forms.form(items)
        published = forms.publish(db, form, text)
        for follow_up in (None, library.questionnaire("still-there")):
            told = followed_by(form) if follow_up else form
            draft = forms.begin(db, forms.ask(db, published, clinic, form.id), by=clinic.actor["astrid"])
            forms.fill(db, form, draft, {f"q{n}": value for n in range(1, items + 1)}, by=clinic.actor["astrid"])
            contact, version = forms.contact(db, draft, at=MONDAY), draft.version
            db.flush()
            counts.append(_statements(db, told, draft, contact, version, follow_up, clinic))
    assert counts[1] - counts[0] == counts[3] - counts[2] == more
    assert counts[1] == counts[3]


def followed_by(form: Questionnaire) -> Questionnaire:
    return replace(form, follow_up=FollowUp("still-there", 2, 5))


def _statements(db: Session, form, draft, contact, version, follow_up, clinic: Clinic) -> int:
    told: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        told.append(statement)

    engine = db.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    responses.submit(
        db,
        form,
        draft,
        responses.Sending(),
        contact=contact,
        version=version,
        follow_up=follow_up,
        by=clinic.actor["astrid"],
        at=MONDAY,
    )
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(told)
