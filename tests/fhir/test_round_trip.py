"""What comes in comes out: every element that is not refused, as it was written."""

import json
import time
from copy import deepcopy
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from fhir.resources import questionnaire as r5
from fhir.resources.R4B import questionnaire as r4b
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from careplan.fhir.drafts import as_yaml, publishable
from careplan.fhir.questionnaire_in import Imported, import_questionnaire, read_questionnaire
from careplan.fhir.questionnaire_out import export_questionnaire
from careplan.fhir.report import Fate, FileRefused
from careplan.fhir.wire import read_json, write_json
from careplan.library.document import read_yaml
from tests.fhir.forms import WEIGHT, Json, choice, group, imported, item, limits, questionnaire, shown_when

pytestmark = pytest.mark.slow

CORE = "http://hl7.org/fhir/StructureDefinition/"
OPEN_LABEL = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-openLabel"
# Real files of public projects, beside the checkout; their wording is not ours to copy.
SHARED = Path(__file__).resolve().parents[3] / "shared" / "fhir"
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
numbers = st.integers(-99, 99) | st.decimals(-99, 99, places=3).map(lambda number: float(str(number)))
values = st.recursive(st.booleans() | numbers | words, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
extension = st.fixed_dictionaries(
    {"url": words.map(lambda path: f"http://example.org/{path}")},
    optional={
        "valueString": words,
        "valueDecimal": numbers,
        "valueBoolean": st.booleans(),
        "id": words,
        "other": values,
    },
)
types = st.sampled_from(
    ["boolean", "integer", "decimal", "date", "string", "text", "display", "quantity", "time", "foo", "coding"]
)
controls = st.sampled_from(["page", "table", "gtable", "slider", "help"]).map(
    lambda code: {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": {"coding": [{"code": code}]},
    }
)


@st.composite
def items(draw: st.DrawFn, prefix: str = "", depth: int = 0) -> list[Json]:
    made = []
    for number in range(draw(st.integers(1, 4))):
        link_id = draw(st.sampled_from([f"{prefix}{number}", f"Q {prefix}/{number}", "same"]))
        kind = draw(st.sampled_from(["plain", "choice", "group"] if depth < 2 else ["plain", "choice"]))
        if kind == "group":
            element = group(link_id, *draw(items(f"{prefix}{number}.", depth + 1)))
        elif kind == "choice":
            element = choice(link_id, *draw(st.lists(words.filter(str.strip), min_size=1, max_size=3)))
            element["type"] = draw(st.sampled_from(["choice", "open-choice"]))
        else:
            element = item(link_id, draw(types))
        element |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "extension": st.lists(extension | controls, min_size=1, max_size=2),
                    "text": words,
                    "prefix": words,
                    "repeats": st.booleans(),
                    "required": st.booleans(),
                    "unknown": values,
                    "enableWhen": st.lists(
                        st.builds(
                            shown_when,
                            words | st.sampled_from(["0", "1", "0.0"]),
                            st.sampled_from(["=", ">", "exists"]),
                        ).flatmap(
                            lambda shown: st.sampled_from([{"answerBoolean": True}, {"answerInteger": 1}]).map(
                                shown.__or__
                            )
                        ),
                        min_size=1,
                        max_size=2,
                    ),
                    "enableBehavior": st.sampled_from(["all", "any"]),
                },
            )
        )
        made.append(element)
    return made


def without_refused(resource: Json, found: Imported) -> Json:
    """The file as it is to come out: without what was refused, and with the status that FHIR asks for."""
    refused = {each.path for each in found.report.of(Fate.REFUSED)}
    return {"status": "draft"} | _without(resource, refused, "")


def _without(element: Json, refused: set[str], path: str) -> Json:
    rest = {key: value for key, value in element.items() if key != "item"}
    children = [
        _without(child, refused, place)
        for number, child in enumerate(element.get("item", ()))
        if (place := f"{path}.item[{number}]".lstrip(".")) not in refused
    ]
    return rest | ({"item": children} if children else {})


def written_extensions(value: Any) -> list[str]:
    """Every extension of the file as text, so that 1.50 is not 1.5."""
    if isinstance(value, list):
        return [text for part in value for text in written_extensions(part)]
    if not isinstance(value, dict):
        return []
    own = [write_json(each) for each in value.get("extension", ())]
    return sorted(own + [text for part in value.values() for text in written_extensions(part)])


@given(items(), st.dictionaries(words.map(lambda word: f"x{word}"), values, max_size=2))
@settings(deadline=None, max_examples=40)
def test_export_of_import_is_the_file_without_what_was_refused(made: list[Json], more: Json) -> None:
    resource = questionnaire(*made, **more)
    try:
        found = import_questionnaire(resource)
    except FileRefused:
        return
    assert sum(found.report.count(fate) for fate in Fate) == len(found.report.items)
    if found.report.version == "R4":
        assert export_questionnaire(found.draft) == without_refused(resource, found)


@given(items())
@settings(deadline=None, max_examples=40)
def test_a_draft_survives_its_own_file(made: list[Json]) -> None:
    try:
        draft = import_questionnaire(questionnaire(*made)).draft
    except FileRefused:
        return
    again = read_yaml(as_yaml(draft), "draft.yaml").data
    assert again == draft
    assert export_questionnaire(again) == export_questionnaire(draft)
    assert publishable(draft)


@given(items())
@settings(deadline=None, max_examples=40)
def test_what_was_exported_is_read_the_same_way_again(made: list[Json]) -> None:
    try:
        draft = import_questionnaire(questionnaire(*made)).draft
    except FileRefused:
        return
    again = import_questionnaire(export_questionnaire(draft)).draft
    assert [again["items"], again["sections"]] == [draft["items"], draft["sections"]]


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | numbers | words,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "resourceType",
                        "item",
                        "linkId",
                        "type",
                        "enableWhen",
                        "question",
                        "answerOption",
                        "valueCoding",
                        "extension",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
    ).map(
        lambda value: write_json(
            {"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "choice"}, value]}
        ).encode()
    )
)
@settings(deadline=None, max_examples=100)
def test_whatever_the_bytes_it_is_read_or_refused(data: bytes) -> None:
    try:
        read_questionnaire(data)
    except FileRefused as error:
        assert error.reason


def rich(*, is_r5: bool) -> Json:
    """A questionnaire with a bit of everything that is read, in R5's names where they differ or in R4's."""
    translation = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": "How?"}],
    }
    weight = {"url": WEIGHT, "valueDecimal": 1}
    option = {
        "valueCoding": {"system": "urn:a", "code": "x", "display": "X", "extension": [weight]},
        "extension": [weight],
    }
    concept = {
        "code": "1",
        "display": "Ett",
        "extension": [weight],
        "property": [{"code": "itemWeight", "valueDecimal": 1}],
    }
    contained = [
        {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"system": "urn:v", "concept": [concept]}]}},
        {"resourceType": "ValueSet", "id": "w", "expansion": {"contains": [concept | {"system": "urn:w"}]}},
    ]
    control = {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": {"coding": [{"code": "slider"}]},
    }

    def controlled(code: str) -> Json:
        return control | {"valueCodeableConcept": {"coding": [{"code": code}]}}

    helps, rows = controlled("help"), controlled("table")
    most = {"url": f"{CORE}questionnaire-maxOccurs", "valueInteger": 3}
    month = {"url": f"{CORE}entryFormat", "valueString": "YYYY-MM"}
    shown = [shown_when("c", "=", answerCoding={"system": "urn:a", "code": "x"}), shown_when("n", ">", answerInteger=2)]
    return questionnaire(
        item("b", "boolean"),
        group(
            "g",
            item("c", "choice", answerOption=[option], _text={"extension": [translation]}),
            item(
                "n",
                extension=[control, *limits(0, 10)],
                initial=[{"valueInteger": 3}],
                item=[item("n.low", "display"), item("n.high", "display")],
            ),
            item("v", "choice", answerValueSet="#v"),
            item("w", "choice", answerValueSet="#w")
            | ({"type": "coding", "answerConstraint": "optionsOnly"} if is_r5 else {}),
            enableWhen=[shown_when("b", "exists", answerBoolean=True)],
        ),
        item("d", "date", enableWhen=[shown_when("b", "=", answerBoolean=True)]),
        item("e", "decimal", enableWhen=shown, enableBehavior="any"),
        choice("o", "p", extension=[{"url": OPEN_LABEL, "valueString": "Annat"}]) | {"type": "open-choice"},
        group("r", item("t", "time"), item("p", "date", extension=[month]), repeats=True, extension=[most]),
        group("m", item("h", "display", extension=[helps]), choice("x"), choice("y"), extension=[rows]),
        contained=contained,
        _title={"extension": [translation]},
        **({"copyrightLabel": "x"} if is_r5 else {}),
    )


JUNK = (None, True, -1, 1.5, "", "x", [], {}, [None], [{}], {"a": 1}, {"url": "x"}, {"url": []}, "#v", [["x"]])


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(deadline=None, max_examples=100)
def test_a_damaged_file_is_read_or_refused_and_comes_out_as_damaged(random: Random, times: int) -> None:
    resource = rich(is_r5=random.random() < 0.3)
    for _ in range(times):
        holder, key = random.choice(places(resource))
        holder[key] = deepcopy(random.choice(JUNK))
    try:
        found = import_questionnaire(resource)
    except FileRefused:
        return
    assert list(found.report.lines()) and publishable(found.draft)
    if found.report.version == "R4":
        assert export_questionnaire(found.draft) == without_refused(resource, found)


def places(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *places(value[key]))]


def test_extensions_keep_their_bytes() -> None:
    text = '{"url":"http://example.org/dose","valueDecimal":1.50,"note":"å \\"x\\"","many":[1e2,-0,0.10,{}]}'
    data = write_json(questionnaire(item("a"))).replace('"type":"integer"', f'"type":"integer","extension":[{text}]')
    draft = read_yaml(as_yaml(read_questionnaire(data.encode()).draft), "draft.yaml").data
    assert text in write_json(export_questionnaire(draft))


def test_a_changed_draft_comes_out_changed_and_the_rest_as_it_came() -> None:
    draft = imported(
        group("g", choice("c", extension=limits(1)), item("n", "decimal", prefix="2.")), item("gone"), item("same")
    ).draft
    first, second, _, same = draft["items"]
    first["options"] = [
        first["options"][1] | {"text": {"sv": "Absolut", "en": "Sure"}},
        {"value": "x", "text": {"sv": "X"}},
    ]
    second |= {"text": {"sv": "Hur mycket?"}, "max": 7, "show_if": {"item": "c", "is": "yes"}}
    draft["items"] = [first, second, same, {"link_id": "new", "section": "g", "type": "date", "text": {"sv": "När?"}}]
    draft["sections"][1]["title"] = {"sv": "Gruppen"}
    whole = export_questionnaire(draft)
    one, last = whole["item"]
    assert [last["linkId"], one["text"]] == ["same", "Gruppen"]
    changed, limited, new = one["item"]
    assert [option["valueCoding"]["code"] for option in changed["answerOption"]] == ["yes", "x"]
    assert changed["answerOption"][0]["valueCoding"]["display"] == "Absolut"
    assert changed["extension"] == limits(1)
    assert limited["prefix"] == "2." and limited["extension"] == limits(None, 7)
    assert limited["enableWhen"] == [shown_when("c", "=", answerCoding={"code": "yes", "display": "Absolut"})]
    assert new == {"linkId": "new", "text": "När?", "type": "date"}


@pytest.mark.parametrize(
    ("tree", "flat"),
    [
        ({"not": {"item": "c", "is": "yes"}}, True),
        ({"item": "c", "any_of": ["no", "yes"]}, True),
        ({"any": [{"item": "n", "at_least": 3}, {"item": "c", "is": "no"}]}, True),
        ({"all": [{"item": "c", "any_of": ["no", "yes"]}, {"item": "n", "at_most": 3}]}, False),
        (
            {"all": [{"any": [{"item": "n", "at_least": 3}, {"item": "c", "is": "no"}]}, {"item": "n", "at_most": 5}]},
            False,
        ),
    ],
)
def test_conditions_of_ours_go_out_flat_or_else_as_an_expression(tree: Json, flat: bool) -> None:
    draft = imported(choice("c"), item("n"), item("b")).draft
    draft["items"][2]["show_if"] = tree
    exported = export_questionnaire(draft)["item"][2]
    assert ("enableWhen" in exported) is flat
    assert ("extension" in exported) is not flat
    if flat:
        assert import_questionnaire(export_questionnaire(draft)).report.items[2].fate is Fate.MAPPED


def is_valid(model: type[BaseModel], resource: Json) -> bool:
    try:
        model.model_validate(json.loads(write_json(resource)))
    except ValidationError:
        return False
    return True


def real_files() -> list[Path]:
    return [path for path in sorted(SHARED.rglob("*.json")) if b'"Questionnaire"' in path.read_bytes()]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with FHIR files of other projects is not here")
def test_real_files_come_out_as_they_came_in() -> None:
    times = []
    for path in real_files():
        data = path.read_bytes()
        started = time.perf_counter()
        try:
            found = read_questionnaire(data)
        except FileRefused as error:
            assert error.reason
            continue
        times.append(time.perf_counter() - started)
        came, out = without_refused(read_json(data), found), export_questionnaire(found.draft)
        assert set(written_extensions(came)) <= set(written_extensions(out)), path.name
        if found.report.version == "R4":
            assert out == came, path.name
        else:
            again = import_questionnaire(out)
            assert again.draft["items"] == found.draft["items"], path.name
            assert is_valid(r4b.Questionnaire, out) or not is_valid(r5.Questionnaire, came), path.name
    assert median(times) <= 0.05
