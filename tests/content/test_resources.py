"""Where to turn: what a file of offers may say, what `careplan check` says of it, and what is given to one person."""

from datetime import date
from pathlib import Path

import pytest

from careplan.domain.needs import AREA_IDS
from careplan.domain.resources import Audience, by_area, offered
from careplan.library import ContentErrors, Severity, check
from careplan.library.resources import Resources, resource_problems
from tests.conftest import ROOT

REGIONS = """\
source: {title: Prov, reference: "https://example.org"}
regions: {"25": Region Norrbotten, "07": Region Kronoberg}
"""
FILE = """\
owner: Redaktionen
review: {status: not-reviewed}
resources:
  - id: line
    title: {sv: Linjen, en: The line}
    gives: {sv: Någon svarar., en: Somebody answers.}
    needs: [mood]
    for: [patient]
    regions: national
    phone: "020-59 59 59"
    web: https://example.org/a
    source: {title: Prov, reference: "https://example.org"}
    checked: 2026-11-22
  - id: house
    title: {sv: Huset, en: The house}
    gives: {sv: Man möts., en: People meet.}
    needs: [mood, family]
    for: [patient, child]
    regions: ["25"]
    how: {sv: Gå dit., en: Go there.}
    source: {title: Prov, reference: ingen}
    checked: null
"""
FAULTS = [
    ("owner: Redaktionen\n", "", "the key 'owner' is missing"),
    ("    needs: [mood]\n", "    needs: [mod]\n", "no such area of need: mod"),
    ("for: [patient]\n", "for: [friend]\n", "'for 1'"),
    ('regions: ["25"]', 'regions: ["99"]', "no region with the code '99'"),
    ('regions: ["25"]', "regions: everywhere", "'regions'"),
    ("https://example.org/a", "javascript:alert(1)", "'web'"),
    ("https://example.org/a", "http://example.org", "'web'"),
    ('"020-59 59 59"', '"ring oss"', "'phone'"),
    ("    how: {sv: Gå dit., en: Go there.}\n", "", "'house' does not say how to reach it"),
    ("  - id: house", "  - id: line", "the resource id 'line' is already used"),
    ("checked: 2026-11-22", "checked: null", "a telephone number that nobody has seen in a source"),
    ("checked: null", "checked: 2026-11-22", "what is checked names the address of its source"),
    ("title: {sv: Huset, en", "title: {en", "the Swedish text (sv) is missing"),
    ("    regions: national\n", "    regions: national\n    colour: red\n", "unknown key 'colour'"),
    ("resources:\n", "resources: [\n", "broken YAML"),
]


def written(path: Path, text: str = FILE) -> Path:
    (path / "resources").mkdir()
    (path / "resources" / "some.yaml").write_text(text)
    (path / "regions.yaml").write_text(REGIONS)
    return path


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[message[:40] for _old, _new, message in FAULTS])
def test_each_fault_is_named_with_its_file_and_line_and_keeps_the_app_from_starting(tmp_path, old, new, message):
    assert old in FILE
    path = written(tmp_path, FILE.replace(old, new, 1))
    errors = [problem for problem in resource_problems(path) if problem.is_error]
    assert any(message in problem.message for problem in errors), errors
    assert all(problem.path.endswith(".yaml") and problem.line >= 1 for problem in errors)
    with pytest.raises(ContentErrors):
        Resources.load(path)


def test_what_is_not_checked_long_or_untranslated_is_a_warning(tmp_path):
    long = FILE.replace("Någon svarar.", f"{'Ord ' * 21}slut.").replace(
        "title: {sv: Huset, en: The house}", "title: {sv: Huset}"
    )
    path = written(tmp_path, long)
    said = [problem.message for problem in resource_problems(path) if problem.severity is Severity.WARNING]
    assert any("'house' is not checked against a source" in each for each in said)
    assert any("a sentence of 22 words" in each for each in said)
    assert any("'title' is missing in English" in each for each in said)
    assert Resources.load(path).offers


def test_a_file_that_is_no_text_is_an_error_of_its_own(tmp_path):
    path = written(tmp_path)
    (path / "resources" / "some.yaml").write_bytes(b"owner: \xff\n")
    (problem,) = resource_problems(path)
    assert (problem.line, problem.message) == (1, "the file is not UTF-8")


def test_a_directory_without_offers_has_none(tmp_path):
    assert Resources.load(tmp_path).offers == ()


def test_the_check_of_all_content_says_it_too(tmp_path):
    path = written(tmp_path, FILE.replace("needs: [mood]", "needs: [mod]"))
    assert any("no such area of need" in problem.message for problem in check(path))


@pytest.fixture
def resources(tmp_path):
    return Resources.load(written(tmp_path))


def ids(found):
    return [each.id for each in found]


def test_the_regions_own_offers_come_before_the_countrys_and_those_of_others_not_at_all(resources):
    assert ids(offered(resources.offers, region="25")) == ["house", "line"]
    assert ids(offered(resources.offers, region="07")) == ["line"]
    assert ids(offered(resources.offers, region="")) == ["line"]
    assert ids(offered(resources.offers, region="25", audience=Audience.CHILD)) == ["house"]


def test_areas_that_are_needed_come_first_and_an_unknown_one_is_left_out(resources):
    found = by_area(offered(resources.offers, region="25"), ["family", "no-such-area"])
    assert [(area, ids(offers)) for area, offers in found] == [("family", ["house"]), ("mood", ["house", "line"])]


def test_the_real_offers_cover_every_area_and_audience_and_tell_when_they_were_checked():
    resources = Resources.load(ROOT / "content")
    assert {area for each in resources.offers for area in each.needs} == AREA_IDS
    assert {audience for each in resources.offers for audience in each.audiences} == set(Audience)
    assert len(resources.regions) == 21 and {"01", "07", "14", "25"} <= {
        code for each in resources.offers for code in each.regions
    }
    for each in resources.offers:
        assert each.checked_on is None or each.checked_on >= date(2026, 11, 22)
        assert not each.phone or each.checked_on
