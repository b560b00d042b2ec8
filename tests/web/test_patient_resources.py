"""Where to turn for help: what the region offers, what one needs first, and short lists for who asks."""

import re

import pytest

from careplan.actions import needs
from careplan.domain.needs import NeedLevel
from careplan.domain.questionnaire import Source
from careplan.domain.resources import Audience, Resource
from careplan.models import AuditEvent, Share, Unit
from careplan.web.printing import environment as on_paper
from tests import make, stories

NORTH, KRONOBERG = "25", "07"


def assessed(db, library, clinic, **levels):
    plan = stories.signed_plan(db, library, clinic)
    needs.assess(
        db,
        plan,
        response_id=None,
        notes=dict.fromkeys(levels, "Samtal."),
        summary="",
        levels={area: NeedLevel(level) for area, level in levels.items()},
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    return plan


def in_region(db, clinic, code):
    db.get_one(Unit, clinic.unit.id).region = code
    db.commit()


def titles(page):
    return [found.get_text() for found in page.select("main li > strong")]


def areas(page):
    return [found.get_text() for found in page.select("main h2[id^=omrade-]")]


def test_help_stands_by_need_each_with_how_to_reach_it(astrid, clinic):
    page = astrid.get("patient.resources")
    assert page.heading == "Stöd och hjälp"
    assert areas(page)[:2] == ["Ork och rörelse", "Smärta"] and len(areas(page)) == 9
    line = next(each for each in page.select("main li") if "Cancerlinjen" in each.get_text())
    assert line.select_one('a[href="tel:020595959"]') and line.select_one('a[href="https://www.cancerfonden.se"]')
    assert "Jämfört med en sparad kopia av källan 22 november 2026." in re.sub(r"\s", " ", line.get_text())


def test_what_nobody_has_checked_says_so(astrid, clinic):
    page = astrid.get("patient.resources")
    line = next(each for each in page.select("main li") if "Promenadgrupper" in each.get_text())
    assert "Inte kontrollerat mot källan." in line.get_text() and not line.select('a[href^="tel:"]')


def test_the_regions_own_help_comes_first_and_no_other_regions(astrid, db, clinic):
    in_region(db, clinic, NORTH)
    page = astrid.get("patient.resources", **{"for": "unga"})
    assert titles(page)[:2] == ["Kurator för unga vuxna i norra Sverige", "Ung Cancers träffar i norra Sverige"]
    assert "Det som gäller i Region Norrbotten står först." in page.text
    assert "Kronoberg" not in page.text


def test_a_unit_without_a_region_gets_the_countrys(astrid, clinic):
    page = astrid.get("patient.resources", **{"for": "unga"})
    assert titles(page) == ["Ung Cancer"] and "Här står det som gäller i hela landet." in page.text


def test_ones_own_needs_stand_first_and_open_without_their_levels(astrid, db, library, clinic):
    assessed(db, library, clinic, sleep="basic", meaning="very-advanced", pain="none")
    page = astrid.get("patient.resources")
    assert areas(page)[:3] == ["Sömn", "Mening och livsfrågor", "Ork och rörelse"]
    assert len(page.select("section.app-card h2[id^=omrade-]")) == 2
    assert not {"Grundläggande", "Mycket avancerade"} & set(page.text.split(". "))


def test_a_relative_reads_the_same_offers_and_nothing_of_the_needs(lina, db, library, clinic):
    assessed(db, library, clinic, sleep="advanced")
    page = lina.get("patient.resources")
    assert areas(page)[0] == "Ork och rörelse" and not page.select("section.app-card h2[id^=omrade-]")


def test_help_for_children_is_one_short_list(lina, clinic):
    page = lina.get("patient.resources", **{"for": "barn"})
    assert page.heading == "Hjälp till barn i familjen"
    assert titles(page) == ["Vårdens stöd till barn i familjen", "Bris", "Barncancerfonden"]
    assert page.select_one('a[href="tel:116111"]')


def test_an_audience_that_there_is_not_shows_everything(astrid, clinic):
    assert astrid.get("patient.resources", **{"for": "<script>"}).heading == "Stöd och hjälp"


def test_a_relative_with_whom_nothing_is_shared_gets_the_countrys_and_leaves_no_trace(lina, db, clinic):
    in_region(db, clinic, KRONOBERG)
    for share in db.query(Share):
        share.to_at = make.MONDAY.replace(year=2025)
    db.commit()
    page = lina.get("patient.resources")
    assert "Cancerlinjen" in page.text and "Kronoberg" not in page.text
    assert not db.query(AuditEvent).filter_by(action="read-resources").count()


def test_reading_it_stands_in_the_log(astrid, db, clinic):
    astrid.get("patient.resources")
    (row,) = db.query(AuditEvent).filter_by(action="read-resources")
    assert row.patient_id == clinic.patient["astrid"]


@pytest.mark.parametrize("endpoint", ["patient.home", "patient.plan", "patient.rehabilitation"])
def test_every_page_of_a_patient_leads_there(astrid, db, library, clinic, endpoint):
    stories.signed_plan(db, library, clinic)
    db.commit()
    assert astrid.get(endpoint).select('a[href="/stod"]')


def test_in_english_what_has_a_translation_is_in_english(astrid, clinic):
    astrid.get("account.settings")
    astrid.post("account.settings", {"language": "en", "text_size": "normal"})
    page = astrid.get("patient.resources")
    assert "A nurse gives advice by phone" in page.text


def test_the_nurse_sees_what_to_suggest_with_the_assessed_areas_first(karin, db, library, clinic):
    in_region(db, clinic, NORTH)
    assessed(db, library, clinic, mood="particular")
    page = karin.get("staff.resources", patient_id=clinic.patient["astrid"])
    assert page.heading == "Stöd att föreslå Astrid Ek"
    assert areas(page)[0] == "Oro och nedstämdhet" and titles(page)[0] == "Kurator för unga vuxna i norra Sverige"
    for endpoint in ("staff.patient", "staff.needs"):
        assert karin.get(endpoint, patient_id=clinic.patient["astrid"]).select('a[href$="/stod"]')


@pytest.mark.parametrize("username", ["lars", "mia", "edith", "olle", "freja", "astrid"])
def test_nobody_else_reaches_the_nurses_page(human, app, clinic, username):
    human(app, username).get("staff.resources", patient_id=clinic.patient["astrid"], expect=404)


def test_what_has_no_translation_is_shown_and_printed_in_swedish_and_marked(app):
    resource = Resource(
        id="only",
        title={"sv": "Bara svenska"},
        gives={"sv": "Finns."},
        how={"sv": "Ring."},
        needs=("mood",),
        audiences=frozenset({Audience.PATIENT}),
        regions=frozenset(),
        phone="",
        web="",
        source=Source("Prov", "ingen"),
        checked_on=None,
    )
    with app.test_request_context():
        for template, environment in (("components/resources.html", app.jinja_env), ("pdf/parts.html", on_paper())):
            said = environment.get_template(template).module.offer(resource, "en")
            assert "Bara svenska" in said and 'lang="sv"' in said
