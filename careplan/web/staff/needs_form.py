"""What the needs and goal pages send: levels, notes, a goal, codes, a referral. Whatever is wrong, it stays typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from careplan.actions.needs import PlannedActivity
from careplan.domain.needs import AREAS, NeedLevel
from careplan.i18n import local
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.labels import CHILDREN, MODES

FIRST_ROWS, MOST_ROWS = 3, 12
LONGEST_TEXT, LONGEST_TIMING, LONGEST_QUESTION = 500, 200, 1000
PARTS = ("what", "who", "when", "due", "own")
# "Who" that is a profession and nobody by name.
OF_PROFESSION = "yrke:"


class GoalForm(FlaskForm):
    """One goal in the patient's words, what led to the conversation, and what else comes of it."""

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
    reason = SelectField(lazy_gettext("Varför görs bedömningen nu?"), validate_choice=False)
    mode = RadioField(lazy_gettext("Hur träffades ni?"), validate_choice=False)
    children = RadioField(lazy_gettext("Finns barn under 18 i familjen?"), validate_choice=False)
    children_offered = TextAreaField(
        lazy_gettext("Vad erbjöds för barnens skull?"),
        validators=[Length(max=1000, message=lazy_gettext("Skriv högst 1000 tecken."))],
    )
    other_code = StringField(lazy_gettext("Annan åtgärdskod"))
    refer_to = SelectField(lazy_gettext("Remiss till"), validate_choice=False)
    question = TextAreaField(
        lazy_gettext("Vad vill du ha hjälp med?"),
        validators=[Length(max=LONGEST_QUESTION, message=lazy_gettext("Skriv högst 1000 tecken."))],
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
    due: str = ""
    own: str = ""  # self-care, where it is ticked

    @property
    def is_empty(self) -> bool:
        return not (self.what.strip() or self.when.strip() or self.due.strip())

    @property
    def due_on(self) -> date | None:
        return date.fromisoformat(self.due.strip()) if self.due.strip() else None


@dataclass
class Sent:
    """All of the page. `errors` are (id of the control, sentence), in the order of the page."""

    form: GoalForm
    key: UUID = field(default_factory=uuid4)
    levels: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    rows: list[ActivityRow] = field(default_factory=list)
    codes: list[str] | None = None  # none: not asked yet, all that are proposed stand ticked
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def has_goal(self) -> bool:
        return bool(
            (self.form.goal.data or "").strip()
            or (self.form.measure.data or "").strip()
            or any(self.form.review_on.parts)
            or any(not row.is_empty for row in self.rows)
        )

    @property
    def has_referral(self) -> bool:
        return bool(self.form.refer_to.data or (self.form.question.data or "").strip())

    @property
    def other_code(self) -> str:
        return (self.form.other_code.data or "").strip().upper()

    def chosen(self) -> dict[str, NeedLevel]:
        return {area: NeedLevel(level) for area, level in self.levels.items()}

    def activities(self) -> list[PlannedActivity]:
        return [
            PlannedActivity(
                text=row.what,
                timing=row.when,
                responsible_id=UUID(row.who) if row.who and not row.who.startswith(OF_PROFESSION) else None,
                profession=row.who.removeprefix(OF_PROFESSION) if row.who.startswith(OF_PROFESSION) else "",
                due_on=row.due_on,
                is_self_care=bool(row.own),
            )
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
        ActivityRow(*(sent.get(f"{part}-{number}", "") for part in PARTS))
        for number in range(1, min(max(count, FIRST_ROWS), MOST_ROWS) + 1)
    ]
    return Sent(
        GoalForm(sent),
        key=_key(sent.get("key", "")),
        levels={area: sent[f"level-{area}"] for area in areas if sent.get(f"level-{area}")},
        notes={area: sent[f"note-{area}"] for area in areas if sent.get(f"note-{area}", "").strip()},
        rows=rows,
        codes=sent.getlist("code"),
    )


def _key(given: str) -> UUID:
    """The page's own key, so that a second click on Save stores nothing more."""
    try:
        return UUID(given)
    except ValueError:
        return uuid4()


def check(
    sent: Sent,
    *,
    doers: Mapping[str, str],
    reasons: Collection[str] = (),
    receivers: Collection[str] = (),
    known_codes: Collection[str] = (),
    needs_goal: bool = False,
) -> bool:
    """Fill in `errors`; whether all is right. `doers`, `reasons` and so on are the values that each choice may have."""
    if needs_goal:
        sent.levels = {}
    else:
        _check_levels(sent, reasons)
    sent.form.validate()
    sent.errors |= {each.id: str(each.errors[0]) for each in sent.form if each.errors}
    if (sent.has_goal or needs_goal) and not (sent.form.goal.data or "").strip():
        sent.errors.setdefault("goal", _("Skriv vad målet är."))
    if (sent.has_goal or needs_goal) and sent.form.review_on.data is None:
        sent.errors.setdefault("review_on", _("Skriv när målet ska följas upp."))
    for number, row in enumerate(sent.rows, start=1):
        if not row.is_empty:
            _check_row(sent, number, row, doers)
    _check_codes(sent, known_codes)
    if sent.has_referral and not needs_goal:
        _check_referral(sent, receivers)
    return not sent.errors


def _check_levels(sent: Sent, reasons: Collection[str]) -> None:
    known = {level.value for level in NeedLevel}
    for area, level in sent.levels.items():
        if level not in known:
            sent.errors[f"level-{area}"] = _("Välj en av nivåerna.")
    if not sent.levels and not sent.has_goal and not sent.has_referral:
        sent.errors[f"level-{AREAS[0].id}"] = _("Sätt minst en nivå, eller skriv ett mål.")
    if not sent.levels:
        return
    if sent.form.reason.data not in reasons:
        sent.errors["reason"] = _("Välj varför bedömningen görs nu.")
    if sent.form.mode.data not in MODES:
        sent.errors["mode"] = _("Välj hur ni träffades.")
    if sent.form.children.data not in CHILDREN:
        sent.errors["children"] = _("Välj om det finns barn, eller att du inte har frågat än.")


def _check_row(sent: Sent, number: int, row: ActivityRow, doers: Mapping[str, str]) -> None:
    if not row.what.strip():
        sent.errors[f"what-{number}"] = _("Skriv vad som ska göras.")
    elif len(row.what) > LONGEST_TEXT:
        sent.errors[f"what-{number}"] = _("Skriv högst 500 tecken.")
    if len(row.when) > LONGEST_TIMING:
        sent.errors[f"when-{number}"] = _("Skriv högst 200 tecken.")
    if row.who not in doers:
        sent.errors[f"who-{number}"] = _("Välj vem som gör det.")
    try:
        due_on = row.due_on
    except ValueError:
        sent.errors[f"due-{number}"] = _("Skriv dagen som år, månad och dag, till exempel 2026-12-01.")
        return
    if due_on is not None and due_on < local(access.now()).date():
        sent.errors[f"due-{number}"] = _("Dagen har redan varit. Välj i dag eller senare.")


def _check_codes(sent: Sent, known: Collection[str]) -> None:
    unknown = [code for code in (*(sent.codes or ()), sent.other_code) if code and code not in known]
    if unknown:
        sent.errors["other_code"] = not_configured(unknown[0])


def not_configured(code: str) -> str:
    return _("Koden %(code)s är inte inlagd av regionen. Ta bort den, eller be regionen lägga in den.", code=code)


def _check_referral(sent: Sent, receivers: Collection[str]) -> None:
    if not sent.form.refer_to.data or sent.form.refer_to.data not in receivers:
        sent.errors["refer_to"] = _("Välj vem remissen går till.")
    if not (sent.form.question.data or "").strip():
        sent.errors["question"] = _("Skriv vad du vill ha hjälp med.")
