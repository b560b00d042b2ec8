"""Forms taken in short sittings: which questions were answered before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("short_after", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("draft", "short_after")
