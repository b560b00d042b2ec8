"""Rules tried on a year of a unit's answers: what a manager asked for, with its progress shown."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.simulation import PERIOD, Load, Trial
from careplan.i18n import TIME_ZONE, local
from careplan.library import Library
from careplan.library.unit_rules import compile_rules, with_rules
from careplan.models import Membership, RuleTrial, RuleVersion
from careplan.models.rules import WAITING
from careplan.queries import trials
from careplan.queries.answers import unit_rules

# A run that has shown nothing for so long was killed; another one starts it anew.
LOST_AFTER = timedelta(minutes=2)
IS_WAITING = sa.select(sa.exists().where(RuleTrial.status == WAITING[0]))


def run_waiting(sessions: sessionmaker[Session], library: Library, *, by: Actor, clock: Callable[[], datetime]) -> int:
    """All that wait, the oldest first; how many were finished."""
    finished = 0
    while (trial_id := _claimed(sessions, clock())) is not None:
        try:
            _run(sessions, library, trial_id, by=by, clock=clock)
        except CareplanError:
            with sessions.begin() as db:
                db.get_one(RuleTrial, trial_id).status = "failed"
        finished += 1
    return finished


def _claimed(sessions: sessionmaker[Session], at: datetime) -> UUID | None:
    with sessions.begin() as db:
        waiting = sa.or_(RuleTrial.status == WAITING[0], RuleTrial.seen_at < at - LOST_AFTER)
        trial = db.scalar(
            sa.select(RuleTrial)
            .where(RuleTrial.status.in_(WAITING), waiting)
            .order_by(RuleTrial.asked_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if trial is None:
            return None
        trial.status, trial.seen_at, trial.done = WAITING[1], at, 0
        return trial.id


def _run(
    sessions: sessionmaker[Session], library: Library, trial_id: UUID, *, by: Actor, clock: Callable[[], datetime]
) -> None:
    """Some patients in each transaction: what was read is in the log with it, and nobody waits for the whole."""
    with sessions.begin() as db:
        asked = db.get_one(RuleTrial, trial_id)
        version = db.get_one(RuleVersion, asked.rule_version_id)
        unit_id, since = version.unit_id, asked.asked_at - PERIOD
        form = library.questionnaire(version.questionnaire_id)
        now = with_rules(form, unit_rules(db, unit_id, form.id))
        trial = Trial(now.rules, compile_rules(form, asked.rules), TIME_ZONE)
        asked.total = trials.count(db, unit_id, form.id, since=since)
        nurses = _nurses(db, unit_id, clock())
    rules = (*trial.now, *trial.proposed)
    last: UUID | None = trials.START
    while last is not None:
        with sessions.begin() as db:
            page = trials.page(db, unit_id, form.id, rules, since=since, after=last)
            trial.feed(page.cases, since=since)
            at = clock()
            if page.patients:
                audit.record(
                    db, "try-rules", by=by, at=at, patients=page.patients, object_type="rules", object_id=version.id
                )
            asked = db.get_one(RuleTrial, trial_id)
            asked.done, asked.seen_at = trial.responses, at
            last = page.last
    with sessions.begin() as db:
        asked = db.get_one(RuleTrial, trial_id)
        asked.result = _told(trial, nurses)
        asked.status, asked.finished_at = "completed", clock()


def _nurses(db: Session, unit_id: UUID, at: datetime) -> int:
    today = local(at).date()
    return (
        db.scalar(
            sa.select(sa.func.count(sa.distinct(Membership.practitioner_id))).where(
                Membership.unit_id == unit_id,
                Membership.role == Capacity.CONTACT_NURSE,
                Membership.from_on <= today,
                sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
            )
        )
        or 0
    )


def _told(trial: Trial, nurses: int) -> dict[str, Any]:
    """As plain data: figures, and the numbers of receipts; no names."""
    return {
        "responses": trial.responses,
        "nurses": nurses,
        "now": _load(trial.load_now),
        "proposed": _load(trial.load_proposed),
        "moves": [[before, after, number] for (before, after), number in trial.moves.items()],
        "changed": [[each.number, each.sent_on.isoformat(), each.before, each.after] for each in trial.changed],
    }


def _load(load: Load) -> dict[str, Any]:
    return {
        "red": load.red,
        "yellow": load.yellow,
        "weeks": {monday.isoformat(): number for monday, number in sorted(load.weeks.items())},
        "rules": dict(load.rules),
    }
