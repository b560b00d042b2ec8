"""The words of a chapter's HTML, a block a line."""

from html.parser import HTMLParser

BLOCKS = frozenset({"p", "li", "h3", "h4", "h5", "tr", "table", "ul", "ol"})


def plain_lines(html: str) -> list[str]:
    """Each block's words without marks; a bullet starts with a dash, and cells are parted by a line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [line for line in (" ".join(line.split()) for line in "".join(reader.parts).splitlines()) if line]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self.parts.append(" | ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
