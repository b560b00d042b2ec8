"""The library as a process uses it: the files, and what the database lays over them."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, sessionmaker

from careplan.library.binding import parted
from careplan.library.files import Compiled, Place, Tree, read_tree
from careplan.library.loading import Held, Library, Stored
from careplan.models import ContentVersion, Publication

# A text that is broken in so many versions is left out.
MOST_TRIED = 5
NO_PUBLICATION = 0

log = structlog.get_logger(__name__)


def open_library(path: Path, sessions: sessionmaker[Session]) -> tuple[Library, int]:
    """The library, and the number of the last publication in it.

    Where the database does not answer, or has no tables yet, the files have to do: without it no page can be shown."""
    try:
        return reopened(read_tree(path), sessions)
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        log.warning("publications_not_read", error=type(error.orig).__name__)
        return Library.load(path), NO_PUBLICATION


def reopened(tree: Tree, sessions: sessionmaker[Session], compiled: Compiled | None = None) -> tuple[Library, int]:
    """As `open_library`, of files that are read already. What cannot be used is told in the log."""
    with sessions() as db:
        last, held = last_publication(db), _held(db)
    library = Library.open(tree, Stored(held, lambda place: _good(sessions, place)), compiled)
    for fault in library.faults:
        log.error("content_not_used", path=tree.name(fault.path), line=fault.line, error=fault.message)
    return library, last


def last_publication(db: Session) -> int:
    """Its number; another one means that something was published since."""
    return db.scalar(sa.select(sa.func.max(Publication.id))) or NO_PUBLICATION


def _held(db: Session) -> dict[Place, Held]:
    """What was published last for each text. What was taken back holds no longer."""
    newest = sa.select(sa.func.max(Publication.id)).group_by(Publication.kind, Publication.content_id, Publication.lang)
    rows = db.execute(
        sa.select(
            Publication.kind, Publication.content_id, Publication.lang, Publication.file_hash, ContentVersion.text
        )
        .join(ContentVersion, ContentVersion.hash == Publication.hash)
        .where(Publication.id.in_(newest))
    )
    return {(row.kind, row.content_id, row.lang): Held(row.text, row.file_hash) for row in rows}


def _good(sessions: sessionmaker[Session], place: Place) -> Sequence[str]:
    """Texts that have been in use, the last first."""
    kind, content_id, lang = place
    with sessions() as db:
        texts = db.scalars(
            sa.select(ContentVersion.text)
            .where(ContentVersion.kind == kind, ContentVersion.content_id == content_id, ContentVersion.lang == lang)
            .order_by(ContentVersion.published_at.desc())
            .limit(MOST_TRIED)
        )
        return [parted(text)[0] for text in texts]
