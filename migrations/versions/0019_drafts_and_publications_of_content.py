"""Editors' drafts, and what is published over the files of content/."""

import sqlalchemy as sa
from alembic import op

from careplan.db import Serial, UTCDateTime
from careplan.models.immutable import protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = "status IN ('draft', 'in-review', 'returned')"


def upgrade() -> None:
    op.create_table(
        "content_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_place(),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("notify", sa.String(20), nullable=False),
        _to("content_draft", "author_id", "person"),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        _to("content_draft", "decided_by_id", "person", nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_draft")),
    )
    op.create_index(
        "uq_content_draft_open",
        "content_draft",
        ["kind", "content_id", "lang"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "publication",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        *_place(),
        _to("publication", "hash", "content_version", sa.String(64), key="hash", nullable=True),
        _to("publication", "before_hash", "content_version", sa.String(64), key="hash", nullable=True),
        sa.Column("file_hash", sa.String(64), nullable=False),
        _to("publication", "draft_id", "content_draft", nullable=True),
        _to("publication", "undoes_id", "publication", Serial, nullable=True),
        sa.Column("notify", sa.String(20), nullable=False),
        _to("publication", "author_id", "person"),
        _to("publication", "published_by_id", "person"),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(op.f("ix_publication_kind_content_id_lang"), "publication", ["kind", "content_id", "lang"])
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_table("publication")
    op.drop_table("content_draft")


def _place() -> list[sa.Column[str]]:
    return [
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content_id", sa.String(100), nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
    ]


def _to(
    table: str,
    name: str,
    other: str,
    kind: sa.types.TypeEngine[object] | None = None,
    *,
    key: str = "id",
    nullable: bool = False,
) -> sa.Column[object]:
    constraint = sa.ForeignKey(f"{other}.{key}", name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, kind or sa.Uuid(), constraint, nullable=nullable)
