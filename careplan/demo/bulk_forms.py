"""The rows of one patient's forms: asked for, filled in, sent, judged and handled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID, uuid4

from careplan.actions import reasons
from careplan.actions.responses.sending import fingerprint_of, receipt_of
from careplan.demo.replay import MODE, READING
from careplan.demo.rows import Row, Rows
from careplan.demo.story import FormStory
from careplan.demo.times import local_day, wall
from careplan.domain.answers import Answer, Answers
from careplan.domain.questionnaire import Questionnaire, settled
from careplan.domain.scoring import compute
from careplan.domain.tasks import Outcome, due_at, urgency_rank
from careplan.domain.team import Contact
from careplan.domain.triage import RaisedFlag, call_now, evaluate
from careplan.i18n import TIME_ZONE
from careplan.library import Library
from careplan.models import QuestionnaireResponse

LANG = "sv"
# As responses.asking has them.
OPENS, ENDS = time(6, 0), time(23, 59)


@dataclass(frozen=True, slots=True)
class Sent:
    """Ids by entry key, and the notices (template, when)."""

    requests: dict[str, UUID] = field(default_factory=dict)
    responses: dict[str, UUID] = field(default_factory=dict)
    notices: list[tuple[str, datetime]] = field(default_factory=list)


class FormRows:
    def __init__(
        self,
        rows: Rows,
        library: Library,
        contact: Contact,
        *,
        patient_id: UUID,
        person_id: UUID,
        plan_id: UUID,
        nurse_id: UUID,
        at: datetime,
    ) -> None:
        self.rows, self.library, self.contact, self.at = rows, library, contact, at
        self.patient_id, self.person_id, self.plan_id, self.nurse_id = patient_id, person_id, plan_id, nurse_id
        self.previous: dict[str, Answers] = {}
        # What was closed as known: when, and the flag.
        self.known: list[tuple[datetime, reasons.KnownFlag]] = []

    def write(self, forms: Sequence[FormStory], *, nurse_acts: Collection[datetime]) -> Sent:
        sent = Sent()
        for ordered_at in sorted({form.ordered_at for form in forms}):
            sent.notices.append(("form-due", ordered_at))
        for form in forms:
            request_id = self._ask(form, by_id=self.nurse_id if form.ordered_at in nurse_acts else None)
            sent.requests[form.entry_key] = request_id
        answered = [form for form in forms if form.sent_at is not None]
        for form in sorted(answered, key=lambda form: form.sent_at or self.at):
            sent.responses[form.entry_key] = self._fill(form, sent.requests[form.entry_key], sent.notices)
        return sent

    def _ask(self, form: FormStory, *, by_id: UUID | None) -> UUID:
        closes_at = wall(form.due.closes_on, ENDS)
        is_over = closes_at <= self.at
        status = "completed" if form.sent_at is not None else "failed" if is_over else "requested"
        return self.rows.add_new(
            "questionnaire_request",
            patient_id=self.patient_id,
            unit_id=self.contact.unit_id,
            plan_id=self.plan_id,
            questionnaire_id=form.questionnaire,
            content_hash=self.library.questionnaire(form.questionnaire).hash,
            entry_key=form.entry_key,
            status=status,
            opens_at=wall(form.due.opens_on, OPENS),
            due_at=wall(form.due.due_on, ENDS),
            closes_at=closes_at,
            created_by_id=by_id,
            created_at=form.ordered_at,
        )

    def _fill(self, form: FormStory, request_id: UUID, notices: list[tuple[str, datetime]]) -> UUID:
        assert form.sent_at is not None
        q = self.library.questionnaire(form.questionnaire)
        draft_id = self._draft(form, q, request_id)
        answers = settled(q, {link_id: answer for link_id, answer, _ in form.answers})
        previous = self.previous.get(q.id)
        scores = compute(q, answers)
        flags = evaluate(q, answers, scores, previous)
        row = self._response(form, q, request_id, draft_id, answers)
        self._answers(row["id"], q, answers, scores)
        self._flags(row["id"], q, flags, form.sent_at)
        self._task(form, q, row, flags, previous)
        notices.append(("new-answer", form.sent_at))
        if form.handling is not None:
            notices.append(("read", form.handling.closed_at))
        self.previous[q.id] = answers
        response_id: UUID = row["id"]
        return response_id

    def _draft(self, form: FormStory, q: Questionnaire, request_id: UUID) -> UUID:
        draft_id = self.rows.add_new(
            "draft",
            request_id=request_id,
            lang=LANG,
            version=1 + len(form.answers),
            started_at=form.started_at,
            updated_at=form.answers[-1][2] if form.answers else form.started_at,
        )
        saved: dict[str, Answer] = {}
        for link_id, answer, at in form.answers:
            saved[link_id] = answer
            self.rows.add(
                "draft_answer",
                draft_id=draft_id,
                link_id=link_id,
                state=answer.state,
                value=answer.stored,
                answered_by_id=self.person_id,
                answered_at=at,
            )
            flag = call_now(q, saved, link_id)
            if flag is not None:
                self.rows.add_new(
                    "call_notice",
                    draft_id=draft_id,
                    link_id=link_id,
                    rule_id=flag.rule_id,
                    value=flag.value,
                    shown_at=at,
                    acknowledged_at=at + READING,
                )
        return draft_id

    def _response(self, form: FormStory, q: Questionnaire, request_id: UUID, draft_id: UUID, answers: Answers) -> Row:
        sending = form.sending
        return self.rows.add(
            "questionnaire_response",
            id=uuid4(),
            draft_id=draft_id,
            request_id=request_id,
            patient_id=self.patient_id,
            unit_id=self.contact.unit_id,
            questionnaire_id=q.id,
            content_hash=q.hash,
            lang=LANG,
            mode=MODE,
            device=form.device,
            source_id=self.person_id,
            is_by_relative=False,
            submitted_at=form.sent_at,
            zone=str(TIME_ZONE),
            wishes=list(sending.wishes),
            urgency=sending.urgency,
            wants_contact=sending.wants_contact,
            comment=sending.comment,
            receipt=receipt_of(draft_id),
            fingerprint=fingerprint_of(1 + len(form.answers), answers, sending),
            triage="done",
        )

    def _answers(self, response_id: UUID, q: Questionnaire, answers: Answers, scores: dict[str, float | None]) -> None:
        for position, (link_id, answer) in enumerate(answers.items()):
            self.rows.add(
                "response_answer",
                response_id=response_id,
                link_id=link_id,
                position=position,
                state=answer.state,
                value=answer.stored,
                number=answer.number,
            )
        for score_id, value in scores.items():
            self.rows.add("score", response_id=response_id, score_id=score_id, value=value, content_hash=q.scoring_hash)

    def _flags(self, response_id: UUID, q: Questionnaire, flags: Sequence[RaisedFlag], at: datetime) -> None:
        for flag in flags:
            self.rows.add_new(
                "flag",
                response_id=response_id,
                rule_id=flag.rule_id,
                content_hash=q.hash,
                level=flag.level,
                item=flag.item,
                value=flag.value,
                raised_at=at,
            )

    def _task(
        self, form: FormStory, q: Questionnaire, row: Row, flags: Sequence[RaisedFlag], previous: Answers | None
    ) -> None:
        at, contact, handling = form.sent_at, self.contact, form.handling
        assert at is not None
        known = reasons.known_among(q, flags, self._known_at(at))
        kind, level, said = reasons.reason_to_look(QuestionnaireResponse(**row), q, flags, previous, known)
        task = self.rows.add(
            "task",
            id=uuid4(),
            patient_id=self.patient_id,
            unit_id=contact.unit_id,
            list_unit_id=contact.unit_id,
            kind=kind,
            level=level,
            rank=urgency_rank(kind, level, form.sending.urgency),
            summary=reasons.fitting(said),
            response_id=row["id"],
            request_id=row["request_id"],
            owner_id=contact.answers_id,
            cover_id=contact.cover_id,
            created_at=at,
            starts_at=at,
            due_at=due_at(kind, level, at, contact.hours),
            status="requested",
        )
        if handling is None:
            return
        task.update(
            status="completed",
            read_by_id=self.nurse_id,
            read_at=handling.read_at,
            outcome=handling.outcome,
            known_until=handling.known_until,
            reason=handling.reason,
            next_step=handling.next_step,
            completed_by_id=self.nurse_id,
            completed_at=handling.closed_at,
            version=2,
        )
        if handling.outcome is Outcome.KNOWN and handling.known_until is not None:
            self.known += [
                (handling.closed_at, reasons.KnownFlag(flag.item, flag.value, flag.level, handling.known_until))
                for flag in flags
            ]

    def _known_at(self, at: datetime) -> list[reasons.KnownFlag]:
        """Closed before then and still holding, the one that holds longest last."""
        holding = [flag for closed_at, flag in self.known if closed_at < at and flag.known_until >= local_day(at)]
        return sorted(holding, key=lambda flag: flag.known_until)
