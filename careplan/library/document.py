"""A YAML document that remembers the line of everything in it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from careplan.library.problems import ContentErrors, Problem, Severity

Key = str | int
M = TypeVar("M", bound=BaseModel)
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 30


def content_hash(text: str) -> str:
    """A version of a file, by its text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data, and the line where each part of it stands."""

    path: str
    data: Any
    lines: dict[tuple[Key, ...], int]

    def line(self, place: Sequence[Key]) -> int:
        """The line of this place, or of the nearest part around it."""
        return self.lines.get(self.known(place), 1)

    def known(self, place: Sequence[Key]) -> tuple[Key, ...]:
        """As much of the place as stands in the document."""
        return next((tuple(place[:end]) for end in range(len(place), 0, -1) if tuple(place[:end]) in self.lines), ())

    def problem(self, place: Sequence[Key], message: str, severity: Severity = Severity.ERROR) -> Problem:
        return Problem(self.path, self.line(place), message, severity)


def read_yaml(text: str, path: str, first_line: int = 1) -> Document:
    """The document; raises ContentErrors where the text is not one YAML mapping with each key once."""
    lines: dict[tuple[Key, ...], int] = {}
    problems: list[Problem] = []
    try:
        _refuse_depth_and_aliases(text, path, first_line)
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            builder = _Builder(loader, path, first_line, lines, problems)
            data = builder.build(node, ()) if node is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise ContentErrors([_yaml_problem(error, path, first_line)]) from error
    if not problems and not isinstance(data, dict):
        problems.append(Problem(path, first_line, "the file must be a YAML mapping (key: value)"))
    if problems:
        raise ContentErrors(problems)
    return Document(path, data, lines)


def validated(model: type[M], document: Document) -> M:
    """The document as this model; raises ContentErrors with a line for each thing that does not fit."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise ContentErrors(_validation_problems(error, document)) from error


class _Builder:
    """From nodes to data."""

    def __init__(
        self, loader: Any, path: str, first_line: int, lines: dict[tuple[Key, ...], int], problems: list[Problem]
    ) -> None:
        self.loader, self.path, self.first_line = loader, path, first_line
        self.lines, self.problems = lines, problems

    def build(self, node: yaml.Node, place: tuple[Key, ...]) -> Any:
        line = node.start_mark.line + self.first_line
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, line)

    def _entries(self, node: yaml.MappingNode, place: tuple[Key, ...]) -> Iterator[tuple[str, Any]]:
        keys: set[str] = set()
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + self.first_line
            # Keys are words as written: YAML 1.1 would read `on:` as true.
            key = str(key_node.value)
            if key in keys:
                self.problems.append(Problem(self.path, line, f"the key '{key}' stands twice"))
            keys.add(key)
            self.lines[(*place, key)] = line
            yield key, self.build(value_node, (*place, key))

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        # The answers yes and no are codes here, not booleans.
        if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() not in ("true", "false"):
            return node.value
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self.problems.append(
                Problem(self.path, line, f"cannot read the value '{node.value[:40]}': {str(error).splitlines()[0]}")
            )
            return None


def _refuse_depth_and_aliases(text: str, path: str, first_line: int) -> None:
    """Aliases hide text from its readers and may grow without end; deep nesting crashes the composer itself."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = (event.start_mark.line if event.start_mark else 0) + first_line
        if depth > DEEPEST:
            raise ContentErrors([Problem(path, line, f"YAML nested in more than {DEEPEST} levels")])
        if isinstance(event, yaml.AliasEvent):
            raise ContentErrors([Problem(path, line, "YAML aliases (*) are not allowed")])


def _yaml_problem(error: yaml.YAMLError, path: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
    return Problem(path, (mark.line if mark else 0) + first_line, f"broken YAML: {what}")


_MESSAGES = {
    "missing": "the key '{key}' is missing",
    "extra_forbidden": "unknown key '{key}'",
    "string_type": "'{key}' must be a text (put it in quotes)",
    "bool_type": "'{key}' must be true or false",
    "bool_parsing": "'{key}' must be true or false",
    "int_type": "'{key}' must be a whole number",
    "finite_number": "'{key}' must be a finite number",
    "list_type": "'{key}' must be a list",
    "dict_type": "'{key}' must be a mapping of language to text, such as {{sv: …}}",
    "model_type": "'{key}' must be a mapping (key: value)",
    "model_attributes_type": "'{key}' must be a mapping (key: value)",
}


def _validation_problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    for detail in error.errors():
        place = tuple(part for part in detail["loc"] if isinstance(part, str | int))
        key = _name(place if detail["type"] == "missing" else document.known(place))
        template = _MESSAGES.get(detail["type"])
        message = template.format(key=key) if template else f"'{key}': {detail['msg'].removeprefix('Value error, ')}"
        yield document.problem(place, message)


def _name(place: Sequence[Key]) -> str:
    """The last key of a place, with its number where it is one of a list."""
    words = [str(part) for part in place if isinstance(part, str)]
    if not words:
        return "the file"
    return f"{words[-1]} {place[-1] + 1}" if isinstance(place[-1], int) else words[-1]
