"""Words for days, clocks and numbers, in both languages; every string has its English."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask, g

from careplan import i18n

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES"
NOW = datetime(2026, 11, 16, 9, 20, tzinfo=UTC)  # Monday 10.20 in Sweden


@pytest.fixture(params=["sv", "en"])
def speaking(request) -> Iterator[str]:
    app = Flask("careplan")
    i18n.init_app(app)
    with app.test_request_context(), i18n.force_locale(request.param):
        yield request.param


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=i18n.TIME_ZONE)


def test_moments(speaking):
    sv = speaking == "sv"
    assert plain(i18n.moment(at(10, 8, 15))) == ("tisdag 10 november 8.15" if sv else "Tuesday 10 November 8:15")
    assert plain(i18n.moment(at(16, 10, 14), NOW)) == ("i dag 10.14" if sv else "today 10:14")
    assert plain(i18n.moment(at(15, 21, 5), NOW)) == ("i går 21.05" if sv else "yesterday 21:05")
    assert plain(i18n.moment(at(17, 9), NOW)) == ("i morgon 9.00" if sv else "tomorrow 9:00")
    assert plain(i18n.moment(at(10, 8, 15, year=2025), NOW)).endswith("2025 8.15" if sv else "2025 8:15")


def test_short_moments(speaking):
    sv = speaking == "sv"
    assert plain(i18n.short_moment(at(14, 21, 5), NOW)) == ("lör 21.05" if sv else "Sat 21:05")
    assert plain(i18n.short_moment(at(2, 10, 14), NOW)) == ("2 nov 10.14" if sv else "2 Nov 10:14")
    assert plain(i18n.short_day(date(2026, 8, 24))) == ("24 aug" if sv else "24 Aug")
    assert plain(i18n.full_day(date(2026, 11, 12))) == ("12 november 2026" if sv else "12 November 2026")


def test_when_something_is_due(speaking):
    sv = speaking == "sv"
    assert plain(i18n.by_when(at(18, 10), NOW)) == ("senast onsdag klockan 10" if sv else "by Wednesday at 10:00")
    assert plain(i18n.by_when(at(16, 12, 14), NOW)) == ("senast i dag klockan 12.14" if sv else "by today at 12:14")
    assert plain(i18n.by_when(at(25, 10), NOW)) == (
        "senast onsdag 25 november klockan 10" if sv else "by Wednesday 25 November at 10:00"
    )
    assert plain(i18n.appointment(at(19, 9, 30))) == (
        "torsdag 19 november klockan 9.30" if sv else "Thursday 19 November at 9:30"
    )


def test_how_long_is_left(speaking):
    sv = speaking == "sv"
    assert plain(i18n.time_left(at(16, 12, 14), NOW)) == ("1 tim 54 min kvar" if sv else "1 h 54 min left")
    assert plain(i18n.time_left(at(16, 10), NOW)) == ("20 min försenad" if sv else "20 min overdue")
    assert plain(i18n.time_left(at(17, 15, 40), NOW)) == ("1 dag kvar" if sv else "1 day left")
    assert plain(i18n.time_left(at(13, 16), NOW)) == ("3 dagar försenad" if sv else "3 days overdue")
    assert plain(i18n.duration(timedelta(hours=2))) == ("2 tim" if sv else "2 h")


def test_numbers(speaking):
    sv = speaking == "sv"
    assert i18n.number(66.666) == ("66,67" if sv else "66.67")
    assert i18n.number(7.0) == "7"
    assert plain(i18n.number(1200)) == ("1 200" if sv else "1,200")
    assert i18n.number(3, decimals=1) == ("3,0" if sv else "3.0")


def test_a_number_and_its_word_are_never_parted_by_a_line():
    assert i18n.oclock(at(16, 16)) == "klockan\u00a016"
    assert i18n.day(date(2026, 11, 10)) == "tisdag 10\u00a0november"
    assert i18n.time_left(at(13, 16), NOW) == "3\u00a0dagar försenad"


def test_without_an_app_the_words_are_swedish():
    assert i18n.lang() == "sv"
    assert plain(i18n.by_when(at(18, 10), NOW)) == "senast onsdag klockan 10"


def test_the_clock_on_the_wall_follows_summer_time():
    assert i18n.clock(datetime(2026, 7, 1, 6, 15, tzinfo=UTC)) == "8.15"
    assert i18n.clock(datetime(2026, 12, 1, 6, 15, tzinfo=UTC)) == "7.15"


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        i18n.clock(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("language", "direction"),
    [("sv", "ltr"), ("en", "ltr"), ("ar", "rtl"), ("fa-AF", "rtl"), ("ckb", "rtl"), ("prs", "rtl"), ("xx", "ltr")],
)
def test_the_direction_follows_the_language(language, direction):
    assert i18n.lang_dir(language) == direction


def test_a_language_we_do_not_speak_becomes_swedish():
    app = Flask("careplan")
    i18n.init_app(app)
    with app.test_request_context():
        g.language = "xx"
        assert i18n.lang() == "sv"


def test_a_folder_with_a_catalogue_is_a_language_that_we_speak(tmp_path):
    for language in ("fi", "ar", "not-a-language"):
        (tmp_path / language / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / language / "LC_MESSAGES" / "messages.mo").touch()
    (tmp_path / "de" / "LC_MESSAGES").mkdir(parents=True)
    app = Flask("careplan")
    i18n.init_app(app, tmp_path)
    with app.app_context():
        assert dict(i18n.languages()) == {"sv": "Svenska", "ar": "العربية", "fi": "Suomi"}
    i18n.init_app(app := Flask("careplan"))
    with app.app_context():
        assert dict(i18n.languages()) == {"sv": "Svenska", "en": "English"}


def test_a_page_turns_to_the_language_of_its_form_where_we_speak_it():
    app = Flask("careplan")
    i18n.init_app(app)
    with app.test_request_context():
        assert (i18n.lang(), i18n.form_lang(), i18n.clock(NOW)) == ("sv", "sv", "10.20")
        i18n.speak("en")
        assert (i18n.lang(), i18n.form_lang(), i18n.clock(NOW)) == ("en", "en", "10:20")
        i18n.speak("ar")
        assert (i18n.lang(), i18n.form_lang()) == ("en", "ar")


def test_languages_have_their_names():
    app = Flask("careplan")
    i18n.init_app(app)
    with app.test_request_context():
        assert [i18n.own_name(each) for each in ("sv", "ar", "prs")] == ["Svenska", "العربية", "prs"]
        assert [i18n.name_of(each) for each in ("en", "ar", "xx")] == ["engelska", "arabiska", "xx"]


def catalogue(name: str) -> Catalog:
    with (CATALOGUE / name).open("rb") as file:
        return read_po(file, locale="en") if name.endswith(".po") else read_mo(file)


def forms(message: str | Sequence[str]) -> tuple[str, ...]:
    """Singular and plural, or the one there is."""
    return (message,) if isinstance(message, str) else tuple(message)


def strings() -> set[tuple[str, ...]]:
    found = extract_from_dir(
        ROOT / "careplan",
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None},
    )
    return {forms(message) for _file, _line, message, _comments, _context in found}


@pytest.mark.slow
def test_every_string_has_its_english_with_the_same_names():
    english = catalogue("messages.po")
    for message in strings():
        translated = forms(english[message[0]].string if message[0] in english else "")
        assert all(translated), f"no English for {message!r}: make messages"
        assert set(re.findall(r"%\(\w+\)", message[-1])) == set(re.findall(r"%\(\w+\)", translated[-1])), message


def test_the_compiled_catalogue_is_the_one_that_was_written():
    compiled = catalogue("messages.mo")
    for message in catalogue("messages.po"):
        if message.id:
            key = forms(message.id)[0]
            assert forms(compiled[key].string) == forms(message.string), f"make messages: {key!r}"
