"""From one schema to the next on a database in use: what was stored stays, and what may never change still may not."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from careplan import schema
from careplan.db import Base, make_engine
from careplan.library import Library
from careplan.library.revisions import content_digest
from careplan.models import KeptPage, PlanRevision, QuestionnaireResponse
from careplan.models.immutable import IMMUTABLE
from careplan.models.kept import NEEDS
from tests import stories
from tests.conftest import DATABASES, fill, on_postgres
from tests.make import MONDAY, Clinic

pytestmark = pytest.mark.slow

# A response as the first schema stored it.
SENT = {
    "id": uuid4().hex,
    "draft_id": uuid4().hex,
    "request_id": uuid4().hex,
    "patient_id": uuid4().hex,
    "unit_id": uuid4().hex,
    "questionnaire_id": "weekly-symptoms",
    "content_hash": "0" * 64,
    "lang": "sv",
    "mode": "web",
    "device": "phone",
    "source_id": uuid4().hex,
    "is_by_relative": False,
    "submitted_at": "2026-11-16 09:20:00",
    "zone": "Europe/Stockholm",
    "wishes": "[]",
    "wants_contact": False,
    "comment": "",
    "receipt": "7Q4K-2M9XA",
    "fingerprint": "0" * 64,
    "triage": "done",
}
BEFORE_CORRECTIONS = "0002"
BEFORE_SHARED_TEXTS = "0017"
BEFORE_KEPT_PAGES = "0025"
ANSWERS = {"pain": 8, "fatigue": 2}
RESPONSES = sa.table("questionnaire_response", *(sa.column(name) for name in SENT))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/used.db"


@pytest.fixture
def upgraded(url: str) -> Iterator[sa.Connection]:
    """A database that held a response at the first schema, now at the newest."""
    schema.upgrade(url, "0001")
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # the row is made up, and so is what it points at
        connection.exec_driver_sql("BEGIN")
        connection.execute(sa.insert(RESPONSES), SENT)
        connection.commit()
    engine.dispose()
    schema.upgrade(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_the_migrations_make_what_the_models_say(upgraded: sa.Connection) -> None:
    assert compare_metadata(MigrationContext.configure(upgraded, opts={"compare_type": True}), Base.metadata) == []


def test_a_response_of_the_first_schema_is_still_there_with_nothing_illegible(upgraded: sa.Connection) -> None:
    row = upgraded.execute(sa.select(Base.metadata.tables["questionnaire_response"])).one()
    assert (row.receipt, row.illegible, row.arrived_on) == ("7Q4K-2M9XA", [], None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE questionnaire_response SET illegible = '[\"pain\"]'",
        "DELETE FROM questionnaire_response",
        "INSERT OR REPLACE INTO questionnaire_response SELECT * FROM questionnaire_response",
    ],
)
def test_a_response_may_still_not_change(upgraded: sa.Connection, statement: str) -> None:
    with pytest.raises(DatabaseError):
        upgraded.execute(sa.text(statement))


def test_every_immutable_table_has_its_three_triggers(upgraded: sa.Connection) -> None:
    names = set(upgraded.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    assert names >= {f"{table}_no_{action}" for table in IMMUTABLE for action in ("update", "delete", "replace")}


def test_back_at_the_first_schema_what_never_changes_is_still_protected(url: str) -> None:
    schema.upgrade(url)
    schema.downgrade(url, "0001")
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sa.text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
        there = set(IMMUTABLE) & set(sa.inspect(connection).get_table_names())
    engine.dispose()
    assert "plan_revision" in there
    assert found == 3 * len(there)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path, library: Library) -> Iterator[tuple[str, Clinic]]:
    """One whose tables may go and come again."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/careplan.db", fill(f"sqlite:///{tmp_path}/careplan.db", library)
        return
    with on_postgres() as url:
        yield url, fill(url, library)


def test_a_plan_signed_when_each_version_held_all_its_text_reads_the_same(database, db: Session, clinic, library):
    url = database[0]
    plan = stories.signed_plan(db, library, clinic)
    before = plan.revisions[0].content
    revision_id = plan.revisions[0].id
    db.commit()
    db.close()
    schema.downgrade(url, BEFORE_SHARED_TEXTS)
    engine = make_engine(url)
    with engine.connect() as connection:
        held = connection.scalar(sa.text("SELECT content FROM plan_revision"))
    text = held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)
    assert "Karin Lind" in text and "{{" not in text
    schema.upgrade(url)
    with Session(engine) as after:
        kept = after.get_one(PlanRevision, revision_id)
        assert kept.content == before
        assert kept.content_hash == content_digest(before)
        assert kept.facts == {}
        assert len(json.dumps(kept.skeleton)) < len(text) / 10
    for change in ("UPDATE plan_revision SET number = 2", "DELETE FROM plan_revision", "DELETE FROM chapter_text"):
        with pytest.raises(sa.exc.DBAPIError, match="never change"), engine.begin() as connection:
            connection.exec_driver_sql(change)
    engine.dispose()


def there_and_back(url: str, revision: str) -> sa.Engine:
    """The database after it has been at that schema again."""
    schema.downgrade(url, revision)
    schema.upgrade(url)
    return make_engine(url)


def test_answers_stored_before_there_were_corrections_are_there_afterwards(database, db: Session, clinic, library):
    response = stories.sent(db, library, clinic, "astrid", ANSWERS)
    db.commit()
    db.close()
    engine = there_and_back(database[0], BEFORE_CORRECTIONS)
    with Session(engine) as after:
        kept = after.get_one(QuestionnaireResponse, response.id)
        assert (kept.number, kept.replaces_id, kept.first_sent_at) == (1, None, None)
        assert {row.link_id: row.value for row in kept.answers if row.value is not None} == ANSWERS
    for change in (
        "UPDATE questionnaire_response SET number = 2",
        "DELETE FROM questionnaire_response",
        "UPDATE response_answer SET number = 0",
        "DELETE FROM flag",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="never change"), engine.begin() as connection:
            connection.exec_driver_sql(change)
    engine.dispose()


def test_a_page_kept_before_others_could_be_is_still_kept(database, db: Session, clinic, library):
    plan = stories.signed_plan(db, library, clinic)
    nurse = clinic.practitioner["karin"]
    db.add(KeptPage(plan_id=plan.id, practitioner_id=nurse, page=NEEDS, content={"goal": ["Sova"]}, saved_at=MONDAY))
    plan_id = plan.id
    db.commit()
    db.close()
    engine = there_and_back(database[0], BEFORE_KEPT_PAGES)
    with Session(engine) as after:
        assert after.get_one(KeptPage, (plan_id, nurse, NEEDS)).content == {"goal": ["Sova"]}
    engine.dispose()
