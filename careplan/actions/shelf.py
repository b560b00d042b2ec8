"""The library that holds in this process, swapped whole and outside any request when something was published."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import content
from careplan.library import Library
from careplan.library.opening import NO_PUBLICATION, last_publication, reopened

SECONDS = 2.0

log = structlog.get_logger(__name__)


class Shelf:
    """`put_out` gives a new library to those who read it, by one assignment: they have the old one or the new one."""

    def __init__(
        self,
        library: Library,
        put_out: Callable[[Library], None],
        sessions: Callable[[], sessionmaker[Session]],
        last: int = NO_PUBLICATION,
    ) -> None:
        self.library, self.put_out, self.sessions, self.last = library, put_out, sessions, last

    def refresh(self, *, at: datetime) -> bool:
        """Open what was published since the last time, and store what came of it; whether there was anything."""
        with self.sessions()() as db:
            last = last_publication(db)
        if last == self.last:
            return False
        # A copy: the library that is read meanwhile keeps its own.
        library, last = reopened(self.library.tree, self.sessions(), dict(self.library.compiled))
        with self.sessions().begin() as db:
            content.publish(db, library, at=at)
        self.library, self.last = library, last
        self.put_out(library)
        log.info("publications_opened", last=last)
        return True


class Watch(Thread):
    """Asks every other second whether something was published; one in each process."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(name="publications", daemon=True)
        self.shelf = shelf
        self.stopped = Event()

    def run(self) -> None:
        while not self.stopped.wait(SECONDS):
            try:
                self.shelf.refresh(at=datetime.now(UTC))
            except sa.exc.DBAPIError as error:  # the database is away: what is open stays open
                log.warning("publications_not_read", error=type(error.orig).__name__)

    def stop(self) -> None:
        self.stopped.set()
        self.join()
