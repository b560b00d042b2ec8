"""What was typed on the key-in page: read question by question, and kept as it was typed where something is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, ValidationError

from careplan.actions.responses import ILLEGIBLE, Keyed
from careplan.domain.questionnaire import InvalidAnswer, Item, OwnWords, own_words, parse_answer
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


def typed_in(sent: MultiDict[str, str], asked: Sequence[Item], *, is_paper: bool) -> Typed:
    values, answers, illegible, faults = {}, {}, [], {}
    for item in asked:
        values[item.link_id] = raw = raw_answer(sent, item, f"svar-{item.link_id}")
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
