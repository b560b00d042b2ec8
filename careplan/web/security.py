"""Headers on every answer, CSRF on every unsafe method, and one id for each request."""

import secrets

from flask import Flask, Response, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from careplan.actions import audit

CSP = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

csrf = CSRFProtect()


def may_frame() -> None:
    """This page holds frames with other pages of ours."""
    g.csp = f"{CSP}; frame-src 'self'"


def may_be_framed() -> None:
    """This page may stand in a frame of ours; it has nothing to press."""
    g.csp = CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def init_app(app: Flask) -> None:
    # Failed log-ins are counted by address: only proxies of our own are believed about whom they speak for.
    if proxies := app.extensions["settings"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)
    csrf.init_app(app)
    app.before_request(_name_the_request)
    app.after_request(_add_headers)


def _name_the_request() -> None:
    g.request_id = secrets.token_hex(8)
    audit.request_id.set(g.request_id)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = g.get("csp", CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
        headers["Vary"] = "Cookie"
    return response
