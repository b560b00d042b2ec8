"""The scoring keys: others' scores come out, and what cannot be computed is missing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.cli.keys import scored_by_key
from careplan.domain.answers import NOT_SHOWN, UNANSWERED, Answer, answered
from careplan.domain.keys import KeyItem, LicenceKind, ScoringKey, UnknownScale, compute
from careplan.domain.methods import Score
from careplan.domain.questionnaire import InvalidAnswer, UnknownItem, text_in
from careplan.domain.scoring import Method, Verification
from careplan.library import compile_key
from careplan.library.key_page import page

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "content/instruments").glob("*.yaml"))
VECTORS = sorted((ROOT / "tests/scoring/vectors").glob("*.json"))
KEYS = {file.stem: compile_key(file.read_text(), str(file)) for file in FILES}

# What other programs call their bands: the word, and the score it is about.
WORDS = {
    "band_label_awell": "total",
    "band": "total",
    "risk": "total",
    "pain_band": "pain",
    "anxiety_positive": "anxiety",
    "depression_positive": "depression",
}
RAW = {file.stem: yaml.load(file.read_text(), yaml.CSafeLoader) for file in FILES}


def least(scale: dict[str, Any]) -> int:
    """The least number of parts, counted anew from the words of the file."""
    parts, rule = len(scale.get("items", [])) + len(scale.get("scores", [])), scale["missing"]
    counts = {
        "all-required": parts,
        "at-least-half": -(-parts // 2),
        "more-than-half": parts // 2 + 1,
        "any-answered": 1,
        "digit-9": 0,
    }
    return int(rule["at_least"]) if isinstance(rule, dict) else counts[rule]


LEAST = {(key_id, scale["id"]): least(scale) for key_id, raw in RAW.items() for scale in raw["scales"]}
any_key = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)


def vectors(file: Path) -> list[dict[str, Any]]:
    return json.loads(file.read_text())


def asked(vector: dict[str, Any]) -> dict[str, Any]:
    """In these patterns a missing answer is a follow-up that was not shown."""
    if "zero_impute" in vector.get("pattern", ""):
        return {name: {"state": "not-shown"} if value is None else value for name, value in vector["answers"].items()}
    return vector["answers"]


def is_score(name: str) -> bool:
    return name not in WORDS and name != "positive"


def same(computed: Score, expected: Score) -> bool:
    """To half of the last decimal that the other program printed."""
    if isinstance(computed, str | None) or isinstance(expected, str | None):
        return computed == expected
    text = repr(expected)
    decimals = len(text.split(".")[1]) if "." in text else 6
    return abs(computed - expected) <= 0.5 * 10**-decimals + 1e-9


def scores(key_id: str, **answers: Any) -> dict[str, Score]:
    return scored_by_key(KEYS[key_id], answers)


def test_there_are_36_keys_each_in_the_file_of_its_name() -> None:
    assert len(KEYS) == 36
    assert [key.id for key in KEYS.values()] == list(KEYS)


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: file.stem)
def test_every_score_that_others_computed_comes_out_the_same(file: Path) -> None:
    wrong = []
    for vector in vectors(file):
        computed = scored_by_key(KEYS[file.stem], asked(vector))
        for name, expected in vector["expected"].items():
            if is_score(name) and not (name in computed and same(computed[name], expected)):
                wrong.append(f"{name}: {expected} expected, {computed.get(name, 'absent')} for {vector['answers']}")
    assert wrong == []


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: file.stem)
def test_our_bands_part_the_scores_where_others_part_them(file: Path) -> None:
    pairs: dict[str, set[tuple[object, str]]] = {}
    for vector in vectors(file):
        for word, scale_id in WORDS.items():
            if word in vector["expected"] and (bands := KEYS[file.stem].scale(scale_id).bands):
                band = bands.of(vector["expected"][scale_id])
                pairs.setdefault(word, set()).add((vector["expected"][word], text_in(band.name, "en")))
    for word, found in pairs.items():
        assert len({theirs for theirs, _ in found}) == len({ours for _, ours in found}) == len(found), (word, found)


def test_an_incomplete_gad_7_is_missing_and_not_a_sum_of_what_is_there() -> None:
    given = {"q1": 3, "q2": 3, "q3": 3, "q4": None}
    assert scores("gad7", **given) == {"total": None}
    assert scores("gad7", **dict.fromkeys(["q1", "q2", "q3", "q4", "q5", "q6", "q7"], 0)) == {"total": 0.0}


def some(item: KeyItem) -> st.SearchStrategy[Answer]:
    if item.decimal is not None:
        return st.floats(*item.decimal, allow_nan=False).map(answered)
    values = st.sampled_from(list(item.points))
    return st.lists(values, unique=True).map(tuple).map(answered) if item.several else values.map(answered)


def responses(key: ScoringKey) -> st.SearchStrategy[dict[str, Answer]]:
    skipped = st.sampled_from([UNANSWERED, NOT_SHOWN])
    return st.fixed_dictionaries({}, optional={name: some(item) | skipped for name, item in key.items.items()})


@any_key
@settings(max_examples=8)
@given(data=st.data())
def test_the_order_of_the_answers_never_matters(key: ScoringKey, data: st.DataObject) -> None:
    answers = data.draw(responses(key))
    assert compute(key, dict(data.draw(st.permutations(list(answers.items()))))) == compute(key, answers)


@any_key
@settings(max_examples=12)
@given(data=st.data())
def test_a_missing_rule_is_never_weaker_than_declared_and_a_score_stays_in_its_range(
    key: ScoringKey, data: st.DataObject
) -> None:
    answers = data.draw(responses(key))
    computed = compute(key, answers)
    for scale in key.scales:
        value, (low, high) = computed[scale.id], scale.range
        if isinstance(value, float):
            assert low <= value <= high
            if scale.method is not Method.GRADE:
                there = sum(_counts(key.items[name], answers) for name in scale.items)
                there += sum(computed[name] is not None for name in scale.scores)
                assert there >= max(1, LEAST[key.id, scale.id]), scale.id


def _counts(item: KeyItem, answers: Mapping[str, Answer]) -> bool:
    answer = answers.get(item.id, UNANSWERED)
    return answer.is_answered or (item.zero_after is not None and answer is NOT_SHOWN)


@any_key
def test_an_answer_that_the_key_does_not_know_is_refused(key: ScoringKey) -> None:
    for item in key.items.values():
        beyond = item.decimal[1] + 1 if item.decimal else "no such answer"
        for wrong in (beyond, -1, 1_000_000, float("nan"), float("inf"), True, ("twice", "twice"), "2026-02-31"):
            with pytest.raises(InvalidAnswer) as refused:
                compute(key, {item.id: answered(wrong)})
            assert refused.value.link_id == item.id
    with pytest.raises(UnknownItem):
        compute(key, {"no_such_item": answered(1)})
    with pytest.raises(UnknownScale):
        key.scale("no such score")


@any_key
def test_an_empty_response_has_no_score_but_a_profile_of_nines(key: ScoringKey) -> None:
    for name, value in compute(key, {}).items():
        assert value == ("99999" if key.scale(name).method is Method.PROFILE else None)


@any_key
def test_a_key_says_its_licence_sources_marks_and_decisions(key: ScoringKey) -> None:
    assert key.licence.holder and key.licence.source and set(key.licence.asks) == {"sv", "en"}
    assert key.sources and key.decisions and all(scale.verification and scale.source for scale in key.scales)
    assert key.hash and hash(key) == hash(compile_key(Path(key_file(key)).read_text(), "again"))


def key_file(key: ScoringKey) -> Path:
    return ROOT / f"content/instruments/{key.id}.yaml"


@any_key
def test_no_unverified_figure_may_raise_a_flag(key: ScoringKey) -> None:
    for scale in key.scales:
        for limit in (*scale.thresholds, *([scale.bands] if scale.bands else [])):
            marks = (limit.verification, scale.verification, scale.missing_verification)
            assert scale.may_flag(limit) is not (Verification.UNVERIFIED in marks)


@pytest.mark.parametrize(("key_id", "score"), [("fcri_sf", "total"), ("bfi", "global")])
def test_a_limit_raises_nothing_when_the_score_or_its_missing_rule_is_unverified(key_id: str, score: str) -> None:
    scale = KEYS[key_id].scale(score)
    assert scale.bands is not None and scale.bands.verification is Verification.QUOTED
    assert not scale.may_flag(scale.bands)


def test_the_keys_whose_holder_claims_the_scoring_say_so() -> None:
    assert {key.id for key in KEYS.values() if key.licence.claims_scoring} == {"fact_g", "facit_f"}


def test_only_what_is_free_may_be_used_without_a_recorded_licence() -> None:
    free = {LicenceKind.PUBLIC_DOMAIN, LicenceKind.FREE, LicenceKind.TERMS}
    assert {key.id for key in KEYS.values() if not key.licence.must_be_recorded} == {
        key.id for key in KEYS.values() if key.licence.kind in free
    }
    assert KEYS["hads"].licence.must_be_recorded and KEYS["who5"].licence.must_be_recorded


def breast(**changes: int | None) -> dict[str, Score]:
    return scores("eortc_qlq_br23", **dict.fromkeys((f"q{number}" for number in range(31, 54)), 2) | changes)


@pytest.mark.parametrize(("q45", "enjoyment"), [(1, None), (2, 100 / 3), (None, 100 / 3)])
def test_sexual_enjoyment_is_missing_only_when_the_person_said_that_there_was_no_sex(q45, enjoyment) -> None:
    assert breast(q45=q45)["BRSEE"] == enjoyment


def test_sexual_function_in_pr25_has_a_score_of_its_own_for_those_who_are_active() -> None:
    given = {"q51": 1, "q52": 4, "q53": 1, "q54": 1, "q55": 1}
    computed = scores("eortc_qlq_pr25", **given)
    assert (computed["PRSFU"], computed["PRSFU_if_active"]) == (100.0, None)
    assert scores("eortc_qlq_pr25", **given | {"q51": 2})["PRSFU_if_active"] == 100.0


def test_breathlessness_in_lc13_needs_all_three_answers() -> None:
    assert scores("eortc_qlq_lc13", q33=2, q34=2)["LCDY"] is None
    assert scores("eortc_qlq_lc13", q33=2, q34=2, q35=2)["LCDY"] == pytest.approx(100 / 3)


@pytest.mark.parametrize(("skipped", "total"), [(5, 108.0), (6, None)])
def test_the_total_of_fact_g_needs_more_than_four_fifths_of_its_answers(skipped: int, total: float | None) -> None:
    turned = reversed_items("fact_g")
    best = {name: 0 if name in turned else 4 for name in KEYS["fact_g"].items}
    left_out = ["GP1", "GP2", "GS1", "GS2", "GF1", "GF2"][:skipped]
    computed = scores("fact_g", **best | dict.fromkeys(left_out))
    assert computed["PWB"] == 28.0
    assert computed["FACTG"] == total


def reversed_items(key_id: str) -> set[str]:
    """Those of which the least answer gives the most."""
    key = KEYS[key_id]
    low = {name: answered(0) for name in key.items}
    return {
        name
        for name in key.items
        for scale in key.scales
        if name in scale.items and compute(key, low | {name: answered(4)})[scale.id] < compute(key, low)[scale.id]
    }


def grade(**attributes: Any) -> Score:
    return scores("pro_ctcae", **attributes)["composite"]


def test_a_follow_up_that_was_not_shown_counts_only_after_a_first_answer_of_0() -> None:
    hidden = {"state": "not-shown"}
    assert grade(freq=0, sev=hidden, int=hidden) == 0.0
    assert grade(freq=0, sev=None, int=hidden) is None
    assert grade(freq=2, sev=hidden, int=1) is None
    assert grade(freq=hidden, sev=2, int=1) is None


def test_the_attributes_that_a_form_asks_about_choose_the_table() -> None:
    assert (grade(sev=4), grade(freq=4), grade(int=4)) == (3.0, 3.0, 2.0)
    assert grade(presence=1) is None


@pytest.mark.parametrize(
    ("bmi", "loss", "acute", "total"),
    [(20, 0, False, 1), (20.1, 0, False, 0), (18.5, 0, False, 1), (18.4, 0, False, 2), (25, 5, False, 1)]
    + [(25, 4.9, False, 0), (25, 10, False, 1), (25, 10.1, False, 2), (25, 0, True, 2), (25, 0, None, None)],
)
def test_the_borders_of_must_are_those_of_its_holder(bmi, loss, acute, total) -> None:
    assert scores("must", bmi=bmi, weight_loss_pct_3_6m=loss, acute_no_intake_gt5d=acute)["total"] == total


NUTRITION = {
    "wt_now": 76,
    "wt_1m": 80,
    "wt_6m": 90,
    "wt_2w_change": "decreased",
    "food_intake": "less",
    "food_now": "little_solid",
    "symptoms": ["nausea", "pain"],
    "activity": 2,
}


@pytest.mark.parametrize(
    ("changes", "box", "points"),
    [
        ({}, "total", 4.0 + 2 + 4 + 2),  # 4 kg of 80 are 5 percent: 3 points, and 1 for the last two weeks
        ({"wt_1m": None}, "box1", 4.0),  # 14 kg of 90 in six months are 15.6 percent: 3 points, and 1
        ({"wt_1m": None, "wt_6m": None}, "box1", None),
        ({"wt_1m": None, "wt_6m": None}, "total", None),
        ({"wt_1m": 70}, "box1", 1.0),
        ({"symptoms": []}, "box3", 0.0),
        ({"symptoms": None}, "box3", None),
        ({"food_intake": "unchanged", "food_now": {"state": "not-shown"}}, "box2", 0.0),
        ({"food_intake": "unchanged", "food_now": None}, "box2", None),
        ({"food_intake": "less", "food_now": {"state": "not-shown"}}, "box2", None),
    ],
)
def test_the_four_boxes_of_pg_sga(changes: dict[str, Any], box: str, points: float | None) -> None:
    assert scores("pg_sga_sf", **NUTRITION | changes)[box] == points


def test_a_health_profile_keeps_the_place_of_a_missing_level() -> None:
    computed = scores("eq5d5l", MO=1, SC=2, UA=None, PD=2, AD=1, VAS=0)
    assert computed["profile"] == "12921"
    assert computed["vas"] == 0.0
    assert [value for name, value in computed.items() if name.startswith("index_")] == [None] * 10


def test_an_answer_of_exactly_60_in_promis_is_moderate() -> None:
    bands = KEYS["promis29"].scale("ANX_T").bands
    assert bands is not None and text_in(bands.of(60.0).name, "en") == "Moderate trouble"
    assert bands.of(0.0) is None


def test_the_page_on_instruments_is_up_to_date() -> None:
    """Written by `careplan questionnaire keys > docs/instruments.md`."""
    assert (ROOT / "docs/instruments.md").read_text() == page(KEYS.values())
