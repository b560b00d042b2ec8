"""Messages, referrals and handovers stand in the list: the ranks after them move."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE task SET rank = rank + 30 WHERE rank >= 30")


def downgrade() -> None:
    op.execute("UPDATE task SET rank = rank - 30 WHERE rank >= 60")
