"""A printed document for whoever may have it: from what is kept, else made by the printer and kept."""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from flask import Response, g
from flask_babel import gettext as _

from careplan import pdf as printer
from careplan.actions.documents import Printed, keep
from careplan.db import session
from careplan.queries.documents import kept
from careplan.web import access

# What the text of some inputs hashed to, in this process: its templates and words are the same as long as it lives.
_known: dict[str, str] = {}
MOST_KNOWN = 2000


def answered(printed: Printed, html: Callable[[], str], *, inputs: str = "", filename: str = "") -> Response:
    """The file as an answer. Whoever calls has checked that the reader may have it, and has logged that they ask.

    `inputs` stands for all that the text depends on, where a text takes longer to write than to look up."""
    answer = Response(document(printed, html, inputs=inputs), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=filename or _("vardplan.pdf"))
    return answer


def document(printed: Printed, html: Callable[[], str], *, inputs: str = "") -> bytes:
    """What the caller has read and logged is stored first: neither the text nor the PDF is made in a transaction."""
    db = session()
    if inputs in _known:
        found = kept(db, printed.patient_id, _known[inputs])
        db.commit()
        if found is not None:
            return found
    db.commit()
    g.rendering = True
    try:
        text = html()
    finally:
        g.rendering = False
    input_hash = _hash(text)
    if inputs:
        _remember(inputs, input_hash)
    found = kept(db, printed.patient_id, input_hash)
    db.commit()
    if found is not None:
        return found
    made = printer.render(text)
    keep(db, printed, made, input_hash=input_hash, at=access.now())
    db.commit()
    return made


def _remember(inputs: str, input_hash: str) -> None:
    while len(_known) >= MOST_KNOWN:
        _known.pop(next(iter(_known)), None)
    _known[inputs] = input_hash


def _hash(text: str) -> str:
    return hashlib.sha256(f"{_style_and_engine()}\n{text}".encode()).hexdigest()


@cache
def _style_and_engine() -> str:
    """Another style sheet or another engine makes another document of the same text."""
    style = hashlib.sha256(printer.STYLE.read_bytes()).hexdigest()
    return f"{version('weasyprint')} {version('pydyf')} {style}"
