"""Lines to mark, times of day, dates partly known and own words: what is taken, what is said, what is shown again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.domain.answers import UNANSWERED, Answer, AnswerState, answered, restored
from careplan.domain.conditions import holds
from careplan.domain.correcting import correction_in_words
from careplan.domain.questionnaire import (
    DECLINED,
    LONGEST_WORDS,
    InvalidAnswer,
    Item,
    ItemType,
    OwnWords,
    as_sent,
    in_words,
    parse_answer,
    sent_again,
)
from careplan.domain.scoring import compute
from careplan.domain.summary import in_one_line
from careplan.domain.triage import Level, evaluate
from tests.content.every_kind import every_kind

FORM = every_kind()
TOO_MANY = OwnWords("x" * (LONGEST_WORDS + 1))


@pytest.mark.parametrize(
    ("link_id", "raw", "answer"),
    [
        ("pain", [], UNANSWERED),
        ("pain", [""], UNANSWERED),
        ("pain", ["0"], answered(0)),
        ("pain", ["100"], answered(100)),
        ("pain", ["declined"], DECLINED),
        ("bedtime", [""], UNANSWERED),
        ("bedtime", ["22:30"], answered("22:30")),
        ("bedtime", ["7.30"], answered("07:30")),
        ("bedtime", ["07:30"], answered("07:30")),
        ("bedtime", ["0730"], answered("07:30")),
        ("bedtime", ["730"], answered("07:30")),
        ("bedtime", ["7"], answered("07:00")),
        ("bedtime", ["klockan 7.30"], answered("07:30")),
        ("bedtime", ["Kl. 0.05"], answered("00:05")),
        ("bedtime", ["23 59"], answered("23:59")),
        ("visit", ["2026-02-28"], answered("2026-02-28")),
        ("began", ["2026-02-28"], answered("2026-02-28")),
        ("began", ["2026-03"], answered("2026-03")),
        ("smoked", ["2026-03-21"], answered("2026-03-21")),
        ("smoked", ["2026-03"], answered("2026-03")),
        ("smoked", ["1987"], answered("1987")),
        ("helper", ["other"], answered("other")),
        ("helper", ["other", OwnWords(" Min granne ")], answered("other", "Min granne")),
        ("helper", [OwnWords("Min granne")], answered("other", "Min granne")),
        ("helper", [OwnWords("partner")], answered("other", "partner")),
        ("helper", [OwnWords("declined")], answered("other", "declined")),
        ("helper", ["partner", OwnWords("  ")], answered("partner")),
        ("helper", ["declined", OwnWords("Min granne")], DECLINED),
        ("aids", ["stick", OwnWords("En vagn")], answered(("stick", "other"), "En vagn")),
        ("aids", ["other", "stick", OwnWords("En vagn")], answered(("stick", "other"), "En vagn")),
    ],
)
def test_what_is_written_becomes_an_answer(link_id: str, raw: list[str], answer: Answer) -> None:
    assert parse_answer(FORM.item(link_id), raw) == answer


@pytest.mark.parametrize(
    ("link_id", "raw", "reason"),
    [
        ("pain", ["101"], "out-of-range"),
        ("pain", ["-1"], "out-of-range"),
        ("pain", ["37,5"], "not-a-number"),
        ("pain", ["nan"], "not-a-number"),
        ("bedtime", ["24:00"], "not-a-time"),
        ("bedtime", ["25:10"], "not-a-time"),
        ("bedtime", ["7:60"], "not-a-time"),
        ("bedtime", ["7.3"], "not-a-time"),
        ("bedtime", ["sju"], "not-a-time"),
        ("bedtime", ["٠٧:٣٠"], "not-a-time"),
        ("bedtime", ["12:30:15"], "not-a-time"),
        ("visit", ["2026-02-31"], "not-a-date"),
        ("visit", ["2026-02"], "incomplete-date"),
        ("visit", ["2026"], "incomplete-date"),
        ("visit", ["-02-28"], "incomplete-date"),
        ("visit", ["1026-02-28"], "not-a-date"),
        ("visit", ["3026-02-28"], "not-a-date"),
        ("began", ["2026-13"], "not-a-date"),
        ("began", ["2026"], "incomplete-date"),
        ("began", ["2026-02-31"], "not-a-date"),
        ("smoked", ["2026--21"], "incomplete-date"),
        ("smoked", ["26"], "not-a-date"),
        ("smoked", ["2026-+1"], "not-a-date"),
        ("smoked", ["2026-03-21-1"], "not-a-date"),
        ("helper", ["partner", OwnWords("Min granne")], "words-elsewhere"),
        ("helper", [TOO_MANY], "too-long"),
        ("aids", ["none", OwnWords("En vagn")], "words-elsewhere"),
        ("aids", ["none", "other", OwnWords("En vagn")], "exclusive"),
        ("aids", ["other", TOO_MANY], "too-long"),
        ("more", ["yes", OwnWords("ibland")], "unknown-option"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_reason(link_id: str, raw: list[str], reason: str) -> None:
    with pytest.raises(InvalidAnswer) as error:
        parse_answer(FORM.item(link_id), raw)
    assert (error.value.link_id, error.value.reason) == (link_id, reason)


@pytest.mark.parametrize(
    ("link_id", "answer", "sv", "en"),
    [
        ("pain", answered(37), "37 av 100", "37 of 100"),
        ("bedtime", answered("07:30"), "klockan\u00a07.30", "7:30"),
        ("bedtime", answered("00:05"), "klockan\u00a00.05", "0:05"),
        ("visit", answered("2026-03-21"), "21\u00a0mars\u00a02026", "21\u00a0March\u00a02026"),
        ("began", answered("2026-03"), "mars\u00a02026", "March\u00a02026"),
        ("smoked", answered("1987"), "1987", "1987"),
        ("helper", answered("other"), "Någon annan", "Somebody else"),
        ("helper", answered("other", "Min granne"), "Någon annan: Min granne", "Somebody else: Min granne"),
        ("aids", answered(("stick", "other"), "En vagn"), "Käpp, Annat: En vagn", "A stick, Something else: En vagn"),
    ],
)
def test_an_answer_is_said_in_words(link_id: str, answer: Answer, sv: str, en: str) -> None:
    item = FORM.item(link_id)
    assert (in_words(item, answer, "sv"), in_words(item, answer, "en")) == (sv, en)


def test_a_month_is_said_in_the_readers_language_and_in_swedish_where_nobody_knows_it() -> None:
    item = FORM.item("began")
    assert in_words(item, answered("2026-03"), "fi") == "maaliskuu\u00a02026"
    assert in_words(item, answered("2026-03"), "xx") == "mars\u00a02026"


def test_other_words_are_another_answer() -> None:
    one, other = answered("other", "Min granne"), answered("other", "Min syster")
    assert one != other
    assert len({one.mark, other.mark, answered("other").mark}) == 3
    item = FORM.item("helper")
    assert correction_in_words(item, {"helper": one}, {"helper": other}, "sv") == (
        "rättat från ”Någon annan: Min granne” till ”Någon annan: Min syster”"
    )


def test_rules_and_scores_look_at_the_mark_on_the_line_and_at_the_code_beside_own_words() -> None:
    answers = {"pain": answered(80), "helper": answered("other", "Min granne")}
    scores = compute(FORM, answers)
    assert scores == {"burden": 80}
    flags = evaluate(FORM, answers, scores, None)
    assert [(flag.rule_id, flag.level, flag.value) for flag in flags] == [
        ("pain-red", Level.RED, 80),
        ("helper-yellow", Level.YELLOW, "other"),
    ]
    assert in_one_line(FORM, "pain", 80, {"pain": answered(12)}) == "Smärta 80 av 100, var 12"
    assert holds(FORM.item("more").show_if, {"helper": answers["helper"]}, {}, None)


def answers_to(item: Item) -> st.SearchStrategy[Answer]:
    """Any answer that a person can have given to this question."""
    own = st.text(min_size=1, max_size=LONGEST_WORDS).map(str.strip)
    values = [option.value for option in item.options]
    match item.type:
        case ItemType.SCALE | ItemType.VAS:
            return st.integers(item.scale.min, item.scale.max).map(answered)
        case ItemType.INTEGER:
            return st.integers(item.min, item.max).map(answered)
        case ItemType.DECIMAL:
            return st.integers(item.min * 1000, item.max * 1000).map(lambda number: answered(number / 1000))
        case ItemType.DATE:
            days = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)
            lengths = {"day": [10], "month": [10, 7], "year": [10, 7, 4]}[item.precision]
            return st.builds(lambda day, length: answered(day[:length]), days, st.sampled_from(lengths))
        case ItemType.TIME:
            return st.times().map(lambda time: answered(f"{time:%H:%M}"))
        case ItemType.CHOICE:
            plain = st.sampled_from(values).map(answered)
            return plain if item.open_option is None else plain | own.map(lambda words: answered("other", words))
        case ItemType.CHOICES:
            several = st.sets(st.sampled_from(values[:-1]), min_size=1).map(
                lambda chosen: tuple(value for value in values if value in chosen)
            )
            return st.builds(lambda codes, words: answered(codes, words if "other" in codes else ""), several, own)
        case _:
            return own.filter(lambda text: text and text != "declined").map(answered)


ANSWERS = st.sampled_from(FORM.questions).flatmap(lambda item: st.tuples(st.just(item), answers_to(item)))


@given(ANSWERS, st.sampled_from(["sv", "en", "ar"]))
def test_what_is_shown_again_is_the_same_answer_and_every_answer_can_be_said(
    pair: tuple[Item, Answer], lang: str
) -> None:
    item, answer = pair
    assert parse_answer(item, sent_again(answer, lang)) == answer
    assert in_words(item, answer, lang)
    assert restored(AnswerState.ANSWERED, answer.stored) == answer
    assert parse_answer(item, as_sent(answer.stored)) == answer


@given(st.sampled_from(FORM.questions), st.lists(st.text(max_size=12)), st.none() | st.text().map(OwnWords))
def test_whatever_is_sent_is_an_answer_or_refused_and_never_a_failure(
    item: Item, raw: list[str], words: OwnWords | None
) -> None:
    try:
        answer = parse_answer(item, [*raw, *([words] if words is not None else [])])
    except InvalidAnswer:
        return
    assert in_words(item, answer, "sv") and in_words(item, answer, "en")
