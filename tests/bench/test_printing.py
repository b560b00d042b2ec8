"""How long a document takes once the printer is warm, and that the longest one is made at all."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from careplan.domain.plan import ChapterState
from careplan.library import Library
from careplan.library.revisions import render_plan
from careplan.pdf import Limits, Printer
from careplan.web.printing import template_document
from tests import make

pytestmark = pytest.mark.bench

FACTS = {
    "patient": {"first_name": "Kim"},
    "nurse": {"name": "Robin Ek", "first_name": "Robin", "phone": "08-465 004 10", "hours": "vardagar 8–16"},
    "cover": {"name": "Alex Alm"},
    "unit": {"name": "Mottagningen", "phone": "08-465 004 00", "address": "Plan 2"},
}


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


def cpu_seconds() -> float:
    """Of the printer's process so far."""
    (process,) = [child for child in multiprocessing.active_children() if child.name == "pebble_pool_worker"]
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_plan_of_six_pages_takes_at_most_a_second_of_cpu(
    _app: Flask, library: Library, printer: Printer, figure: Callable[..., None]
) -> None:
    """What a patient waits for who presses "Skriv ut", in the printer's own process, once it is warm."""
    document = html(_app, library, "breast-cancer", chapters=5)
    printer.render(document)
    before, rounds = cpu_seconds(), 4
    for _round in range(rounds):
        pages = len(PdfReader(BytesIO(printer.render(document))).pages)
    spent = (cpu_seconds() - before) / rounds
    assert pages in (6, 7)
    figure(f"a PDF of {pages} pages, CPU", spent, "s", at_most=1)


def test_every_template_fits_whole_in_large_print(
    _app: Flask, library: Library, printer: Printer, figure: Callable[..., None]
) -> None:
    """The longest document there can be, within the printer's limits of time, memory and pages."""
    for definition in library.plans.values():
        before = cpu_seconds()
        pages = len(PdfReader(BytesIO(printer.render(html(_app, library, definition.id, size="18")))).pages)
        figure(f"the whole {definition.id} in large print, {pages} pages, CPU", cpu_seconds() - before, "s")
