"""Periodic work on Huey. Each job may run twice, or twice at once, and does its work once."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from types import FrameType
from uuid import UUID

import sqlalchemy as sa
import structlog
from huey import Huey, crontab
from huey.consumer import Consumer
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import audit, climbing, rehabilitation, responses, routing, sweeping
from careplan.actions.shelf import Shelf, Watch
from careplan.config import Settings
from careplan.db import make_engine, make_sessions
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.team import Contact
from careplan.jobs import trials
from careplan.jobs.feeder import Feeder
from careplan.jobs.queue import open_queue
from careplan.library import Library
from careplan.library.opening import NO_PUBLICATION, open_library
from careplan.models import CarePlan
from careplan.notify import Channels, Gateway, Notices, send_due
from careplan.queries.team import contact_for

# The one who acts when nobody does: its rows in the log are nobody's.
SYSTEM = Actor(person_id=UUID(int=0), capacity=Capacity.SYSTEM, name="careplan")
PAGE = 100

log = structlog.get_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Worker:
    """What the jobs need. Another library takes the place of this one when something is published."""

    settings: Settings
    library: Library
    sessions: sessionmaker[Session]
    clock: Callable[[], datetime] = _utc_now
    last: int = NO_PUBLICATION

    @classmethod
    def from_settings(cls, settings: Settings) -> "Worker":
        sessions = make_sessions(make_engine(settings.database_url))
        library, last = open_library(settings.content_path, sessions)
        return cls(settings, library, sessions, last=last)

    def take(self, library: Library) -> None:
        self.library = library

    def seal_log(self) -> bool:
        """Chain the log's new rows; whether there were any."""
        with self.sessions.begin() as db:
            self._alone(db, "seal_log")
            return audit.seal(db, at=self.clock()) is not None

    def send_notices(self) -> int:
        settings = self.settings
        channels = Channels(
            smtp_url=settings.smtp_url,
            mail_from=settings.mail_from,
            gateway=Gateway(settings.sms_url, settings.sms_token.get_secret_value()) if settings.sms_url else None,
            is_demo=settings.demo,
        )
        notices = Notices.load(settings.content_path)
        return send_due(self.sessions, notices, channels, base_url=settings.base_url, clock=self.clock)

    def order_forms(self) -> int:
        """Ask for what the plans' schedules have opened, some plans in each transaction; how many forms were asked."""
        ordered = 0
        last: UUID | None = UUID(int=0)
        while last is not None:
            with self.sessions.begin() as db:
                self._alone(db, "order_forms")
                page = responses.lacking(db, self.library, after=last, at=self.clock(), limit=PAGE)
                ordered += sum(self._order(db, plan) for plan in page.plans)
                last = page.last
        return ordered

    def remind(self) -> int:
        """Remind who has not answered, and tell the nurse of who still has not; some in each transaction."""
        return self._in_pages("remind", lambda db: responses.remind(db, by=SYSTEM, at=self.clock())) + self._in_pages(
            "tell_of_silence",
            lambda db: responses.tell_of_silence(db, self._contact_of(db), by=SYSTEM, at=self.clock()),
        )

    def _in_pages(self, job: str, step: Callable[[Session], int]) -> int:
        done = 0
        while True:
            with self.sessions.begin() as db:
                self._alone(db, job)
                count = step(db)
            if not count:
                return done
            done += count

    def _contact_of(self, db: Session) -> Callable[[UUID, UUID], Contact]:
        return lambda patient_id, unit_id: contact_for(db, patient_id, unit_id, at=self.clock())

    def expire_requests(self) -> int:
        with self.sessions.begin() as db:
            self._alone(db, "expire_requests")
            return responses.expire(db, by=SYSTEM, at=self.clock())

    def tell_of_expiry(self) -> int:
        with self.sessions.begin() as db:
            self._alone(db, "tell_of_expiry")
            return responses.tell_of_expiry(db, by=SYSTEM, at=self.clock())

    def remind_reviews(self) -> int:
        with self.sessions.begin() as db:
            self._alone(db, "remind_reviews")
            return rehabilitation.remind_reviews(db, by=SYSTEM, at=self.clock())

    def keep_lists(self) -> int:
        """Mend what was damaged, find somebody for each task, and let what is overdue climb; how much there was."""
        done = 0
        for step in (_swept, routing.settle, climbing.climb):
            with self.sessions.begin() as db:
                self._alone(db, "keep_lists")
                done += step(db, by=SYSTEM, at=self.clock())
        return done

    def sweep_past(self) -> int:
        """Look through all older responses too, a month in each transaction; how much was found."""
        found = 0
        until: datetime | None = self.clock() - sweeping.LOOKED_BACK
        while until is not None:
            with self.sessions.begin() as db:
                self._alone(db, "keep_lists")
                kinds, until = sweeping.sweep_stretch(db, until, by=SYSTEM, at=self.clock())
            found += kinds.total()
        return found

    def try_rules(self) -> int:
        return trials.run_waiting(self.sessions, self.library, by=SYSTEM, clock=self.clock)

    def _order(self, db: Session, plan: CarePlan) -> int:
        try:
            with db.begin_nested():
                return len(responses.order_due(db, self.library, plan, by=SYSTEM, at=self.clock()))
        except CareplanError as error:
            # Its template is gone, perhaps; the other patients shall have their forms.
            log.error("forms_not_ordered", plan_id=str(plan.id), error=type(error).__name__)
            return 0

    def _alone(self, db: Session, job: str) -> None:
        """Name this run in the log, and wait for a run of the same job elsewhere. SQLite has one writer as it is."""
        audit.request_id.set(token_hex(8))
        if db.get_bind().dialect.name == "postgresql":
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(job))))


def _swept(db: Session, *, by: Actor, at: datetime) -> int:
    return sweeping.sweep(db, by=by, at=at).total()


def make_queue(worker: Worker) -> Huey:
    """The queue with its timetable; the same work is put in it once at the start."""
    queue = open_queue(worker.settings)
    every_minute, every_hour, at_night = crontab(minute="*"), crontab(minute="5"), crontab(hour="2", minute="20")
    for job, times in (
        (worker.seal_log, every_minute),
        (worker.keep_lists, every_minute),
        (worker.send_notices, every_minute),
        (worker.order_forms, every_hour),
        (worker.expire_requests, every_hour),
        (worker.tell_of_expiry, every_hour),
        (worker.remind, every_hour),
        (worker.remind_reviews, every_hour),
        (worker.try_rules, every_minute),
        (worker.sweep_past, at_night),
    ):
        queue.periodic_task(times, name=job.__name__)(_logged(job))
    return queue


def run(settings: Settings) -> None:
    """Work until told to stop (SIGTERM or SIGINT); what is under way is finished first."""
    signal.signal(signal.SIGTERM, _stop)  # until the consumer has its own handlers
    worker = Worker.from_settings(settings)
    queue = make_queue(worker)
    watch = Watch(Shelf(worker.library, worker.take, lambda: worker.sessions, worker.last))
    watch.start()
    for job in (
        worker.expire_requests,
        worker.tell_of_expiry,
        worker.remind_reviews,
        worker.order_forms,
        worker.remind,
        worker.keep_lists,
        worker.send_notices,
        worker.seal_log,
    ):
        _logged(job)()
    try_rules = queue.task(name="try_rules_now")(_logged(worker.try_rules))
    feeder = Feeder(worker.sessions, [(trials.IS_WAITING, try_rules)])
    feeder.start()
    Consumer(queue, workers=1, graceful_signal="TERM", max_delay=2.0, shutdown_timeout=30).run()
    feeder.stop()
    watch.stop()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _logged(job: Callable[[], int]) -> Callable[[], None]:
    def run_once() -> None:
        done = job()
        if done:
            log.info("job_done", job=job.__name__, count=int(done))

    run_once.__name__ = job.__name__
    return run_once
