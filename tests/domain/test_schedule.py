"""When questionnaires open, are due and close."""

from datetime import date

from careplan.domain.schedule import DueForm, ScheduleEntry, due_forms

WEEKLY = ScheduleEntry("weekly", "treatment-start", after_days=7, every_days=7, times=3, open_days=7)
NEEDS = ScheduleEntry("needs", "plan-start")
EVENTS = [("plan-start", date(2026, 9, 1)), ("treatment-start", date(2026, 9, 14))]


def test_only_what_has_opened_is_due_and_in_order() -> None:
    forms = due_forms([WEEKLY, NEEDS], EVENTS, date(2026, 9, 28))
    assert [(form.questionnaire, form.opens_on) for form in forms] == [
        ("needs", date(2026, 9, 1)),
        ("weekly", date(2026, 9, 21)),
        ("weekly", date(2026, 9, 28)),
    ]


def test_a_form_is_due_halfway_and_then_closes() -> None:
    assert due_forms([NEEDS], EVENTS, date(2026, 9, 1)) == [
        DueForm("needs", date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 15), "needs:plan-start:2026-09-01:0")
    ]
    (short,) = due_forms([ScheduleEntry("visit", "plan-start", open_days=1)], EVENTS, date(2026, 9, 1))
    assert (short.due_on, short.closes_on) == (date(2026, 9, 2), date(2026, 9, 2))


def test_keys_are_unique_and_do_not_change_when_the_schedule_grows() -> None:
    later = ScheduleEntry("needs", "plan-start", after_days=180)
    longer = ScheduleEntry("weekly", "treatment-start", after_days=7, every_days=7, times=9, open_days=7)
    upto = date(2027, 9, 1)
    before = [form.entry_key for form in due_forms([NEEDS, WEEKLY], EVENTS, upto)]
    after = [form.entry_key for form in due_forms([later, NEEDS, longer], EVENTS, upto)]
    assert len(after) == len(set(after)) == 11
    assert set(before) <= set(after)
    assert "weekly:treatment-start:2026-09-14:21" in before


def test_each_event_of_a_kind_starts_its_own_round() -> None:
    twice = [("treatment-start", date(2026, 9, 14)), ("treatment-start", date(2027, 1, 11))]
    assert len(due_forms([WEEKLY], twice, date(2027, 12, 31))) == 6


def test_the_same_event_told_twice_asks_once() -> None:
    assert len(due_forms([NEEDS], [EVENTS[0], EVENTS[0]], date(2026, 12, 31))) == 1


def test_an_event_that_no_entry_knows_asks_nothing() -> None:
    assert due_forms([NEEDS], [("progression", date(2026, 9, 1))], date(2026, 12, 31)) == []


def test_an_event_soon_after_another_does_not_ask_the_same_again() -> None:
    spared = ScheduleEntry("needs", "treatment-start", unless_asked_days=30)
    events = [("plan-start", date(2026, 9, 1)), ("treatment-start", date(2026, 10, 1))]
    assert len(due_forms([NEEDS, spared], events, date(2026, 12, 31))) == 1
    late = [("plan-start", date(2026, 9, 1)), ("treatment-start", date(2026, 10, 2))]
    assert len(due_forms([NEEDS, spared], late, date(2026, 12, 31))) == 2


def test_what_must_be_asked_is_asked_though_something_else_was_just_asked() -> None:
    graver = ScheduleEntry("needs", "progression")
    spared = ScheduleEntry("needs", "admission", unless_asked_days=14)
    events = [("plan-start", date(2026, 9, 1)), ("progression", date(2026, 9, 3)), ("admission", date(2026, 9, 3))]
    keys = [form.entry_key.split(":")[1] for form in due_forms([spared, NEEDS, graver], events, date(2026, 12, 31))]
    assert keys == ["plan-start", "progression"]
