"""How the wording of a form came about in each of its languages, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.domain.questionnaire import Questionnaire

# For who edits forms.
STATUSES = {
    "original": lazy_gettext("original"),
    "validated": lazy_gettext("validerad"),
    "translated": lazy_gettext("översatt, inte prövad"),
    "machine": lazy_gettext("maskinöversatt, inte granskad"),
    "missing": lazy_gettext("saknas än"),
}


def status_in_words(form: Questionnaire, language: str) -> str:
    """For who reads the form or its answers; empty where the wording is the original or validated."""
    match form.languages.get(language):
        case "translated":
            return _("Översättningen är inte prövad.")
        case "machine":
            return _("Maskinöversatt, inte granskad.")
    return ""
