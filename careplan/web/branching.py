"""On paper nothing opens or hides: who should answer a question is said in words."""

from collections.abc import Mapping

from flask_babel import gettext as _

from careplan.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Direction,
    Is,
    Not,
    ScoreAtLeast,
    WorseBy,
)
from careplan.domain.questionnaire import Questionnaire, figure, instance_key, text_in
from careplan.i18n import form_lang, lang


def numbers_of(form: Questionnaire) -> dict[str, str]:
    """The number of each question on paper, where all of them stand: 9, and in the second instance 9.2."""
    numbers = {item.link_id: str(number) for number, item in enumerate(form.questions, start=1)}
    for item in form.questions:
        group = form.group_of(item)
        for instance in range(2, (group.at_most if group else 1) + 1):
            numbers[instance_key(item.link_id, instance)] = f"{numbers[item.link_id]}.{instance}"
    return numbers


def only_if(form: Questionnaire, condition: Condition) -> str:
    """Svara bara om du svarade 8 eller mer på fråga 1."""
    return _("Svara bara om %(condition)s.", condition=_said(form, condition, numbers_of(form)))


def asked_if(form: Questionnaire, condition: Condition) -> str:
    """Ställs bara om du svarade 8 eller mer på fråga 1: of a question that was not asked."""
    return _("Ställs bara om %(condition)s.", condition=_said(form, condition, numbers_of(form)))


def _said(form: Questionnaire, condition: Condition, numbers: Mapping[str, str]) -> str:
    match condition:
        case Compare(item, Comparison.AT_LEAST, limit):
            return _("du svarade %(limit)s eller mer på fråga %(number)s", limit=_figure(limit), number=numbers[item])
        case Compare(item, _comparison, limit):
            return _(
                "du svarade %(limit)s eller mindre på fråga %(number)s", limit=_figure(limit), number=numbers[item]
            )
        case Is(item, values):
            chosen = [text_in(option.text, form_lang()) for option in form.item(item).options if option.value in values]
            said = _(" eller ").join(f"”{text}”" for text in chosen)
            return _("du svarade %(options)s på fråga %(number)s", options=said, number=numbers[item])
        case WorseBy(item, by, higher_means):
            words = {
                Direction.MORE_TROUBLE: _("svaret på fråga %(number)s är minst %(by)s högre än förra gången"),
                Direction.BETTER: _("svaret på fråga %(number)s är minst %(by)s lägre än förra gången"),
            }
            return words[higher_means] % {"number": numbers[item], "by": _figure(by)}
        case ScoreAtLeast(score, limit):
            title = text_in(form.score(score).title, form_lang())
            return _("”%(score)s” är minst %(limit)s", score=title, limit=_figure(limit))
        case AllOf(parts):
            return _(" och ").join(_grouped(form, part, numbers) for part in parts)
        case AnyOf(parts):
            return _(" eller ").join(_grouped(form, part, numbers) for part in parts)
        case Not(part):
            return _("det inte är så att %(condition)s", condition=_said(form, part, numbers))


def _grouped(form: Questionnaire, part: Condition, numbers: Mapping[str, str]) -> str:
    said = _said(form, part, numbers)
    return f"({said})" if isinstance(part, AllOf | AnyOf) else said


def _figure(number: int | float) -> str:
    return figure(number, lang())
