"""One person at a browser of their own; every page reached is checked by axe and by the rules of the house."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Response
from pypdf import PdfReader
from werkzeug.routing import RequestRedirect

from tests.pages import read

PHONE, DESKTOP, NARROW = (375, 812), (1280, 900), (320, 640)
AT_A_PHONE = pytest.mark.parametrize("size", [PHONE], ids=["375"])
AT_A_DESK = pytest.mark.parametrize("size", [DESKTOP], ids=["1280"])
AT_EVERY_WIDTH = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["375", "1280"])
# Set to a folder to keep a picture of each page visited.
PICTURES = os.environ.get("CAREPLAN_TEST_PICTURES", "")
PATIENCE = 20_000
AXE = Axe()
# What differs between two visits to the same page.
ONE_TIME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|name=\"csrf_token\" value=\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Site:
    """The app, and where it is served."""

    app: Flask
    base: str

    def endpoint(self, url: str) -> str:
        path = re.split("[?#]", url.removeprefix(self.base))[0]
        try:
            endpoint: str = self.app.url_map.bind("localhost").match(path)[0]
        except RequestRedirect:
            return ""
        return endpoint


class Visitor:
    """Buttons, links and fields are found by the words that people read, never by their place in the page."""

    def __init__(
        self, browser: Browser, site: Site, size: tuple[int, int], *, javascript: bool = True, picture: str = ""
    ) -> None:
        self.site, self.size, self.javascript, self.picture = site, size, javascript, picture
        self.context = browser.new_context(
            base_url=site.base,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            locale="sv-SE",
            has_touch=size != DESKTOP,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.statuses: dict[str, int] = {}
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.new_page()
        self.seen = 0
        self.clicks = 0

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("response", self._note)
        return page

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.statuses[response.url] = response.status

    # Going places

    def log_in(self, username: str) -> None:
        self.page.goto("/logga-in")
        self._keep_picture()
        with self.page.expect_navigation():
            self.page.locator(f'button[name=person][value="{username}"]').click()
        self.check()

    def log_out(self) -> None:
        self.press("Logga ut")

    def go(self, path: str, *, status: int = 200) -> None:
        self.page.goto(path)
        self.check(status=status)

    def link(self, name: str | re.Pattern[str], *, inside: Locator | None = None) -> None:
        """Follow a link and check where it leads."""
        found = (inside or self.page).get_by_role("link", name=name, exact=isinstance(name, str)).first
        self.clicks += 1
        with self.page.expect_navigation():
            found.click()
        self.check()

    def press(self, name: str, *, inside: Locator | None = None, status: int = 200) -> None:
        """Press a button and check where it leads."""
        found = (inside or self.page).get_by_role("button", name=name, exact=True).first
        self.clicks += 1
        with self.page.expect_navigation():
            found.click()
        self.check(status=status)

    # Filling in

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def tick(self, label: str) -> None:
        self.clicks += 1
        self.field(label).check()

    @contextmanager
    def within(self, clicks: int) -> Iterator[None]:
        """At most so many presses in here: links, buttons, choices, what is unfolded. Typing is free."""
        before = self.clicks
        yield
        assert self.clicks - before <= clicks, f"{self.clicks - before} clicks, not {clicks}"

    def group(self, name: str | re.Pattern[str]) -> Locator:
        """A fieldset by its legend."""
        return self.page.get_by_role("group", name=name, exact=isinstance(name, str))

    def fill_date(self, legend: str, day: int, month: int, year: int) -> None:
        group = self.group(legend)
        for label, part in (("Dag", day), ("Månad", month), ("År", year)):
            group.get_by_label(label, exact=True).fill(str(part))

    def open(self, summary: str | re.Pattern[str]) -> None:
        """Unfold; what is open already is left alone."""
        box = self.page.locator("details").filter(has=self.page.locator("summary", has_text=summary)).first
        if box.get_attribute("open") is None:
            self.clicks += 1
            box.locator("summary").first.click()

    def section(self, heading: str) -> Locator:
        return self.page.locator("section").filter(has=self.page.get_by_role("heading", name=heading, exact=True))

    # Reading

    @property
    def heading(self) -> str:
        return _words(self.page.locator("h1"))

    @property
    def text(self) -> str:
        return _words(self.page.locator("body"))

    def reads(self, *wanted: str) -> None:
        """Each of these stands on the page, as it is seen."""
        missing = [words for words in wanted if words not in self.text]
        assert not missing, f"{self.page.url} does not say {missing}:\n{self.text}"

    def text_of(self, part: Locator) -> str:
        return _words(part)

    def download(self, button: str) -> PdfReader:
        self.clicks += 1
        with self.page.expect_download() as arriving:
            self.page.get_by_role("button", name=button, exact=True).click()
        return PdfReader(BytesIO(Path(arriving.value.path()).read_bytes()))

    @contextmanager
    def another_tab(self) -> Iterator[None]:
        first, self.page = self.page, self.new_page()
        yield
        self.page.close()
        self.page = first

    # Judging

    def check(self, *, status: int = 200) -> None:
        """The page now shown: its status, rules of the house, no sideways scroll, no foreign request, no violation."""
        page = self.page
        page.wait_for_load_state()
        found = self.statuses.get(page.url.partition("#")[0])
        assert found == status, f"{page.url}: {found}"
        read(page.content(), status=status, endpoint=self.site.endpoint(page.url))
        foreign = [url for url in self.requests if not url.startswith((self.site.base, "data:"))]
        assert not foreign, f"asked elsewhere: {foreign}"
        self._keep_picture()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{page.url} is {width} px too wide"
        self._ask_axe(page.content())

    def _ask_axe(self, html: str) -> None:
        """The same page at the same width needs asking once, whoever visits it."""
        shown = (self.size, ONE_TIME.sub("", html))
        if not self.javascript or shown in _WITHOUT_VIOLATION:
            return
        found = AXE.run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        _WITHOUT_VIOLATION.add(shown)

    def _keep_picture(self) -> None:
        if PICTURES:
            self.seen += 1
            slug = re.sub(r"\W+", "-", self.heading.lower())[:40].strip("-")
            name = f"{self.picture}-{self.size[0]}-{self.seen:02}-{slug}.png"
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)


Visit = Callable[..., Visitor]
_WITHOUT_VIOLATION: set[tuple[tuple[int, int], str]] = set()


def _words(part: Locator) -> str:
    return " ".join(part.inner_text().split())
