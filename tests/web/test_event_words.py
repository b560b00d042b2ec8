"""Every kind of event has its words wherever kinds are named."""

import pytest

from careplan.domain.plan import EVENTS
from careplan.web import printing
from careplan.web.edit import templates
from careplan.web.staff import plan_form


@pytest.mark.parametrize("words", [printing.HAPPENINGS, plan_form.EVENT_WORDS, templates.EVENTS])
def test_each_kind_of_event_has_its_word(words: dict[str, object]) -> None:
    assert tuple(words) == EVENTS
