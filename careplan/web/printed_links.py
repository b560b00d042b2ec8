"""Links on paper: the address in the text, and a code to read with a telephone where the chapter ends."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import segno
from flask_babel import gettext as _
from markupsafe import Markup

_LINK = re.compile(r'<a href="(https://[^"]*)">(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class PrintedLink:
    """`shown` is the address as people type it; `code` the drawing that opens it."""

    shown: str
    code: Markup


def without_links(html: str) -> str:
    """A link on paper is its text with the address after it. The HTML is our own cleaner's, which writes one form."""

    def spelled(match: re.Match[str]) -> str:
        address, text = _shown(match[1]), match[2]
        if _shown(text) == address:
            return address
        return f'{text} (<span class="address">{address}</span>)'

    return _LINK.sub(spelled, html)


def links_in(parts: Iterable[str | None]) -> list[PrintedLink]:
    """Each address once, in the order of the text. A code in the midst of a text would break the reading of it."""
    found = dict.fromkeys(match[1] for part in parts if part for match in _LINK.finditer(part))
    return [printed_link(address) for address in found]


def printed_link(address: str) -> PrintedLink:
    """Whoever listens to the document hears what the code is for."""
    return PrintedLink(_shown(address), code(address, _("Kod som öppnar %(address)s", address=_shown(address))))


@lru_cache(maxsize=256)
def code(content: str, title: str) -> Markup:
    """The drawing, never a micro code, which telephones cannot read. segno escapes the title."""
    drawn = segno.make_qr(content, error="m").svg_inline(scale=1, border=2, omitsize=True, title=title)
    return Markup(drawn)


def _shown(address: str) -> str:
    return address.removeprefix("https://").removeprefix("www.").rstrip("/")
