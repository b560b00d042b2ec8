"""Codes for the clinic's tablet, and the sessions that they open."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("last_seen_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["practitioner.id"], name=op.f("fk_kiosk_code_created_by_id")),
        sa.ForeignKeyConstraint(["request_id"], ["questionnaire_request.id"], name=op.f("fk_kiosk_code_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_code_token_hash")),
    )
    op.create_index(op.f("ix_kiosk_code_code_hash"), "kiosk_code", ["code_hash"], unique=False)
    op.create_index(op.f("ix_kiosk_code_request_id"), "kiosk_code", ["request_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_kiosk_code_request_id"), table_name="kiosk_code")
    op.drop_index(op.f("ix_kiosk_code_code_hash"), table_name="kiosk_code")
    op.drop_table("kiosk_code")
