"""A unit's own rules, tried on its answers, and which version of them raised a flag.

The column is added in place, with its foreign key: a batch would lose the triggers of an immutable table on SQLite.
"""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.models.immutable import protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rule_version_unit_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["practitioner.id"], name=op.f("fk_rule_version_written_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["practitioner.id"], name=op.f("fk_rule_version_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint(
            "unit_id", "questionnaire_id", "number", name=op.f("uq_rule_version_unit_id_questionnaire_id_number")
        ),
    )
    is_active = sa.text("status = 'active'")
    op.create_index(
        "ix_rule_version_active",
        "rule_version",
        ["unit_id", "questionnaire_id"],
        unique=True,
        sqlite_where=is_active,
        postgresql_where=is_active,
    )
    op.create_table(
        "rule_trial",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_version_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["rule_version_id"], ["rule_version.id"], name=op.f("fk_rule_trial_rule_version_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["practitioner.id"], name=op.f("fk_rule_trial_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_trial")),
    )
    op.create_index(op.f("ix_rule_trial_rule_version_id"), "rule_trial", ["rule_version_id"])
    is_waiting = sa.text("status IN ('requested', 'in-progress')")
    op.create_index(
        "ix_rule_trial_waiting", "rule_trial", ["asked_at"], sqlite_where=is_waiting, postgresql_where=is_waiting
    )
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE flag ADD COLUMN rule_version_id {kind} "
        "CONSTRAINT fk_flag_rule_version_id REFERENCES rule_version (id)"
    )
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_column("flag", "rule_version_id")
    protect(op.get_bind())
    op.drop_table("rule_trial")
    op.drop_table("rule_version")
