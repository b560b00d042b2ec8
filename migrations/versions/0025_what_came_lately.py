"""What came lately is looked through each minute, whichever unit it came to."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE, COLUMN = "questionnaire_response", "submitted_at"


def upgrade() -> None:
    op.create_index(op.f("ix_questionnaire_response_submitted_at"), TABLE, [COLUMN])


def downgrade() -> None:
    op.drop_index(op.f("ix_questionnaire_response_submitted_at"), table_name=TABLE)
