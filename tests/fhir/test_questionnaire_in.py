"""What becomes of each kind of item."""

from typing import Any

import pytest

from careplan.fhir.report import Fate
from tests.fhir.forms import (
    WEIGHT,
    choice,
    draft_item,
    fate,
    group,
    imported,
    item,
    limits,
    report_of,
    shown_when,
)

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
CORE = "http://hl7.org/fhir/StructureDefinition/"


def translated(lang: str, words: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": lang}, {"url": "content", "valueString": words}]
    return {"extension": [{"url": f"{CORE}translation", "extension": parts}]}


@pytest.mark.parametrize(
    ("fhir", "ours"),
    [
        ("integer", "integer"),
        ("decimal", "decimal"),
        ("date", "date"),
        ("time", "time"),
        ("string", "text"),
        ("text", "text"),
        ("display", "info"),
        ("boolean", "choice"),
    ],
)
def test_a_plain_item_becomes_the_type_that_asks_the_same(fhir: str, ours: str) -> None:
    assert draft_item(imported(item("a", fhir)), "a")["type"] == ours


@pytest.mark.parametrize("fhir", ["attachment", "dateTime", "quantity", "reference", "url"])
def test_a_type_that_is_not_asked_here_is_kept_with_its_reason(fhir: str) -> None:
    found = imported(item("a", fhir), item("b"))
    kept, reason = fate(found, "a")
    assert kept is Fate.KEPT and reason
    assert found.report.closing == "items: 1 mapped, 1 kept, 0 refused"


def test_a_choice_has_its_options_and_a_repeated_one_takes_several() -> None:
    found = imported(choice("one", "no", "yes"), choice("many", "no", "yes", repeats=True))
    assert draft_item(found, "one")["type"] == "choice"
    assert draft_item(found, "many")["type"] == "choices"
    assert [option["value"] for option in draft_item(found, "one")["options"]] == ["no", "yes"]


def test_options_may_lie_in_a_value_set_of_the_file_and_not_elsewhere() -> None:
    concepts = [{"code": "1", "display": "Ett"}, {"code": "2", "display": "Två"}]
    inside = {"resourceType": "ValueSet", "id": "numbers", "compose": {"include": [{"concept": concepts}]}}
    found = imported(
        item("here", "choice", answerValueSet="#numbers"),
        item("elsewhere", "choice", answerValueSet="http://example.org/ValueSet/numbers"),
        contained=[inside],
    )
    assert [option["text"] for option in draft_item(found, "here")["options"]] == [{"sv": "Ett"}, {"sv": "Två"}]
    assert fate(found, "elsewhere")[0] is Fate.KEPT


def test_codes_and_link_ids_are_named_as_content_may_name_them_and_each_once() -> None:
    found = imported(choice("Q 1/a", "a b", "a/b", "declined"), item("Q-1-A"), item("1.1"))
    names = [each["link_id"] for each in found.draft["items"]]
    assert names == ["q-1-a", "q-1-a-2", "item-1-1"]
    assert [each["value"] for each in draft_item(found, "q-1-a")["options"]] == ["a-b", "a-b-2", "option-declined"]


def test_range_unit_short_text_and_translations_are_mapped() -> None:
    unit = {"url": f"{CORE}questionnaire-unit", "valueCoding": {"code": "kg", "display": "kilo"}}
    short = {"url": f"{SDC}sdc-questionnaire-shortText", "valueString": "Vikt"}
    weight = item("weight", "decimal", extension=[*limits(20, 300), unit, short], _text=translated("en", "Weight?"))
    mapped = draft_item(imported(weight), "weight")
    assert (mapped["min"], mapped["max"], mapped["unit"], mapped["short"]) == (20, 300, {"sv": "kilo"}, {"sv": "Vikt"})
    assert mapped["text"] == {"sv": "Hur är det med weight?", "en": "Weight?"}


def test_groups_become_sections_named_after_all_that_they_stand_in() -> None:
    found = imported(item("first"), group("body", item("a"), group("arms", item("b"))))
    assert [(each["link_id"], each["section"]) for each in found.draft["items"]] == [
        ("first", "questions"),
        ("a", "body"),
        ("b", "arms"),
    ]
    titles = {section["id"]: section["title"]["sv"] for section in found.draft["sections"]}
    assert titles == {"questions": "Promenader", "body": "Body", "arms": "Body – Arms"}


def test_a_groups_condition_goes_for_all_that_stands_in_it() -> None:
    inner = group(
        "g",
        item("b", enableWhen=[shown_when("n", ">=", answerInteger=3)]),
        enableWhen=[shown_when("a", "=", answerCoding={"code": "yes"})],
    )
    found = imported(choice("a"), item("n"), inner)
    assert draft_item(found, "b")["show_if"] == {"all": [{"item": "a", "is": "yes"}, {"item": "n", "at_least": 3}]}


@pytest.mark.parametrize(
    ("operator", "answer", "tree"),
    [
        ("=", {"answerInteger": 3}, {"all": [{"item": "n", "at_least": 3}, {"item": "n", "at_most": 3}]}),
        (
            "!=",
            {"answerInteger": 3},
            {"not": {"all": [{"item": "n", "at_least": 3}, {"item": "n", "at_most": 3}]}},
        ),
        (">=", {"answerInteger": 3}, {"item": "n", "at_least": 3}),
        ("<=", {"answerInteger": 3}, {"item": "n", "at_most": 3}),
        (">", {"answerInteger": 3}, {"all": [{"item": "n", "at_least": 3}, {"not": {"item": "n", "at_most": 3}}]}),
        ("<", {"answerInteger": 3}, {"all": [{"item": "n", "at_most": 3}, {"not": {"item": "n", "at_least": 3}}]}),
        ("exists", {"answerBoolean": True}, {"any": [{"item": "n", "at_least": 0}, {"item": "n", "at_most": 0}]}),
    ],
)
def test_each_comparison_of_a_number_becomes_a_tree(operator: str, answer: Any, tree: Any) -> None:
    found = imported(item("n"), item("b", enableWhen=[shown_when("n", operator, **answer)]))
    assert draft_item(found, "b")["show_if"] == tree


@pytest.mark.parametrize(
    ("operator", "answer", "tree"),
    [
        ("=", {"answerCoding": {"code": "yes"}}, {"item": "c", "is": "yes"}),
        ("!=", {"answerCoding": {"code": "yes"}}, {"not": {"item": "c", "is": "yes"}}),
        ("exists", {"answerBoolean": True}, {"item": "c", "any_of": ["no", "yes"]}),
        ("exists", {"answerBoolean": False}, {"not": {"item": "c", "any_of": ["no", "yes"]}}),
    ],
)
def test_each_comparison_of_a_choice_becomes_a_tree(operator: str, answer: Any, tree: Any) -> None:
    found = imported(choice("c"), item("b", enableWhen=[shown_when("c", operator, **answer)]))
    assert draft_item(found, "b")["show_if"] == tree


@pytest.mark.parametrize("behaviour", ["all", "any"])
def test_several_conditions_are_joined_as_the_file_says(behaviour: str) -> None:
    conditions = [shown_when("a", "=", answerBoolean=True), shown_when("n", ">=", answerInteger=2)]
    found = imported(item("a", "boolean"), item("n"), item("b", enableWhen=conditions, enableBehavior=behaviour))
    assert draft_item(found, "b")["show_if"] == {behaviour: [{"item": "a", "is": "true"}, {"item": "n", "at_least": 2}]}


def test_any_of_several_options_of_one_question_is_one_comparison() -> None:
    conditions = [shown_when("c", "=", answerCoding={"code": code}) for code in ("a", "b")]
    found = imported(choice("c", "a", "b", "d"), item("e", enableWhen=conditions, enableBehavior="any"))
    assert draft_item(found, "e")["show_if"] == {"item": "c", "any_of": ["a", "b"]}


def test_what_our_trees_cannot_compare_is_kept_and_so_is_what_it_shows() -> None:
    found = imported(
        item("when", "date"),
        item("b", enableWhen=[shown_when("when", ">", answerDate="2026-01-01")]),
        item("c", enableWhen=[shown_when("b", ">", answerInteger=1)]),
        item("d"),
    )
    assert [each.fate for each in found.report.items] == [Fate.MAPPED, Fate.KEPT, Fate.KEPT, Fate.MAPPED]


def test_a_condition_on_a_later_question_is_kept() -> None:
    found = imported(item("b", enableWhen=[shown_when("n", ">", answerInteger=1)]), item("n"))
    assert fate(found, "b") == (Fate.KEPT, "it is shown by 'n', which comes later")


def test_a_help_text_under_a_question_becomes_its_hint() -> None:
    found = imported(item("a", item=[item("a.help", "display", text="Räkna alla.")]))
    assert draft_item(found, "a")["hint"] == {"sv": "Räkna alla."}
    assert report_of(found, "a.help").became == "hint of a"


def end(link_id: str, code: str, text: str) -> dict[str, Any]:
    return item(link_id, "display", text=text, extension=[control(code)])


def control(code: str) -> dict[str, Any]:
    return {"url": f"{CORE}questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": code}]}}


def test_a_slider_in_whole_steps_with_words_at_both_ends_is_a_scale() -> None:
    ends = [end("pain.low", "lower", "Ingen smärta"), end("pain.high", "upper", "Värsta tänkbara")]
    found = imported(item("pain", extension=[control("slider"), *limits(0, 10)], item=ends))
    scale = {"min": 0, "max": 10, "low": {"sv": "Ingen smärta"}, "high": {"sv": "Värsta tänkbara"}}
    assert draft_item(found, "pain")["type"] == "scale"
    assert draft_item(found, "pain")["scale"] == scale
    assert report_of(found, "pain.high").became == "high of pain"


@pytest.mark.parametrize(
    ("extension", "ends"),
    [
        ([control("slider"), *limits(0, 10)], [end("low", "lower", "Ingen")]),
        ([control("slider"), *limits(0, 1000)], [end("low", "lower", "Ingen"), end("high", "upper", "Värsta")]),
        ([control("slider")], [end("low", "lower", "Ingen"), end("high", "upper", "Värsta")]),
        (limits(0, 10), [end("low", "lower", "Ingen"), end("high", "upper", "Värsta")]),
    ],
)
def test_half_a_scale_stays_a_number_and_its_words_are_kept(extension: Any, ends: Any) -> None:
    found = imported(item("pain", extension=extension, item=ends))
    assert draft_item(found, "pain")["type"] == "integer"
    assert found.report.count(Fate.KEPT) == len(ends)


def test_what_is_computed_hidden_or_read_only_is_not_asked() -> None:
    expression = {"language": "text/fhirpath", "expression": "%resource.item.answer.value.aggregate($this + $total, 0)"}
    computed = {"url": f"{SDC}sdc-questionnaire-calculatedExpression", "valueExpression": expression}
    hidden = {"url": f"{CORE}questionnaire-hidden", "valueBoolean": True}
    found = imported(
        item("sum", extension=[computed]), item("secret", extension=[hidden]), item("fixed", readOnly=True), item("b")
    )
    assert [each.fate for each in found.report.items] == [Fate.KEPT, Fate.KEPT, Fate.KEPT, Fate.MAPPED]


def test_weights_are_only_a_proposal_and_the_scoring_stays_undeclared() -> None:
    options = [
        {"valueCoding": {"code": code, "display": code}, "extension": [{"url": WEIGHT, "valueDecimal": weight}]}
        for code, weight in (("no", 0), ("yes", 3))
    ]
    draft = imported(item("a", "choice", answerOption=options)).draft
    assert draft["scoring"] == {"status": "undeclared", "weights": {"a": {"no": 0, "yes": 3}}}
    assert "scores" not in draft


def test_elements_without_effect_are_listed_by_their_path() -> None:
    pattern = {"url": f"{CORE}regex", "valueString": "(a+)+$"}
    found = imported(item("a", "string", prefix="1.", extension=[pattern]), publisher="Someone")
    lines = list(found.report.lines())
    assert {"kept item[0].prefix", f"kept item[0].extension[0]: {CORE}regex", "kept Questionnaire.publisher"} <= {
        *lines
    }


def test_r5_names_are_read_as_what_r4_calls_them() -> None:
    def coding(link_id: str, constraint: str) -> dict[str, Any]:
        return choice(link_id) | {"type": "coding", "answerConstraint": constraint}

    found = imported(coding("a", "optionsOnly"), coding("b", "optionsOrString"), coding("c", "optionsOrType"))
    assert found.report.version == "R5"
    assert [each.fate for each in found.report.items] == [Fate.MAPPED, Fate.MAPPED, Fate.KEPT]
    assert draft_item(found, "b")["options"][-1]["open"] is True


def test_a_file_that_says_no_language_gets_none() -> None:
    found = imported(item("a"), language="")
    assert found.draft["languages"] == {"und": "original"}
    assert "the file does not say its language" in found.report.remarks
