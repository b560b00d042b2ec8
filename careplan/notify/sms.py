"""One SMS through an HTTP gateway: JSON with `to` and `text`; any 2xx means that it was taken over."""

import http.client
import json
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from careplan.domain.errors import CareplanError

TIMEOUT_SECONDS = 20
TAKEN_OVER = range(200, 300)


class UnusableGateway(CareplanError):
    """CAREPLAN_SMS_URL is not an address of http or https."""


class GatewayRefused(OSError):
    """The gateway answered with something else than that it took the message over."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where SMS are handed over. `token` goes along as a bearer token where there is one."""

    url: str
    token: str = ""

    def send(self, to: str, text: str, *, key: str) -> None:
        """Raises OSError or http.client.HTTPException when it was not taken over.

        `key` is the same at each attempt: a gateway that knows such keys sends the message once.
        """
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnusableGateway
        if parts.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, json.dumps({"to": to, "text": text}), headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status not in TAKEN_OVER:
            raise GatewayRefused(answer.status)
