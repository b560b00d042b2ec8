"""Headers and closed doors, for every route there is."""

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from careplan import create_app
from careplan.config import Settings
from careplan.library import Library
from careplan.models import LoginAttempt
from careplan.web.access import PUBLIC, ROOMS
from tests import make
from tests.people import Human

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie, Accept-Encoding",
}


MADE_UP = {"UUIDConverter": "00000000-0000-4000-8000-000000000000", "IntegerConverter": 1}


def address_of(rule: Rule) -> str:
    """An address that the rule matches, with made-up ids."""
    values = {name: MADE_UP.get(converter.__class__.__name__, "x") for name, converter in rule._converters.items()}
    built = rule.build(values)
    assert built is not None
    return built[1]


@pytest.mark.slow
def test_every_route_but_the_reviewed_few_sends_a_stranger_to_the_log_in_page(app: Flask) -> None:
    visitor = Human(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            visitor.get("account.login")
            send = visitor.open if method == "GET" else visitor.send
            send(address_of(rule), endpoint=rule.endpoint, expect=302)
            assert visitor.location.startswith("/logga-in"), rule.endpoint


def test_every_blueprint_says_whom_it_is_for(app: Flask) -> None:
    assert set(app.blueprints) == set(ROOMS)


def test_every_answer_carries_the_headers(app: Flask, astrid: Human) -> None:
    for url in ("/", "/logg", "/finns-inte", "/logga-in"):
        response = astrid.client.get(url)
        for name, value in HEADERS.items():
            assert response.headers[name] == value, (url, name)
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_the_cookie_is_kept_from_scripts_and_other_sites(nobody: Human) -> None:
    nobody.get("account.login")
    cookie = nobody.response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/finns-inte", "/svar/00000000-0000-4000-8000-000000000000"])
def test_what_does_not_exist_is_the_same_for_everybody(astrid: Human, path: str) -> None:
    page = astrid.open(path, expect=404)
    assert page.heading


@pytest.mark.slow
@pytest.mark.parametrize(("proxies", "believed"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_only_our_own_proxies_are_believed_about_whom_they_speak_for(
    proxies: int, believed: str, database: tuple[str, make.Clinic], library: Library
) -> None:
    app = create_app(Settings(demo=True, database_url=database[0], proxies=proxies), library=library)
    nobody = Human(app)
    nobody.client.environ_base["HTTP_X_FORWARDED_FOR"] = "192.0.2.1, 198.51.100.7, 203.0.113.9"
    nobody.get("account.login")
    nobody.post("account.login", {"username": "nobody", "password": "guess"}, expect=422)
    with app.extensions["db_sessions"]() as db:
        assert db.scalars(sa.select(LoginAttempt.address)).all() == [believed]
        engine = db.get_bind()
    engine.dispose()
