"""What the tests of drafts share."""

from pathlib import Path

import pytest

from tests.content import bound
from tests.fhir.office import Office
from tests.make import Clinic


@pytest.fixture
def office(database: tuple[str, Clinic], tmp_path: Path) -> Office:
    (tmp_path / "inbox").mkdir()
    return Office(bound.content(tmp_path / "content"), database[0], tmp_path / "inbox")
