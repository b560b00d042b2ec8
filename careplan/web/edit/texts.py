"""One text: what holds, who uses it, what was published before; and the step back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan import i18n
from careplan.actions import drafts, publications
from careplan.db import session
from careplan.library import Place
from careplan.library.files import file_of
from careplan.queries import publications as queries
from careplan.web import access
from careplan.web.edit import bp, loaded
from careplan.web.pages import page


@bp.get("/innehall/texter/<kind>/<content_id>/<lang>")
def text(kind: str, content_id: str, lang: str) -> str:
    """What holds and since when, which templates and plans it reaches, and its versions."""
    db, library, place = session(), loaded.library(), loaded.place(kind, content_id, lang)
    history = queries.history(db, place)
    last = history[0] if history else None
    file_holds = last is None or last.file_hash != library.file_hash(place)
    return page(
        "edit/text.html",
        place=place,
        title=loaded.title(place),
        values=loaded.address(place),
        holding=library.file(place),
        last=None if file_holds else last,
        is_set_aside=place in library.set_aside,
        faults=[each for each in library.faults if each.path == library.tree.path(file_of(place))],
        draft=drafts.open_draft(db, place),
        touched=queries.touched(db, library, place),
        languages=_languages(place),
        untranslated=_untranslated(place),
        history=history,
        can_be_undone=not file_holds and last is not None and publications.can_be_undone(last),
        address=loaded.address,
    )


@bp.post("/innehall/texter/<kind>/<content_id>/<lang>/tillbaka")
def roll_back(kind: str, content_id: str, lang: str) -> ResponseReturnValue:
    """The version before holds again, at once."""
    db, place = session(), loaded.place(kind, content_id, lang)
    publications.roll_back(
        db,
        loaded.library(),
        place,
        publication_id=request.form.get("seen", 0, type=int),
        by=access.actor(),
        at=access.now(),
    )
    db.commit()
    flash(_("Versionen före gäller igen, inom några sekunder. Det står i historiken vem som gick tillbaka."))
    return redirect(url_for("edit.text", **loaded.address(place)), 303)


def _languages(place: Place) -> list[tuple[str, str, bool]]:
    """Code, name, and whether there is a text: all languages of the interface, and those that any text has."""
    kind, id_, _lang = place
    there = {file.lang for file in loaded.library().files if (file.kind, file.id) == (kind, id_)}
    known = {*i18n.languages(), *(file.lang for file in loaded.library().files if file.lang)}
    return sorted(
        ((lang, i18n.name_of(lang), lang in there) for lang in known), key=lambda each: (not each[2], each[0])
    )


def _untranslated(place: Place) -> list[Place]:
    """Chapters that a template in another language shows in Swedish."""
    kind, id_, lang = place
    plan = loaded.library().plans.get((id_, lang)) if kind == "plan" else None
    if plan is None:
        return []
    return [("chapter", chapter_id, lang) for chapter_id, text in plan.chapters.items() if text.lang != plan.lang]
