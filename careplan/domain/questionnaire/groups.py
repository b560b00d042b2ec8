"""Questions that belong together: on one screen, as rows under the same answers, or asked again for each of a kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from careplan.domain.conditions import Condition

MARK = "@"
MOST_INSTANCES = 20


class GroupKind(StrEnum):
    PAGE = "page"  # several questions on one screen
    MATRIX = "matrix"  # rows that share their options or scale
    REPEATS = "repeats"  # one instance a screen, as many as there are


@dataclass(frozen=True, slots=True)
class Group:
    """`at_most` instances, and `add`, the words of the button for one more, belong to a group that repeats."""

    id: str
    kind: GroupKind
    text: Mapping[str, str]
    hint: Mapping[str, str] | None = None
    show_if: Condition | None = None
    at_most: int = 1
    add: Mapping[str, str] | None = None


def instance_key(link_id: str, instance: int) -> str:
    """The key of the answer to a question in this instance of its group: dose, dose@2, dose@3."""
    return link_id if instance == 1 else f"{link_id}{MARK}{instance}"


def split_key(key: str) -> tuple[str, int]:
    """The question and the instance that a key names. A number not written as we write it is part of no key."""
    link_id, mark, number = key.rpartition(MARK)
    if mark and re.fullmatch(r"[1-9][0-9]?", number) and number != "1":
        return link_id, int(number)
    return key, 1
