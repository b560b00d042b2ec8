"""FHIR Questionnaires of our own making."""

import json
from typing import Any
from uuid import uuid4

from careplan.domain.answers import Answer
from careplan.fhir.questionnaire_in import Imported, import_questionnaire, read_questionnaire
from careplan.fhir.report import Fate, ItemReport
from careplan.models import Patient, QuestionnaireResponse, ResponseAnswer, Score
from tests import make

Json = dict[str, Any]
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def questionnaire(*items: Json, **root: Any) -> Json:
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "language": "sv",
        "id": "walks",
        "title": "Promenader",
    } | (root | {"item": list(items)})


def item(link_id: str, type_: str = "integer", /, **elements: Any) -> Json:
    return {"linkId": link_id, "text": f"Hur är det med {link_id}?", "type": type_} | elements


def group(link_id: str, *items: Json, **elements: Any) -> Json:
    return {"linkId": link_id, "text": link_id.title(), "type": "group", "item": list(items)} | elements


def choice(link_id: str, *codes: str, **elements: Any) -> Json:
    options = [{"valueCoding": {"code": code, "display": code.title()}} for code in codes or ("no", "yes")]
    return item(link_id, "choice", answerOption=options, **elements)


def shown_when(question: str, operator: str, **answer: Any) -> Json:
    return {"question": question, "operator": operator, **answer}


def limits(least: int | None = None, most: int | None = None) -> list[Json]:
    ends = {"minValue": least, "maxValue": most}
    return [
        {"url": f"http://hl7.org/fhir/StructureDefinition/{name}", "valueInteger": value}
        for name, value in ends.items()
        if value is not None
    ]


def imported(*items: Json, **root: Any) -> Imported:
    return import_questionnaire(questionnaire(*items, **root))


def read(resource: Json) -> Imported:
    return read_questionnaire(json.dumps(resource).encode())


def fate(found: Imported, link_id: str) -> tuple[Fate, str]:
    report = report_of(found, link_id)
    return report.fate, report.reason


def report_of(found: Imported, link_id: str) -> ItemReport:
    (report,) = [each for each in found.report.items if each.link_id == link_id]
    return report


def draft_item(found: Imported, link_id: str) -> Json:
    (mapped,) = [each for each in found.draft["items"] if each["link_id"] == link_id]
    return mapped


def stored(
    answers: dict[str, Answer], scores: dict[str, float | None] | None = None, **more: Any
) -> QuestionnaireResponse:
    """A response as the database gives it back."""
    patient = Patient(id=uuid4(), person_id=uuid4())
    rows = []
    for position, (link_id, answer) in enumerate(answers.items()):
        value = json.loads(json.dumps(answer.stored))
        rows.append(ResponseAnswer(link_id=link_id, position=position, state=answer.state, value=value))
    fields = {
        "id": uuid4(),
        "draft_id": uuid4(),
        "patient": patient,
        "patient_id": patient.id,
        "source_id": patient.person_id,
        "is_by_relative": False,
        "lang": "sv",
        "mode": "web",
        "submitted_at": make.MONDAY,
        "scores": [Score(score_id=name, value=value, content_hash="0" * 64) for name, value in (scores or {}).items()],
    }
    return QuestionnaireResponse(answers=rows, **(fields | more))
