"""What pages are made of: nothing preselected, 0 is an answer, labels meet controls, undefined values are heard."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from jinja2 import UndefinedError
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from careplan import i18n
from careplan.charts import Reading, trend
from careplan.i18n import _l
from careplan.web import templating
from careplan.web.fields import PartsDateField


@pytest.fixture(scope="module")
def bare() -> Flask:
    app = Flask("careplan")
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False)
    i18n.init_app(app)
    templating.init_app(app)
    return app


@pytest.fixture
def draw(bare: Flask) -> Iterator:

    def draw(source: str, **context) -> BeautifulSoup:
        return BeautifulSoup(render_template_string(source, **context), "html.parser")

    with bare.test_request_context():
        yield draw


def form_part(call: str) -> str:
    return '{% import "components/forms.html" as forms %}{{ forms.' + call + " }}"


FORM_PARTS = [
    "scale('tired', 'Hur trött?', 'Ingen', 'Värsta', hint='Välj', error='Välj ett tal.')",
    "vas('pain', 'Hur ont?', 'Inget', 'Värst', hint='Nu', error='Skriv ett helt tal.')",
    "radios('who', 'Vem?', [('a', 'A'), {'value': 'b', 'text': 'Annan', 'own_words': ''}], error='e')",
    "checkboxes('aids', 'Vad?', [('a', 'A'), {'value': 'b', 'text': 'Annat', 'own_words': 'En vagn'}])",
    "radios('when', 'När?', [('a', 'A'), {'divider': 'eller'}, {'value': 'b', 'text': 'B', 'hint': 'h'}], error='e')",
    "checkboxes('wish', 'Vad?', [('a', 'A'), ('b', 'B')], error='e')",
    "checkboxes('contact', none, [('yes', 'Hör av dig')])",
    "input('weight', 'Vikt', suffix='kg', hint='h', error='e')",
    "textarea('more', 'Mer?', hint='h', error='e')",
    "select('to', 'Till', [('a', 'A')], error='e')",
    "date_input('on', 'När?', hint='h', error='e')",
]


@pytest.mark.parametrize("call", FORM_PARTS)
def test_every_control_has_a_label_and_every_reference_a_target(draw, call):
    page = draw(form_part(call))
    ids = Counter(tag["id"] for tag in page.select("[id]"))
    assert max(ids.values()) == 1
    for control in page.select("input, textarea, select"):
        assert page.find("label", {"for": control["id"]})
    for tag in page.select("[aria-describedby]"):
        assert set(tag["aria-describedby"].split()) <= set(ids)
    name = re.search(r"'(\w+)'", call)[1]
    assert page.find(id=name).name in ("input", "textarea", "select"), "an error summary links here"


@pytest.mark.parametrize("call", FORM_PARTS)
def test_nothing_is_chosen_for_the_reader(draw, call):
    assert not draw(form_part(call)).select("[checked], [selected]")


def test_zero_is_an_answer_and_so_is_declining(draw):
    checked = draw(form_part("scale('tired', 'Hur trött?', 'Ingen', 'Värsta', value=0)")).select("[checked]")
    assert [tag["value"] for tag in checked] == ["0"]
    checked = draw(form_part("scale('tired', 'Hur trött?', 'Ingen', 'Värsta', value='declined')")).select("[checked]")
    assert [tag["value"] for tag in checked] == ["declined"]
    assert draw(form_part("input('n', 'Antal', value=0)")).input["value"] == "0"


def test_a_scale_says_its_ends_in_words_on_the_ends_themselves(draw):
    page = draw(form_part("scale('tired', 'Hur trött?', 'Ingen trötthet', 'Värsta tänkbara')"))
    labels = [label.get_text(" ") for label in page.select("label")]
    assert labels[0] == "0 Ingen trötthet"
    assert labels[10] == "10 Värsta tänkbara"
    assert labels[11] == "Jag vill inte svara"


@pytest.mark.parametrize("call", FORM_PARTS)
def test_what_people_wrote_is_text_and_never_markup(draw, call):
    evil = "<img src=x onerror=alert(1)>"
    source = form_part(
        call.replace("'Hur trött?'", "evil").replace("'e'", "evil").replace("'h'", "evil").replace("'A'", "evil")
    )
    assert not draw(source, evil=evil).select("img")


def test_an_error_summary_without_errors_is_nothing(draw):
    assert not draw(form_part("error_summary([])")).get_text(strip=True)
    page = draw(form_part("error_summary([('tired', 'Välj ett tal.')])"))
    assert page.a["href"] == "#tired"


def test_printing_an_undefined_value_is_an_error_but_asking_about_one_is_not(draw):
    assert draw("{% if patient.nmae.first %}x{% endif %}").get_text() == ""
    with pytest.raises(UndefinedError):
        draw("{{ patient }}")
    with pytest.raises(UndefinedError):
        draw("{{ patient.nmae }}")


def test_severity_is_a_word_beside_its_shape(draw):
    page = draw('{% from "components/parts.html" import severity %}{{ severity("now") }}')
    assert page.get_text() == "Behöver bedömas nu"
    assert page.svg["aria-hidden"] == "true"


def test_a_chart_carries_its_sentence_as_its_name_and_its_numbers_as_a_table(draw):
    readings = [Reading(date(2026, 11, 16), 7, "16 nov"), Reading(date(2026, 11, 2), None, "2 nov")]
    page = draw(
        '{% from "components/trend.html" import trend, numbers %}'
        '{{ trend("t", "Trötthet, 0–10. Sju.", chart, "0 = inga", "10 = värsta") }}'
        '{{ numbers("Trötthet", readings, "Svar") }}',
        chart=trend(readings),
        readings=readings,
    )
    assert page.find(id=page.svg["aria-labelledby"]).get_text() == "Trötthet, 0–10. Sju."
    assert [cell.get_text() for cell in page.select("td")] == ["16 nov", "7", "2 nov", "inget svar"]


class EveryKind(FlaskForm):
    name = StringField(_l("Namn"), [InputRequired(_l("Skriv ett namn."))], description=_l("För- och efternamn."))
    secret = PasswordField("Lösenord")
    role = RadioField(
        "Roll", [InputRequired("Välj en roll.")], choices=[SelectChoice("a", "Ett"), SelectChoice("b", "Två")]
    )
    unit = SelectField("Enhet", choices=[SelectChoice("1", "Bröst"), SelectChoice("2", "Lunga")], default="1")
    note = TextAreaField("Text")
    read = BooleanField("Jag har läst")
    several = SelectMultipleField("Flera", choices=[SelectChoice("x", "X"), SelectChoice("y", "Y")])
    since = PartsDateField("Från och med", [InputRequired("Skriv ett datum.")])


FIELDS = """
{% from "components/field.html" import field, summary %}
{{ summary(form) }}{% for f in form %}{{ field(f) }}{% endfor %}
"""


def test_every_kind_of_field_has_a_label_and_shows_its_error_where_the_summary_points(draw):
    form = EveryKind(MultiDict({"unit": "1", "secret": "hemligt", "name": ""}))
    assert not form.validate()
    page = draw(FIELDS, form=form)
    for control in page.select("input, textarea, select"):
        assert page.find("label", {"for": control["id"]}), control
    assert {"Namn", "För- och efternamn.", "Skriv ett namn."} <= set(page.stripped_strings), "lazy strings too"
    targets = [link["href"][1:] for link in page.select(".nhsuk-error-summary a")]
    assert targets == ["name", "role", "since"]
    assert all(page.find(id=target).name == "input" for target in targets)
    assert "hemligt" not in str(page)
    assert not re.search(r"\bError\b", page.get_text())


@pytest.mark.parametrize(
    ("day", "month", "year", "error"),
    [
        ("", "", "", "Skriv ett datum."),
        ("31", "2", "2026", "Den dagen finns inte. Kontrollera dag och månad."),
        ("1", "", "2026", "Skriv både dag, månad och år."),
        ("1", "dec", "2026", "Skriv datumet med siffror, till exempel 1 12 2026."),
        ("1", "12", "26", "Skriv året med fyra siffror."),
        ("²", "12", "2026", "Skriv datumet med siffror, till exempel 1 12 2026."),
        ("1", "12", "0000", "Den dagen finns inte. Kontrollera dag och månad."),
    ],
)
def test_a_date_that_is_wrong_says_what_is_wrong_and_keeps_what_was_written(draw, day, month, year, error):
    form = EveryKind(
        MultiDict({"name": "x", "role": "a", "unit": "1", "since-day": day, "since-month": month, "since-year": year})
    )
    assert not form.validate()
    assert form.since.errors == [error]
    written = [tag.get("value", "") for tag in draw(FIELDS, form=form).select(".nhsuk-date-input input")]
    assert written == [day, month, year]


def test_a_date_in_three_parts_becomes_a_date(draw):
    form = EveryKind(
        MultiDict({"name": "x", "role": "a", "unit": "1", "since-day": "1", "since-month": "12", "since-year": "2026"})
    )
    assert form.validate(), form.errors
    assert form.since.data.isoformat() == "2026-12-01"


def test_a_part_of_a_date_left_out_of_the_post_is_an_error_and_no_crash(draw):
    form = EveryKind(MultiDict({"name": "x", "role": "a", "unit": "1", "since-day": "1"}))
    assert not form.validate()
    assert form.since.errors == ["Skriv både dag, månad och år."]


def test_the_pages_of_last_resort_need_no_context(draw):
    for name in templating.LAST_RESORT:
        html = templating.last_resort(name, request_id="abc123")
        assert "112" in html
        assert "<h1" in html
