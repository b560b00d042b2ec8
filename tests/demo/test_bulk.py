"""The rows of the bulk path are those of the actions."""

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from careplan import schema
from careplan.config import ROOT
from careplan.db import make_engine, make_sessions
from careplan.demo.loading import load
from careplan.library import Library
from tests.demo.rows import fingerprints
from tests.make import MONDAY

pytestmark = pytest.mark.slow


def loaded(path: Path, library: Library, *, seed: int, at: datetime, in_bulk: bool) -> sa.Engine:
    url = f"sqlite:///{path}"
    schema.upgrade(url)
    engine = make_engine(url)
    load(make_sessions(engine), library, ROOT / "content", patients=12, seed=seed, at=at, in_bulk=in_bulk)
    return engine


def test_rows_made_by_the_set_are_those_that_the_actions_make(tmp_path: Path, library: Library) -> None:
    acted = fingerprints(loaded(tmp_path / "acted.db", library, seed=7, at=MONDAY, in_bulk=False))
    written = fingerprints(loaded(tmp_path / "written.db", library, seed=7, at=MONDAY, in_bulk=True))
    for table, rows in acted.items():
        assert written[table] == rows, table
    assert acted["task"].total() > 20
    assert acted["flag"].total() > 5
