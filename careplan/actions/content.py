"""Publishing: every version of `content/` that was ever served lies in the database."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from careplan.domain.errors import CareplanError
from careplan.library import ContentFile, Library
from careplan.models import ContentVersion, Licence


class UnknownVersion(CareplanError):
    """No published version has this hash."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


def publish(db: Session, library: Library, *, at: datetime) -> int:
    """Store what is loaded and was not stored before; how many versions are new. Safe to run twice at once.

    A form whose instrument needs a licence waits until a unit has recorded one."""
    unlicensed = _unlicensed(db, library)
    return store(db, [file for file in library.sources() if file.hash not in unlicensed], at=at)


def store(db: Session, files: Collection[ContentFile], *, at: datetime) -> int:
    """The versions that are not in the database yet; how many they were."""
    stored = set(db.scalars(sa.select(ContentVersion.hash)))
    rows = {
        file.hash: {
            "hash": file.hash,
            "kind": file.kind,
            "content_id": file.id,
            "lang": file.lang,
            "version": file.version,
            "text": file.text,
            "published_at": at,
        }
        for file in files
        if file.hash not in stored
    }
    if rows:
        new: sa.Insert = sa.insert(ContentVersion)
        if db.get_bind().dialect.name == "postgresql":  # two processes may start at once; SQLite lets one in at a time
            new = postgresql.insert(ContentVersion).on_conflict_do_nothing()
        db.execute(new, list(rows.values()))
    return len(rows)


def _unlicensed(db: Session, library: Library) -> set[str]:
    licensed = set(db.scalars(sa.select(Licence.instrument_id).distinct()))
    return {
        form.hash
        for form in library.questionnaires.values()
        if form.instrument is not None
        and form.instrument.key.licence.must_be_recorded
        and form.instrument.key.id not in licensed
    }


def stored_text(db: Session, wanted: str) -> str:
    """The text of a published version, for the library to compile."""
    text = db.scalar(sa.select(ContentVersion.text).where(ContentVersion.hash == wanted))
    if text is None:
        raise UnknownVersion(wanted)
    return text
