"""A fact that a unit has not given leaves no hole: the paragraph, bullet or row that asks for it falls away."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\.([a-z_]+)\s*\}\}")
# The smallest blocks of a cleaned text. A paragraph may stand in a bullet; what is then left empty goes next.
_BLOCKS = tuple(re.compile(rf"<{tag}>(?:(?!<{tag}>|</{tag}>).)*</{tag}>\n?", re.DOTALL) for tag in ("p", "li", "tr"))
_EMPTY = re.compile(r"<(li|ul|ol|tbody)>\s*</\1>\n?")


def without_holes(html: str, facts: Mapping[str, Mapping[str, str]]) -> str:
    """The text without what asks for an empty fact. One that is not among the facts at all is left to be told of."""
    if not _has_hole(html, facts):
        return html
    for block in _BLOCKS:
        html = block.sub(lambda found: "" if _has_hole(found[0], facts) else found[0], html)
    before = ""
    while before != html:
        before, html = html, _EMPTY.sub("", html)
    # What stands in no block, such as a heading, goes as a whole.
    return "" if _has_hole(html, facts) else html


def _has_hole(html: str, facts: Mapping[str, Mapping[str, str]]) -> bool:
    return any(facts.get(found[1], {}).get(found[2], "-").strip() == "" for found in _PLACEHOLDER.finditer(html))
