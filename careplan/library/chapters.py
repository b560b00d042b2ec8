"""Chapter texts: from Markdown to clean HTML with placeholders, and on to a page for one patient."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin

from careplan.domain.plan import PLACEHOLDERS, ChapterText
from careplan.domain.revision import filled
from careplan.library.problems import Problem

LINK_HOSTS = ("1177.se", "cancercentrum.se", "cancerfonden.se", "forsakringskassan.se", "socialstyrelsen.se")
_BOXES = ("key", "call")

# `{#id}` after a heading is its id; elsewhere it would be a template's comment.
_HEADING = re.compile(r"^(?P<title>.*?)\s*\{#(?P<id>[^{}]*)\}$")
_HEADING_ID = re.compile(r"(?m)^(#+ .*?)\{#[^{}\n]*\}[ \t]*$")
_PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
_TEMPLATE_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LINK = re.compile(r"https://([a-z0-9-]+\.)*(" + "|".join(re.escape(host) for host in LINK_HOSTS) + r")(/[^{}%]*)?")

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
for _box in _BOXES:
    _MARKDOWN.use(container_plugin, _box)

_CLEAN = nh3.Cleaner(
    tags={"p", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "h4", "br"},
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"https"},
    link_rel=None,
)
_REFUSED = {
    "image": "images are not allowed",
    "fence": "code blocks are not allowed",
    "code_block": "code blocks are not allowed (a line starts with four spaces)",
    "code_inline": "code is not allowed",
    "blockquote_open": "quotations (>) are not allowed",
    "hr": "rules (---) are not allowed",
}


@dataclass(frozen=True, slots=True)
class RenderedChapter:
    """HTML for one patient; sections are pairs of heading and HTML."""

    key: Markup | None
    call: Markup | None
    intro: Markup
    sections: tuple[tuple[Markup, Markup], ...]


@dataclass(slots=True)
class ParsedChapter:
    """The parts of one chapter; `id` is None for the text before the first ##."""

    id: str | None
    title: str
    line: int
    boxes: dict[str, str] = field(default_factory=dict)
    intro: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.boxes or self.intro or self.sections)


def render_chapter(chapter: ChapterText, facts: Mapping[str, Mapping[str, str]]) -> RenderedChapter:
    """The chapter with this patient's facts, which are escaped."""
    return RenderedChapter(
        key=None if chapter.key is None else _filled(chapter.key, facts),
        call=None if chapter.call is None else _filled(chapter.call, facts),
        intro=_filled(chapter.intro, facts),
        sections=tuple((_filled(title, facts), _filled(html, facts)) for title, html in chapter.sections),
    )


def _filled(html: str, facts: Mapping[str, Mapping[str, str]]) -> Markup:
    return Markup(filled(html, facts))


class ChapterReader:
    """Reads one Markdown body. `first_line` is where the body starts in its file."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text, self.path, self.first_line = text, path, first_line
        self.source_lines = text.splitlines()
        self.problems: list[Problem] = []

    def read(self) -> list[ParsedChapter]:
        """What stands before the first ## heading, then one part for each of those headings."""
        self._check_placeholders()
        tokens = _MARKDOWN.parse(self.text)
        self._check_tokens(tokens)
        parts = [ParsedChapter(None, "", self.first_line)]
        for block in _blocks(tokens):
            self._take(block, parts)
        return parts

    def _take(self, block: Sequence[Token], parts: list[ParsedChapter]) -> None:
        first = block[0]
        chapter = parts[-1]
        line = self._line(first)
        if first.type == "heading_open" and first.tag == "h2":
            parts.append(self._heading(block, line, parts))
        elif first.type == "heading_open" and first.tag == "h3":
            chapter.sections.append((self._html(block[1:-1]), ""))
        elif first.type == "heading_open" and first.tag != "h4":
            self._wrong(line, "only the headings ## (a chapter) and ### (a folded part) are used")
        elif first.type.startswith("container_"):
            self._box(block, chapter, line)
        elif chapter.sections:
            title, html = chapter.sections[-1]
            chapter.sections[-1] = (title, html + self._html(block))
        else:
            chapter.intro += self._html(block)

    def _heading(self, block: Sequence[Token], line: int, parts: Sequence[ParsedChapter]) -> ParsedChapter:
        content = block[1].content
        match = _HEADING.match(content)
        if match is None or not _ID.fullmatch(match["id"]) or not match["title"]:
            self._wrong(line, "a chapter's heading reads: ## Title {#its-id}")
            return ParsedChapter(None, content, line)
        if match["id"] in [part.id for part in parts]:
            self._wrong(line, f"the chapter '{match['id']}' stands twice in the file")
        return ParsedChapter(match["id"], match["title"], line)

    def _box(self, block: Sequence[Token], chapter: ParsedChapter, line: int) -> None:
        name = block[0].type.removeprefix("container_").removesuffix("_open")
        if block[0].info.strip() != name:
            self._wrong(line, f"unknown box '::: {block[0].info.strip()}'; the boxes are ::: key and ::: call")
        end = (block[0].map or [0, 0])[1]
        around = self.source_lines[max(0, end - 1) : end + 1]
        if not any(each.strip() == ":::" for each in around):
            self._wrong(line, f"the box '::: {name}' is never closed with :::")
        if name in chapter.boxes:
            self._wrong(line, f"the box '::: {name}' stands twice in one chapter")
        if name == "key":
            self._check_key(block, line)
        chapter.boxes[name] = self._html(block[1:-1])

    def _check_key(self, block: Sequence[Token], line: int) -> None:
        bullets = sum(token.type == "list_item_open" for token in block)
        words = sum(len(token.content.split()) for token in block if token.type == "inline")
        if bullets > 5:
            self._wrong(line, f"the most important has {bullets} bullets, and at most 5 are read")
        if words > 150:
            self._wrong(line, f"the most important has {words} words, and at most 150 are read")

    def _check_placeholders(self) -> None:
        without_ids = _HEADING_ID.sub(r"\1", self.text)
        for number, text in enumerate(without_ids.splitlines()):
            line = self.first_line + number
            for name in _PLACEHOLDER.findall(text):
                if name.strip() not in PLACEHOLDERS:
                    self._wrong(line, f"unknown placeholder '{{{{ {name.strip()} }}}}'")
            mark = _TEMPLATE_MARK.search(_PLACEHOLDER.sub("", text))
            if mark:
                self._wrong(line, f"'{mark[0]}' outside a placeholder such as {{{{ nurse.phone }}}}")

    def _check_tokens(self, tokens: Sequence[Token]) -> None:
        line = self.first_line
        for token in tokens:
            line = self._line(token) if token.map else line
            for each in (token, *(token.children or ())):
                if each.type == "image" and not each.content.strip():
                    self._wrong(line, "an image without text; images are not allowed, and nobody hears this one")
                elif each.type in _REFUSED:
                    self._wrong(line, _REFUSED[each.type])
                if each.type == "link_open" and not _LINK.fullmatch(str(each.attrs.get("href", ""))):
                    self._wrong(line, _wrong_link(str(each.attrs.get("href", ""))))
                if each.type == "text" and re.search(r"</?[A-Za-z]", each.content):
                    self._wrong(line, "HTML is not allowed")
            if token.type == "heading_open" and token.level > 0:
                self._wrong(line, "a heading cannot stand inside a box or a list")
            # What the Markdown reader refuses as a link (javascript:, data: and the like) is left as the text it was.
            left = "".join(child.content for child in token.children or () if child.type == "text")
            if refused := re.search(r"\]\(\s*([^)\s]*)", left):
                self._wrong(line, f"'{refused[1]}' is no address that a link may have")
            stray = re.search(r"(?m)^:::.*$", token.content) if token.type == "inline" else None
            if stray:
                self._wrong(line, f"'{stray[0]}' opens or closes no box; the boxes are ::: key and ::: call")

    def _html(self, tokens: Sequence[Token]) -> str:
        return _CLEAN.clean(_MARKDOWN.renderer.render(list(tokens), _MARKDOWN.options, {}).strip())

    def _line(self, token: Token) -> int:
        return self.first_line + (token.map[0] if token.map else 0)

    def _wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, message))


def _wrong_link(href: str) -> str:
    if ":" in href or href.startswith("//"):
        return f"the link '{href}' does not lead to https:// at one of {', '.join(LINK_HOSTS)}"
    # Which chapters a patient has is decided for each of them, so none can rely on another one being there.
    return f"the internal link '{href}' leads nowhere: name the chapter in words"


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The top-level blocks, each with its opening and closing token."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []
