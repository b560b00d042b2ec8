"""Referrals in the team, signed rehabilitation plans, action codes, and more about needs, goals and activities.

Columns that name another row are added in place, each with its foreign key: SQLite would need a batch otherwise.
"""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime
from careplan.models.immutable import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = {
    "practitioner": (("profession", sa.String(40), ""),),
    "needs_assessment": (
        ("reason", sa.String(40), ""),
        ("mode", sa.String(10), ""),
        ("children", sa.String(10), ""),
        ("children_offered", sa.Text(), ""),
    ),
    "goal": (("next_step", sa.Text(), ""), ("review_told_on", sa.Date(), None)),
    "activity": (
        ("profession", sa.String(40), ""),
        ("due_on", sa.Date(), None),
        ("is_self_care", sa.Boolean(), sa.false()),
        ("exercise_id", sa.String(60), ""),
        ("instructions", sa.Text(), ""),
    ),
}
# Who has one of these titles receives that profession's referrals from now on.
PROFESSIONS = {
    "fysioterapeut": "physiotherapist",
    "arbetsterapeut": "occupational-therapist",
    "dietist": "dietitian",
    "kurator": "counsellor",
    "logoped": "speech-therapist",
    "psykolog": "psychologist",
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind, default in columns:
            op.add_column(table, sa.Column(name, kind, nullable=default is None, server_default=default))
    _referrals()
    _revisions()
    op.create_table(
        "needs_draft",
        _key("plan_id", "needs_draft", "care_plan"),
        _key("practitioner_id", "needs_draft", "practitioner"),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "practitioner_id", name=op.f("pk_needs_draft")),
    )
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE task ADD COLUMN referral_id {kind} CONSTRAINT fk_task_referral_id REFERENCES referral (id)"
    )
    practitioner = sa.table("practitioner", sa.column("title"), sa.column("profession"))
    for title, profession in PROFESSIONS.items():
        named = sa.func.lower(practitioner.c.title) == title
        op.execute(practitioner.update().where(named).values(profession=profession))
    protect(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("task") as batch:  # a batch of a later migration made its key one of the whole table
        batch.drop_column("referral_id")
    for table in ("needs_draft", "recorded_code", "rehabilitation_answer", "rehabilitation_revision", "referral"):
        op.drop_table(table)
    for table, columns in COLUMNS.items():
        for name, _kind, _default in columns:
            op.drop_column(table, name)


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("patient_id", "referral", "patient"),
        _key("unit_id", "referral", "unit"),
        _key("plan_id", "referral", "care_plan"),
        sa.Column("profession", sa.String(40), nullable=False),
        _key("practitioner_id", "referral", "practitioner", nullable=True),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        _key("requested_by_id", "referral", "practitioner"),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        _key("answered_by_id", "referral", "practitioner", nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_patient_id"), "referral", ["patient_id"])
    op.create_index(op.f("ix_referral_unit_id_profession_status"), "referral", ["unit_id", "profession", "status"])


def _revisions() -> None:
    op.create_table(
        "rehabilitation_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("patient_id", "rehabilitation_revision", "patient"),
        _key("unit_id", "rehabilitation_revision", "unit"),
        _key("plan_id", "rehabilitation_revision", "care_plan"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _key("signed_by_id", "rehabilitation_revision", "practitioner"),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehabilitation_revision")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_rehabilitation_revision_plan_id_number")),
    )
    op.create_index(op.f("ix_rehabilitation_revision_patient_id"), "rehabilitation_revision", ["patient_id"])
    op.create_table(
        "rehabilitation_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("revision_id", "rehabilitation_answer", "rehabilitation_revision"),
        _key("person_id", "rehabilitation_answer", "person"),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehabilitation_answer")),
    )
    op.create_index(op.f("ix_rehabilitation_answer_revision_id"), "rehabilitation_answer", ["revision_id"])
    op.create_table(
        "recorded_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("patient_id", "recorded_code", "patient"),
        _key("unit_id", "recorded_code", "unit"),
        _key("plan_id", "recorded_code", "care_plan"),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        _key("assessment_id", "recorded_code", "needs_assessment", nullable=True),
        _key("revision_id", "recorded_code", "rehabilitation_revision", nullable=True),
        _key("activity_id", "recorded_code", "activity", nullable=True),
        _key("recorded_by_id", "recorded_code", "practitioner"),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_code")),
    )
    op.create_index(op.f("ix_recorded_code_patient_id"), "recorded_code", ["patient_id"])


def _key(name: str, table: str, target: str, *, nullable: bool = False) -> sa.Column[object]:
    constraint = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, sa.Uuid(), constraint, nullable=nullable)
