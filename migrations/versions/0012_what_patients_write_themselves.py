"""What patients write themselves, and shares by invitation and by parts of the plan."""

import sqlalchemy as sa
from alembic import op

from careplan.db import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_by_relative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_own_event_patient_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_event_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_own_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_event")),
    )
    op.create_index(op.f("ix_own_event_patient_id_on"), "own_event", ["patient_id", "on"], unique=False)
    op.create_table(
        "patient_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["practitioner.id"], name=op.f("fk_patient_note_answered_by_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_patient_note_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_patient_note_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_note")),
    )
    op.create_index(op.f("ix_patient_note_patient_id"), "patient_note", ["patient_id"], unique=False)
    op.create_table(
        "share_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("share_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_share_invitation_patient_id")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_share_invitation_share_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_invitation")),
    )
    op.create_index(op.f("ix_share_invitation_code_hash"), "share_invitation", ["code_hash"], unique=False)
    op.create_index(op.f("ix_share_invitation_patient_id"), "share_invitation", ["patient_id"], unique=False)
    op.create_table(
        "contact_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_contact_wish_patient_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_wish_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_contact_wish_task_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contact_wish_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_wish")),
    )
    op.create_index(
        op.f("ix_contact_wish_patient_id_created_at"), "contact_wish", ["patient_id", "created_at"], unique=False
    )
    op.create_table(
        "activity_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_by_relative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("wish_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_report_activity_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_activity_report_person_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["contact_wish.id"], name=op.f("fk_activity_report_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_report")),
    )
    op.create_index(op.f("ix_activity_report_activity_id"), "activity_report", ["activity_id"], unique=False)
    op.add_column("share", sa.Column("parts", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("share", "parts")
    op.drop_index(op.f("ix_activity_report_activity_id"), table_name="activity_report")
    op.drop_table("activity_report")
    op.drop_index(op.f("ix_contact_wish_patient_id_created_at"), table_name="contact_wish")
    op.drop_table("contact_wish")
    op.drop_index(op.f("ix_share_invitation_patient_id"), table_name="share_invitation")
    op.drop_index(op.f("ix_share_invitation_code_hash"), table_name="share_invitation")
    op.drop_table("share_invitation")
    op.drop_index(op.f("ix_patient_note_patient_id"), table_name="patient_note")
    op.drop_table("patient_note")
    op.drop_index(op.f("ix_own_event_patient_id_on"), table_name="own_event")
    op.drop_table("own_event")
