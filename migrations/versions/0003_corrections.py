"""Answers corrected after they were sent: a new version that replaces the old one, which stays.

Columns are added in place: SQLite keeps the triggers of an immutable table then, and loses them in a batch. A foreign
key is written with its column there, since a constraint of its own would need a batch, too.
"""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.models.immutable import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A column that names another row: its table, its name, and the table of that row.
LINKS = (
    ("questionnaire_request", "corrects_id", "questionnaire_request"),
    ("questionnaire_response", "replaces_id", "questionnaire_response"),
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, column, target in LINKS:
        key = f"fk_{table}_{column}"
        kind = "CHAR(32)" if is_sqlite else "UUID"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {key} REFERENCES {target} (id)")
    op.add_column("questionnaire_response", sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("questionnaire_response", sa.Column("first_sent_at", UTCDateTime(), nullable=True))
    op.create_index(op.f("ix_questionnaire_request_corrects_id"), "questionnaire_request", ["corrects_id"])
    op.create_index(
        op.f("ix_questionnaire_response_replaces_id"), "questionnaire_response", ["replaces_id"], unique=True
    )
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_index(op.f("ix_questionnaire_response_replaces_id"), table_name="questionnaire_response")
    op.drop_index(op.f("ix_questionnaire_request_corrects_id"), table_name="questionnaire_request")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER questionnaire_response_no_replace")  # it names a column that goes
    for name in ("first_sent_at", "number"):
        op.drop_column("questionnaire_response", name)
    for table, column, _target in LINKS:
        op.drop_column(table, column)
    protect(op.get_bind())
