"""What several commands open: the database, the library."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import content
from careplan.config import Settings
from careplan.db import make_engine, make_sessions
from careplan.library import Library
from careplan.library.opening import open_library


@contextmanager
def sessions(settings: Settings) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(settings.database_url)
    try:
        yield make_sessions(engine)
    finally:
        engine.dispose()


def publish(settings: Settings, library: Library | None = None) -> int:
    """Store the content's versions that are new; how many there were."""
    with sessions(settings) as made:
        library = library or open_library(settings.content_path, made)[0]
        with made.begin() as db:
            return content.publish(db, library, at=datetime.now(UTC))
