"""The unit's figures from ordinary work, as page and file, and one flag traced."""

import csv
from datetime import date, timedelta
from io import StringIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs, tasks
from careplan.config import ROOT
from careplan.domain.needs import NeedLevel
from careplan.domain.tasks import Outcome
from careplan.library import Library
from careplan.library.figures import codebook
from careplan.models import AuditEvent, CareTeamMember, Task
from careplan.queries.figures import Figures, Period, figures
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human

YEAR = Period(date(2025, 11, 17), date(2026, 12, 31))


def counted(db: Session, clinic: Clinic, *, smallest: int = 1) -> Figures:
    book = codebook(ROOT / "content").model_copy(update={"smallest_group": smallest, "smallest_total": smallest})
    return figures(db, book, clinic.unit.id, YEAR, at=MONDAY + timedelta(days=10))


def of(found: Figures, figure_id: str) -> tuple[int | None, int | None]:
    total = found.figure(figure_id).total
    return total.part, total.whole


def test_figures_are_what_a_plain_count_gives(db: Session, library: Library, clinic: Clinic) -> None:
    karin = clinic.actor["karin"]
    db.execute(sa.update(CareTeamMember).values(from_on=date(2026, 3, 1)))
    patients = db.scalar(
        sa.select(sa.func.count(sa.distinct(CareTeamMember.patient_id))).where(
            CareTeamMember.unit_id == clinic.unit.id, CareTeamMember.role == "contact-nurse"
        )
    )
    plan = stories.signed_plan(db, library, clinic)
    stories.treatment_began(db, library, clinic, plan, MONDAY.date(), "cytostatika")
    in_time = stories.sent(db, library, clinic, "astrid", {"nausea": 8})
    late = stories.sent(db, library, clinic, "astrid", {"nausea": 9}, at=MONDAY + timedelta(minutes=5))
    for response, after in ((in_time, timedelta(hours=1)), (late, timedelta(days=8))):
        task = stories.task_of(db, response)
        tasks.mark_read(db, task, by=karin, at=task.starts_at + timedelta(minutes=30))
        tasks.complete(db, task, outcome=Outcome.CALLED, next_step="", by=karin, at=task.starts_at + after)
    needs.assess(
        db,
        plan,
        response_id=None,
        levels={"pain": NeedLevel.BASIC, "sleep": NeedLevel.NONE, "mood": NeedLevel.NONE},
        notes={},
        summary="",
        by=karin,
        at=MONDAY + timedelta(days=1),
    )
    found = counted(db, clinic)
    assert of(found, "contact-nurse-offered") == (patients, patients)
    assert of(found, "plan-offered") == of(found, "plan-started") == (1, patients)
    assert of(found, "flags-in-time") == (1, 2)
    assert (found.overdue, found.unrouted) == (1, 0)
    assert of(found, "needs-assessed") == (1, 1)
    assert of(found, "needs-found") == (1, 1)
    physical = {share.group: share.part for share in found.figure("needs-found").groups["physical"]}
    assert physical == {"none": 0, "basic": 1, "particular": 0, "advanced": 0, "very-advanced": 0}
    assert of(found, "rehabilitation-planned") == (0, 1)
    yellow = next(times for times in found.times if times.level == "yellow")
    assert (yellow.count, yellow.read_median) == (2, timedelta(minutes=30))
    assert yellow.done_median == timedelta(hours=1)
    assert found.figure("responses").total.whole >= 2
    assert [(share.group, share.part) for share in found.figure("responses").groups["mode"] if share.part] == [
        ("web", 2)
    ]


def test_small_groups_are_hidden_in_page_and_file(db: Session, library: Library, clinic: Clinic, mia: Human) -> None:
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"nausea": 8}, at=MONDAY - timedelta(days=30))
    db.commit()
    page = mia.get("manage.figures")
    assert "för få för att visas" in page.text
    assert "Astrid" not in page.text
    assert "Karin" not in page.text
    response = mia.client.get(mia.url("manage.figures_csv"))
    rows = list(csv.DictReader(StringIO(response.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))
    hidden = [row for row in rows if row["figure"] == "responses" and row["group_by"] == "mode"]
    assert hidden
    assert {(row["numerator"], row["hidden"]) for row in hidden} == {("", "yes")}
    assert {row["figure"] for row in rows} >= {"unrouted", "working_hours_done_95", "contact-nurse-named"}
    book = mia.client.get(mia.url("manage.codebook_csv")).get_data(as_text=True)
    assert "contact-nurse-offered;Erbjuden kontaktsjuksköterska" in book
    db.rollback()
    logged = set(db.scalars(sa.select(AuditEvent.action).where(AuditEvent.person_name == "Mia Sand")))
    assert logged >= {"read-figures", "export-figures"}


def test_a_period_that_cannot_be_is_said(mia: Human) -> None:
    for fran, till in (
        ("2026-02-30", "2026-03-01"),
        ("2026-03-02", "2026-03-01"),
        ("1026-03-02", "2026-03-01"),
        ("", "x"),
    ):
        mia.get("manage.figures", fran=fran, till=till, expect=422)


def test_one_flag_is_traced_without_its_answer_and_without_a_name(
    db: Session, library: Library, clinic: Clinic, mia: Human
) -> None:
    stories.signed_plan(db, library, clinic)
    response = stories.sent(db, library, clinic, "astrid", {"nausea": 8}, comment="hemligt")
    task = db.scalars(sa.select(Task).where(Task.response_id == response.id)).one()
    tasks.complete(
        db, task, outcome=Outcome.CALLED, next_step="", by=clinic.actor["karin"], at=MONDAY + timedelta(hours=1)
    )
    db.commit()
    mia.get("manage.trace")
    page = mia.post("manage.trace", {"number": response.receipt.lower()}, expect=200)
    assert "av Karin Lind: Talat med patienten" in page.text
    assert "hemligt" not in page.text
    assert "Astrid" not in page.text
    page = mia.post("manage.trace", {"number": "XXXX-XXXXX"}, expect=422)
    assert "Det finns inget svar med det numret" in page.text
    db.rollback()
    logged = db.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "trace-response").order_by(AuditEvent.id)
    ).all()
    assert [event.patient_id for event in logged] == [clinic.patient["astrid"], None]


def test_what_was_offered_is_recorded_apart_from_what_was_started(
    db: Session, library: Library, clinic: Clinic, karin: Human
) -> None:
    db.execute(sa.update(CareTeamMember).values(from_on=date(2026, 3, 1)))
    db.commit()
    patient_id = clinic.patient["astrid"]
    before = of(counted(db, clinic), "contact-nurse-accepted")
    db.rollback()
    karin.get("staff.offers", patient_id=patient_id)
    karin.post("staff.offers", {"nurse": "declined", "plan": "declined"}, patient_id=patient_id)
    page = karin.get("staff.offers", patient_id=patient_id)
    assert "Har inte tackat ja." in page.text
    assert "Tackade nej. Karin Lind skrev in det." in page.text
    db.expire_all()
    found = counted(db, clinic)
    assert of(found, "contact-nurse-accepted") == (before[0] - 1, before[1])
    assert of(found, "contact-nurse-offered") == before
    assert (of(found, "plan-offered")[0], of(found, "plan-started")[0]) == (1, 0)
    db.rollback()
    page = karin.post("staff.offers", {}, patient_id=patient_id, expect=422)
    assert "Välj minst ett svar." in page.text
    karin.post("staff.offers", {"plan": "perhaps"}, patient_id=patient_id, expect=422)
