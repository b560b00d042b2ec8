"""A form bound to a scoring key: the same answers on both sides, the key's scores, no flag from what is unverified."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from careplan.domain.answers import DECLINED, Answer, answered
from careplan.domain.questionnaire import settled
from careplan.domain.scoring import compute
from careplan.library import Library, check, questionnaire_by_hash
from tests.content.bound import BOUND, KEY, content
from tests.content.files import changed, line_of

ENOUGH = {"first": answered(1), "second": answered("4")}


def scores(library: Library, answers: Mapping[str, Answer]) -> dict[str, float | None]:
    form = library.questionnaire("short")
    return compute(form, settled(form, answers))


def test_its_scores_are_those_of_the_key_by_the_keys_own_weights(tmp_path: Path) -> None:
    assert check(content(tmp_path)) == []
    library = Library.load(tmp_path)
    assert scores(library, ENOUGH) == {"Total": 4}
    assert scores(library, ENOUGH | {"first": DECLINED}) == {"Total": None}
    form = library.questionnaire("short")
    assert (form.score("Total").items, form.scoring_hash) == (("first", "second"), library.instrument("two").hash)


def test_a_stored_version_is_scored_by_its_own_key_whatever_becomes_of_the_key(tmp_path: Path) -> None:
    before = Library.load(content(tmp_path / "before"))
    other = changed(KEY, '{"1": 0, "2": 1, "3": 2, "4": 3}', '{"1": 0, "2": 1, "3": 3, "4": 2}')
    after = Library.load(
        content(tmp_path / "after", changed(BOUND, '"4"}, flags: [much]', '"3"}, flags: [much]'), other)
    )
    texts = {file.hash: file.text for library in (before, after) for file in library.sources()}
    old, new = (library.questionnaire("short") for library in (before, after))
    assert old.hash != new.hash
    assert compute(questionnaire_by_hash(old.hash, texts.__getitem__), ENOUGH) == {"Total": 4}
    assert scores(after, ENOUGH) == {"Total": 3}


def test_the_same_form_with_a_changed_key_is_another_version(tmp_path: Path) -> None:
    old = Library.load(content(tmp_path / "old")).questionnaire("short")
    key = changed(KEY, "basis: Made up.", "basis: Made up again.")
    new = Library.load(content(tmp_path / "new", key=key)).questionnaire("short")
    assert old.hash != new.hash


def test_a_score_that_nobody_verified_is_named_so_wherever_it_stands(tmp_path: Path) -> None:
    form = BOUND.replace("source: nyckeln}", "source: nyckeln, allow_unverified: prov}")
    library = Library.load(
        content(tmp_path, form, KEY.replace("    verification: run\n", "    verification: unverified\n"))
    )
    assert library.questionnaire("short").score("Total").title["sv"] == "Summa (inte kontrollerad mot källan)"


def test_a_rule_on_an_unverified_limit_is_allowed_with_a_reason(tmp_path: Path) -> None:
    form = BOUND.replace("at_least: 4}", "at_least: 5}").replace(
        'second: "4"}, flags: [much], scores: {Total: 4}', 'second: "4"}, flags: [], scores: {Total: 4}'
    )
    assert [p.message for p in check(content(tmp_path / "without", form)) if "not verified" in p.message]
    reasoned = form.replace("source: nyckeln}", "source: nyckeln, allow_unverified: enheten vill se dem}")
    assert not [p for p in check(content(tmp_path / "with", reasoned)) if "not verified" in p.message]


FAULTS = [
    ("first: a,", "lost: a,", "instrument", "unknown item 'lost' in 'instrument'"),
    ("first: a,", "first: z,", "instrument", "the key 'two' has no item 'z'"),
    ("first: a, second: b", "first: a", "instrument", "no question answers the key's item 'b', which 'Total' needs"),
    ("first: a, second: b", "first: b, second: b", "instrument", "two questions answer the key's item 'b'"),
    ("min: 0, max: 3", "min: 0, max: 4", "instrument", "'first' does not have the answers of the key's item 'a'"),
    ("min: 0, max: 3", "min: 0", "instrument", "'first' does not have the answers of the key's item 'a'"),
    ('      - {value: "4", text: {sv: Alltid}}\n', "", "instrument", "'second' does not have the answers"),
    ("key: two", "key: three", "instrument", "there is no scoring key 'three' that can be used"),
    ("at_least: 4}", "at_least: 5}", "  - {id: much", "looks at Total from 5, which is not verified"),
    ("at_least: 4}", "at_least: 3}", "  - {id: much", "looks at Total from 3, which is not verified"),
    (
        "rules:\n",
        """scores: [{id: own, title: {sv: E}, items: [first], method: sum, at_least: 1, range: [0, 3],
  higher_means: better, source: own}]
rules:
""",
        "scores: [",
        "the scores of a form with 'instrument' are those of its key",
    ),
]


@pytest.mark.parametrize(("old", "new", "where", "message"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_in_the_binding_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    form = changed(BOUND, old, new)
    found = [problem for problem in check(content(tmp_path, form)) if message in problem.message]
    assert [problem.line for problem in found] == [line_of(form, where)]


def test_a_form_is_bound_to_a_key_whose_holder_claims_the_scoring_only_by_an_agreement(tmp_path: Path) -> None:
    key = changed(KEY, "source: made up, ver", "claims_scoring: true, source: made up, ver")
    messages = [problem.message for problem in check(content(tmp_path, key=key))]
    assert messages[0] == "the holder of Two claims the scoring, too: 'agreement' says where its use is allowed"
    assert len([m for m in messages if "short" not in m]) == 1
    agreed = changed(BOUND, "{key: two,", "{key: two, agreement: Dnr 12/2026,")
    assert check(content(tmp_path / "agreed", agreed, key)) == []


def test_no_file_brings_a_key_of_its_own(tmp_path: Path) -> None:
    form = BOUND + "\n---\n# The scoring key as it was when this form was published.\n" + KEY
    assert any("broken YAML" in problem.message for problem in check(content(tmp_path, form)))
