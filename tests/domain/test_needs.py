"""Levels per area, and the highest of each domain."""

import pytest

from careplan.domain.needs import AREAS, Domain, NeedLevel, UnknownArea, highest_by_domain


def test_levels_are_ordered_by_need_and_not_by_letters() -> None:
    assert sorted(NeedLevel, key=str) != list(NeedLevel)
    assert sorted(set(NeedLevel)) == list(NeedLevel)
    assert max(NeedLevel.NONE, NeedLevel.ADVANCED) is NeedLevel.ADVANCED
    assert NeedLevel.NONE <= NeedLevel.BASIC < NeedLevel.PARTICULAR
    assert NeedLevel.VERY_ADVANCED >= NeedLevel.ADVANCED > NeedLevel.BASIC


def test_there_are_nine_areas_in_four_domains() -> None:
    assert len({area.id for area in AREAS}) == 9
    assert {area.domain for area in AREAS} == set(Domain)


def test_a_domain_has_its_highest_level_and_an_unassessed_one_is_absent() -> None:
    levels = {
        "sleep": NeedLevel.BASIC,
        "pain": NeedLevel.ADVANCED,
        "meaning": NeedLevel.NONE,
        "strength": NeedLevel.PARTICULAR,
    }
    assert highest_by_domain(levels) == {Domain.PHYSICAL: NeedLevel.ADVANCED, Domain.EXISTENTIAL: NeedLevel.NONE}
    assert highest_by_domain({}) == {}


def test_an_unknown_area_is_an_error() -> None:
    with pytest.raises(UnknownArea):
        highest_by_domain({"weather": NeedLevel.BASIC})
