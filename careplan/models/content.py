"""Content: each published version, kept for ten years; editors' drafts; what is published over the files."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from careplan.db import Base, Serial
from careplan.models.people import Person


class ContentVersion(Base):
    """One file of `content/` as it was published; immutable, found by its SHA-256."""

    __tablename__ = "content_version"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # plan, chapter, questionnaire
    content_id: Mapped[str] = mapped_column(sa.String(100))
    lang: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[datetime]

    __table_args__ = (sa.Index(None, "kind", "content_id", "lang"),)


class ContentDraft(Base):
    """An editor's changed text on its way to a second person. There is one at a time for each text.

    `status`: draft, in-review, returned (`reason` says why), published, dropped. `writers`: all who have saved it, by
    person id; none of them may approve it. `base_hash` is the version that it was compared with; empty where the text
    is new. `notify`: when nurses are to bring it to patients who have a plan already, now or at the next-visit."""

    __tablename__ = "content_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(sa.String(20))  # plan, chapter
    content_id: Mapped[str] = mapped_column(sa.String(100))
    lang: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.Text)
    base_hash: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[str] = mapped_column(sa.String(20), default="draft")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    notify: Mapped[str] = mapped_column(sa.String(20), default="next-visit")
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    writers: Mapped[list[str]]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[Person] = relationship(foreign_keys=[author_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.Index(
            "uq_content_draft_open",
            "kind",
            "content_id",
            "lang",
            unique=True,
            sqlite_where=sa.text("status IN ('draft', 'in-review', 'returned')"),
            postgresql_where=sa.text("status IN ('draft', 'in-review', 'returned')"),
        ),
    )


class Publication(Base):
    """A version that holds from now on for one text, over its file; immutable. The last one of a text counts.

    `hash`: of the version, none where a text that has no file is taken back. `before_hash`: what held until then.
    `file_hash`: the file as it was; when that changes, the file holds (docs/editing.md). `undoes_id`: the publication
    that this one took back."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    content_id: Mapped[str] = mapped_column(sa.String(100))
    lang: Mapped[str] = mapped_column(sa.String(10))
    hash: Mapped[str | None] = mapped_column(sa.ForeignKey("content_version.hash"))
    before_hash: Mapped[str | None] = mapped_column(sa.ForeignKey("content_version.hash"))
    file_hash: Mapped[str] = mapped_column(sa.String(64))
    draft_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("content_draft.id"))
    undoes_id: Mapped[int | None] = mapped_column(Serial, sa.ForeignKey("publication.id"))
    notify: Mapped[str] = mapped_column(sa.String(20))  # now, next-visit
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    published_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime]
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    published_by: Mapped[Person] = relationship(foreign_keys=[published_by_id])

    __table_args__ = (sa.Index(None, "kind", "content_id", "lang"),)
