"""How the wording of a form came about in each of its languages, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.domain.questionnaire import Questionnaire
from careplan.i18n import lang, name_of

# For who edits forms.
STATUSES = {
    "original": lazy_gettext("original"),
    "validated": lazy_gettext("validerad"),
    "translated": lazy_gettext("översatt, inte prövad"),
    "machine": lazy_gettext("maskinöversatt, inte granskad"),
    "missing": lazy_gettext("saknas än"),
}


def status_in_words(form: Questionnaire, language: str) -> str:
    """For who reads the form; empty where the wording is the original or validated."""
    return _caveat(form.languages.get(language, ""))


def answered_in(language: str, status: str) -> str:
    """For who reads the answers: the language, where it is not the reader's, and how its wording came about."""
    said = _("Besvarat på %(language)s.", language=name_of(language)) if language != lang() else ""
    return f"{said} {_caveat(status)}".strip()


def _caveat(status: str) -> str:
    match status:
        case "translated":
            return _("Översättningen är inte prövad.")
        case "machine":
            return _("Maskinöversatt, inte granskad.")
    return ""
