"""The calendar as a page shows it, with who wrote what, and the form for a day of one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from careplan.actions.calendar import Day
from careplan.domain.identity import Actor
from careplan.domain.own import LONGEST_TEXT, LONGEST_TITLE, clean, is_near
from careplan.i18n import local
from careplan.models import OwnEvent
from careplan.queries.timeline import Entry
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.own_fields import KeyedForm, wall_time, within, written
from careplan.web.printing import HAPPENINGS


@dataclass(frozen=True, slots=True)
class Line:
    entry: Entry
    title: str
    written_by: str


def lines(entries: Iterable[Entry], actor: Actor) -> list[Line]:
    """An event of the pathway is called by its own word, or by what it is."""
    return [
        Line(each, each.title or str(HAPPENINGS[each.event]) if each.kind == "event" else each.title, _by(each, actor))
        for each in entries
    ]


def _by(entry: Entry, actor: Actor) -> str:
    if entry.person_id == actor.person_id:
        return _("Du skrev")
    if entry.is_by_relative:
        return _("%(name)s, närstående", name=entry.by)
    return f"{entry.by}, {entry.profession}" if entry.profession else entry.by


class DayForm(KeyedForm):
    """A day of one's own: what, when, and where and at what time if there is any."""

    title = StringField(
        lazy_gettext("Vad är det?"),
        description=lazy_gettext("Till exempel tandläkare, blodprov eller första dagen på jobbet."),
        validators=[written(lazy_gettext("Skriv vad det är.")), within(LONGEST_TITLE)],
    )
    on = PartsDateField(lazy_gettext("Vilken dag?"), validators=[InputRequired(lazy_gettext("Skriv vilken dag."))])
    clock = StringField(lazy_gettext("Klockslag, om du vill"), render_kw={"inputmode": "decimal"})
    place = StringField(lazy_gettext("Plats, om du vill"), validators=[within(LONGEST_TITLE)])
    note = TextAreaField(lazy_gettext("Anteckning, om du vill"), validators=[within(LONGEST_TEXT)])

    wall: time | None = None

    def fill(self, event: OwnEvent) -> "DayForm":
        """With what is stored, where nothing was sent."""
        if not self.is_submitted():
            self.title.data, self.place.data, self.note.data = event.title, event.place, event.note
            self.on.data = event.on
            self.on.parts = (str(event.on.day), str(event.on.month), str(event.on.year))
            if event.starts_at is not None:
                self.clock.data = local(event.starts_at).strftime("%-H.%M")
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        clock = clean(self.clock.data)
        self.wall = wall_time(clock)
        if clock and self.wall is None:
            self.clock.errors = [_("Skriv klockslaget så här: 9.30. Eller lämna tomt.")]
        if self.on.data is not None and not self.on.errors and not is_near(self.on.data, local(access.now()).date()):
            self.on.errors = [_("Kontrollera året.")]
        return is_valid and not self.clock.errors and not self.on.errors

    @property
    def day(self) -> Day:
        assert self.on.data is not None
        return Day(self.title.data or "", self.on.data, self.wall, self.place.data or "", self.note.data or "")
