"""When the patient was told that a half-filled form closes soon, so that it is said once."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("told_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("draft", "told_at")
