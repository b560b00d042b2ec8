"""Forms that relatives answer about themselves, and forms that are more private than others.

Columns are added in place, with their foreign keys: a batch would lose the triggers of an immutable table on SQLite.
"""

import sqlalchemy as sa
from alembic import op

from careplan.models.immutable import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("questionnaire_request", "questionnaire_response")


def upgrade() -> None:
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    for table in TABLES:
        key = f"fk_{table}_respondent_id"
        op.execute(f"ALTER TABLE {table} ADD COLUMN respondent_id {kind} CONSTRAINT {key} REFERENCES person (id)")
    op.add_column(
        "questionnaire_request", sa.Column("is_sensitive", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_column("questionnaire_request", "is_sensitive")
    for table in TABLES:
        op.drop_column(table, "respondent_id")
    protect(op.get_bind())
