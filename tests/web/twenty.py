"""A form of 20 questions, of which the last ones matter most."""

from careplan.domain.questionnaire import Questionnaire
from careplan.library import compile_questionnaire
from tests.actions import forms

FORM = "form-20"
RULES = """  - {id: late-red, level: red, when: {item: q19, at_least: 8}, item: q19, owner: Testet, source: eget}
  - {id: open-red, level: red, when: {item: q16, at_least: 8}, item: q16, owner: Testet, source: eget}
  - {id: late-yellow, level: yellow, when: {item: q12, at_least: 5}, item: q12, owner: Testet, source: eget}
golden: []
"""


def twenty() -> tuple[Questionnaire, str]:
    """Questions 16 and 19 may raise red, 12 yellow; all count in one score."""
    text = forms.form(20)[1]
    text = text[: text.index("  - {id: first-red")] + RULES
    return compile_questionnaire(text, "form-20.yaml"), text
