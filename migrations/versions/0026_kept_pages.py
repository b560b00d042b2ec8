"""What the needs page could, others can too: be kept for later as its writer left it."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create("kept_page", sa.Column("page", sa.String(20), nullable=False))
    op.execute(
        "INSERT INTO kept_page (plan_id, practitioner_id, page, content, saved_at) "
        "SELECT plan_id, practitioner_id, 'needs', content, saved_at FROM needs_draft"
    )
    op.drop_table("needs_draft")


def downgrade() -> None:
    _create("needs_draft")
    op.execute(
        "INSERT INTO needs_draft (plan_id, practitioner_id, content, saved_at) "
        "SELECT plan_id, practitioner_id, content, saved_at FROM kept_page WHERE page = 'needs'"
    )
    op.drop_table("kept_page")


def _create(table: str, *key: sa.Column) -> None:
    op.create_table(
        table,
        *(
            sa.Column(name, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{table}_{name}_{to}")), nullable=False)
            for name, to in (("plan_id", "care_plan"), ("practitioner_id", "practitioner"))
        ),
        *key,
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "practitioner_id", *(each.name for each in key), name=op.f(f"pk_{table}")),
    )
