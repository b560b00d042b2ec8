"""Sharing with a relative: by number or by a code, the whole plan or parts of it, and no hint of the rest."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import needs, plans
from careplan.actions.invitations import ALPHABET, MOST_PER_PERSON
from careplan.domain.sharing import GOALS, VISITS
from careplan.library import Library
from careplan.models import CarePlan, LoginAttempt, Person, Share, ShareInvitation
from tests import make, stories
from tests.make import MONDAY, Clinic
from tests.people import Human

NEIGHBOUR = {"given_name": "Ulla", "family_name": "Norén", "identifier": "", "relation": "granne", "scopes": ["plan"]}


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    shown = {chapter.chapter_id for chapter in made.chapters if chapter.is_shown}
    plans.edit(
        db,
        library,
        made,
        treatments=(),
        shown=shown,
        notes={},
        greeting="Hej Astrid, ring mig.",
        phase="diagnosis",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    plans.add_appointment(
        db,
        made,
        starts_at=MONDAY + timedelta(days=3),
        title="Läkarbesök",
        place="",
        preparation="",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    plans.sign(db, library, made, contact=stories.contact(db, clinic, "astrid"), by=clinic.actor["karin"], at=MONDAY)
    needs.set_goal(
        db,
        made,
        text="Orka gå till affären",
        measure="",
        review_on=MONDAY.date() + timedelta(days=14),
        activities=[],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.commit()
    return made


@pytest.fixture
def ulla(app: Flask, db: Session) -> Human:
    """Somebody with an account, whom nobody shares anything with."""
    neighbour = make.person(db, "Ulla", "Norén", make.LONG_AGO.replace(year=1970))
    make.account(db, neighbour, "ulla")
    db.commit()
    return Human(app, "ulla")


def invite(astrid: Human, **more: object) -> str:
    astrid.get("patient.sharing")
    page = astrid.post("patient.sharing", NEIGHBOUR | more, expect=200)
    return page.select(".app-big strong")[0].text


def invitation(db: Session) -> ShareInvitation:
    found = db.scalars(sa.select(ShareInvitation)).one()
    db.expunge_all()
    db.rollback()  # one writer at a time
    return found


def parts_of(astrid: Human, db: Session, *parts: str) -> None:
    share_id = db.scalars(sa.select(Share.id)).one()
    db.expunge_all()
    db.rollback()  # one writer at a time
    astrid.get("patient.share_parts", share_id=share_id)
    astrid.post("patient.share_parts", {"extent": "chosen", "parts": list(parts)}, share_id=share_id)


def test_a_code_lets_a_relative_in_once_as_themself(
    astrid: Human, ulla: Human, lina: Human, db: Session, plan: CarePlan
) -> None:
    assert "Skriv in koden" in ulla.get("patient.home").text
    code = invite(astrid)
    page = ulla.get("patient.invitation")
    page = ulla.post("patient.invitation", {"code": code}, expect=200)
    assert page.heading == "Inbjudan från Astrid Ek"
    assert "Läsa planen och målen" in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(Share)) == 1  # Lina's: nothing is shared yet
    db.rollback()
    ulla.post("patient.invitation", {"code": code, "accept": "1"})
    assert ulla.get("patient.plan").heading == "Plan för Astrid Ek"
    assert "Ulla Norén" in astrid.get("patient.sharing").text
    lina.get("patient.invitation")
    assert "redan använd" in lina.post("patient.invitation", {"code": code}, expect=422).text


def test_the_code_is_stored_as_a_hash_alone_and_shown_once(astrid: Human, db: Session, plan: CarePlan) -> None:
    code = invite(astrid)
    stored = invitation(db)
    assert code.replace("-", "") not in (stored.code_hash, stored.name)
    assert len(stored.code_hash) == 64
    page = astrid.get("patient.sharing")
    assert code not in page.text
    assert "Inbjudningar som väntar" in page.text


@pytest.mark.parametrize("written", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code} "])
def test_a_code_is_read_as_people_write_it(astrid: Human, ulla: Human, plan: CarePlan, written) -> None:
    code = invite(astrid)
    ulla.get("patient.invitation")
    assert ulla.post("patient.invitation", {"code": written(code)}, expect=200).heading.startswith("Inbjudan från")


def test_a_code_has_its_time_and_can_be_taken_back(
    app: Flask, astrid: Human, ulla: Human, db: Session, plan: CarePlan, clock
) -> None:
    code = invite(astrid)
    clock.at = MONDAY + timedelta(days=7)
    late = Human(app, "ulla")
    late.get("patient.invitation")
    assert "gäller inte längre" in late.post("patient.invitation", {"code": code}, expect=422).text
    clock.at = MONDAY
    code_again = invite(astrid)
    invited = db.scalars(sa.select(ShareInvitation.id).order_by(ShareInvitation.created_at.desc())).all()
    db.rollback()
    for each in invited:
        astrid.get("patient.sharing")
        astrid.post("patient.withdraw_invitation", invitation_id=each)
    ulla.get("patient.invitation")
    assert "tillbakatagen" in ulla.post("patient.invitation", {"code": code_again}, expect=422).text


def test_guessing_is_counted_and_ends(ulla: Human, db: Session) -> None:
    ulla.get("patient.invitation")
    for _guess in range(MOST_PER_PERSON):
        ulla.post("patient.invitation", {"code": ALPHABET[:10]}, expect=422)
    page = ulla.post("patient.invitation", {"code": ALPHABET[:10]}, expect=429)
    assert page.status == 429
    assert db.scalar(sa.select(sa.func.count()).select_from(LoginAttempt)) == MOST_PER_PERSON
    db.rollback()


@pytest.mark.parametrize("code", ["", "kort", "x" * 100_000, "' OR 1=1 --", "🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸", "١٢٣٤٥٦٧٨٩٠"])
def test_what_is_no_code_is_said_and_not_counted(ulla: Human, db: Session, code: str) -> None:
    ulla.get("patient.invitation")
    ulla.post("patient.invitation", {"code": code}, expect=422)
    assert db.scalar(sa.select(sa.func.count()).select_from(LoginAttempt)) == 0
    db.rollback()


def test_the_patient_cannot_use_the_code_herself(astrid: Human, plan: CarePlan) -> None:
    code = invite(astrid)
    astrid.get("patient.invitation")
    assert "Du kan inte använda den själv." in astrid.post("patient.invitation", {"code": code}, expect=422).text


def test_a_number_still_shares_at_once(astrid: Human, db: Session, clinic: Clinic, plan: CarePlan) -> None:
    astrid.get("patient.sharing")
    number = make.personnummer(make.LONG_AGO.replace(year=1971), 981)
    astrid.post("patient.sharing", NEIGHBOUR | {"identifier": number})
    assert "Ulla Norén" in astrid.get("patient.sharing").text


def test_only_the_shared_chapters_are_there_and_nothing_hints_at_the_rest(
    astrid: Human, lina: Human, db: Session, plan: CarePlan
) -> None:
    parts_of(astrid, db, "children-as-relatives")
    page = lina.get("patient.plan")
    links = {tag["href"].rsplit("/", 1)[1] for tag in page.select(f'a[href^="/plan/{plan.id}/"]')}
    assert links - {"versioner"} == {"children-as-relatives"}
    for word in ("Utredning", "Hej Astrid, ring mig.", "Bokade tider", "Mål och åtgärder", "Läkarbesök", "affären"):
        assert word not in page.text, word
    lina.get("patient.chapter", plan_id=plan.id, chapter_id="children-as-relatives")
    lina.get("patient.chapter", plan_id=plan.id, chapter_id="waiting-for-answers", expect=404)
    lina.get("patient.chapter", plan_id=plan.id, chapter_id="waiting-for-answers", version=1, expect=404)
    lina.get("patient.rehabilitation", expect=404)
    lina.get("patient.timeline", expect=404)
    home = lina.get("patient.home").text
    for word in ("Läkarbesök", "affären", "Alla tider", "Nytt mål"):
        assert word not in home, word


def test_each_part_opens_its_page_alone(astrid: Human, lina: Human, db: Session, plan: CarePlan) -> None:
    parts_of(astrid, db, VISITS)
    assert "Läkarbesök" in lina.get("patient.timeline").text
    assert "Läkarbesök" in lina.get("patient.home").text
    lina.get("patient.rehabilitation", expect=404)
    parts_of(astrid, db, GOALS)
    lina.get("patient.timeline", expect=404)
    assert "affären" in lina.get("patient.rehabilitation").text


def test_the_whole_plan_is_shared_again_at_once(astrid: Human, lina: Human, db: Session, plan: CarePlan) -> None:
    parts_of(astrid, db, VISITS)
    share_id = db.scalars(sa.select(Share.id)).one()
    db.expunge_all()
    db.rollback()  # one writer at a time
    astrid.get("patient.share_parts", share_id=share_id)
    astrid.post("patient.share_parts", {"extent": "whole"}, share_id=share_id)
    assert "Hej Astrid, ring mig." in lina.get("patient.plan").text


def test_parts_are_chosen_at_the_invitation_too(astrid: Human, ulla: Human, db: Session, plan: CarePlan) -> None:
    code = invite(astrid, parts=[VISITS, "no-such-part"])
    assert invitation(db).parts == [VISITS]
    ulla.get("patient.invitation")
    ulla.post("patient.invitation", {"code": code, "accept": "1"})
    assert "Läkarbesök" in ulla.get("patient.timeline").text
    ulla.get("patient.rehabilitation", expect=404)


def test_a_name_with_an_apostrophe_or_from_right_to_left_is_kept(astrid: Human, db: Session, plan: CarePlan) -> None:
    for name in ("D'Arcy", "مريم", "<b>Ulla</b>"):
        invite(astrid, given_name=name)
        assert name in astrid.get("patient.sharing").text


def test_a_share_that_is_over_cannot_be_changed(astrid: Human, db: Session, plan: CarePlan) -> None:
    share_id = db.scalars(sa.select(Share.id)).one()
    db.expunge_all()
    db.rollback()  # one writer at a time
    astrid.get("patient.sharing")
    astrid.post("patient.end_sharing", share_id=share_id)
    astrid.get("patient.share_parts", share_id=share_id, expect=404)


def test_nobody_is_made_a_person_by_an_invitation(astrid: Human, db: Session, plan: CarePlan) -> None:
    count = sa.select(sa.func.count()).select_from(Person)
    before = db.scalar(count)
    db.rollback()
    invite(astrid)
    assert db.scalar(count) == before
    db.rollback()
