"""Published content: each version's text and hash, kept so that it renders the same for ten years."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from careplan.db import Base


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
