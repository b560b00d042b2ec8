"""The most important now is at most 150 words, whatever the template and the phase."""

from careplan.domain.now import MOST_WORDS, most_important, words_in
from careplan.domain.plan import PLACEHOLDERS, ChapterState
from careplan.library import Library
from careplan.library.revisions import render_plan

FACTS: dict[str, dict[str, str]] = {}
for name in PLACEHOLDERS:
    group, _dot, fact = name.partition(".")
    FACTS.setdefault(group, {})[fact] = "Tre ord här"


def chapter(number: int, *texts: str, key: bool = True) -> dict[str, object]:
    html = f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
    return {"id": f"c{number}", "title": f"Kapitel {number}", "key": html if key else None}


def plan(phase: str, *chapters: dict[str, object], always: tuple[dict[str, object], ...] = ()) -> dict[str, object]:
    phases = [{"id": "one", "title": "Ett", "chapters": []}, {"id": "two", "title": "Två", "chapters": list(chapters)}]
    return {"phase": phase, "phases": phases, "always": list(always)}


def test_each_phase_of_each_template_opens_with_few_words(library: Library) -> None:
    for definition in library.plans.values():
        every = {chapter_id: ChapterState(shown=True) for chapter_id in definition.chapter_ids}
        for phase in definition.phases:
            content = render_plan(definition, every, greeting="", phase=phase.id, facts=FACTS)
            now = most_important(content)
            words = sum(words_in(point.title) + sum(map(words_in, point.texts)) for point in now.points)
            where = f"{definition.id}.{definition.lang}, {phase.id}"
            assert now.phase == phase.title, where
            assert 0 < words <= MOST_WORDS, f"{where}: {words} words"


def test_each_chapter_says_its_first_before_any_says_its_second() -> None:
    long = " ".join(["ord"] * 60)
    now = most_important(plan("two", chapter(1, long, long), chapter(2, "kort")))
    assert [(point.title, len(point.texts)) for point in now.points] == [("Kapitel 1", 2), ("Kapitel 2", 1)]
    now = most_important(plan("two", chapter(1, long, long), chapter(2, long)))
    assert [len(point.texts) for point in now.points] == [1, 1]


def test_a_text_too_long_is_left_out_whole() -> None:
    now = most_important(plan("two", chapter(1, "kort", " ".join(["ord"] * 150))))
    assert now.points[0].texts == ("kort",)


def test_without_a_key_text_in_the_phase_what_always_holds_is_said() -> None:
    now = most_important(plan("two", chapter(1, "x", key=False), always=(chapter(9, "Ring 1177"),)))
    assert (now.phase, now.points[0].texts) == ("Två", ("Ring 1177",))


def test_a_plan_that_does_not_say_where_the_patient_is_begins_with_its_first_phase() -> None:
    content = plan("", chapter(1, "först"))
    content["phases"] = content["phases"][1:]
    assert (most_important(content).phase, most_important(content).points[0].texts) == ("", ("först",))


def test_an_empty_plan_says_nothing() -> None:
    assert most_important({"phase": "", "phases": [], "always": []}).points == ()
