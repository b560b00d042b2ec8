"""How long a document takes once the printer is warm, what it holds, and what it costs to ask for it again."""

import multiprocessing
import os
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from careplan.config import ROOT
from careplan.db import make_engine, make_sessions
from careplan.demo.sample import sample_facts
from careplan.domain.plan import ChapterState
from careplan.library import Library
from careplan.library.revisions import render_plan
from careplan.pdf import Limits, Printer
from careplan.web.printing import template_document
from tests import make
from tests.bench.conftest import cpu_seconds as best_cpu_seconds
from tests.people import Human

pytestmark = pytest.mark.bench

FACTS = sample_facts(ROOT / "content")
A_PAGE, MEMORY, AGAIN = 0.15, 300, 20  # seconds of CPU, MiB, ms


@pytest.fixture
def printer() -> Iterator[Printer]:
    made = Printer(Limits())
    made.render("<title>Varm</title>")
    yield made
    made.stop()


def html(app: Flask, library: Library, template: str, *, chapters: int | None = None, size: str = "14") -> str:
    definition = library.plan(template, "sv")
    shown = set(definition.chapter_ids[:chapters])
    states = {chapter_id: ChapterState(chapter_id in shown) for chapter_id in definition.chapter_ids}
    content = render_plan(definition, states, greeting="", phase="", facts=FACTS)
    with app.app_context():
        return template_document(content, FACTS, at=make.MONDAY, size=size)


def of_printer(name: str) -> str:
    """A file of the printer's process under /proc."""
    (process,) = [child for child in multiprocessing.active_children() if child.name == "pebble_pool_worker"]
    return Path(f"/proc/{process.pid}/{name}").read_text()


def cpu_seconds() -> float:
    """Of the printer's process so far."""
    fields = of_printer("stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_memory() -> float:
    """The most that it has held at once, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", of_printer("status"))
    assert found is not None
    return int(found[1]) / 1024


def test_a_plan_of_twenty_pages_takes_little_time_a_page_and_little_memory(
    _app: Flask, library: Library, printer: Printer, figure: Callable[..., None]
) -> None:
    """What a patient waits for who presses "Skriv ut", in the printer's own process, once it is warm."""
    document = html(_app, library, "breast-cancer", chapters=16)
    printer.render(document)
    before, rounds = cpu_seconds(), 3
    for _round in range(rounds):
        pages = len(PdfReader(BytesIO(printer.render(document))).pages)
    spent = (cpu_seconds() - before) / rounds
    assert 18 <= pages <= 24
    figure(f"a PDF of {pages} pages, CPU a page", spent / pages, "s", at_most=A_PAGE)
    figure(f"a PDF of {pages} pages, most memory", most_memory(), "MiB", at_most=MEMORY)


def test_every_template_fits_whole_in_large_print(
    _app: Flask, library: Library, printer: Printer, figure: Callable[..., None]
) -> None:
    """The longest document there can be, within the printer's limits of time, memory and pages."""
    for definition in library.plans.values():
        before = cpu_seconds()
        pages = len(PdfReader(BytesIO(printer.render(html(_app, library, definition.id, size="18")))).pages)
        figure(f"the whole {definition.id} in large print, {pages} pages, CPU", cpu_seconds() - before, "s")
    figure("the printer's most memory, all templates", most_memory(), "MiB", at_most=MEMORY)


def test_a_document_asked_for_again_is_given_at_once(_app: Flask, monday: str, figure: Callable[..., None]) -> None:
    """The check of access, the log row and the text are made each time; the document is not."""
    engine = make_engine(monday)
    _app.extensions["db_sessions"] = make_sessions(engine)
    _app.extensions["clock"] = lambda: make.MONDAY
    astrid = Human(_app, "astrid")
    (shown,) = re.findall(r'href="(/utskrift/[^".?]+)"', astrid.client.get("/plan").text)[:1]
    address = f"{shown}.pdf?del=sammanfattning&del=rehabilitering&kapitel=alla"
    first = astrid.client.get(address)
    assert first.mimetype == "application/pdf"
    pages = len(PdfReader(BytesIO(first.data)).pages)
    assert astrid.client.get(address).data == first.data
    spent = best_cpu_seconds(lambda: astrid.client.get(address), repeats=15)
    engine.dispose()
    figure(f"the same {pages} pages again", spent * 1000, "ms", at_most=AGAIN)
