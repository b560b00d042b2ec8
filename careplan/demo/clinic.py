"""content/demo/clinic.yaml, read and checked."""

from datetime import date, time
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from careplan.domain.errors import CareplanError
from careplan.domain.identity import Capacity
from careplan.domain.needs import NeedLevel
from careplan.domain.tasks import Outcome


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitModel(Model):
    name: str
    region: str
    phone: str
    address: str
    hours: tuple[str, str]
    facts: dict[str, dict[str, str]] = {}


class StaffModel(Model):
    username: str
    given: str
    family: str
    title: str
    unit: str
    role: Capacity
    profession: str = ""
    phone: str
    cover: str | None = None


class AbsenceModel(Model):
    who: str
    cover: str
    weekday: int
    days: int


class EventModel(Model):
    kind: str
    day: int
    title: str


class PathwayModel(Model):
    plan: str
    treatments: list[str]
    events: list[EventModel]
    phases: dict[int, str]
    weight: int

    def phase_on(self, day: int) -> str:
        return self.phases[max(start for start in self.phases if start <= max(day, min(self.phases)))]


class AppointmentModel(Model):
    in_days: int
    at: time
    title: str
    place: str
    preparation: str


class HandlingModel(Model):
    outcome: Outcome
    reason: str = ""
    next_step: str


class GoalPlanModel(Model):
    goal: str
    by: str
    days_ago: int
    review_in: int


class ShareModel(Model):
    given: str
    family: str
    number: str
    username: str
    relation: str
    scopes: list[str]
    days_ago: int


class PatientModel(Model):
    """A patient with a story of their own; without a user name there is no way to log in."""

    username: str
    given: str
    family: str
    number: str
    unit: str
    nurse: str
    pathway: str
    day: int
    team: list[str] = []
    language: str = "sv"
    notify_by: str = "none"
    email: str = ""
    phone: str = ""
    uses_paper: bool = False
    paper_days_ago: int | None = None
    burden: dict[str, float] = {}
    greeting: str = ""
    notes: dict[str, str] = {}
    last_handling: HandlingModel | None = None
    appointments: list[AppointmentModel] = []
    goals: list[GoalPlanModel] = []
    share: ShareModel | None = None


class WaveModel(Model):
    red: int
    yellow: int
    calm: int
    contact: int


class OthersModel(Model):
    unit: str
    nurse: str
    rehabilitation: str
    total: int
    without_plan: int
    men: int
    overdue_reviews: int
    wave: WaveModel


class MoreModel(Model):
    """Units for more patients than the clinic has; as many nurses in each."""

    unit: str
    phone: str
    address: str
    nurses: int


class ActivityModel(Model):
    text: str
    timing: str
    who: str = "patient"


class GoalModel(Model):
    text: str
    measure: str
    areas: dict[str, NeedLevel]
    activities: list[ActivityModel]


class NamesModel(Model):
    women: dict[int, list[str]]
    men: dict[int, list[str]]
    family: list[str]


class NumbersModel(Model):
    women: list[str]
    men: list[str]


class Clinic(Model):
    provider: str
    units: dict[str, UnitModel]
    staff: list[StaffModel]
    absences: list[AbsenceModel]
    pathways: dict[str, PathwayModel]
    patients: list[PatientModel]
    others: OthersModel
    more: MoreModel
    symptoms: dict[str, Any]
    remarks: list[str]
    comments: list[str]
    handling: dict[Outcome, list[str]]
    reasons: dict[Outcome, str]
    assessment_summaries: list[str]
    goals: dict[str, GoalModel]
    common_goals: list[str]
    appointments: list[AppointmentModel]
    names: NamesModel
    numbers: NumbersModel

    def staff_member(self, username: str) -> StaffModel:
        return next(member for member in self.staff if member.username == username)


class NoClinic(CareplanError):
    """content/demo is not there, so there is nothing to load."""


def read_clinic(content_path: Path) -> Clinic:
    directory = content_path / "demo"
    if not directory.is_dir():
        raise NoClinic
    data = yaml.safe_load((directory / "clinic.yaml").read_text(encoding="utf-8"))
    numbers = yaml.safe_load((directory / "numbers.yaml").read_text(encoding="utf-8"))
    return Clinic.model_validate(data | {"numbers": {kind: numbers[kind].split() for kind in numbers}})


def made_up_number(born_on: date, birth_number: int) -> str:
    """A number with one of the birth numbers that no real person has (content/demo/numbers.yaml)."""
    digits = f"{born_on:%Y%m%d}{birth_number:03}"
    total = 0
    for place, digit in enumerate(digits[2:]):
        product = int(digit) * (2 - place % 2)
        total += product // 10 + product % 10
    return digits + str(-total % 10)
