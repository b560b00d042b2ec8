"""Any order of absences, moves, closures, bars, roles and rules: no flag without somebody there or a list that is read.

In CI 20 sequences of 25 steps on each database; `make torture` runs 5,000 of 50 on SQLite, in ten parts.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from careplan.actions import absences, blocks, climbing, people, routing, rules, staffing, sweeping, tasks
from careplan.domain.climbing import step_at
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.tasks import TaskKind
from careplan.domain.triage import Level
from careplan.i18n import local
from careplan.jobs import SYSTEM
from careplan.library import Library
from careplan.library.unit_rules import nodes_of, with_rules
from careplan.models import (
    Absence,
    Block,
    CareTeamMember,
    Membership,
    OutboxMessage,
    Patient,
    Person,
    Practitioner,
    RuleVersion,
    Task,
    Unit,
)
from careplan.models.tasks import OPEN
from careplan.queries.access import visible
from careplan.queries.answers import unit_rules
from careplan.queries.owners import in_list_of
from careplan.queries.roster import roster
from careplan.queries.team import contact_for
from tests import make, stories
from tests.make import MONDAY, Clinic

STAFF = st.sampled_from(["karin", "nils", "eva", "lars"])
PATIENTS = st.sampled_from(["astrid", "bo", "sven"])
UNITS = st.sampled_from([0, 1])
DAYS = st.integers(0, 9)


class Routing(RuleBasedStateMachine):
    """Two units of one provider, four nurses, three patients; after each step the job of every minute has run."""

    engine: sa.Engine
    library: Library
    clinic: Clinic

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.db = Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        self.at: datetime = MONDAY
        self.units = [self.clinic.unit.id, self.clinic.other_unit.id]
        self.who = dict(self.clinic.practitioner)
        self.mia = self.clinic.actor["mia"]

    @initialize()
    def a_third_nurse_works_in_the_first_unit(self) -> None:
        eva = make.practitioner(self.db, make.person(self.db, "Eva", "Ny", date(1980, 1, 1)), "kontaktsjuksköterska")
        make.seat(self.db, eva, self.db.get_one(Unit, self.units[0]), Capacity.CONTACT_NURSE)
        self.who["eva"] = eva.id

    def teardown(self) -> None:
        self.db.execute(sa.update(OutboxMessage).values(status="sent"))
        assert not sweeping.sweep(self.db, by=SYSTEM, at=self.at), "no step damages anything"
        self.db.close()
        self.outer.rollback()
        self.connection.close()

    # What happens

    @rule(patient=PATIENTS, unit=UNITS, level=st.sampled_from(Level))
    def a_flag_comes(self, patient: str, unit: int, level: Level) -> None:
        patient_id, unit_id = self.clinic.patient[patient], self.units[unit]
        if not self._cares(patient_id, unit_id):
            return
        tasks.open_task(
            self.db,
            kind=TaskKind.FLAG,
            level=level,
            patient_id=patient_id,
            unit_id=unit_id,
            contact=contact_for(self.db, patient_id, unit_id, at=self.at),
            summary="Andnöd 8 av 10",
            starts_at=self.at,
            at=self.at,
        )

    @rule(patient=st.sampled_from(["astrid", "bo"]), fatigue=st.integers(0, 10))
    def a_form_is_sent(self, patient: str, fatigue: int) -> None:
        if not self._cares(self.clinic.patient[patient], self.units[0]):
            return
        form = self.library.questionnaire(stories.FORM)
        asked = with_rules(form, unit_rules(self.db, self.units[0], form.id))
        stories.sent(self.db, self.library, self.clinic, patient, {"fatigue": fatigue}, at=self.at, questionnaire=asked)

    @rule(limit=st.integers(2, 10))
    def the_unit_changes_its_rules(self, limit: int) -> None:
        form = self.library.questionnaire(stories.FORM)
        standing = with_rules(form, unit_rules(self.db, self.units[0], form.id))
        nodes = [
            node | {"when": node["when"] | {"at_least": limit}}
            if node["item"] == "fatigue" and set(node["when"]) == {"item", "at_least"}
            else node
            for node in nodes_of(standing.rules)
        ]
        draft = rules.open_draft(self.db, standing, by=self.mia, at=self.at)
        rules.save(self.db, draft, form, nodes, seen=draft.version, by=self.mia, at=self.at)
        self.db.execute(sa.update(RuleVersion).where(RuleVersion.status == "active").values(status="retired"))
        draft.status = "active"  # the trial and the second person have tests of their own

    @rule(who=STAFF, cover=st.none() | STAFF, first=DAYS, length=st.integers(-1, 6))
    def an_absence_is_planned(self, who: str, cover: str | None, first: int, length: int) -> None:
        seat = self._seat(who)
        if seat is None:
            return
        first_on = local(self.at).date() + timedelta(days=first - 2)
        self._try(
            absences.plan,
            practitioner_id=self.who[who],
            unit_id=seat.unit_id,
            first_on=first_on,
            last_on=first_on + timedelta(days=length),
            cover_id=self.who[cover] if cover else None,
        )

    @precondition(lambda self: self.db.scalar(sa.select(sa.func.count()).select_from(Absence)))
    @rule(which=st.integers(0, 5))
    def an_absence_ends_early(self, which: int) -> None:
        planned = self.db.scalars(sa.select(Absence).order_by(Absence.from_at, Absence.id)).all()
        absences.end(self.db, planned[which % len(planned)], by=self.mia, at=self.at)

    @rule(who=STAFF, successor=st.none() | STAFF)
    def a_seat_ends(self, who: str, successor: str | None) -> None:
        seat = self._seat(who)
        if seat is not None:
            self._try(staffing.end_seat, seat, successor_id=self.who[successor] if successor else None)

    @rule(who=STAFF, unit=UNITS)
    def somebody_is_employed(self, who: str, unit: int) -> None:
        if self._seat(who) is None:
            person = self.db.get_one(Practitioner, self.who[who]).person
            people.employ(
                self.db,
                person=self.db.get_one(Person, person.id),
                title="kontaktsjuksköterska",
                unit=self.db.get_one(Unit, self.units[unit]),
                role=Capacity.CONTACT_NURSE,
                by=self.mia,
                at=self.at,
            )

    @rule(who=STAFF, role=st.sampled_from([Capacity.CONTACT_NURSE, Capacity.REHABILITATION, Capacity.MANAGER]))
    def a_role_changes(self, who: str, role: Capacity) -> None:
        seat = self._seat(who)
        if seat is not None:
            self._try(staffing.change_seat, seat, role=role, phone="", cover_id=seat.cover_id)

    @rule(patient=PATIENTS, nurse=STAFF, unit=UNITS)
    def a_patient_has_another_nurse(self, patient: str, nurse: str, unit: int) -> None:
        patient_id, unit_id = self.clinic.patient[patient], self.units[unit]
        if self._cares(patient_id, unit_id):
            found = self.db.get_one(Patient, patient_id)
            self._try(staffing.name_nurse, found, nurse_id=self.who[nurse], unit_id=unit_id)

    @rule(patient=PATIENTS, nurse=STAFF, unit=UNITS, stays=st.booleans())
    def a_patient_moves(self, patient: str, nurse: str, unit: int, stays: bool) -> None:
        patient_id = self.clinic.patient[patient]
        if not stays:
            for member in self.db.scalars(sa.select(CareTeamMember).where(CareTeamMember.patient_id == patient_id)):
                member.to_on = min(member.to_on or date.max, local(self.at).date() - timedelta(days=1))
        found = self.db.get_one(Patient, patient_id)
        self._try(staffing.name_nurse, found, nurse_id=self.who[nurse], unit_id=self.units[unit])

    @rule(patient=st.sampled_from(["astrid", "bo"]), unit=UNITS, bars_all=st.booleans())
    def a_patient_bars_the_other_unit(self, patient: str, unit: int, bars_all: bool) -> None:
        self._try(
            blocks.block,
            patient_id=self.clinic.patient[patient],
            unit_id=self.units[unit],
            barred_id=None if bars_all else self.units[1 - unit],
            by=self.clinic.actor[patient],
        )

    @rule(patient=st.sampled_from(["astrid", "bo"]), which=st.integers(0, 3))
    def a_patient_lifts_a_bar(self, patient: str, which: int) -> None:
        made = (
            sa.select(Block).where(Block.patient_id == self.clinic.patient[patient]).order_by(Block.from_at, Block.id)
        )
        found = self.db.scalars(made).all()
        if found:
            self._try(blocks.lift, found[which % len(found)], by=self.clinic.actor[patient])

    @rule(unit=UNITS, is_closed=st.booleans())
    def a_unit_closes_or_opens(self, unit: int, is_closed: bool) -> None:
        found = self.db.get_one(Unit, self.units[unit])
        if is_closed:
            staffing.close_unit(self.db, found, by=self.mia, at=self.at)
        else:
            found.closed_on = None

    @rule(from_unit=UNITS, to=UNITS)
    def a_manager_places_what_nobody_sees(self, from_unit: int, to: int) -> None:
        self._try(routing.place, from_unit_id=self.units[from_unit], to=self.db.get_one(Unit, self.units[to]))

    @precondition(lambda self: self._open())
    @rule(which=st.integers(0, 20), who=STAFF, closes=st.booleans())
    def somebody_takes_or_closes_a_task(self, which: int, who: str, closes: bool) -> None:
        found = self._open()
        task, seat = found[which % len(found)], self._seat(who)
        if seat is None or seat.role is not Capacity.CONTACT_NURSE or seat.unit_id != task.list_unit_id:
            return
        if closes:
            tasks.complete(self.db, task, outcome="called", next_step="", by=self._actor(who, seat), at=self.at)
        else:
            tasks.take(self.db, task, by=self._actor(who, seat), at=self.at)

    @rule(hours=st.sampled_from([1, 3, 8, 24, 72, 240]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    # What always holds

    @invariant()
    def every_open_task_is_seen_by_somebody_present_or_is_the_providers(self) -> None:
        self._every_minute()
        open_now = self._open()
        seen = self._seen_by_those_present()
        for task in open_now:
            assert task.id in seen or task.with_provider_since is not None, task.id
            assert task.due_at >= task.starts_at
            unit = self.db.get_one(Unit, task.list_unit_id)
            assert task.climbed >= step_at(task.kind, task.level, task.due_at, unit.opening_hours, self.at)
            if task.owner_id is not None:
                assert self._works(task.owner_id, task.list_unit_id), "an owner who does not work there"

    def _every_minute(self) -> None:
        self.db.flush()
        routing.settle(self.db, by=SYSTEM, at=self.at)
        climbing.climb(self.db, by=SYSTEM, at=self.at)
        self.db.expire_all()

    def _seen_by_those_present(self) -> set[UUID]:
        """What stands in the list of some nurse who works there, in an open unit, and is not away."""
        seen: set[UUID] = set()
        lists = {unit_id: roster(self.db, unit_id, at=self.at) for unit_id in self.units}
        for who in ("karin", "nils", "eva", "lars"):
            seat = self._seat(who)
            if seat is None or seat.role is not Capacity.CONTACT_NURSE or self._is_away(seat) or self._is_closed(seat):
                continue
            actor = self._actor(who, seat)
            seen |= set(
                self.db.scalars(
                    sa.select(Task.id).where(
                        Task.list_unit_id == seat.unit_id,
                        Task.status.in_(OPEN),
                        visible(Task, actor, at=self.at),
                        in_list_of(actor, lists[seat.unit_id], at=self.at),
                    )
                )
            )
        return seen

    # Said naively, beside what the application asks

    def _open(self) -> list[Task]:
        return list(self.db.scalars(sa.select(Task).where(Task.status.in_(OPEN)).order_by(Task.created_at, Task.id)))

    def _seat(self, who: str) -> Membership | None:
        today = local(self.at).date()
        held = self.db.scalars(sa.select(Membership).where(Membership.practitioner_id == self.who[who]))
        return next((seat for seat in held if seat.from_on <= today <= (seat.to_on or date.max)), None)

    def _works(self, practitioner_id: UUID, unit_id: UUID) -> bool:
        name = next((name for name, known in self.who.items() if known == practitioner_id), "")
        seat = self._seat(name) if name else None
        return seat is not None and seat.unit_id == unit_id

    def _is_away(self, seat: Membership) -> bool:
        planned = self.db.scalars(
            sa.select(Absence).where(Absence.practitioner_id == seat.practitioner_id, Absence.unit_id == seat.unit_id)
        )
        return any(absence.from_at <= self.at < absence.to_at for absence in planned)

    def _is_closed(self, seat: Membership) -> bool:
        closed_on = self.db.get_one(Unit, seat.unit_id).closed_on
        return closed_on is not None and closed_on <= local(self.at).date()

    def _cares(self, patient_id: UUID, unit_id: UUID) -> bool:
        today = local(self.at).date()
        members = self.db.scalars(
            sa.select(CareTeamMember).where(CareTeamMember.patient_id == patient_id, CareTeamMember.unit_id == unit_id)
        )
        return any(member.from_on <= today <= (member.to_on or date.max) for member in members)

    def _actor(self, who: str, seat: Membership) -> Actor:
        return replace(
            self.clinic.actor["nils"], name=who, capacity=seat.role, unit_id=seat.unit_id, practitioner_id=self.who[who]
        )

    def _try(self, action, *args: object, **values: object) -> None:
        """What is refused by name changes nothing."""
        try:
            with self.db.begin_nested():
                action(self.db, *args, **({"by": self.mia, "at": self.at} | values))
        except CareplanError:
            self.db.expire_all()


def walk(
    engine: sa.Engine, library: Library, clinic: Clinic, *, sequences: int, steps: int, part: int | None = None
) -> None:
    """Sequences drawn by lot; with `part`, the same ones each time."""
    machine = type("Routing", (Routing,), {"engine": engine, "library": library, "clinic": clinic})
    run_state_machine_as_test(
        machine if part is None else seed(part)(machine),
        settings=settings(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.slow
def test_no_task_is_lost_in_20_sequences_of_25_steps(engine: sa.Engine, library: Library, clinic: Clinic) -> None:
    walk(engine, library, clinic, sequences=20, steps=25)


@pytest.mark.torture
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_task_is_lost_in_5000_sequences_of_50_steps(
    engine: sa.Engine, library: Library, clinic: Clinic, part: int
) -> None:
    walk(engine, library, clinic, sequences=500, steps=50, part=part)
