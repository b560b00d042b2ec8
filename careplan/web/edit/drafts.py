"""A draft: written beside its findings and previews, compared with what holds, and decided by a second person."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import drafts, publications
from careplan.db import session
from careplan.domain.wording import compared, count
from careplan.library import Library, Place, Problem
from careplan.library.files import file_of
from careplan.library.publishing import OPEN, Notify
from careplan.library.readability import text_findings, untranslated
from careplan.models import ContentDraft
from careplan.queries import publications as queries
from careplan.web import access
from careplan.web.edit import bp, home, loaded
from careplan.web.pages import page
from careplan.web.security import may_frame


@bp.route("/innehall/texter/<kind>/<content_id>/<lang>/skriv", methods=["GET", "POST"])
def write(kind: str, content_id: str, lang: str) -> ResponseReturnValue:
    """The text, what the check says of it, and how it reads on a phone and on paper."""
    db, library, place = session(), loaded.library(), loaded.place(kind, content_id, lang)
    draft = drafts.open_draft(db, place)
    if request.method == "POST":
        return _save(place, draft)
    held = _held(library, place)
    return _editor(place, draft, draft.text if draft else held or _to_translate(library, place))


@bp.get("/innehall/utkast/<uuid:draft_id>")
def review(draft_id: UUID) -> str:
    """What differs from what holds, whom it reaches, and what can be done with it."""
    db, library, by = session(), loaded.library(), access.actor()
    draft = queries.draft(db, draft_id)
    place = _place(draft)
    now = publications.holds(db, library, place)
    against = now if draft.status in OPEN else draft.base_hash
    passages = compared(queries.version_texts(db, [against]).get(against, ""), draft.text)
    return page(
        "edit/review.html",
        draft=draft,
        place=place,
        title=loaded.title(place),
        values=loaded.address(place),
        passages=passages,
        counts=[count(passages, kind) for kind in ("added", "removed", "changed")],
        findings=_findings(library, place, draft.text),
        touched=queries.touched(db, library, place),
        is_outdated=draft.base_hash != now and draft.status != "published",
        is_writer=str(by.person_id) in draft.writers,
        status=home.STATUSES.get(draft.status, home.DONE.get(draft.status)),
        frames=draft.status in OPEN,
    )


@bp.post("/innehall/utkast/<uuid:draft_id>/skicka")
def send(draft_id: UUID) -> ResponseReturnValue:
    db, draft = session(), queries.draft(session(), draft_id)
    drafts.send(db, loaded.library(), draft, version=_seen(), by=access.actor(), at=access.now())
    db.commit()
    flash(_("Skickat. En annan redaktör granskar och publicerar."))
    return redirect(url_for("edit.review", draft_id=draft_id), 303)


@bp.post("/innehall/utkast/<uuid:draft_id>/godkann")
def approve(draft_id: UUID) -> ResponseReturnValue:
    """The second person publishes; running processes have the text within seconds."""
    db, draft = session(), queries.draft(session(), draft_id)
    notify: Notify = "now" if request.form.get("notify") == "now" else "next-visit"
    drafts.approve(db, loaded.library(), draft, notify=notify, version=_seen(), by=access.actor(), at=access.now())
    db.commit()
    flash(_("Publicerat. Texten gäller inom några sekunder."))
    return redirect(url_for("edit.text", **loaded.address(_place(draft))), 303)


@bp.post("/innehall/utkast/<uuid:draft_id>/tillbaka")
def give_back(draft_id: UUID) -> ResponseReturnValue:
    db, draft = session(), queries.draft(session(), draft_id)
    drafts.give_back(
        db, draft, reason=request.form.get("reason", ""), version=_seen(), by=access.actor(), at=access.now()
    )
    db.commit()
    flash(_("Utkastet är tillbaka hos den som skrev det."))
    return redirect(url_for("edit.home"), 303)


@bp.post("/innehall/utkast/<uuid:draft_id>/kasta")
def drop(draft_id: UUID) -> ResponseReturnValue:
    db, draft = session(), queries.draft(session(), draft_id)
    drafts.drop(db, draft, version=_seen(), by=access.actor(), at=access.now())
    db.commit()
    flash(_("Utkastet är kastat. Det som gäller är som förut."))
    return redirect(url_for("edit.text", **loaded.address(_place(draft))), 303)


def _save(place: Place, draft: ContentDraft | None) -> ResponseReturnValue:
    """What was typed is never lost: where someone was faster, it stands in the page still."""
    db, library = session(), loaded.library()
    text, version = request.form.get("text", ""), request.form.get("seen", type=int)
    try:
        saved = drafts.save(
            db,
            library,
            place,
            text,
            base=request.form.get("base", ""),
            version=version,
            by=access.actor(),
            at=access.now(),
        )
    except (drafts.DraftChanged, drafts.TextTooLong) as error:
        db.rollback()
        return _editor(place, drafts.open_draft(db, place), text, mistake=_mistake(error)), 409
    db.commit()
    if request.form.get("do") == "compare":
        return redirect(url_for("edit.review", draft_id=saved.id), 303)
    flash(_("Utkastet är sparat. Inget är publicerat."))
    return redirect(url_for("edit.write", **loaded.address(place)), 303)


def _editor(place: Place, draft: ContentDraft | None, text: str, mistake: str = "") -> str:
    library = loaded.library()
    now = publications.holds(session(), library, place)
    held = library.file(place)
    may_frame()
    return page(
        "edit/write.html",
        # A draft is kept beside what holds now. A text that nobody has changed yet is the one this process shows, which
        # may be another for the few seconds until it has opened what was published.
        base=now if draft else held.hash if held else "",
        is_outdated=draft is not None and draft.base_hash != now,
        place=place,
        title=loaded.title(place),
        values=loaded.address(place),
        draft=draft,
        text=text,
        lines=text.splitlines(),
        findings=_findings(library, place, text),
        mistake=mistake,
        is_new=library.file(place) is None,
    )


def _mistake(error: drafts.DraftChanged | drafts.TextTooLong) -> str:
    if isinstance(error, drafts.TextTooLong):
        return _("Texten är för lång. Högst %(count)s tecken.", count=drafts.LONGEST)
    return _("Någon annan sparade före dig. Din text står kvar här, men är inte sparad. Läs det andra utkastet först.")


def _findings(library: Library, place: Place, text: str) -> list[Problem]:
    """Of this text; and of others where they would no longer fit with it."""
    path = library.tree.path(file_of(place))
    found = {*library.trial(place, text).problems, *text_findings(text, path)}
    swedish = library.file((place[0], place[1], "sv"))
    if place[2] != "sv" and swedish is not None:
        found |= set(untranslated(text, swedish.text, path))
    return sorted(found, key=lambda each: (not each.is_error, each))


def _held(library: Library, place: Place) -> str:
    found = library.file(place)
    return "" if found is None else found.text


def _to_translate(library: Library, place: Place) -> str:
    """A translation begins as the Swedish text."""
    return _held(library, (place[0], place[1], "sv"))


def _place(draft: ContentDraft) -> Place:
    return draft.kind, draft.content_id, draft.lang


def _seen() -> int:
    return request.form.get("seen", 0, type=int)
