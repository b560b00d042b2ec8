"""Messages that could not be sent, since the writer had been logged out: kept for a day."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent_message",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(400), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsent_message_person_id")),
        sa.PrimaryKeyConstraint("person_id", "path", name=op.f("pk_unsent_message")),
    )
    op.create_index(op.f("ix_unsent_message_kept_at"), "unsent_message", ["kept_at"])


def downgrade() -> None:
    op.drop_table("unsent_message")
