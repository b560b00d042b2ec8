"""A database of very many active plans: a hundred written row by row, the others copied from them by SQL."""

import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan import schema
from careplan.actions import content
from careplan.db import Base, make_engine, make_sessions
from careplan.domain.schedule import DueForm, due_forms
from careplan.domain.tasks import TaskKind, urgency_rank
from careplan.i18n import TIME_ZONE
from careplan.library import Library
from careplan.models import CarePlan
from tests import make, stories
from tests.make import MONDAY, Clinic

# Of each hundred plans so many have a form to order today, one to be reminded of, one without an answer for a week; so
# many have an overdue task, and so many were severe two weeks ago.
PROTOTYPES = 100
TO_ORDER, TO_REMIND, SILENT, OVERDUE, SEVERE = range(2), range(2, 5), range(5, 6), range(6, 7), range(7, 12)
TEMPLATE = "breast-cancer"
DAY = timedelta(days=1)

# The columns that are other in each copy; what else a row points to is shared.
OWN = {
    "person": {"id"},
    "patient": {"id", "person_id"},
    "care_team_member": {"id", "patient_id"},
    "care_plan": {"id", "patient_id"},
    "plan_event": {"id", "plan_id"},
    "questionnaire_request": {"id", "patient_id", "plan_id"},
    "draft": {"id", "request_id"},
    "questionnaire_response": {"id", "draft_id", "request_id", "patient_id"},
    "flag": {"id", "response_id"},
    "task": {"id", "patient_id", "response_id", "request_id"},
}


def build(path: Path, library: Library, *, plans: int) -> str:
    """The URL of a database with so many plans, a multiple of a hundred."""
    url = f"sqlite:///{path}"
    schema.upgrade(url)
    engine = make_engine(url)
    with make_sessions(engine).begin() as db:
        content.publish(db, library, at=MONDAY - 400 * DAY)
        clinic = make.clinic(db)
        model = stories.signed_plan(db, library, clinic, template=TEMPLATE, at=MONDAY - 360 * DAY)
        db.flush()
        # Whose plan is only the pattern is not to be counted.
        db.execute(sa.text("UPDATE care_plan SET status = 'completed'"))
        db.execute(sa.text("UPDATE outbox_message SET status = 'sent'"))
        db.execute(sa.text("UPDATE questionnaire_request SET status = 'completed'"))
        for number in range(PROTOTYPES):
            _Prototype(db, library, clinic, model, number).write()
    engine.dispose()
    connection = sqlite3.connect(path)
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    for table, own in OWN.items():
        _multiply(connection, table, own, plans // PROTOTYPES)
    connection.commit()
    connection.close()
    return url


def _multiply(connection: sqlite3.Connection, table: str, own: set[str], times: int) -> None:
    columns = [f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})")]
    new = {f'"{name}"': f"printf('%08x', copy.number) || substr(one.{name}, 9)" for name in own}
    new |= {'"receipt"': "copy.number || '-' || one.rowid"}
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) WITH RECURSIVE copy(number) AS "  # noqa: S608
        f"(SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < {times - 1}) "
        f"SELECT {', '.join(new.get(name, f'one.{name}') for name in columns)} "
        f"FROM copy CROSS JOIN {table} AS one WHERE one.id < '00000001' ORDER BY copy.number, one.id"
    )


def _wall(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, TIME_ZONE)


class _Prototype:
    def __init__(self, db: Session, library: Library, clinic: Clinic, model: CarePlan, number: int) -> None:
        self.db, self.library, self.number, self.model = db, library, number, model
        self.unit, self.nurse = clinic.unit.id, clinic.practitioner["karin"]
        self.patient, self.person, self.plan = _new(), _new(), _new()

    def write(self) -> None:
        """A plan with four events and the forms that they asked for; 21 of them, all answered but for a few."""
        self._people()
        columns = {each.key: getattr(self.model, each.key) for each in sa.inspect(CarePlan).column_attrs}
        columns |= {"id": self.plan, "patient_id": self.patient, "status": "active"}
        self.db.execute(sa.insert(CarePlan), [columns])
        began = (MONDAY - timedelta(days=330 - self.number % 7)).date()
        last = ("follow-up", MONDAY.date()) if self.number in TO_ORDER else ("treatment-follow-up", began + 200 * DAY)
        events = [
            ("plan-start", began),
            ("treatment-start", began + 14 * DAY),
            ("treatment-end", began + 120 * DAY),
            last,
        ]
        for kind, on in events:
            values = {"plan_id": self.plan, "kind": kind, "on": on, "title": ""}
            self._add("plan_event", **values, recorded_by_id=self.nurse, recorded_at=MONDAY)
        due = due_forms(self.library.plan(TEMPLATE, "sv").schedule, events, upto=MONDAY.date() - DAY)
        asked = [self._ask(form) for form in due]
        self._answered(asked[-2], MONDAY - 20 * DAY)
        self._answered(asked[-1], MONDAY - 14 * DAY, is_severe=self.number in SEVERE)
        if self.number in TO_REMIND or self.number in SILENT:
            opened = MONDAY - (2 if self.number in TO_REMIND else 7) * DAY
            self._request("weekly-symptoms", f"more:{self.number}", opened, opened + 10 * DAY, "requested")
        if self.number in OVERDUE:
            self._task("requested", MONDAY - 14 * DAY)

    def _people(self) -> None:
        self._add("person", self.person, given_name="Påhittad", family_name=f"Person {self.number}", language="sv")
        self._add("patient", self.patient, person_id=self.person, notify_by="email", uses_paper=False)
        care = {"patient_id": self.patient, "practitioner_id": self.nurse, "unit_id": self.unit}
        self._add("care_team_member", **care, role="contact_nurse", from_on=(MONDAY - 360 * DAY).date())

    def _ask(self, form: DueForm) -> UUID:
        opens, closes = _wall(form.opens_on, time(6)), _wall(form.closes_on, time(23, 59))
        return self._request(form.questionnaire, form.entry_key, opens, closes, "completed")

    def _request(self, form: str, key: str, opens: datetime, closes: datetime, status: str) -> UUID:
        return self._add(
            "questionnaire_request",
            patient_id=self.patient,
            unit_id=self.unit,
            plan_id=self.plan,
            questionnaire_id=form,
            content_hash=self.library.questionnaire(form).hash,
            entry_key=key,
            status=status,
            opens_at=opens,
            due_at=opens + 3 * DAY,
            closes_at=closes,
            created_at=opens,
            reminded=2 if self.number in SILENT else 0,
        )

    def _answered(self, request: UUID, at: datetime, *, is_severe: bool = False) -> None:
        form = self.library.questionnaire("weekly-symptoms")
        draft = self._add("draft", request_id=request, lang="sv", version=2, started_at=at, updated_at=at)
        response = self._add(
            "questionnaire_response",
            draft_id=draft,
            request_id=request,
            patient_id=self.patient,
            unit_id=self.unit,
            questionnaire_id=form.id,
            content_hash=form.hash,
            lang="sv",
            mode="web",
            device="phone",
            source_id=self.person,
            is_by_relative=False,
            submitted_at=at,
            zone=str(TIME_ZONE),
            wishes=[],
            wants_contact=False,
            receipt=str(uuid4())[:10],
            fingerprint="",
            triage="done",
        )
        if is_severe:
            rule = {"rule_id": "pain-red", "content_hash": form.hash, "level": "red", "item": "pain"}
            self._add("flag", response_id=response, **rule, raised_at=at)
        self._task("completed", at, response_id=response, request_id=request)

    def _task(self, status: str, at: datetime, **of: UUID) -> None:
        kind = TaskKind.RESPONSE if of else TaskKind.CONTACT
        closed = {"outcome": "advised", "completed_by_id": self.nurse, "completed_at": at}
        self._add(
            "task",
            patient_id=self.patient,
            unit_id=self.unit,
            list_unit_id=self.unit,
            kind=kind,
            rank=urgency_rank(kind, None, None),
            owner_id=self.nurse,
            created_at=at,
            starts_at=at,
            due_at=at + DAY,
            status=status,
            **of,
            **(closed if status == "completed" else {}),
        )

    def _add(self, table: str, made: UUID | None = None, **values: Any) -> UUID:
        made = made or _new()
        self.db.execute(sa.insert(Base.metadata.tables[table]), [{"id": made} | values])
        return made


def _new() -> UUID:
    """Before all others in order, so that copies are made of these alone."""
    return UUID(int=uuid4().int & (1 << 96) - 1)
