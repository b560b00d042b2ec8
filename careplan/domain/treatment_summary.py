"""The treatment summary and follow-up plan: its parts, what is missing, and whether it fits one page."""

from collections.abc import Mapping

PARTS: tuple[str, ...] = ("diagnosis", "treatments", "late_effects", "alarm", "follow_up", "who_does_what", "phone")

# Phases, by the ids that all templates give them, whose chapters are about the time after treatment.
LATE_PHASES: tuple[str, ...] = ("late", "rehabilitation")

# One A4 in 14 points: a line beside the names of the parts holds so many characters, and the page so many lines. A name
# takes two of them, and so do short texts; what is missing is said in three.
CHARACTERS, LINES = 44, 36
NAME_LINES, GAP_LINES = 2, 3
LONGEST_PART = 1500


def missing(parts: Mapping[str, str]) -> tuple[str, ...]:
    """The parts that say nothing, in their order."""
    return tuple(part for part in PARTS if not parts.get(part, "").strip())


def lines_of(text: str) -> int:
    """How many lines the text takes on paper."""
    return sum(max(1, -(-len(line) // CHARACTERS)) for line in text.strip().split("\n"))


def lines_over(parts: Mapping[str, str]) -> int:
    """By how many lines it is longer than one page; nothing where it fits."""
    lines = sum(max(NAME_LINES, lines_of(parts.get(part, ""))) for part in PARTS)
    return max(0, lines + (GAP_LINES if missing(parts) else 0) - LINES)
