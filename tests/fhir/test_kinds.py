"""Lines to mark, times, dates partly known, own words beside options, and groups: both ways, and in responses."""

from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4BQuestionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as R4BQuestionnaireResponse

from careplan.domain.answers import DECLINED, NOT_SHOWN, answered
from careplan.fhir.questionnaire_in import Imported, import_questionnaire
from careplan.fhir.questionnaire_out import export_questionnaire
from careplan.fhir.report import Fate
from careplan.fhir.responses_out import response_resource
from careplan.library import compile_questionnaire
from careplan.library.document import read_yaml
from tests.content import files
from tests.fhir.forms import (
    Json,
    choice,
    draft_item,
    fate,
    group,
    imported,
    item,
    limits,
    report_of,
    shown_when,
    stored,
)

CORE = "http://hl7.org/fhir/StructureDefinition/"
OPEN_LABEL = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-openLabel"
OURS = (
    files.QUESTIONNAIRE.split("items:\n")[0]
    + """\
groups:
  - {id: life, kind: page, text: {sv: Om dig}, hint: {sv: Svara som det är i dag.}}
  - {id: trouble, kind: matrix, text: {sv: Hur mycket besvär?}, show_if: {item: mark, at_least: 20}}
  - {id: drugs, kind: repeats, text: {sv: Läkemedel}, at_most: 5, add: {sv: Ett till}}
items:
  - {link_id: mark, section: all, type: vas, text: {sv: "Hur mår du?"}, short: {sv: Läge}, higher_means: better,
     scale: {low: {sv: Sämst}, high: {sv: Bäst}}}
  - {link_id: up, section: all, group: life, type: time, text: {sv: "När stiger du upp?"}, short: {sv: Upp}}
  - {link_id: told, section: all, group: life, type: date, precision: month, text: {sv: "Besked?"}, short: {sv: Besked}}
  - link_id: from
    section: all
    type: choices
    text: {sv: "Var har du hört det?"}
    short: {sv: Källa}
    options: [{value: home, text: {sv: Hemma}}, {value: else, text: {sv: Någon annanstans}, open: true}]
  - {link_id: legs, section: all, group: trouble, type: scale, text: {sv: Ben}, short: {sv: Ben},
     higher_means: more-trouble, scale: {min: 0, max: 3, low: {sv: Inget}, high: {sv: Mycket}}}
  - {link_id: arms, section: all, group: trouble, type: scale, text: {sv: Armar}, short: {sv: Armar},
     higher_means: more-trouble, scale: {min: 0, max: 3, low: {sv: Inget}, high: {sv: Mycket}}}
  - {link_id: drug, section: all, group: drugs, type: text, text: {sv: "Vad heter det?"}, short: {sv: Namn}}
  - link_id: often
    section: all
    group: drugs
    type: choice
    text: {sv: "Hur ofta?"}
    short: {sv: Ofta}
    options: [{value: daily, text: {sv: Varje dag}}, {value: rarely, text: {sv: Sällan}}]
  - {link_id: dose, section: all, group: drugs, type: decimal, text: {sv: "Hur mycket?"}, short: {sv: Mängd},
     show_if: {item: often, is: daily}}
"""
)


def ours() -> Json:
    compile_questionnaire(OURS, "form")
    data: Json = read_yaml(OURS, "form").data
    return data


def control(code: str) -> Json:
    return {"url": f"{CORE}questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": code}]}}


def end(link_id: str, code: str, text: str) -> Json:
    return item(link_id, "display", text=text, extension=[control(code)])


def table(*rows: Json, code: str = "table", **elements: Any) -> Json:
    return group("rows", *rows, extension=[control(code)], **elements)


def kinds(found: Imported) -> list[tuple[str, str]]:
    return [(each["id"], each["kind"]) for each in found.draft.get("groups", ())]


def test_every_kind_of_ours_goes_out_as_r4_and_comes_back_the_same() -> None:
    content = ours()
    exported = export_questionnaire(content)
    R4BQuestionnaire.model_validate(exported)
    again = import_questionnaire(exported).draft
    lost = {"higher_means"}
    scale = {"min": 0, "max": 100}
    sent = [{key: part for key, part in each.items() if key not in lost} for each in content["items"]]
    sent[0]["scale"] = scale | sent[0]["scale"]
    assert again["items"] == sent
    without_words = [{key: part for key, part in each.items() if key != "add"} for each in content["groups"]]
    assert again["groups"] == without_words
    assert export_questionnaire(again) == exported


def test_a_long_slider_is_a_line_to_mark_and_a_short_one_a_scale() -> None:
    found = imported(
        *(
            item(
                name,
                extension=[control("slider"), *limits(0, most)],
                item=[end(f"{name}.l", "lower", "Sämst"), end(f"{name}.h", "upper", "Bäst")],
            )
            for name, most in (("line", 100), ("buttons", 10))
        )
    )
    assert (draft_item(found, "line")["type"], draft_item(found, "buttons")["type"]) == ("vas", "scale")


@pytest.mark.parametrize(("shown", "precision"), [("yyyy-MM", "month"), ("YYYY", "year")])
def test_a_date_that_is_shown_as_less_than_a_day_may_be_partly_known(shown: str, precision: str) -> None:
    found = imported(item("d", "date", extension=[{"url": f"{CORE}entryFormat", "valueString": shown}]))
    assert draft_item(found, "d")["precision"] == precision
    assert not found.report.elements[1:]


def test_another_entry_format_is_kept_and_means_nothing() -> None:
    found = imported(item("d", "date", extension=[{"url": f"{CORE}entryFormat", "valueString": "DD/MM/YYYY"}]))
    assert "precision" not in draft_item(found, "d")
    assert f"kept item[0].extension[0]: {CORE}entryFormat" in list(found.report.lines())


def test_a_choice_with_own_words_gets_an_option_for_them() -> None:
    labelled = choice("b", "yes", "no", extension=[{"url": OPEN_LABEL, "valueString": "No"}])
    found = imported(choice("a") | {"type": "open-choice"}, labelled | {"type": "open-choice"})
    assert draft_item(found, "a")["options"][-1] == {
        "value": "other",
        "text": {"sv": "Annat", "en": "Other"},
        "open": True,
    }
    assert [(each["value"], each.get("open", False)) for each in draft_item(found, "b")["options"]] == [
        ("yes", False),
        ("no", True),
    ]


def test_a_condition_on_own_words_is_kept_and_not_refused() -> None:
    shown = item("b", enableWhen=[shown_when("a", "=", answerString="Segling")])
    found = imported(choice("a") | {"type": "open-choice"}, shown)
    assert fate(found, "b") == (Fate.KEPT, "its condition looks at own words")


@pytest.mark.parametrize("code", ["table", "htable", "gtable"])
def test_a_table_of_choices_with_the_same_answers_is_a_matrix(code: str) -> None:
    found = imported(table(choice("a"), choice("b"), code=code))
    assert kinds(found) == [("rows", "matrix")]
    assert {each["group"] for each in found.draft["items"]} == {"rows"}
    assert report_of(found, "rows").became == "group rows (matrix)"
    assert [each.path for each in found.report.elements] == ["Questionnaire.status"]


@pytest.mark.parametrize(
    "rows",
    [
        [choice("a")],
        [choice("a"), choice("b", "other", "answers")],
        [choice("a"), item("b")],
        [choice("a") | {"type": "open-choice"}, choice("b") | {"type": "open-choice"}],
        [choice(name, *(f"o{number}" for number in range(12))) for name in "ab"],
    ],
)
def test_a_table_that_has_no_room_for_its_answers_is_a_section(rows: list[Json]) -> None:
    found = imported(table(*rows))
    assert kinds(found) == [] and found.report.count(Fate.MAPPED) == len(rows) + 1
    assert [each["id"] for each in found.draft["sections"]] == ["rows"]


def test_a_page_keeps_its_questions_together_and_its_conditions_are_its_own() -> None:
    shown = [shown_when("n", ">=", answerInteger=3)]
    inner = group("p", item("a"), item("b"), extension=[control("page")], enableWhen=shown)
    found = imported(item("n"), group("outer", inner))
    assert found.draft["groups"] == [
        {"id": "p", "kind": "page", "text": {"sv": "P"}, "show_if": {"item": "n", "at_least": 3}}
    ]
    assert draft_item(found, "a")["section"] == "outer" and "show_if" not in draft_item(found, "a")


def test_a_repeated_group_is_asked_as_often_as_the_file_says() -> None:
    most = {"url": f"{CORE}questionnaire-maxOccurs", "valueInteger": 4}
    found = imported(
        group("child", item("age"), repeats=True, extension=[most]), group("pet", item("name"), repeats=True)
    )
    assert [(each["id"], each["at_most"]) for each in found.draft["groups"]] == [("child", 4), ("pet", 20)]


@pytest.mark.parametrize(
    ("repeated", "reason"),
    [
        (group("g", group("h", item("a")), repeats=True), "a group stands in a repeated group"),
        (group("g", item("a"), repeats=True, text=" "), "it repeats and has no text"),
        (group("g", item("a", "display"), repeats=True), "nothing in it is asked"),
        (
            group(
                "g",
                item("a"),
                repeats=True,
                extension=[{"url": f"{CORE}questionnaire-maxOccurs", "valueInteger": 99}],
            ),
            "it repeats, but not 2 to 20 times",
        ),
    ],
)
def test_a_repeated_group_that_cannot_be_asked_so_is_kept_with_all_in_it(repeated: Json, reason: str) -> None:
    found = imported(repeated, item("z"))
    assert fate(found, "g") == (Fate.KEPT, reason)
    assert fate(found, "a")[0] is Fate.KEPT


def test_what_stands_outside_is_not_shown_by_what_is_asked_again_and_again() -> None:
    shown = [shown_when("age", ">=", answerInteger=3)]
    found = imported(
        group("child", item("age"), item("school", enableWhen=shown), repeats=True), item("z", enableWhen=shown)
    )
    assert draft_item(found, "school")["show_if"] == {"item": "age", "at_least": 3}
    assert fate(found, "z") == (Fate.KEPT, "it is shown by 'age', which is asked again and again")


def test_a_group_that_an_editor_has_dissolved_or_changed_comes_out_so() -> None:
    draft = imported(table(choice("a"), choice("b"), prefix="3."), group("g", item("n"), repeats=True)).draft
    draft["groups"] = [draft["groups"][0] | {"kind": "page", "text": {"sv": "Tillsammans"}}]
    for each in draft["items"]:
        if each.get("group") == "g":
            del each["group"]
    rows, dissolved = export_questionnaire(draft)["item"]
    assert (rows["text"], rows["prefix"], rows["extension"]) == (
        "Tillsammans",
        "3.",
        [
            {
                "url": f"{CORE}questionnaire-itemControl",
                "valueCodeableConcept": {
                    "coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "page"}]
                },
            }
        ],
    )
    assert "repeats" not in dissolved


def answers_of(items: list[Json]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for each in items:
        if "item" in each:
            found.append((each["linkId"], answers_of(each["item"])))
        else:
            found.append((each["linkId"], [next(iter(answer.values())) for answer in each.get("answer", ())]))
    return found


def test_a_response_says_times_partial_dates_own_words_and_each_instance() -> None:
    given = {
        "mark": answered(64),
        "up": answered("07:30"),
        "told": answered("2026-03"),
        "from": answered(("home", "else"), "På båten"),
        "legs": NOT_SHOWN,
        "arms": NOT_SHOWN,
        "drug": answered("Alvedon"),
        "often": answered("daily"),
        "dose": answered(500.0),
        "drug@2": answered("Ipren"),
        "often@2": DECLINED,
        "dose@2": NOT_SHOWN,
    }
    resource = response_resource(stored(given), ours())
    R4BQuestionnaireResponse.model_validate(resource)
    ((section, answers),) = answers_of(resource["item"])
    (home, words) = answers[2][1]
    assert section == "all"
    assert answers[:2] == [("mark", [64]), ("life", [("up", ["07:30:00"]), ("told", ["2026-03"])])]
    assert (home["code"], words) == ("home", "På båten")
    first, second = answers[3:]
    assert [link_id for link_id, _ in first[1]] == ["drug", "often", "dose"]
    assert second == ("drugs", [("drug", ["Ipren"]), ("often", [])])


def test_own_words_and_the_option_for_them_go_out_also_where_the_file_has_no_such_option() -> None:
    draft = imported(choice("a") | {"type": "open-choice"}).draft
    for answer, said in ((answered("other", "Segling"), "Segling"), (answered("other"), "Annat")):
        (asked,) = response_resource(stored({"a": answer}), draft)["item"]
        assert asked["answer"] == [{"valueString": said}]
