"""What holds for every page of the product; each fetched page of each test passes through here."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag

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
        return BeautifulSoup(self.source, "html.parser")

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
    seen = (endpoint, page.told())  # it has been found to keep the rules already
    if seen not in KEEP_THE_RULES:
        check(page, html)
        KEEP_THE_RULES.add(seen)
    return page


def check(page: Page, html: str) -> None:
    """Raise AssertionError on the first rule of the house that the page breaks."""
    tags = page.find_all(True)
    headings = [tag for tag in tags if tag.name == "h1"]
    assert len(headings) == 1, f"{page.endpoint}: {len(headings)} h1"
    title = words(page.title).removeprefix("Fel: ").removeprefix("Error: ")
    assert title.startswith(page.heading.rstrip(".")), f"{page.endpoint}: title {title!r}, h1 {page.heading!r}"
    assert page.html is not None and page.html.get("lang") and page.html.get("dir"), f"{page.endpoint}: lang, dir"
    _check_ids(page, tags)
    _check_labels(page, tags)
    _check_forms(page, tags)
    assert not any(tag.name == "style" or "style" in tag.attrs for tag in tags), f"{page.endpoint}: inline style"
    scripts = [tag for tag in tags if tag.name == "script" and not tag.get("src")]
    assert not scripts, f"{page.endpoint}: inline script"
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", html)), f"{page.endpoint}: inline handler"
    for tag in tags:
        if "src" in tag.attrs or "srcset" in tag.attrs or (tag.name == "link" and "href" in tag.attrs):
            address = str(tag.get("src") or tag.get("href") or tag.get("srcset"))
            assert address.startswith("/"), f"{page.endpoint}: third party {address}"
    assert not FOREIGN_BRAND.search(html.replace("nhsuk-", "")), f"{page.endpoint}: foreign brand"
    if page.html.get("lang") == "sv":
        found = ENGLISH_DEFAULTS.search(page.text)
        assert not found, f"{page.endpoint}: English default {found and found[0]!r}"
    if page.endpoint not in MAY_SHOW_PERSONNUMMER:
        assert not PERSONNUMMER.search(UUID.sub("", html)), f"{page.endpoint}: a whole personnummer"


# CSS selectors would walk the page once for each: these take its tags, found once.
def _check_ids(page: Page, tags: Sequence[Tag]) -> None:
    ids = Counter(str(tag["id"]) for tag in tags if "id" in tag.attrs)
    twice = {found for found, times in ids.items() if times > 1}
    assert not twice, f"{page.endpoint}: ids used twice {twice}"
    for tag in tags:
        for attribute in ("for", "aria-labelledby", "aria-describedby"):
            if attribute in tag.attrs:
                for wanted in str(tag[attribute]).split():
                    assert wanted in ids, f"{page.endpoint}: {attribute} points at nothing: {wanted}"


def _check_labels(page: Page, tags: Sequence[Tag]) -> None:
    labelled = {str(tag["for"]) for tag in tags if tag.name == "label" and "for" in tag.attrs}
    for control in tags:
        if control.name not in {"input", "select", "textarea"} or control.get("type") in {"hidden", "submit"}:
            continue
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        assert named or control.find_parent("label"), f"{page.endpoint}: no label for {control.get('name')}"


def _check_forms(page: Page, tags: Sequence[Tag]) -> None:
    for form in tags:
        if form.name == "form" and str(form.get("method", "get")).lower() == "post":
            assert form.find("input", {"name": "csrf_token"}), f"{page.endpoint}: a form without its token"
