"""How long a document takes once the printer is warm, and that the longest one is made at all."""

import multiprocessing
import os
from collections.abc import Iterator
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


def test_a_plan_of_six_pages_takes_at_most_a_second_of_cpu(_app, library, printer, capsys):
    document = html(_app, library, "breast-cancer", chapters=5)
    printer.render(document)
    before, rounds = cpu_seconds(), 4
    for _round in range(rounds):
        pages = len(PdfReader(BytesIO(printer.render(document))).pages)
    spent = (cpu_seconds() - before) / rounds
    with capsys.disabled():
        print(f"\nPDF of {pages} pages: {spent * 1000:.0f} ms of CPU, limit 1000")  # noqa: T201
    assert pages in (6, 7)
    assert spent <= 1


def test_every_template_fits_whole_in_large_print(_app, library, printer, capsys):
    for definition in library.plans.values():
        before = cpu_seconds()
        pages = len(PdfReader(BytesIO(printer.render(html(_app, library, definition.id, size="18")))).pages)
        with capsys.disabled():
            print(f"\n{definition.id}: {pages} pages, {cpu_seconds() - before:.1f} s of CPU")  # noqa: T201
