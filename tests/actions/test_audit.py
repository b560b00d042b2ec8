"""The log: append-only on both databases, chained, and honest about what is missing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.models import AuditEvent, AuditEventPatient, AuditSeal
from tests.damage import unprotected
from tests.make import MONDAY, Clinic


def write(db: Session, clinic: Clinic, times: int = 1) -> None:
    for _ in range(times):
        audit.record(
            db,
            "read-plan",
            by=clinic.actor["karin"],
            at=MONDAY,
            patient_id=clinic.patient["astrid"],
            object_type="plan",
        )
    db.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'nothing'",
        "DELETE FROM audit_event",
        "UPDATE audit_event_patient SET event_id = 9",
        "DELETE FROM audit_event_patient",
    ],
)
def test_an_event_can_be_neither_changed_nor_removed(db: Session, clinic: Clinic, statement: str) -> None:
    audit.record(db, "list-tasks", by=clinic.actor["karin"], at=MONDAY, patients=[clinic.patient["astrid"]])
    db.commit()
    with pytest.raises(DatabaseError, match="never change"):
        db.execute(sa.text(statement))


def test_an_event_cannot_be_replaced(db: Session, clinic: Clinic) -> None:
    write(db, clinic)
    first = db.scalars(sa.select(AuditEvent)).first()
    assert first is not None
    row = {column.name: getattr(first, column.name) for column in AuditEvent.__table__.columns} | {"action": "nothing"}
    insert = sa.insert(AuditEvent).values(row)
    if db.get_bind().dialect.name == "sqlite":
        insert = insert.prefix_with("OR REPLACE")
    with pytest.raises(DatabaseError):
        db.execute(insert)


def test_a_list_names_each_patient_once(db: Session, clinic: Clinic) -> None:
    shown = [clinic.patient["astrid"], clinic.patient["bo"], clinic.patient["astrid"]]
    audit.record(db, "list-tasks", by=clinic.actor["karin"], at=MONDAY, patients=shown)
    assert set(db.scalars(sa.select(AuditEventPatient.patient_id))) == set(shown)
    assert db.scalar(sa.select(sa.func.count()).select_from(AuditEventPatient)) == 2


def test_seals_chain_all_events_and_hold(db: Session, clinic: Clinic) -> None:
    write(db, clinic, times=3)
    first = audit.seal(db, at=MONDAY)
    write(db, clinic, times=2)
    second = audit.seal(db, at=MONDAY + timedelta(minutes=1))
    assert first is not None and second is not None
    assert (first.events, second.events) == (3, 2)
    assert second.previous_hash == first.hash
    assert audit.broken_seals(db, head=second.hash) == []
    assert audit.seal(db, at=MONDAY) is None


def without_triggers(db: Session, statement: str) -> None:
    unprotected(db, "audit_event", "audit_seal")
    db.execute(sa.text(statement))
    db.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET person_name = 'Somebody Else' WHERE id = (SELECT min(id) + 1 FROM audit_event)",
        "DELETE FROM audit_event WHERE id = (SELECT min(id) + 1 FROM audit_event)",
        "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)",
    ],
)
def test_a_change_behind_the_triggers_breaks_the_seal(db: Session, clinic: Clinic, statement: str) -> None:
    write(db, clinic, times=4)
    sealed = audit.seal(db, at=MONDAY)
    assert sealed is not None
    db.commit()
    without_triggers(db, statement)
    assert audit.broken_seals(db) == [sealed.id]


def test_a_tail_cut_off_shows_against_a_head_kept_elsewhere(db: Session, clinic: Clinic) -> None:
    write(db, clinic)
    audit.seal(db, at=MONDAY)
    write(db, clinic)
    last = audit.seal(db, at=MONDAY)
    assert last is not None
    head = last.hash
    db.commit()
    db.expunge_all()
    without_triggers(db, "DELETE FROM audit_seal WHERE id = (SELECT max(id) FROM audit_seal)")
    assert audit.broken_seals(db) == []
    assert audit.broken_seals(db, head=head) == [0]
    assert db.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == 1
