"""What a browser sent for one question, whatever the names and number of its controls."""

from werkzeug.datastructures import MultiDict

from careplan.domain.questionnaire import Item, ItemType, OwnWords


def raw_answer(sent: MultiDict[str, str], item: Item, name: str) -> list[str]:
    """The values as they were typed: the parts of a date as one, own words beside an option told apart from codes."""
    raw = [text.replace("\r\n", "\n") for text in sent.getlist(name)]
    if item.type is ItemType.DATE:
        year, month, day = (sent.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day"))
        if year or month or day:
            raw.append("-".join([year, *(part.zfill(2) if part else "" for part in (month, day))]).rstrip("-"))
    if item.open_option is not None:
        raw.append(OwnWords(sent.get(f"{name}-words", "").strip()))
    return raw
