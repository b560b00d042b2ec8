"""A unit has a region, and printed documents are kept."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("region", sa.String(10), nullable=False, server_default=""))
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("patient_id", "patient.id", nullable=False),
        _key("plan_id", "care_plan.id"),
        _key("revision_id", "plan_revision.id"),
        _key("response_id", "questionnaire_response.id"),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("size", sa.String(2), nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
        sa.Column("input_hash", sa.String(64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("patient_id", "input_hash", name=op.f("uq_document_patient_id_input_hash")),
    )


def downgrade() -> None:
    op.drop_table("document")
    op.drop_column("unit", "region")


def _key(name: str, to: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(to, name=op.f(f"fk_document_{name}")), nullable=nullable)
