"""The cast at their browsers: fetch and send by endpoint, every page checked on the way."""

from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Cookie, TestResponse

from tests.pages import Page, read

# The log-in page of each app and the cookie that came with it. It is the same for whoever comes, so one is fetched.
ARRIVALS: WeakKeyDictionary[Flask, tuple[Page, Cookie]] = WeakKeyDictionary()


class Human:
    """One person with a browser of their own. `get` and `post` take an endpoint and its values."""

    def __init__(self, app: Flask, username: str | None = None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.page: Page | None = None
        if username is not None:
            self._arrive()
            self.post("account.demo_login", {"person": username}, expect=303)

    def _arrive(self) -> None:
        if self.app not in ARRIVALS:
            page = self.get("account.login")
            cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            ARRIVALS[self.app] = page, cookie
        self.page, cookie = ARRIVALS[self.app]
        self.client.set_cookie(cookie.key, cookie.value, path=cookie.path)

    def url(self, endpoint: str, **values: Any) -> str:
        with self.app.test_request_context():
            from flask import url_for

            return url_for(endpoint, **values)

    def get(self, endpoint: str, *, expect: int | set[int] = 200, **values: Any) -> Page:
        return self.open(self.url(endpoint, **values), endpoint=endpoint, expect=expect)

    def open(self, url: str, *, endpoint: str = "", expect: int | set[int] = 200) -> Page:
        return self._take(self.client.get(url), endpoint or url, expect)

    def follow(self, response: TestResponse | Page) -> Page:
        """Go where the last redirect points."""
        return self.open(self.location)

    def post(
        self,
        endpoint: str,
        data: dict[str, Any] | None = None,
        *,
        expect: int | set[int] = 303,
        token: bool = True,
        **values: Any,
    ) -> Page:
        return self.send(self.url(endpoint, **values), data, endpoint=endpoint, expect=expect, token=token)

    def send(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        *,
        endpoint: str = "",
        expect: int | set[int] = 303,
        token: bool = True,
    ) -> Page:
        sent = dict(data or {})
        if token and self.page is not None and self.page.csrf:
            sent["csrf_token"] = self.page.csrf
        return self._take(self.client.post(url, data=sent), endpoint or url, expect)

    def _take(self, response: TestResponse, endpoint: str, expect: int | set[int]) -> Page:
        self.response = response
        expected = {expect} if isinstance(expect, int) else expect
        self.location = response.headers.get("Location", "")
        html = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        if response.status_code in {301, 302, 303, 307, 308} or not html:
            assert response.status_code in expected, f"{endpoint}: {response.status_code} to {self.location}"
            return Page("", status=response.status_code, endpoint=endpoint)
        page = read(html, status=response.status_code, endpoint=endpoint)
        assert response.status_code in expected, f"{endpoint}: {response.status_code} {page.text[:300]}"
        self.page = page
        return page
