"""What a night looks through is found by index: forms without an answer, what was sent before, whose paper waits."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CORRECTS = op.f("ix_questionnaire_request_corrects_id")
SILENT = "status IN ('requested', 'in-progress', 'failed') AND silence_told_at IS NULL"
PARTIAL = (
    ("ix_questionnaire_request_silent", "opens_at", SILENT),
    (CORRECTS, "corrects_id", "corrects_id IS NOT NULL"),
    (op.f("ix_questionnaire_request_follows_id"), "follows_id", "follows_id IS NOT NULL"),
)
WHOLE = (
    ("questionnaire_response", ["patient_id", "unit_id", "submitted_at"]),
    ("task", ["request_id"]),
)


def upgrade() -> None:
    op.drop_index(CORRECTS, table_name="questionnaire_request")
    for name, column, where in PARTIAL:
        rows = sa.text(where)
        op.create_index(name, "questionnaire_request", [column], sqlite_where=rows, postgresql_where=rows)
    for table, columns in WHOLE:
        op.create_index(_name(table, columns), table, columns)


def downgrade() -> None:
    for table, columns in WHOLE:
        op.drop_index(_name(table, columns), table_name=table)
    for name, _column, _where in PARTIAL:
        op.drop_index(name, table_name="questionnaire_request")
    op.create_index(CORRECTS, "questionnaire_request", ["corrects_id"])


def _name(table: str, columns: list[str]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")
