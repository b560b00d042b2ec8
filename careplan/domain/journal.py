"""The text that a nurse copies into the medical record: Swedish, at most eight lines, figures as they were given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

MOST_LINES = 8
_MODES = {"web": "webb", "paper": "papper", "phone": "telefon", "kiosk": "surfplatta"}
_URGENCIES = {"today": "i dag", "week": "denna vecka", "wait": "kan vänta"}


@dataclass(frozen=True, slots=True)
class Noted:
    """One answer: its short name, the words, and the words of last time."""

    name: str
    words: str
    before: str = ""


def journal_text(
    *,
    sent_at: datetime,
    of_relative: str = "",
    mode: str,
    by_relative: str,
    before_on: date | None,
    flagged: Sequence[Noted],
    unanswered: Sequence[str],
    declined: Sequence[str],
    comment: str,
    wishes: Sequence[str],
    urgency: str | None,
    wants_contact: bool,
    was_told: bool,
    author: str,
) -> str:
    """`sent_at` is local time. What does not fit on eight lines is left to the answers themselves."""
    lines = [f"Självskattning {sent_at:%Y-%m-%d} kl. {sent_at:%H.%M}, {_MODES.get(mode, mode)}{_helped(by_relative)}."]
    if of_relative:
        lines.append(f"Svaren gäller den närstående {of_relative}, inte patienten.")
    lines += [_flagged(flagged, before_on)] if flagged else ["Inget svar över gränsen."]
    silent = [
        f"{word}: {', '.join(names)}."
        for word, names in (("Ej besvarat", unanswered), ("Ville inte svara", declined))
        if names
    ]
    if silent:
        lines.append(" ".join(silent))
    if comment:
        lines.append(f"Egna ord: ”{_short(comment)}”")
    wanted = _wanted(wishes, urgency, wants_contact)
    if wanted:
        lines.append(wanted)
    if was_told:
        lines.append("Har fått rådet att ringa.")
    lines += ["Åtgärd:", author]
    return "\n".join(lines)


def _helped(relative: str) -> str:
    return f", ifyllt med hjälp av {relative}" if relative else ""


def _flagged(flagged: Sequence[Noted], before_on: date | None) -> str:
    said = []
    for number, noted in enumerate(flagged):
        text = f"{noted.name}{'' if noted.words[:1].isdigit() else ':'} {_short(noted.words).rstrip('.')}"
        if noted.before and noted.before != noted.words:
            when = f" den {before_on:%Y-%m-%d}" if before_on and not number else ""
            text += f" ({_short(noted.before).rstrip('.')}{when})"
        said.append(text)
    return f"{'. '.join(said)}."


def _wanted(wishes: Sequence[str], urgency: str | None, wants_contact: bool) -> str:
    parts = []
    if wishes:
        when = f", {_URGENCIES[urgency]}" if urgency else ""
        parts.append(f"Vill ha hjälp med {', '.join(wish.lower() for wish in wishes)}{when}.")
    if wants_contact:
        parts.append("Vill bli kontaktad.")
    return " ".join(parts)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 200 else f"{one_line[:197]}…"
