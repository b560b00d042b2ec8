"""Every template on paper: each chapter is read back, and every page says whose it is, from when and whom to ring."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from careplan import pdf
from careplan.demo.sample import sample_facts
from careplan.domain.plan import ChapterState
from careplan.library import Library
from careplan.library.revisions import render_plan
from careplan.web.printing import template_document
from tests import make
from tests.conftest import ROOT
from tests.every_template import letters, missing_from

pytestmark = pytest.mark.slow

FACTS = sample_facts(ROOT / "content")
EACH = sorted(Library.load(ROOT / "content").plans)
FOOT = re.compile(r"RobinExempel08-46500410,vardagar8–16\.Andratider1177\.Faraförlivet112\.")
HEAD = re.compile(r"Minvårdplan,16november2026Kim")
PAGE = re.compile(r"Sidan(\d+)av(\d+)")
ENGLISH = (
    re.compile(r"RobinExempel08-46500410,.*?Othertimes1177\.Dangertolife112\."),
    re.compile(r"Mycareplan,November16,2026Kim|Mycareplan,16November2026Kim"),
    re.compile(r"Page(\d+)of(\d+)"),
)


def document(app, definition, shown, *, size):
    states = {chapter_id: ChapterState(chapter_id in shown) for chapter_id in definition.chapter_ids}
    content = render_plan(definition, states, greeting="", phase="", facts=FACTS)
    with app.app_context():
        made = pdf.render(template_document(content, FACTS, at=make.MONDAY, size=size))
    return content, PdfReader(BytesIO(made))


def read_back(reader, lang):
    """All words of the document without those that stand on each page; each page is found to have them."""
    foot, head, number = (FOOT, HEAD, PAGE) if lang == "sv" else ENGLISH
    pages = []
    for place, page in enumerate(reader.pages, 1):
        said = letters(page.extract_text())
        assert foot.search(said), said[-300:]
        assert head.search(said), said[:300]
        assert number.search(said).groups() == (str(place), str(len(reader.pages)))
        pages.append(number.sub("", head.sub("", foot.sub("", said))))
    return "".join(pages)


def check(content, reader):
    text = read_back(reader, content["lang"])
    assert not missing_from(text, content)
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == content["lang"] and catalog["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize(("template", "lang"), EACH, ids=[f"{name}-{lang}" for name, lang in EACH])
def test_a_templates_own_chapters_come_back_from_paper(_app, library, template, lang):
    definition = library.plan(template, lang)
    shared = {chapter_id for chapter_id, _lang in library.chapters}
    own = set(definition.chapter_ids) - shared
    assert own
    check(*document(_app, definition, own, size="14"))


def test_the_shared_chapters_come_back_from_paper_in_large_print_too(_app, library):
    """The template that has most of them, whole."""
    definition = max(library.plans.values(), key=lambda plan: (plan.lang == "sv", len(plan.chapter_ids)))
    check(*document(_app, definition, set(definition.chapter_ids), size="18"))
