"""What goes over the wire: pages gzipped, built files from their gzipped copies and cached for ever.

Compression can tell a listener what a page holds, by its length, to one who can put guesses into it and ask again and
again (BREACH). Here nobody can: other sites' requests come without the cookie (SameSite), no page repeats what its
address says, and the CSRF token's signature is another each second. Padding of random length blurs what is left.
"""

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request, send_from_directory

from careplan.web.templating import MANIFEST, STATIC

LEVEL = 5  # 6 takes half as long again, for one per cent
SMALLEST = 500
LONGEST_PADDING = 64
FOR_EVER = 31_536_000
HASHED = frozenset(MANIFEST.values())


def init_app(app: Flask) -> None:
    app.view_functions["static"] = static
    app.after_request(_compress)


def static(filename: str) -> Response:
    """A file under a name with its hash never changes; the build wrote a compressed copy of it."""
    if filename not in HASHED:
        return send_from_directory(STATIC, filename)
    if _accepts_gzip():
        response = send_from_directory(STATIC, f"{filename}.gz", mimetype=_type_of(filename), max_age=FOR_EVER)
        response.content_encoding = "gzip"
    else:
        response = send_from_directory(STATIC, filename, max_age=FOR_EVER)
    response.cache_control.immutable = True
    response.vary.add("Accept-Encoding")
    return response


def _type_of(filename: str) -> str:
    return {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[filename.rpartition(".")[2]]


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= SMALLEST and not response.content_encoding and _accepts_gzip():
        response.set_data(_gzipped(body))
        response.content_encoding = "gzip"
    return response


def _accepts_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _gzipped(body: bytes) -> bytes:
    """The padding stands where gzip keeps a file's name, which browsers pass over."""
    packed = BytesIO()
    padding = "-" * secrets.randbelow(LONGEST_PADDING)
    with gzip.GzipFile(padding, "wb", LEVEL, packed, mtime=0) as writer:
        writer.write(body)
    return packed.getvalue()
