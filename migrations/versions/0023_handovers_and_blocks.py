"""Handovers between units, their tasks, the patient's blocks, and who opened what is blocked."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_handover_patient_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["care_plan.id"], name=op.f("fk_handover_plan_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_handover_unit_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_handover_to_unit_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["practitioner.id"], name=op.f("fk_handover_requested_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["practitioner.id"], name=op.f("fk_handover_answered_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["practitioner.id"], name=op.f("fk_handover_confirmed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_patient_id"), "handover", ["patient_id"])
    op.create_index(op.f("ix_handover_to_unit_id_status"), "handover", ["to_unit_id", "status"])
    is_open = sa.text("status IN ('requested', 'accepted')")
    op.create_index(
        "ix_handover_open", "handover", ["plan_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE task ADD COLUMN handover_id {kind} CONSTRAINT fk_task_handover_id REFERENCES handover (id)"
    )
    op.create_index(op.f("ix_task_handover_id"), "task", ["handover_id"])
    op.create_table(
        "block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("barred_id", sa.Uuid(), nullable=True),
        sa.Column("from_at", UTCDateTime(), nullable=False),
        sa.Column("to_at", UTCDateTime(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_block_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_block_unit_id")),
        sa.ForeignKeyConstraint(["barred_id"], ["unit.id"], name=op.f("fk_block_barred_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_block_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_patient_id"), "block", ["patient_id"])
    op.create_table(
        "block_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("until_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_block_opening_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_block_opening_unit_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_block_opening_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_opening")),
    )
    op.create_index(op.f("ix_block_opening_patient_id"), "block_opening", ["patient_id"])


def downgrade() -> None:
    op.drop_table("block_opening")
    op.drop_table("block")
    op.drop_index(op.f("ix_task_handover_id"), table_name="task")
    op.drop_column("task", "handover_id")
    op.drop_table("handover")
