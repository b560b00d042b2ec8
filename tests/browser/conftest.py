"""A real browser against a real server, on loopback."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.visitor import DESKTOP, PATIENCE, PHONE, Site, Visit, Visitor
from tests.make import Clinic

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=PATIENCE)


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """A walk asks for hundreds of files; a failed test shows the page instead."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI is set, and there is no Chromium")
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Clinic]:
    """Browser walks run on the default database; the same pages run on both in tests/web."""
    template, clinic = request.getfixturevalue("_sqlite_template")
    shutil.copy(template, tmp_path / "careplan.db")
    return f"sqlite:///{tmp_path}/careplan.db", clinic


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """The app served on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["375", "1280"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    found: tuple[int, int] = request.param
    return found


@pytest.fixture
def javascript() -> bool:
    return True


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, browser: Browser, site: Site, size: tuple[int, int], javascript: bool
) -> Iterator[Visit]:
    """`visit("astrid")` logs in at a browser of its own; `visit()` is nobody's."""
    opened: list[Visitor] = []

    def open_browser(username: str | None = None) -> Visitor:
        name = f"{request.node.originalname.removeprefix('test_')[:30]}-{len(opened):02}-{username or 'nobody'}"
        visitor = Visitor(browser, site, size, javascript=javascript, picture=name)
        opened.append(visitor)
        if username:
            visitor.log_in(username)
        return visitor

    yield open_browser
    for visitor in opened:
        visitor.context.close()
