"""Small questionnaires made in Python, for tests of the domain alone."""

from dataclasses import replace

from careplan.domain.conditions import Compare, Comparison, Condition, Direction, Is
from careplan.domain.questionnaire import (
    Group,
    GroupKind,
    Item,
    ItemType,
    Licence,
    Option,
    Questionnaire,
    Review,
    ScaleRange,
    Section,
    Text,
)
from careplan.domain.scoring import Method, Scale
from careplan.domain.triage import Level, Rule

TROUBLE = Direction.MORE_TROUBLE


def at_least(item: str, limit: float) -> Compare:
    return Compare(item, Comparison.AT_LEAST, limit)


def words(sv: str, en: str | None = None) -> Text:
    return {"sv": sv, "en": en or sv}


def scale(link_id: str, show_if: Condition | None = None, higher_means: Direction = TROUBLE) -> Item:
    return Item(
        link_id=link_id,
        section="all",
        type=ItemType.SCALE,
        text=words(f"Hur är {link_id}?"),
        short=words(link_id.capitalize()),
        scale=ScaleRange(0, 10, words("Inget"), words("Värst")),
        higher_means=higher_means,
        show_if=show_if,
    )


def question(link_id: str, type_: ItemType, **more: object) -> Item:
    return Item(
        link_id=link_id, section="all", type=type_, text=words(f"{link_id}?"), short=words(link_id.capitalize()), **more
    )


def choice(link_id: str, *values: str, show_if: Condition | None = None) -> Item:
    options = tuple(Option(value, words(value.capitalize())) for value in values)
    return question(link_id, ItemType.CHOICE, options=options, show_if=show_if)


def red(id_: str, when: Condition, item: str) -> Rule:
    return Rule(id_, Level.RED, when, item, "ägare", "källa")


def yellow(id_: str, when: Condition, item: str) -> Rule:
    return Rule(id_, Level.YELLOW, when, item, "ägare", "källa")


def mean(id_: str, *items: str, at_least: int = 1) -> Scale:
    return Scale(id_, words(id_.capitalize()), items, Method.MEAN, at_least, (0, 10), TROUBLE, "own")


def grouped(group: str, *items: Item) -> tuple[Item, ...]:
    return tuple(replace(item, group=group) for item in items)


def questionnaire(
    *items: Item,
    scores: tuple[Scale, ...] = (),
    rules: tuple[Rule, ...] = (),
    groups: tuple[Group, ...] = (),
    minutes: int = 5,
) -> Questionnaire:
    return Questionnaire(
        id="test",
        version="1",
        title=words("Prov"),
        purpose=words("Vi prövar."),
        recall_period=words("i dag"),
        minutes=minutes,
        languages={"sv": "original"},
        owner="ägare",
        licence=Licence("own"),
        sources=(),
        review=Review("not-reviewed"),
        sections=(Section("all", words("Allt")),),
        items=items,
        scores=scores,
        rules=rules,
        golden=(),
        hash="test",
        groups=groups,
    )


# pain opens where, which opens spread; nausea always stands.
BRANCHING = questionnaire(
    scale("pain"),
    choice("where", "back", "head", show_if=at_least("pain", 5)),
    scale("spread", show_if=Is("where", ("back",))),
    scale("nausea"),
    scores=(mean("burden", "pain", "spread", "nausea", at_least=2),),
    rules=(
        red("pain-red", at_least("pain", 8), "pain"),
        yellow("pain-yellow", at_least("pain", 6), "pain"),
        yellow("spread-yellow", at_least("spread", 3), "spread"),
        red("nausea-red", at_least("nausea", 9), "nausea"),
    ),
    minutes=4,
)

# pain opens the matrix; taken opens the list of medicines, where dose is asked about what is taken daily.
GROUPED = questionnaire(
    scale("pain"),
    *grouped("where", scale("back"), scale("head"), scale("legs")),
    choice("taken", "yes", "no"),
    *grouped(
        "medicines",
        question("name", ItemType.TEXT),
        choice("often", "daily", "seldom"),
        question("dose", ItemType.INTEGER, show_if=Is("often", ("daily",))),
    ),
    *grouped("last", question("thanks", ItemType.INFO), scale("sleep"), scale("worse", show_if=at_least("sleep", 5))),
    scores=(mean("burden", "pain", "back", "head", "legs", at_least=2),),
    rules=(red("back-red", at_least("back", 8), "back"), yellow("head-yellow", at_least("head", 6), "head")),
    groups=(
        Group("where", GroupKind.MATRIX, words("Var gör det ont?"), show_if=at_least("pain", 3)),
        Group("medicines", GroupKind.REPEATS, words("Dina läkemedel"), show_if=Is("taken", ("yes",)), at_most=3),
        Group("last", GroupKind.PAGE, words("Till sist")),
    ),
    minutes=4,
)
