from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import tasks
from careplan.domain.climbing import Step
from careplan.domain.identity import Capacity
from careplan.domain.tasks import TaskKind
from careplan.library import Library
from careplan.models import Absence, Membership, Patient, Practitioner, Task
from careplan.queries.access import NotVisible
from careplan.queries.worklist import Worklist, open_tasks
from tests import make, stories

MONDAY = make.MONDAY


def worklist(db: Session, clinic: make.Clinic, who: str = "karin", **more: object) -> Worklist:
    return open_tasks(db, clinic.actor[who], **({"at": MONDAY} | more))


def shown(found: Worklist, clinic: make.Clinic) -> list[tuple[str, str]]:
    return [(row.group, stories.names([row.patient_id], clinic)[0]) for row in found.rows]


def away(db: Session, clinic: make.Clinic, who: str, cover: str | None) -> None:
    db.add(
        Absence(
            practitioner_id=clinic.practitioner[who],
            unit_id=clinic.unit.id,
            cover_id=clinic.practitioner[cover] if cover else None,
            from_at=MONDAY - timedelta(hours=1),
            to_at=MONDAY + timedelta(days=1),
        )
    )
    db.flush()


def opened(db: Session, clinic: make.Clinic, kind: TaskKind, who: str = "astrid", **more: object) -> Task:
    values = {"summary": "", "starts_at": MONDAY - timedelta(hours=1), "at": MONDAY} | more
    return tasks.open_task(
        db,
        kind=kind,
        patient_id=clinic.patient[who],
        unit_id=clinic.unit.id,
        contact=stories.contact(db, clinic, who),
        **values,
    )


@contextmanager
def statements(db: Session) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    engine = db.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(engine, "before_cursor_execute", note)


def test_groups_stand_in_order_of_urgency(db: Session, library: Library, clinic: make.Clinic) -> None:
    for kind in (TaskKind.SILENCE, TaskKind.REVIEW, TaskKind.PAPER, TaskKind.CONTACT):
        opened(db, clinic, kind)
    stories.sent(db, library, clinic, "bo", {"fatigue": 7})
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    assert [group.key for group in worklist(db, clinic).groups] == [
        "now",
        "see",
        "contact",
        "paper",
        "review",
        "silence",
    ]


def test_within_a_group_the_patients_wish_comes_before_the_due_time(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=MONDAY - timedelta(hours=1))
    stories.sent(db, library, clinic, "bo", {"breathlessness": 8}, urgency="today")
    assert shown(worklist(db, clinic), clinic) == [("now", "bo"), ("now", "astrid")]


def test_a_response_without_a_flag_is_only_counted_and_has_a_list_of_its_own(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 2})
    found = worklist(db, clinic)
    assert (found.rows, found.calm, found.total) == ([], 1, 0)
    assert shown(worklist(db, clinic, calm=True), clinic) == [("response", "astrid")]


def test_a_row_says_the_answer_the_wish_and_the_working_time_left(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    stories.treatment_began(db, library, clinic, plan, date(2026, 11, 2), "cytostatika")
    stories.sent(
        db,
        library,
        clinic,
        "astrid",
        {"breathlessness": 8},
        at=MONDAY - timedelta(minutes=6),
        wishes=("fatigue",),
        urgency="week",
        comment="Det kom smygande.",
    )
    (row,) = worklist(db, clinic).rows
    assert (row.name, row.age, row.summary) == ("Astrid Ek", 58, "Andnöd 8 av 10")
    assert row.treatment is not None and (row.treatment.title, row.treatment.week) == ("cytostatika", 3)
    assert (row.wishes, row.urgency, row.comment) == (("Trötthet",), "week", "Det kom smygande.")
    assert (row.told, row.left.time) == ("read", timedelta(hours=1, minutes=54))


def test_a_task_that_has_not_begun_is_not_in_the_list(db: Session, clinic: make.Clinic) -> None:
    opened(db, clinic, TaskKind.REVIEW, starts_at=MONDAY + timedelta(days=1))
    assert worklist(db, clinic).rows == []


def test_a_colleagues_tasks_are_not_mine_but_the_shared_list_is(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    stories.task_of(db, stories.sent(db, library, clinic, "bo", {"fatigue": 7})).owner_id = None
    db.flush()
    assert shown(worklist(db, clinic, "nils"), clinic) == [("see", "bo")]
    assert worklist(db, clinic, "nils").rows[0].owner.name == ""
    assert shown(worklist(db, clinic, "karin"), clinic) == [("now", "astrid"), ("see", "bo")]


def test_the_cover_has_the_tasks_of_a_nurse_who_is_away(db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    away(db, clinic, "karin", "nils")
    (row,) = worklist(db, clinic, "nils").rows
    assert (row.owner.is_me, row.owner.instead_of) == (True, "Karin")
    (seen_by_karin,) = worklist(db, clinic, "karin").rows
    assert (seen_by_karin.owner.name, seen_by_karin.owner.instead_of_me) == ("Nils", True)


def test_what_came_while_i_was_away_is_mine_when_i_am_back(db: Session, library: Library, clinic: make.Clinic) -> None:
    away(db, clinic, "karin", "nils")
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    (row,) = worklist(db, clinic, "karin", at=MONDAY + timedelta(days=2)).rows
    assert (row.owner.name, row.owner.is_me, row.owner.instead_of) == ("Karin", True, "")


def test_when_the_cover_is_away_too_the_task_is_everybodys(db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    away(db, clinic, "karin", "nils")
    away(db, clinic, "nils", None)
    other = make.practitioner(db, make.person(db, "Eva", "Ny", date(1980, 1, 1)), "kontaktsjuksköterska")
    make.seat(db, other, clinic.unit, clinic.actor["karin"].capacity)
    clinic.actor["eva"] = type(clinic.actor["karin"])(
        person_id=other.person_id,
        capacity=clinic.actor["karin"].capacity,
        name="Eva Ny",
        unit_id=clinic.unit.id,
        practitioner_id=other.id,
    )
    (row,) = worklist(db, clinic, "eva").rows
    assert row.owner.name == ""


def test_a_nurse_who_has_left_the_unit_owns_nothing(db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})).cover_id = None
    seat = db.scalars(sa.select(Membership).where(Membership.practitioner_id == clinic.practitioner["karin"])).one()
    seat.to_on = date(2026, 11, 15)
    db.flush()
    (row,) = worklist(db, clinic, "nils").rows
    assert row.owner.name == ""


def test_a_nurse_of_another_unit_sees_nothing(db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})).owner_id = None
    db.flush()
    assert worklist(db, clinic, "lars").rows == []


def test_a_rehabilitation_professional_sees_the_shared_tasks_of_patients_of_her_own_only(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    for who in ("astrid", "bo"):
        stories.task_of(db, stories.sent(db, library, clinic, who, {"breathlessness": 8})).owner_id = None
    make.care(
        db,
        db.get_one(Patient, clinic.patient["astrid"]),
        db.get_one(Practitioner, clinic.practitioner["freja"]),
        clinic.unit,
        clinic.actor["freja"].capacity,
    )
    assert shown(worklist(db, clinic, "freja"), clinic) == [("now", "astrid")]


def test_the_heading_counts_patients_new_answers_and_the_oldest(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=MONDAY - timedelta(days=2))
    stories.sent(db, library, clinic, "bo", {"fatigue": 2}, at=MONDAY - timedelta(days=7))
    found = worklist(db, clinic)
    assert (found.patients, found.new_answers) == (3, 1)
    assert found.since == datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
    assert found.oldest is not None
    assert found.oldest.due_at == datetime(2026, 11, 11, 9, 20, tzinfo=UTC)
    assert found.oldest.time == found.oldest.due_at - MONDAY


def test_the_list_is_paged_by_key_without_gap_or_repetition(db: Session, clinic: make.Clinic) -> None:
    for number in range(7):
        opened(db, clinic, TaskKind.PAPER, starts_at=MONDAY - timedelta(hours=number % 3))
    seen: list[object] = []
    after = None
    for size in (3, 3, 1):
        found = worklist(db, clinic, limit=3, after=after)
        assert len(found.rows) == size
        assert found.groups[0].total == 7
        seen += [row.id for row in found.rows]
        after = found.more_after
    assert after is None
    assert len(set(seen)) == 7


def test_a_page_after_an_unknown_task_is_not_found(db: Session, clinic: make.Clinic) -> None:
    with pytest.raises(NotVisible):
        worklist(db, clinic, after=clinic.unit.id)


def test_the_number_of_statements_does_not_grow_with_the_tasks(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, wishes=("fatigue",))
    db.expunge_all()
    with statements(db) as few:
        worklist(db, clinic)
    for _ in range(12):
        stories.sent(db, library, clinic, "bo", {"breathlessness": 8, "fatigue": 7}, wishes=("fatigue",))
        opened(db, clinic, TaskKind.PAPER)
    db.expunge_all()
    with statements(db) as many:
        assert len(worklist(db, clinic).rows) == 25
    assert len(many) == len(few) <= 9


def test_the_days_left_are_those_on_which_the_unit_is_open(db: Session, clinic: make.Clinic) -> None:
    friday = datetime(2026, 11, 13, 14, 40, tzinfo=UTC)
    opened(db, clinic, TaskKind.CONTACT, starts_at=friday)
    (row,) = worklist(db, clinic, at=friday).rows
    assert row.left.due_at == datetime(2026, 11, 17, 14, 40, tzinfo=UTC)
    assert row.left.days == 2


def test_what_is_overdue_climbs_to_its_cover(db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    assert worklist(db, clinic, "nils", at=MONDAY + timedelta(hours=2)).rows == []
    (row,) = worklist(db, clinic, "nils", at=MONDAY + timedelta(hours=2, minutes=1)).rows
    assert (row.owner.is_me, row.owner.name) == (False, "Karin")


def test_what_has_climbed_to_the_unit_is_in_everybodys_list(db: Session, library: Library, clinic: make.Clinic) -> None:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"fatigue": 7}))
    assert worklist(db, clinic, "nils").rows == []
    task.climbed = Step.UNIT
    db.flush()
    (row,) = worklist(db, clinic, "nils").rows
    assert (row.owner.is_me, row.owner.name) == (False, "Karin")


def test_the_cover_that_an_absence_names_comes_before_the_standing_one(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    eva = make.practitioner(db, make.person(db, "Eva", "Ny", date(1980, 1, 1)), "kontaktsjuksköterska")
    make.seat(db, eva, clinic.unit, Capacity.CONTACT_NURSE)
    clinic.practitioner["eva"] = eva.id
    clinic.actor["eva"] = replace(clinic.actor["nils"], person_id=eva.person_id, name="Eva Ny", practitioner_id=eva.id)
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    away(db, clinic, "karin", "eva")
    assert worklist(db, clinic, "eva").rows[0].owner.is_me
    assert worklist(db, clinic, "nils").rows == []


def test_the_cover_of_a_cover_who_falls_ill_answers(db: Session, library: Library, clinic: make.Clinic) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    away(db, clinic, "karin", "nils")
    eva = make.practitioner(db, make.person(db, "Eva", "Ny", date(1980, 1, 1)), "kontaktsjuksköterska")
    make.seat(db, eva, clinic.unit, Capacity.CONTACT_NURSE)
    clinic.practitioner["eva"] = eva.id
    away(db, clinic, "nils", "eva")
    assert worklist(db, clinic, "karin").rows[0].owner.name == "Eva"
