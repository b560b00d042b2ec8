"""A real SMTP server on loopback, which takes mail over or refuses it."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class PostOffice(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[str] = []
        self.refusal: str | None = None
        self.delay = 0.0  # seconds, before mail is taken over
        self.is_deaf = False  # hangs up on whoever comes

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Counter(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        if self.server.is_deaf:
            return
        self._say("220 post office")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith(("EHLO", "HELO")):
                self._say("250 hello")
            elif word.startswith("RCPT") and self.server.refusal:
                self._say(self.server.refusal)
            elif self.server.is_deaf:
                return
            elif word.startswith("DATA"):
                time.sleep(self.server.delay)
                self._say("354 go on")
                self.server.letters.append(self._letter())
                self._say("250 taken over")
            elif word.startswith("QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> str:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.decode())
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()
