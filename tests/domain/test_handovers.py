from datetime import UTC, datetime, time

import pytest

from careplan.domain import handovers
from careplan.domain.handovers import FOLLOWING, OPEN, PARTS, Status
from careplan.domain.tasks import USUAL_TIMES, ResponseTimes
from careplan.domain.worktime import OpeningHours

HOURS = OpeningHours(((time(8), time(16)),) * 5 + (None, None))
FRIDAY = datetime(2026, 11, 20, 9, 20, tzinfo=UTC)  # 10.20 in Sweden
SLOW = ResponseTimes(handover_days=4, first_contact_days=10)
TEXT = dict.fromkeys(PARTS, "En rad")


@pytest.mark.parametrize(
    ("times", "is_back", "answer", "contact"),
    [
        (USUAL_TIMES, False, datetime(2026, 11, 24, 9, 20, tzinfo=UTC), datetime(2026, 11, 27, 9, 20, tzinfo=UTC)),
        (SLOW, False, datetime(2026, 11, 26, 9, 20, tzinfo=UTC), datetime(2026, 12, 4, 9, 20, tzinfo=UTC)),
        (USUAL_TIMES, True, datetime(2026, 11, 20, 11, 20, tzinfo=UTC), datetime(2026, 11, 23, 9, 20, tzinfo=UTC)),
        (SLOW, True, datetime(2026, 11, 20, 11, 20, tzinfo=UTC), datetime(2026, 11, 23, 9, 20, tzinfo=UTC)),
    ],
)
def test_the_clock_runs_in_working_time_as_the_unit_has_set_it(times, is_back, answer, contact):
    assert handovers.answer_due(HOURS, times, FRIDAY, is_back=is_back) == answer
    assert handovers.contact_due(HOURS, times, FRIDAY, is_back=is_back) == contact


def test_nothing_follows_on_an_end_and_contact_only_on_an_acceptance():
    ends = {status for status, after in FOLLOWING.items() if not after}
    assert ends == set(Status) - set(OPEN)
    assert [status for status, after in FOLLOWING.items() if Status.COMPLETED in after] == [Status.ACCEPTED]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", ["", "  \n ", "\r\n"])
def test_each_part_says_something(part, text):
    with pytest.raises(handovers.PartMissing) as error:
        handovers.checked(TEXT | {part: text})
    assert error.value.part == part


def test_a_part_that_is_not_there_is_missing():
    with pytest.raises(handovers.PartMissing):
        handovers.checked({})


def test_a_part_has_its_most_and_the_page_its_lines():
    with pytest.raises(handovers.PartTooLong):
        handovers.checked(TEXT | {"current": "x" * (handovers.LONGEST_PART + 1)})
    with pytest.raises(handovers.LongerThanAPage) as error:
        handovers.checked(TEXT | {"current": "\n".join(["rad"] * handovers.LINES)})
    assert error.value.lines == 3


def test_what_follows_along_takes_its_lines_too():
    along = handovers.alongside({"alarm": "Feber\nAndnöd\n", "diagnosis": "C50", "late_effects": " "})
    assert along == {"alarm": "Feber; Andnöd"}
    full = TEXT | {"current": "\n".join(["rad"] * (handovers.LINES - 3))}
    assert handovers.checked(full)
    with pytest.raises(handovers.LongerThanAPage):
        handovers.checked(full, along.values())


def test_text_is_kept_as_written_but_for_its_ends():
    assert handovers.checked(TEXT | {"current": " två\r\nrader \n"})["current"] == "två\nrader"
