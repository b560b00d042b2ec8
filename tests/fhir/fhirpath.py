"""As much of FHIRPath as exported scores use, written from its specification: a judge that is not the exporter."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Collection = list[Any]
Node = Callable[[Collection, Collection, Any], Collection]  # $this, $total, %resource

_TOKENS = re.compile(r"\s*(?:('(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|(%?\$?[A-Za-z]\w*)|(>=|\{\}|[-+*/=().,]))")
_LEVELS = (("or",), ("and",), ("=",), (">=",), ("+", "-"), ("*", "/"))


def evaluate(expression: str, resource: Any) -> Collection:
    parser = _Parser(expression)
    node = parser.binary(0)
    assert not parser.tokens, parser.tokens
    return node([resource], [], resource)


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        end = 0
        while end < len(text.rstrip()):
            found = _TOKENS.match(text, end)
            assert found, text[end:]
            self.tokens.append(next(filter(None, found.groups())))
            end = found.end()

    def take(self, expected: str = "") -> str:
        token = self.tokens.pop(0)
        assert not expected or token == expected, (token, expected)
        return token

    def next_is(self, *words: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in words

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.path()
        left = self.binary(level + 1)
        while self.next_is(*_LEVELS[level]):
            left = _operation(self.take(), left, self.binary(level + 1))
        return left

    def path(self) -> Node:
        node = self.start()
        while self.next_is("."):
            self.take()
            node = self.step(node, self.take())
        return node

    def start(self) -> Node:
        token = self.take()
        if token == "(":
            inside = self.binary(0)
            self.take(")")
            return inside
        if token == "-":
            inside = self.path()
            return lambda this, total, root: [-each for each in inside(this, total, root)]
        constants: dict[str, Node] = {
            "{}": lambda this, total, root: [],
            "$this": lambda this, total, root: this,
            "$total": lambda this, total, root: total,
            "%resource": lambda this, total, root: [root],
        }
        if token in constants:
            return constants[token]
        if token[0] == "'":
            return lambda this, total, root: [re.sub(r"\\(.)", r"\1", token[1:-1])]
        if token[0].isdigit():
            return lambda this, total, root: [float(token) if "." in token else int(token)]
        return self.step(lambda this, total, root: this, token)

    def step(self, before: Node, name: str) -> Node:
        if not self.next_is("("):
            return lambda this, total, root: list(_children(before(this, total, root), name))
        self.take()
        arguments = []
        while not self.next_is(")"):
            arguments.append(self.binary(0))
            if self.next_is(","):
                self.take()
        self.take(")")
        return _call(name, before, arguments)


def _children(nodes: Collection, name: str) -> Iterator[Any]:
    for node in nodes:
        for key, value in node.items() if isinstance(node, dict) else ():
            if key == name or (name == "value" and re.fullmatch("value[A-Z].*", key)):
                yield from value if isinstance(value, list) else [value]


def _truth(found: Collection) -> bool:
    assert len(found) < 2, found
    return found == [True]


def _operation(sign: str, left: Node, right: Node) -> Node:
    def operate(this: Collection, total: Collection, root: Any) -> Collection:
        one, other = left(this, total, root), right(this, total, root)
        if sign == "and":
            return [_truth(one) and _truth(other)]
        if sign == "or":
            return [_truth(one) or _truth(other)]
        if not one or not other:
            return []
        (a,), (b,) = one, other
        if sign == "/":
            return [a / b] if b else []
        if sign == "=":
            return [a == b]
        return [a >= b] if sign == ">=" else [{"+": a + b, "-": a - b, "*": a * b}[sign]]

    return operate


def _call(name: str, before: Node, arguments: list[Node]) -> Node:
    def iif(this: Collection, total: Collection, root: Any) -> Collection:
        condition, then, otherwise = arguments
        return (then if _truth(condition(this, total, root)) else otherwise)(this, total, root)

    def aggregate(this: Collection, total: Collection, root: Any) -> Collection:
        so_far = arguments[1](this, total, root)
        for each in before(this, total, root):
            so_far = arguments[0]([each], so_far, root)
        return so_far

    def repeat(this: Collection, total: Collection, root: Any) -> Collection:
        found, reached = before(this, total, root), []
        while found:
            found = [part for each in found for part in arguments[0]([each], total, root)]
            reached += found
        return reached

    def each_by_itself(this: Collection, total: Collection, root: Any) -> Collection:
        found = [(each, arguments[0]([each], total, root)) for each in before(this, total, root)]
        if name == "select":
            return [part for _, parts in found for part in parts]
        return [each for each, parts in found if _truth(parts)]

    def whole(this: Collection, total: Collection, root: Any) -> Collection:
        found = before(this, total, root)
        if name == "count":
            return [len(found)]
        more = arguments[0](this, total, root)
        return found + more if name == "combine" else [round(each, more[0]) for each in found]

    known = {"iif": iif, "aggregate": aggregate, "repeat": repeat, "where": each_by_itself, "select": each_by_itself}
    return known[name] if name in known else {"count": whole, "combine": whole, "round": whole}[name]
