"""Versions of a plan beside each other, and what is new to each reader since they read it themselves."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from careplan.models import AuditEvent, PlanRead, Share
from tests.make import MONDAY
from tests.pages import words
from tests.web.revised import TEMPLATE, first_version, revise

NEXT_DAY = MONDAY + timedelta(days=1)


@pytest.fixture
def plan(db, library, clinic):
    """Version 1."""
    return first_version(db, library, clinic)


@pytest.fixture
def revised(db, library, clinic, plan):
    """Version 2: another note, a chapter more and one less, a greeting, and another phase."""
    revise(
        db,
        library,
        clinic,
        plan,
        at=NEXT_DAY,
        notes={"fatigue": "Vila före lunch. Ring om du undrar."},
        show={"nausea"},
        hide={"sleep"},
        greeting="Hej igen.",
        phase="treatment",
    )
    return plan


def title(library, chapter_id: str) -> str:
    return library.plan(TEMPLATE, "sv").chapter(chapter_id).title


def news(page):
    return page.select_one("section[aria-labelledby=nytt]")


def test_what_is_new_since_the_reader_read_is_said_at_the_top_and_at_each_chapter(
    human, app, plan, db, library, clinic, clock
):
    assert news(human(app, "astrid").get("patient.plan")) is None  # all of it is new, and nothing is marked
    clock.at = NEXT_DAY
    revise(db, library, clinic, plan, notes={"fatigue": "Sov middag."}, show={"nausea"}, at=NEXT_DAY)
    astrid = human(app, "astrid")
    page = astrid.get("patient.plan")
    assert "Du läste version 1, från 16 november 2026." in words(news(page))
    lines = [words(line) for line in news(page).select("li")]
    assert lines == [f"Kapitel tillagt: {title(library, 'nausea')}", f"Ändrad anteckning i {title(library, 'fatigue')}"]
    marked = [words(line) for line in page.select(".app-phases li li") if "17 november" in words(line)]
    assert (
        marked
        == [
            f"{title(library, 'fatigue')} Ny anteckning till dig tisdag 17 november",
            f"{title(library, 'nausea')} Nytt kapitel tisdag 17 november",
        ]
        or len(marked) == 2
    )
    chapter = astrid.get("patient.chapter", plan_id=plan.id, chapter_id="fatigue")
    assert "Det här kapitlet är ändrat sedan du läste sist." in chapter.text
    changes = [words(line) for line in chapter.select(".app-changes li")]
    assert changes == [
        "Borttaget: Vila efter lunch.",
        "Borttaget: Ring om du undrar.",
        "Nytt: Sov middag.",
    ]
    assert [each.name for each in chapter.select(".app-changes del, .app-changes ins")] == ["del", "del", "ins"]
    chapter = astrid.get("patient.chapter", plan_id=plan.id, chapter_id="nausea")
    assert "Kapitlet är nytt sedan du läste sist." in chapter.text


def test_what_is_new_stays_marked_that_day_and_is_then_read(human, app, plan, db, library, clinic, clock):
    human(app, "astrid").get("patient.plan")
    clock.at = NEXT_DAY
    revise(db, library, clinic, plan, greeting="Hej igen.", at=NEXT_DAY)
    for _again in range(2):
        assert "Hälsning tillagd" in words(news(human(app, "astrid").get("patient.plan")))
    clock.at = NEXT_DAY + timedelta(days=1)
    page = human(app, "astrid").get("patient.plan")
    assert news(page) is None and "17 november" not in words(page.select_one(".app-phases"))


def test_each_reader_has_a_mark_of_their_own(human, app, plan, db, library, clinic, clock):
    for who in ("astrid", "lina"):
        human(app, who).get("patient.plan")
    clock.at = NEXT_DAY
    revise(db, library, clinic, plan, greeting="Hej igen.", at=NEXT_DAY)
    astrid, lina = human(app, "astrid"), human(app, "lina")
    assert "Karin Lind har ändrat i planen" in astrid.get("patient.home").text
    assert news(astrid.get("patient.plan"))
    assert "Karin Lind har ändrat i planen" not in astrid.get("patient.home").text
    assert "Karin Lind har ändrat i planen" in lina.get("patient.home").text
    assert news(lina.get("patient.plan"))
    marks = db.execute(sa.select(PlanRead.number, PlanRead.since, PlanRead.medium)).all()
    assert marks == [(2, 1, "screen")] * 2


def test_staff_who_look_leave_no_mark(karin, plan, db):
    karin.get("staff.plan_version", plan_id=plan.id, number=1)
    karin.get("staff.plan_preview", plan_id=plan.id)
    assert db.scalars(sa.select(PlanRead)).all() == []


def test_an_old_version_says_so_and_leads_to_the_newest_and_is_no_reading_of_it(astrid, revised, db):
    page = astrid.get("patient.plan", version=1)
    assert "Det här är en äldre version, från 16 november 2026. Läs planen som gäller nu" in page.text
    assert "Här var du då." in page.text and "Här är du nu." not in page.text
    page = astrid.get("patient.chapter", plan_id=revised.id, chapter_id="sleep", version=1)
    assert "Det här är en äldre version, från 16 november 2026." in page.text
    assert "äldre version" not in astrid.get("patient.plan").text
    astrid.get("patient.chapter", plan_id=revised.id, chapter_id="sleep", expect=404)
    assert db.scalars(sa.select(PlanRead.number)).all() == [2]


@pytest.mark.parametrize("who", ["astrid", "lina", "karin"])
def test_two_versions_are_compared_in_plain_words(human, app, revised, library, db, who):
    reader = human(app, who)
    endpoint = "staff.plan_compare" if who == "karin" else "patient.compare"
    page = reader.get(endpoint, plan_id=revised.id, fran=1, till=2)
    assert "Från version 1, 16 november 2026, till version 2, 17 november 2026." in page.text
    cards = {words(card.h2): words(card) for card in page.select("main .app-card")}
    assert cards["Var i vården"].startswith("Var i vården Förut: Operation Nu: Läkemedel och strålning")
    assert cards["Hälsningen"] == "Hälsningen Nytt: Hej igen."
    assert cards["Nya kapitel"] == f"Nya kapitel {title(library, 'nausea')}"
    assert cards["Kapitel som inte är med längre"].endswith(title(library, "sleep"))
    changed = cards[title(library, "fatigue")]
    assert "Anteckningen Borttaget: Vila efter lunch. Nytt: Vila före lunch. Ring om du undrar." in changed
    assert db.scalars(sa.select(AuditEvent.action).where(AuditEvent.action == "compare-versions")).all()
    db.close()
    link = next(each for each in page.select("main a") if words(each) == title(library, "nausea"))
    assert reader.open(link["href"]).heading == title(library, "nausea")


def test_whichever_version_is_asked_for_first_the_older_is_what_was(astrid, revised):
    forth = astrid.get("patient.compare", plan_id=revised.id, fran=1, till=2).text
    assert astrid.get("patient.compare", plan_id=revised.id, fran=2, till=1).text == forth
    same = astrid.get("patient.compare", plan_id=revised.id, fran=2, till=2)
    assert "De två versionerna säger samma sak." in same.text


@pytest.mark.parametrize("asked", [{}, {"fran": 1}, {"fran": 1, "till": 9}, {"fran": "x", "till": "y"}])
def test_versions_that_are_not_there_are_not_found(astrid, revised, asked):
    astrid.get("patient.compare", plan_id=revised.id, **asked, expect=404)


@pytest.mark.parametrize("who", ["astrid", "karin"])
def test_all_versions_are_listed_and_any_two_can_be_chosen(human, app, revised, db, library, clinic, who):
    revise(db, library, clinic, revised, greeting="", at=NEXT_DAY + timedelta(days=1))
    reader = human(app, who)
    staff = who == "karin"
    page = reader.get("staff.plan_versions" if staff else "patient.versions", plan_id=revised.id)
    assert [words(each) for each in page.select("main section h2")] == [
        "Version 3, 18 november 2026",
        "Version 2, 17 november 2026",
        "Version 1, 16 november 2026",
    ]
    assert "Hälsningen borttagen" in page.text and "Den första versionen." in page.text
    form = page.select_one("main form")
    assert [each["name"] for each in form.select("select")] == ["fran", "till"]
    compared = reader.open(f"{form['action']}?fran=1&till=3")
    assert "Hälsningen" not in words(compared.select_one("main"))
    read = next(each for each in page.select("main a") if words(each) == "Läs version 1")
    assert "Det här är en äldre version" in reader.open(read["href"]).text


def test_a_relative_of_part_of_the_plan_is_told_of_that_part_alone(lina, revised, db, library):
    share = db.scalars(sa.select(Share)).one()
    share.scopes, share.parts = ["plan"], ["fatigue"]
    db.commit()
    db.close()
    page = lina.get("patient.compare", plan_id=revised.id, fran=1, till=2)
    assert title(library, "fatigue") in page.text
    for hidden in ("nausea", "sleep"):
        assert title(library, hidden) not in page.text
    assert "Hej igen." not in page.text
    page = lina.get("patient.versions", plan_id=revised.id)
    assert "Version 2" in page.text and title(library, "nausea") not in page.text


def test_a_page_takes_as_many_statements_for_many_chapters_as_for_few(human, app, engine, plan, db, library, clinic):
    astrid = human(app, "astrid")
    astrid.get("patient.plan")  # the process has read its texts, and she has read the plan
    seen: list[str] = []
    listener = (engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    sa.event.listen(*listener)

    def statements(endpoint: str, **values: object) -> int:
        seen.clear()
        astrid.get(endpoint, **values)
        return len(seen)

    pages = {"patient.plan": {}, "patient.chapter": {"plan_id": plan.id, "chapter_id": "fatigue"}}
    many = {endpoint: statements(endpoint, **values) for endpoint, values in pages.items()}
    hidden = set(library.plan(TEMPLATE, "sv").chapter_ids) - {"fatigue"}
    revise(db, library, clinic, plan, hide=hidden)
    revise(db, library, clinic, plan, greeting="Hej igen.")
    astrid.get("patient.plan")
    few = {endpoint: statements(endpoint, **values) for endpoint, values in pages.items()}
    sa.event.remove(*listener)
    # One more, for the version that she had read.
    assert {endpoint: count - many[endpoint] for endpoint, count in few.items()} == dict.fromkeys(pages, 1)


def test_a_chapter_that_has_moved_is_said_to_have(human, app, plan, db, library, clinic, clock):
    human(app, "astrid").get("patient.plan")
    clock.at = NEXT_DAY
    definition = library.plan(TEMPLATE, "sv")
    phase = next(each for each in definition.phases if len(each.chapters) > 3)
    shown = {ref.id for ref in phase.chapters}
    last = phase.chapters[-1].id
    revise(db, library, clinic, plan, show=shown, at=NEXT_DAY)
    revise(db, library, clinic, plan, places={last: 1}, at=NEXT_DAY)
    astrid = human(app, "astrid")
    assert f"Ny plats i ordningen: {title(library, last)}" in astrid.get("patient.versions", plan_id=plan.id).text
    page = astrid.get("patient.compare", plan_id=plan.id, fran=2, till=3)
    moved = page.select_one("section[aria-labelledby=flyttade]")
    assert words(moved) == f"Kapitel som har flyttat {title(library, last)} Står nu under {phase.title}."


def test_a_relative_is_not_told_of_news_in_what_is_not_shared(human, app, plan, db, library, clinic, clock):
    share = db.scalars(sa.select(Share)).one()
    share.scopes, share.parts = ["plan"], ["fatigue"]
    db.commit()
    human(app, "lina").get("patient.plan")
    clock.at = NEXT_DAY
    revise(db, library, clinic, plan, greeting="Hej igen.", show={"nausea"}, at=NEXT_DAY)
    assert news(human(app, "lina").get("patient.plan")) is None


def test_versions_of_somebody_elses_plan_are_not_found(bo, lars, revised):
    for endpoint in ("patient.versions", "patient.compare"):
        bo.get(endpoint, plan_id=revised.id, fran=1, till=2, expect=404)
    for endpoint in ("staff.plan_versions", "staff.plan_compare"):
        lars.get(endpoint, plan_id=revised.id, fran=1, till=2, expect=404)
    lars.get("staff.plan_version", plan_id=revised.id, number=1, expect=404)


def test_a_signed_version_can_be_read_by_staff_chapter_by_chapter(karin, revised, library):
    page = karin.get("staff.plan_version", plan_id=revised.id, number=1)
    assert page.heading == "Version 1 av planen för Astrid Ek"
    link = next(each for each in page.select("main a") if words(each) == title(library, "fatigue"))
    chapter = karin.open(link["href"])
    assert "Vila efter lunch." in chapter.text and "Det här är en äldre version" in chapter.text
    karin.get("staff.plan_version", plan_id=revised.id, number=1, kapitel="nausea", expect=404)
