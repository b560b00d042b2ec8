"""Translations beside their Swedish texts: one that is older than what it translates says something else."""

import re
from collections.abc import Iterator

from careplan.library.files import Content, Place, file_of
from careplan.library.problems import Problem, Severity

_SOURCE = "sv"
_VERSION_LINE = re.compile(r"version\s*:")


def outdated_translations(content: Content) -> Iterator[Problem]:
    """A warning at the version of each text whose Swedish one has a later version."""
    versions: dict[Place, str] = {
        **{("chapter", id_, lang): chapter.version for (id_, lang), chapter in content.shared.items()},
        **{("plan", id_, lang): plan.version for (id_, lang), plan in content.plans.items()},
    }
    for (kind, id_, lang), version in versions.items():
        swedish = versions.get((kind, id_, _SOURCE))
        if swedish is not None and is_older(version, swedish):
            name = file_of((kind, id_, lang))
            message = f"the translation is of version {version}, and the Swedish text is now version {swedish}"
            yield Problem(content.tree.path(name), _line(content.texts[name]), message, Severity.WARNING)


def is_older(version: str, other: str) -> bool:
    """By their numbers: 2026-9 is older than 2026-11, and 1.9 than 1.10."""
    return _numbers(version) < _numbers(other)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", version)]


def _line(text: str) -> int:
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if _VERSION_LINE.match(line)), 1)
