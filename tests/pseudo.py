"""A language made for tests: Swedish turned around, written from right to left. Nothing of it ships.

It goes by the code of a language that Babel knows to be written so, and that neither interface nor forms speak."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from careplan.config import ROOT
from careplan.library.document import read_yaml

LANGUAGE = "ug"
# A right-to-left mark, so that a paragraph knows its direction; then letters that are forced to run from the right.
MARK, FORCED, FREE = "\u200f", "\u202e", "\u202c"
# Placeholders, tags and entities stand as they are.
_KEPT = re.compile(r"(%\(\w+\)[0-9.]*[a-z]|%%|<[^<>]*>|&\w+;)")
SPOKEN = re.compile(f"{FORCED}.*?{FREE}", re.DOTALL)


def say(text: str) -> str:
    parts = _KEPT.split(text)
    return MARK + "".join(
        part if number % 2 or not part.strip() else _forced(part) for number, part in enumerate(parts)
    )


def _forced(part: str) -> str:
    start, end = len(part) - len(part.lstrip()), len(part.rstrip())
    return f"{part[:start]}{FORCED}{part[start:end]}{FREE}{part[end:]}"


def form(text: str, status: str = "machine") -> str:
    """The file of a form, with this language too."""
    return written(read_yaml(text, "form").data, status)


def written(data: dict[str, Any], status: str = "machine") -> str:
    data["languages"][LANGUAGE] = status
    for found in _texts({key: part for key, part in data.items() if key != "languages"}):
        found[LANGUAGE] = say(found["sv"])
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)


def _texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and isinstance(value.get("sv"), str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def catalogues(folder: Path) -> Path:
    """What the interface speaks, with this language too."""
    copytree(ROOT / "translations", folder)
    with (folder / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        source = read_po(file, locale="en")
    spoken = Catalog(locale=LANGUAGE)
    for message in source:
        if isinstance(message.id, tuple):
            spoken.add(
                message.id, tuple(say(message.id[-1]) for _form in range(spoken.num_plurals)), flags=message.flags
            )
        elif message.id:
            spoken.add(message.id, say(message.id), flags=message.flags)
    target = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, spoken)
    return folder
