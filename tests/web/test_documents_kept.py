"""A document is made once: kept by the hash of all that went into it, and still checked and logged each time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from careplan import pdf
from careplan.actions import documents, plans
from careplan.actions.documents import Printed
from careplan.models import AuditEvent, Document
from careplan.queries.documents import kept
from tests import make, stories
from tests.web.test_documents_pdf import edited_plan, with_a_story, without

pytestmark = pytest.mark.slow


class CountingPrinter:
    """The printer of the run, and how many documents it was asked for."""

    def __init__(self, printer):
        self.printer, self.made = printer, 0

    def render(self, html):
        self.made += 1
        return self.printer.render(html)


@pytest.fixture
def printer(printed_once, monkeypatch):
    counting = CountingPrinter(pdf._printer)
    monkeypatch.setattr(pdf, "_printer", counting)
    return counting


@pytest.fixture
def plan(db, library, clinic):
    made = edited_plan(db, library, clinic)
    with_a_story(db, library, clinic, made)
    return made


def fetched(visitor, plan, **asked):
    visitor.get("documents.pdf", plan_id=plan.id, **asked)
    return visitor.response.get_data()


def reads(db):
    return db.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "read-document"))


def rows(db):
    return db.scalars(sa.select(Document).order_by(Document.made_at, Document.size)).all()


def test_the_same_document_is_made_once_and_each_download_is_logged(astrid, karin, db, plan, printer):
    first = fetched(astrid, plan)
    assert fetched(astrid, plan) == first and fetched(karin, plan) == first
    assert printer.made == 1 and reads(db) == 3
    (row,) = rows(db)
    assert (row.kind, row.plan_id, row.revision_id) == ("plan", plan.id, plan.revisions[-1].id)
    assert row.patient_id == plan.patient_id and (row.size, row.lang) == ("14", "sv")


def test_a_day_later_it_is_the_same_document(human, app, db, plan, printer, clock):
    first = fetched(human(app, "astrid"), plan, **{"del": "sammanfattning", "kapitel": "alla"})
    clock.at += timedelta(days=1)
    assert fetched(human(app, "astrid"), plan, **{"del": "sammanfattning", "kapitel": "alla"}) == first
    assert printer.made == 1


def test_each_size_and_choice_is_a_document_of_its_own(astrid, db, plan, printer):
    for asked in ({"storlek": "14"}, {"storlek": "18"}, {"del": "sammanfattning"}):
        fetched(astrid, plan, **asked)
    assert printer.made == 3 and len(rows(db)) == 3


def test_what_has_changed_is_made_anew_in_place_of_the_old(astrid, db, library, clinic, plan, printer):
    first = fetched(astrid, plan)
    plans.add_appointment(
        db,
        plan,
        starts_at=make.MONDAY + timedelta(days=9),
        title="Provtagning",
        place="Laboratoriet",
        preparation="",
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    assert fetched(astrid, plan) != first
    assert printer.made == 2 and len(rows(db)) == 1


def test_an_earlier_versions_document_stays_beside_that_of_the_next(astrid, db, library, clinic, plan, printer):
    fetched(astrid, plan, kapitel="alla")
    plan.greeting = "En ny hälsning."
    plans.sign(
        db,
        library,
        plan,
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    fetched(astrid, plan, kapitel="alla")
    assert len({row.revision_id for row in rows(db)}) == 2


def test_who_may_not_print_gets_nothing_of_what_is_kept(astrid, bo, lina, db, plan, printer):
    fetched(astrid, plan)
    without(db, "documents")
    for visitor in (bo, lina):
        visitor.get("documents.pdf", plan_id=plan.id, expect=404)
    assert printer.made == 1


def test_a_relative_never_gets_the_patients_own_document(astrid, lina, db, plan, printer):
    assert fetched(astrid, plan) != fetched(lina, plan)  # Lina may not read the answers
    assert printer.made == 2


def test_another_style_makes_another_document(astrid, db, plan, printer, monkeypatch):
    from careplan.web import kept_documents

    fetched(astrid, plan)
    monkeypatch.setattr(kept_documents, "_style_and_engine", lambda: "a new style")
    monkeypatch.setattr(kept_documents, "_known", {})
    fetched(astrid, plan)
    assert printer.made == 2


def test_a_sent_form_and_a_blank_one_are_kept_too(karin, db, library, clinic, printer):
    response = stories.sent(db, library, clinic, "astrid", {})
    db.commit()
    for _round in range(2):
        karin.get("documents.response", response_id=response.id)
        karin.get("staff.paper_form", request_id=response.request_id, expect={200, 404})
    assert {row.kind for row in rows(db)} >= {"response"} and printer.made == len(rows(db))


def test_two_who_made_the_same_at_once_leave_one(db, clinic):
    printed = Printed(kind="letter", patient_id=clinic.patient["astrid"], size="14", lang="sv")
    for _each in range(2):
        documents.keep(db, printed, b"%PDF", input_hash="a" * 64, at=make.MONDAY)
    db.commit()
    assert len(rows(db)) == 1 and kept(db, clinic.patient["astrid"], "a" * 64) == b"%PDF"
    assert kept(db, clinic.patient["bo"], "a" * 64) is None
