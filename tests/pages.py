"""What holds for every page of the product; each fetched page of each test passes through here."""

import re

from bs4 import BeautifulSoup, Tag

ENGLISH_DEFAULTS = re.compile(
    r"This field is required|Not a valid|Invalid value|Skip to main content|Field must be|\bSubmit\b|"
    r"Internal Server Error|Bad Request|CSRF|\bDay\b|\bMonth\b|\bYear\b"
)
FOREIGN_BRAND = re.compile(r"Frutiger|nhs\.uk|\bNHS\b")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PERSONNUMMER = re.compile(r"\b(?:19|20)\d{6}[-+]?\d{4}\b")
# Where staff read it, or where somebody has typed it and must correct something.
MAY_SHOW_PERSONNUMMER = {
    "staff.patient",
    "staff.patients",
    "staff.register",
    "staff.plan_start",
    "staff.order_form",
    "patient.sharing",
}


class Page(BeautifulSoup):
    """A parsed page, with its status and the endpoint that made it."""

    status: int
    endpoint: str

    @property
    def heading(self) -> str:
        return words(self.h1)

    @property
    def text(self) -> str:
        return words(self.body)

    @property
    def csrf(self) -> str | None:
        field = self.find("input", {"name": "csrf_token"})
        return str(field["value"]) if isinstance(field, Tag) else None


def words(tag: Tag | None) -> str:
    """The text as a reader sees it: single spaces, hard ones too."""
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip() if tag else ""


def read(html: str, *, status: int, endpoint: str) -> Page:
    page = Page(html, "html.parser")
    page.status, page.endpoint = status, endpoint
    check(page, html)
    return page


def check(page: Page, html: str) -> None:
    """Raise AssertionError on the first rule of the house that the page breaks."""
    headings = page.find_all("h1")
    assert len(headings) == 1, f"{page.endpoint}: {len(headings)} h1"
    title = words(page.title).removeprefix("Fel: ").removeprefix("Error: ")
    assert title.startswith(page.heading.rstrip(".")), f"{page.endpoint}: title {title!r}, h1 {page.heading!r}"
    assert page.html is not None and page.html.get("lang") and page.html.get("dir"), f"{page.endpoint}: lang, dir"
    _check_ids(page)
    _check_labels(page)
    _check_forms(page)
    assert not page.find_all("style") and not page.select("[style]"), f"{page.endpoint}: inline style"
    scripts = [script for script in page.find_all("script") if not script.get("src")]
    assert not scripts, f"{page.endpoint}: inline script"
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", html)), f"{page.endpoint}: inline handler"
    for tag in page.select("[src], link[href], [srcset]"):
        address = str(tag.get("src") or tag.get("href") or tag.get("srcset"))
        assert address.startswith("/"), f"{page.endpoint}: third party {address}"
    assert not FOREIGN_BRAND.search(html.replace("nhsuk-", "")), f"{page.endpoint}: foreign brand"
    if page.html.get("lang") == "sv":
        found = ENGLISH_DEFAULTS.search(page.text)
        assert not found, f"{page.endpoint}: English default {found and found[0]!r}"
    if page.endpoint not in MAY_SHOW_PERSONNUMMER:
        assert not PERSONNUMMER.search(UUID.sub("", html)), f"{page.endpoint}: a whole personnummer"


def _check_ids(page: Page) -> None:
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    twice = {found for found in ids if ids.count(found) > 1}
    assert not twice, f"{page.endpoint}: ids used twice {twice}"
    for attribute in ("for", "aria-labelledby", "aria-describedby"):
        for tag in page.select(f"[{attribute}]"):
            for wanted in str(tag[attribute]).split():
                assert wanted in ids, f"{page.endpoint}: {attribute} points at nothing: {wanted}"


def _check_labels(page: Page) -> None:
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    for control in page.select("input, select, textarea"):
        if control.get("type") in {"hidden", "submit"}:
            continue
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        assert named or control.find_parent("label"), f"{page.endpoint}: no label for {control.get('name')}"


def _check_forms(page: Page) -> None:
    for form in page.select("form"):
        if str(form.get("method", "get")).lower() == "post":
            assert form.find("input", {"name": "csrf_token"}), f"{page.endpoint}: a form without its token"
