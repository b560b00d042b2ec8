"""From the clinic's file to stories: the same seed and moment always give the same year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from careplan.demo.clinic import Clinic, PathwayModel, PatientModel, UnitModel
from careplan.demo.forms import FormMaker
from careplan.demo.people import Fate, Someone, fates, people
from careplan.demo.story import (
    AppointmentStory,
    EventStory,
    FormStory,
    GoalStory,
    PatientStory,
    PlanStory,
    ReviewStory,
    ShareStory,
    SigningStory,
)
from careplan.demo.times import later, local_day, office, wall
from careplan.domain.needs import GoalOutcome
from careplan.domain.plan import PlanDefinition
from careplan.domain.worktime import OpeningHours
from careplan.library import Library

START = "plan-start"
LANG = "sv"
YEAR_DAYS, YOUNGEST_PLAN = 350, 8
GOAL_SHARE, APPOINTMENT_SHARE, GAP_SHARE, NOTIFIED_SHARE, TEAM_SHARE = 0.45, 0.5, 0.35, 0.25, 0.2
REVIEW_AFTER = timedelta(days=42)
# How long ago a form of the days just gone may have opened.
WAVE_DAYS = range(4)


@dataclass(frozen=True, slots=True)
class _Given:
    """What is known of a patient before the story is told."""

    index: int
    someone: Someone
    unit: str
    nurse: str
    pathway: PathwayModel
    days_in: int
    fate: Fate
    own: PatientModel | None


def enlarged(clinic: Clinic, patients: int) -> Clinic:
    """The clinic with as many more units and nurses as this many patients need."""
    more, per_nurse = clinic.more, clinic.others.total
    nurses = -(-max(0, patients - per_nurse) // per_nurse)
    rng = Random("nurses")
    units, staff = dict(clinic.units), list(clinic.staff)
    for number in range(nurses):
        unit = f"more-{number // more.nurses}"
        if unit not in units:
            name = more.unit.format(number=number // more.nurses + 1)
            units[unit] = UnitModel(
                name=name, phone=more.phone, address=more.address, hours=clinic.units[clinic.others.unit].hours
            )
        like = clinic.staff_member(clinic.others.nurse)
        staff.append(
            like.model_copy(
                update={
                    "username": f"nurse-{number}",
                    "given": rng.choice(clinic.names.women[1970]),
                    "family": rng.choice(clinic.names.family),
                    "unit": unit,
                    "cover": None,
                }
            )
        )
    return clinic.model_copy(update={"units": units, "staff": staff})


def stories(clinic: Clinic, library: Library, *, patients: int, seed: int, at: datetime) -> Iterator[PatientStory]:
    """The patients with a story of their own first, then the rest; `patients` counts the contact nurse's."""
    own = [_own(clinic, index, patient) for index, patient in enumerate(clinic.patients)]
    count = max(0, patients - sum(patient.nurse == clinic.others.nurse for patient in clinic.patients))
    rest = zip(people(clinic, count, seed), fates(clinic, count, seed), strict=True)
    others = (
        _other(clinic, library, len(own) + number, someone, fate, seed=seed, at=at)
        for number, (someone, fate) in enumerate(rest)
    )
    for given in (*own, *others):
        yield _Teller(clinic, library, given, seed=seed, at=at).tell()


def _own(clinic: Clinic, index: int, patient: PatientModel) -> _Given:
    someone = Someone(patient.given, patient.family, patient.number)
    pathway = clinic.pathways[patient.pathway]
    return _Given(index, someone, patient.unit, patient.nurse, pathway, patient.day, Fate(), patient)


def _other(
    clinic: Clinic, library: Library, index: int, someone: Someone, fate: Fate, *, seed: int, at: datetime
) -> _Given:
    rng = Random(f"{seed}:{index}:path")
    names = sorted(clinic.pathways)
    pathway = clinic.pathways[rng.choices(names, weights=[clinic.pathways[name].weight for name in names])[0]]
    beyond = index - len(clinic.patients) - clinic.others.total
    nurse = clinic.staff_member(clinic.others.nurse if beyond < 0 else f"nurse-{beyond // clinic.others.total}")
    days_in = rng.randrange(YOUNGEST_PLAN, YEAR_DAYS)
    if fate.is_review_overdue:
        days_in = rng.randrange(70, 200)
    if fate.target is not None:
        days_in = _day_of_wave(library.plan(pathway.plan, LANG), pathway, fate.event, rng, at)
    return _Given(index, someone, nurse.unit, nurse.username, pathway, days_in, fate, None)


def _day_of_wave(definition: PlanDefinition, pathway: PathwayModel, event: str, rng: Random, at: datetime) -> int:
    """How long ago the plan started, so that a form of this event opened in the days just gone."""
    starts = {START: 0} | {each.kind: each.day for each in pathway.events}
    # What is left out where something else was just asked would be no wave.
    sure = [entry for entry in definition.schedule if not entry.unless_asked_days]
    entries = [entry for entry in sure if entry.event == event and event in starts]
    if not entries:  # this template asks for nothing at that event
        entries, event = [entry for entry in sure if entry.event == START], START
    entry = rng.choice(entries)
    ends = min((day for kind, day in starts.items() if day > starts[event]), default=YEAR_DAYS)
    times = [
        entry.after_days + number * (entry.every_days or 0)
        for number in range(entry.times)
        if starts[event] + entry.after_days + number * (entry.every_days or 0) < ends
    ]
    offset = rng.choice(times)
    today = local_day(at)
    usable = [ago for ago in WAVE_DAYS if ago >= (1 if offset == 0 else 0) and _is_usable(today, ago, at)]
    return starts[event] + offset + (rng.choice(usable) if usable else 3)


def _is_usable(today: date, ago: int, at: datetime) -> bool:
    """A weekday, since treatment starts on one; today only when the morning is over."""
    return (today - timedelta(days=ago)).weekday() < 5 and (ago > 0 or at > wall(today, time(8, 0)))


class _Teller:
    def __init__(self, clinic: Clinic, library: Library, given: _Given, *, seed: int, at: datetime) -> None:
        self.clinic, self.given, self.at = clinic, given, at
        self.rng = Random(f"{seed}:{given.index}")
        self.library = library
        self.definition = library.plan(given.pathway.plan, LANG)
        self.hours: OpeningHours = office(clinic.units[given.unit].hours)
        self.today = local_day(at)
        self.start_on = self.today - timedelta(days=given.days_in)
        first = min(later(self.hours, wall(self.start_on, time(9, 0))), at - timedelta(hours=3))
        self.registered_at = first
        self.signed_at = first + timedelta(minutes=90)
        self.forms = FormMaker(clinic, library, self.hours, self.rng, at=at)

    def tell(self) -> PatientStory:
        given, own = self.given, self.given.own
        goals = self._goals() if given.fate.has_plan else ()
        doers = {doer for goal in goals for doer in (*goal.doers, goal.by)} - {"", given.nurse}
        team = dict.fromkeys((*(own.team if own else ()), *sorted(doers)))
        is_notified = own is None and self.rng.random() < NOTIFIED_SHARE
        return PatientStory(
            index=given.index,
            username=own.username if own else "",
            given=given.someone.given,
            family=given.someone.family,
            number=given.someone.number,
            language=own.language if own else "sv",
            phone=own.phone if own else f"070-174 06 {self.rng.randrange(5, 99):02}",
            email=own.email if own else (f"p{given.index}@example.org" if is_notified else ""),
            notify_by=own.notify_by if own else ("email" if is_notified else "none"),
            uses_paper=own.uses_paper if own else False,
            unit=given.unit,
            nurse=given.nurse,
            team=tuple(team),
            registered_at=self.registered_at,
            plan=self._plan(goals) if given.fate.has_plan else None,
            paper_at=self._paper_at(),
            share=self._share(),
        )

    def _plan(self, goals: tuple[GoalStory, ...]) -> PlanStory:
        events = self._events()
        signings = self._signings()
        own, fate = self.given.own, self.given.fate
        started = [(START, local_day(self.signed_at), self.signed_at)]
        started += [(event.kind, event.on, event.recorded_at) for event in events]
        forms = self.forms.tell(
            self.definition,
            started,
            index=self.given.index,
            signed_at=self.signed_at,
            fate=fate,
            own=own,
            names={"nurse": self._first_name(self.given.nurse), "team": self._first_name(self._rehabilitation())},
            is_leaving_gaps=own is None and self.rng.random() < GAP_SHARE,
        )
        return PlanStory(
            definition=self.definition.id,
            treatments=tuple(self.given.pathway.treatments),
            drafted_at=self.signed_at - timedelta(minutes=40),
            signings=signings,
            events=events,
            appointments=self._appointments(signings[-1].signed_at),
            forms=forms,
            goals=tuple(self._after_form(goal, forms) for goal in goals),
        )

    def _after_form(self, goal: GoalStory, forms: Sequence[FormStory]) -> GoalStory:
        """The goal, with the form that had been answered about its areas then."""
        for form in reversed(forms):
            areas = {item.area for item in self.library.questionnaire(form.questionnaire).questions}
            if form.sent_at is not None and form.sent_at < goal.set_at and areas.issuperset(goal.levels):
                return replace(goal, entry_key=form.entry_key)
        return goal

    def _events(self) -> tuple[EventStory, ...]:
        told = []
        for event in self.given.pathway.events:
            on = self.start_on + timedelta(days=event.day)
            recorded_at = max(later(self.hours, wall(on, time(11, 0))), self.signed_at + timedelta(minutes=10))
            if recorded_at < self.at:
                told.append(EventStory(event.kind, on, event.title, recorded_at))
        return tuple(told)

    def _signings(self) -> tuple[SigningStory, ...]:
        """At the start, and once more when the patient has come to the latest phase."""
        own, pathway = self.given.own, self.given.pathway
        notes = tuple(own.notes.items()) if own else ()
        greeting = own.greeting if own else ""
        first = SigningStory(pathway.phase_on(0), self.signed_at, greeting)
        reached = max(day for day in pathway.phases if day <= max(self.given.days_in, min(pathway.phases)))
        again_at = later(self.hours, wall(self.start_on + timedelta(days=reached), time(13, 30)))
        if self.signed_at + timedelta(days=1) < again_at < self.at:
            return first, SigningStory(pathway.phases[reached], again_at, greeting, notes)
        return (SigningStory(first.phase, first.signed_at, greeting, notes),)

    def _appointments(self, booked_at: datetime) -> tuple[AppointmentStory, ...]:
        own = self.given.own
        if own is not None:
            planned = own.appointments
        else:
            planned = [self.rng.choice(self.clinic.appointments)] if self.rng.random() < APPOINTMENT_SHARE else []
        return tuple(
            AppointmentStory(
                later(self.hours, wall(self.today + timedelta(days=each.in_days), each.at)),
                each.title,
                each.place,
                each.preparation,
                booked_at + timedelta(minutes=5),
            )
            for each in planned
        )

    def _goals(self) -> tuple[GoalStory, ...]:
        own, fate = self.given.own, self.given.fate
        if own is not None:
            return tuple(
                self._goal(
                    each.goal, self._user(each.by), ago=each.days_ago, review_on=self.today + timedelta(each.review_in)
                )
                for each in own.goals
            )
        goal = self.rng.choice(self.clinic.common_goals)
        by = self._rehabilitation() if self.rng.random() < TEAM_SHARE else self.given.nurse
        if fate.is_review_overdue:
            overdue = self._weekday(self.today - timedelta(days=self.rng.randrange(3, 10)))
            return (self._goal(goal, by, ago=50, review_on=overdue),)
        ago = self.given.days_in - 10
        if ago < 1 or self.rng.random() > GOAL_SHARE:
            return ()
        review_on = self._weekday(self.today - timedelta(days=ago) + REVIEW_AFTER)
        if self.today - timedelta(days=4) < review_on <= self.today:
            review_on += timedelta(days=7)
        return (self._goal(goal, by, ago=ago, review_on=review_on, is_reviewed=review_on < self.today),)

    def _goal(self, goal: str, by: str, *, ago: int, review_on: date, is_reviewed: bool = False) -> GoalStory:
        model = self.clinic.goals[goal]
        set_at = max(
            later(self.hours, wall(self.today - timedelta(days=ago), time(14, 0))), self.signed_at + timedelta(hours=1)
        )
        review = None
        if is_reviewed:
            outcome = self.rng.choice((GoalOutcome.ACHIEVED, GoalOutcome.PARTLY, GoalOutcome.PARTLY, GoalOutcome.NOT))
            review = ReviewStory(later(self.hours, wall(review_on, time(10, 0))), outcome)
        return GoalStory(
            goal=goal,
            by=by,
            set_at=set_at,
            review_on=review_on,
            doers=tuple(self._user(activity.who) for activity in model.activities),
            levels=model.areas,
            summary=self.rng.choice(self.clinic.assessment_summaries),
            review=review,
        )

    def _paper_at(self) -> datetime | None:
        own = self.given.own
        if own is None or own.paper_days_ago is None:
            return None
        came = wall(self.today - timedelta(days=own.paper_days_ago), time(14, 0))
        return min(later(self.hours, came) if came.weekday() > 4 else came, self.at - timedelta(minutes=30))

    def _share(self) -> ShareStory | None:
        own = self.given.own
        if own is None or own.share is None:
            return None
        model = own.share
        return ShareStory(
            model.given,
            model.family,
            model.number,
            model.username,
            model.relation,
            tuple(model.scopes),
            wall(self.today - timedelta(days=model.days_ago), time(18, 30)),
        )

    def _user(self, who: str) -> str:
        """From a role in the clinic's file to a user name; "" is the patient."""
        return {"patient": "", "nurse": self.given.nurse, "rehabilitation": self._rehabilitation()}[who]

    def _rehabilitation(self) -> str:
        """The clinic's own where the patient is cared for at that unit, else the nurse does it."""
        others = self.clinic.others
        return others.rehabilitation if self.given.unit == others.unit else self.given.nurse

    def _first_name(self, username: str) -> str:
        return self.clinic.staff_member(username).given

    @staticmethod
    def _weekday(on: date) -> date:
        return on - timedelta(days=max(0, on.weekday() - 4))
