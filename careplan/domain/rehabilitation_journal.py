"""The text about a rehabilitation plan that staff copy into the medical record: Swedish, at most eight lines."""

from collections.abc import Sequence
from datetime import date

from careplan.domain.journal import MOST_LINES
from careplan.domain.rehabilitation import Content

# Heading, codes and author stand always; what is left is for summary and goals.
_GOAL_LINES = MOST_LINES - 4


def rehabilitation_journal(
    content: Content, *, number: int, signed_on: date, codes: Sequence[tuple[str, str]], replied: str, author: str
) -> str:
    """`codes` are those recorded, with their texts; `replied` is what the patient has said to the version."""
    lines = [f"Rehabiliteringsplan version {number}, {signed_on:%Y-%m-%d}.{f' {replied}' if replied else ''}"]
    if content["summary"]:
        lines.append(_short(content["summary"]))
    goals = content["goals"]
    shown = goals[: _GOAL_LINES if len(goals) <= _GOAL_LINES else _GOAL_LINES - 1]
    for goal in shown:
        doing = "; ".join(
            f"{each['text']} ({each['who'] or each['profession'] or 'patienten'})" for each in goal["activities"]
        )
        lines.append(
            _short(f"Mål: {goal['text']}. Följs upp {goal['review_on']}.{f' Åtgärder: {doing}.' if doing else ''}")
        )
    if len(goals) > len(shown):
        lines.append(f"{len(goals) - len(shown)} mål till, se planen.")
    if codes:
        lines.append(f"Åtgärdskoder: {', '.join(f'{code} {text}' for code, text in codes)}.")
    lines.append(author)
    return "\n".join(lines)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 240 else f"{one_line[:237]}…"
