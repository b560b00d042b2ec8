"""Pauses that patients take, reminders that were sent, silence that was told, death, and notices by SMS with a name."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", UTCDateTime(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_form_pause_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_form_pause_unit_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_form_pause_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_pause")),
    )
    op.create_index(op.f("ix_form_pause_patient_id_until_on"), "form_pause", ["patient_id", "until_on"])
    op.add_column("questionnaire_request", sa.Column("reminded", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("questionnaire_request", sa.Column("silence_told_at", UTCDateTime(), nullable=True))
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE questionnaire_request ADD COLUMN follows_id {kind} "
        "CONSTRAINT fk_questionnaire_request_follows_id REFERENCES questionnaire_request (id)"
    )
    is_open = sa.text("status IN ('requested', 'in-progress')")
    op.create_index(
        "ix_questionnaire_request_open",
        "questionnaire_request",
        ["opens_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.add_column("patient", sa.Column("deceased_on", sa.Date(), nullable=True))
    op.add_column("outbox_message", sa.Column("channel", sa.String(10), nullable=False, server_default="email"))
    op.add_column("outbox_message", sa.Column("signed", sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("outbox_message", "signed")
    op.drop_column("outbox_message", "channel")
    op.drop_column("patient", "deceased_on")
    op.drop_index("ix_questionnaire_request_open", table_name="questionnaire_request")
    for column in ("follows_id", "silence_told_at", "reminded"):
        op.drop_column("questionnaire_request", column)
    op.drop_index(op.f("ix_form_pause_patient_id_until_on"), table_name="form_pause")
    op.drop_table("form_pause")
