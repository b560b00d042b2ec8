"""A form: its questions, scores and rules in words."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.actions.questionnaires import check_licensed
from careplan.db import session
from careplan.domain.questionnaire import GroupKind, Item, ItemType, Questionnaire
from careplan.domain.scoring import Verification
from careplan.domain.triage import say
from careplan.i18n import lang as language
from careplan.i18n import name_of
from careplan.library import UnknownQuestionnaire
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.edit import bp, loaded
from careplan.web.languages import STATUSES
from careplan.web.pages import page

KINDS = {
    ItemType.SCALE: lazy_gettext("skala"),
    ItemType.VAS: lazy_gettext("linje att märka"),
    ItemType.CHOICE: lazy_gettext("ett val"),
    ItemType.CHOICES: lazy_gettext("flera val"),
    ItemType.INTEGER: lazy_gettext("heltal"),
    ItemType.DECIMAL: lazy_gettext("tal"),
    ItemType.DATE: lazy_gettext("datum"),
    ItemType.TIME: lazy_gettext("klockslag"),
    ItemType.TEXT: lazy_gettext("fritext"),
    ItemType.INFO: lazy_gettext("information"),
}
MARKS = {
    Verification.RUN: lazy_gettext("Kontrollerad mot någon annans program."),
    Verification.QUOTED: lazy_gettext("Kontrollerad mot en källa."),
    Verification.COMPUTED: lazy_gettext("Räknad efter en regel i en källa."),
    Verification.UNVERIFIED: lazy_gettext("Inte kontrollerad mot källan."),
}


@bp.get("/innehall/formular/<questionnaire_id>")
def questionnaire(questionnaire_id: str) -> ResponseReturnValue:
    """All questions of a form, its scores and its rules in words; raises LicenceMissing where they are not ours yet."""
    try:
        found = loaded.library().questionnaire(questionnaire_id)
    except UnknownQuestionnaire:
        raise NotVisible("questionnaire", questionnaire_id) from None
    check_licensed(session(), found, access.actor().unit_id)
    return page(
        "edit/questionnaire.html",
        questionnaire=found,
        questions=[(item, _group(found, item), _conditions(found, item)) for item in found.items],
        rules=[(rule, say(rule, found, language())) for rule in found.rules],
        kinds=KINDS,
        marks=MARKS,
        text=loaded.in_language,
        reviewed=loaded.review(found),
        locked=[name_of(each) for each, status in found.languages.items() if status == "validated"],
        languages=[(name_of(each), STATUSES[status]) for each, status in found.languages.items()],
    )


def _group(found: Questionnaire, item: Item) -> str:
    """How the question stands with others; empty where it stands alone."""
    group = found.group_of(item)
    if group is None:
        return ""
    text = loaded.in_language(group.text)
    match group.kind:
        case GroupKind.PAGE:
            return _("På en sida med fler frågor: %(group)s", group=text)
        case GroupKind.MATRIX:
            return _("En rad av flera med samma svar: %(group)s", group=text)
        case GroupKind.REPEATS:
            return _("Frågas om igen, högst %(number)s gånger: %(group)s", group=text, number=group.at_most)


def _conditions(found: Questionnaire, item: Item) -> str:
    """When the question is shown, by the short names of what it depends on."""
    openers = found.openers(item)
    if not openers:
        return ""
    names = ", ".join(loaded.in_language(found.item(link_id).short) for link_id in sorted(openers))
    return _("Visas beroende på: %(names)s", names=names)
