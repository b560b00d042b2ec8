"""What became of each item of an imported file."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from careplan.domain.errors import CareplanError


class FileRefused(CareplanError):
    """Nothing of the file is taken. `line` is known where the file is not JSON."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(printable(reason if line is None else f"line {line}: {reason}"))
        self.reason, self.line = reason, line


class Fate(StrEnum):
    MAPPED = "mapped"  # asked, shown or heading what is asked
    KEPT = "kept"  # carried word for word, but not asked
    REFUSED = "refused"  # not carried at all


@dataclass(frozen=True, slots=True)
class ItemReport:
    """`link_id` is the file's own; `became` what it is called in the draft."""

    path: str
    link_id: str
    fate: Fate
    became: str = ""
    reason: str = ""

    def __str__(self) -> str:
        became = f" -> {self.became}" if self.became else ""
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.fate.value} {self.path} '{self.link_id}'{became}{reason}"


@dataclass(frozen=True, slots=True)
class KeptElement:
    """A part of the questionnaire, or of a mapped item, that is carried word for word and does nothing."""

    path: str
    reason: str = ""

    def __str__(self) -> str:
        return f"kept {self.path}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Report:
    """Every item of the file once, in its order, and the elements that came along.

    `version` is FHIR's; empty where the file is in our own format."""

    version: str
    items: tuple[ItemReport, ...]
    elements: tuple[KeptElement, ...]
    remarks: tuple[str, ...] = ()

    def count(self, fate: Fate) -> int:
        return Counter(item.fate for item in self.items)[fate]

    @property
    def closing(self) -> str:
        counts = ", ".join(f"{self.count(fate)} {fate.value}" for fate in Fate)
        return f"items: {counts}"

    def of(self, fate: Fate) -> Sequence[ItemReport]:
        return [item for item in self.items if item.fate is fate]

    def lines(self) -> Iterator[str]:
        yield f"FHIR {self.version} Questionnaire" if self.version else "questionnaire in the content format"
        for line in (*self.remarks, *self.items, *self.elements):
            yield printable(str(line))
        yield self.closing


def printable(text: str) -> str:
    """Without what would move a terminal's cursor: link ids and codes come from strangers."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
