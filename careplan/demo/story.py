"""The facts of one made-up patient, in plain data: what happened and when. Told to the actions, or to the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from careplan.actions.responses import Sending
from careplan.domain.answers import Answer
from careplan.domain.needs import GoalOutcome, NeedLevel
from careplan.domain.schedule import DueForm
from careplan.domain.tasks import Outcome

MET_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Handling:
    """What a nurse made of an answered form."""

    read_at: datetime
    closed_at: datetime
    outcome: Outcome
    next_step: str
    reason: str
    known_until: date | None


@dataclass(frozen=True, slots=True)
class FormStory:
    """One form that the plan asked for. Without `sent_at` it was never answered."""

    due: DueForm
    ordered_at: datetime
    started_at: datetime | None = None
    sent_at: datetime | None = None
    answers: tuple[tuple[str, Answer, datetime], ...] = ()
    sending: Sending = Sending()
    device: str = ""
    handling: Handling | None = None

    @property
    def entry_key(self) -> str:
        return self.due.entry_key

    @property
    def questionnaire(self) -> str:
        return self.due.questionnaire


@dataclass(frozen=True, slots=True)
class EventStory:
    kind: str
    on: date
    title: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentStory:
    starts_at: datetime
    title: str
    place: str
    preparation: str
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewStory:
    reviewed_at: datetime
    outcome: GoalOutcome


@dataclass(frozen=True, slots=True)
class GoalStory:
    """`goal` names one of the clinic's; `by` and each activity's doer are user names, "" for the patient.

    `entry_key` is the form that had been answered then, "" where there was none.
    """

    goal: str
    by: str
    set_at: datetime
    review_on: date
    doers: tuple[str, ...]
    levels: Mapping[str, NeedLevel]
    summary: str
    review: ReviewStory | None = None
    entry_key: str = ""


@dataclass(frozen=True, slots=True)
class SigningStory:
    """The working copy as it is signed: for the first time, or when the patient has come to another phase."""

    phase: str
    signed_at: datetime
    greeting: str = ""
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanStory:
    definition: str
    treatments: tuple[str, ...]
    drafted_at: datetime
    signings: tuple[SigningStory, ...]
    events: tuple[EventStory, ...]
    appointments: tuple[AppointmentStory, ...]
    forms: tuple[FormStory, ...]
    goals: tuple[GoalStory, ...]

    @property
    def met(self) -> tuple[tuple[int, datetime], ...]:
        """When the patient met each version, by its number: all but the last one, which is new to them."""
        return tuple((number, each.signed_at + MET_AFTER) for number, each in enumerate(self.signings[:-1], start=1))


@dataclass(frozen=True, slots=True)
class ShareStory:
    given: str
    family: str
    number: str
    username: str
    relation: str
    scopes: tuple[str, ...]
    shared_at: datetime


@dataclass(frozen=True, slots=True)
class PatientStory:
    index: int
    username: str
    given: str
    family: str
    number: str
    language: str
    phone: str
    email: str
    notify_by: str
    uses_paper: bool
    unit: str
    nurse: str
    team: tuple[str, ...]
    registered_at: datetime
    plan: PlanStory | None = None
    paper_at: datetime | None = None
    share: ShareStory | None = None
