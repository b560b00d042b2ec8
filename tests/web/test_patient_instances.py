"""Questions that are asked again for each of a kind: one instance a page, one more, one less, and on."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import compile_questionnaire
from careplan.models import DraftAnswer
from tests import make
from tests.actions import forms
from tests.content.grouped import GROUPED
from tests.pages import Page, words
from tests.people import Human


@pytest.fixture
def draft(db: Session, clinic: make.Clinic) -> UUID:
    form = compile_questionnaire(GROUPED, "grouped.yaml")
    library = forms.publish(db, form, GROUPED)
    begun = forms.begin(db, forms.ask(db, library, clinic, "grouped"), by=clinic.actor["astrid"])
    forms.fill(db, form, begun, {"pain": 0, "taken": "yes"}, by=clinic.actor["astrid"])
    db.commit()
    return begun.id


@pytest.fixture
def telephone(app: Flask) -> Human:
    """Astrid again, at another device."""
    return Human(app, "astrid")


def show(human: Human, draft: UUID, number: int = 1, **query: str) -> Page:
    key = "medicine" if number == 1 else f"medicine@{number}"
    return human.get("patient.answer", draft_id=draft, link_id=key, **query)


def tell(human: Human, draft: UUID, number: int, name: str, often: str = "seldom", expect: int = 303) -> Page:
    page = show(human, draft, number)
    mark = "" if number == 1 else f"@{number}"
    sent = {tag["name"]: tag["value"] for tag in page.select("main input[type=hidden]") if tag["name"] != "csrf_token"}
    sent |= {f"medicine{mark}.answer": name, f"often{mark}.answer": often}
    return human.post("patient.answer", sent, draft_id=draft, link_id=f"medicine{mark}", expect=expect)


def listed(human: Human, draft: UUID, **query: str) -> Page:
    return human.get("patient.instances", draft_id=draft, group_id="medicines", **query)


def remove(human: Human, page: Page, draft: UUID, number: int, expect: int = 303) -> Page:
    version = page.select_one("input[name=version]")["value"]
    sent = {"bort": str(number), "version": version}
    return human.post("patient.instances", sent, draft_id=draft, group_id="medicines", expect=expect)


def saved(db: Session) -> dict[str, object]:
    rows = dict(db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value)).all())
    db.rollback()
    return {key: value for key, value in rows.items() if key not in ("pain", "taken")}


def test_an_instance_is_a_page_with_its_number_and_its_texts(astrid, draft):
    page = show(astrid, draft)
    assert words(page.h1) == "Läkemedel mot smärta, nummer 1"
    assert "Namnet står på förpackningen." in page.text
    assert "Fråga 3–4 av 6" in words(page.main)
    assert page.find(id="dose.answer") is None


def test_after_an_instance_one_may_be_added_or_the_way_goes_on(astrid, db, draft):
    tell(astrid, draft, 1, "Alvedon")
    assert astrid.location.endswith(f"/fragor/{draft}/grupp/medicines")
    page = listed(astrid, draft)
    assert [words(each) for each in page.select(".nhsuk-summary-list__value")] == ["Alvedon", "Ibland"]
    buttons = {words(link): link["href"] for link in page.select("a.nhsuk-button")}
    assert buttons["Lägg till ett läkemedel"].endswith(f"/fragor/{draft}/fraga/medicine@2")
    assert buttons["Nej, gå vidare"].endswith(f"/fragor/{draft}/fraga/hours")
    tell(astrid, draft, 2, "Ipren")
    assert saved(db) == {"medicine": "Alvedon", "often": "seldom", "medicine@2": "Ipren", "often@2": "seldom"}
    assert words(show(astrid, draft, 2).h1) == "Läkemedel mot smärta, nummer 2"


def test_what_is_asked_in_an_instance_looks_at_that_instance(astrid, db, draft):
    tell(astrid, draft, 1, "Alvedon")
    tell(astrid, draft, 2, "Ipren", often="daily")
    assert astrid.location.endswith(f"/fragor/{draft}/fraga/dose@2#dose@2.answer")
    assert show(astrid, draft, 2).find(id="dose@2.answer") is not None
    assert show(astrid, draft, 1).find(id="dose.answer") is None


def test_there_are_at_most_so_many(astrid, draft):
    for number in (1, 2, 3, 4):
        tell(astrid, draft, number, f"Medicin {number}")
    page = listed(astrid, draft)
    assert [words(link) for link in page.select("a.nhsuk-button")] == ["Gå vidare"]
    assert "Här ryms högst 4." in page.text
    astrid.get("patient.answer", draft_id=draft, link_id="medicine@5", expect=404)


def test_no_instance_is_skipped(astrid, draft):
    tell(astrid, draft, 1, "Alvedon")
    astrid.get("patient.answer", draft_id=draft, link_id="medicine@3", expect=422)


def test_an_instance_is_taken_away_and_those_after_it_move_up(astrid, db, draft):
    for number, name in enumerate(("Alvedon", "Ipren", "Citodon"), start=1):
        tell(astrid, draft, number, name)
    remove(astrid, listed(astrid, draft), draft, 2)
    assert saved(db) == {"medicine": "Alvedon", "often": "seldom", "medicine@2": "Citodon", "often@2": "seldom"}
    page = listed(astrid, draft)
    assert "Nummer 2 är borttaget." in page.text
    remove(astrid, page, draft, 1)
    remove(astrid, listed(astrid, draft), draft, 1)
    assert saved(db) == {}
    page = listed(astrid, draft)
    assert "Inget är tillagt." in page.text
    assert page.find("a", string="Lägg till ett läkemedel")["href"].endswith(f"/fragor/{draft}/fraga/medicine")


def test_nothing_is_taken_away_from_a_list_that_has_changed_elsewhere(astrid, telephone, db, draft):
    tell(astrid, draft, 1, "Alvedon")
    tell(astrid, draft, 2, "Ipren")
    page = listed(astrid, draft)
    remove(telephone, listed(telephone, draft), draft, 1)
    page = remove(astrid, page, draft, 1, expect=409)
    assert "Listan har ändrats" in page.text
    assert saved(db) == {"medicine": "Ipren", "often": "seldom"}


def test_an_instance_that_moved_while_it_was_open_is_not_written_over(astrid, telephone, db, draft):
    for number, name in enumerate(("Alvedon", "Ipren"), start=1):
        tell(astrid, draft, number, name)
    page = show(astrid, draft, 1)
    remove(telephone, listed(telephone, draft), draft, 1)
    seen = {tag["name"]: tag["value"] for tag in page.select("main input[name$='.seen']")}
    sent = seen | {"medicine.answer": "Panodil", "often.answer": "seldom"}
    page = astrid.post("patient.answer", sent, draft_id=draft, link_id="medicine", expect=409)
    assert "Sparat: Ipren" in page.text
    assert saved(db)["medicine"] == "Ipren"


def test_what_was_typed_in_a_new_instance_is_kept_where_others_were_taken_away_meanwhile(astrid, telephone, db, draft):
    for number, name in enumerate(("Alvedon", "Ipren"), start=1):
        tell(astrid, draft, number, name)
    page = show(astrid, draft, 3)
    remove(telephone, listed(telephone, draft), draft, 1)
    remove(telephone, listed(telephone, draft), draft, 1)
    seen = {tag["name"]: tag["value"] for tag in page.select("main input[name$='.seen']")}
    sent = seen | {"medicine@3.answer": "Citodon", "often@3.answer": "seldom"}
    astrid.post("patient.answer", sent, draft_id=draft, link_id="medicine@3")
    assert saved(db) == {"medicine": "Citodon", "often": "seldom"}


def test_the_review_names_each_instance_and_the_way_back_leads_to_the_list(astrid, draft):
    tell(astrid, draft, 1, "Alvedon")
    tell(astrid, draft, 2, "Ipren")
    page = astrid.get("patient.review", draft_id=draft)
    rows = {words(row.dt): words(row.dd) for row in page.select(".nhsuk-summary-list__row")}
    assert rows["Läkemedel"] == "Alvedon"
    assert rows["Läkemedel 2"] == "Ipren"
    (link,) = page.select("a[href*='medicine@2']")
    assert link["href"].endswith("fran=granska#medicine@2.answer")
    page = listed(astrid, draft, fran="granska")
    assert page.find("a", string="Nej, gå vidare")["href"].endswith("/granska")


def test_a_group_that_does_not_repeat_has_no_list_and_a_hidden_one_neither(astrid, draft):
    astrid.get("patient.instances", draft_id=draft, group_id="sleep", expect=404)
    astrid.get("patient.instances", draft_id=draft, group_id="weather", expect=404)
    astrid.get("patient.answer", draft_id=draft, link_id="taken")
    astrid.post("patient.answer", {"answer": "no"}, draft_id=draft, link_id="taken")
    astrid.get("patient.instances", draft_id=draft, group_id="medicines", expect=422)


def test_who_has_nothing_to_tell_skips_the_group(astrid, db, draft):
    page = tell(astrid, draft, 1, "", often="", expect=422)
    assert page.find("a", string="Hoppa över")["href"].endswith(f"/fragor/{draft}/fraga/hours")
    assert saved(db) == {}
