"""A questionnaire in our own format that was written elsewhere, as a draft."""

from collections.abc import Iterator, Mapping
from typing import Any

from careplan.fhir.questionnaire_in import Imported
from careplan.fhir.report import Fate, FileRefused, ItemReport, Report
from careplan.library.document import Document, read_yaml
from careplan.library.questionnaires import parse_questionnaire

MOST_BYTES = 1_000_000


def read_own(data: bytes, path: str, keys: Mapping[str, str]) -> Imported:
    """Raises FileRefused or ContentErrors where nothing of the file is taken: half a form is none.

    Its scores and its binding come along and are not trusted: the scoring is undeclared until somebody here says."""
    if len(data) >= MOST_BYTES:
        raise FileRefused(f"the file has {len(data)} bytes; less than {MOST_BYTES} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("the file is not UTF-8", data.count(b"\n", 0, error.start) + 1) from None
    document = read_yaml(text, path)
    content: dict[str, Any] = document.data
    if "kept" in content:
        raise FileRefused("it holds what came in a FHIR file ('kept'): import that file", document.line(["kept"]))
    parse_questionnaire(text, path, keys)
    draft = content | {"scoring": {"status": "undeclared"}}
    return Imported(draft, Report("", tuple(_items(document)), (), tuple(_remarks(content))))


def _items(document: Document) -> Iterator[ItemReport]:
    for number, item in enumerate(document.data["items"]):
        link_id = item["link_id"]
        yield ItemReport(f"items {number + 1}", link_id, Fate.MAPPED, f"{link_id} ({item['type']})")


def _remarks(content: Mapping[str, Any]) -> Iterator[str]:
    if "scoring" in content:
        yield "the scoring was declared elsewhere, and is not here"
