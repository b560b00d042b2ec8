"""The made-up clinic: the Monday that the acceptance scripts ask for, whatever day it is loaded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan import schema
from careplan.config import ROOT
from careplan.db import make_engine, make_sessions
from careplan.demo.clinic import Clinic, read_clinic
from careplan.demo.facts import stories
from careplan.demo.loading import NotEmpty, load
from careplan.demo.people import people
from careplan.demo.story import PatientStory
from careplan.domain.identity import Actor, parse_identifier
from careplan.library import Library
from careplan.models import (
    Account,
    Chapter,
    Flag,
    Membership,
    OutboxMessage,
    Patient,
    Person,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Share,
    Task,
    TreatmentSummary,
)
from careplan.models.tasks import OPEN
from careplan.queries.access import visible_patients
from tests import make
from tests.make import MONDAY

pytestmark = pytest.mark.slow

SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def read() -> Clinic:
    return read_clinic(ROOT / "content")


def told(read: Clinic, library: Library, at: datetime, patients: int = 140, seed: int = 1) -> list[PatientStory]:
    return list(stories(read, library, patients=patients, seed=seed, at=at))


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory, library: Library) -> sa.Engine:
    """Loaded by the bulk path, which tests/demo/test_bulk.py holds equal to the actions."""
    url = f"sqlite:///{tmp_path_factory.mktemp('clinic')}/demo.db"
    schema.upgrade(url)
    engine = make_engine(url)
    load(make_sessions(engine), library, ROOT / "content", patients=None, seed=1, at=MONDAY, in_bulk=True)
    return engine


@pytest.fixture
def there(monday: sa.Engine) -> Iterator[Session]:
    with make_sessions(monday)() as session:
        yield session


def actor(db: Session, username: str) -> Actor:
    person = db.scalars(sa.select(Person).join(Account).where(Account.username == username)).one()
    seat = db.scalars(
        sa.select(Membership).join(Membership.practitioner).where(Membership.practitioner.has(person_id=person.id))
    ).one()
    return Actor(
        person_id=person.id,
        capacity=seat.role,
        name=person.name,
        unit_id=seat.unit_id,
        practitioner_id=seat.practitioner_id,
    )


def seen(db: Session, username: str) -> set[str]:
    ids = visible_patients(actor(db, username), at=MONDAY)
    return {person.name for person in db.scalars(sa.select(Person).join(Patient).where(Patient.id.in_(ids)))}


def test_it_is_the_monday_of_the_acceptance_scripts(there: Session) -> None:
    open_tasks = there.execute(
        sa.select(Task.kind, Task.level, sa.func.count())
        .where(Task.status.in_(OPEN), Task.starts_at <= MONDAY)
        .group_by(Task.kind, Task.level)
    )
    counted = {(kind.value, level.value if level else ""): count for kind, level, count in open_tasks}
    assert counted == {
        ("flag", "red"): 4,
        ("flag", "yellow"): 9,
        ("contact", ""): 3,
        ("message", ""): 3,
        ("referral", ""): 1,
        ("handover", ""): 1,
        ("response", ""): 7,
        ("paper", ""): 2,
        ("review", ""): 3,
    }
    recent = sa.select(sa.func.count()).where(QuestionnaireResponse.submitted_at > MONDAY - timedelta(days=3))
    assert there.scalar(recent) == 23


def test_each_of_the_cast_sees_who_is_theirs(there: Session) -> None:
    assert len(seen(there, "karin")) == 140
    assert {"Astrid Ek", "Aino Virtanen"} <= seen(there, "karin")
    assert "Bo Sjöberg" not in seen(there, "karin")
    assert seen(there, "lars") == {"Sven Moberg"}
    assert seen(there, "petra") == set()
    assert "Astrid Ek" in seen(there, "freja")
    assert 1 < len(seen(there, "freja")) < 60


def test_astrid_has_a_form_to_answer_and_a_read_answer_with_a_next_step(there: Session) -> None:
    astrid = there.scalars(sa.select(Patient).join(Person).where(Person.given_name == "Astrid")).one()
    last = there.scalars(
        sa.select(Task)
        .where(Task.patient_id == astrid.id, Task.response_id.is_not(None))
        .order_by(Task.created_at.desc())
        .limit(1)
    ).one()
    assert (last.status, last.next_step) == ("completed", "Freja ringer dig om tröttheten den här veckan.")
    assert there.scalars(sa.select(Share.scopes)).all() == [["plan", "documents"]]


@pytest.mark.parametrize("at", [MONDAY, SUNDAY, datetime(2026, 7, 1, 6, 30, tzinfo=UTC)])
def test_the_wave_is_there_whatever_day_it_is(read: Clinic, library: Library, at: datetime) -> None:
    forms = [form for story in told(read, library, at) if story.plan for form in story.plan.forms]
    new = [form for form in forms if form.sent_at is not None and form.handling is None]
    assert len(new) == 23
    assert all(at - timedelta(days=3) < form.sent_at < at for form in new)
    assert not any(form.sent_at > at - timedelta(days=3) for form in forms if form.handling is not None)


def test_the_same_seed_tells_the_same_year_and_another_another(read: Clinic, library: Library) -> None:
    assert told(read, library, MONDAY, 20) == told(read, library, MONDAY, 20)
    assert told(read, library, MONDAY, 20) != told(read, library, MONDAY, 20, seed=2)


def test_everybody_is_made_up(read: Clinic, library: Library) -> None:
    listed = {*read.numbers.women, *read.numbers.men}
    named = {patient.number for patient in read.patients}
    numbers = [story.number for story in told(read, library, MONDAY)]
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) - named <= listed
    for number in numbers:
        assert parse_identifier(number, MONDAY.date()).value == number


def test_beyond_the_list_numbers_are_of_the_kind_that_no_real_person_has(read: Clinic) -> None:
    listed = {*read.numbers.women, *read.numbers.men}
    numbers = {someone.number for someone in people(read, 3000, 1)}
    assert len(numbers) == 3000
    assert all(980 <= int(number[8:11]) <= 989 for number in numbers - listed)


def test_nobody_shares_a_name_with_the_cast(read: Clinic) -> None:
    cast = {member.given for member in read.staff} | {patient.given for patient in read.patients if patient.username}
    names = {name for group in (read.names.women, read.names.men) for names in group.values() for name in names}
    assert names & cast == set()


def test_loading_again_changes_nothing(monday: sa.Engine, library: Library) -> None:
    again = load(make_sessions(monday), library, ROOT / "content", patients=None, seed=1, at=MONDAY)
    assert again is None


def test_a_database_with_other_patients_is_left_alone(engine: sa.Engine, library: Library, clinic: make.Clinic) -> None:
    with pytest.raises(NotEmpty):
        load(make_sessions(engine), library, ROOT / "content", patients=8, seed=1, at=MONDAY)


def test_who_wrote_of_something_severe_lately_is_asked_whether_it_is_still_so(there: Session) -> None:
    asked = there.scalars(sa.select(QuestionnaireRequest).where(QuestionnaireRequest.follows_id.is_not(None))).all()
    assert asked
    assert {(request.questionnaire_id, request.status) for request in asked} == {("still-there", "requested")}
    severe = sa.select(sa.func.count(Flag.response_id.distinct())).join(QuestionnaireResponse)
    lately = QuestionnaireResponse.submitted_at > MONDAY - timedelta(hours=72)
    assert len(asked) == there.scalar(severe.where(Flag.level == "red", lately))
    waiting = there.scalars(sa.select(OutboxMessage).where(OutboxMessage.status == "pending")).all()
    assert all(notice.next_attempt_at > MONDAY for notice in waiting), "what was due has gone out"


def test_a_treatment_that_is_over_has_its_summary_and_a_chapter_of_the_nurses_own(there: Session):
    signed = there.scalars(sa.select(TreatmentSummary)).one()
    assert signed.content["patient"]["name"] == "Bo Sjöberg" and signed.content["missing"] == []
    own = there.scalars(sa.select(Chapter).where(Chapter.text != "")).one()
    assert (own.plan_id, own.written_by) == (signed.plan_id, "Sofia Nyman")
