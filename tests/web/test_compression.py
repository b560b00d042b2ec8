"""Pages and built files as they go over the wire."""

import gzip

import pytest
from flask import Flask

from careplan.web.templating import MANIFEST
from tests.people import Human

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(params=sorted(MANIFEST))
def built(request: pytest.FixtureRequest) -> str:
    return f"/static/{MANIFEST[request.param]}"


def test_a_page_is_gzipped_for_a_browser_that_takes_it(astrid: Human) -> None:
    response = astrid.client.get("/hem", headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert "<h1" in gzip.decompress(response.data).decode()


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0"])
def test_a_page_goes_as_it_is_to_one_who_does_not(astrid: Human, accepted: str) -> None:
    response = astrid.client.get("/hem", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert "<h1" in response.text


def test_a_page_says_that_it_differs_by_encoding_and_is_kept_nowhere(astrid: Human) -> None:
    for headers in ({}, GZIP):
        response = astrid.client.get("/hem", headers=headers)
        assert {"Cookie", "Accept-Encoding"} <= set(response.vary.as_set(preserve_casing=True))
        assert response.headers["Cache-Control"] == "no-store"


def test_the_length_of_the_same_page_is_blurred(nobody: Human) -> None:
    lengths = {len(nobody.client.get("/tillganglighet", headers=GZIP).data) for _repeat in range(30)}
    assert max(lengths) - min(lengths) > 16


def test_an_error_page_is_gzipped_too_and_a_redirect_is_left_alone(nobody: Human) -> None:
    wrong = nobody.client.post("/logga-in", data={}, headers=GZIP)
    assert wrong.status_code == 400
    assert wrong.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in nobody.client.get("/hem", headers=GZIP).headers


def test_a_built_file_comes_compressed_and_is_kept_for_ever(_app: Flask, built: str) -> None:
    client = _app.test_client()
    packed, plain = client.get(built, headers=GZIP, buffered=True), client.get(built, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    for response in (packed, plain):
        assert (
            response.mimetype
            == {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[built.rpartition(".")[2]]
        )
        assert response.cache_control.max_age == 31_536_000
        assert response.cache_control.public and response.cache_control.immutable
        assert "Accept-Encoding" in response.headers["Vary"]
        assert "Set-Cookie" not in response.headers


def test_a_built_file_asked_for_again_is_not_sent_again(_app: Flask, built: str) -> None:
    client = _app.test_client()
    etag = client.get(built, headers=GZIP, buffered=True).headers["ETag"]
    again = client.get(built, headers={**GZIP, "If-None-Match": etag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(built, buffered=True).headers["ETag"] != etag


@pytest.mark.parametrize("path", ["/static/manifest.json", "/static/fonts/OFL.txt"])
def test_a_file_without_a_hash_in_its_name_is_asked_for_each_time(_app: Flask, path: str) -> None:
    response = _app.test_client().get(path, headers=GZIP, buffered=True)
    assert response.status_code == 200
    assert response.cache_control.no_cache and not response.cache_control.immutable


@pytest.mark.parametrize("path", ["/static/nothing.css", "/static/../config.py", "/static/%2e%2e/config.py"])
def test_what_is_not_among_the_files_is_not_found(_app: Flask, path: str) -> None:
    assert _app.test_client().get(path, headers=GZIP, buffered=True).status_code == 404
