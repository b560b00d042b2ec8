"""The letter itself: what was read, what is done about it, by whom, and which number to ring. One page, PDF/UA."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from jinja2 import StrictUndefined

from careplan import pdf as printer
from careplan.actions import letters
from careplan.db import session
from careplan.domain.questionnaire import text_in
from careplan.domain.team import Contact, hours_in_words
from careplan.i18n import SOURCE, force_locale, lang, lang_dir, languages, local
from careplan.queries import letters as owed_letters
from careplan.queries.access import get_letter_for
from careplan.queries.letters import Reply
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.documents import bp
from careplan.web.printing import PAPER_SIZES
from careplan.web.templating import marked

_PLACE = "\ufffc"


@bp.post("/brev/<uuid:letter_id>")
def letter(letter_id: UUID) -> ResponseReturnValue:
    """Print it. That it is printed, and by whom, is stored before the slow work begins."""
    db, by, at = session(), access.actor(), access.now()
    found = get_letter_for(db, by, letter_id, at=at)
    contact = contact_for(db, found.patient_id, found.unit_id, at=at)
    reply = owed_letters.reply(db, found)
    letters.mark_printed(db, found, by=by, at=at)
    db.commit()
    size = request.form.get("storlek", PAPER_SIZES[0])
    g.rendering = True
    try:
        html = letter_document(reply, contact, size=size if size in PAPER_SIZES else PAPER_SIZES[0], at=at)
    finally:
        g.rendering = False
    answer = Response(printer.render(html), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=_("brev.pdf"))
    return answer


def letter_document(reply: Reply, contact: Contact, *, size: str, at: datetime) -> str:
    """The letter as HTML, in the patient's language so far as we speak it; the nurse's own words are as she wrote."""
    with force_locale(reply.language if reply.language in languages() else SOURCE):
        context = _context(reply, contact, size=size, at=at)
        environment = current_app.jinja_env.overlay(undefined=StrictUndefined)
        return environment.get_template("pdf/letter.html").render(context)


def _context(reply: Reply, contact: Contact, *, size: str, at: datetime) -> dict[str, Any]:
    before, between, after = _("Sidan %(page)s av %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE)
    return {
        "lang": lang(),
        "dir": lang_dir(lang()),
        "size": size,
        "title": _("Svar på det du har berättat"),
        "page_words": (before, between, after),
        "reply": reply,
        "contact": contact,
        "hours": hours_in_words(contact.hours, lang()),
        "form_title": text_in(reply.form, lang()),
        "answered_on": local(reply.answered_at).date(),
        "own_lang": marked(SOURCE) if lang() != SOURCE else "",
        "signed_on": local(reply.signed_at).date(),
        "at": at,
    }
