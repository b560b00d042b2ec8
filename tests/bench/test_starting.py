"""How long until the app answers: a process that starts, with all content."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from careplan import schema
from careplan.config import ROOT
from careplan.library import Library, Stored, check, read_tree
from careplan.library.loading import Held
from careplan.library.readability import text_findings
from tests.bench.conftest import cpu_seconds

pytestmark = pytest.mark.bench

START = """
import sys, time
from careplan import create_app
from careplan.config import Settings
create_app(Settings(demo=True, database_url=sys.argv[1]))
print(time.process_time())
"""


def test_the_app_starts_in_less_than_two_seconds_with_all_content(figure: Callable[..., None], tmp_path: Path) -> None:
    """From nothing: the interpreter, every import, and all content read, checked and compiled, with what is published
    over it. What a restart costs the clinic, and whoever tries a change out."""
    url = f"sqlite:///{tmp_path}/empty.db"
    schema.upgrade(url)
    spent = []
    for _repeat in range(4):
        command = [sys.executable, "-c", START, url]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        spent.append(float(run.stdout))
    figure("start-up with all content, CPU", min(spent), "s", at_most=2)


def test_all_content_is_loaded_in_less_than_a_second_and_a_half(figure: Callable[..., None]) -> None:
    seconds = cpu_seconds(lambda: Library.load(ROOT / "content"), repeats=4)
    figure("loading all content, CPU", seconds, "s", at_most=1.5)


def test_what_is_published_is_opened_without_compiling_the_rest(figure: Callable[..., None], library: Library) -> None:
    """What a running server does beside its requests when an editor publishes a chapter that all templates use."""
    place = ("chapter", "your-team", "sv")
    file = library.file(place)
    assert file is not None
    texts = iter(f"{file.text}\nEn rad till, nummer {number}.\n" for number in range(1000))

    def reopen() -> None:
        stored = Stored({place: Held(next(texts), library.file_hash(place))})
        Library.open(library.tree, stored, dict(library.compiled))

    figure("opening a published chapter, CPU", 1000 * cpu_seconds(reopen), "ms", at_most=150)
    figure(
        "trying an editor's draft, CPU",
        1000 * cpu_seconds(lambda: library.trial(place, next(texts))),
        "ms",
        at_most=100,
    )


def test_all_content_is_checked_in_less_than_three_seconds(figure: Callable[..., None]) -> None:
    def checked() -> None:
        text_findings.cache_clear()
        check(ROOT / "content")

    figure("`careplan check` of all content, CPU", cpu_seconds(checked, repeats=3), "s", at_most=3)


def test_reading_the_files_takes_next_to_nothing(figure: Callable[..., None]) -> None:
    figure("reading the files of content, CPU", 1000 * cpu_seconds(lambda: read_tree(ROOT / "content")), "ms")
