"""Questions that stand together: which are shown, the way through them, and what never counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.domain.answers import DECLINED, NOT_SHOWN, UNANSWERED, Answer, answered
from careplan.domain.questionnaire import (
    Item,
    NotShown,
    Progress,
    UnknownItem,
    all_questions,
    check_shown,
    first_unanswered,
    following,
    hidden_answers,
    preceding,
    progress,
    settled,
    together,
    visible_questions,
    without_instance,
)
from careplan.domain.scoring import compute
from careplan.domain.triage import call_now, evaluate
from tests.domain.forms import GROUPED

PAIN = {"pain": answered(5)}
TAKES = {"taken": answered("yes")}
TWO = TAKES | {
    "name": answered("A"),
    "often": answered("daily"),
    "dose": answered(1),
    "name@2": answered("B"),
    "often@2": answered("seldom"),
}


def ids(items: list[Item]) -> list[str]:
    return [item.link_id for item in items]


def link_id(item: Item | None) -> str | None:
    return item.link_id if item else None


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, "pain taken sleep"),
        (PAIN, "pain back head legs taken sleep"),
        ({"pain": answered(2), "back": answered(9)}, "pain taken sleep"),
        ({"pain": DECLINED}, "pain taken sleep"),
        (TAKES, "pain taken name often sleep"),
        (TWO, "pain taken name often dose name@2 often@2 sleep"),
        (TWO | {"often@2": answered("daily")}, "pain taken name often dose name@2 often@2 dose@2 sleep"),
        (TWO | {"taken": answered("no")}, "pain taken sleep"),
        (TAKES | {"name@3": DECLINED}, "pain taken name often name@2 often@2 name@3 often@3 sleep"),
        ({"sleep": answered(7)}, "pain taken sleep worse"),
    ],
)
def test_a_group_is_shown_or_hidden_as_a_whole_and_asked_for_each_instance_begun(
    answers: dict[str, Answer], shown: str
) -> None:
    assert ids(visible_questions(GROUPED, answers)) == shown.split()


@pytest.mark.parametrize(
    ("answers", "link", "page"),
    [
        (PAIN, "pain", "pain"),
        (PAIN, "head", "back head legs"),
        (TWO, "dose", "name often dose"),
        (TWO, "name@2", "name@2 often@2"),
        (TWO, "often@3", "name@3 often@3"),
        ({}, "sleep", "thanks sleep"),
    ],
)
def test_a_page_holds_a_question_or_what_is_shown_of_its_group_and_instance(
    answers: dict[str, Answer], link: str, page: str
) -> None:
    assert ids(together(GROUPED, answers, link)) == page.split()


@pytest.mark.parametrize(("answers", "link"), [({}, "head"), ({}, "name"), (TWO, "name@1"), (TWO, "name@4")])
def test_there_is_no_page_of_what_is_hidden_and_no_instance_beyond_the_next(
    answers: dict[str, Answer], link: str
) -> None:
    with pytest.raises((NotShown, UnknownItem)):
        together(GROUPED, answers, link)


@pytest.mark.parametrize(
    "key", ["pain@2", "back@2", "name@0", "name@1", "name@02", "name@4", "name@", "@2", "name@2@2"]
)
def test_only_questions_of_repeated_groups_have_keys_of_later_instances(key: str) -> None:
    with pytest.raises(UnknownItem):
        GROUPED.item(key)


def test_a_later_instance_looks_at_its_own_answers() -> None:
    answers = TWO | {"often": answered("seldom"), "often@2": answered("daily")}
    assert ids(visible_questions(GROUPED, answers))[2:] == ["name", "often", "name@2", "often@2", "dose@2", "sleep"]
    assert GROUPED.item("dose@2").short["sv"] == "Dose 2"


@pytest.mark.parametrize(
    ("answers", "here", "ahead", "behind"),
    [
        (PAIN, "pain", "back", None),
        (PAIN, "back", "taken", "pain"),
        (PAIN, "legs", "taken", "pain"),
        (PAIN, "taken", "sleep", "legs"),
        (TWO, "name", "name@2", "taken"),
        (TWO, "often@2", "sleep", "dose"),
        (TWO, "name@3", "sleep", "often@2"),
        (TWO, "sleep", None, "often@2"),
        ({}, "head", "taken", "pain"),
        ({"name@2": answered("B")}, "name@2", "sleep", "taken"),
        ({"sleep": answered(7)}, "sleep", None, "taken"),
    ],
)
def test_the_way_leads_from_page_to_page(
    answers: dict[str, Answer], here: str, ahead: str | None, behind: str | None
) -> None:
    assert link_id(following(GROUPED, answers, here)) == ahead
    assert link_id(preceding(GROUPED, answers, here)) == behind


def test_progress_counts_questions_and_says_how_many_stand_on_the_page() -> None:
    assert progress(GROUPED, PAIN, "back") == progress(GROUPED, PAIN, "legs") == Progress(2, 6, 4, count=3)
    assert progress(GROUPED, PAIN, "back").last == 4
    assert progress(GROUPED, TWO, "name@2") == Progress(6, 8, 2, count=2)
    assert progress(GROUPED, TWO, "name@3") == Progress(8, 10, 2, count=2)
    assert progress(GROUPED, {}, "pain") == Progress(1, 3, 4)


def test_the_first_blank_row_is_the_first_unanswered_question() -> None:
    answers = PAIN | {"back": answered(1), "legs": answered(0)}
    assert link_id(first_unanswered(GROUPED, answers)) == "head"
    assert link_id(first_unanswered(GROUPED, answers | {"head": DECLINED} | TWO)) == "sleep"


def test_settling_names_each_instance_begun_and_of_a_hidden_group_the_first() -> None:
    assert list(settled(GROUPED, TWO)) == [
        *("pain", "back", "head", "legs", "taken", "name", "often", "dose"),
        *("name@2", "often@2", "dose@2", "sleep", "worse"),
    ]
    assert settled(GROUPED, TWO)["dose@2"] == settled(GROUPED, TWO)["back"] == NOT_SHOWN
    hidden = settled(GROUPED, TWO | {"taken": answered("no")})
    assert [hidden[key] for key in ("name", "often", "dose")] == [NOT_SHOWN] * 3
    assert "name@2" not in hidden
    assert settled(GROUPED, TAKES)["name"] == UNANSWERED


def test_what_is_hidden_is_named_for_the_log() -> None:
    assert hidden_answers(GROUPED, TWO) == []
    assert hidden_answers(GROUPED, TWO | {"taken": answered("no")}) == ["name", "often", "dose", "name@2", "often@2"]
    assert hidden_answers(GROUPED, {"pain": answered(0), "back": answered(9), "head": UNANSWERED}) == ["back"]


def test_when_an_instance_is_taken_away_those_after_it_move_up() -> None:
    group = GROUPED.group("medicines")
    three = TWO | {"name@3": answered("C"), "dose@3": answered(3)}
    assert without_instance(GROUPED, three, group, 2) == TAKES | {
        "name": answered("A"),
        "often": answered("daily"),
        "dose": answered(1),
        "name@2": answered("C"),
        "dose@2": answered(3),
    }
    assert without_instance(GROUPED, TWO, group, 1) == TAKES | {"name": answered("B"), "often": answered("seldom")}
    assert without_instance(GROUPED, PAIN, group, 1) == PAIN


def test_a_severe_row_asks_for_the_call_now_page_while_its_group_is_shown() -> None:
    assert call_now(GROUPED, PAIN | {"back": answered(9)}, "back") is not None
    assert call_now(GROUPED, {"back": answered(9)}, "back") is None


SCALES = st.integers(0, 10).map(answered) | st.sampled_from([DECLINED, UNANSWERED])
OFTEN = st.sampled_from([answered("daily"), answered("seldom"), DECLINED])
OPTIONAL = dict.fromkeys(("pain", "back", "head", "legs", "sleep", "worse"), SCALES) | {
    "taken": st.sampled_from([answered("yes"), answered("no"), DECLINED])
}
OPTIONAL |= {f"name{mark}": st.sampled_from([answered("A"), DECLINED]) for mark in ("", "@2", "@3")}
OPTIONAL |= {f"often{mark}": OFTEN for mark in ("", "@2", "@3")}
OPTIONAL |= {f"dose{mark}": st.integers(0, 9).map(answered) for mark in ("", "@2", "@3")}
ANSWERS = st.fixed_dictionaries({}, optional=OPTIONAL)


def outcome(answers: dict[str, Answer]) -> tuple[object, object]:
    final = settled(GROUPED, answers)
    scores = compute(GROUPED, final)
    return scores, evaluate(GROUPED, final, scores, None)


@given(ANSWERS, ANSWERS)
def test_hidden_answers_in_groups_never_count(answers: dict[str, Answer], other: dict[str, Answer]) -> None:
    shown = {item.link_id for item in visible_questions(GROUPED, answers)}
    added = {key: value for key, value in other.items() if key not in shown}
    # A medicine that is added is not hidden: it is one more.
    medicines = {"name", "often", "dose"} if answers.get("taken") == answered("yes") else set()
    added = {key: value for key, value in added.items() if key.split("@")[0] not in medicines}
    tampered = answers | added
    assert settled(GROUPED, tampered) == settled(GROUPED, answers)
    assert outcome(tampered) == outcome(answers)
    assert not set(hidden_answers(GROUPED, tampered)) & shown


@given(ANSWERS)
def test_settling_twice_changes_nothing_with_groups_either(answers: dict[str, Answer]) -> None:
    final = settled(GROUPED, answers)
    assert settled(GROUPED, final) == final
    shown = {item.link_id for item in visible_questions(GROUPED, answers)}
    assert {key for key, answer in final.items() if answer == NOT_SHOWN} == set(final) - shown
    assert list(final) == ids(all_questions(GROUPED, answers))


@given(ANSWERS)
def test_the_way_forward_meets_each_shown_question_on_one_page_and_the_way_back_the_same_pages(
    answers: dict[str, Answer],
) -> None:
    met, pages, here = [], [], following(GROUPED, answers, None)
    while here is not None:
        rows = [item for item in together(GROUPED, answers, here.link_id) if item.text["sv"] != "thanks?"]
        assert check_shown(GROUPED, answers, here.link_id) == rows[0] == here
        place = progress(GROUPED, answers, here.link_id)
        assert (place.number, place.count) == (len(met) + 1, len(rows))
        met += ids(rows)
        pages.append(ids(rows))
        here = following(GROUPED, answers, here.link_id)
    assert met == ids(visible_questions(GROUPED, answers))
    back, here = [], preceding(GROUPED, answers, None)
    while here is not None:
        back.append([each for each in ids(together(GROUPED, answers, here.link_id)) if each != "thanks"])
        here = preceding(GROUPED, answers, here.link_id)
    assert back[::-1] == pages
