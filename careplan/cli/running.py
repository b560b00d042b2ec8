"""careplan serve, careplan worker: the processes."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from careplan import create_app, jobs
from careplan.cli.opened import publish
from careplan.config import Settings
from careplan.web import shelf

STOPPING_SECONDS = 30
PARENT_SECONDS = 1.0
# Requests at work at once in each process: enough to wait for the database with, few enough for its connections.
THREADS = 8
# Who holds the database runs Python between its statements, and so waits for the interpreter behind those who render:
# each time for up to Python's 5 ms, while all others wait for the database.
SWITCH_SECONDS = 0.0005


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="address to listen on; the demo stays on 127.0.0.1"
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker", is_flag=True, help="run `careplan worker` beside it")
def serve(port: int, host: str, workers: int, with_worker: bool) -> None:
    """Serve the web app until SIGTERM or SIGINT."""
    settings = Settings()
    if settings.demo and host != "127.0.0.1":
        raise click.BadParameter("the demo serves on 127.0.0.1 only", param_hint="--host")
    _insist_on_free(host, port)
    publish(settings)
    sys.setswitchinterval(SWITCH_SECONDS)  # the server's processes are forks of this one
    signal.signal(signal.SIGTERM, _stop)  # until the server has its own handlers
    with _worker_beside(with_worker):
        if settings.demo:
            click.echo(f"http://{host}:{port}")
        server = Granian(
            "careplan.cli.running:served_app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            factory=True,
            websockets=False,
            blocking_threads=THREADS,
            workers_kill_timeout=STOPPING_SECONDS,
        )
        server.serve()


@click.command()
@click.option("--parent", type=int, hidden=True, help="stop when this process, which started us, is gone")
def worker(parent: int | None) -> None:
    """Do the periodic work: notices, forms that fall due, the log's seals."""
    settings = Settings()
    if parent is not None:
        threading.Thread(target=_stop_without, args=(parent,), daemon=True).start()
    jobs.run(settings)


def _insist_on_free(host: str, port: int) -> None:
    """The server itself would say so in a traceback, and only after the rest is done."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}; try another --port") from error


def served_app() -> Flask:
    """The app in a web process, which ends when the one that started it is gone and so cannot end it."""
    threading.Thread(target=_stop_without, args=(os.getppid(),), daemon=True).start()
    app = create_app()
    shelf.watch(app)
    return app


@contextmanager
def _worker_beside(is_wanted: bool) -> Iterator[None]:
    """A worker process that ends when we do, however that is."""
    if not is_wanted:
        yield
        return
    child = subprocess.Popen([sys.executable, "-m", "careplan.cli", "worker", "--parent", str(os.getpid())])
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def _stop_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise click.Abort
