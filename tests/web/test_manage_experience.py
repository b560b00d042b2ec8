"""The manager sees what many patients think of the care: from 30 answers, by quarter, never by person."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import AuditEvent, Person, QuestionnaireResponse, Score
from tests import make, stories
from tests.conftest import Clock
from tests.pages import Page, words
from tests.people import Human

FORM = "care-experience"
SUMMER = datetime(2026, 8, 3, 10, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 20, 10, 0, tzinfo=UTC)
FIRST_NAMES = ("Astrid", "Bo Sjöberg", "Aino", "Påhittad")


@pytest.fixture(autouse=True)
def in_november(clock: Clock) -> None:
    clock.at = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


class Crowd:
    """Patients of the unit who have answered; rows as a sending makes them, for people whom nobody needs to know."""

    def __init__(self, db: Session, library: Library, clinic: make.Clinic) -> None:
        self.db, self.library, self.clinic = db, library, clinic
        stories.sent(db, library, clinic, "astrid", {"care-overall": 8}, form=FORM, at=SUMMER)
        self.pattern = db.scalars(sa.select(QuestionnaireResponse)).one()

    def answer(
        self, count: int, scores: dict[str, float | None], *, at: datetime = SUMMER, unit_id: UUID | None = None
    ) -> None:
        for number in range(count):
            person = Person(given_name=f"Person {number}", family_name="Påhittad", language="sv", phone="", email="")
            self.db.add(person)
            self.db.flush()
            self._sent(make.patient(self.db, person).id, scores, at, unit_id or self.pattern.unit_id)

    def _sent(self, patient_id: UUID, scores: dict[str, float | None], at: datetime, unit_id: UUID) -> None:
        copied = {
            column.name: getattr(self.pattern, column.name)
            for column in sa.inspect(QuestionnaireResponse).columns
            if column.name not in ("id", "draft_id", "request_id", "patient_id", "unit_id", "submitted_at", "receipt")
        }
        asked = stories.asked(self.db, self.library, self.clinic, patient_id, FORM, at=at)
        response = QuestionnaireResponse(
            id=uuid4(),
            draft_id=asked.id,
            request_id=asked.request_id,
            patient_id=patient_id,
            unit_id=unit_id,
            submitted_at=at,
            receipt=uuid4().hex[:10],
            **copied,
        )
        self.db.add(response)
        self.db.flush()
        for score_id, value in scores.items():
            self.db.add(
                Score(response_id=response.id, score_id=score_id, value=value, content_hash=self.pattern.content_hash)
            )
        self.db.flush()


@pytest.fixture
def crowd(db: Session, library: Library, clinic: make.Clinic) -> Crowd:
    return Crowd(db, library, clinic)


def figures(table: Page) -> list[list[str]]:
    """The cells without the headings that a narrow screen repeats in them."""
    rows = []
    for row in table.select("tbody tr"):
        repeated = [words(heading) for heading in row.select("td > span")]
        cells = [words(cell) for cell in row.select("td")]
        rows.append([cell.removeprefix(said).strip() for cell, said in zip(cells, repeated, strict=True)])
    return rows


def test_below_thirty_the_page_says_how_many_are_missing_and_shows_no_figure(crowd: Crowd, app: Flask) -> None:
    crowd.answer(28, {"dimension-overall": 8.0})
    crowd.db.commit()
    page = Human(app, "mia").get("manage.experience")
    assert "Ett svar till behövs innan något resultat kan visas." in page.text
    assert "30 svar till behövs." in page.text
    assert not page.select("main table")
    assert "Medelvärde" not in page.text


def test_from_thirty_a_dimension_has_its_result_in_words_and_in_a_table(crowd: Crowd, app: Flask) -> None:
    crowd.answer(20, {"dimension-overall": 9.0, "dimension-support": 9.0})
    crowd.answer(9, {"dimension-overall": 3.0})
    crowd.db.commit()
    page = Human(app, "mia").get("manage.experience")
    (table,) = page.select("main table")
    assert figures(table) == [["Juli–september 2026", "7,2", "30", "21", "0", "9"]]
    assert "Av dem svarade 21 bra, 0 mitt emellan och 9 dåligt." in page.text
    support = page.select_one("#care-experience-dimension-support").parent
    assert "10 svar till behövs." in words(support)
    assert not any(name in page.text for name in FIRST_NAMES)


def test_a_quarter_shows_nothing_before_its_answers_are_fixed(crowd: Crowd, app: Flask, clock: Clock) -> None:
    crowd.answer(29, {"dimension-overall": 9.0})
    crowd.db.commit()
    clock.at = datetime(2026, 10, 10, 9, 0, tzinfo=UTC)
    page = Human(app, "mia").get("manage.experience")
    assert "Tillräckligt många har svarat." in page.text
    assert not page.select("main table")


def test_a_quarter_with_few_answers_is_not_shown_beside_one_with_many(crowd: Crowd, app: Flask, clock: Clock) -> None:
    crowd.answer(29, {"dimension-overall": 8.0})
    crowd.answer(12, {"dimension-overall": 1.0}, at=AUTUMN)
    crowd.db.commit()
    clock.at = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    page = Human(app, "mia").get("manage.experience")
    (table,) = page.select("main table")
    assert figures(table) == [["Juli–september 2026", "8,0", "30", "30", "0", "0"]]
    assert "18 svar till behövs för nästa resultat." in page.text


def test_other_units_answers_are_not_counted(crowd: Crowd, app: Flask, clinic: make.Clinic) -> None:
    crowd.answer(40, {"dimension-overall": 8.0}, unit_id=clinic.other_unit.id)
    crowd.db.commit()
    page = Human(app, "mia").get("manage.experience")
    assert "29 svar till behövs innan något resultat kan visas." in page.text


def test_it_stands_in_the_log_that_the_manager_looked(mia: Human, db: Session, clinic: make.Clinic) -> None:
    mia.get("manage.experience")
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "read-experience")).one()
    assert (event.object_id, event.patient_id) == (str(clinic.unit.id), None)


def test_each_form_with_results_tells_the_patient_from_how_many_they_are_shown(library: Library) -> None:
    marked = [form for form in library.questionnaires.values() if form.results_at_least]
    assert marked
    for form in marked:
        for language, purpose in form.purpose.items():
            assert str(form.results_at_least) in purpose, f"{form.id} in {language}"
