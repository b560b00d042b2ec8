"""An editor writes: findings beside the text, previews, a comparison, and a colleague who decides."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import ContentDraft, Publication
from careplan.web import shelf
from tests.actions.texts import WORDS, held, shelf_of_its_own, with_words
from tests.make import MONDAY, Clinic
from tests.people import Human
from tests.stories import signed_plan

__all__ = ["shelf_of_its_own"]

TEAM = {"kind": "kapitel", "content_id": "your-team", "lang": "sv"}


def seen(human: Human) -> dict[str, Any]:
    """What the page says it shows."""
    assert human.page is not None
    return {each["name"]: each["value"] for each in human.page.select('input[name="seen"], input[name="base"]')}


def write(human: Human, text: str, do: str = "save", **values: str) -> None:
    human.get("edit.write", **(TEAM | values))
    human.post("edit.write", {"text": text, "do": do, **seen(human)}, **(TEAM | values))
    human.follow(human.response)


def published(edith: Human, ebba: Human, text: str, notify: str = "next-visit") -> None:
    write(edith, text, "compare")
    edith.send(edith.page.select('form[action$="/skicka"]')[0]["action"], seen(edith))
    ebba.get("edit.home")
    ebba.open(ebba.page.select('#granska ~ ul a, section[aria-labelledby="granska"] a')[0]["href"])
    ebba.send(ebba.page.select('form[action$="/godkann"]')[0]["action"], {"notify": notify, **seen(ebba)})
    ebba.follow(ebba.response)


def test_the_editor_page_shows_the_text_its_findings_and_both_previews(library: Library, edith: Human) -> None:
    page = edith.get("edit.write", **TEAM)
    assert page.select("textarea")[0].text.strip() == held(library).strip()
    frames = [frame["src"] for frame in page.select("iframe")]
    assert len(frames) == 2
    assert "frame-src 'self'" in edith.response.headers["Content-Security-Policy"]
    for address in frames:
        assert "Robin" in edith.open(address).text
        assert "frame-ancestors 'self'" in edith.response.headers["Content-Security-Policy"]


def test_no_other_page_may_stand_in_a_frame(edith: Human) -> None:
    edith.get("edit.home")
    assert "frame-ancestors 'none'" in edith.response.headers["Content-Security-Policy"]
    assert "frame-src" not in edith.response.headers["Content-Security-Policy"]


def test_a_finding_leads_to_its_line(library: Library, edith: Human) -> None:
    write(edith, with_words(library, "Det finns t.ex. kaffe."))
    (link,) = edith.page.select('aside a[href^="#rad-"]')
    (line,) = edith.page.select(f'li[id="{link["href"][1:]}"]')
    assert "t.ex." in line.text


@pytest.mark.parametrize(("content_id", "lang"), [("general", "sv"), ("breast-cancer", "en")])
def test_a_template_is_previewed_whole(library: Library, edith: Human, content_id: str, lang: str) -> None:
    plan = library.plan(content_id, lang)
    values = {"kind": "mall", "content_id": content_id, "lang": lang}
    phone = edith.get("edit.phone", **values).text
    assert all(phase.title in phone for phase in plan.phases)
    paper = edith.get("edit.paper", **values).text
    assert all(plan.chapter(chapter_id).title in paper for chapter_id in plan.chapter_ids)
    assert plan.title in edith.get("edit.text", **values).text


def test_previews_show_what_is_saved_and_not_published(library: Library, edith: Human) -> None:
    write(edith, with_words(library))
    for endpoint in ("edit.phone", "edit.paper"):
        assert WORDS in edith.get(endpoint, **TEAM).text


def test_a_text_with_errors_is_kept_and_the_previews_say_what_is_wrong(library: Library, edith: Human) -> None:
    write(edith, with_words(library, "<script>alert(1)</script>"))
    assert "HTML is not allowed" in edith.page.text
    for endpoint in ("edit.phone", "edit.paper"):
        page = edith.get(endpoint, **TEAM)
        assert "HTML is not allowed" in page.text
        assert "<script>" not in edith.response.get_data(as_text=True)


def test_two_people_publish_and_the_text_holds_everywhere(
    db: Session, library: Library, edith: Human, ebba: Human, shelf_of_its_own: Flask
) -> None:
    published(edith, ebba, with_words(library), notify="now")
    row = db.scalars(sa.select(Publication)).one()
    assert row.notify == "now"
    db.rollback()
    assert shelf.refresh(shelf_of_its_own, at=MONDAY)
    for plan_id in ("general", "breast-cancer"):
        page = edith.get("edit.chapter", plan_id=plan_id, lang="sv", chapter_id="your-team")
        assert WORDS in page.text
    assert "Ebba Lund publicerade" in edith.get("edit.text", **TEAM).text


def test_a_request_opens_nothing(db: Session, library: Library, edith: Human, ebba: Human, app: Flask) -> None:
    published(edith, ebba, with_words(library))
    edith.get("edit.home")
    assert app.extensions["library"] is library


def test_a_page_that_shows_an_older_text_than_holds_does_not_write_over_the_newer_one(
    db: Session, library: Library, edith: Human, ebba: Human, shelf_of_its_own: Flask
) -> None:
    published(edith, ebba, with_words(library))
    # The process has not opened it yet: the page shows the text of before.
    write(edith, with_words(library, "Ediths ord."), "compare")
    assert "En annan version har börjat gälla" in edith.page.text
    address = edith.page.select('form[action$="/skicka"]')[0]["action"]
    edith.send(address, seen(edith), expect=409)
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    assert "Sparar du det igen" in edith.get("edit.write", **TEAM).text
    write(edith, with_words(library, "Ediths ord."), "compare")
    assert WORDS in " ".join(each.text for each in edith.page.select("del"))
    edith.send(address, seen(edith))


def test_one_step_back(db: Session, library: Library, edith: Human, ebba: Human, shelf_of_its_own: Flask) -> None:
    published(edith, ebba, with_words(library))
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    edith.get("edit.text", **TEAM)
    edith.post("edit.roll_back", seen(edith), **TEAM)
    assert "Edith Ros gick tillbaka" in edith.follow(edith.response).text
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    assert WORDS not in edith.get("edit.phone", **TEAM).text


def test_the_writer_is_offered_no_decision_and_refused_one(db: Session, library: Library, edith: Human) -> None:
    write(edith, with_words(library), "compare")
    edith.send(edith.page.select('form[action$="/skicka"]')[0]["action"], seen(edith))
    page = edith.follow(edith.response)
    assert not page.select('form[action$="/godkann"]')
    draft_id, version = db.execute(sa.select(ContentDraft.id, ContentDraft.version)).one()
    db.rollback()
    edith.post("edit.approve", {"seen": version, "notify": "now"}, draft_id=draft_id, expect=403)


def test_what_is_given_back_says_why(library: Library, edith: Human, ebba: Human) -> None:
    write(edith, with_words(library), "compare")
    address = edith.page.select('form[action$="/skicka"]')[0]["action"]
    edith.send(address, seen(edith))
    page = ebba.open(address.removesuffix("/skicka"))
    form = page.select('form[action$="/tillbaka"]')[0]["action"]
    ebba.send(form, {"reason": "", **seen(ebba)}, expect=422)
    ebba.open(address.removesuffix("/skicka"))
    ebba.send(form, {"reason": "Skriv kortare.", **seen(ebba)})
    assert "Skriv kortare." in edith.get("edit.write", **TEAM).text


def test_who_saves_second_loses_no_word(library: Library, edith: Human, ebba: Human) -> None:
    edith.get("edit.write", **TEAM)
    write(ebba, with_words(library, "Ebbas ord."))
    edith.post("edit.write", {"text": with_words(library, "Ediths ord."), "do": "save"}, expect=409, **TEAM)
    assert "Ediths ord." in edith.page.select("textarea")[0].text
    assert "Någon annan sparade före dig" in edith.page.text


def test_the_comparison_marks_words_that_came_and_went(library: Library, edith: Human) -> None:
    before = "Flera personer hjälps åt med din vård."
    assert before in held(library)
    write(edith, with_words(library).replace(before, "Flera personer hjälps åt med vården."), "compare")
    added, removed = (" ".join(each.text for each in edith.page.select(name)) for name in ("ins", "del"))
    assert ("vården." in added, "din vård." in removed, WORDS in added) == (True, True, True)


def test_who_is_touched_is_counted_by_unit_and_nobody_is_named(
    db: Session, library: Library, clinic: Clinic, edith: Human
) -> None:
    signed_plan(db, library, clinic)
    db.commit()
    page = edith.get("edit.text", **TEAM)
    assert "1 vårdplan som pågår" in page.text
    assert "Bröstmottagningen: 1" in page.text
    assert "Astrid" not in page.text


def test_a_translation_begins_as_the_swedish_text_and_says_what_is_left(library: Library, edith: Human) -> None:
    new = {"kind": "mall", "content_id": _swedish_only(library), "lang": "en"}
    page = edith.get("edit.write", **new)
    assert "not translated yet" in page.text
    text = page.select("textarea")[0].text.strip()
    write(edith, text.replace(text.splitlines()[-1], "In English now."), **new)
    assert len(edith.page.select('aside a[href^="#rad-"]')) < len(page.select('aside a[href^="#rad-"]'))


def test_a_template_in_another_language_lists_its_untranslated_chapters(library: Library, edith: Human) -> None:
    for (plan_id, lang), plan in library.plans.items():
        if lang != "sv":
            missing = [chapter_id for chapter_id, text in plan.chapters.items() if text.lang != lang]
            page = edith.get("edit.text", kind="mall", content_id=plan_id, lang=lang)
            assert ("Kapitel som visas på svenska" in page.text) == bool(missing)


@pytest.mark.usefixtures("printed_once")
@pytest.mark.slow
@pytest.mark.parametrize("size", ["14", "18"])
def test_a_proof_is_printed_in_two_sizes_and_in_grey(edith: Human, size: str) -> None:
    for grey in ({}, {"gra": "ja"}):
        edith.get("edit.proof", storlek=size, **TEAM, **grey)
        assert edith.response.mimetype == "application/pdf"
        assert edith.response.data.startswith(b"%PDF")


def test_a_questionnaire_has_no_page_to_write_on_and_says_that_it_is_locked(library: Library, edith: Human) -> None:
    form = next(iter(library.questionnaires))
    edith.get("edit.write", kind="formular", content_id=form, lang="sv", expect=404)
    assert "ändras i filen" in edith.get("edit.questionnaire", questionnaire_id=form).text


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "kapitel", "content_id": "no-such", "lang": "sv"},
        {"kind": "mall", "content_id": "your-team", "lang": "sv"},
        {"kind": "formular", "content_id": "needs", "lang": "sv"},
        {"kind": "kapitel", "content_id": "..", "lang": "sv"},
    ],
)
def test_a_text_that_does_not_exist_is_a_plain_404(edith: Human, values: dict[str, str]) -> None:
    for endpoint in ("edit.text", "edit.write", "edit.phone", "edit.paper", "edit.proof"):
        edith.get(endpoint, expect=404, **values)


@pytest.mark.parametrize("text", ["", "🙂" * 100, "שלום", "---\n---\n", "\x00", "a" * 150_000])
def test_any_text_is_kept_and_told_what_is_wrong_with_it(edith: Human, text: str) -> None:
    write(edith, text)
    assert "Fel" in edith.page.text


def _swedish_only(library: Library) -> str:
    return next(id_ for id_, lang in library.plans if (id_, "en") not in library.plans)
