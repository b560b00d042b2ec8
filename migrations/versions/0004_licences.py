"""Licences of instruments, as a unit has recorded them."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.String(length=100), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["practitioner.id"], name=op.f("fk_licence_recorded_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_licence_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index(op.f("ix_licence_unit_id_instrument_id"), "licence", ["unit_id", "instrument_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_licence_unit_id_instrument_id"), table_name="licence")
    op.drop_table("licence")
