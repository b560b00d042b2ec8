"""Hostile and broken files: each is refused with its reason, item or line, and none is run."""

import json
import time
from typing import Any

import pytest

from careplan.fhir.questionnaire_in import import_questionnaire, read_questionnaire
from careplan.fhir.report import Fate, FileRefused
from careplan.fhir.wire import MOST_BYTES
from tests.fhir.forms import (
    ORDINAL,
    WEIGHT,
    choice,
    fate,
    group,
    imported,
    item,
    limits,
    questionnaire,
    read,
    shown_when,
)

MODIFIER = [{"url": "http://example.org/means-the-opposite", "valueBoolean": True}]


def refused_file(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_questionnaire(data)
    return caught.value


def refusal(link_id: str, *items: dict[str, Any]) -> str:
    found = imported(*items, item("sound"))
    refused, reason = fate(found, link_id)
    assert refused is Fate.REFUSED
    assert link_id not in {each["link_id"] for each in found.draft["items"]}
    return reason


def test_a_file_of_20_mb_is_refused() -> None:
    assert "20000000 are read" in refused_file(b" " * MOST_BYTES).reason


@pytest.mark.parametrize("opening", [b"[", b'{"item":[', b'{"resourceType":"Questionnaire","extension":['])
def test_a_deeply_nested_file_is_refused(opening: bytes) -> None:
    assert refused_file(opening * 200_000).reason.startswith("nested in more than")


def test_a_file_that_is_nested_a_little_too_deep_is_refused() -> None:
    value: Any = "deep"
    for _ in range(80):
        value = [value]
    assert "nested" in refused_file(json.dumps(questionnaire(item("a"), extension=value)).encode()).reason


@pytest.mark.slow
def test_a_file_of_very_many_small_parts_is_refused() -> None:
    parts = [0] * 500_000
    assert "more than 500000" in refused_file(json.dumps(questionnaire(item("a"), many=parts)).encode()).reason


def test_items_nested_in_too_many_levels_are_refused() -> None:
    inner = item("last")
    for number in range(20):
        inner = group(f"g{number}", inner)
    with pytest.raises(FileRefused, match="items nested in more than 16 levels"):
        imported(inner)


def test_too_many_items_are_refused() -> None:
    with pytest.raises(FileRefused, match="more than 2000 items"):
        imported(*(item(f"a{number}") for number in range(2001)))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused(number: str) -> None:
    text = json.dumps(questionnaire(item("a", maxLength=1))).replace('"maxLength": 1', f'"maxLength": {number}')
    assert "number" in refused_file(text.encode()).reason


def test_a_number_of_a_thousand_digits_is_refused() -> None:
    assert "too long" in refused_file(b'{"a": ' + b"9" * 5000 + b"}").reason


def test_broken_json_is_refused_with_its_line() -> None:
    error = refused_file(b'{\n"resourceType": "Questionnaire",\n"item": [,]\n}')
    assert error.line == 3


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    assert refused_file(b'{\n"title": "\xe5"}').line == 2


def test_a_key_that_stands_twice_is_refused() -> None:
    assert refused_file(b'{"title": "a", "title": "b"}').reason == "the key 'title' stands twice in one object"


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800", "\\u001b"])
def test_characters_that_are_no_text_are_refused(letter: str) -> None:
    text = json.dumps(questionnaire(item("a", text="X"))).replace('"X"', f'"{letter}"')
    assert "no text" in refused_file(text.encode()).reason


@pytest.mark.parametrize(
    "resource",
    [
        [],
        "Questionnaire",
        {},
        {"resourceType": "Patient"},
        questionnaire(),
        questionnaire(item("a")) | {"item": {"linkId": "a"}},
        questionnaire(item("a")) | {"item": ["a"]},
        questionnaire(item("a"), status="aktiv"),
        questionnaire(item("a"), title=["Promenader"]),
        questionnaire(item("a"), implicitRules="http://example.org/rules"),
        questionnaire(item("a"), modifierExtension=MODIFIER),
        questionnaire(item("a"), contained=[{"resourceType": "ValueSet", "modifierExtension": MODIFIER}]),
    ],
)
def test_a_file_that_is_no_questionnaire_to_us_is_refused_as_a_whole(resource: Any) -> None:
    assert refused_file(json.dumps(resource).encode()).reason


def test_a_file_of_which_nothing_is_left_is_refused_with_the_first_item() -> None:
    with pytest.raises(FileRefused, match=r"item\[0\] 'a': the type 'foo' is unknown"):
        imported(item("a", "foo"))


def test_both_items_with_the_same_link_id_are_refused() -> None:
    found = imported(item("a"), item("a"), item("b"), item("c", enableWhen=[shown_when("a", "=", answerInteger=1)]))
    assert [each.fate for each in found.report.items] == [Fate.REFUSED, Fate.REFUSED, Fate.MAPPED, Fate.REFUSED]
    assert found.report.items[0].reason == "the link id stands twice"


def test_a_condition_on_an_unknown_question_is_refused() -> None:
    reason = refusal("a", item("a", enableWhen=[shown_when("nobody", "exists", answerBoolean=True)]))
    assert reason == "its condition looks at 'nobody', which does not exist"


@pytest.mark.parametrize("type_", ["group", "display"])
def test_a_condition_on_what_is_no_question_is_refused(type_: str) -> None:
    looked_at = item("head", type_)
    reason = refusal("a", looked_at, item("a", enableWhen=[shown_when("head", "exists", answerBoolean=True)]))
    assert reason == "its condition looks at 'head', which is no question"


def test_conditions_that_go_round_are_refused() -> None:
    conditions = {name: [shown_when(other, "=", answerInteger=1)] for name, other in ("ab", "bc", "ca")}
    found = imported(*(item(name, enableWhen=shown) for name, shown in conditions.items()), item("d"))
    assert [each.reason for each in found.report.items] == ["its conditions go round in a circle"] * 3 + [""]


def test_a_group_that_is_shown_by_what_stands_in_it_is_refused() -> None:
    ring = group("g", item("a"), enableWhen=[shown_when("a", "=", answerInteger=1)])
    assert refusal("g", ring) == "its conditions go round in a circle"


def test_an_item_that_looks_at_itself_is_refused() -> None:
    assert "itself" in refusal("a", item("a", enableWhen=[shown_when("a", "=", answerInteger=1)]))


@pytest.mark.parametrize(
    "condition",
    [
        {"question": "c", "operator": "~", "answerBoolean": True},
        {"question": "c", "operator": "=", "answerCoding": {"code": "maybe"}},
        {"question": "c", "operator": "=", "answerCoding": "yes"},
        {"question": "c", "operator": "="},
        {"question": "c", "operator": "=", "answerString": "yes", "answerCoding": {"code": "yes"}},
        {"question": "c", "operator": "exists", "answerString": "true"},
        {"question": "n", "operator": ">", "answerInteger": 11},
        {"question": "n", "operator": "=", "answerString": "3"},
        {"question": "n", "operator": "=", "answerInteger": True},
    ],
)
def test_a_condition_that_can_never_hold_is_refused(condition: dict[str, Any]) -> None:
    number = item("n", extension=limits(0, 10))
    assert refusal("a", choice("c"), number, item("a", enableWhen=[condition]))


def test_several_conditions_without_a_word_on_how_they_join_are_refused() -> None:
    conditions = [shown_when("n", ">", answerInteger=1), shown_when("n", "<", answerInteger=5)]
    assert "all or any" in refusal("a", item("n"), item("a", enableWhen=conditions))


def weighted(**places: Any) -> dict[str, Any]:
    """One option, whose weight stands in these places."""
    coding: dict[str, Any] = {"code": "yes", "display": "Ja"}
    option: dict[str, Any] = {"valueCoding": coding}
    if "coding" in places:
        coding["extension"] = [{"url": WEIGHT, "valueDecimal": places["coding"]}]
    if "option" in places:
        option["extension"] = [{"url": ORDINAL, "valueDecimal": places["option"]}]
    return item("a", "choice", answerOption=[option])


def test_conflicting_weights_for_one_option_are_refused() -> None:
    assert refusal("a", weighted(coding=3, option=4)) == "the option 'yes' has conflicting weights: 3 and 4"


def test_a_weight_that_is_no_number_is_refused() -> None:
    assert "no number" in refusal("a", weighted(coding="much"))


def test_the_same_weight_in_two_places_is_one_weight() -> None:
    assert imported(weighted(coding=3, option=3.0)).draft["scoring"]["weights"] == {"a": {"yes": 3.0}}


def test_an_option_that_stands_twice_is_refused() -> None:
    assert refusal("a", choice("a", "yes", "yes")) == "the option 'yes' stands twice"


def test_an_unknown_modifier_extension_refuses_the_item_and_what_stands_in_it() -> None:
    found = imported(group("g", item("a"), modifierExtension=MODIFIER), item("b"))
    assert [each.fate for each in found.report.items] == [Fate.REFUSED, Fate.REFUSED, Fate.MAPPED]


def test_a_first_answer_out_of_range_is_refused() -> None:
    out = item("a", extension=limits(0, 10), initial=[{"valueInteger": 11}])
    assert refusal("a", out) == "its initial value 11 is out of its range"


def test_a_range_from_high_to_low_is_refused() -> None:
    assert refusal("a", item("a", extension=limits(10, 0))) == "its least value is above its greatest"


def test_a_first_answer_on_the_31st_of_february_is_refused() -> None:
    assert "2026-02-31 is no date" in refusal("a", item("a", "date", initial=[{"valueDate": "2026-02-31"}]))


@pytest.mark.parametrize(
    "elements",
    [
        {"linkId": ""},
        {"linkId": 7},
        {"linkId": "x" * 300},
        {"type": None},
        {"type": ["integer"]},
        {"text": 5},
        {"repeats": "true"},
        {"enableWhen": "always"},
        {"enableWhen": [None]},
        {"answerOption": {"valueString": "a"}},
        {"extension": "none"},
        {"initial": [1]},
    ],
)
def test_an_element_of_the_wrong_shape_refuses_its_item(elements: dict[str, Any]) -> None:
    found = imported(item("a") | elements, item("b"))
    assert [each.fate for each in found.report.items] == [Fate.REFUSED, Fate.MAPPED]


def test_hostile_expressions_patterns_and_xhtml_are_carried_as_text_only() -> None:
    pattern = {"url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "(a+)+$"}
    markup = {
        "url": "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
        "valueString": "<script>alert(1)</script>",
    }
    hostile = item(
        "a", "string", extension=[pattern], _text={"extension": [markup]}, initial=[{"valueString": "a" * 60 + "b"}]
    )
    started = time.perf_counter()
    draft = imported(hostile, text={"status": "generated", "div": "<div><script>alert(1)</script></div>"}).draft
    assert time.perf_counter() - started < 0.5
    shown = {key: value for key, value in draft.items() if key != "kept"}
    assert "script" not in json.dumps(shown) and "(a+)" not in json.dumps(shown)
    assert "<script>" in json.dumps(draft["kept"])


def test_many_options_times_many_items_stay_small() -> None:
    concepts = [{"code": str(number), "display": "x"} for number in range(200)]
    shared = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"concept": concepts}]}}
    found = imported(*(item(f"a{number}", "choice", answerValueSet="#v") for number in range(1000)), contained=[shared])
    assert sum(len(each["options"]) for each in found.draft["items"]) <= 20_000


def test_many_conditions_on_many_options_stay_small() -> None:
    big = choice("c", *(f"o{number}" for number in range(200)))
    exists = [shown_when("c", "exists", answerBoolean=True)] * 50
    crowd = [item(f"a{number}", enableWhen=exists, enableBehavior="all") for number in range(50)]
    found = imported(big, *crowd)
    assert fate(found, "a0") == (Fate.KEPT, "it stands under too many conditions")


def test_a_long_chain_of_kept_questions_is_followed_in_time() -> None:
    links = [
        item(f"a{number}", enableWhen=[shown_when(f"a{number + 1}", "=", answerInteger=1)]) for number in range(1998)
    ]
    started = time.perf_counter()
    found = imported(*links, item("a1998", "quantity"), item("b"))
    assert found.report.count(Fate.KEPT) == 1999
    assert time.perf_counter() - started < 5


def test_a_reports_lines_move_no_cursor() -> None:
    found = read(questionnaire(item("a\n\u009b2J items: 9 mapped", "url"), item("b")))
    assert all(line.isprintable() for line in found.report.lines())


def test_the_same_resource_is_read_from_bytes_and_from_data_alike() -> None:
    resource = questionnaire(group("g", item("a"), choice("b")))
    assert read(resource) == import_questionnaire(resource)
