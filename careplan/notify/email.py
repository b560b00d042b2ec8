"""One e-mail over SMTP."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from types import TracebackType
from urllib.parse import unquote, urlsplit

from careplan.domain.errors import CareplanError

TIMEOUT_SECONDS = 20


class UnusableSmtpUrl(CareplanError):
    """CAREPLAN_SMTP_URL is not smtp://[user:password@]host[:port] or smtps://…"""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over. smtps:// is encrypted from the start; smtp:// is encrypted when a user logs in."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> "Server":
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise UnusableSmtpUrl
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if is_tls else 25),
            is_tls=is_tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class Post:
    """An open connection, opened by the first message and closed at the end of the run."""

    def __init__(self, server: Server, sender: str) -> None:
        self.server = server
        self.sender = sender
        self.connection: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, to: str, subject: str, body: str) -> None:
        """Raises OSError or smtplib.SMTPException when it was not taken over."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or "localhost")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body, cte="quoted-printable")  # not every server on the way takes 8 bits
        if self.connection is None:
            self.connection = self._open()
        self.connection.send_message(message)

    def close(self) -> None:
        """Quit politely; what was taken over is taken over, however the goodbye goes."""
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _open(self) -> smtplib.SMTP:
        server = self.server
        if server.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
            if server.user:
                connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        return connection
