"""A template published anew: the library and the database as they are afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from careplan.domain.plan import ChapterText
from careplan.library import Library, content_hash, read_chapter
from careplan.models import ContentVersion


def with_new_template(
    db: Session, library: Library, plan_id: str, change: Callable[[str], str], *, lang: str = "sv", at: datetime
) -> Library:
    """The library in which this template reads as `change` makes it; its old version stays in the database."""
    text = change(
        next(each.text for each in library.files if (each.kind, each.id, each.lang) == ("plan", plan_id, lang))
    )
    _store(db, "plan", plan_id, lang, text, at)
    made = library.compile_plan(text, f"{plan_id}.{lang}.md", lang)
    return replace(library, plans=MappingProxyType({**library.plans, (plan_id, lang): made}))


def with_new_chapter(
    db: Session, library: Library, chapter_id: str, change: Callable[[str], str], *, lang: str = "sv", at: datetime
) -> Library:
    """The same for a chapter that templates share."""
    found = (each for each in library.files if (each.kind, each.id, each.lang) == ("chapter", chapter_id, lang))
    text = change(next(found).text)
    _store(db, "chapter", chapter_id, lang, text, at)
    made = read_chapter(text, f"{chapter_id}.{lang}.md", lang)
    plans = {
        key: replace(plan, chapters={**plan.chapters, chapter_id: made}) if _shares(plan.chapters, chapter_id) else plan
        for key, plan in library.plans.items()
    }
    chapters = MappingProxyType({**library.chapters, (chapter_id, lang): made})
    return replace(library, plans=MappingProxyType(plans), chapters=chapters)


def _shares(chapters: Mapping[str, ChapterText], chapter_id: str) -> bool:
    text = chapters.get(chapter_id)
    return text is not None and bool(text.hash)


def _store(db: Session, kind: str, content_id: str, lang: str, text: str, at: datetime) -> None:
    db.add(
        ContentVersion(
            hash=content_hash(text),
            kind=kind,
            content_id=content_id,
            lang=lang,
            version="2026-12",
            text=text,
            published_at=at,
        )
    )
    db.flush()
