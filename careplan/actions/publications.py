"""What holds from now on for a text, over its file: published, or taken back in one step."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, content
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.library import Library, Place
from careplan.library.publishing import Notify, named
from careplan.models import Publication


class PublicationChanged(CareplanError):
    """Something else was published, or taken back, after the page was opened."""


class NothingBefore(CareplanError):
    """There is no version before that could hold again."""


class BrokenByNow(CareplanError):
    """The version before does not fit the rest of the content any more."""


def publish(
    db: Session,
    library: Library,
    place: Place,
    text: str,
    *,
    notify: Notify,
    draft_id: UUID,
    author_id: UUID,
    by: Actor,
    at: datetime,
) -> Publication:
    """Store the version, and that it holds. The caller has checked that it may."""
    file = library.trial(place, text).file
    if file is None:
        raise BrokenByNow
    content.store(db, [file], at=at)
    return _add(
        db,
        place,
        hash=file.hash,
        before_hash=holds(db, library, place) or None,
        file_hash=library.file_hash(place),
        draft_id=draft_id,
        notify=notify,
        author_id=author_id,
        published_by_id=by.person_id,
        published_at=at,
    )


def roll_back(db: Session, library: Library, place: Place, *, publication_id: int, by: Actor, at: datetime) -> None:
    """The version before holds again. One person may do so: what they go back to was approved, or came as a file."""
    one_at_a_time(db)
    last = last_of(db, place)
    if last is None or last.id != publication_id:
        raise PublicationChanged
    if not can_be_undone(last) or last.file_hash != library.file_hash(place):
        raise NothingBefore
    if last.before_hash is not None and library.trial(place, content.stored_text(db, last.before_hash)).errors:
        raise BrokenByNow
    _add(
        db,
        place,
        hash=last.before_hash,
        before_hash=_before(db, last),
        file_hash=last.file_hash,
        undoes_id=last.id,
        notify=last.notify,
        author_id=last.author_id,
        published_by_id=by.person_id,
        published_at=at,
    )
    audit.record(db, "roll-back-content", by=by, at=at, object_type="content", object_id=named(place))


def can_be_undone(publication: Publication) -> bool:
    """Whether there is something to go back to: a version, or for a text without a file its absence."""
    return publication.hash is not None and (publication.before_hash is not None or not publication.file_hash)


def holds(db: Session, library: Library, place: Place) -> str:
    """The hash of what holds by the database and the files, also where this process has not opened it yet."""
    last = last_of(db, place)
    if last is not None and last.file_hash == library.file_hash(place):
        return last.hash or ""
    found = library.file(place)
    return found.hash if found is not None and file_holds(library, place) else ""


def file_holds(library: Library, place: Place) -> bool:
    """Whether there is a file, usable or not; without one, what this process shows was published, and taken back."""
    return bool(library.file_hash(place))


def last_of(db: Session, place: Place) -> Publication | None:
    kind, content_id, lang = place
    return db.scalars(
        sa.select(Publication)
        .where(Publication.kind == kind, Publication.content_id == content_id, Publication.lang == lang)
        .order_by(Publication.id.desc())
        .limit(1)
    ).first()


def one_at_a_time(db: Session) -> None:
    """Numbers of publications are given in the order in which they are stored. SQLite has one writer as it is."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("publication"))))


def _before(db: Session, undone: Publication) -> str | None:
    """What held before the version that holds again, so that a second step leads further back."""
    if undone.before_hash is None:
        return None
    restored = db.scalars(
        sa.select(Publication)
        .where(
            Publication.kind == undone.kind,
            Publication.content_id == undone.content_id,
            Publication.lang == undone.lang,
            Publication.hash == undone.before_hash,
            Publication.file_hash == undone.file_hash,
            Publication.id < undone.id,
        )
        .order_by(Publication.id.desc())
        .limit(1)
    ).first()
    return restored.before_hash if restored else None


def _add(db: Session, place: Place, **columns: object) -> Publication:
    kind, content_id, lang = place
    row = Publication(kind=kind, content_id=content_id, lang=lang, **columns)
    db.add(row)
    db.flush()
    return row
