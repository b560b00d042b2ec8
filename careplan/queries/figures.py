"""A unit's figures for a period, from ordinary work: counts, never a patient and never a person at work."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.figures import Share, percentile, shielded, whole
from careplan.domain.identity import Capacity, age
from careplan.domain.needs import AREAS, Domain, NeedLevel
from careplan.domain.plan import NEEDS_ASSESSED_AT
from careplan.domain.tasks import TaskKind
from careplan.domain.triage import Level
from careplan.domain.worktime import OpeningHours, working_time_left
from careplan.i18n import TIME_ZONE, local
from careplan.library.figures import Codebook
from careplan.models import (
    AreaLevel,
    CarePlan,
    CareTeamMember,
    Goal,
    NeedsAssessment,
    Patient,
    Person,
    PlanEvent,
    PlanOffer,
    PlanRevision,
    QuestionnaireRequest,
    QuestionnaireResponse,
    RehabilitationRevision,
    Task,
    Unit,
)
from careplan.models.tasks import ADRIFT, OPEN

# How near an event an assessment of needs counts: our own proposal.
BEFORE, AFTER = timedelta(days=14), timedelta(days=30)
AGES = ((0, 39), (40, 64), (65, 79), (80, 200))
DOMAIN_OF = {area.id: area.domain for area in AREAS}


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first_on: date
    last_on: date

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first_on, time.min, TIME_ZONE)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last_on + timedelta(days=1), time.min, TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the whole unit, and by groups where it has any: heading -> shares."""

    id: str
    total: Share
    groups: dict[str, list[Share]]


@dataclass(frozen=True, slots=True)
class Times:
    """How long flags of one level waited, in working time, for their first reader and for their end."""

    level: Level
    count: int
    read_median: timedelta | None
    read_95: timedelta | None
    done_median: timedelta | None
    done_95: timedelta | None


@dataclass(frozen=True, slots=True)
class Figures:
    period: Period
    figures: tuple[Figure, ...]
    times: tuple[Times, ...]
    overdue: int
    escalated: int
    unrouted: int
    weeks: tuple[tuple[date, Share], ...]  # Monday -> flags dealt with in time, of those due that week

    def figure(self, figure_id: str) -> Figure:
        return next(each for each in self.figures if each.id == figure_id)


def figures(db: Session, book: Codebook, unit_id: UUID, period: Period, *, at: datetime) -> Figures:
    """Some fifteen statements, each over the rows of one unit and period."""
    found = [
        *_newcomers(db, book, unit_id, period),
        _assessed(db, book, unit_id, period),
        *_needs(db, book, unit_id, period),
        _reviews(db, book, unit_id, period, at=at),
        _responses(db, book, unit_id, period, at=at),
    ]
    flags = _flags(db, unit_id, period)
    due = [row for row in flags if period.since <= row.due_at < period.until and row.due_at <= at]
    in_time = [row for row in due if _is_in_time(row)]
    found.append(Figure("flags-in-time", whole(len(in_time), len(due), book.smallest_total), {}))
    hours = db.get_one(Unit, unit_id).opening_hours
    return Figures(
        period=period,
        figures=tuple(found),
        times=tuple(_times(level, [row for row in flags if row.level is level], hours) for level in Level),
        overdue=sum(1 for row in due if not _is_in_time(row)),
        escalated=sum(1 for row in due if row.climbed),
        unrouted=_unrouted(db, unit_id),
        weeks=tuple(_weeks(due, book.smallest_total)),
    )


def flags_in_time(
    db: Session, book: Codebook, unit_id: UUID, period: Period, *, at: datetime
) -> list[tuple[date, Share]]:
    """Monday of each week -> flags dealt with in time, of those due by now; the newest first."""
    flags = _flags(db, unit_id, period)
    due = [row for row in flags if period.since <= row.due_at < period.until and row.due_at <= at]
    return list(_weeks(due, book.smallest_total))[::-1]


def _newcomers(db: Session, book: Codebook, unit_id: UUID, period: Period) -> Iterable[Figure]:
    """Those whose care at the unit began in the period: what they were offered, and what they have."""
    rows = db.execute(
        sa.select(
            CareTeamMember.patient_id,
            sa.func.min(CareTeamMember.from_on),
            sa.func.max(sa.case((CareTeamMember.offered_on.is_not(None), 1), else_=0)),
            sa.func.max(sa.case((CareTeamMember.accepted_on.is_not(None), 1), else_=0)),
            sa.func.max(sa.case((CareTeamMember.named_on.is_not(None), 1), else_=0)),
        )
        .where(CareTeamMember.unit_id == unit_id, CareTeamMember.role == Capacity.CONTACT_NURSE)
        .group_by(CareTeamMember.patient_id)
        .having(sa.func.min(CareTeamMember.from_on).between(period.first_on, period.last_on))
    ).all()
    patients = {row[0] for row in rows}
    plans = set(db.scalars(sa.select(CarePlan.patient_id).where(CarePlan.unit_id == unit_id)))
    asked = set(db.scalars(sa.select(PlanOffer.patient_id).where(PlanOffer.unit_id == unit_id)))
    signed = set(
        db.scalars(
            sa.select(CarePlan.patient_id)
            .join(PlanRevision, PlanRevision.plan_id == CarePlan.id)
            .where(CarePlan.unit_id == unit_id, PlanRevision.number == 1)
        )
    )
    counts = {
        "contact-nurse-offered": sum(row[2] for row in rows),
        "contact-nurse-accepted": sum(row[3] for row in rows),
        "contact-nurse-named": sum(row[4] for row in rows),
        "plan-offered": len(patients & (plans | asked)),
        "plan-started": len(patients & signed),
    }
    return [Figure(each, whole(part, len(patients), book.smallest_total), {}) for each, part in counts.items()]


def _assessed(db: Session, book: Codebook, unit_id: UUID, period: Period) -> Figure:
    """Events at which needs are to be assessed, and whether that was done near them."""
    events = db.execute(
        sa.select(PlanEvent.kind, PlanEvent.on, CarePlan.patient_id)
        .join(CarePlan, CarePlan.id == PlanEvent.plan_id)
        .where(
            CarePlan.unit_id == unit_id,
            PlanEvent.kind.in_(NEEDS_ASSESSED_AT),
            PlanEvent.on.between(period.first_on, period.last_on),
        )
    ).all()
    made: dict[UUID, list[date]] = defaultdict(list)
    for patient_id, moment in db.execute(
        sa.select(NeedsAssessment.patient_id, NeedsAssessment.assessed_at).where(NeedsAssessment.unit_id == unit_id)
    ):
        made[patient_id].append(local(moment).date())
    total, done = Counter(row.kind for row in events), Counter[str]()
    for kind, on, patient_id in events:
        done[kind] += any(on - BEFORE <= day <= on + AFTER for day in made[patient_id])
    by_event = [Share(kind, done[kind], total[kind]) for kind in NEEDS_ASSESSED_AT if total[kind]]
    return Figure(
        "needs-assessed",
        whole(done.total(), total.total(), book.smallest_total),
        {"event": shielded(by_event, book.smallest_group)},
    )


def _needs(db: Session, book: Codebook, unit_id: UUID, period: Period) -> Iterable[Figure]:
    """The latest assessment of each patient: a domain counts by its highest area."""
    rows = db.execute(
        sa.select(NeedsAssessment.id, NeedsAssessment.patient_id)
        .where(
            NeedsAssessment.unit_id == unit_id,
            NeedsAssessment.assessed_at >= period.since,
            NeedsAssessment.assessed_at < period.until,
        )
        .order_by(NeedsAssessment.assessed_at)
    )
    latest = {patient_id: assessment_id for assessment_id, patient_id in rows}
    highest: dict[UUID, dict[Domain, NeedLevel]] = defaultdict(dict)
    for assessment_id, area, level in db.execute(
        sa.select(AreaLevel.assessment_id, AreaLevel.area, AreaLevel.level)
        .join(NeedsAssessment, NeedsAssessment.id == AreaLevel.assessment_id)
        .where(NeedsAssessment.unit_id == unit_id, NeedsAssessment.assessed_at < period.until)
    ):
        domain = DOMAIN_OF[area]
        highest[assessment_id][domain] = max(highest[assessment_id].get(domain, NeedLevel.NONE), level)
    needy = {
        patient_id
        for patient_id, assessment_id in latest.items()
        if any(level > NeedLevel.NONE for level in highest[assessment_id].values())
    }
    groups = {}
    for domain in Domain:
        levels = Counter(
            highest[assessment_id][domain] for assessment_id in latest.values() if domain in highest[assessment_id]
        )
        # Each level is a group of its own here: a level that few have would point at them.
        groups[domain.value] = _levels(levels, book.smallest_group)
    yield Figure("needs-found", whole(len(needy), len(latest), book.smallest_total), groups)
    planned = set(
        db.scalars(sa.select(RehabilitationRevision.patient_id).where(RehabilitationRevision.unit_id == unit_id))
    ) | set(
        db.scalars(
            sa.select(Goal.patient_id).join(CarePlan, CarePlan.id == Goal.plan_id).where(CarePlan.unit_id == unit_id)
        )
    )
    yield Figure("rehabilitation-planned", whole(len(needy & planned), len(needy), book.smallest_total), {})


def _levels(levels: Counter[NeedLevel], smallest: int) -> list[Share]:
    assessed = levels.total()
    if assessed < smallest:
        return [Share(level.value, None, None) for level in NeedLevel]
    return [Share(level.value, levels[level], assessed) for level in NeedLevel]


def _reviews(db: Session, book: Codebook, unit_id: UUID, period: Period, *, at: datetime) -> Figure:
    rows = db.execute(
        sa.select(Task.due_at, Task.completed_at).where(
            Task.unit_id == unit_id,
            Task.kind == TaskKind.REVIEW,
            Task.due_at >= period.since,
            Task.due_at < min(period.until, at),
        )
    ).all()
    return Figure("reviewed-in-time", whole(sum(map(_is_in_time, rows)), len(rows), book.smallest_total), {})


def _responses(db: Session, book: Codebook, unit_id: UUID, period: Period, *, at: datetime) -> Figure:
    """Forms whose time ended in the period, by age, language and way of answering."""
    rows = db.execute(
        sa.select(
            Person.born_on,
            Person.language,
            Patient.uses_paper,
            QuestionnaireResponse.mode,
            QuestionnaireResponse.id.is_not(None).label("answered"),
        )
        .select_from(QuestionnaireRequest)
        .join(Patient, Patient.id == QuestionnaireRequest.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .outerjoin(QuestionnaireResponse, QuestionnaireResponse.request_id == QuestionnaireRequest.id)
        .where(
            QuestionnaireRequest.unit_id == unit_id,
            QuestionnaireRequest.corrects_id.is_(None),
            QuestionnaireRequest.respondent_id.is_(None),
            QuestionnaireRequest.status.in_((*OPEN, "completed", "failed")),
            QuestionnaireRequest.closes_at >= period.since,
            QuestionnaireRequest.closes_at < min(period.until, at),
        )
    ).all()
    groups: dict[str, dict[str, list[bool]]] = {name: defaultdict(list) for name in ("age", "language", "mode")}
    for row in rows:
        groups["age"][_age_group(age(row.born_on, period.last_on) if row.born_on else None)].append(row.answered)
        groups["language"][row.language].append(row.answered)
        groups["mode"][row.mode or ("paper" if row.uses_paper else "web")].append(row.answered)
    return Figure(
        "responses",
        whole(sum(row.answered for row in rows), len(rows), book.smallest_total),
        {
            name: shielded(
                [Share(key, sum(kept), len(kept)) for key, kept in sorted(found.items())], book.smallest_group
            )
            for name, found in groups.items()
        },
    )


def _age_group(years: int | None) -> str:
    if years is None:
        return "unknown"
    low, high = next(span for span in AGES if span[0] <= years <= span[1])
    return f"{low}-{high}" if high < AGES[-1][1] else f"{low}-"


def _flags(db: Session, unit_id: UUID, period: Period) -> list[sa.Row]:
    return list(
        db.execute(
            sa.select(Task.level, Task.starts_at, Task.due_at, Task.read_at, Task.completed_at, Task.climbed).where(
                Task.unit_id == unit_id,
                Task.kind == TaskKind.FLAG,
                sa.or_(
                    sa.and_(Task.due_at >= period.since, Task.due_at < period.until),
                    sa.and_(Task.starts_at >= period.since, Task.starts_at < period.until),
                ),
            )
        )
    )


def _is_in_time(row: sa.Row) -> bool:
    return row.completed_at is not None and row.completed_at <= row.due_at


def _times(level: Level, rows: list[sa.Row], hours: OpeningHours) -> Times:
    read = [working_time_left(hours, row.starts_at, row.read_at) for row in rows if row.read_at is not None]
    done = [working_time_left(hours, row.starts_at, row.completed_at) for row in rows if row.completed_at is not None]
    return Times(
        level, len(rows), percentile(read, 50), percentile(read, 95), percentile(done, 50), percentile(done, 95)
    )


def _weeks(due: list[sa.Row], smallest: int) -> Iterable[tuple[date, Share]]:
    total, kept = Counter[date](), Counter[date]()
    for row in due:
        day = local(row.due_at).date()
        monday = day - timedelta(days=day.weekday())
        total[monday] += 1
        kept[monday] += _is_in_time(row)
    for monday in sorted(total):
        yield monday, whole(kept[monday], total[monday], smallest)


def _unrouted(db: Session, unit_id: UUID) -> int:
    """Tasks that stand in nobody's list though no person has ended them. The sweeper leaves none."""
    return db.scalar(sa.select(sa.func.count()).where(Task.unit_id == unit_id, sa.text(ADRIFT))) or 0
