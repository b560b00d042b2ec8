"""What a browser that has never been here fetches."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from careplan.db import make_engine, make_sessions

pytestmark = pytest.mark.bench

BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


def fetched(client: FlaskClient, path: str) -> tuple[int, int, BeautifulSoup]:
    """Bytes over the wire with headers, how many files, and the page: it, and all that it asks for."""
    response = client.get(path, headers=BROWSER, buffered=True)
    assert response.status_code == 200
    page = BeautifulSoup(client.get(path).text, "html.parser")
    total, files = size(response), 1
    for address in asked_for(page):
        assert not urlsplit(address).netloc, f"{path} asks another site: {address}"
        found = client.get(address, headers=BROWSER, buffered=True)
        assert found.status_code == 200
        assert b"url(" not in client.get(address, buffered=True).data, f"{address} asks for more"
        total, files = total + size(found), files + 1
    return total, files, page


def asked_for(page: BeautifulSoup) -> list[str]:
    links = [tag for tag in page.find_all("link") if {"stylesheet", "icon"} & set(tag.get("rel") or [])]
    sources = page.find_all(["img", "script", "iframe", "source", "video", "audio", "embed"], src=True)
    addresses = [str(tag["href"]) for tag in links if isinstance(tag, Tag)]
    return addresses + [str(tag["src"]) for tag in sources if isinstance(tag, Tag)]


def size(response: object) -> int:
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers)
    return headers + len(response.data)


def test_the_first_visit_takes_at_most_60_kilobytes_and_asks_nobody_else(
    _app: Flask, monday: str, figure: Callable[..., None]
) -> None:
    """A patient with a telephone and a poor connection, at the log-in page and then at home, with nothing cached."""
    engine = make_engine(monday)
    _app.extensions["db_sessions"] = make_sessions(engine)
    client = _app.test_client()
    total, files, page = fetched(client, "/logga-in")
    figure(f"first visit, the log-in page: {files} files", total / 1000, "kB", at_most=60)
    assert not page.find_all("script")
    token = page.find("input", {"name": "csrf_token"})["value"]
    assert client.post("/logga-in/demo", data={"person": "astrid", "csrf_token": token}).status_code == 303
    total, files, page = fetched(client, "/hem")
    figure(f"first visit, the patient's home: {files} files", total / 1000, "kB", at_most=60)
    assert not page.find_all("script")
    engine.dispose()
