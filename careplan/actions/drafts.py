"""What happens to an editor's draft of a text: saved, sent to a second person, published or given back, dropped."""

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, publications
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.library import Library, Place
from careplan.library.publishing import EDITABLE, OPEN, Notify, named
from careplan.models import ContentDraft, Publication

LONGEST = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class UnknownText(CareplanError):
    """No template or chapter has this name, in any language."""


class TextTooLong(CareplanError):
    """No chapter is a book."""


class DraftChanged(CareplanError):
    """Someone saved, sent or decided it after the page was opened."""


class DraftBroken(CareplanError):
    """With this text the content would not load."""


class DraftOutdated(CareplanError):
    """Another version was published after the draft was last compared with what holds."""


class NothingChanged(CareplanError):
    """The draft says what holds already."""


class OwnDraft(CareplanError):
    """Who wrote it may not decide it."""


class ReasonMissing(CareplanError):
    """Nobody can mend what is given back without a word."""


def save(
    db: Session, library: Library, place: Place, text: str, *, base: str, version: int | None, by: Actor, at: datetime
) -> ContentDraft:
    """Keep the text. `base` is the version that the page compared it with; `version` the draft's, None where the page
    was opened before there was a draft. A draft that was sent is the writers' again."""
    kind, content_id, lang = place
    if kind not in EDITABLE or (library.file(place) is None and library.file((kind, content_id, "sv")) is None):
        raise UnknownText
    if len(text) > LONGEST:
        raise TextTooLong
    publications.one_at_a_time(db)
    draft = open_draft(db, place)
    if (draft.version if draft else None) != version:
        raise DraftChanged
    if draft is None:
        draft = ContentDraft(
            kind=kind, content_id=content_id, lang=lang, author_id=by.person_id, writers=[], created_at=at
        )
        db.add(draft)
    draft.text, draft.base_hash, draft.saved_at, draft.status = _clean(text), base[:64], at, "draft"
    if str(by.person_id) not in draft.writers:
        draft.writers = [*draft.writers, str(by.person_id)]
    db.flush()
    _record(db, "save-draft", draft, by=by, at=at)
    return draft


def send(db: Session, library: Library, draft: ContentDraft, *, version: int, by: Actor, at: datetime) -> None:
    """To whoever else is an editor. What has errors, or says nothing new, is not worth their time."""
    _check_version(draft, version, statuses=("draft", "returned"))
    _check(db, library, draft)
    draft.status = "in-review"
    db.flush()
    _record(db, "send-draft", draft, by=by, at=at)


def approve(
    db: Session, library: Library, draft: ContentDraft, *, notify: Notify, version: int, by: Actor, at: datetime
) -> Publication:
    """From now on the text holds. The second of two people decides so, and when nurses are to bring it to patients."""
    publications.one_at_a_time(db)
    _check_second(draft, by)
    _check_version(draft, version, statuses=("in-review",))
    _check(db, library, draft)
    published = publications.publish(
        db,
        library,
        _place(draft),
        draft.text,
        notify=notify,
        draft_id=draft.id,
        author_id=draft.author_id,
        by=by,
        at=at,
    )
    draft.notify = notify
    _decide(draft, "published", by=by, at=at)
    db.flush()
    _record(db, "publish-draft", draft, by=by, at=at)
    return published


def give_back(db: Session, draft: ContentDraft, *, reason: str, version: int, by: Actor, at: datetime) -> None:
    """To its writers, with what is to be mended."""
    _check_second(draft, by)
    _check_version(draft, version, statuses=("in-review",))
    if not _said(reason).strip():
        raise ReasonMissing
    draft.reason = _said(reason).strip()
    _decide(draft, "returned", by=by, at=at)
    db.flush()
    _record(db, "return-draft", draft, by=by, at=at)


def drop(db: Session, draft: ContentDraft, *, version: int, by: Actor, at: datetime) -> None:
    """It stays in the database, and out of everybody's way."""
    _check_version(draft, version, statuses=OPEN)
    _decide(draft, "dropped", by=by, at=at)
    db.flush()
    _record(db, "drop-draft", draft, by=by, at=at)


def open_draft(db: Session, place: Place) -> ContentDraft | None:
    """The one that is under way for this text."""
    kind, content_id, lang = place
    return db.scalar(
        sa.select(ContentDraft).where(
            ContentDraft.kind == kind,
            ContentDraft.content_id == content_id,
            ContentDraft.lang == lang,
            ContentDraft.status.in_(OPEN),
        )
    )


def _check(db: Session, library: Library, draft: ContentDraft) -> None:
    place = _place(draft)
    if draft.base_hash != publications.holds(db, library, place):
        raise DraftOutdated
    trial = library.trial(place, draft.text)
    if trial.errors or trial.file is None:
        raise DraftBroken
    if trial.file.hash == draft.base_hash:
        raise NothingChanged


def _check_version(draft: ContentDraft, version: int, *, statuses: tuple[str, ...]) -> None:
    if draft.version != version or draft.status not in statuses:
        raise DraftChanged


def _check_second(draft: ContentDraft, by: Actor) -> None:
    if str(by.person_id) in draft.writers:
        raise OwnDraft


def _decide(draft: ContentDraft, status: str, *, by: Actor, at: datetime) -> None:
    draft.status, draft.decided_by_id, draft.decided_at = status, by.person_id, at


def _place(draft: ContentDraft) -> Place:
    return draft.kind, draft.content_id, draft.lang


def _clean(text: str) -> str:
    """Lines end in one way, whatever the browser sends, and what no text holds is left out."""
    return "\n".join(_said(text.removeprefix("\ufeff")).splitlines()).rstrip() + "\n"


def _said(text: str) -> str:
    return _CONTROL.sub("", text)


def _record(db: Session, action: str, draft: ContentDraft, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, object_type="content", object_id=named(_place(draft)))
