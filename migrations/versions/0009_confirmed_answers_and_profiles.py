"""Which answers were confirmed and not chosen, and the scores that are profiles and no numbers.

Columns are added in place, with their foreign keys: a batch would lose the triggers of an immutable table on SQLite.
"""

import sqlalchemy as sa
from alembic import op

from careplan.models.immutable import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("draft_answer", "response_answer")


def upgrade() -> None:
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    for table in TABLES:
        key = f"fk_{table}_confirmed_from_id"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN confirmed_from_id {kind} "
            f"CONSTRAINT {key} REFERENCES questionnaire_response (id)"
        )
    op.add_column("score", sa.Column("text", sa.String(200), nullable=True))
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_column("score", "text")
    for table in TABLES:
        op.drop_column(table, "confirmed_from_id")
    protect(op.get_bind())
