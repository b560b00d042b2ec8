"""The calendar that both sides write in: who wrote what, and who may change it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import calendar, plans
from careplan.library import Library
from careplan.models import CarePlan, OwnEvent, QuestionnaireRequest, Share
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human

TUESDAY = MONDAY.date() + timedelta(days=1)


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    plans.add_appointment(
        db,
        made,
        starts_at=MONDAY + timedelta(days=3),
        title="Blodprov",
        place="Ingång B",
        preparation="Ta med listan över dina mediciner.",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    stories.treatment_began(db, library, clinic, made, MONDAY.date() - timedelta(days=14), "cytostatika")
    db.commit()
    return made


def form(**more: str) -> dict[str, str]:
    sent = {"title": "Tandläkare", "on-day": "17", "on-month": "11", "on-year": "2026", "clock": "9.30"}
    return sent | {"place": "Folktandvården", "note": "Ta med listan"} | more


def add(human: Human, **more: str) -> None:
    human.get("patient.timeline")
    key = human.page.find("input", {"name": "key"})["value"]
    human.post("patient.timeline", form(key=key, **more))


def stored(db: Session) -> list[OwnEvent]:
    found = list(db.scalars(sa.select(OwnEvent).order_by(OwnEvent.created_at)))
    db.expunge_all()
    db.rollback()  # one writer at a time
    return found


def test_the_next_visit_stands_first_with_what_to_bring_and_who_wrote_it(astrid: Human, plan: CarePlan) -> None:
    page = astrid.get("patient.timeline")
    assert page.heading == "Mina tider"
    first = page.select(".app-card--main")[0].get_text(" ", strip=True)
    assert "Torsdag 19 november klockan 10.20" in first.replace("\u00a0", " ")
    assert "Ta med listan över dina mediciner." in first
    assert "Karin Lind, kontaktsjuksköterska" in page.text


def test_what_has_been_stands_after_what_comes(astrid: Human, plan: CarePlan) -> None:
    page = astrid.get("patient.timeline")
    coming, past = (page.find("section", {"aria-labelledby": each}).get_text(" ") for each in ("kommer", "varit"))
    assert "Blodprov" in coming
    assert past.index("cytostatika") < past.index("Vårdplanen började gälla")


def test_the_patient_adds_a_day_and_the_nurse_reads_who_wrote_it(
    astrid: Human, karin: Human, plan: CarePlan, clinic: Clinic
) -> None:
    add(astrid)
    page = astrid.follow(astrid.page)
    assert "I morgon klockan 9.30" in page.text.replace("\u00a0", " ")
    assert "Du skrev" in page.text
    nurse = karin.get("staff.patient", patient_id=clinic.patient["astrid"]).text
    assert "Tandläkare" in nurse
    assert "Astrid Ek" in nurse


def test_a_day_needs_no_time(astrid: Human, db: Session, plan: CarePlan) -> None:
    add(astrid, clock="", place="", note="")
    (event,) = stored(db)
    assert (event.on, event.starts_at, event.title) == (TUESDAY, None, "Tandläkare")


def test_the_same_page_sent_twice_is_one_day(astrid: Human, db: Session, plan: CarePlan) -> None:
    astrid.get("patient.timeline")
    key = astrid.page.find("input", {"name": "key"})["value"]
    for _time in range(2):
        astrid.post("patient.timeline", form(key=key))
    assert len(stored(db)) == 1


def test_the_patient_changes_and_removes_a_day(astrid: Human, db: Session, plan: CarePlan) -> None:
    add(astrid)
    (event,) = stored(db)
    page = astrid.get("patient.own_event", event_id=event.id)
    assert page.find("input", {"name": "clock"})["value"] == "9.30"
    astrid.post("patient.own_event", form(title="Tandhygienist", clock=""), event_id=event.id)
    (event,) = stored(db)
    assert (event.title, event.starts_at, event.changed_at) == ("Tandhygienist", None, MONDAY)
    astrid.get("patient.own_event", event_id=event.id)
    astrid.post("patient.own_event", {"remove": "1"}, event_id=event.id)
    assert "Tandhygienist" not in astrid.get("patient.timeline").text
    astrid.get("patient.own_event", event_id=event.id, expect=404)


def test_what_the_nurse_wrote_is_not_the_patients_to_change(astrid: Human, db: Session, plan: CarePlan) -> None:
    page = astrid.get("patient.timeline")
    assert not page.select('a[href^="/tider/"]')


def test_an_own_day_orders_no_form(astrid: Human, db: Session, plan: CarePlan) -> None:
    count = sa.select(sa.func.count()).select_from(QuestionnaireRequest)
    before = db.scalar(count)
    db.rollback()
    add(astrid, title="Behandlingen börjar")
    assert db.scalar(count) == before
    db.rollback()


def test_a_relative_who_may_help_adds_a_day_marked_as_theirs(
    astrid: Human, lina: Human, db: Session, plan: CarePlan
) -> None:
    add(lina, title="Lina hämtar")
    assert "Lina Ek, närstående" in astrid.get("patient.timeline").text
    (event,) = stored(db)
    astrid.get("patient.own_event", event_id=event.id)  # her calendar: she may take it away
    lina.get("patient.own_event", event_id=event.id)


def test_a_relative_does_not_change_what_the_patient_wrote(
    astrid: Human, lina: Human, db: Session, plan: CarePlan
) -> None:
    add(astrid)
    (event,) = stored(db)
    lina.get("patient.own_event", event_id=event.id, expect=404)
    assert "Tandläkare" in lina.get("patient.timeline").text


def test_a_relative_who_may_only_read_gets_no_form(lina: Human, db: Session, plan: CarePlan) -> None:
    db.scalars(sa.select(Share)).one().scopes = ["plan"]
    db.commit()
    page = lina.get("patient.timeline")
    assert not page.select("form.app-card")
    lina.post("patient.timeline", form(), expect=404)


def test_without_the_plan_a_relative_finds_no_times(lina: Human, db: Session, plan: CarePlan) -> None:
    db.scalars(sa.select(Share)).one().scopes = ["help"]
    db.commit()
    lina.get("patient.timeline", expect=404)
    assert "Alla tider" not in lina.get("patient.home").text


WRONG = [
    ({"title": ""}, "Skriv vad det är."),
    ({"title": "x" * 100_000}, "Skriv högst 200 tecken."),
    ({"note": "x" * 100_000}, "Skriv högst 2 000 tecken."),
    ({"on-year": "1026"}, "Kontrollera året."),
    ({"on-year": "2126"}, "Kontrollera året."),
    ({"on-day": "31"}, "Den dagen finns inte. Kontrollera dag och månad."),
    ({"on-day": "", "on-month": "", "on-year": ""}, "Skriv vilken dag."),
    ({"clock": "klockan nio"}, "Skriv klockslaget så här: 9.30. Eller lämna tomt."),
    ({"clock": "25.00"}, "Skriv klockslaget så här: 9.30. Eller lämna tomt."),
]


@pytest.mark.parametrize(("sent", "sentence"), WRONG)
def test_what_cannot_be_is_said_and_nothing_is_stored(
    astrid: Human, db: Session, plan: CarePlan, sent: dict[str, str], sentence: str
) -> None:
    astrid.get("patient.timeline")
    page = astrid.post("patient.timeline", form(**sent), expect=422)
    assert sentence in page.text.replace("\u00a0", " ")
    assert stored(db) == []


@pytest.mark.parametrize("title", ["O'Brien <b>", "🌸 vila", "موعد مع الطبيب", "a\x00b\x07c"])
def test_any_text_is_stored_and_shown_right(astrid: Human, db: Session, plan: CarePlan, title: str) -> None:
    add(astrid, title=title)
    (event,) = stored(db)
    assert event.title == title.replace("\x00", "").replace("\x07", "")
    assert event.title in astrid.get("patient.timeline").text


def test_a_day_longer_ago_than_it_can_be_is_refused_by_the_action_too(db: Session, clinic: Clinic) -> None:
    with pytest.raises(calendar.EventTooFarAway):
        calendar.add(
            db,
            calendar.Day("Född", date(1900, 1, 1)),
            key=uuid4(),
            patient_id=clinic.patient["astrid"],
            unit_id=clinic.unit.id,
            by=clinic.actor["astrid"],
            at=MONDAY,
        )


def test_another_patients_day_is_not_found(astrid: Human, bo: Human, db: Session, plan: CarePlan) -> None:
    add(astrid)
    (event,) = stored(db)
    bo.get("account.settings")
    bo.post("patient.own_event", form(title="Mitt"), event_id=event.id, expect=404)
    assert "Tandläkare" not in bo.get("patient.timeline").text
