"""Forms that staff key in from paper or while talking, and help from a relative.

Columns are added in place: SQLite keeps the triggers of an immutable table then, and loses them in a batch.
"""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.models.immutable import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("is_helped", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("questionnaire_response", sa.Column("arrived_on", sa.Date(), nullable=True))
    op.add_column("questionnaire_response", sa.Column("illegible", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "transcript",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("is_by_relative", sa.Boolean(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=True),
        sa.Column("wants_contact", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("replaced", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["questionnaire_request.id"], name=op.f("fk_transcript_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("request_id", name=op.f("uq_transcript_request_id")),
    )
    op.create_table(
        "transcript_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_transcript_reading_person_id")),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name=op.f("fk_transcript_reading_transcript_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript_reading")),
    )
    op.create_index(op.f("ix_transcript_reading_transcript_id"), "transcript_reading", ["transcript_id"], unique=False)
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_index(op.f("ix_transcript_reading_transcript_id"), table_name="transcript_reading")
    op.drop_table("transcript_reading")
    op.drop_table("transcript")
    for name in ("illegible", "arrived_on"):
        op.drop_column("questionnaire_response", name)
    op.drop_column("draft", "is_helped")
    protect(op.get_bind())
