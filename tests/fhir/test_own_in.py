"""A file in our own format that was written elsewhere: a draft that nobody trusts yet, or refused with its line."""

import pytest

from careplan.library import Library
from tests.content import files
from tests.fhir.office import Office


def test_a_file_in_the_content_format_is_kept_as_a_draft_that_nobody_trusts_yet(office: Office) -> None:
    other = files.QUESTIONNAIRE.replace("id: short", "id: other")
    file = office.file("other.yaml", other + "scoring: {status: declared, by: Somebody else, on: 2026-01-01}\n")
    dry = office.run("import", "--dry-run", file)
    assert dry.out.splitlines()[-1] == "items: 2 mapped, 0 kept, 0 refused"
    assert "mapped items 1 'pain' -> pain (scale)" in dry.out.splitlines()
    assert not (office.content / "drafts").exists()
    ran = office.run("import", file)
    assert ran.code == 0 and "the scoring is not declared" in ran.out
    assert office.run("publish", "other").code == 1
    assert office.run("declare", "other", "--own", "--by", "Edith Ek").code == 0
    ran = office.run("publish", "other")
    assert (ran.code, ran.err) == (0, "")
    assert Library.load(office.content).questionnaire("other").score("burden")


@pytest.mark.parametrize(
    ("old", "new", "passage", "reason"),
    [
        ("items: [pain]", "items: [lost]", "id: burden", "unknown item 'lost' in score 'burden'"),
        ("link_id: where", "link_id: pain", "link_id: where", "the link_id 'pain' stands twice in items"),
        ("{item: pain, at_least: 5}", "{item: gone, at_least: 5}", "show_if", "gone"),
        ("method: mean", "method: eval", "id: burden", "method"),
        ("at_least: 1, range", "at_least: 3, range", "id: burden", "'at_least' is more than the 1 items"),
        ("sections: [", "kept: {fhir_version: R4, questionnaire: '{}', items: []}\nsections: [", "sections", "'kept'"),
        ("id: short", "id: short\nid: short", "version", "the key 'id' stands twice"),
    ],
)
def test_a_file_in_the_content_format_with_a_fault_is_refused_with_its_line(
    office: Office, old: str, new: str, passage: str, reason: str
) -> None:
    file = office.file("other.yaml", files.changed(files.QUESTIONNAIRE, old, new))
    ran = office.run("import", "--dry-run", file)
    line = files.line_of(files.QUESTIONNAIRE, passage)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert reason in ran.err and f"{file}:{line}" in ran.err


@pytest.mark.parametrize(
    "text", ["a: &x [1]\nb: *x\n", "[" * 100_000, "a" * 1_000_000, "items: !!python/object:os.system {}\n"]
)
def test_a_hostile_file_in_the_content_format_is_refused_in_one_line(office: Office, text: str) -> None:
    ran = office.run("import", office.file("hostile.yml", text))
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
