"""Stories told to the actions, in the order in which things happened, so that the log reads like a year."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import needs, people, plans, reading, responses, tasks
from careplan.demo.clinic import Clinic
from careplan.demo.staff import Staff
from careplan.demo.story import (
    AppointmentStory,
    EventStory,
    FormStory,
    GoalStory,
    PatientStory,
    PlanStory,
    SigningStory,
)
from careplan.domain.identity import PERSONNUMMER, Actor, Capacity, PersonIdentifier
from careplan.domain.plan import proposed
from careplan.domain.questionnaire import text_in
from careplan.domain.tasks import TaskKind
from careplan.library import Library
from careplan.models import CarePlan, Draft, Goal, Patient, QuestionnaireRequest, QuestionnaireResponse, Task

AT_ONCE = 400
MODE = "web"
READING = timedelta(seconds=20)  # from when the call-now page is shown until it is read

Step = Callable[[Session], None]


def replay(
    sessions: sessionmaker[Session],
    library: Library,
    clinic: Clinic,
    staff: Staff,
    stories: Iterable[PatientStory],
    *,
    system: Actor,
    at: datetime,
) -> tuple[int, int]:
    """All patients' steps, by time, some hundred in each transaction; how many patients, how many answered forms."""
    tellers = [_Teller(library, clinic, staff, story, system) for story in stories]
    steps = sorted(
        ((when, number, step) for number, teller in enumerate(tellers) for when, step in teller.steps()),
        key=itemgetter(0, 1),
    )
    for first in range(0, len(steps), AT_ONCE):
        with sessions.begin() as db:
            for _, _, step in steps[first : first + AT_ONCE]:
                step(db)
    with sessions.begin() as db:
        responses.expire(db, by=system, at=at)
    return len(tellers), sum(teller.answered for teller in tellers)


class _Teller:
    """One patient. Rows are fetched by id in each step: a session ends with its transaction."""

    def __init__(self, library: Library, clinic: Clinic, staff: Staff, story: PatientStory, system: Actor) -> None:
        self.library, self.clinic, self.staff, self.story, self.system = library, clinic, staff, story, system
        self.nurse = staff.actors[story.nurse]
        self.contact = staff.contacts[story.nurse]
        self.actor = system
        self.patient_id: UUID
        self.plan_id: UUID
        self.requests: dict[str, UUID] = {}
        self.drafts: dict[str, UUID] = {}
        self.tasks: dict[str, UUID] = {}
        self.goals: dict[int, UUID] = {}
        self.answered = 0

    def steps(self) -> list[tuple[datetime, Step]]:
        story = self.story
        steps: list[tuple[datetime, Step]] = [(story.registered_at, self._register)]
        if story.plan is not None:
            steps += self._plan_steps(story.plan)
        if story.paper_at is not None:
            steps.append((story.paper_at, self._receive_paper))
        if story.share is not None:
            steps.append((story.share.shared_at, self._share))
        return steps

    def _plan_steps(self, plan: PlanStory) -> list[tuple[datetime, Step]]:
        steps: list[tuple[datetime, Step]] = [(plan.drafted_at, partial(self._draft, plan))]
        steps += [(each.signed_at, partial(self._sign, plan, each)) for each in plan.signings]
        steps += [(at, partial(self._meet, number, at)) for number, at in plan.met]
        steps += [(each.recorded_at, partial(self._record, each)) for each in plan.events]
        steps += [(each.booked_at, partial(self._book, each)) for each in plan.appointments]
        for form in plan.forms:
            steps.append((form.ordered_at, partial(self._order, form)))
            steps += self._form_steps(form)
        for number, goal in enumerate(plan.goals):
            steps.append((goal.set_at, partial(self._set_goal, number, goal)))
            if goal.review is not None:
                steps.append((goal.review.reviewed_at, partial(self._review, number, goal)))
        return steps

    def _form_steps(self, form: FormStory) -> list[tuple[datetime, Step]]:
        if form.started_at is None or form.sent_at is None:
            return []
        # The answers of one form are saved in one step: their own times are given to each.
        steps: list[tuple[datetime, Step]] = [(form.started_at, partial(self._answer, form))]
        steps.append((form.sent_at, partial(self._send, form)))
        if form.handling is not None:
            steps.append((form.handling.read_at, partial(self._read, form)))
            steps.append((form.handling.closed_at, partial(self._close, form)))
        return steps

    def _register(self, db: Session) -> None:
        story = self.story
        patient = people.register_patient(
            db,
            identifier=PersonIdentifier(PERSONNUMMER, story.number),
            given_name=story.given,
            family_name=story.family,
            phone=story.phone,
            contact_nurse_id=self.staff.practitioners[story.nurse],
            by=self.nurse,
            at=story.registered_at,
        )
        self.patient_id = patient.id
        patient.person.language, patient.person.email = story.language, story.email
        patient.notify_by, patient.uses_paper = story.notify_by, story.uses_paper
        for username in story.team:
            people.add_to_team(
                db,
                patient=patient,
                practitioner_id=self.staff.practitioners[username],
                unit_id=self.staff.units[story.unit].id,
                role=self.staff.actors[username].capacity,
                by=self.nurse,
                at=story.registered_at,
            )
        if story.username:
            people.create_account(
                db, person=patient.person, username=story.username, password=None, by=self.nurse, at=story.registered_at
            )
        self.actor = Actor(
            person_id=patient.person_id,
            capacity=Capacity.PATIENT,
            name=patient.person.name,
            patient_id=patient.id,
        )

    def _draft(self, plan: PlanStory, db: Session) -> None:
        patient = db.get_one(Patient, self.patient_id)
        made = plans.draft(
            db,
            self.library,
            patient,
            plan.definition,
            lang="sv",
            treatments=plan.treatments,
            by=self.nurse,
            at=plan.drafted_at,
        )
        self.plan_id = made.id

    def _sign(self, plan: PlanStory, signing: SigningStory, db: Session) -> None:
        made = db.get_one(CarePlan, self.plan_id)
        definition = self.library.plan(plan.definition, made.lang)
        shown = [chapter for chapter, is_shown in proposed(definition, set(plan.treatments)).items() if is_shown]
        plans.edit(
            db,
            self.library,
            made,
            treatments=plan.treatments,
            shown=shown,
            notes={chapter: note for chapter, note in signing.notes if chapter in shown},
            greeting=signing.greeting,
            phase=signing.phase,
            by=self.nurse,
            at=signing.signed_at,
        )
        plans.sign(db, self.library, made, contact=self.contact, by=self.nurse, at=signing.signed_at)

    def _meet(self, number: int, at: datetime, db: Session) -> None:
        if self.story.uses_paper:
            reading.print_for(db, self.plan_id, number, person_id=self.actor.person_id, at=at)
        else:
            reading.read(db, self.plan_id, number, by=self.actor, at=at)

    def _record(self, event: EventStory, db: Session) -> None:
        made = db.get_one(CarePlan, self.plan_id)
        plans.record_event(
            db,
            self.library,
            made,
            kind=event.kind,
            on=event.on,
            title=event.title,
            by=self.nurse,
            at=event.recorded_at,
        )

    def _book(self, appointment: AppointmentStory, db: Session) -> None:
        plans.add_appointment(
            db,
            db.get_one(CarePlan, self.plan_id),
            starts_at=appointment.starts_at,
            title=appointment.title,
            place=appointment.place,
            preparation=appointment.preparation,
            by=self.nurse,
            at=appointment.booked_at,
        )

    def _order(self, form: FormStory, db: Session) -> None:
        """By the plan's schedule; the nurse's own act of the same moment may have asked for it already."""
        responses.order_due(db, self.library, db.get_one(CarePlan, self.plan_id), by=self.system, at=form.ordered_at)
        asked = sa.select(QuestionnaireRequest.id).where(
            QuestionnaireRequest.plan_id == self.plan_id, QuestionnaireRequest.entry_key == form.entry_key
        )
        self.requests[form.entry_key] = db.scalars(asked).one()

    def _answer(self, form: FormStory, db: Session) -> None:
        assert form.started_at is not None
        request = db.get_one(QuestionnaireRequest, self.requests[form.entry_key])
        draft = responses.start(db, request, lang="sv", by=self.actor, at=form.started_at)
        self.drafts[form.entry_key] = draft.id
        q = self.library.questionnaire(form.questionnaire)
        for link_id, answer, at in form.answers:
            if responses.save_answer(db, q, draft, link_id, answer, by=self.actor, at=at) is not None:
                responses.acknowledge(db, draft, link_id, at=at + READING)

    def _send(self, form: FormStory, db: Session) -> None:
        assert form.sent_at is not None
        draft = db.get_one(Draft, self.drafts[form.entry_key])
        sent = responses.submit(
            db,
            self.library.questionnaire(form.questionnaire),
            draft,
            form.sending,
            contact=self.contact,
            version=draft.version,
            mode=MODE,
            device=form.device,
            by=self.actor,
            at=form.sent_at,
        )
        self.tasks[form.entry_key] = db.scalars(sa.select(Task.id).where(Task.response_id == sent.response.id)).one()
        self.answered += 1

    def _read(self, form: FormStory, db: Session) -> None:
        assert form.handling is not None
        tasks.mark_read(db, db.get_one(Task, self.tasks[form.entry_key]), by=self.nurse, at=form.handling.read_at)

    def _close(self, form: FormStory, db: Session) -> None:
        handling = form.handling
        assert handling is not None
        tasks.complete(
            db,
            db.get_one(Task, self.tasks[form.entry_key]),
            outcome=handling.outcome,
            next_step=handling.next_step,
            reason=handling.reason,
            known_until=handling.known_until,
            by=self.nurse,
            at=handling.closed_at,
        )

    def _set_goal(self, number: int, goal: GoalStory, db: Session) -> None:
        plan = db.get_one(CarePlan, self.plan_id)
        by = self.staff.actors[goal.by]
        model = self.clinic.goals[goal.goal]
        assessment = needs.assess(
            db,
            plan,
            response_id=self._needs_response(db, goal),
            levels=goal.levels,
            notes={},
            summary=goal.summary,
            by=by,
            at=goal.set_at,
        )
        activities = [
            needs.PlannedActivity(activity.text, activity.timing, self.staff.practitioners[doer] if doer else None)
            for activity, doer in zip(model.activities, goal.doers, strict=True)
        ]
        made = needs.set_goal(
            db,
            plan,
            text=model.text,
            measure=model.measure,
            review_on=goal.review_on,
            activities=activities,
            contact=self.contact,
            assessment_id=assessment.id,
            by=by,
            at=goal.set_at,
        )
        self.goals[number] = made.id

    def _needs_response(self, db: Session, goal: GoalStory) -> UUID | None:
        """What the patient had answered when the goal was set."""
        return db.scalar(
            sa.select(QuestionnaireResponse.id).where(QuestionnaireResponse.draft_id == self.drafts.get(goal.entry_key))
        )

    def _review(self, number: int, goal: GoalStory, db: Session) -> None:
        assert goal.review is not None
        needs.review(
            db,
            db.get_one(Goal, self.goals[number]),
            outcome=goal.review.outcome,
            by=self.staff.actors[goal.by],
            at=goal.review.reviewed_at,
        )

    def _receive_paper(self, db: Session) -> None:
        """A letter came: somebody has to key it in, on the shared list."""
        assert self.story.paper_at is not None
        asked = db.scalars(
            sa.select(QuestionnaireRequest)
            .where(QuestionnaireRequest.plan_id == self.plan_id)
            .order_by(QuestionnaireRequest.opens_at.desc())
            .limit(1)
        ).one()
        tasks.open_task(
            db,
            kind=TaskKind.PAPER,
            patient_id=self.patient_id,
            unit_id=asked.unit_id,
            contact=replace(self.contact, nurse_id=None, cover_id=None),
            summary=text_in(self.library.questionnaire(asked.questionnaire_id).title, "sv"),
            starts_at=self.story.paper_at,
            at=self.story.paper_at,
            request_id=asked.id,
        )

    def _share(self, db: Session) -> None:
        share = self.story.share
        assert share is not None
        made = people.share(
            db,
            patient=db.get_one(Patient, self.patient_id),
            identifier=PersonIdentifier(PERSONNUMMER, share.number),
            given_name=share.given,
            family_name=share.family,
            relation=share.relation,
            scopes=share.scopes,
            by=self.actor,
            at=share.shared_at,
        )
        people.create_account(
            db, person=made.person, username=share.username, password=None, by=self.actor, at=share.shared_at
        )
