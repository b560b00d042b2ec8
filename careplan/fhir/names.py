"""Ids as the content format has them, from whatever a file calls its items."""

import re
from collections.abc import Container

FIRST_SECTION = "questions"  # of what stands in no group


def slug(text: str, otherwise: str) -> str:
    """The nearest id that content may have."""
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()).strip("-")[:60].strip("-")
    if not words:
        return otherwise
    return words if words[0].isalpha() else f"{otherwise}-{words}"


def free(name: str, taken: Container[str]) -> str:
    """The name, with a number where it is taken."""
    number, numbered = 2, name
    while numbered in taken:
        number, numbered = number + 1, f"{name}-{number}"
    return numbered
