"""Responses and scores as others read them: four states, four things."""

import json
from collections.abc import Container
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.questionnaire import Questionnaire as R4BQuestionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as R4BQuestionnaireResponse
from sqlalchemy.orm import Session

from careplan.domain.answers import DECLINED, NOT_SHOWN, UNANSWERED, Answer, answered
from careplan.domain.questionnaire import Questionnaire
from careplan.fhir.questionnaire_in import import_questionnaire
from careplan.fhir.questionnaire_out import export_questionnaire
from careplan.fhir.report import Fate
from careplan.fhir.responses_out import response_resource, score_observations
from careplan.library import Library
from careplan.library.document import read_yaml
from careplan.models import AuditEvent, QuestionnaireResponse
from tests import make
from tests.actions import forms
from tests.cli.command import careplan
from tests.fhir.forms import WEIGHT, Json, choice, group, imported, item, shown_when, stored

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def draft() -> Json:
    weighted = choice("mood")
    for option, weight in zip(weighted["answerOption"], (0, 3), strict=True):
        option["extension"] = [{"url": WEIGHT, "valueDecimal": weight}]
    again = item("Q 2", enableWhen=[shown_when("mood", "=", answerCoding={"code": "yes"})])
    return imported(group("g", weighted, choice("many", "a", "b", repeats=True)), again, item("day", "date")).draft


def answers_of(resource: Json) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in resource["item"]:
        if "item" in each:
            found |= answers_of(each)
        else:
            reason = [extension["valueCode"] for extension in each.get("extension", ()) if extension["url"] == ABSENT]
            found[each["linkId"]] = each.get("answer") or reason
    return found


def test_answered_declined_unanswered_and_not_shown_are_four_things() -> None:
    given = {"mood": answered("no"), "many": DECLINED, "q-2": NOT_SHOWN, "day": UNANSWERED}
    resource = response_resource(stored(given), draft())
    R4BQuestionnaireResponse.model_validate(resource)
    found = answers_of(resource)
    assert found["mood"][0]["valueCoding"]["code"] == "no"
    assert (found["many"], found["day"]) == (["asked-declined"], ["unknown"])
    assert "Q 2" not in found


def test_values_have_the_type_and_the_link_id_of_the_file() -> None:
    given = {"mood": answered("yes"), "many": answered(("a", "b")), "q-2": answered(0), "day": answered("2026-11-16")}
    found = answers_of(response_resource(stored(given), draft()))
    assert found["Q 2"] == [{"valueInteger": 0}]
    assert found["day"] == [{"valueDate": "2026-11-16"}]
    assert [each["valueCoding"]["code"] for each in found["many"]] == ["a", "b"]
    assert found["mood"][0]["valueCoding"]["extension"] == [{"url": WEIGHT, "valueDecimal": 3}]


def test_options_of_booleans_texts_and_value_sets_come_out_as_they_are_in_the_file() -> None:
    concepts = [{"code": "1", "display": "Ett"}, {"code": "2", "display": "Två"}]
    numbers = {
        "resourceType": "ValueSet",
        "id": "n",
        "compose": {"include": [{"system": "urn:n", "concept": concepts}]},
    }
    words = item("word", "choice", answerOption=[{"valueString": "Lite grann"}, {"valueInteger": 3}])
    content = imported(item("b", "boolean"), words, item("n", "choice", answerValueSet="#n"), contained=[numbers]).draft
    given = {"b": answered("false"), "word": answered("Lite-grann"), "n": answered("2")}
    found = answers_of(response_resource(stored(given), content))
    assert found == {
        "b": [{"valueBoolean": False}],
        "word": [{"valueString": "Lite grann"}],
        "n": [{"valueCoding": {"system": "urn:n", "code": "2", "display": "Två"}}],
    }


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ([answered(3), UNANSWERED, DECLINED], "unknown"),
        ([answered(3), DECLINED, NOT_SHOWN], "asked-declined"),
        ([NOT_SHOWN, NOT_SHOWN, NOT_SHOWN], "not-applicable"),
    ],
)
def test_a_missing_score_says_why_and_is_never_0(states: list[Answer], reason: str) -> None:
    form, _ = forms.form(3)
    response = stored(dict(zip(("q1", "q2", "q3"), states, strict=True)), {"mean": None})
    (observation,) = score_observations(response, form)
    Observation.model_validate(observation)
    assert "valueQuantity" not in observation
    assert observation["dataAbsentReason"]["coding"][0]["code"] == reason


def test_a_score_of_0_is_a_score() -> None:
    form, text = forms.form(2)
    response = stored({"q1": answered(0), "q2": answered(0)}, {"mean": 0.0})
    (observation,) = score_observations(response, form)
    Observation.model_validate(observation)
    assert observation["valueQuantity"]["value"] == 0
    assert observation["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{response.id}"}]
    assert answers_of(response_resource(response, read_yaml(text, "form").data))["mean"] == [{"valueDecimal": 0.0}]


@pytest.mark.parametrize(
    ("fields", "author", "source", "mode"),
    [
        ({}, "Patient", "Patient", "ELECTRONIC"),
        ({"is_by_relative": True, "source_id": uuid4()}, "RelatedPerson", "RelatedPerson", "ELECTRONIC"),
        ({"mode": "paper", "source_id": uuid4()}, "Practitioner", "Patient", "WRITTEN"),
    ],
)
def test_who_answered_who_wrote_and_how_are_kept_apart(fields: Json, author: str, source: str, mode: str) -> None:
    resource = response_resource(stored({"day": UNANSWERED}, **fields), draft())
    assert resource["author"]["reference"].startswith(f"{author}/")
    assert resource["source"]["reference"].startswith(f"{source}/")
    assert resource["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == mode


def test_every_published_questionnaire_comes_out_as_r4(library: Library) -> None:
    for file in library.files:
        if file.kind == "questionnaire":
            resource = export_questionnaire(read_yaml(file.text, file.id).data, status="active")
            R4BQuestionnaire.model_validate(resource)
            questions = [item.link_id for item in library.questionnaire(file.id).items]
            assert set(questions) <= set(linked(resource))


# FHIR has no word for these, holds them in one language only, or needs another name where a question has it too.
OURS_ALONE = {
    *("short", "higher_means", "area", "wish", "declinable", "section"),
    *("concept", "reuse_days", "same_as_last"),
}


def test_every_published_questionnaire_comes_back_with_the_same_items(library: Library) -> None:
    for file in library.files:
        if file.kind == "questionnaire":
            content = read_yaml(file.text, file.id).data
            back = import_questionnaire(export_questionnaire(content))
            # What R4 can say only by an expression is kept, since no expression is run.
            by_expression = {each.link_id for each in back.report.of(Fate.KEPT) if "shown by" in each.reason}
            assert shared(back.draft) == shared(content, by_expression), file.id


def shared(content: Json, without: Container[str] = ()) -> Json:
    items = [
        {key: value for key, value in each.items() if key not in OURS_ALONE}
        for each in content["items"]
        if each["link_id"] not in without
    ]
    return {"items": items, "sections": [section["title"] for section in content["sections"]]}


def linked(element: Json) -> list[str]:
    return [link for each in element.get("item", ()) for link in (each["linkId"], *linked(each))]


TOTAL = "(%resource.repeat(item).where(linkId='q1' or linkId='q2').answer.value.aggregate($this + $total, 0))"
COUNT = "(%resource.repeat(item).where(linkId='q1' or linkId='q2').answer.value.count())"


@pytest.mark.parametrize(
    ("method", "formula"),
    [
        ("sum", TOTAL),
        ("mean", f"{TOTAL} / {COUNT}"),
        ("prorated-sum", f"{TOTAL} * 2 / {COUNT}"),
        ("linear", f"({TOTAL} / {COUNT} - 0) * 100 / 10"),
    ],
)
def test_a_scores_expression_gives_nothing_where_too_few_are_answered(method: str, formula: str) -> None:
    _, text = forms.form(2)
    content = read_yaml(text, "form").data
    content["scores"][0]["method"] = method
    *_, score = export_questionnaire(content)["item"]
    assert score["readOnly"] is True
    assert score["extension"][0]["valueExpression"]["expression"] == f"iif({COUNT} >= 2, {formula}, {{}})"


def test_a_score_by_a_table_goes_out_as_a_value_only() -> None:
    _, text = forms.form(2)
    content = read_yaml(text, "form").data
    content["scores"][0]["method"] = "table"
    *_, score = export_questionnaire(content)["item"]
    assert "extension" not in score


def test_a_form_sent_by_a_patient_comes_out_whole(db: Session, clinic: make.Clinic) -> None:
    form, text = forms.form(3)
    library = forms.publish(db, form, text)
    astrid = clinic.actor["astrid"]
    draft_ = forms.begin(db, forms.ask(db, library, clinic, form.id), by=astrid)
    forms.fill(db, form, draft_, {"q1": 0, "q2": 5, "q3": DECLINED}, by=astrid)
    sent = forms.send(db, form, draft_, by=astrid)
    db.flush()
    db.expire_all()
    response = db.get(QuestionnaireResponse, sent.response.id)
    assert response is not None
    assert_whole(response, form, text)


def test_a_response_is_printed_with_its_scores_and_the_log_says_so(
    database: tuple[str, make.Clinic], db: Session, clinic: make.Clinic
) -> None:
    form, text = forms.form(3)
    library = forms.publish(db, form, text)
    astrid = clinic.actor["astrid"]
    draft_ = forms.begin(db, forms.ask(db, library, clinic, form.id), by=astrid)
    forms.fill(db, form, draft_, {"q1": 0, "q2": DECLINED, "q3": DECLINED}, by=astrid)
    sent = forms.send(db, form, draft_, by=astrid)
    db.commit()
    environment = {"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": database[0]}
    ran = careplan("questionnaire", "export-response", str(sent.response.id), **environment)
    bundle = json.loads(ran.out)
    response, observation = (entry["resource"] for entry in bundle["entry"])
    assert (response["resourceType"], response["id"]) == ("QuestionnaireResponse", str(sent.response.id))
    assert observation["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "export-response")).one()
    assert event.patient_id == clinic.patient["astrid"]
    db.rollback()
    nothing = careplan("questionnaire", "export-response", str(uuid4()), **environment)
    assert (nothing.code, nothing.out, nothing.err.count("\n")) == (1, "", 1)


def assert_whole(response: QuestionnaireResponse, form: Questionnaire, text: str) -> None:
    resource = response_resource(response, read_yaml(text, "form").data)
    R4BQuestionnaireResponse.model_validate(resource)
    assert resource["questionnaire"].endswith("/Questionnaire/form-3|1")
    assert answers_of(resource) == {
        "q1": [{"valueInteger": 0}],
        "q2": [{"valueInteger": 5}],
        "q3": ["asked-declined"],
        "mean": [{"valueDecimal": 2.5}],
    }
    (observation,) = score_observations(response, form)
    assert observation["valueQuantity"]["value"] == 2.5
    whole = json.dumps([resource, observation])
    assert response.patient.person.family_name not in whole
    assert response.patient.person.identifiers[0].value not in whole
