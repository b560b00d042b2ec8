"""The app's library: what holds now is read at `app.extensions["library"]`, and swapped there when it changes."""

from datetime import datetime
from pathlib import Path

from flask import Flask

from careplan.actions.shelf import Shelf, Watch
from careplan.library import Library
from careplan.library.opening import NO_PUBLICATION, open_library


def init_app(app: Flask, content_path: Path, library: Library | None) -> None:
    """Content is read here, before any request, and never on one."""
    last = NO_PUBLICATION
    if library is None:
        library, last = open_library(content_path, app.extensions["db_sessions"])

    def put_out(opened: Library) -> None:
        app.extensions["library"] = opened

    put_out(library)
    app.extensions["shelf"] = Shelf(library, put_out, lambda: app.extensions["db_sessions"], last)


def refresh(app: Flask, *, at: datetime) -> bool:
    """Open what was published; tests do so where a process watches."""
    shelf: Shelf = app.extensions["shelf"]
    return shelf.refresh(at=at)


def watch(app: Flask) -> None:
    Watch(app.extensions["shelf"]).start()
