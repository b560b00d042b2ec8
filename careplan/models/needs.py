"""What the patient needs: assessments, goals and activities."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base
from careplan.domain.needs import GoalOutcome, NeedLevel
from careplan.models.people import Practitioner


class NeedsAssessment(Base):
    """A structured conversation about needs; the levels are set by the nurse, never by the program."""

    __tablename__ = "needs_assessment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    response_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("questionnaire_response.id"))
    assessed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    assessed_at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.String(40), default="")  # a kind of event, or own-initiative
    mode: Mapped[str] = mapped_column(sa.String(10), default="")  # visit, phone, video
    # Whether there are children under 18 in the family: yes, no, not-asked; and what was offered for their sake.
    children: Mapped[str] = mapped_column(sa.String(10), default="")
    children_offered: Mapped[str] = mapped_column(sa.Text, default="")
    levels: Mapped[list["AreaLevel"]] = relationship()
    assessed_by: Mapped[Practitioner] = relationship()


class AreaLevel(Base):
    """The level of one area in one assessment."""

    __tablename__ = "area_level"

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("needs_assessment.id"), primary_key=True)
    area: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    level: Mapped[NeedLevel]
    note: Mapped[str] = mapped_column(sa.Text, default="")


class Goal(Base):
    """What the patient wants to reach, in the patient's words, with a day to look back at it."""

    __tablename__ = "goal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("care_plan.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("needs_assessment.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    measure: Mapped[str] = mapped_column(sa.Text, default="")  # how we know that it is reached
    review_on: Mapped[date]
    status: Mapped[str] = mapped_column(sa.String(20))  # FHIR: active, completed, cancelled
    outcome: Mapped[GoalOutcome | None]
    next_step: Mapped[str] = mapped_column(sa.Text, default="")  # agreed when it was last looked back at
    review_told_on: Mapped[date | None]  # the review day that the patient has been told is over
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practitioner.id"))
    created_at: Mapped[datetime]
    activities: Mapped[list["Activity"]] = relationship(order_by="Activity.position")
    created_by: Mapped[Practitioner] = relationship()


class Activity(Base):
    """One thing to do for a goal, and who does it: a named practitioner, a profession, else the patient."""

    __tablename__ = "activity"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    goal_id: Mapped[UUID] = mapped_column(sa.ForeignKey("goal.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    timing: Mapped[str] = mapped_column(sa.String(200), default="")  # "två gånger i veckan", "18 november"
    responsible_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("practitioner.id"))
    profession: Mapped[str] = mapped_column(sa.String(40), default="")  # where it is nobody's by name
    due_on: Mapped[date | None]
    is_self_care: Mapped[bool] = mapped_column(default=False)
    # What was picked from content/activities, and its text as it was then, a line for each step.
    exercise_id: Mapped[str] = mapped_column(sa.String(60), default="")
    instructions: Mapped[str] = mapped_column(sa.Text, default="")
    responsible: Mapped[Practitioner | None] = relationship()
