"""A reviewed map from the items of a draft to those of a scoring key."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictInt

from careplan.domain.keys import ScoringKey
from careplan.fhir.wire import read_json
from careplan.library.document import Document, read_yaml, validated
from careplan.library.problems import ContentErrors, Problem
from careplan.library.schema import KeyId, KeyName, Strict, Words

_UNREVIEWED = "nobody has reviewed the map: 'reviewed' says who and when, and until then the scoring is not declared"


class ReviewedModel(Strict):
    by: Words
    on: date


class MapModel(Strict):
    """`items`: by link id, as the file or the draft has it, the key's item. The rest as in `instrument`."""

    key: KeyId
    items: Annotated[dict[str, KeyName], Field(min_length=1)]
    answers: dict[str, dict[str, StrictInt | Words]] = {}
    agreement: Words | None = None
    reviewed: ReviewedModel | None = None


def read_map(path: Path) -> tuple[MapModel, Document]:
    """Raises ContentErrors where the file is no map."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ContentErrors([Problem(str(path), 1, "the file is not UTF-8")]) from None
    document = read_yaml(text, str(path))
    return validated(MapModel, document), document


def bind(
    draft: Mapping[str, Any], model: MapModel, document: Document, keys: Mapping[str, ScoringKey]
) -> tuple[dict[str, Any], str]:
    """The draft with its `instrument`, and a remark where the map has not been reviewed; raises ContentErrors.

    Where the map says who has reviewed it, the scoring is declared by them."""
    problems = list(_problems(draft, model, document, keys))
    if problems:
        raise ContentErrors(problems)
    names = _names(draft)
    instrument: dict[str, Any] = {
        "key": model.key,
        "items": {names[link_id]: item for link_id, item in model.items.items()},
    }
    if model.answers:
        instrument["answers"] = {names[link_id]: dict(called) for link_id, called in model.answers.items()}
    if model.agreement is not None:
        instrument["agreement"] = model.agreement
    bound = {name: part for name, part in draft.items() if name != "scores"} | {"instrument": instrument}
    if model.reviewed is None:
        return bound | {"scoring": _scoring(draft, status="undeclared")}, _UNREVIEWED
    return bound | {"scoring": declared(draft, "declared", by=model.reviewed.by, on=model.reviewed.on)}, ""


def declared(draft: Mapping[str, Any], status: str, *, by: str, on: date) -> dict[str, Any]:
    """The draft's `scoring` with somebody's word on it."""
    return _scoring(draft, status=status) | {"by": by, "on": on}


def _scoring(draft: Mapping[str, Any], *, status: str) -> dict[str, Any]:
    proposed = {name: part for name, part in draft.get("scoring", {}).items() if name == "weights"}
    return {"status": status} | proposed


def _names(draft: Mapping[str, Any]) -> dict[str, str]:
    """What each asked item is called in the draft, by that name and by the file's own."""
    names = {item["link_id"]: item["link_id"] for item in draft["items"]}
    for entry in draft.get("kept", {}).get("items", ()):
        if entry.get("link_id") in names:
            names[str(read_json(entry["json"].encode())["linkId"])] = entry["link_id"]
    return names


def _problems(
    draft: Mapping[str, Any], model: MapModel, document: Document, keys: Mapping[str, ScoringKey]
) -> Iterator[Problem]:
    key, names = keys.get(model.key), _names(draft)
    if key is None:
        yield document.problem(("key",), f"there is no scoring key '{model.key}'")
        return
    if key.licence.claims_scoring and model.agreement is None:
        message = f"the holder of {key.title} claims the scoring, too: 'agreement' says where its use is allowed"
        yield document.problem(("key",), message)
    for link_id, item in model.items.items():
        if link_id not in names:
            yield document.problem(("items", link_id), f"'{link_id}' is no item of the form that is asked")
        if item not in key.items:
            yield document.problem(("items", link_id), f"the key '{key.id}' has no item '{item}'")
    options = {item["link_id"]: {each["value"] for each in item.get("options", ())} for item in draft["items"]}
    for link_id, called in model.answers.items():
        if link_id not in model.items:
            yield document.problem(("answers", link_id), f"'{link_id}' stands in 'answers' and not in 'items'")
            continue
        for option in sorted(called.keys() - options.get(names.get(link_id, ""), set())):
            yield document.problem(("answers", link_id), f"'{link_id}' has no option '{option}'")
