"""HTML to an accessible PDF, in a process of its own that is limited in time, memory and pages."""

import atexit
import os
import signal
from concurrent.futures import TimeoutError as Overdue
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import BoundedSemaphore, Lock

from pebble import ProcessExpired, ProcessPool

from careplan.domain.errors import CareplanError

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
STYLE = Path(__file__).resolve().parent.parent / "templates" / "pdf" / "print.css"


class DocumentTooLarge(CareplanError):
    """More pages or memory than a document may take."""


class DocumentTooSlow(CareplanError):
    """The document took longer than it may."""


class PrinterBusy(CareplanError):
    """Too many documents are waiting."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of processor time, and seconds by the clock on a machine that has much else to do."""

    pages: int = 150
    characters: int = 2_000_000
    cpu_seconds: int = 10
    seconds: float = 60
    memory: int = 768 << 20
    waiting: int = 8


class Printer:
    """One long-lived process that sets documents one at a time, started when the first one is asked for."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._places = BoundedSemaphore(self.limits.waiting)
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._owner = 0

    def render(self, html: str) -> bytes:
        if len(html) > self.limits.characters:
            raise DocumentTooLarge
        if not self._places.acquire(blocking=False):
            raise PrinterBusy
        try:
            return self._typeset(html)
        finally:
            self._places.release()

    def stop(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None and self._owner == os.getpid():
            pool.stop()
            pool.join()

    def _typeset(self, html: str) -> bytes:
        try:
            return self._result(html)
        except BrokenProcessPool:  # the process was lost while it had nothing to do
            self.stop()
            return self._result(html)

    def _result(self, html: str) -> bytes:
        task = self._running().schedule(_work, (html, self.limits), timeout=self.limits.seconds)
        try:
            pdf: bytes = task.result()
        except Overdue as error:
            raise DocumentTooSlow from error
        except (MemoryError, RecursionError) as error:
            raise DocumentTooLarge from error
        except ProcessExpired as error:
            raise (DocumentTooSlow if error.exitcode == -signal.SIGXCPU else DocumentTooLarge) from error
        return pdf

    def _running(self) -> ProcessPool:
        with self._lock:
            if self._pool is None or self._owner != os.getpid():  # a forked server process starts one of its own
                self._pool = ProcessPool(
                    max_workers=1, initializer=_prepare, initargs=(self.limits,), context=get_context("spawn")
                )
                self._owner = os.getpid()
            return self._pool


_printer = Printer()
atexit.register(_printer.stop)


def render(html: str) -> bytes:
    """The document as PDF/UA-1. Nothing that the HTML refers to is fetched."""
    return _printer.render(html)


def _prepare(limits: Limits) -> None:
    """In the process: only our own fonts, only so much memory; what takes time to load is loaded now."""
    import resource

    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    from careplan.pdf import engine

    engine.typeset("<title>-</title>", pages=1)


def _work(html: str, limits: Limits) -> bytes:
    import resource

    from careplan.pdf import engine

    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds, hard))
    return engine.typeset(html, pages=limits.pages)
