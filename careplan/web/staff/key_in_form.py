"""What was typed on the key-in page: read question by question, and kept as it was typed where something is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, ValidationError

from careplan.actions.responses import ILLEGIBLE, Keyed
from careplan.domain.questionnaire import (
    InvalidAnswer,
    Item,
    OwnWords,
    Questionnaire,
    UnknownItem,
    own_words,
    parse_answer,
)
from careplan.domain.questionnaire.groups import MARK
from careplan.i18n import local
from careplan.web import access
from careplan.web.answer_words import invalid_in_words
from careplan.web.fields import PartsDateField
from careplan.web.raw_answers import raw_answer


class ArrivalForm(FlaskForm):
    arrived_on = PartsDateField(
        lazy_gettext("Vilken dag kom papperet?"),
        validators=[InputRequired(lazy_gettext("Skriv dagen då papperet kom."))],
    )

    def validate_arrived_on(self, field: PartsDateField) -> None:
        if field.data is not None and field.data > local(access.now()).date():
            raise ValidationError(_("Skriv en dag som har varit, eller i dag."))


@dataclass(frozen=True, slots=True)
class Typed:
    """`values` by link id as they were typed, the answers that could be read, and what is wrong with the others."""

    values: dict[str, list[str]]
    keyed: Keyed
    faults: dict[str, str]


NOTHING_TYPED = Typed({}, Keyed({}), {})
FIELD = "svar-"
# What the names of a question's controls end with: itself, own words, and the parts of a date.
PARTS = ("", "-words", "-year", "-month", "-day")


def check_of_this_form(sent: MultiDict[str, str], form: Questionnaire) -> None:
    """Raise UnknownItem where an answer is to a question of another form: else its paper would be stored as blank."""
    known = {f"{item.link_id}{part}" for item in form.items for part in PARTS}
    for name in sent:
        if name.startswith(FIELD) and re.sub(rf"{MARK}\d+", "", name.removeprefix(FIELD)) not in known:
            raise UnknownItem(name.removeprefix(FIELD))


def typed_in(sent: MultiDict[str, str], asked: Sequence[Item], *, is_paper: bool) -> Typed:
    values, answers, illegible, faults = {}, {}, [], {}
    for item in asked:
        values[item.link_id] = raw = raw_answer(sent, item, f"{FIELD}{item.link_id}")
        chosen = [text for text in raw if not isinstance(text, OwnWords)]
        if is_paper and ILLEGIBLE in chosen:
            illegible.append(item.link_id)
            if own_words(raw) or any(text.strip() for text in chosen if text != ILLEGIBLE):
                faults[item.link_id] = _("Välj antingen Oläsligt eller ett svar.")
            continue
        try:
            answers[item.link_id] = parse_answer(item, raw)
        except InvalidAnswer as error:
            faults[item.link_id] = invalid_in_words(item, error)
    return Typed(values, Keyed(answers, tuple(illegible)), faults)
