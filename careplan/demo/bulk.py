"""Stories told to the tables, for very many patients: the rows that the actions would have made, without the log.

A test holds the two ways equal, row for row; what is true is asked of the same domain functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from uuid import UUID, uuid4

from sqlalchemy.orm import Session, sessionmaker

from careplan.actions.notices import CHANNELS
from careplan.actions.plans import START
from careplan.demo.bulk_forms import FormRows
from careplan.demo.clinic import Clinic
from careplan.demo.rows import Rows
from careplan.demo.staff import Staff
from careplan.demo.story import GoalStory, PatientStory, PlanStory, SigningStory
from careplan.demo.times import local_day, wall
from careplan.domain.comparing import PAPER, SCREEN, ReadMark, printed, read_on_screen
from careplan.domain.identity import PERSONNUMMER, Capacity, PersonIdentifier, birth_date
from careplan.domain.plan import ChapterState, PlanDefinition, proposed
from careplan.domain.questionnaire import text_in
from careplan.domain.reminders import after_quiet
from careplan.domain.tasks import Outcome, TaskKind, due_at, urgency_rank
from careplan.domain.worktime import opens_next
from careplan.i18n import TIME_ZONE, force_locale
from careplan.library import Library
from careplan.library.revisions import (
    Content,
    changes_in_words,
    compose,
    content_digest,
    mark_changed,
    patient_facts,
)

PATIENTS_AT_ONCE = 250
LANG = "sv"


def insert_all(
    sessions: sessionmaker[Session],
    library: Library,
    clinic: Clinic,
    staff: Staff,
    stories: Iterable[PatientStory],
    *,
    at: datetime,
) -> tuple[int, int]:
    """Some hundred patients in each transaction; how many patients, and how many forms were answered."""
    told = iter(stories)
    stored: set[str] = set()  # texts; the database was empty
    patients = answered = 0
    while some := list(islice(told, PATIENTS_AT_ONCE)):
        rows = Rows()
        for story in some:
            answered += _Writer(rows, library, clinic, staff, story, stored, at=at).write()
        with sessions.begin() as db:
            rows.insert(db)
        patients += len(some)
    return patients, answered


class _Writer:
    def __init__(
        self,
        rows: Rows,
        library: Library,
        clinic: Clinic,
        staff: Staff,
        story: PatientStory,
        stored: set[str],
        *,
        at: datetime,
    ) -> None:
        self.stored = stored
        self.rows, self.library, self.clinic, self.staff, self.story, self.at = rows, library, clinic, staff, story, at
        self.nurse_id = staff.practitioners[story.nurse]
        self.contact = staff.contacts[story.nurse]
        self.unit_id = staff.units[story.unit].id
        self.person_id: UUID
        self.patient_id: UUID

    def write(self) -> int:
        self._register()
        answered = self._write_plan(self.story.plan) if self.story.plan is not None else 0
        self._share()
        return answered

    def _register(self) -> None:
        story = self.story
        self.person_id = self._person(story.given, story.family, story.number, story.phone, story.email, story.language)
        self.patient_id = self.rows.add_new(
            "patient", person_id=self.person_id, notify_by=story.notify_by, uses_paper=story.uses_paper
        )
        on = story.registered_at.date()
        for username in (story.nurse, *story.team):
            self.rows.add_new(
                "care_team_member",
                patient_id=self.patient_id,
                practitioner_id=self.staff.practitioners[username],
                unit_id=self.unit_id,
                role=Capacity.CONTACT_NURSE if username == story.nurse else self.staff.actors[username].capacity,
                offered_on=on,
                accepted_on=on,
                named_on=on,
                from_on=on,
            )
        if story.username:
            self._account(self.person_id, story.username, story.registered_at)

    def _person(self, given: str, family: str, number: str, phone: str, email: str, language: str) -> UUID:
        person_id = self.rows.add_new(
            "person",
            given_name=given,
            family_name=family,
            born_on=birth_date(PersonIdentifier(PERSONNUMMER, number)),
            language=language,
            phone=phone,
            email=email,
        )
        self.rows.add_new("identifier", person_id=person_id, system=PERSONNUMMER, value=number)
        return person_id

    def _account(self, person_id: UUID, username: str, at: datetime) -> None:
        self.rows.add_new("account", person_id=person_id, username=username, created_at=at)

    def _share(self) -> None:
        share = self.story.share
        if share is None:
            return
        person_id = self._person(share.given, share.family, share.number, "", "", LANG)
        self.rows.add_new(
            "share",
            patient_id=self.patient_id,
            person_id=person_id,
            relation=share.relation,
            scopes=list(share.scopes),
            from_at=share.shared_at,
        )
        self._account(person_id, share.username, share.shared_at)

    def _write_plan(self, plan: PlanStory) -> int:
        definition = self.library.plan(plan.definition, LANG)
        plan_id = self.rows.add_new(
            "care_plan",
            patient_id=self.patient_id,
            unit_id=self.unit_id,
            definition_id=definition.id,
            definition_hash=definition.hash,
            chapter_versions=definition.chapter_versions,
            template_key=definition.template_key,
            lang=definition.lang,
            status="active",
            treatments=[each.id for each in definition.treatments if each.id in plan.treatments],
            greeting=plan.signings[-1].greeting,
            phase=plan.signings[-1].phase,
            created_by_id=self.nurse_id,
            created_at=plan.drafted_at,
            # Each signing here is a saved change and a signature.
            version=1 + 2 * len(plan.signings),
        )
        states = self._sign(plan, definition, plan_id)
        self._meet(plan, plan_id)
        self._chapters(definition, plan_id, states)
        for event in plan.events:
            self._event(plan_id, event.kind, event.on, event.title, event.recorded_at)
        for booked in plan.appointments:
            self.rows.add_new(
                "appointment",
                plan_id=plan_id,
                starts_at=booked.starts_at,
                title=booked.title,
                place=booked.place,
                preparation=booked.preparation,
                created_by_id=self.nurse_id,
                created_at=booked.booked_at,
            )
        forms = FormRows(
            self.rows,
            self.library,
            self.contact,
            patient_id=self.patient_id,
            person_id=self.person_id,
            plan_id=plan_id,
            nurse_id=self.nurse_id,
            at=self.at,
        )
        # What the nurse does asks for forms in her name; the schedule asks in nobody's.
        acts = {each.signed_at for each in plan.signings} | {each.recorded_at for each in plan.events}
        sent = forms.write(plan.forms, nurse_acts=acts)
        self._notices(sent.notices)
        for goal in plan.goals:
            self._goal(goal, plan_id, sent.responses.get(goal.entry_key))
        if self.story.paper_at is not None:
            self._paper(self.story.paper_at, plan, sent.requests)
        return len(sent.responses)

    def _event(self, plan_id: UUID, kind: str, on: date, title: str, at: datetime) -> None:
        self.rows.add_new(
            "plan_event", plan_id=plan_id, kind=kind, on=on, title=title, recorded_by_id=self.nurse_id, recorded_at=at
        )

    def _sign(self, plan: PlanStory, definition: PlanDefinition, plan_id: UUID) -> dict[str, ChapterState]:
        started_at = plan.signings[0].signed_at
        self._event(plan_id, START, local_day(started_at), "", started_at)
        facts = patient_facts(self.story.given, self.contact, definition.lang)
        shown = proposed(definition, set(plan.treatments))
        states: dict[str, ChapterState] = {}
        last: Content | None = None
        for number, signing in enumerate(plan.signings, start=1):
            states = _states(shown, signing)
            composed = compose(definition, states, greeting=signing.greeting, phase=signing.phase, facts=facts)
            if last is not None:
                mark_changed(last, composed, local_day(signing.signed_at))
            content = composed.content
            self._texts(composed.texts)
            with force_locale(definition.lang):
                changes = changes_in_words(last, content)
            self.rows.add_new(
                "plan_revision",
                plan_id=plan_id,
                number=number,
                signed_by_id=self.nurse_id,
                signed_at=signing.signed_at,
                definition_hash=definition.hash,
                skeleton=composed.skeleton,
                facts=composed.facts,
                content_hash=content_digest(content),
                changes=changes,
            )
            self._notices([("plan-signed", signing.signed_at)])
            last = content
        return states

    def _meet(self, plan: PlanStory, plan_id: UUID) -> None:
        mark: ReadMark | None = None
        for number, at in plan.met:
            if self.story.uses_paper:
                mark = printed(mark, number, at=at)
            else:
                day_read = local_day(mark.read_at) if mark else None
                mark = read_on_screen(mark, number, at=at, day=local_day(at), day_read=day_read)
        if mark is not None:
            self.rows.add(
                "plan_read",
                plan_id=plan_id,
                person_id=self.person_id,
                medium=PAPER if self.story.uses_paper else SCREEN,
                number=mark.number,
                since=mark.since,
                read_at=mark.read_at,
            )

    def _texts(self, texts: Mapping[str, Content]) -> None:
        for digest, text in texts.items():
            if digest not in self.stored:
                self.stored.add(digest)
                self.rows.add("chapter_text", hash=digest, content=text)

    def _chapters(self, definition: PlanDefinition, plan_id: UUID, states: dict[str, ChapterState]) -> None:
        phases = {ref.id: phase.id for phase in definition.phases for ref in phase.chapters}
        for position, (chapter_id, state) in enumerate(states.items()):
            self.rows.add(
                "chapter",
                plan_id=plan_id,
                chapter_id=chapter_id,
                position=position,
                phase=phases.get(chapter_id, ""),
                is_shown=state.shown,
                note=state.note,
            )

    def _notices(self, notices: Sequence[tuple[str, datetime]]) -> None:
        if self.story.notify_by not in CHANNELS:
            return
        for template, at in notices:
            self.rows.add_new(
                "outbox_message",
                person_id=self.person_id,
                template=template,
                channel=self.story.notify_by,
                created_at=at,
                next_attempt_at=after_quiet(at, TIME_ZONE),
            )

    def _goal(self, goal: GoalStory, plan_id: UUID, response_id: UUID | None) -> None:
        model, by = self.clinic.goals[goal.goal], self.staff.actors[goal.by]
        assessment_id = self.rows.add_new(
            "needs_assessment",
            patient_id=self.patient_id,
            unit_id=self.unit_id,
            plan_id=plan_id,
            response_id=response_id,
            assessed_by_id=by.practitioner_id,
            assessed_at=goal.set_at,
            summary=goal.summary,
        )
        for area, level in goal.levels.items():
            self.rows.add("area_level", assessment_id=assessment_id, area=area, level=level)
        goal_id = self.rows.add_new(
            "goal",
            patient_id=self.patient_id,
            plan_id=plan_id,
            assessment_id=assessment_id,
            text=model.text,
            measure=model.measure,
            review_on=goal.review_on,
            status="active" if goal.review is None else "completed",
            outcome=goal.review.outcome if goal.review else None,
            created_by_id=by.practitioner_id,
            created_at=goal.set_at,
        )
        for position, (activity, doer) in enumerate(zip(model.activities, goal.doers, strict=True)):
            self.rows.add_new(
                "activity",
                goal_id=goal_id,
                position=position,
                text=activity.text,
                timing=activity.timing,
                responsible_id=self.staff.practitioners[doer] if doer else None,
            )
        self._review_task(goal, goal_id)

    def _review_task(self, goal: GoalStory, goal_id: UUID) -> None:
        by, contact = self.staff.actors[goal.by], self.contact
        is_own = by.capacity is Capacity.REHABILITATION
        starts_at = opens_next(contact.hours, wall(goal.review_on, time.min))
        row = self.rows.add(
            "task",
            id=uuid4(),
            patient_id=self.patient_id,
            unit_id=self.unit_id,
            list_unit_id=self.unit_id,
            kind=TaskKind.REVIEW,
            rank=urgency_rank(TaskKind.REVIEW, None, None),
            summary=self.clinic.goals[goal.goal].text,
            goal_id=goal_id,
            owner_id=by.practitioner_id if is_own else contact.answers_id,
            cover_id=contact.answers_id if is_own else contact.cover_id,
            created_at=goal.set_at,
            starts_at=starts_at,
            due_at=due_at(TaskKind.REVIEW, None, starts_at, contact.hours),
            status="requested",
        )
        if goal.review is not None:
            reviewed_at = goal.review.reviewed_at
            row.update(
                status="completed",
                outcome=Outcome.REVIEWED,
                read_by_id=by.practitioner_id,
                read_at=reviewed_at,
                completed_by_id=by.practitioner_id,
                completed_at=reviewed_at,
                version=2,
            )

    def _paper(self, came_at: datetime, plan: PlanStory, requests: dict[str, UUID]) -> None:
        newest = max(plan.forms, key=lambda form: form.due.opens_on)
        self.rows.add(
            "task",
            id=uuid4(),
            patient_id=self.patient_id,
            unit_id=self.unit_id,
            list_unit_id=self.unit_id,
            kind=TaskKind.PAPER,
            rank=urgency_rank(TaskKind.PAPER, None, None),
            summary=text_in(self.library.questionnaire(newest.questionnaire).title, LANG),
            request_id=requests[newest.entry_key],
            created_at=came_at,
            starts_at=came_at,
            due_at=due_at(TaskKind.PAPER, None, came_at, self.contact.hours),
            status="requested",
        )


def _states(shown: dict[str, bool], signing: SigningStory) -> dict[str, ChapterState]:
    notes = dict(signing.notes)
    return {
        chapter_id: ChapterState(is_shown, notes.get(chapter_id, "").strip() if is_shown else "")
        for chapter_id, is_shown in shown.items()
    }
