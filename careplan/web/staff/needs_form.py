"""What the needs page sends: levels, notes, a goal with its activities. Whatever is wrong, what was typed stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from careplan.actions.needs import PlannedActivity
from careplan.domain.needs import AREAS, NeedLevel
from careplan.i18n import local
from careplan.web import access
from careplan.web.fields import PartsDateField

FIRST_ROWS, MOST_ROWS = 3, 12
LONGEST_TEXT, LONGEST_TIMING = 500, 200


class GoalForm(FlaskForm):
    """One goal in the patient's words."""

    goal = StringField(validators=[Length(max=LONGEST_TEXT, message=lazy_gettext("Skriv högst 500 tecken."))])
    measure = StringField(
        lazy_gettext("Hur vet ni att det är nått?"),
        validators=[Length(max=LONGEST_TEXT, message=lazy_gettext("Skriv högst 500 tecken."))],
    )
    review_on = PartsDateField(lazy_gettext("Följs upp den"))
    summary = TextAreaField(
        lazy_gettext("Sammanfattning av samtalet"),
        validators=[Length(max=4000, message=lazy_gettext("Skriv högst 4000 tecken."))],
    )

    def validate_review_on(self, field: PartsDateField) -> None:
        if field.data is not None and field.data <= local(access.now()).date():
            raise ValidationError(_("Välj en dag efter i dag."))


@dataclass
class ActivityRow:
    """One row of the table of activities, as it was typed."""

    what: str = ""
    who: str = ""
    when: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.what.strip() or self.when.strip())


@dataclass
class Sent:
    """All of the page. `errors` are (id of the control, sentence), in the order of the page."""

    form: GoalForm
    key: UUID = field(default_factory=uuid4)
    levels: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    rows: list[ActivityRow] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def has_goal(self) -> bool:
        return bool(
            (self.form.goal.data or "").strip()
            or (self.form.measure.data or "").strip()
            or any(self.form.review_on.parts)
            or any(not row.is_empty for row in self.rows)
        )

    def chosen(self) -> dict[str, NeedLevel]:
        return {area: NeedLevel(level) for area, level in self.levels.items()}

    def activities(self) -> list[PlannedActivity]:
        return [
            PlannedActivity(row.what.strip(), row.when.strip(), UUID(row.who) if row.who else None)
            for row in self.rows
            if not row.is_empty
        ]

    @property
    def review_on(self) -> date:
        if self.form.review_on.data is None:
            raise ValueError("validated before")
        return self.form.review_on.data


def empty() -> Sent:
    return Sent(GoalForm(), rows=[ActivityRow() for _number in range(FIRST_ROWS)])


def read(sent: MultiDict[str, str]) -> Sent:
    """As it was typed, unchecked."""
    areas = [area.id for area in AREAS]
    count = sum(1 for key in sent if key.startswith("what-"))
    rows = [
        ActivityRow(*(sent.get(f"{part}-{number}", "") for part in ("what", "who", "when")))
        for number in range(1, min(max(count, FIRST_ROWS), MOST_ROWS) + 1)
    ]
    return Sent(
        GoalForm(),
        key=_key(sent.get("key", "")),
        levels={area: sent[f"level-{area}"] for area in areas if sent.get(f"level-{area}")},
        notes={area: sent[f"note-{area}"] for area in areas if sent.get(f"note-{area}", "").strip()},
        rows=rows,
    )


def _key(given: str) -> UUID:
    """The page's own key, so that a second click on Save stores nothing more."""
    try:
        return UUID(given)
    except ValueError:
        return uuid4()


def check(sent: Sent, *, doers: Mapping[str, str]) -> bool:
    """Fill in `errors`; whether all is right. `doers` are the values that "who" may have."""
    _check_levels(sent)
    sent.form.validate()
    sent.errors |= {each.id: str(each.errors[0]) for each in sent.form if each.errors}
    if sent.has_goal and not (sent.form.goal.data or "").strip():
        sent.errors.setdefault("goal", _("Skriv vad målet är."))
    if sent.has_goal and sent.form.review_on.data is None:
        sent.errors.setdefault("review_on", _("Skriv när målet ska följas upp."))
    for number, row in enumerate(sent.rows, start=1):
        if not row.is_empty:
            _check_row(sent, number, row, doers)
    return not sent.errors


def _check_levels(sent: Sent) -> None:
    known = {level.value for level in NeedLevel}
    for area, level in sent.levels.items():
        if level not in known:
            sent.errors[f"level-{area}"] = _("Välj en av nivåerna.")
    if not sent.levels and not sent.has_goal:
        sent.errors[f"level-{AREAS[0].id}"] = _("Sätt minst en nivå, eller skriv ett mål.")


def _check_row(sent: Sent, number: int, row: ActivityRow, doers: Mapping[str, str]) -> None:
    if not row.what.strip():
        sent.errors[f"what-{number}"] = _("Skriv vad som ska göras.")
    elif len(row.what) > LONGEST_TEXT:
        sent.errors[f"what-{number}"] = _("Skriv högst 500 tecken.")
    if len(row.when) > LONGEST_TIMING:
        sent.errors[f"when-{number}"] = _("Skriv högst 200 tecken.")
    if row.who not in doers:
        sent.errors[f"who-{number}"] = _("Välj vem som gör det.")
