"""A unit's own rules for a form: which answers are a reason to look. And what they would have done."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.models.people import Practitioner

WAITING = ("requested", "in-progress")


class RuleVersion(Base):
    """One version of a unit's rules for a form; it replaces the rules that the form came with.

    `rules` are nodes as in a questionnaire's file: {"id", "level", "when", "item", "owner", "source"}. From `proposed`
    on they never change. Status: draft, proposed, active (one for each unit and form), retired, dropped.
    """

    __tablename__ = "rule_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    questionnaire_id: Mapped[str] = mapped_column(sa.String(100))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(20))
    rules: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    written_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    written_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it is proposed
    proposed_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    decided_at: Mapped[datetime | None]  # an active version counts from then on
    answer: Mapped[str] = mapped_column(sa.Text, default="")  # why it was returned
    version: Mapped[int] = mapped_column(default=1)
    written_by: Mapped[Practitioner] = relationship(foreign_keys=written_by_id)
    decided_by: Mapped[Practitioner | None] = relationship(foreign_keys=decided_by_id)
    trials: Mapped[list["RuleTrial"]] = relationship(order_by="RuleTrial.asked_at")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "questionnaire_id", "number"),
        sa.Index(
            "ix_rule_version_active",
            "unit_id",
            "questionnaire_id",
            unique=True,
            sqlite_where=sa.text("status = 'active'"),
            postgresql_where=sa.text("status = 'active'"),
        ),
    )

    @classmethod
    def in_force(cls) -> sa.Select[tuple["RuleVersion"]]:
        """The version that counts now; asks for the parameters `unit_id` and `questionnaire_id`."""
        return sa.select(cls).where(
            cls.unit_id == sa.bindparam("unit_id"),
            cls.questionnaire_id == sa.bindparam("questionnaire_id"),
            cls.status == "active",
        )


class RuleTrial(Base):
    """A version tried on a year of the unit's own answers: how far it has come, and what came out."""

    __tablename__ = "rule_trial"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    rule_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rule_version.id"), index=True)
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    asked_at: Mapped[datetime]
    rules: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)  # as they were when it was asked for
    status: Mapped[str] = mapped_column(sa.String(20))  # requested, in-progress, completed, failed
    seen_at: Mapped[datetime | None]  # when it last told how far it had come
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # domain.simulation.Outcome

    __table_args__ = (
        sa.Index(
            "ix_rule_trial_waiting",
            "asked_at",
            sqlite_where=sa.text("status IN ('requested', 'in-progress')"),
            postgresql_where=sa.text("status IN ('requested', 'in-progress')"),
        ),
    )
