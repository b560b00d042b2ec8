"""The forms of one patient: asked for by the plan's schedule, answered or not, and what the nurse made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from careplan.actions.responses import Sending
from careplan.demo.answering import Course, Target, wishes_of
from careplan.demo.clinic import Clinic, PatientModel
from careplan.demo.people import Fate
from careplan.demo.story import FormStory, Handling
from careplan.demo.times import later, local_day, wall
from careplan.domain.answers import Answer
from careplan.domain.plan import PlanDefinition
from careplan.domain.questionnaire import Questionnaire, settled
from careplan.domain.schedule import DueForm, due_forms
from careplan.domain.scoring import compute
from careplan.domain.tasks import Outcome
from careplan.domain.triage import Level, evaluate
from careplan.domain.worktime import OpeningHours
from careplan.i18n import TIME_ZONE
from careplan.library import Library

# What counts as the days just gone: only the wave's forms were sent in them.
JUST_GONE = timedelta(hours=72)
ANSWERED_SHARE, CONTACT_SHARE, COMMENT_SHARE, RED_SHARE = 0.85, 0.04, 0.05, 0.012
# Long ago most patients answered less often: their year is quicker to load, and still a year.
LONG_AGO, ANSWERED_LONG_AGO, FULL_HISTORY = timedelta(days=90), 0.3, 30
SECONDS_AN_ANSWER = (6, 40)
DEVICES = ("phone", "phone", "phone", "computer", "tablet")
OPENS = time(6, 5)
EVENING = time(19, 42)
AWAKE, TRIES = (time(7, 0), time(22, 30)), 8

Names = Mapping[str, str]
Started = tuple[str, date, datetime]


class FormMaker:
    def __init__(self, clinic: Clinic, library: Library, hours: OpeningHours, rng: Random, *, at: datetime) -> None:
        self.clinic, self.library, self.hours, self.rng, self.at = clinic, library, hours, rng, at

    def tell(
        self,
        definition: PlanDefinition,
        events: Sequence[Started],
        *,
        index: int,
        signed_at: datetime,
        fate: Fate,
        own: PatientModel | None,
        names: Names,
        is_leaving_gaps: bool,
    ) -> tuple[FormStory, ...]:
        """In order of opening. `events` are (kind, day, recorded at)."""
        due = due_forms(definition.schedule, [(kind, on) for kind, on, _ in events], upto=local_day(self.at))
        recorded = {(kind, on.isoformat()): at for kind, on, at in events}
        course = self._course(events, own)
        gap = self._gap(len(due)) if is_leaving_gaps else range(0)
        told: list[FormStory] = []
        previous: dict[str, dict[str, Answer]] = {}
        # Of the forms that are open now the one that opened last is the wave's.
        wave = due[-1].entry_key if due and fate.target is not None else ""
        for number, form in enumerate(due):
            ordered_at = max(wall(form.opens_on, OPENS), signed_at, recorded[_event_of(form)])
            if ordered_at >= self.at or local_day(ordered_at) > form.closes_on:
                continue
            sent_at = self._sent_at(
                form, ordered_at, index=index, is_wave=form.entry_key == wave, own=own, is_gap=number in gap
            )
            if sent_at is None:
                told.append(FormStory(form, ordered_at))
                continue
            q = self.library.questionnaire(form.questionnaire)
            target = Target.RED if own is None and self.rng.random() < RED_SHARE else Target.NATURAL
            if form.entry_key == wave and fate.target is not None:
                target = fate.target
            answers = course.fill(q, sent_at.toordinal(), target, previous.get(q.id))
            wants_contact = fate.wants_contact if form.entry_key == wave else self.rng.random() < CONTACT_SHARE
            sending = self._sending(q, answers, target, wants_contact=wants_contact)
            is_handled = form.entry_key != wave
            told.append(
                self._form(form, q, answers, previous.get(q.id), sending, ordered_at, sent_at, names, is_handled)
            )
            previous[q.id] = settled(q, answers)
        return _with_last_handling(told, own)

    def _course(self, events: Sequence[Started], own: PatientModel | None) -> Course:
        days = [on.toordinal() for _, on, _ in events[1:]]
        # Treatment is what lies between the second event recorded and the third.
        treatment = None
        if len(days) > 1:
            treatment = (days[1], days[2] if len(days) > 2 else local_day(self.at).toordinal() + 1)
        return Course(
            self.rng,
            self.clinic.symptoms,
            self.clinic.remarks,
            treatment,
            burden=own.burden if own else {},
            level=1.0 if own else self.rng.uniform(0.5, 1.6),
        )

    def _gap(self, forms: int) -> range:
        """Some weeks in a row without an answer."""
        first = self.rng.randrange(max(1, forms))
        return range(first, first + self.rng.randrange(2, 5))

    def _sent_at(
        self, form: DueForm, ordered_at: datetime, *, index: int, is_wave: bool, own: PatientModel | None, is_gap: bool
    ) -> datetime | None:
        if own is not None and own.uses_paper:
            return None
        if is_wave:
            return self._just_now(ordered_at)
        is_thin = index >= FULL_HISTORY and ordered_at < self.at - LONG_AGO
        share = ANSWERED_LONG_AGO if is_thin else ANSWERED_SHARE
        if own is None and (is_gap or self.rng.random() > share):
            return None
        open_days = (form.closes_on - form.opens_on).days
        waited = 1 if own else self.rng.randrange(0, max(1, open_days))
        clock = EVENING if own else time(self.rng.randrange(8, 22), self.rng.randrange(60))
        sent_at = wall(form.opens_on + timedelta(days=waited), clock)
        is_possible = ordered_at + timedelta(minutes=30) < sent_at < self.at - JUST_GONE
        return sent_at if is_possible else None

    def _just_now(self, ordered_at: datetime) -> datetime | None:
        """In the days just gone, and not in the small hours where there is a choice."""
        first = max(ordered_at + timedelta(minutes=30), self.at - JUST_GONE + timedelta(hours=1))
        last = self.at - timedelta(minutes=10)
        if first >= last:
            return None
        moments = [first + (last - first) * self.rng.random() for _ in range(TRIES)]
        awake = [at for at in moments if AWAKE[0] <= at.astimezone(TIME_ZONE).time() <= AWAKE[1]]
        return (awake or moments)[0].replace(microsecond=0)

    def _sending(
        self, q: Questionnaire, answers: Mapping[str, Answer], target: Target, *, wants_contact: bool
    ) -> Sending:
        urgency = {Target.RED: "today", Target.YELLOW: "week"}.get(target) or self.rng.choice(("wait", "wait", None))
        comment = self.rng.choice(self.clinic.comments) if self.rng.random() < COMMENT_SHARE else ""
        return Sending(
            wishes=wishes_of(q, answers, self.rng) or (("none",) if target is Target.CALM else ()),
            urgency="week" if wants_contact and urgency is None else urgency,
            wants_contact=wants_contact,
            comment=comment,
        )

    def _form(
        self,
        form: DueForm,
        q: Questionnaire,
        answers: Mapping[str, Answer],
        previous: Mapping[str, Answer] | None,
        sending: Sending,
        ordered_at: datetime,
        sent_at: datetime,
        names: Names,
        is_handled: bool,
    ) -> FormStory:
        timed: list[tuple[str, Answer, datetime]] = []
        at = sent_at - timedelta(seconds=SECONDS_AN_ANSWER[1] * (len(answers) + 1))
        started_at = max(at, ordered_at + timedelta(minutes=1))
        at = started_at
        for link_id, answer in answers.items():
            at += timedelta(seconds=self.rng.randrange(*SECONDS_AN_ANSWER))
            timed.append((link_id, answer, min(at, sent_at)))
        handling = self._handling(q, answers, previous, sending, sent_at, names) if is_handled else None
        return FormStory(
            due=form,
            ordered_at=ordered_at,
            started_at=started_at,
            sent_at=sent_at,
            answers=tuple(timed),
            sending=sending,
            device=self.rng.choice(DEVICES),
            handling=handling,
        )

    def _handling(
        self,
        q: Questionnaire,
        answers: Mapping[str, Answer],
        previous: Mapping[str, Answer] | None,
        sending: Sending,
        sent_at: datetime,
        names: Names,
    ) -> Handling:
        complete = settled(q, answers)
        flags = evaluate(q, complete, compute(q, complete), previous)
        outcome = self.rng.choice(_outcomes(flags[0].level if flags else None, wants_contact=sending.wants_contact))
        read_at = later(self.hours, sent_at + timedelta(minutes=10)) + timedelta(minutes=self.rng.randrange(5, 80))
        read_at = min(read_at, self.at - timedelta(hours=1))
        closed_at = read_at + timedelta(minutes=self.rng.randrange(2, 20))
        known_until = None
        if outcome is Outcome.KNOWN:
            known_until = local_day(closed_at) + timedelta(days=14)
            if known_until >= local_day(self.at):  # what is new now shall stand in the list
                outcome, known_until = Outcome.CALLED, None
        return Handling(
            read_at=read_at,
            closed_at=closed_at,
            outcome=outcome,
            next_step=self.rng.choice(self.clinic.handling[outcome]).format(**names),
            reason=self.clinic.reasons.get(outcome, ""),
            known_until=known_until,
        )


def _outcomes(level: Level | None, *, wants_contact: bool) -> tuple[Outcome, ...]:
    if level is Level.RED:
        return Outcome.CALLED, Outcome.PHYSICIAN, Outcome.BOOKED
    if wants_contact:
        return Outcome.CALLED, Outcome.BOOKED
    if level is Level.YELLOW:
        return Outcome.CALLED, Outcome.CALLED, Outcome.BOOKED, Outcome.REFERRED, Outcome.KNOWN, Outcome.NO_ACTION
    return (Outcome.ACKNOWLEDGED,)


def _event_of(form: DueForm) -> tuple[str, str]:
    """Kind and day of the event in an entry key."""
    _, kind, on, _ = form.entry_key.split(":")
    return kind, on


def _with_last_handling(told: list[FormStory], own: PatientModel | None) -> tuple[FormStory, ...]:
    """The last form that was answered ended as the clinic's file says."""
    if own is None or own.last_handling is None:
        return tuple(told)
    last = max((number for number, form in enumerate(told) if form.handling is not None), default=None)
    if last is not None:
        form, wanted = told[last], own.last_handling
        assert form.handling is not None
        told[last] = replace(
            form,
            handling=replace(
                form.handling,
                outcome=wanted.outcome,
                reason=wanted.reason,
                next_step=wanted.next_step,
                known_until=None,
            ),
        )
    return tuple(told)
