"""A template and a form added as files only walk the same way: nothing of it is a fixed route."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from careplan import create_app
from careplan.config import ROOT, Settings
from careplan.library import Library
from tests import make
from tests.browser import walk
from tests.browser.test_main_way import walk_the_main_way
from tests.browser.visitor import AT_A_DESK, Visit
from tests.conftest import fill

ADDED = Path(__file__).with_name("added")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("files") / "content"
    shutil.copytree(ROOT / "content", folder)
    shutil.copytree(ADDED, folder, dirs_exist_ok=True)
    return Library.load(folder)


@pytest.fixture(scope="module")
def _app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    url = f"sqlite:///{tmp_path_factory.mktemp('app')}/unused.db"
    return create_app(Settings(demo=True, database_url=url), library=library)


@pytest.fixture(scope="module")
def _sqlite_template(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, make.Clinic]:
    path = tmp_path_factory.mktemp("database") / "template.db"
    return path, fill(f"sqlite:///{path}", library)


@pytest.fixture
def route(library: Library) -> walk.Route:
    """The ids are read from what was added."""
    before = Library.load(ROOT / "content")
    (plan_id,) = {plan_id for plan_id, _lang in library.plans} - {plan_id for plan_id, _lang in before.plans}
    (form_id,) = set(library.questionnaires) - set(before.questionnaires)
    return walk.route(library, plan_id, form_id)


@AT_A_DESK
def test_a_template_and_a_form_added_as_files_walk_the_same_way(
    visit: Visit, route: walk.Route, db: Session, library: Library, clinic: make.Clinic, clock
) -> None:
    walk_the_main_way(visit, route, db, library, clinic, clock)
