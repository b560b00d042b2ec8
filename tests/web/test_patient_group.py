"""Questions that stand together on one page: shown, saved at once, and told of at their place where one is wrong."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import compile_questionnaire
from careplan.models import AuditEvent, CallNotice, Draft, DraftAnswer
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
    forms.fill(db, form, begun, {"pain": 6}, by=clinic.actor["astrid"])
    db.commit()
    return begun.id


@pytest.fixture
def telephone(app: Flask) -> Human:
    """Astrid again, at another device."""
    return Human(app, "astrid")


def show(human: Human, draft: UUID, link_id: str = "back") -> Page:
    return human.get("patient.answer", draft_id=draft, link_id=link_id)


def save(human: Human, page: Page, draft: UUID, link_id: str = "back", expect: int = 303, **typed: str) -> Page:
    """What stands on the page, with what is typed in the controls of these questions (_ for -)."""
    sent = {tag["name"]: tag["value"] for tag in page.select("main input[type=hidden]") if tag["name"] != "csrf_token"}
    for tag in page.select("main input[checked], main input[type=text][value]"):
        sent[tag["name"]] = tag["value"]
    sent |= {f"{key.replace('_', '-')}.answer": value for key, value in typed.items()}
    return human.post("patient.answer", sent, draft_id=draft, link_id=link_id, expect=expect)


def saved(db: Session) -> dict[str, object]:
    rows = dict(db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value)).all())
    db.rollback()
    rows.pop("pain", None)
    return rows


def test_a_matrix_is_fieldsets_with_legends_and_no_table(astrid, draft):
    page = show(astrid, draft)
    assert words(page.h1) == "Hur ont har du just nu, på de här ställena?"
    assert [words(legend) for legend in page.select("fieldset legend")] == ["Ryggen", "Huvudet", "Benen"]
    assert page.select("table") == []
    assert [len(row.select("input[type=radio]")) for row in page.select("fieldset")] == [12, 12, 12]
    assert "Fråga 2–4 av 7" in words(page.main)
    assert page.select("[checked]") == []
    assert page.select_one(".app-matrix__head")["aria-hidden"] == "true"


def test_the_page_is_the_same_from_each_of_its_questions(astrid, draft):
    assert words(show(astrid, draft, "legs").h1) == words(show(astrid, draft, "back").h1)


def test_all_answers_of_a_page_are_saved_at_once_and_the_way_goes_past_it(astrid, db, draft):
    save(astrid, show(astrid, draft), draft, back="2", head="0", legs="declined")
    assert saved(db) == {"back": 2, "head": 0, "legs": None}
    assert astrid.location.endswith(f"/fragor/{draft}/fraga/taken")
    assert db.scalar(sa.select(Draft.version)) == 3
    db.rollback()
    assert (
        words(astrid.get("patient.answer", draft_id=draft, link_id="taken").select_one(".nhsuk-back-link")) == "Fråga 4"
    )


def test_what_is_left_blank_is_asked_about_once_and_the_rest_is_saved(astrid, db, draft):
    page = save(astrid, show(astrid, draft), draft, back="2", expect=422)
    assert saved(db) == {"back": 2}
    summary = page.select_one(".nhsuk-error-summary")
    assert words(summary.h2) == "2 svar på sidan saknas"
    assert [(words(link), link["href"]) for link in summary.select("a")] == [
        ("Huvudet: Välj ett tal, eller Jag vill inte svara.", "#head.answer"),
        ("Benen: Välj ett tal, eller Jag vill inte svara.", "#legs.answer"),
    ]
    assert len(page.select(".nhsuk-form-group--error")) == 2
    assert "De andra svaren på sidan är sparade." in page.text
    skip = page.find("a", string="Hoppa över")["href"]
    assert skip.endswith("/taken")
    save(astrid, page, draft, head="1", legs="1")
    assert saved(db) == {"back": 2, "head": 1, "legs": 1}


def test_beside_what_cannot_be_read_the_rest_is_saved_and_what_was_typed_stands_there(astrid, db, draft):
    page = save(astrid, show(astrid, draft, "hours"), draft, "hours", hours="sju", slept="well", expect=422)
    assert saved(db) == {"slept": "well"}
    assert [words(link) for link in page.select(".nhsuk-error-summary a")] == ["Timmar: Skriv svaret med siffror."]
    assert page.find(id="hours.answer")["value"] == "sju"
    assert page.find("input", value="well").has_attr("checked")
    save(astrid, page, draft, "hours", hours="7")
    assert saved(db) == {"hours": 7, "slept": "well"}
    assert astrid.location.endswith("/granska")


def test_a_question_that_an_answer_of_the_page_opens_is_shown_before_the_way_goes_on(astrid, db, draft):
    page = show(astrid, draft, "hours")
    assert page.find(id="woken-by.answer") is None
    save(astrid, page, draft, "hours", hours="3", slept="badly")
    assert astrid.location.endswith(f"/fragor/{draft}/fraga/woken-by#woken-by.answer")
    page = show(astrid, draft, "woken-by")
    assert page.find(id="hours.answer")["value"] == "3"
    save(astrid, page, draft, "woken-by", woken_by="Värken")
    assert saved(db) == {"hours": 3, "slept": "badly", "woken-by": "Värken"}
    assert astrid.location.endswith("/granska")


def test_an_answer_that_another_of_the_page_hides_stays_in_the_draft(astrid, db, draft):
    save(astrid, show(astrid, draft, "hours"), draft, "hours", hours="3", slept="badly")
    save(astrid, show(astrid, draft, "hours"), draft, "hours", slept="well", woken_by="Oljud")
    assert saved(db) == {"hours": 3, "slept": "well", "woken-by": "Oljud"}
    assert astrid.location.endswith("/granska")
    assert "Oljud" not in astrid.get("patient.review", draft_id=draft).text


def test_a_severe_row_shows_the_call_now_page_and_the_way_back_leads_to_what_was_left(astrid, db, draft):
    save(astrid, show(astrid, draft), draft, back="9", head="8")
    assert saved(db) == {"back": 9, "head": 8}
    assert astrid.location.endswith(f"/fragor/{draft}/fraga/back/ring")
    page = astrid.get("patient.call_now", draft_id=draft, link_id="back")
    assert "Du svarade 9 av 10 på frågan om ryggen." in page.text
    assert "Du svarade 8 av 10 på frågan om huvudet." in page.text
    astrid.post("patient.call_now", {}, draft_id=draft, link_id="back")
    assert astrid.location.endswith(f"/fragor/{draft}/fraga/legs#legs.answer")
    assert set(db.scalars(sa.select(CallNotice.acknowledged_at.is_not(None)))) == {True}
    db.rollback()
    save(astrid, show(astrid, draft), draft, legs="1")
    astrid.post("patient.call_now", {}, draft_id=draft, link_id="back")
    assert astrid.location.endswith("/taken")


def test_a_severe_row_beside_one_that_cannot_be_read_says_to_ring_and_loses_nothing(astrid, db, draft):
    page = save(astrid, show(astrid, draft), draft, back="9", head="99", legs="1", expect=422)
    assert saved(db) == {"back": 9, "legs": 1}
    assert "Ring oss nu" in page.text
    assert "Du svarade 9 av 10 på frågan om ryggen." in page.text
    assert page.find("a", string="Så når du oss nu")["href"].endswith("/back/ring")
    assert db.scalar(sa.select(sa.func.count()).select_from(CallNotice)) == 1


def test_an_answer_from_another_device_is_shown_at_its_row_and_the_others_are_saved(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, back="6", head="1", legs="1")
    page = save(astrid, first, draft, back="3", head="1", legs="1", expect=409)
    assert saved(db) == {"back": 6, "head": 1, "legs": 1}
    hint = words(page.find(id="back.answer-hint"))
    assert hint == "Sparat: 6 av 10. Ditt svar här, inte sparat: 3 av 10."
    assert "Två olika svar på samma fråga" in page.text
    assert [tag["value"] for tag in page.select("fieldset [checked]")] == ["3", "1", "1"]
    save(astrid, page, draft)
    assert saved(db) == {"back": 3, "head": 1, "legs": 1}


def test_what_was_answered_elsewhere_meanwhile_is_not_missing_here(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, back="6", expect=422)
    save(astrid, first, draft, head="1", legs="1")
    assert saved(db) == {"back": 6, "head": 1, "legs": 1}
    assert astrid.location.endswith("/taken")


def test_a_page_of_a_group_that_is_hidden_is_not_shown(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="pain")
    astrid.post("patient.answer", {"answer": "1"}, draft_id=draft, link_id="pain")
    astrid.get("patient.answer", draft_id=draft, link_id="back", expect=422)


def test_the_review_counts_each_row_and_leads_to_it(astrid, draft):
    save(astrid, show(astrid, draft), draft, back="2", expect=422)
    page = astrid.get("patient.review", draft_id=draft)
    assert "5 frågor är inte besvarade." in page.text
    links = {words(link): link["href"] for link in page.select(".nhsuk-summary-list a")}
    assert links["Ändra huvudet"].endswith(f"/fragor/{draft}/fraga/head?fran=granska#head.answer")
    page = astrid.get("patient.answer", draft_id=draft, link_id="head", fran="granska")
    sent = {
        f"{key}.seen": page.find("input", attrs={"name": f"{key}.seen"})["value"] for key in ("back", "head", "legs")
    }
    sent |= {"back.answer": "2", "head.answer": "4", "legs.answer": "5"}
    astrid.post("patient.answer", sent, draft_id=draft, link_id="head", fran="granska")
    assert astrid.location.endswith("/granska")


def test_one_log_row_for_one_page(astrid, db, draft):
    save(astrid, show(astrid, draft), draft, back="2", head="0", legs="1")
    of_page = sa.select(sa.func.count()).where(AuditEvent.action == "save-answer")
    assert db.scalar(of_page) == 2  # pain, and the page


def test_the_answer_of_last_time_stands_at_its_row_and_is_not_chosen(astrid, db, clinic):
    text = GROUPED.replace("    short: {sv: Benen}", "    short: {sv: Benen}\n    same_as_last: true")
    text = text.replace("    short: {sv: Timmar}", "    short: {sv: Timmar}\n    same_as_last: true")
    form, by = compile_questionnaire(text, "grouped.yaml"), clinic.actor["astrid"]
    library = forms.publish(db, form, text)
    first = forms.begin(db, forms.ask(db, library, clinic, form.id), by=by)
    forms.fill(db, form, first, {"pain": 4, "legs": 3, "hours": 7}, by=by)
    forms.send(db, form, first, by=by)
    again = forms.begin(db, forms.ask(db, library, clinic, form.id), by=by)
    forms.fill(db, form, again, {"pain": 4}, by=by)
    db.commit()
    draft = again.id
    db.rollback()
    page = show(astrid, draft)
    assert words(page.find(id="legs.answer-hint")) == "Förra gången: 3 av 10."
    assert page.find(id="back.answer-hint") is None
    assert page.select("[checked]") == []
    page = show(astrid, draft, "hours")
    assert words(page.find(id="hours.answer-hint")) == "Förra gången: 7."
    assert not page.find(id="hours.answer").has_attr("value")
