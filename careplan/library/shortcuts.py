"""Chapters that are looked for in a hurry; read from content/shortcuts.yaml."""

from functools import cache
from pathlib import Path

import yaml

from careplan.library.schema import Strict


class Shortcuts(Strict):
    """What stands in the file: ids of chapters, in the order that they are offered."""

    chapters: list[str]


@cache
def shortcuts(content_path: Path) -> Shortcuts:
    """Read once for each process."""
    return Shortcuts.model_validate(yaml.safe_load((content_path / "shortcuts.yaml").read_text(encoding="utf-8")))
