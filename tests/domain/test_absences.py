"""Who answers while somebody is away; what an absence may not be; when nobody is there."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.domain.absences import (
    AlreadyAway,
    Away,
    CoverIsAway,
    CoverLoops,
    EndsBeforeStart,
    OwnCover,
    check,
    uncovered_from,
    who_answers,
)

KARIN, NILS, EVA = (UUID(int=n) for n in (1, 2, 3))
START = datetime(2026, 11, 16, tzinfo=UTC)


def away(who: UUID, cover: UUID | None, first: int = 0, days: int = 2) -> Away:
    return Away(who, cover, START + timedelta(days=first), START + timedelta(days=first + days))


@pytest.mark.parametrize(
    ("present", "covers", "answers"),
    [
        ({KARIN, NILS}, {KARIN: NILS}, KARIN),
        ({NILS}, {KARIN: NILS}, NILS),
        ({EVA}, {KARIN: NILS, NILS: EVA}, EVA),
        ({EVA}, {KARIN: NILS}, None),
        ({EVA}, {KARIN: NILS, NILS: KARIN}, None),
        ({EVA}, {KARIN: KARIN}, None),
        (set(), {}, None),
    ],
)
def test_the_chain_of_covers_is_followed_to_somebody_who_is_there(present, covers, answers) -> None:
    assert who_answers(KARIN, present, covers) == answers


PEOPLE = st.sampled_from([KARIN, NILS, EVA, UUID(int=4)])


@given(PEOPLE, st.sets(PEOPLE), st.dictionaries(PEOPLE, st.none() | PEOPLE))
def test_whoever_answers_is_there_and_no_chain_goes_on_for_ever(who, present, covers) -> None:
    found = who_answers(who, present, covers)
    assert found is None or found in present


@pytest.mark.parametrize(
    ("planned", "others", "error"),
    [
        (away(KARIN, NILS, days=0), [], EndsBeforeStart),
        (away(KARIN, NILS, days=-3), [], EndsBeforeStart),
        (away(KARIN, KARIN), [], OwnCover),
        (away(KARIN, NILS), [away(NILS, EVA, first=1)], CoverIsAway),
        (away(KARIN, NILS), [away(NILS, KARIN, first=1)], CoverLoops),
        (away(KARIN, NILS), [away(NILS, EVA), away(EVA, KARIN, first=1)], CoverLoops),
        (away(KARIN, NILS), [away(KARIN, EVA, first=1)], AlreadyAway),
    ],
)
def test_what_cannot_be_is_refused_by_name(planned: Away, others: list[Away], error: type[Exception]) -> None:
    with pytest.raises(error):
        check(planned, others)


@pytest.mark.parametrize(
    ("planned", "others"),
    [
        (away(KARIN, NILS), []),
        (away(KARIN, None), [away(NILS, None)]),
        (away(KARIN, NILS), [away(NILS, KARIN, first=2)]),
        (away(KARIN, NILS, first=2), [away(KARIN, NILS)]),
    ],
)
def test_what_does_not_meet_on_any_day_may_be(planned: Away, others: list[Away]) -> None:
    check(planned, others)


@pytest.mark.parametrize(
    ("others", "standing", "since"),
    [
        ([], {}, None),
        ([away(NILS, None, first=1)], {}, 1),
        ([away(NILS, EVA, first=1)], {}, None),
        ([away(NILS, None, first=1)], {NILS: EVA}, None),
        ([away(NILS, EVA, first=0), away(EVA, None, first=1)], {}, 1),
        ([away(NILS, None, first=5)], {}, None),
    ],
)
def test_the_first_moment_without_anybody_is_found(others: list[Away], standing, since: int | None) -> None:
    found = uncovered_from(away(KARIN, NILS, days=3), others, {KARIN, NILS, EVA}, standing)
    assert found == (None if since is None else START + timedelta(days=since))


def test_where_nobody_was_chosen_it_is_from_the_start() -> None:
    assert uncovered_from(away(KARIN, None), [], {KARIN, NILS}, {KARIN: NILS}) == START
