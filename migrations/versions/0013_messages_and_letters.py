"""Threads of messages, who has read them, and letters that are owed; a task may be about a thread.

The task's column is added in place, with its foreign key: SQLite can add one to a table that is there, by itself.
"""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.models.immutable import protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("patient_id", "thread", "patient.id"),
        _key("unit_id", "thread", "unit.id"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        _key("plan_id", "thread", "care_plan.id", nullable=True),
        sa.Column("chapter_id", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        _key("started_by_id", "thread", "practitioner.id", nullable=True),
        _key("to_id", "thread", "practitioner.id", nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_patient_id_last_at"), "thread", ["patient_id", "last_at"])
    op.create_index(op.f("ix_thread_unit_id_last_at"), "thread", ["unit_id", "last_at"])
    op.create_table(
        "thread_read",
        _key("thread_id", "thread_read", "thread.id"),
        _key("person_id", "thread_read", "person.id"),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("capacity", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", "person_id", "read_at", name=op.f("pk_thread_read")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("thread_id", "message", "thread.id"),
        _key("author_id", "message", "person.id"),
        sa.Column("capacity", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        _key("task_id", "message", "task.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_thread_id_sent_at"), "message", ["thread_id", "sent_at"])
    op.create_index(op.f("ix_message_task_id"), "message", ["task_id"])
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("task_id", "letter", "task.id"),
        _key("patient_id", "letter", "patient.id"),
        _key("unit_id", "letter", "unit.id"),
        sa.Column("owed_at", UTCDateTime(), nullable=False),
        sa.Column("printed_at", UTCDateTime(), nullable=True),
        _key("printed_by_id", "letter", "practitioner.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("task_id", name=op.f("uq_letter_task_id")),
    )
    op.create_index(op.f("ix_letter_unit_id_printed_at_owed_at"), "letter", ["unit_id", "printed_at", "owed_at"])
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(f"ALTER TABLE task ADD COLUMN thread_id {kind} CONSTRAINT fk_task_thread_id REFERENCES thread (id)")
    op.create_index(op.f("ix_task_thread_id"), "task", ["thread_id"])
    protect(op.get_bind())


def downgrade() -> None:
    op.drop_index(op.f("ix_task_thread_id"), "task")
    for table in ("letter", "message", "thread_read"):
        op.drop_table(table)
    with op.batch_alter_table("task") as batch:  # a batch of a later migration made its key one of the whole table
        batch.drop_column("thread_id")
    op.drop_table("thread")


def _key(name: str, table: str, target: str, *, nullable: bool = False) -> sa.Column[object]:
    constraint = sa.ForeignKey(target, name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, sa.Uuid(), constraint, nullable=nullable)
