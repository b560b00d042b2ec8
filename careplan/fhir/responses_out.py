"""A stored response as a QuestionnaireResponse, and its scores as Observations, in FHIR R4.

Answered, declined, unanswered and not shown stay four different things: an answer; an item without one and with the
reason asked-declined; the same with the reason unknown; and no item at all, as FHIR asks for what was not enabled."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from careplan.domain.answers import Answer, AnswerState, restored
from careplan.domain.questionnaire import Questionnaire, Text, instance_key, split_key, text_in
from careplan.domain.scoring import Scale
from careplan.fhir.draft_model import without_nulls
from careplan.fhir.extensions import ABSENT, ITEM_WEIGHT, WEIGHTS, all_extensions
from careplan.fhir.item_types import TYPES
from careplan.fhir.questionnaire_out import BASE, Content, Exported, canonical, exported
from careplan.fhir.wire import Json
from careplan.library import questionnaire_by_hash
from careplan.library.binding import parted
from careplan.library.document import read_yaml
from careplan.models import QuestionnaireResponse, Score

_ABSENT_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_COMPLETION = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-completionMode"
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
CONFIRMED = f"{BASE}/StructureDefinition/confirmed-from"
_UNITS = "http://unitsofmeasure.org"
_MODES = {"web": "ELECTRONIC", "kiosk": "ELECTRONIC", "paper": "WRITTEN", "phone": "PHONE"}
_SHOWN = frozenset(AnswerState) - {AnswerState.NOT_SHOWN}
_REASONS = {AnswerState.DECLINED: "asked-declined", AnswerState.UNANSWERED: "unknown"}


def response_resource(
    response: QuestionnaireResponse, content: Content, *, base: str = BASE, key_text: str = ""
) -> Json:
    """`content` is the data of the very version that was answered, `key_text` its scoring key's."""
    form = exported(content, base=base, status="active", key_text=key_text)
    writer = _Writer(
        response,
        form,
        texts={item["link_id"]: item["text"] for item in content["items"]},
        options={
            item["link_id"]: {option["value"]: option["text"] for option in item["options"]}
            for item in content["items"]
            if item.get("options")
        },
        answers={row.link_id: restored(row.state, row.value) for row in response.answers},
    )
    address = form.resource.get("url", canonical(content["id"], base))
    version = form.resource.get("version")
    return {
        "resourceType": "QuestionnaireResponse",
        "id": str(response.id),
        "language": response.lang,
        "extension": [{"url": _COMPLETION, "valueCodeableConcept": _concept(_PARTICIPATION, _MODES[response.mode])}],
        "identifier": {"system": f"{base}/draft", "value": str(response.draft_id)},
        "questionnaire": f"{address}|{version}" if version else address,
        "status": "amended" if response.replaces_id else "completed",
        "subject": _subject(response),
        "authored": response.submitted_at.isoformat(),
        **_people(response),
        "item": list(writer.items(form.resource["item"])),
    }


def response_bundle(
    response: QuestionnaireResponse, load_text: Callable[[str], str], *, base: str = BASE
) -> dict[str, Any]:
    """The response and its scores; `load_text` fetches the text of the version that was answered, by its hash."""
    text, key_text = parted(load_text(response.content_hash))
    content = without_nulls(read_yaml(text, "the form").data)
    form = questionnaire_by_hash(response.content_hash, load_text)
    resources = [
        response_resource(response, content, base=base, key_text=key_text),
        *score_observations(response, form, base=base),
    ]
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def score_observations(
    response: QuestionnaireResponse, questionnaire: Questionnaire, *, base: str = BASE
) -> Iterator[Json]:
    """One for each stored score, also for those that are missing: they say why."""
    states = {answer.link_id: answer.state for answer in response.answers}
    for score in response.scores:
        scale = questionnaire.score(score.score_id)
        title = text_in(scale.title, response.lang)
        code = {"system": f"{base}/CodeSystem/{questionnaire.id}", "code": scale.id, "display": title}
        method = {"system": f"{base}/CodeSystem/scoring", "version": score.content_hash, "code": scale.method.value}
        yield {
            "resourceType": "Observation",
            "id": str(uuid5(response.id, score.score_id)),
            "status": "final",
            "category": [_concept(_CATEGORIES, "survey")],
            "code": {"coding": [code], "text": title},
            "subject": _patient(response),
            **({"focus": [_subject(response)]} if response.respondent_id else {}),
            "effectiveDateTime": response.submitted_at.isoformat(),
            "issued": response.submitted_at.isoformat(),
            "method": {"coding": [method]},
            "derivedFrom": [{"reference": f"QuestionnaireResponse/{response.id}"}],
            **_value(score, scale, states),
        }


@dataclass(frozen=True, slots=True)
class _Writer:
    """`texts` are those of the questions, `options` those of their options, by link id and code."""

    response: QuestionnaireResponse
    form: Exported
    texts: Mapping[str, Text]
    options: Mapping[str, Mapping[str, Text]]
    answers: Mapping[str, Answer]

    def items(self, elements: list[Json], instance: int = 1) -> Iterator[Json]:
        """What was asked, in the groups of the form; a group in which nothing was shown is left out."""
        ours = {link_id: name for name, link_id in self.form.link_ids.items()}
        scores = {score.score_id: score.value for score in self.response.scores}
        for element in elements:
            link_id = element["linkId"]
            name = ours.get(link_id, "")
            if element["type"] == "group":
                yield from self._groups(element, instance)
            elif self.form.scores.get(link_id) in scores:
                yield {"linkId": link_id, **_text(element), **_score(scores[self.form.scores[link_id]])}
            elif (answer := self.answers.get(instance_key(name, instance))) and answer.state in _SHOWN:
                text = text_in(self.texts[name], self.response.lang)
                again = _confirmed(self.response, instance_key(name, instance))
                yield {"linkId": link_id, "text": text, **self._answered(name, element, answer), **again}

    def _groups(self, element: Json, instance: int) -> Iterator[Json]:
        """One, or one for each time that it was asked."""
        instances = [instance]
        if element.get("repeats") is True:
            instances = sorted({split_key(key)[1] for key in self.answers})
        for number in instances:
            children = list(self.items(element.get("item", []), number))
            if children:
                yield {"linkId": element["linkId"], **_text(element), "item": children}

    def _answered(self, link_id: str, element: Json, answer: Answer) -> Json:
        if not answer.is_answered:
            return {"extension": [_absent(_REASONS[answer.state])]}
        if link_id in self.options:
            return {"answer": list(self._chosen(link_id, element, answer))}
        kind = TYPES[element["type"]].value
        value = answer.value
        if kind == "Integer" and isinstance(value, float):
            value = int(value)
        if kind == "Time":
            value = f"{value}:00"
        return {"answer": [{f"value{kind}": value}]}

    def _chosen(self, link_id: str, element: Json, answer: Answer) -> Iterator[Json]:
        """The chosen options; own words stand for the option that they are beside."""
        known = self.form.answers.get(link_id, {})
        own = self.form.open_options.get(link_id)
        for code in answer.codes:
            if code == own and answer.words:
                yield {"valueString": answer.words}
            elif code in known:
                yield _option(element, known[code])
            else:
                yield {"valueString": text_in(self.options[link_id][code], self.response.lang)}


def _option(element: Json, value: Json) -> Json:
    """The option as it stands in the form; its weight on the code itself, where expressions look for it."""
    coding = value.get("valueCoding")
    if not isinstance(coding, dict) or any(each.get("url") in WEIGHTS for each in all_extensions(coding)):
        return value
    for option in element.get("answerOption", ()):
        for extension in all_extensions(option):
            if option.get("valueCoding") == coding and extension.get("url") in WEIGHTS:
                value = extension.get("valueDecimal", extension.get("valueInteger"))
                weight = {"url": ITEM_WEIGHT, "valueDecimal": value}
                return {"valueCoding": {"extension": [*all_extensions(coding), weight], **_without_extensions(coding)}}
    return value


def _without_extensions(coding: Json) -> Json:
    return {key: value for key, value in coding.items() if key != "extension"}


def _text(element: Json) -> Json:
    return {"text": element["text"]} if "text" in element else {}


def _confirmed(response: QuestionnaireResponse, link_id: str) -> Json:
    """Of an answer that was not chosen anew: the response whose answer was given again."""
    of = next((row.confirmed_from_id for row in response.answers if row.link_id == link_id), None)
    if of is None:
        return {}
    return {"extension": [{"url": CONFIRMED, "valueReference": {"reference": f"QuestionnaireResponse/{of}"}}]}


def _score(value: float | str | None) -> Json:
    if isinstance(value, str):
        return {"answer": [{"valueString": value}]}
    return {"extension": [_absent("unknown")]} if value is None else {"answer": [{"valueDecimal": value}]}


def _value(score: Score, scale: Scale, states: Mapping[str, AnswerState]) -> Json:
    if score.text is not None:
        return {"valueString": score.text}
    if score.value is not None:
        return {"valueQuantity": {"value": score.value, "unit": "{score}", "system": _UNITS, "code": "{score}"}}
    return {"dataAbsentReason": _concept(_ABSENT_REASONS, _why_missing({states[link_id] for link_id in scale.items}))}


def _why_missing(states: set[AnswerState]) -> str:
    """A score is missing because too few of its items were answered."""
    if AnswerState.UNANSWERED in states:
        return "unknown"
    return "asked-declined" if AnswerState.DECLINED in states else "not-applicable"


def _absent(code: str) -> Json:
    return {"url": ABSENT, "valueCode": code}


def _patient(response: QuestionnaireResponse) -> Json:
    return {"reference": f"Patient/{response.patient_id}"}


def _subject(response: QuestionnaireResponse) -> Json:
    """Whom the answers are about: the patient, or a relative who was asked about themself."""
    if response.respondent_id is None:
        return _patient(response)
    return {"reference": f"RelatedPerson/{response.respondent_id}"}


def _people(response: QuestionnaireResponse) -> Json:
    """Who gave the answers, and who wrote them down: relatives and staff by their person's id, nobody by name."""
    if response.source_id == response.respondent_id:
        return {"author": _subject(response), "source": _subject(response)}
    if response.is_by_relative:
        relative = {"reference": f"RelatedPerson/{response.source_id}"}
        return {"author": relative, "source": relative}
    if response.source_id == response.patient.person_id:
        return {"author": _patient(response), "source": _patient(response)}
    # Keyed in from paper or the telephone.
    return {"author": {"reference": f"Practitioner/{response.source_id}"}, "source": _subject(response)}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
