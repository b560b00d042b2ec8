"""The nurse's own chapters, a unit's facts, decisions on newer templates, and treatment summaries."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.models.immutable import protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = {
    "care_plan": (("chapter_versions", sa.JSON(), "{}"), ("template_key", sa.String(64), "")),
    "chapter": (("title", sa.String(100), ""), ("text", sa.Text(), ""), ("written_by", sa.String(200), "")),
    "unit": (("facts", sa.JSON(), "{}"),),
}
PRACTITIONER, PLAN = "practitioner.id", "care_plan.id"


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind, default in columns:
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.create_table(
        "template_decision",
        _key("plan_id", "template_decision", PLAN),
        sa.Column("template_key", sa.String(64), nullable=False),
        sa.Column("choice", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("decided_by_id", "template_decision", PRACTITIONER),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "template_key", name=op.f("pk_template_decision")),
    )
    op.create_table(
        "treatment_summary_draft",
        _key("plan_id", "treatment_summary_draft", PLAN),
        sa.Column("parts", sa.JSON(), nullable=False),
        _key("saved_by_id", "treatment_summary_draft", PRACTITIONER),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_treatment_summary_draft")),
    )
    op.create_table(
        "treatment_summary",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("plan_id", "treatment_summary", PLAN),
        sa.Column("number", sa.Integer(), nullable=False),
        _key("signed_by_id", "treatment_summary", PRACTITIONER),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_summary")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_treatment_summary_plan_id_number")),
    )
    protect(op.get_bind())


def downgrade() -> None:
    for table in ("treatment_summary", "treatment_summary_draft", "template_decision"):
        op.drop_table(table)
    for table, columns in COLUMNS.items():
        for name, _kind, _default in columns:
            op.drop_column(table, name)


def _key(name: str, table: str, target: str) -> sa.Column[object]:
    constraint = sa.ForeignKey(target, name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, sa.Uuid(), constraint, nullable=False)
