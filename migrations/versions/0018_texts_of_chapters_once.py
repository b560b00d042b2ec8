"""Each text of a chapter is stored once, whoever was given it; and how far each reader has come in a plan.

Versions that are signed keep their texts word for word, with the patient's facts filled in as they were.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.domain.revision import assembled
from careplan.models.immutable import protect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

AT_ONCE = 200
OWN = ("note", "changed")  # of a chapter: what is said to this patient alone

TEXTS = sa.table("chapter_text", sa.column("hash", sa.String), sa.column("content", sa.JSON))
REVISIONS = sa.table(
    "plan_revision",
    sa.column("id", sa.Uuid),
    sa.column("skeleton", sa.JSON),
    sa.column("facts", sa.JSON),
    sa.column("content_hash", sa.String),
)


def upgrade() -> None:
    op.create_table(
        "chapter_text",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_chapter_text")),
    )
    op.create_table(
        "plan_read",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["care_plan.id"], name=op.f("fk_plan_read_plan_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_read_person_id")),
        sa.PrimaryKeyConstraint("plan_id", "person_id", "medium", name=op.f("pk_plan_read")),
    )
    _unprotect()
    op.execute("ALTER TABLE plan_revision RENAME COLUMN content TO skeleton")
    op.add_column("plan_revision", sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"))
    db, stored = op.get_bind(), set[str]()
    for row in _rows(REVISIONS.c.id, REVISIONS.c.skeleton):
        content = row.skeleton
        lang = content.setdefault("lang", "sv")
        for chapter in _chapters(content):
            chapter["lang"] = lang
        digest, texts = _digest(content), {}
        for group in (*content["phases"], {"chapters": content["always"]}):
            group["chapters"][:] = [_entry(chapter, texts) for chapter in group["chapters"]]
        new = [{"hash": each, "content": text} for each, text in texts.items() if each not in stored]
        if new:
            db.execute(sa.insert(TEXTS), new)
            stored.update(texts)
        db.execute(sa.update(REVISIONS).where(REVISIONS.c.id == row.id).values(skeleton=content, content_hash=digest))
    protect(db)


def downgrade() -> None:
    _unprotect()
    db = op.get_bind()
    texts = {row.hash: row.content for row in db.execute(sa.select(TEXTS))}
    for row in _rows(REVISIONS.c.id, REVISIONS.c.skeleton, REVISIONS.c.facts):
        content = assembled(row.skeleton, texts, row.facts)
        for chapter in _chapters(content):
            del chapter["lang"]
        db.execute(
            sa.update(REVISIONS).where(REVISIONS.c.id == row.id).values(skeleton=content, content_hash=_digest(content))
        )
    op.drop_column("plan_revision", "facts")
    op.execute("ALTER TABLE plan_revision RENAME COLUMN skeleton TO content")
    op.drop_table("plan_read")
    op.drop_table("chapter_text")
    protect(db)


def _unprotect() -> None:
    """For as long as the migration runs; on PostgreSQL nobody else sees the table meanwhile."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER plan_revision_no_{action}")
    else:
        op.execute("DROP TRIGGER plan_revision_no_change ON plan_revision")


def _rows(*columns: sa.ColumnElement[Any]) -> Iterator[sa.Row[Any]]:
    """All revisions, some at a time: whole plans are long."""
    db = op.get_bind()
    ids = db.scalars(sa.select(REVISIONS.c.id)).all()
    for start in range(0, len(ids), AT_ONCE):
        yield from db.execute(sa.select(*columns).where(REVISIONS.c.id.in_(ids[start : start + AT_ONCE]))).all()


def _chapters(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for phase in content["phases"]:
        yield from phase["chapters"]
    yield from content["always"]


def _entry(chapter: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
    text = {name: value for name, value in chapter.items() if name not in OWN}
    digest = _digest(text)
    texts[digest] = text
    return {"text": digest} | {name: chapter[name] for name in OWN if chapter.get(name)}


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
