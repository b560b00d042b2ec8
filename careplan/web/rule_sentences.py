"""What the errors of a unit's own limits say."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.actions import rules
from careplan.domain.errors import CareplanError
from careplan.library.unit_rules import InvalidRules


def _rules_changed(_error: rules.RulesChanged) -> tuple[int, str, str]:
    sentence = _("Någon har ändrat eller bestämt efter att du öppnade sidan. Öppna Gränser igen. Inget är ändrat.")
    return 409, _("Gränserna har ändrats"), sentence


def _not_tried(_error: rules.NotTried) -> tuple[int, str, str]:
    return 409, _("Utkastet är inte provat"), _("Prova gränserna som de är nu, och skicka förslaget sedan.")


def _own_proposal(_error: rules.OwnProposal) -> tuple[int, str, str]:
    sentence = _("En annan chef på enheten behöver ta ställning till ditt förslag. Inget är ändrat.")
    return 403, _("Förslaget är ditt eget"), sentence


def _needs_words(_error: rules.MissingAnswer) -> tuple[int, str, str]:
    return 422, _("Skälet saknas"), _("Skriv varför. Inget är ändrat.")


def _unfit(_error: InvalidRules) -> tuple[int, str, str]:
    sentence = _("Formuläret har ändrats sedan gränserna skrevs. Skicka tillbaka förslaget. Inget är ändrat.")
    return 409, _("Gränserna passar inte formuläret"), sentence


SENTENCES: dict[type[CareplanError], Callable[[Any], tuple[int, str, str]]] = {
    rules.RulesChanged: _rules_changed,
    rules.NotTried: _not_tried,
    rules.OwnProposal: _own_proposal,
    rules.MissingAnswer: _needs_words,
    InvalidRules: _unfit,
}
