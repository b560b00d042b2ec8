"""What holds for every page of the product; each fetched page of each test passes through here."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import lxml.html
from bs4 import BeautifulSoup, Tag
from lxml import etree
from lxml.html import HtmlElement

ENGLISH_DEFAULTS = re.compile(
    r"This field is required|Not a valid|Invalid value|Skip to main content|Field must be|\bSubmit\b|"
    r"Internal Server Error|Bad Request|CSRF|\bDay\b|\bMonth\b|\bYear\b"
)
FOREIGN_BRAND = re.compile(r"Frutiger|nhs\.uk|\bNHS\b")
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PERSONNUMMER = re.compile(r"\b(?:19|20)\d{6}[-+]?\d{4}\b")
# Where staff read it, or where somebody has typed it and must correct something.
MAY_SHOW_PERSONNUMMER = {
    "staff.patient",
    "staff.patients",
    "staff.register",
    "manage.hire",
    "staff.plan_start",
    "staff.order_form",
    "patient.sharing",
}
KEEP_THE_RULES: set[tuple[str, str]] = set()


class Page:
    """A page, with its status and the endpoint that made it. It is parsed when it is looked into: most never are."""

    def __init__(self, source: str, *, status: int, endpoint: str) -> None:
        self.source, self.status, self.endpoint = source, status, endpoint

    @cached_property
    def tree(self) -> BeautifulSoup:
        return BeautifulSoup(self.source, "lxml")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.tree, name)

    def __str__(self) -> str:
        return str(self.tree)

    def told(self) -> str:
        """All that the page says, without the token that differs each time."""
        return self.source.replace(self.csrf or "", "")

    @property
    def heading(self) -> str:
        return words(self.h1)

    @property
    def text(self) -> str:
        return words(self.body)

    @property
    def csrf(self) -> str | None:
        found = TOKEN.search(self.source)
        return found[1] if found else None


def words(tag: Tag | None) -> str:
    """The text as a reader sees it: single spaces, hard ones too."""
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip() if tag else ""


def read(html: str, *, status: int, endpoint: str) -> Page:
    page = Page(html, status=status, endpoint=endpoint)
    seen = (endpoint, _numbered(page.told()))  # it has been found to keep the rules already
    if seen not in KEEP_THE_RULES:
        check(page, html)
        KEEP_THE_RULES.add(seen)
    return page


def _numbered(html: str) -> str:
    """Each id by its place among the page's: two pages that differ in their ids alone keep the same rules."""
    numbers: dict[str, str] = {}
    return UUID.sub(lambda found: numbers.setdefault(found[0], f"#{len(numbers)}"), html)


def check(page: Page, html: str) -> None:
    """Raise AssertionError on the first rule of the house that the page breaks."""
    root = lxml.html.document_fromstring(html)
    tags = list(root.iter("*"))
    headings = [tag for tag in tags if tag.tag == "h1"]
    assert len(headings) == 1, f"{page.endpoint}: {len(headings)} h1"
    heading, title = _words(headings[0]), _words(root.find("head/title"))
    title = title.removeprefix("Fel: ").removeprefix("Error: ")
    assert title.startswith(heading.rstrip(".")), f"{page.endpoint}: title {title!r}, h1 {heading!r}"
    assert root.get("lang") and root.get("dir"), f"{page.endpoint}: lang, dir"
    _check_ids(page, tags)
    _check_labels(page, tags)
    _check_forms(page, tags)
    assert not any(tag.tag == "style" or "style" in tag.attrib for tag in tags), f"{page.endpoint}: inline style"
    scripts = [tag for tag in tags if tag.tag == "script" and not tag.get("src")]
    assert not scripts, f"{page.endpoint}: inline script"
    handlers = [name for tag in tags for name in tag.attrib if name.startswith("on")]
    assert not handlers, f"{page.endpoint}: inline handlers {handlers}"
    for tag in tags:
        if "src" in tag.attrib or "srcset" in tag.attrib or (tag.tag == "link" and "href" in tag.attrib):
            address = tag.get("src") or tag.get("href") or tag.get("srcset") or ""
            assert address.startswith("/"), f"{page.endpoint}: third party {address}"
    assert not FOREIGN_BRAND.search(html.replace("nhsuk-", "")), f"{page.endpoint}: foreign brand"
    if root.get("lang") == "sv":
        found = ENGLISH_DEFAULTS.search(_words(root.find("body")))
        assert not found, f"{page.endpoint}: English default {found and found[0]!r}"
    if page.endpoint not in MAY_SHOW_PERSONNUMMER:
        assert not PERSONNUMMER.search(UUID.sub("", html)), f"{page.endpoint}: a whole personnummer"


def _words(tag: HtmlElement | None) -> str:
    return "" if tag is None else re.sub(r"\s+", " ", " ".join(tag.itertext(etree.Element))).strip()


# CSS selectors would walk the page once for each: these take its tags, found once.
def _check_ids(page: Page, tags: Sequence[HtmlElement]) -> None:
    ids = Counter(tag.get("id") for tag in tags if "id" in tag.attrib)
    twice = {found for found, times in ids.items() if times > 1}
    assert not twice, f"{page.endpoint}: ids used twice {twice}"
    for tag in tags:
        for attribute in ("for", "aria-labelledby", "aria-describedby"):
            for wanted in (tag.get(attribute) or "").split():
                assert wanted in ids, f"{page.endpoint}: {attribute} points at nothing: {wanted}"


def _check_labels(page: Page, tags: Sequence[HtmlElement]) -> None:
    labelled = {tag.get("for") for tag in tags if tag.tag == "label"}
    for control in tags:
        if control.tag not in {"input", "select", "textarea"} or control.get("type") in {"hidden", "submit"}:
            continue
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        is_within = next(control.iterancestors("label"), None) is not None
        assert named or is_within, f"{page.endpoint}: no label for {control.get('name')}"


def _check_forms(page: Page, tags: Sequence[HtmlElement]) -> None:
    for form in tags:
        if form.tag == "form" and form.get("method", "get").lower() == "post":
            has_token = any(field.get("name") == "csrf_token" for field in form.iter("input"))
            assert has_token, f"{page.endpoint}: a form without its token"
