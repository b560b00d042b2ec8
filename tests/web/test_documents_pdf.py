"""The plan as a PDF: whose it is, what stands in it, who may have it, and what is logged."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from careplan import pdf
from careplan.actions import needs, plans
from careplan.domain.plan import ChapterState
from careplan.library.revisions import chapters_in, render_plan
from careplan.models import AuditEvent, Patient, Share
from careplan.queries.summary import summary
from careplan.web import printing
from careplan.web.printed_links import without_links
from careplan.web.printing import Parts
from tests import make, stories

TEMPLATE, PHASE, NOTED = "breast-cancer", "treatment", "nausea"
SIGNED = make.MONDAY - timedelta(days=40)
CANARY = "Kanariefågel"
ALONE = pdf._printer

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]


def edited_plan(db, library, clinic, who="astrid", *, note="Skriv upp när det domnar.", greeting="Hej, här är planen."):
    """A signed plan of a few chapters, with a phase, a greeting and a note."""
    by, patient = clinic.actor["karin"], db.get_one(Patient, clinic.patient[who])
    plan = plans.draft(db, library, patient, TEMPLATE, lang="sv", treatments=["chemotherapy"], by=by, at=SIGNED)
    definition = library.plan(TEMPLATE, "sv")
    first = {ref.id for phase in definition.phases for ref in phase.chapters[:1]}
    plans.edit(
        db,
        library,
        plan,
        treatments=plan.treatments,
        shown={*first, *definition.always[:2], NOTED},
        notes={NOTED: note},
        greeting=greeting,
        phase=PHASE,
        by=by,
        at=SIGNED,
    )
    plans.sign(db, library, plan, contact=stories.contact(db, clinic, who, SIGNED), by=by, at=SIGNED)
    assert len(plan.revisions) == 1  # loaded, so that no test asks the database again while the app does
    db.commit()
    return plan


def with_a_story(db, library, clinic, plan, who="astrid", *, words=""):
    """A goal, an appointment, an event and answers over some weeks."""
    by = clinic.actor["karin"]
    plans.record_event(
        db, library, plan, kind="treatment-start", on=date(2026, 10, 26), title="cytostatika", by=by, at=make.MONDAY
    )
    plans.add_appointment(
        db,
        plan,
        starts_at=make.MONDAY + timedelta(days=3),
        title=f"Cytostatika, omgång 3 {words}".strip(),
        place="Dagvården",
        preparation="Ta med listan.",
        by=by,
        at=make.MONDAY,
    )
    needs.set_goal(
        db,
        plan,
        text=f"Jag vill orka gå till affären {words}".strip(),
        measure="Två gånger i veckan",
        review_on=date(2026, 12, 18),
        activities=[
            needs.PlannedActivity("Promenad", "5 dagar i veckan"),
            needs.PlannedActivity("Samtal", "18 november", clinic.practitioner["freja"]),
        ],
        contact=stories.contact(db, clinic, who),
        by=by,
        at=make.MONDAY,
    )
    item = charted(library)
    for weeks, value in ((5, 3), (3, 4), (1, 7)):
        stories.sent(db, library, clinic, who, {item.link_id: value}, at=make.MONDAY - timedelta(weeks=weeks))
    db.commit()


def charted(library):
    return next(item for item in library.questionnaire(stories.FORM).questions if item.scale and item.wish)


def without(db, scope):
    """Take one right from Lina."""
    share = db.scalars(sa.select(Share)).one()
    share.scopes = [each for each in share.scopes if each != scope]
    db.commit()


def fetched(human, plan, **asked):
    human.get("documents.pdf", plan_id=plan.id, **asked)
    assert human.response.mimetype == "application/pdf"
    return PdfReader(BytesIO(human.response.get_data()))


def words(page):
    return re.sub(r"\s+", " ", page.extract_text())


def all_words(reader):
    return " ".join(words(page) for page in reader.pages)


def in_order(text, *parts):
    places = [text.index(part) for part in parts]
    assert places == sorted(places), list(zip(parts, places, strict=True))


@pytest.fixture
def plan(db, library, clinic):
    made = edited_plan(db, library, clinic)
    with_a_story(db, library, clinic, made)
    return made


def test_the_document_reads_in_the_order_of_the_design(astrid, library, plan):
    reader = fetched(astrid, plan)
    first = words(reader.pages[0])
    in_order(first, "För Astrid Ek. Version 1, signerad av Karin Lind", "Hit ringer du", "Ring direkt, dygnet runt")
    in_order(first, "Senast ändrad 16 november 2026", "0980-319 210", "Är Karin borta svarar Nils Berg", "1177", "112")
    content = plan.revisions[-1].content
    chapter = next(phase for phase in content["phases"] if phase["id"] == PHASE)["chapters"][0]
    in_order(
        all_words(reader).replace(first, ""),
        "Var i vården du är",
        "Här är du nu",
        "Det här har hänt",
        "Cytostatika",
        "Dina bokade tider",
        "Ta med listan.",
        "Min rehabiliteringsplan",
        "Jag vill orka gå till affären",
        "Promenad",
        "Freja Holm, fysioterapeut",
        "Så har du mått",
        "Från 3 till 7.",
        "Kapitel",
        chapter["sections"][0]["title"],
        "Karin Lind skriver till dig:",
        "Skriv upp när det domnar.",
    )


def test_every_page_says_whose_it_is_which_number_to_ring_and_which_page_it_is(astrid, plan):
    reader = fetched(astrid, plan)
    for number, page in enumerate(reader.pages, 1):
        text = words(page)
        assert "Astrid Ek, född 1968" in text
        assert "Karin Lind 0980-319 210, vardagar 8–16. Andra tider 1177. Fara för livet 112." in text
        assert f"Sidan {number} av {len(reader.pages)}" in text
        assert "Min vårdplan, version 1, 16 november 2026" in text


def test_the_document_is_tagged_and_its_curve_says_its_message(astrid, library, plan):
    catalog = fetched(astrid, plan).trailer["/Root"]
    assert catalog["/Lang"] == "sv"
    assert 'pdfuaid:part="1"' in catalog["/Metadata"].get_data().decode()
    found = list(nodes(catalog["/StructTreeRoot"]))
    kinds = {node["/S"] for node in found}
    assert {"/H1", "/H2", "/H3", "/H4", "/P", "/L", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    assert sum(node["/S"] == "/H1" for node in found) == 1
    pictures = [node.get("/Alt", "") for node in found if node["/S"] == "/Figure"]
    assert len(pictures) == 1 and "Från 3 till 7." in pictures[0]
    assert re.search(r"Datum \d+ \w+ \d+ \w+ .*?Svar \d \d", all_words(fetched(astrid, plan)))


def nodes(node):
    node = node.get_object()
    if not isinstance(node, dict):
        return
    if "/S" in node:
        yield node
    below = node.get("/K", [])
    for child in below if isinstance(below, list) else [below]:
        yield from nodes(child)


def test_the_file_has_a_title_and_a_name_that_tells_nothing(astrid, plan):
    reader = fetched(astrid, plan)
    assert reader.metadata.title == "Min vårdplan"
    assert astrid.response.headers["Content-Disposition"] == "attachment; filename=vardplan.pdf"
    assert astrid.response.headers["Cache-Control"] == "no-store"


def test_only_the_chosen_chapters_are_printed(astrid, plan):
    chosen, left = [chapter for chapter in chapters_in(plan.revisions[-1].content) if chapter["sections"]][:2]
    text = all_words(fetched(astrid, plan, kapitel="valda", valt=chosen["id"], storlek="14"))
    assert chosen["sections"][0]["title"] in text and left["sections"][0]["title"] not in text
    assert "Dina bokade tider" not in text and "Jag vill orka" not in text


@pytest.mark.parametrize(
    ("part", "title"),
    [
        ("sammanfattning", "Min vårdplan, sammanfattning"),
        ("rehabilitering", "Min rehabiliteringsplan"),
        ("kurvor", "Så har du mått"),
    ],
)
def test_one_part_alone_has_its_own_title_and_still_the_numbers(astrid, plan, part, title):
    reader = fetched(astrid, plan, **{"del": part})
    assert reader.metadata.title == title
    in_order(words(reader.pages[0]), title, "Hit ringer du", "Ring direkt")


def test_large_print_takes_more_paper_and_loses_nothing(astrid, plan):
    small = fetched(astrid, plan, kapitel="alla", storlek="14")
    large = fetched(astrid, plan, kapitel="alla", storlek="18")
    assert len(large.pages) > len(small.pages) * 1.2
    text = all_words(large)
    for chapter in chapters_in(plan.revisions[-1].content):
        assert chapter["title"] in text
        for section in chapter["sections"]:
            assert section["title"].replace("&amp;", "&") in text


def test_a_document_never_holds_another_patient(astrid, bo, db, library, clinic, plan):
    other = edited_plan(db, library, clinic, "bo", note=CANARY, greeting=CANARY)
    with_a_story(db, library, clinic, other, "bo", words=CANARY)
    mine, theirs = all_words(fetched(astrid, plan)), all_words(fetched(bo, other))
    assert CANARY in theirs and "Bo Sjöberg" in theirs and "Astrid" not in theirs
    assert CANARY not in mine and "Sjöberg" not in mine


def test_documents_fetched_at_once_are_each_their_readers_own(human, app, db, library, clinic, plan, monkeypatch):
    monkeypatch.setattr(pdf, "_printer", ALONE)  # each document is made, and at the same time
    other = edited_plan(db, library, clinic, "bo", note=CANARY, greeting=CANARY)
    readers = [(human(app, "astrid"), plan, "Astrid Ek"), (human(app, "bo"), other, "Bo Sjöberg")] * 2

    def fetch(reader):
        visitor, printed, name = reader
        answer = visitor.client.get(visitor.url("documents.pdf", plan_id=printed.id, **{"del": "sammanfattning"}))
        assert answer.status_code == 200
        return name, all_words(PdfReader(BytesIO(answer.get_data())))

    with ThreadPoolExecutor(4) as pool:
        for name, text in pool.map(fetch, readers):
            assert {"Astrid Ek", "Bo Sjöberg"} & set(re.findall("Astrid Ek|Bo Sjöberg", text)) == {name}


def test_a_read_is_logged_and_so_is_a_refusal(astrid, bo, db, clinic, plan):
    fetched(astrid, plan)
    bo.get("documents.pdf", plan_id=plan.id, expect=404)
    rows = db.execute(
        sa.select(AuditEvent.person_name, AuditEvent.action, AuditEvent.patient_id, AuditEvent.object_id).where(
            AuditEvent.action.in_(("read-document", "denied"))
        )
    ).all()
    assert ("Astrid Ek", "read-document", clinic.patient["astrid"], str(plan.id)) in rows
    assert [row.person_name for row in rows if row.action == "denied"] == ["Bo Sjöberg"]


def test_a_relative_who_may_not_read_the_answers_gets_no_curve(lina, library, plan):
    text = all_words(fetched(lina, plan))
    assert "Jag vill orka" in text
    assert "Så har du mått" not in text and "Från 3 till 7" not in text


def test_a_relative_who_may_only_print_gets_the_summary_alone(lina, db, plan):
    without(db, "plan")
    text = all_words(fetched(lina, plan))
    assert "Hit ringer du" in text and "Dina bokade tider" in text
    assert "Jag vill orka" not in text and "Skriv upp när det domnar" not in text


def test_the_nurse_prints_for_a_patient_on_paper(karin, db, library, clinic):
    plan = edited_plan(db, library, clinic, "aino")
    assert "För Aino Virtanen." in words(fetched(karin, plan).pages[0])


@pytest.mark.parametrize(
    ("limits", "status", "sentence"),
    [
        (pdf.Limits(pages=1), 422, "välj färre kapitel"),
        (pdf.Limits(seconds=0.05), 503, "tog för lång tid"),
        (pdf.Limits(waiting=0), 503, "Vänta en minut"),
    ],
    ids=["pages", "time", "queue"],
)
def test_a_document_beyond_the_limits_is_one_clear_sentence(astrid, plan, monkeypatch, limits, status, sentence):
    printer = pdf.Printer(limits)
    monkeypatch.setattr(pdf, "_printer", printer)
    page = astrid.get("documents.pdf", plan_id=plan.id, expect=status, kapitel="alla")
    printer.stop()
    assert sentence in page.text


def test_the_running_words_follow_the_language_of_the_plan(app, db, clinic, plan):
    with app.test_request_context():
        found = summary(db, clinic.actor["astrid"], plan.id, at=make.MONDAY)
        content = found.content | {"lang": "en"}
        html = printing.document(replace(found, content=content), Parts(), size="14")
    reader = PdfReader(BytesIO(pdf.render(html)))
    assert reader.trailer["/Root"]["/Lang"] == "en"
    first = words(reader.pages[0])
    assert f"Page 1 of {len(reader.pages)}" in first and "Other times 1177. Danger to life 112." in first


def test_the_language_of_the_reader_does_not_mix_with_that_of_the_plan(astrid, db, clinic, plan):
    astrid.get("account.settings")
    astrid.post("account.settings", {"language": "en", "text_size": "normal"})
    reader = fetched(astrid, plan)
    assert reader.trailer["/Root"]["/Lang"] == "sv" and "Sidan 1 av" in words(reader.pages[0])


@pytest.mark.parametrize(
    ("html", "on_paper"),
    [
        ('<a href="https://www.1177.se/">1177</a>', '1177 (<span class="address">1177.se</span>)'),
        ('<a href="https://1177.se/a">https://1177.se/a</a>', "1177.se/a"),
        ("<p>Ingen</p>", "<p>Ingen</p>"),
    ],
)
def test_a_link_is_printed_as_text(html, on_paper):
    assert without_links(html) == on_paper


def test_a_template_is_printed_for_a_made_up_patient_without_database_or_request(app, library):
    definition = library.plan("general", "sv")
    shown = {chapter_id: ChapterState(shown=True) for chapter_id in definition.chapter_ids[:3]}
    states = {chapter_id: shown.get(chapter_id, ChapterState(shown=False)) for chapter_id in definition.chapter_ids}
    facts = {
        "patient": {"first_name": "Maja"},
        "nurse": {"name": "Ylva Ek", "first_name": "Ylva", "phone": "0980-1", "hours": "vardagar 9–15"},
        "cover": {"name": "Nils Alm"},
        "unit": {"name": "Mottagningen", "phone": "0980-2", "address": "Plan 1"},
    }
    content = render_plan(definition, states, greeting="", phase="", facts=facts)
    with app.app_context():
        html = printing.template_document(content, facts, at=make.MONDAY)
    text = all_words(PdfReader(BytesIO(pdf.render(html))))
    assert "Det är ingen patients plan." in text and "Version" not in text
    assert "Ylva Ek 0980-1, vardagar 9–15." in text
    assert all(definition.chapter(chapter_id).title in text for chapter_id in shown)
