"""The plan editor's one form: what was typed, what is wrong with it, and the page built from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from careplan.actions.plans import RECORDABLE
from careplan.domain.plan import ChapterState, PlanDefinition, proposed
from careplan.i18n import TIME_ZONE, local
from careplan.library.revisions import working_copy
from careplan.models import CarePlan
from careplan.web.fields import PartsDateField

EVENT_WORDS = {
    "plan-start": lazy_gettext("Planen börjar gälla"),
    "diagnosis-told": lazy_gettext("Besked om diagnos"),
    "treatment-start": lazy_gettext("Behandling börjar"),
    "treatment-follow-up": lazy_gettext("Uppföljning under behandling"),
    "treatment-end": lazy_gettext("Behandling slutar"),
    "treatment-change": lazy_gettext("Behandlingen ändras"),
    "progression": lazy_gettext("Sjukdomen har ändrats"),
    "palliative-intent": lazy_gettext("Vård med palliativ avsikt"),
    "late-palliative": lazy_gettext("Sen palliativ fas"),
    "admission": lazy_gettext("Inskriven på sjukhus"),
    "discharge": lazy_gettext("Utskriven från sjukhus"),
    "primary-care": lazy_gettext("Övergång till primärvården"),
    "unit-change": lazy_gettext("Byte av enhet"),
    "new-caregiver": lazy_gettext("Ny vårdkontakt"),
    "follow-up": lazy_gettext("Uppföljning"),
}

LONGEST_NOTE, LONGEST_GREETING, LONGEST_PREPARATION = 100_000, 2000, 1000
# A day further away than this is a slip of the finger.
PAST, FUTURE = timedelta(days=5 * 365), timedelta(days=2 * 365)

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9]))?")
_NOTE, _PLACE = "note-", "place-"


class EditorForm(FlaskForm):
    """Unknown treatments, chapters and phases are refused by the action, which knows the template."""

    version = HiddenField()
    order = HiddenField()  # the chapters as they stood on the page, which the typed places count from
    treatments = SelectMultipleField(validate_choice=False)
    shown = SelectMultipleField(validate_choice=False)
    phase = SelectField(validate_choice=False)
    greeting = TextAreaField(
        validators=[Length(max=LONGEST_GREETING, message=lazy_gettext("Hälsningen får ha högst 2 000 tecken."))]
    )
    cancel = SelectMultipleField(validate_choice=False)
    visit_title = StringField(validators=[Length(max=200, message=lazy_gettext("Skriv högst 200 tecken."))])
    visit_on = PartsDateField()
    visit_time = StringField()
    visit_place = StringField(validators=[Length(max=200, message=lazy_gettext("Skriv högst 200 tecken."))])
    visit_preparation = TextAreaField(
        validators=[Length(max=LONGEST_PREPARATION, message=lazy_gettext("Skriv högst 1 000 tecken."))]
    )
    event_kind = SelectField(validate_choice=False)
    event_on = PartsDateField()
    event_title = StringField(validators=[Length(max=100, message=lazy_gettext("Skriv högst 100 tecken."))])

    notes: dict[str, str]
    note_errors: dict[str, str]
    places: dict[str, str]
    place_errors: dict[str, str]
    visit_at: datetime | None = None

    def fill(self, definition: PlanDefinition, plan: CarePlan) -> "EditorForm":
        """From the browser where something was sent, else from the saved working copy."""
        states = working_copy(definition, plan)
        self.note_errors, self.place_errors, self.places = {}, {}, {}
        self.notes = {chapter_id: state.note for chapter_id, state in states.items()}
        if self.is_submitted():
            self.notes |= {chapter_id: text.replace("\r\n", "\n") for chapter_id, text in _sent(_NOTE).items()}
            self.places = _moves(definition, (self.order.data or "").split(), _sent(_PLACE))
            self.greeting.data = (self.greeting.data or "").replace("\r\n", "\n")
            return self
        self.version.data, self.order.data = str(plan.version), " ".join(definition.chapter_ids)
        self.treatments.data = list(plan.treatments)
        self.shown.data = [chapter_id for chapter_id, state in states.items() if state.shown]
        self.phase.data, self.greeting.data = plan.phase, plan.greeting
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        for chapter_id, note in self.notes.items():
            if len(note) > LONGEST_NOTE:
                self.note_errors[chapter_id] = _("En anteckning får ha högst 100 000 tecken.")
        for chapter_id, place in self.places.items():
            if not place.isdecimal() or len(place) > 4:
                self.place_errors[chapter_id] = _("Skriv platsen som ett tal, till exempel 1.")
        # Each is asked, so that all that is wrong is said at once.
        is_fine = is_valid and not self.note_errors and not self.place_errors
        return all([is_fine, self._has_whole_visit(), self._has_whole_event()])

    @property
    def seen(self) -> int | None:
        """The version that the editor had before them."""
        return int(self.version.data) if (self.version.data or "").isdecimal() else None

    @property
    def adds_visit(self) -> bool:
        fields = (self.visit_title, self.visit_time, self.visit_place, self.visit_preparation)
        return any((each.data or "").strip() for each in fields) or any(self.visit_on.parts)

    @property
    def adds_event(self) -> bool:
        return bool(self.event_kind.data or (self.event_title.data or "").strip() or any(self.event_on.parts))

    def problems(self) -> list[tuple[str, str]]:
        """Control id and sentence, in the order of the page."""
        notes = [(f"{_NOTE}{chapter_id}", text) for chapter_id, text in self.note_errors.items()]
        notes += [(f"{_PLACE}{chapter_id}", text) for chapter_id, text in self.place_errors.items()]
        fields = [(each.id, str(each.errors[0])) for each in self if each.errors]
        return notes + fields

    def _has_whole_visit(self) -> bool:
        if not self.adds_visit:
            return True
        if not (self.visit_title.data or "").strip():
            _wrong(self.visit_title, _("Skriv vad besöket gäller."))
        if self.visit_on.data is None and not self.visit_on.errors:
            _wrong(self.visit_on, _("Skriv vilken dag."))
        clock = _CLOCK.fullmatch((self.visit_time.data or "").strip())
        if clock is None:
            _wrong(self.visit_time, _("Skriv klockslaget, till exempel 9.30."))
        elif self.visit_on.data is not None:
            wall = time(int(clock[1]), int(clock[2] or 0))
            self.visit_at = datetime.combine(self.visit_on.data, wall, TIME_ZONE)
        return not any(each.errors for each in (self.visit_title, self.visit_on, self.visit_time))

    def _has_whole_event(self) -> bool:
        if not self.adds_event:
            return True
        if self.event_kind.data not in RECORDABLE:
            _wrong(self.event_kind, _("Välj vad som har hänt."))
        if self.event_on.data is None and not self.event_on.errors:
            _wrong(self.event_on, _("Skriv vilken dag."))
        return not (self.event_kind.errors or self.event_on.errors)

    def check_days(self, now: datetime) -> bool:
        """A visit lies ahead; nothing lies years away."""
        today = local(now).date()
        if self.visit_at is not None and self.visit_at <= now:
            _wrong(self.visit_on, _("Tiden har redan varit. Skriv en tid som kommer."))
        for each in (self.visit_on, self.event_on):
            if each.data is not None and not each.errors and not _is_near(each.data, today):
                _wrong(each, _("Kontrollera året."))
        return not (self.visit_on.errors or self.event_on.errors)


@dataclass(frozen=True, slots=True)
class ChapterRow:
    id: str
    title: str
    is_shown: bool
    note: str
    error: str | None
    place: str
    place_error: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The chapters of one phase; the last group is what holds all the time."""

    id: str
    title: str
    rows: tuple[ChapterRow, ...]
    shown: int
    notes: int
    is_open: bool


def groups(form: EditorForm, definition: PlanDefinition) -> list[Group]:
    """The phase where the patient is stands open, and every group with something to correct."""
    made = [
        _group(form, definition, phase.id, phase.title, [ref.id for ref in phase.chapters])
        for phase in definition.phases
    ]
    return [*made, _group(form, definition, "", _("Gäller hela tiden"), list(definition.always))]


def states(form: EditorForm, definition: PlanDefinition) -> dict[str, ChapterState]:
    """What the form says now, saved or not."""
    shown = set(form.shown.data or ())
    return {
        chapter_id: ChapterState(chapter_id in shown, form.notes.get(chapter_id, ""))
        for chapter_id in definition.chapter_ids
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """How many chapters are shown, and who hid the rest."""

    shown: int
    total: int
    by_nurse: int
    by_template: int


def tally(chapters: Mapping[str, ChapterState], definition: PlanDefinition, treatments: list[str]) -> Tally:
    proposal = proposed(definition, set(treatments))
    hidden = [chapter_id for chapter_id, state in chapters.items() if not state.shown]
    by_nurse = sum(proposal[chapter_id] for chapter_id in hidden)
    return Tally(len(chapters) - len(hidden), len(chapters), by_nurse, len(hidden) - by_nurse)


def _group(form: EditorForm, definition: PlanDefinition, phase: str, title: str, chapter_ids: list[str]) -> Group:
    shown = set(form.shown.data or ())
    rows = tuple(
        ChapterRow(
            id=chapter_id,
            title=definition.chapter(chapter_id).title,
            is_shown=chapter_id in shown,
            note=form.notes.get(chapter_id, ""),
            error=form.note_errors.get(chapter_id),
            place=form.places.get(chapter_id, str(place)),
            place_error=form.place_errors.get(chapter_id),
            is_own=definition.chapter(chapter_id).review.status == "own",
        )
        for place, chapter_id in enumerate(chapter_ids, 1)
    )
    first = definition.phases[0].id
    is_here = bool(phase) and phase == (form.phase.data or first)
    is_open = is_here or any(row.error or row.place_error for row in rows)
    shown_count, notes = sum(row.is_shown for row in rows), sum(bool(row.note.strip()) for row in rows)
    return Group(phase, title, rows, shown_count, notes, is_open)


def _sent(prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in request.form.items() if name.startswith(prefix)}


def _moves(definition: PlanDefinition, seen: list[str], typed: Mapping[str, str]) -> dict[str, str]:
    """The places that are other than they were on the page; an emptied field moves nothing."""
    moves = {}
    for group in (*([ref.id for ref in phase.chapters] for phase in definition.phases), definition.always):
        was = [chapter_id for chapter_id in seen if chapter_id in group] or list(group)
        for place, chapter_id in enumerate(was, 1):
            wanted = typed.get(chapter_id, "").strip()
            if wanted and wanted != str(place):
                moves[chapter_id] = wanted
    return moves


def _wrong(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def _is_near(on: date, today: date) -> bool:
    return today - PAST <= on <= today + FUTURE
