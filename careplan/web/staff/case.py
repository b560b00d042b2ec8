"""One task: read what the patient answered, say what was done, close it."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from careplan.actions import audit, holding, tasks
from careplan.actions.letters import ON_PAPER
from careplan.db import session
from careplan.domain.journal import Noted, journal_text
from careplan.domain.questionnaire import AnswerState
from careplan.domain.tasks import Outcome, TaskKind, group_of, outcomes_for
from careplan.i18n import full_day, lang, local
from careplan.library import Library
from careplan.models import Task
from careplan.models.tasks import OPEN
from careplan.queries import case as cases
from careplan.queries import trends
from careplan.queries.access import get_task_for
from careplan.web import access
from careplan.web.labels import GROUPS, OUTCOMES, URGENCIES
from careplan.web.languages import answered_in
from careplan.web.pages import page
from careplan.web.sentences import sentence_for
from careplan.web.staff import bp, team_words, words
from careplan.web.trend_cards import Card, card

UNREACHED = "unreached"
ELSEWHERE = "elsewhere"
# How a referral ends for its receiver; the one to whom it came back acts otherwise.
RECEIVED = (Outcome.ACCEPTED, Outcome.RETURNED)
KNOWN_WEEKS = (1, 2, 4, 8)
TREND = timedelta(weeks=12)
# About as many letters as fit on a line of the journal text's box.
JOURNAL_COLUMNS = 34


class CaseForm(FlaskForm):
    outcome = RadioField(
        lazy_gettext("Vad har du gjort?"),
        validate_choice=False,
    )
    next_step = TextAreaField(validators=[Length(max=500, message=lazy_gettext("Skriv högst 500 tecken."))])
    reason = TextAreaField(
        lazy_gettext("Därför att"), validators=[Length(max=500, message=lazy_gettext("Skriv högst 500 tecken."))]
    )
    referred_to = SelectField(lazy_gettext("Till"), validate_choice=False)
    question = TextAreaField(
        lazy_gettext("Vad vill du ha hjälp med?"),
        validators=[Length(max=1000, message=lazy_gettext("Skriv högst 1000 tecken."))],
    )
    known_until = SelectField(lazy_gettext("Visa igen tidigare bara om det blir värre"), validate_choice=False)

    # The colleague who, as the reader has seen, has the task open.
    aware = HiddenField()

    def validate_outcome(self, field: RadioField) -> None:
        if field.data not in {value for value, _text in field.choices}:
            raise ValidationError(_("Välj vad du har gjort."))

    def validate_reason(self, field: TextAreaField) -> None:
        if self.outcome.data == Outcome.NO_ACTION and not (field.data or "").strip():
            raise ValidationError(_("Skriv varför ingen åtgärd behövs."))

    def validate_referred_to(self, field: SelectField) -> None:
        known = {value for value, _text in field.choices or ()}
        if self.outcome.data == Outcome.REFERRED and (not field.data or field.data not in known):
            raise ValidationError(_("Välj vem remissen går till."))

    def validate_question(self, field: TextAreaField) -> None:
        is_asked = self.outcome.data == Outcome.REFERRED and self.referred_to.data != ELSEWHERE
        if is_asked and not (field.data or "").strip():
            raise ValidationError(_("Skriv vad du vill ha hjälp med."))

    def validate_known_until(self, field: SelectField) -> None:
        known = {value for value, _text in field.choices or ()}
        if self.outcome.data == Outcome.KNOWN and (not field.data or field.data not in known):
            raise ValidationError(_("Välj till vilken dag det är känt."))


@bp.route("/uppgifter/<uuid:task_id>", methods=["GET", "POST"])
def case(task_id: UUID) -> ResponseReturnValue:
    """Opening marks it read; saving closes it with what was done and what the patient will see."""
    db, by, at = session(), access.actor(), access.now()
    task = get_task_for(db, by, task_id, at=at)
    elsewhere = _own_page(task)
    if elsewhere:
        return _lead_there(task, elsewhere)
    found = cases.case(db, by, task, at=at, lang=lang())
    form = _form(found)
    if request.method == "GET":
        if task.status in OPEN:
            tasks.mark_read(db, task, by=by, at=at)
            holding.begin(db, task, by=by, at=at)
        return _show(found, form)
    if task.status not in OPEN:
        if _is_the_same(task, form):
            return redirect(_list_of(task), 303)
        return _show(found, form), 409
    if not form.validate():
        return _show(found, form), 422
    if found.held_by_id is not None and form.aware.data != str(found.held_by_id):
        return _show(found, form), 409
    try:
        _save(found, form)
    except tasks.TaskAlreadyClosed:
        db.rollback()
        return redirect(url_for("staff.case", task_id=task_id), 303)
    except (tasks.MissingReason, tasks.MissingDate, tasks.KnownUntilInThePast, tasks.UnknownOutcome) as error:
        form.outcome.errors = [sentence_for(error)]
        return _show(found, form), 422
    db.commit()
    _say_what_came_of_it(found)
    return redirect(_list_of(task), 303)


@bp.post("/uppgifter/<uuid:task_id>/ta")
def take(task_id: UUID) -> ResponseReturnValue:
    """Make it one's own, from the shared list or from a colleague."""
    db, by, at = session(), access.actor(), access.now()
    task = get_task_for(db, by, task_id, at=at)
    tasks.take(db, task, by=by, at=at)
    db.commit()
    return redirect(url_for("staff.case", task_id=task_id), 303)


def _say_what_came_of_it(found: cases.Case) -> None:
    name, answered = found.patient.person.name, found.answered
    if found.task.status in OPEN:
        flash(_("Sparat. %(name)s står kvar i listan.", name=name))
        return
    flash(_("Klart: %(name)s.", name=name))
    if answered is not None and answered.mode in ON_PAPER and answered.respondent is None:
        flash(_("Ett brev till %(name)s väntar under Brev.", name=name))


def _lead_there(task: Task, elsewhere: str) -> ResponseReturnValue:
    """A thread marks itself as read, by who reads it."""
    if task.thread_id is None:
        tasks.mark_read(session(), task, by=access.actor(), at=access.now())
    session().commit()
    return redirect(elsewhere, 303)


def _own_page(task: Task) -> str:
    """The page where this kind of work is done; empty where it is done here."""
    if task.thread_id is not None:
        return url_for("staff.thread", thread_id=task.thread_id)
    if task.referral is not None and task.referral.status == "requested":
        return url_for("staff.referral", referral_id=task.referral_id)
    if task.kind is TaskKind.HANDOVER and task.handover_id is not None:
        return url_for("staff.handover", handover_id=task.handover_id)
    if request.method != "GET" or task.status not in OPEN:
        return ""
    if task.kind is TaskKind.REVIEW and task.goal_id is not None:
        return url_for("staff.goal_review", goal_id=task.goal_id)
    # A paper that cannot be keyed in is closed here, with the reason.
    if task.kind is TaskKind.PAPER and task.request_id is not None and "stang" not in request.args:
        return url_for("staff.key_in", request_id=task.request_id)
    return ""


def _list_of(task: Task) -> str:
    return url_for("staff.acknowledge" if task.kind is TaskKind.RESPONSE else "staff.worklist")


def _is_the_same(task: Task, form: CaseForm) -> bool:
    """A second click on Save: the same person, outcome and words."""
    said = (form.next_step.data or "").strip()
    closed = (task.completed_by_id, task.outcome, task.next_step)
    return closed == (access.actor().practitioner_id, form.outcome.data, said)


def _save(found: cases.Case, form: CaseForm) -> None:
    db, by, at = session(), access.actor(), access.now()
    task, next_step = found.task, form.next_step.data or ""
    if form.outcome.data == UNREACHED:
        tasks.try_later(db, task, next_step=next_step, by=by, at=at)
        return
    reason = form.reason.data or ""
    if form.outcome.data == Outcome.REFERRED:
        reason = dict(form.referred_to.choices or ())[form.referred_to.data]
    is_known = form.outcome.data == Outcome.KNOWN
    tasks.complete(
        db,
        task,
        outcome=form.outcome.data,
        next_step=next_step,
        reason=reason,
        known_until=date.fromisoformat(form.known_until.data) if is_known else None,
        by=by,
        at=at,
    )
    if task.outcome is Outcome.REFERRED and form.referred_to.data != ELSEWHERE and found.plan is not None:
        team_words.send_referral(found.plan, form.referred_to.data, form.question.data or "")


def _form(found: cases.Case) -> CaseForm:
    task = found.task
    form = CaseForm()
    offered = [each for each in outcomes_for(task.kind, task.level) if not task.referral_id or each not in RECEIVED]
    choices = [(outcome.value, OUTCOMES[outcome]) for outcome in offered]
    if any(value == Outcome.CALLED for value, _text in choices):
        choices.append((UNREACHED, _("Inte fått tag i, försöker igen")))
    form.outcome.choices = choices
    is_of_relative = found.answered is not None and found.answered.respondent is not None
    may_refer = found.plan is not None and Outcome.REFERRED in offered and not is_of_relative
    receivers = team_words.receivers(found.colleagues) if may_refer else {}
    form.referred_to.choices = [
        ("", _("Välj")),
        *receivers.items(),
        (ELSEWHERE, _("Någon annan, se journalen")),
    ]
    form.known_until.choices = [("", _("Välj")), *_known_days(found)]
    form.next_step.label.text = _("Det här ser %(name)s", name=_given_name(found))
    if request.method == "GET":
        form.next_step.data = task.next_step or _first_sentence(found)
    return form


def _first_sentence(found: cases.Case) -> str:
    me = next((each for each in found.colleagues if each.id == access.actor().practitioner_id), None)
    if found.answered is None or me is None:
        return ""
    return _("%(name)s har läst dina svar.", name=me.given_name)


def _known_days(found: cases.Case) -> list[tuple[str, str]]:
    today = local(access.now()).date()
    days = [(today + timedelta(weeks=weeks)) for weeks in KNOWN_WEEKS]
    choices = [(day.isoformat(), full_day(day)) for day in days]
    visit = found.next_visit
    if visit is not None and visit > today:
        choices.insert(0, (visit.isoformat(), _("nästa besök, %(day)s", day=full_day(visit))))
    return choices


def _show(found: cases.Case, form: CaseForm) -> str:
    db, by, at = session(), access.actor(), access.now()
    task = found.task
    journal = _journal(found)
    audit.record(db, "read-task", by=by, at=at, patient_id=task.patient_id, object_type="task", object_id=task.id)
    return page(
        "staff/case.html",
        case=found,
        task=task,
        is_open=task.status in OPEN,
        read_by=task.read_by.name if task.read_by else "",
        closed_by=task.completed_by.name if task.completed_by else "",
        form=form,
        now=at,
        group=group_of(task.kind, task.level),
        group_words=GROUPS,
        outcome_words=OUTCOMES,
        urgency_words=URGENCIES,
        heading=_heading(found),
        given_name=_given_name(found),
        answered_in=answered_in(found.answered.lang, found.answered.wording) if found.answered else "",
        is_unsaved=request.method == "POST" and found.held_by_id is not None,
        is_elsewhere=task.unit_id != access.actor().unit_id,
        left=words.left_in_words(found.left, at),
        owner=words.owner_in_words(found.owner),
        about=words.about_in_words(found.age, found.treatment),
        plan_title=_plan_title(found),
        journal=journal,
        journal_rows=sum(len(line) // JOURNAL_COLUMNS + 1 for line in journal.splitlines()),
        trend=_trend(found),
        referral=task.referral,
        doers={each.id: f"{each.name}, {each.title}" for each in found.colleagues},
        answer_states=AnswerState,
    )


def _heading(found: cases.Case) -> str:
    """Astrid Ek: andnöd 8 av 10"""
    summary = found.task.summary.partition(". ")[0].partition(", var ")[0]
    return _("%(name)s: %(what)s", name=found.patient.person.name, what=summary[:1].lower() + summary[1:])


def _plan_title(found: cases.Case) -> str:
    if found.plan is None:
        return ""
    library: Library = current_app.extensions["library"]
    return library.plan(found.plan.definition_id, found.plan.lang).title


def _trend(found: cases.Case) -> Card | None:
    """The gravest answer over the last weeks: the flagged one, else what the patient wishes help with."""
    if found.answered is None:
        return None
    db, by, at = session(), access.actor(), access.now()
    wanted = (*found.answered.items, *found.answered.wish_items)
    drawn = {each.link_id: each for each in _trends_of(found, wanted)}
    shown = next((drawn[item] for item in wanted if item in drawn), None)
    if shown is None:
        return None
    since = local(at).date() - TREND
    recent = [reading for reading in shown.readings if reading.on >= since] or list(shown.readings[-1:])
    events = [event for event in trends.plan_events(db, by, found.patient.id, at=at) if event[0] >= recent[0].on]
    return card(shown, events, recent)


def _trends_of(found: cases.Case, wanted: Collection[str]) -> list[trends.Trend]:
    """Of the one who has answered: the patient, or a relative about themself."""
    db, by, at = session(), access.actor(), access.now()
    who = found.answered.respondent if found.answered else None
    return trends.trends(db, by, found.patient.id, at=at, items=wanted, respondent_id=who.id if who else None)


def _given_name(found: cases.Case) -> str:
    """Of the one who has answered, and reads what the nurse writes."""
    who = found.answered.respondent if found.answered else None
    return who.given_name if who else found.patient.person.given_name


def _journal(found: cases.Case) -> str:
    answered = found.answered
    if answered is None:
        return ""
    me = next((each for each in found.colleagues if each.id == access.actor().practitioner_id), None)
    flagged = [line for line in (*answered.lines, *answered.scores) if line.level is not None]
    opened = [line for line in answered.outstanding if line.level is None and line.state is AnswerState.ANSWERED]
    return journal_text(
        sent_at=local(answered.sent_at),
        of_relative=answered.respondent.name if answered.respondent else "",
        mode=answered.mode,
        by_relative=answered.relative_name or _("en närstående") if answered.is_by_relative else "",
        before_on=local(answered.before_at).date() if answered.before_at else None,
        flagged=[Noted(line.short, line.words, line.before) for line in (*flagged, *opened)],
        unanswered=[line.short for line in answered.outstanding if line.state is AnswerState.UNANSWERED],
        declined=[line.short for line in answered.outstanding if line.state is AnswerState.DECLINED],
        comment=answered.comment,
        wishes=answered.wishes,
        urgency=answered.urgency,
        wants_contact=answered.wants_contact,
        was_told=bool(answered.notices),
        author=f"{me.name}, {me.title}" if me else access.actor().name,
    )
