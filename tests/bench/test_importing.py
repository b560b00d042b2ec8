"""How long a FHIR file takes to be read, with every item judged; and the largest that are taken at all."""

import json
from collections.abc import Callable
from statistics import median

import pytest

from careplan.config import ROOT
from careplan.fhir.questionnaire_in import read_questionnaire
from careplan.fhir.questionnaire_out import export_questionnaire
from careplan.fhir.report import FileRefused
from careplan.fhir.wire import MOST_BYTES
from careplan.library.document import read_yaml
from tests.bench.conftest import cpu_seconds
from tests.fhir.forms import choice, group, item, questionnaire, shown_when

pytestmark = pytest.mark.bench

# Real files of public projects, beside the checkout; our own forms as FHIR where they are not there.
SHARED = ROOT.parent / "shared" / "fhir"


def files() -> list[bytes]:
    found = [path.read_bytes() for path in sorted(SHARED.rglob("*.json"))]
    if found:
        return [data for data in found if b'"Questionnaire"' in data]
    ours = sorted((ROOT / "content" / "questionnaires").glob("*.yaml"))
    contents = [read_yaml(path.read_text(encoding="utf-8"), path.name).data for path in ours]
    return [json.dumps(export_questionnaire(content)).encode() for content in contents]


def read(data: bytes) -> None:
    try:
        read_questionnaire(data)
    except FileRefused as error:
        assert error.reason


def test_a_file_is_read_in_50_ms(figure: Callable[..., None]) -> None:
    spent = [1000 * cpu_seconds(lambda data=data: read(data), repeats=3) for data in files()]
    figure(f"a FHIR questionnaire read, median of {len(spent)} files, CPU", median(spent), "ms", at_most=50)
    figure("the slowest of them", max(spent), "ms", at_most=1000)


def heavy() -> bytes:
    """As many items as are taken, each waiting for the one before, and as many bytes."""
    crowd = [choice("a0")]
    for number in range(1, 1990):
        shown = [shown_when(f"a{number - 1}", "=", answerCoding={"code": "yes"})]
        crowd.append(choice(f"a{number}", enableWhen=shown))
    resource = questionnaire(group("g", *crowd), item("last"))
    data = json.dumps(resource).encode()
    return json.dumps(resource | {"description": "x" * (MOST_BYTES - len(data) - 100)}).encode()


def test_the_largest_file_that_is_taken_is_read_in_seconds(figure: Callable[..., None]) -> None:
    data = heavy()
    assert MOST_BYTES - 1000 < len(data) < MOST_BYTES
    figure("a file of 20 MB with 1 991 items", cpu_seconds(lambda: read(data), repeats=1), "s", at_most=10)
    figure(
        "a file that is too large, refused", cpu_seconds(lambda: read(data + b" " * 1000), repeats=1), "s", at_most=1
    )
