"""Swedish identity numbers as people write them, all of them test numbers of the Tax Agency."""

from datetime import date

import pytest

from careplan.domain.identity import (
    PERSONNUMMER,
    SAMORDNINGSNUMMER,
    InvalidIdentifier,
    PersonIdentifier,
    age,
    birth_date,
    formatted,
    parse_identifier,
)

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200001012384", "200001012384"),
        ("20000101-2384", "200001012384"),
        (" 2000 01 01 - 2384 ", "200001012384"),
        ("000101-2384", "200001012384"),
        ("0001012384", "200001012384"),
        ("000101–2384", "200001012384"),
        ("19091019-9827", "190910199827"),
        ("091019+9827", "190910199827"),
        ("189001019802", "189001019802"),
    ],
)
def test_a_number_is_understood_in_every_common_form(text: str, value: str) -> None:
    assert parse_identifier(text, TODAY) == PersonIdentifier(PERSONNUMMER, value)


def test_a_coordination_number_has_its_own_system_and_the_right_birth_date() -> None:
    identifier = parse_identifier("701063-2391", TODAY)
    assert identifier == PersonIdentifier(SAMORDNINGSNUMMER, "197010632391")
    assert birth_date(identifier) == date(1970, 10, 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("12345", "length"),
        ("2000010123845", "length"),
        ("20000101238a", "length"),
        ("٢٠٠٠٠١٠١٢٣٨٤", "length"),
        ("200013012384", "date"),
        ("200002302384", "date"),
        ("203001012384", "date"),
        ("200001012385", "check-digit"),
        ("000101-2385", "check-digit"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(InvalidIdentifier) as error:
        parse_identifier(text, TODAY)
    assert error.value.reason == reason


def test_ten_digits_mean_the_latest_past_century_as_the_clock_argument_says() -> None:
    assert parse_identifier("091019-9827", date(2026, 1, 1)).value == "200910199827"
    assert parse_identifier("091019-9827", date(2009, 10, 18)).value == "190910199827"
    assert parse_identifier("091019-9827", date(2009, 10, 19)).value == "200910199827"


def test_age_is_counted_in_whole_years() -> None:
    born_on = date(2000, 2, 29)
    assert age(born_on, date(2018, 2, 28)) == 17
    assert age(born_on, date(2018, 3, 1)) == 18
    assert age(born_on, date(2020, 2, 29)) == 20


def test_a_number_is_shown_with_its_hyphen() -> None:
    assert formatted("200001012384") == "20000101-2384"
