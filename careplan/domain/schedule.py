"""When questionnaires are asked: from the events of a pathway to days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """Asked `after_days` days after each event of this kind, then every `every_days` days, `times` times in all.

    Not where the same form has opened for another reason within `unless_asked_days` days before: several things happen
    at once, and nobody answers the same questions twice for it.
    """

    questionnaire: str
    event: str
    after_days: int = 0
    every_days: int | None = None
    times: int = 1
    open_days: int = 14
    unless_asked_days: int = 0


@dataclass(frozen=True, slots=True)
class DueForm:
    """One occurrence. `entry_key` is the same text each time it is worked out, and unique within a plan."""

    questionnaire: str
    opens_on: date
    due_on: date
    closes_on: date
    entry_key: str


def due_forms(entries: Iterable[ScheduleEntry], events: Iterable[tuple[str, date]], upto: date) -> list[DueForm]:
    """The occurrences that have opened by `upto`, in order of opening."""
    happened = list(events)
    due: dict[str, DueForm] = {}
    optional: dict[str, int] = {}
    for entry in entries:
        for kind, on in happened:
            if kind == entry.event:
                for form in _occurrences(entry, on):
                    if form.opens_on <= upto and form.entry_key not in due:
                        due[form.entry_key] = form
                        optional[form.entry_key] = entry.unless_asked_days
    # On one day what must be asked comes first: what may be left out then is.
    ordered = sorted(due.values(), key=lambda form: (form.opens_on, optional[form.entry_key], form.entry_key))
    opened: dict[str, date] = {}
    kept = []
    for form in ordered:
        before = opened.get(form.questionnaire)
        spared = timedelta(days=optional[form.entry_key])
        if spared and before is not None and form.opens_on - before <= spared:
            continue
        opened[form.questionnaire] = form.opens_on
        kept.append(form)
    return sorted(kept, key=lambda form: (form.opens_on, form.entry_key))


def _occurrences(entry: ScheduleEntry, on: date) -> Iterable[DueForm]:
    for number in range(entry.times):
        day = entry.after_days + number * (entry.every_days or 0)
        opens_on = on + timedelta(days=day)
        yield DueForm(
            questionnaire=entry.questionnaire,
            opens_on=opens_on,
            due_on=opens_on + timedelta(days=max(1, entry.open_days // 2)),
            closes_on=opens_on + timedelta(days=entry.open_days),
            # The day, not the running number: an entry added or lengthened later never renames what was asked before.
            entry_key=f"{entry.questionnaire}:{entry.event}:{on.isoformat()}:{day}",
        )
