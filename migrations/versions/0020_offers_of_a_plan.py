"""Offers of a care plan: who was asked, when, and what they said."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_plan_offer_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_plan_offer_unit_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["practitioner.id"], name=op.f("fk_plan_offer_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_offer")),
    )
    op.create_index(op.f("ix_plan_offer_unit_id_patient_id"), "plan_offer", ["unit_id", "patient_id"])


def downgrade() -> None:
    op.drop_table("plan_offer")
