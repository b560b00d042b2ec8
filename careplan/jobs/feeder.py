"""What somebody waits for at a page is not left to the next minute: a thread sees it and puts the job in the queue."""

from collections.abc import Callable
from threading import Event, Thread

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, sessionmaker

log = structlog.get_logger(__name__)

SECONDS = 2.0


class Feeder(Thread):
    """Asks the database every other second; `jobs` pairs a question with what puts its work in the queue."""

    def __init__(
        self, sessions: sessionmaker[Session], jobs: list[tuple[sa.Select[tuple[bool]], Callable[[], object]]]
    ) -> None:
        super().__init__(name="feeder", daemon=True)
        self.sessions, self.jobs = sessions, jobs
        self.stopped = Event()

    def run(self) -> None:
        while not self.stopped.wait(SECONDS):
            for waiting, enqueue in self.jobs:
                try:
                    with self.sessions() as db:
                        is_waiting = db.scalar(waiting)
                except sa.exc.DBAPIError as error:  # the database is away: the timetable still has the work
                    log.warning("feeder_waits", error=type(error).__name__)
                    break
                if is_waiting:
                    enqueue()

    def stop(self) -> None:
        self.stopped.set()
        self.join()
