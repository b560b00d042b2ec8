"""The order of the chapters of a phase: the template's, the nurse's moves in it, and what comes new."""

from collections.abc import Iterable, Mapping, Sequence


def arranged(template: Sequence[str], positions: Mapping[str, int]) -> list[str]:
    """Those with a position in its order; what has none follows the chapter that it follows in the template."""
    order = sorted(positions, key=lambda chapter_id: positions[chapter_id])
    for index, chapter_id in enumerate(template):
        if chapter_id not in positions:
            before = template[index - 1] if index else None
            order.insert(order.index(before) + 1 if before in order else 0, chapter_id)
    return order


def reordered(order: Iterable[str], places: Mapping[str, int]) -> list[str]:
    """Each chapter that was given another place (1 is first) gets it; the others keep their order around it."""
    ids = list(order)
    moved = {each: places[each] for place, each in enumerate(ids, 1) if places.get(each, place) != place}
    left = [each for each in ids if each not in moved]
    at = -1
    for each, place in sorted(moved.items(), key=lambda item: item[1]):
        at = max(place - 1, at + 1)  # two with the same place keep their order
        left.insert(at, each)
    return left
