"""How a text reads on a phone and on paper, with made-up names and numbers: the draft where there is one."""

import re
from typing import Any

from flask import Response, g, request, url_for
from flask.typing import ResponseReturnValue

from careplan import pdf as printer
from careplan.actions import drafts
from careplan.db import session
from careplan.demo.sample import sample_plan
from careplan.i18n import upper_first
from careplan.library import Place
from careplan.library.revisions import chapter_content
from careplan.pdf import STYLE
from careplan.web import access
from careplan.web.edit import bp, loaded
from careplan.web.pages import page
from careplan.web.printing import PAPER_SIZES, template_document
from careplan.web.reading import ChapterPage, reading, review_in_words
from careplan.web.security import may_be_framed

_COLOUR = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
# On screen a sheet is as wide as it is, made smaller where it has no room; what each page has in print stands once.
_ON_SCREEN = """
html { background: #fff; }
body { box-sizing: border-box; width: 210mm; padding: 15mm 20mm; }
@media (max-width: 820px) { html { zoom: .94; } }
@media (max-width: 700px) { html { zoom: .42; } }
.running-head, .running-foot { position: static; }
.running-page { display: none; }
.part { break-before: auto; }
"""


@bp.get("/innehall/texter/<kind>/<content_id>/<lang>/telefon")
def phone(kind: str, content_id: str, lang: str) -> str:
    """As the patient's page shows it; a part of the editor's page."""
    place = loaded.place(kind, content_id, lang)
    content, title, errors = _content(place)
    may_be_framed()
    facts = loaded.facts()
    return page(
        "edit/phone.html",
        place=place,
        title=title,
        errors=errors,
        chapter=_chapter(content, facts) if content and place[0] == "chapter" else None,
        reading=reading(content, url=lambda chapter_id: f"#{chapter_id}", now=access.now())
        if content and place[0] == "plan"
        else None,
    )


@bp.get("/innehall/texter/<kind>/<content_id>/<lang>/a4")
def paper(kind: str, content_id: str, lang: str) -> ResponseReturnValue:
    """As it is printed, on one long sheet; the proof shows its pages."""
    place = loaded.place(kind, content_id, lang)
    content, title, errors = _content(place)
    may_be_framed()
    if content is None:
        return page("edit/phone.html", place=place, title=title, errors=errors, chapter=None, reading=None)
    style = f'<link rel="stylesheet" href="{url_for("edit.print_style")}">'
    return _printed(content).replace("</head>", f"{style}</head>", 1)


@bp.get("/innehall/utskrift.css")
def print_style() -> Response:
    """The style sheet of print, for a screen."""
    return Response(STYLE.read_text() + _ON_SCREEN, mimetype="text/css")


@bp.get("/innehall/texter/<kind>/<content_id>/<lang>/provtryck.pdf")
def proof(kind: str, content_id: str, lang: str) -> ResponseReturnValue:
    """The text as it leaves the printer: 14 or 18 points, in colour or in grey."""
    place = loaded.place(kind, content_id, lang)
    content, title, errors = _content(place)
    if content is None:
        return page("edit/phone.html", place=place, title=title, errors=errors, chapter=None, reading=None), 422
    size = request.args.get("storlek", PAPER_SIZES[0])
    html = _printed(content, size=size if size in PAPER_SIZES else PAPER_SIZES[0])
    if request.args.get("gra"):
        html = in_grey(html.replace("</head>", f"<style>{STYLE.read_text()}</style></head>", 1))
    answer = Response(printer.render(html), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{place[1]}.{place[2]}.pdf")
    return answer


def in_grey(html: str) -> str:
    """Each colour as a printer without colours prints it."""

    def grey(match: re.Match[str]) -> str:
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
        return "#" + f"{round(0.299 * red + 0.587 * green + 0.114 * blue):02x}" * 3

    return _COLOUR.sub(grey, html)


def _content(place: Place) -> tuple[dict[str, Any] | None, str, list[str]]:
    """The text as a signed plan would hold it, with its title; None and why where it cannot be read."""
    kind, id_, lang = place
    library, facts = loaded.library(), loaded.facts()
    draft = drafts.open_draft(session(), place)
    title = loaded.title(place)
    session().commit()
    text = draft.text if draft else _held(place)
    trial = library.trial(place, text)
    if kind == "plan" and trial.plan is not None and not trial.errors:
        return sample_plan(trial.plan, facts), trial.plan.title, []
    if kind == "chapter" and trial.chapter is not None:
        shown = chapter_content(trial.chapter, "", facts)
        alone = {
            "title": trial.chapter.title,
            "lang": lang,
            "greeting": "",
            "phase": "",
            "phases": [],
            "always": [shown],
        }
        return alone | {"always": [shown]}, trial.chapter.title, []
    return None, title, [f"{each.line}: {each.message}" for each in trial.errors]


def _held(place: Place) -> str:
    found = loaded.library().file(place) or loaded.library().file((place[0], place[1], "sv"))
    return "" if found is None else found.text


def _chapter(content: dict[str, Any], facts: dict[str, dict[str, str]]) -> ChapterPage:
    text = content["always"][0]
    return ChapterPage(
        text=text,
        lang=content["lang"],
        is_fallback=False,
        phone=facts["nurse"]["phone"],
        hours=upper_first(facts["nurse"]["hours"]),
        writer=facts["nurse"]["name"],
        to=facts["patient"]["first_name"],
        reviewed=review_in_words(text["review"]),
    )


def _printed(content: dict[str, Any], *, size: str = PAPER_SIZES[0]) -> str:
    g.rendering = True
    try:
        return template_document(content, loaded.facts(), at=access.now(), size=size)
    finally:
        g.rendering = False
