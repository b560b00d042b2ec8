"""WeasyPrint with nothing to fetch; imported only in the process that sets documents."""

from typing import NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from careplan.pdf import STYLE, DocumentTooLarge


class NothingFetched(URLFetcher):
    """A document holds all that it needs: no file, no address and no data: URL is ever opened."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise ValueError("a document fetches nothing")


_fetcher = NothingFetched()
_fonts = FontConfiguration()
_style = CSS(string=STYLE.read_text(), url_fetcher=_fetcher, font_config=_fonts)


def typeset(html: str, *, pages: int) -> bytes:
    document = HTML(string=html, url_fetcher=_fetcher).render(
        stylesheets=[_style], font_config=_fonts, pdf_variant="pdf/ua-1"
    )
    if len(document.pages) > pages:
        raise DocumentTooLarge
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf
