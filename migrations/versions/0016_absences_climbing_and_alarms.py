"""A unit's own times, in whose list a task stands, how far it has climbed, who has it open, and alarms."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = "status IN ('requested', 'in-progress')"
ADRIFT = "status NOT IN ('requested', 'in-progress') AND (completed_by_id IS NULL OR outcome IS NULL)"
# What must have a value has it in rows that are there.
UNIT = (
    ("extra_closed", sa.JSON(), "[]"),
    ("response_times", sa.JSON(), "{}"),
    ("cover_text", sa.String(300), ""),
    ("closed_on", sa.Date(), None),
)
TASK = (
    ("with_provider_since", UTCDateTime(), None),
    ("climbed", sa.SmallInteger(), "0"),
    ("held_at", UTCDateTime(), None),
)


def upgrade() -> None:
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.add_column("provider", sa.Column("on_call_email", sa.String(200), nullable=False, server_default=""))
    for table, columns in (("unit", UNIT), ("task", TASK)):
        for name, type_, default in columns:
            op.add_column(table, sa.Column(name, type_, nullable=default is None, server_default=default))
    for name, table in (("list_unit_id", "unit"), ("held_by_id", "practitioner")):
        op.execute(f"ALTER TABLE task ADD COLUMN {name} {kind} CONSTRAINT fk_task_{name} REFERENCES {table} (id)")
    op.execute("UPDATE task SET list_unit_id = unit_id")
    op.drop_index("ix_task_open", table_name="task")
    with op.batch_alter_table("task") as batch:
        batch.alter_column("list_unit_id", existing_type=sa.Uuid(), nullable=False)
    op.create_index(
        "ix_task_open",
        "task",
        ["list_unit_id", "rank", "due_at", "id"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_index("ix_task_adrift", "task", ["id"], sqlite_where=sa.text(ADRIFT), postgresql_where=sa.text(ADRIFT))
    with op.batch_alter_table("outbox_message") as batch:
        batch.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("address", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "alarm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("mailed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_alarm_provider_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_alarm_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    op.create_index("ix_alarm_provider_id", "alarm", ["provider_id"])


def downgrade() -> None:
    op.drop_table("alarm")
    op.execute("DELETE FROM outbox_message WHERE person_id IS NULL")
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_column("address")
        batch.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index("ix_task_adrift", table_name="task")
    op.drop_index("ix_task_open", table_name="task")
    with op.batch_alter_table("task") as batch:
        for name in ("list_unit_id", "held_by_id"):
            batch.drop_column(name)
        for name, _type, _default in TASK:
            batch.drop_column(name)
    op.create_index(
        "ix_task_open",
        "task",
        ["unit_id", "rank", "due_at", "id"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    for name, _type, _default in UNIT:
        op.drop_column("unit", name)
    op.drop_column("provider", "on_call_email")
