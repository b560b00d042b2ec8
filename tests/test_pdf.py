"""PDFs: tagged, in our own fonts, from nothing but the HTML itself, within limits and each for one reader."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import pytest
from pypdf import PdfReader

from careplan import pdf
from careplan.pdf import DocumentTooLarge, DocumentTooSlow, Limits, Printer, PrinterBusy

PAGE = '<html lang="sv"><title>{title}</title><main>{body}</main></html>'
ENDLESS = PAGE.format(title="Lång", body='<p class="own">Ord och åter ord.</p>' * 4000)

pytestmark = pytest.mark.slow


def html(body: str, title: str = "Prov") -> str:
    return PAGE.format(title=title, body=body)


def opened(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(data).pages)


@pytest.fixture
def printer() -> Iterator[type[Printer]]:
    """For a printer with limits of its own, stopped afterwards."""
    made: list[Printer] = []

    class Stopped(Printer):
        def __init__(self, limits: Limits) -> None:
            super().__init__(limits)
            made.append(self)

    yield Stopped
    for each in made:
        each.stop()


@pytest.fixture
def visited() -> Iterator[list[str]]:
    """A web server on this machine, and the paths that somebody asked it for."""
    paths: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    paths.append(f"http://127.0.0.1:{server.server_port}")
    yield paths
    server.shutdown()
    server.server_close()


def test_a_document_is_tagged_titled_and_in_its_language():
    catalog = opened(pdf.render(html("<h1>Prov</h1><p>Hej</p>"))).trailer["/Root"]
    assert catalog["/StructTreeRoot"] and catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "sv" and catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = catalog["/Metadata"].get_data().decode()
    assert 'pdfuaid:part="1"' in metadata and "Prov" in metadata


def test_only_the_bundled_fonts_are_used_and_they_are_embedded():
    reader = opened(pdf.render(html("<p>Åäö <b>fet</b> ŁĆŽ Ελλ Жук</p><p lang=ar dir=rtl>مرحبا</p>")))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}
    assert names == {"Noto-Sans", "Noto-Sans-Bold", "Noto-Naskh-Arabic"}
    for font in fonts:
        assert "/FontFile2" in font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_hostile_html_fetches_nothing_and_embeds_nothing(visited, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hemlighet")
    server, there = visited[0], secret.as_uri()
    pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    hostile = f"""<html lang="sv"><head><title>Prov</title><base href="{server}/">
      <link rel="attachment" href="{there}"><link rel="attachment" href="{server}/attachment">
      <link rel="stylesheet" href="{server}/style"><link rel="stylesheet" href="{there}">
      <style>@import "{server}/import"; @font-face {{ font-family: X; src: url({server}/font) }}
        body {{ background: url({server}/background); font-family: X }} p::before {{ content: url({there}) }}
      </style></head>
      <body><p>Kvar<a rel="attachment" href="{there}">fil</a></p>
      <img src="{server}/image"><img src="{there}"><img src="relative"><img src="{pixel}">
      <object data="{there}"></object><embed src="{server}/embed"><iframe src="{there}"></iframe>
      <svg width="9" height="9"><image href="{there}" width="9" height="9"/><use href="{server}/use#a"/></svg>
      </body></html>"""
    data = pdf.render(hostile)
    reader = opened(data)
    assert visited[1:] == []
    assert not reader.attachments and "/Names" not in reader.trailer["/Root"]
    assert b"/EmbeddedFile" not in data and b"/Image" not in data
    assert "Kvar" in text_of(data) and "hemlighet" not in text_of(data)


def test_a_document_of_too_many_pages_is_refused(printer):
    with pytest.raises(DocumentTooLarge):
        printer(Limits(pages=3)).render(html('<p style="break-after: page">Sida</p>' * 4))


def test_a_text_too_long_is_refused_before_any_work(printer):
    lazy = printer(Limits(characters=100))
    with pytest.raises(DocumentTooLarge):
        lazy.render("x" * 101)
    assert lazy._pool is None


@pytest.mark.parametrize("limits", [Limits(cpu_seconds=0), Limits(seconds=0.2)], ids=["cpu", "clock"])
def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_is_made(printer, limits):
    careful = printer(limits)
    with pytest.raises(DocumentTooSlow):
        careful.render(ENDLESS)
    assert "Nästa" in text_of(careful.render(html("<p>Nästa</p>")))


@pytest.mark.parametrize("bomb", ["<table><tr><td colspan=99999999>x</table>", "<b>" * 3000], ids=["memory", "depth"])
def test_a_document_that_takes_too_much_memory_is_refused_and_the_next_one_is_made(bomb):
    with pytest.raises(DocumentTooLarge):
        pdf.render(html(bomb))
    assert "Nästa" in text_of(pdf.render(html("<p>Nästa</p>")))


def test_a_printer_whose_process_was_lost_starts_another(printer):
    steady = printer(Limits())
    steady.render(html("<p>Ett</p>"))
    for worker in list(steady._pool._pool_manager.worker_manager.workers.values()):
        worker.kill()
        worker.join()
    assert "Två" in text_of(steady.render(html("<p>Två</p>")))


def test_more_than_may_wait_are_told_so_at_once(printer):
    small = printer(Limits(waiting=1))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(small.render, ENDLESS[: len(ENDLESS) // 8])
        while small._pool is None:
            pass
        with pytest.raises(PrinterBusy):
            small.render(html("<p>Två</p>"))
        assert first.result()


def test_documents_asked_for_at_once_hold_each_their_own_text():
    names = [f"patient-{number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        documents = list(pool.map(lambda name: text_of(pdf.render(html(f"<p>{name}</p>" * 40, name))), names))
    for name, found in zip(names, documents, strict=True):
        assert name in found
        assert not [other for other in names if other != name and other in found]


def corners(direction):
    """Where the page's number and the telephone numbers begin on a page, from the left."""
    page = f"""<html lang="ar" dir="{direction}"><title>x</title>
      <header class="running-head"><span>Huvud</span></header><footer class="running-foot">Ring</footer>
      <p class="running-page"><span data-before="Sidan " data-between=" av " data-after=""></span></p>
      <main>Text</main>"""
    places = {}

    def note(text, _now, matrix, _font, _size):
        if text.strip():
            places[text.strip()] = matrix[4]

    opened(pdf.render(page)).pages[0].extract_text(visitor_text=note)
    return next(at for said, at in places.items() if said.startswith("Sidan")), places["Ring"]


def test_the_corners_of_a_page_change_places_from_right_to_left():
    number, ring = corners("ltr")
    assert ring < number
    number, ring = corners("rtl")
    assert number < ring
