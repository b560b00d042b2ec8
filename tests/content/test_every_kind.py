"""What a file may say of each kind of question, and what is refused with its line."""

import pytest

from careplan.library import ContentErrors
from careplan.library.lint import check_questionnaire
from careplan.library.questionnaires import parse_questionnaire
from tests.content.every_kind import EVERY_KIND, every_kind
from tests.content.files import changed, line_of

OTHER = '{value: other, text: {sv: "Någon annan", en: "Somebody else"}, open: true}'
VAS = "scale: {low: {sv: Ingen smärta"
BEDTIME = "short: {sv: Läggdags, en: Bedtime}"

# what is changed, to what, where the message points (a passage of the changed text), the message
MISFITS = [
    (VAS, "scale: {min: 5, max: 5, low: {sv: Ingen smärta", "scale: {min: 5", "must go from low to high"),
    (VAS, "scale: {min: 0, max: 1000, low: {sv: Ingen smärta", "scale: {min: 0, max: 1000", "at most 100 steps"),
    (
        VAS,
        "options: [{value: a, text: {sv: A, en: A}}]\n    " + VAS,
        "type: vas",
        "'options' belong to items of type choice and choices",
    ),
    ("type: vas", "type: scale", "scale: {low:", "the scale needs 'min' and 'max'; only a vas goes from 0 to 100"),
    ("type: vas", "type: integer", "type: integer", "'scale' belongs to items of type scale and vas"),
    (BEDTIME, BEDTIME + "\n    higher_means: better", "higher_means: better", "belongs to items with numbers"),
    (BEDTIME, BEDTIME + "\n    precision: month", "precision: month\n  - link_id: more", "belongs to date items"),
    ("precision: month", "precision: week", "precision: week", "'precision'"),
    (OTHER, OTHER.replace("open: true", "open: kanske"), "open: kanske", "'open' must be true or false"),
    (OTHER, OTHER + "\n      - {value: more, text: {sv: Fler, en: More}, open: true}", "options:", "more than one"),
    (
        "exclusive: true",
        "exclusive: true, open: true",
        "options:\n      - {value: stick",
        "exclusive and cannot be open",
    ),
    ("{item: pain, at_least: 70}", "{item: pain, at_least: 101}", "show_if", "101 is outside the scale of 'pain'"),
    ("{item: pain, at_least: 70}", "{item: bedtime, at_least: 7}", "show_if", "'bedtime' has no number to compare"),
    ("{item: pain, at_least: 70}", "{item: began, at_most: 2020}", "show_if", "'began' has no number to compare"),
    ("{item: pain, at_least: 70}", "{item: bedtime, is: '07:30'}", "show_if", "'bedtime' has no options"),
    ("{item: helper, is: other}]", "{item: helper, is: Min granne}]", "show_if", "is not an option of 'helper'"),
    ("items: [pain]", "items: [bedtime]", "items: [bedtime]", "'bedtime' has no number to count"),
    ('bedtime: "22:30"', "bedtime: 22:30", "answers: {pain: 80", "not-a-time (a time stands in quotes)"),
    ('bedtime: "22:30"', 'bedtime: "24:00"', "answers: {pain: 80", "'24:00' is not an answer to 'bedtime': not-a-time"),
    (
        "began: 2026-03",
        'visit: "2026-02-31"',
        "answers: {pain: 80",
        "'2026-02-31' is not an answer to 'visit': not-a-date",
    ),
    ("began: 2026-03", "began: 2026", "answers: {pain: 80", "'2026' is not an answer to 'began': incomplete-date"),
    ("codes: other", "codes: partner", "answers: {pain: 80", "is not an answer to 'helper': words-elsewhere"),
    ("words: Min granne", f"words: {'x' * 201}", "answers: {pain: 80", "is not an answer to 'helper': too-long"),
]


def test_the_form_of_every_kind_is_sound() -> None:
    assert check_questionnaire(EVERY_KIND, "every-kind.yaml") == []
    pain, helper, began = (every_kind().item(name) for name in ("pain", "helper", "began"))
    assert (pain.scale.min, pain.scale.max) == (0, 100)
    assert helper.open_option.value == "other"
    assert began.precision == "month"


@pytest.mark.parametrize(("old", "new", "passage", "message"), MISFITS)
def test_a_misfit_is_told_with_its_line(old: str, new: str, passage: str, message: str) -> None:
    text = changed(EVERY_KIND, old, new)
    with pytest.raises(ContentErrors) as error:
        parse_questionnaire(text, "every-kind.yaml")
    told = [(problem.line, problem.message) for problem in error.value.problems]
    assert any(message in said for _line, said in told), told
    assert any(line == line_of(text, passage) for line, said in told if message in said), told
