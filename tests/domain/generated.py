"""Questionnaires and answers of any kind, for what must hold for all of them."""

from dataclasses import replace

from hypothesis import strategies as st

from careplan.domain.answers import DECLINED, NOT_SHOWN, UNANSWERED, Answer, answered
from careplan.domain.conditions import AllOf, AnyOf, Condition, Is, Not, ScoreAtLeast, WorseBy
from careplan.domain.questionnaire import Group, GroupKind, Item, ItemType, Option, Questionnaire
from careplan.domain.scoring import Method, Scale
from careplan.domain.triage import Level, Rule
from tests.domain.forms import TROUBLE, at_least, choice, question, questionnaire, scale, words

CODES = ("a", "b", "c")


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    """Up to 12 items; a condition looks at earlier questions, as the check of the files sees to."""
    made: list[Item] = []
    for number in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(("scale", "scale", "choice", "choices", "info")))
        earlier = [item for item in made if item.type is not ItemType.INFO]
        show_if = draw(st.none() | conditions(earlier)) if earlier else None
        link_id = f"q{number}"
        match kind:
            case "scale":
                item = scale(link_id, show_if)
            case "choice":
                item = choice(link_id, *CODES, show_if=show_if)
            case "choices":
                options = tuple(Option(code, words(code)) for code in CODES)
                item = question(link_id, ItemType.CHOICES, options=options, show_if=show_if)
            case _:
                item = question(link_id, ItemType.INFO, show_if=show_if)
        made.append(replace(item, wish=draw(st.booleans()), section=draw(st.sampled_from(("one", "two")))))
    return made


def conditions(looked_at: list[Item]) -> st.SearchStrategy[Condition]:
    leaf = st.sampled_from(looked_at).flatmap(_leaf)
    several = st.tuples(leaf, leaf)
    return leaf | several.map(AllOf) | several.map(AnyOf) | leaf.map(Not)


def _leaf(item: Item) -> st.SearchStrategy[Condition]:
    if item.scale is not None:
        return st.integers(0, 10).map(lambda limit: at_least(item.link_id, limit))
    return st.lists(st.sampled_from(CODES), min_size=1, max_size=2).map(lambda codes: Is(item.link_id, tuple(codes)))


@st.composite
def forms(draw: st.DrawFn) -> Questionnaire:
    """A form with scores of its scales and rules about its questions and its scores."""
    made = draw(items())
    asked = [item for item in made if item.type is not ItemType.INFO]
    scales = [item.link_id for item in asked if item.scale is not None]
    scores: list[Scale] = []
    for number in range(draw(st.integers(0, 2)) if scales else 0):
        counted = draw(st.lists(st.sampled_from(scales), min_size=1, unique=True))
        least = draw(st.integers(1, len(counted)))
        method = draw(st.sampled_from((Method.MEAN, Method.SUM)))
        scores.append(
            Scale(f"s{number}", words("Mått"), tuple(counted), method, least, (0, 10 * len(counted)), TROUBLE, "own")
        )
    when = [conditions(asked)] if asked else []
    when += [st.sampled_from(scales).map(lambda item: WorseBy(item, 2, TROUBLE))] if scales else []
    when += [st.sampled_from(scores).map(lambda score: ScoreAtLeast(score.id, 5))] if scores else []
    rules = [
        Rule(f"r{number}", draw(st.sampled_from(Level)), draw(st.one_of(when)), asked[0].link_id, "ägare", "källa")
        for number in range(draw(st.integers(0, 4)) if when else 0)
    ]
    grouped, groups = draw(_groups(made))
    return questionnaire(*grouped, scores=tuple(scores), rules=tuple(rules), groups=groups)


@st.composite
def _groups(draw: st.DrawFn, made: list[Item]) -> tuple[list[Item], tuple[Group, ...]]:
    """Some neighbours on one page."""
    if not draw(st.booleans()):
        return made, ()
    first = draw(st.integers(0, len(made) - 1))
    last = draw(st.integers(first + 1, len(made)))
    earlier = [item for item in made[:first] if item.type is not ItemType.INFO]
    show_if = draw(st.none() | conditions(earlier)) if earlier else None
    members = [replace(item, group="g") for item in made[first:last]]
    return [*made[:first], *members, *made[last:]], (Group("g", GroupKind.PAGE, words("Grupp"), show_if=show_if),)


def answers_to(form: Questionnaire) -> st.SearchStrategy[dict[str, Answer]]:
    """Some of its questions answered, also such as are not shown."""
    return st.fixed_dictionaries({}, optional={item.link_id: _answers(item) for item in form.questions})


def _answers(item: Item) -> st.SearchStrategy[Answer]:
    states = st.sampled_from((DECLINED, UNANSWERED, NOT_SHOWN))
    if item.scale is not None:
        return states | st.integers(item.scale.min, item.scale.max).map(answered)
    codes = [option.value for option in item.options]
    if item.type is ItemType.CHOICES:
        return states | st.lists(st.sampled_from(codes), min_size=1, unique=True).map(
            lambda some: answered(tuple(some))
        )
    return states | st.sampled_from(codes).map(answered)
