"""enableWhen to the content's rule trees and back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from careplan.fhir.answer_options import NotAsked, ReadOption, Wrong, key_of
from careplan.fhir.wire import Json

Tree = dict[str, Any]
Answering = Callable[[str, Any], Json]  # the answer[x] of an item for one of its values
MOST_CONDITIONS = 50
_OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")


def read_tree(element: Json, tree_of: Callable[[Json], Tree]) -> Tree | None:
    """The item's own conditions as one tree; `tree_of` reads one of them."""
    conditions = element.get("enableWhen", [])
    if len(conditions) > MOST_CONDITIONS:
        raise NotAsked(f"it has more than {MOST_CONDITIONS} conditions")
    if not conditions:
        return None
    behaviour = element.get("enableBehavior")
    if behaviour not in (None, "all", "any"):
        raise Wrong(f"the enableBehavior '{behaviour}' is unknown")
    if len(conditions) > 1 and behaviour is None:
        raise Wrong("it has several conditions and does not say whether all or any of them must hold")
    parts = [tree_of(condition) for condition in conditions]
    if behaviour == "any":
        parts = list(_codes_together(parts))
    return parts[0] if len(parts) == 1 else {str(behaviour): parts}


def _codes_together(parts: Sequence[Tree]) -> Iterator[Tree]:
    """One comparison for each question of which any of several codes will do."""
    codes: dict[str, list[str]] = {}
    for part in parts:
        if "is" in part:
            codes.setdefault(part["item"], []).append(part["is"])
    for part in parts:
        if "is" not in part:
            yield part
        elif found := codes.pop(part["item"], None):
            yield {"item": part["item"], "any_of": found} if len(found) > 1 else part


def chosen(link_id: str, options: Sequence[ReadOption], condition: Json) -> Tree:
    """A condition on a choice."""
    operator, key = _operator(condition), key_of(condition, "answer")
    if operator == "exists":
        return _unless(_yes(key), {"item": link_id, "any_of": [option.value for option in options]})
    found = [option for option in options if option.key == key] or [
        option
        for option in options
        # A code without a system means the one option with that code.
        if option.key[2] == key[2] and option.key[0] == key[0] == "Coding" and "" in (option.key[1], key[1])
    ]
    if not found and key[0] == "String" and any(option.open for option in options):
        raise NotAsked("its condition looks at own words")
    if len(found) != 1:
        raise Wrong(f"its condition asks for the answer '{key[2]}', which '{link_id}' does not offer")
    if operator not in ("=", "!="):
        raise NotAsked(f"its condition compares options by '{operator}'")
    return _unless(operator == "=", {"item": link_id, "is": found[0].value})


def numeric(link_id: str, limits: Mapping[str, int | float], condition: Json) -> Tree:
    """A condition on a number."""
    operator, key = _operator(condition), key_of(condition, "answer")
    if operator == "exists":
        # Whatever number it is, it is on one side of 0.
        return _unless(_yes(key), {"any": [_least(link_id, 0), _most(link_id, 0)]})
    if key[0] not in ("Integer", "Decimal"):
        raise Wrong(f"its condition compares the number '{link_id}' with a {key[0]}")
    number = condition[f"answer{key[0]}"]
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise Wrong(f"its condition compares the number '{link_id}' with what is none")
    number = number if isinstance(number, int) else float(number)
    if number < limits.get("min", number) or number > limits.get("max", number):
        raise Wrong(f"its condition looks for {number:g}, which is out of the range of '{link_id}'")
    least, most = _least(link_id, number), _most(link_id, number)
    trees: dict[str, Tree] = {
        "=": {"all": [least, most]},
        "!=": {"not": {"all": [least, most]}},
        ">=": least,
        "<=": most,
        ">": {"all": [least, {"not": most}]},
        "<": {"all": [most, {"not": least}]},
    }
    return trees[operator]


def not_compared(link_id: str, condition: Json) -> Tree:
    _operator(condition)
    key_of(condition, "answer")
    raise NotAsked(f"its condition looks at '{link_id}', and answers of that type are not compared")


def all_of(trees: Sequence[Tree]) -> Tree | None:
    if len(trees) < 2:
        return trees[0] if trees else None
    return {"all": list(trees)}


def leaves(tree: Tree) -> int:
    """How much there is to compare."""
    if "item" in tree:
        return len(tree.get("any_of", "1"))
    ((word, part),) = tree.items()
    return leaves(part) if word == "not" else sum(map(leaves, part))


def as_enable_when(tree: Tree, link_ids: Mapping[str, str], answer: Answering) -> Json | None:
    """The tree as enableWhen and enableBehavior; None where it is not one flat row of comparisons."""
    behaviour, parts = "all", [tree]
    if tree.keys() in ({"all"}, {"any"}):
        ((behaviour, parts),) = tree.items()
    rows = [_compared(part, link_ids, answer) for part in parts]
    if not all(rows):
        return None
    if any(len(row) > 1 for row in rows):
        # Several codes are a row of "any"; they stand alone or among others of that kind.
        if behaviour == "all" and len(rows) > 1:
            return None
        behaviour = "any"
    row = [condition for row in rows for condition in row]
    return {"enableWhen": row} | ({"enableBehavior": behaviour} if len(row) > 1 else {})


def as_expression(tree: Tree, link_ids: Mapping[str, str], answer: Answering) -> str:
    """The tree as FHIRPath, for those who run it; here nobody does."""
    if tree.keys() in ({"all"}, {"any"}):
        ((word, parts),) = tree.items()
        joined = (" and " if word == "all" else " or ").join(as_expression(part, link_ids, answer) for part in parts)
        return f"({joined})"
    if tree.keys() == {"not"}:
        return f"({as_expression(tree['not'], link_ids, answer)}).not()"
    item = tree["item"]
    values = f"%resource.repeat(item).where(linkId={quoted(link_ids.get(item, item))}).answer.value"
    for word, sign in (("at_least", ">="), ("at_most", "<=")):
        if word in tree:
            return f"{values}.where($this {sign} {tree[word]}).exists()"
    codes = tree["any_of"] if "any_of" in tree else [tree["is"]]
    return f"{values}.where({' or '.join(_equals(answer(item, code)) for code in codes)}).exists()"


def _equals(answer: Json) -> str:
    ((name, value),) = answer.items()
    if isinstance(value, dict):
        return f"code = {quoted(str(value.get('code', '')))}"
    if isinstance(value, str):
        return f"$this = @{value}" if name == "answerDate" else f"$this = {quoted(value)}"
    return f"$this = {str(value).lower()}"


def quoted(text: str) -> str:
    """A FHIRPath string."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def _compared(part: Tree, link_ids: Mapping[str, str], answer: Answering) -> list[Json]:
    """One comparison as enableWhen; several where it names several codes, none where FHIR has none for it."""
    operator = "="
    if part.keys() == {"not"} and "is" in part["not"]:
        part, operator = part["not"], "!="
    item = part.get("item", "")
    for word, sign in (("is", operator), ("any_of", "="), ("at_least", ">="), ("at_most", "<=")):
        if word in part:
            values = part[word] if word == "any_of" else [part[word]]
            question = link_ids.get(item, item)
            return [{"question": question, "operator": sign, **answer(item, value)} for value in values]
    return []


def _operator(condition: Json) -> str:
    operator = condition.get("operator")
    if operator not in _OPERATORS:
        raise Wrong(f"the operator '{operator}' of its condition is unknown")
    return str(operator)


def _yes(key: tuple[str, str, str]) -> bool:
    if key[0] != "Boolean":
        raise Wrong("'exists' is compared with true or false")
    return key[2] == "true"


def _unless(as_is: bool, tree: Tree) -> Tree:
    return tree if as_is else {"not": tree}


def _least(link_id: str, number: int | float) -> Tree:
    return {"item": link_id, "at_least": number}


def _most(link_id: str, number: int | float) -> Tree:
    return {"item": link_id, "at_most": number}
