"""What others compute from an exported form and response is what is computed here, or nothing."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4BQuestionnaire

from careplan.config import ROOT
from careplan.domain.answers import DECLINED, UNANSWERED, Answer, answered
from careplan.domain.keys import KeyItem, ScoringKey
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.scoring import Method, compute
from careplan.fhir.drafts import as_yaml
from careplan.fhir.extensions import CALCULATED, value_of
from careplan.fhir.questionnaire_in import import_questionnaire
from careplan.fhir.questionnaire_out import export_questionnaire
from careplan.fhir.report import Fate
from careplan.fhir.responses_out import response_resource
from careplan.library import compile_key, compile_questionnaire
from careplan.library.binding import with_key
from careplan.library.document import read_yaml
from tests.content import bound, files
from tests.fhir.fhirpath import evaluate
from tests.fhir.forms import ORDINAL, WEIGHT, Json, choice, imported, stored

pytestmark = pytest.mark.slow

KEYS = sorted(path.stem for path in (ROOT / "content" / "instruments").glob("*.yaml"))
SIMPLE = {Method.SUM, Method.MEAN, Method.PRORATED_SUM, Method.LINEAR}


def questions(key: ScoringKey) -> Iterator[Json]:
    """A question for each item of a key: a choice, and a number where that can be told apart from one."""
    for number, part in enumerate(key.items.values()):
        text = {"sv": f"Fråga {number}"}
        question: Json = {"link_id": f"i{number}", "section": "all", "text": text, "short": text}
        counted = list(part.points)
        if part.decimal is not None:
            yield question | {"type": "decimal", "min": part.decimal[0], "max": part.decimal[1]}
        elif number % 2 and not part.several and counted == list(range(len(counted))):
            yield question | {"type": "integer", "min": 0, "max": len(counted) - 1}
        else:
            options = [{"value": str(value), "text": {"sv": f"Svar {value}"}} for value in counted]
            yield question | {"type": "choices" if part.several else "choice", "options": options}


def form_of(key: ScoringKey, key_text: str) -> tuple[Json, Questionnaire]:
    """A form bound to all of a key, as its file and compiled."""
    asked = list(questions(key))
    content = read_yaml(bound.BOUND, "form").data | {
        "id": "whole",
        "items": asked,
        "instrument": {
            "key": key.id,
            "items": {question["link_id"]: name for question, name in zip(asked, key.items, strict=True)},
            "agreement": "Dnr 12/2026",
        },
        "rules": [],
        "golden": [],
    }
    content["version"] = "1"
    return content, compile_questionnaire(with_key(as_yaml(content), key_text), "form")


def some_answers(random: Random, content: Json, parts: list[KeyItem]) -> dict[str, Answer]:
    """A response; the more is left out the more seldom."""
    share = random.choice((0, 0.1, 0.5, 0.9))
    given: dict[str, Answer] = {}
    for question, part in zip(content["items"], parts, strict=True):
        value: Any
        if random.random() < share:
            given[question["link_id"]] = random.choice((UNANSWERED, DECLINED))
            continue
        if part.decimal is not None:
            value = round(random.uniform(*part.decimal), 1)
        elif part.several:
            value = tuple(str(each) for each in part.points if random.random() < 0.5)
        else:
            value = random.choice(list(part.points))
        given[question["link_id"]] = answered(
            value if question["type"] in ("integer", "decimal") or part.several else str(value)
        )
    return given


def expressions(resource: Json) -> dict[str, str]:
    found = {
        each["linkId"]: value_of(each, CALCULATED, "Expression") for each in resource["item"] if each.get("readOnly")
    }
    return {name: expression["expression"] for name, expression in found.items() if expression}


@pytest.mark.parametrize("name", KEYS)
def test_an_exported_expression_gives_the_score_of_the_key_whatever_is_answered(name: str) -> None:
    key_text = Path(ROOT / "content" / "instruments" / f"{name}.yaml").read_text(encoding="utf-8")
    key = compile_key(key_text, name)
    content, form = form_of(key, key_text)
    exported = export_questionnaire(content, key_text=key_text)
    R4BQuestionnaire.model_validate(exported)
    found = expressions(exported)
    random = Random(name)
    for _ in range(6):
        given = some_answers(random, content, list(key.items.values()))
        scores = compute(form, given)
        response = response_resource(stored(given, scores), content, key_text=key_text)
        for score, expression in found.items():
            computed = evaluate(expression, response)
            if scores[score] is None:
                assert computed == [], (score, given)
            else:
                assert computed == [pytest.approx(scores[score])], (score, given)
    assert set(found) <= {scale.id for scale in key.scales if scale.method in SIMPLE}


def test_sums_means_prorated_sums_and_0_100_scores_go_out_with_an_expression() -> None:
    """Those that are made of other scores, or that depend on what was not shown, go out as values alone."""
    found = {}
    for name in ("gad7", "eortc_qlq_c30", "fact_g", "bfi", "who5", "hads"):
        key_text = (ROOT / "content" / "instruments" / f"{name}.yaml").read_text(encoding="utf-8")
        key = compile_key(key_text, name)
        found[name] = set(expressions(export_questionnaire(form_of(key, key_text)[0], key_text=key_text)))
    assert found["gad7"] == {"total"} and found["bfi"] == {"global"} and found["who5"] == {"raw", "percent"}
    assert {"PF2", "QL2", "FA"} <= found["eortc_qlq_c30"] and "SUMMARY" not in found["eortc_qlq_c30"]
    assert len(found["fact_g"]) == 4 and len(found["hads"]) == 2


def test_a_profile_goes_out_as_the_text_that_it_is() -> None:
    key_text = (ROOT / "content" / "instruments" / "eq5d5l.yaml").read_text(encoding="utf-8")
    content, _ = form_of(compile_key(key_text, "eq5d5l"), key_text)
    found = {each["linkId"]: each["type"] for each in export_questionnaire(content, key_text=key_text)["item"]}
    assert found["profile"] == "string"


def weighted(url: str, *weights: int, inside: bool = False) -> Json:
    asked = choice("stairs", "1", "2", "3", "4")
    for option, weight in zip(asked["answerOption"], weights, strict=True):
        holder = option["valueCoding"] if inside else option
        holder["extension"] = [{"url": url, "valueDecimal": weight}]
    return asked


@pytest.mark.parametrize(("url", "inside"), [(WEIGHT, False), (WEIGHT, True), (ORDINAL, False), (ORDINAL, True)])
def test_weights_of_a_file_that_are_those_of_the_key_are_used_where_they_stand(url: str, *, inside: bool) -> None:
    content = bound_to_b(weighted(url, 0, 1, 2, 3, inside=inside))
    exported = export_questionnaire(content, key_text=ONE)
    (expression,) = expressions(exported).values()
    given = {"stairs": answered("3")}
    assert evaluate(expression, response_resource(stored(given), content, key_text=ONE)) == [2]
    assert exported["item"][0]["answerOption"] == weighted(url, 0, 1, 2, 3, inside=inside)["answerOption"]


def test_where_a_file_weighs_otherwise_than_the_key_nobody_else_computes_the_score() -> None:
    exported = export_questionnaire(bound_to_b(weighted(WEIGHT, 0, 1, 2, 4)), key_text=ONE)
    assert expressions(exported) == {}
    assert [each["linkId"] for each in exported["item"]] == ["stairs", "Total"]


def test_a_score_called_like_a_question_of_the_file_gets_another_link_id() -> None:
    taken = choice("Total", "1", "2", "3", "4")
    content = bound_to_b(taken, "total")
    exported = export_questionnaire(content, key_text=ONE)
    assert [each["linkId"] for each in exported["item"]] == ["Total", "score-Total"]
    response = response_resource(stored({"total": answered("4")}, {"Total": 3.0}), content, key_text=ONE)
    assert [each["linkId"] for each in response["item"]] == ["Total", "score-Total"]
    assert response["item"][1]["answer"] == [{"valueDecimal": 3.0}]


def test_a_bound_form_comes_back_with_its_questions_and_no_score_to_trust() -> None:
    content = bound_to_b(weighted(WEIGHT, 0, 1, 2, 3))
    again = import_questionnaire(export_questionnaire(content, key_text=ONE))
    assert [each.fate for each in again.report.items] == [Fate.MAPPED, Fate.KEPT]
    assert again.draft["items"] == content["items"]
    assert again.draft["scoring"]["status"] == "undeclared"


ONE = files.changed(files.changed(bound.KEY, "items: [a, b]", "items: [b]"), "range: [0, 6]", "range: [0, 3]")


def bound_to_b(asked: Json, name: str = "stairs") -> Json:
    return imported(asked).draft | {"instrument": {"key": "two", "items": {name: "b"}}}
