"""`careplan check` on scoring keys: each fault gives one clear message with its file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.library import ContentErrors, Library, UnknownInstrument, check, compile_key
from tests.content.files import changed, line_of, write

KEY = """\
id: small
title: Small
version: "1"
measures: {sv: Prov}
respondent: patient
basis: Made up.
licence: {kind: free, holder: Nobody, asks: {sv: Inget.}, source: made up, verification: quoted}
sources: [{title: Made up, reference: none}]
codes: [{of: total, code: "1234-5", source: made up, verification: unverified}]
items:
  - {ids: [a, b], whole: [0, 3]}
  - {ids: [c], whole: [1, 5], step: 2, points: {1: 0, 3: 1, 5: 2}}
  - {ids: [d], points: {"no": 0, "yes": 2}}
  - {ids: [old, new], decimal: [20, 400]}
  - {ids: [bmi], decimal: [5, 100], steps: [{below: 18.5, points: 2}, {up_to: 20, points: 1}, {points: 0}]}
  - {ids: [e, f], whole: [1, 3]}
  - {ids: [g], whole: [0, 1], scored: false}
scales:
  - id: total
    title: {sv: Summa}
    method: sum
    items: [a, b]
    missing: all-required
    range: [0, 6]
    higher_means: more-trouble
    verification: run
    basis: made up
    bands:
      source: made up
      verification: quoted
      list:
        - {from: 0, to: 2, name: {sv: Låg}}
        - {from: 3, to: 6, name: {sv: Hög}}
  - {id: middle, title: {sv: M}, method: mean, items: [a, b], missing: any-answered, range: [0, 3],
     higher_means: better, verification: run, basis: made up,
     bands: {source: made up, verification: run,
       list: [{from: 0, below: 1.5, name: {sv: L}}, {from: 1.5, name: {sv: H}}]}}
  - {id: sums, title: {sv: T}, method: table, items: [c, d], missing: all-required, table: {0: 10, 1: 20, 2: 30,
     3: 35, 4: 40}, range: [10, 40], higher_means: better, verification: run, basis: made up}
  - {id: loss, title: {sv: V}, method: percent-loss, items: [old, new], missing: all-required,
     steps: [{below: 5, points: 0}, {points: 1}], range: [0, 1], higher_means: more-trouble, verification: run,
     basis: made up}
  - {id: index, title: {sv: I}, method: value-set, items: [e, f], missing: all-required, start: 1,
     levels: {e: [0, 0.1, 0.2], f: [0, 0.3, 0.4]}, range: [0.4, 1], higher_means: better, verification: run,
     basis: made up}
  - {id: graded, title: {sv: G}, method: grade, items: [a, b], missing: all-required, range: [0, 3],
     higher_means: more-trouble, verification: run, basis: made up,
     patterns: [{items: [a, b], rows: [[1, 0, 1, 2, 3], [2, 1, 1, 2, 3], [3, 1, 2, 2, 3]]}]}
  - {id: both, title: {sv: B}, method: sum, scores: [total, sums], missing: all-required, range: [10, 46],
     higher_means: more-trouble, verification: run, basis: made up}
"""

# what is changed, to what, where the message points (a passage of the changed text), the message
FAULTS = [
    ("licence: {kind: free", "licence: {kind: cheap", "licence:", "'kind'"),
    ("licence: {kind", "permit: {kind", "id: small", "the key 'licence' is missing"),
    ("sources: [{title: Made up, reference: none}]", "sources: []", "sources:", "'sources'"),
    ("    verification: run\n    basis", "    basis", "id: total", "the key 'verification' is missing"),
    ("    verification: run\n    basis", "    verification: sure\n    basis", "verification: sure", "'verification'"),
    ("title: Small", "title: Small\ntext: How are you?", "text: How", "unknown key 'text'"),
    ("ids: [c]", "ids: [a]", "ids: [a], whole: [1, 5]", "the item 'a' stands twice"),
    ("{1: 0, 3: 1, 5: 2}", "{1: 0, 2: 1, 5: 2}", "ids: [c]", "'points' needs each value from 1 to 5 once"),
    ("{1: 0, 3: 1, 5: 2}", "{1: 0, 3: 1, 3: 2, 5: 2}", "ids: [c]", "the key '3' stands twice"),
    ("whole: [1, 5], step: 2", "whole: [1, 4], step: 2", "ids: [c]", "from low to high in whole steps"),
    ("whole: [1, 5], step: 2", "whole: [1, 999999]", "ids: [c]", "'whole 2'"),
    ('points: {"no": 0, "yes": 2}', "several: true", "ids: [d]", "items have 'whole', 'decimal' or 'points'"),
    ("decimal: [20, 400]", "decimal: [400, 20]", "ids: [old", "the range must go from low to high"),
    ("decimal: [20, 400]", "decimal: [20, .nan]", "ids: [old", "must be a finite number"),
    ("up_to: 20,", "up_to: 18,", "ids: [bmi]", "the steps must rise"),
    ("{up_to: 20, points: 1}", "{points: 1}", "ids: [bmi]", "each step but the last has 'below' or 'up_to'"),
    ("{points: 0}]", "{below: 90, points: 0}]", "ids: [bmi]", "the last step has no limit"),
    ("    items: [a, b]\n", "    items: [a, x]\n", "    items: [a, x]", "unknown item 'x' in score 'total'"),
    ("    items: [a, b]\n", "    items: [a, a]\n", "    items: [a, a]", "'a' counts twice in score 'total'"),
    ("    items: [a, b]\n", "    items: [a, g]\n", "    items: [a, g]", "the item 'g' is not scored"),
    ("    items: [a, b]\n", "    items: [a]\n", "    range: [0, 6]", "said to be 0 to 6, but its parts give 0 to 3"),
    ("    items: [a, b]\n", "    items: []\n", "id: total", "the score 'total' is made of nothing"),
    ("    missing: all-required\n", "", "id: total", "the key 'missing' is missing"),
    (
        "    missing: all-required\n",
        "    missing: {at_least: 3, verification: run}\n",
        "missing: {",
        "more than the 2 parts",
    ),
    ("    missing: all-required\n", "    missing: digit-9\n", "missing: digit", "'digit-9' is the rule of a profile"),
    ("    method: sum\n", "    method: sum\n    invert: true\n", "invert: true", "does not belong to the method sum"),
    ("    method: sum\n", "    method: median\n", "method: median", "'method'"),
    ("    method: sum\n", "    method: sum\n    reverse: [c]\n", "reverse: [c]", "'c' is turned but not a part"),
    (
        "method: mean, items: [a, b]",
        "method: mean, items: [a, b], reverse: [a]",
        "id: middle",
        "'a' counts one way in 'total' and the other in 'middle'",
    ),
    ("{from: 3, to: 6", "{from: 2, to: 6", "{from: 2", "the bands before and from 2 overlap"),
    ("{from: 3, to: 6", "{from: 4, to: 6", "{from: 4", "the bands before and from 4 leave a gap"),
    ("{from: 3, to: 6", "{from: 3, to: 5", "{from: 3", "the last band goes to the end of the scale, 6"),
    ("{from: 0, to: 2", "{from: 1, to: 2", "{from: 1", "the first band starts at 1, the scale at 0"),
    ("{from: 0, to: 2", "{from: 0", "{from: 0, name", "a band has 'to' (its last value) or 'below'"),
    ("below: 1.5", "to: 1", "list: [", "a score with decimals leaves a gap after 'to'"),
    ("    bands:\n", "    thresholds: [{means: {sv: L}, source: x, verification: run}]\n    bands:\n", "thr", "one of"),
    ("3: 35, ", "", "table: {", "the table and the sums that can occur differ at 3"),
    ("3: 35, ", "3: 35, three: 36, ", "3: 35, three", "'three'"),
    ("table: {0: 10, 1: 20, 2: 30,\n     3: 35, 4: 40}, ", "", "id: sums", "the method table needs 'table'"),
    ("f: [0, 0.3, 0.4]", "f: [0, 0.3]", "levels: {e", "'f' needs a figure for each of its levels"),
    ("f: [0, 0.3, 0.4]", "f: [0, 0.3, 0.5]", "levels: {e", "said to be 0.4 to 1, but its parts give 0.3 to 1"),
    ("ids: [e, f], whole: [1, 3]", "ids: [e, f], whole: [0, 2]", "id: index", "the levels of 'e' must be 1, 2, 3"),
    ("[1, 0, 1, 2, 3], ", "", "patterns:", "the rows do not cover each combination"),
    ("[1, 0, 1, 2, 3]", "[1, 0, 1, 2]", "patterns:", "a row has 1 values and then 4 grades"),
    ("scores: [total, sums]", "scores: [total, later]", "id: both", "'later' is no earlier score of this key"),
    ("of: total", "of: whole", "codes:", "'whole' is no score of this key"),
    ("id: middle", "id: total", "id: total, title: {sv: M}", "the score 'total' stands twice"),
    ("id: small", "id: large", "id: large", "the id 'large' asks for the file name large.yaml"),
    ("id: small", "id: short", "id: short", "the id 'short' is that of a questionnaire too"),
]


def test_a_sound_key_has_no_problem_and_is_found_by_its_id(tmp_path: Path) -> None:
    assert check(write(tmp_path, **{"instruments__small.yaml": KEY})) == []
    library = Library.load(tmp_path)
    assert library.instrument("small") is library.instruments["small"]
    with pytest.raises(UnknownInstrument):
        library.instrument("large")


@pytest.mark.parametrize(("old", "new", "where", "message"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_in_a_key_is_told_with_its_file_and_line(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    text = changed(KEY, old, new)
    write(tmp_path, **{"instruments__small.yaml": text})
    problems = check(tmp_path)
    about = [problem for problem in problems if message in problem.message]
    assert len(about) == 1, problems
    assert about[0].is_error
    assert about[0].path == str(tmp_path / "instruments/small.yaml")
    assert about[0].line == line_of(text, where)


@given(st.text(max_size=100), st.integers(0, len(KEY)), st.integers(0, 30))
def test_any_damage_to_a_key_is_told_with_a_line(insert: str, at: int, gone: int) -> None:
    text = KEY[:at] + insert + KEY[at + gone :]
    try:
        compile_key(text, "x.yaml")
    except ContentErrors as error:
        assert error.problems
        for problem in error.problems:
            assert 1 <= problem.line <= len(text.splitlines()) + 1
            assert problem.message
