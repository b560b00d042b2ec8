"""What `careplan check` says of content/professions.yaml, content/action-codes.yaml and content/activities/*.yaml."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from careplan.library.codes import ActionCodes
from careplan.library.document import read_yaml, validated
from careplan.library.exercises import Exercise
from careplan.library.problems import ContentErrors, Problem
from careplan.library.professions import Professions

FILES: tuple[tuple[str, type[BaseModel]], ...] = (("professions.yaml", Professions), ("action-codes.yaml", ActionCodes))


def team_problems(content_path: Path) -> Iterator[Problem]:
    """By file and line. A content directory without them has no team to refer to, which is no error."""
    for name, model in FILES:
        if (content_path / name).is_file():
            yield from _problems(content_path / name, model)
    for file in sorted((content_path / "activities").glob("*.yaml")):
        yield from _problems(file, Exercise)


def _problems(file: Path, model: type[BaseModel]) -> Iterator[Problem]:
    try:
        document = read_yaml(file.read_text(encoding="utf-8"), str(file))
        validated(model, document)
    except ContentErrors as error:
        yield from error.problems
        return
    if model is Exercise and document.data["id"] != file.stem:
        yield document.problem(("id",), f"the file is named {file.stem}, and its id is {document.data['id']}")
