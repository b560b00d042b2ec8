"""careplan check, careplan content: what editors write."""

from pathlib import Path

import click

from careplan.cli.opened import publish as publish_content
from careplan.config import ROOT, Settings
from careplan.library import Library
from careplan.library import check as check_content
from careplan.library.readability import reading_levels, report


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--report", "is_report", is_flag=True, help="print how hard each text is to read instead, as Markdown")
def check(path: Path | None, is_report: bool) -> int:
    """Lint content/ (or PATH): file:line: message. Exit code 1 when there are errors."""
    if is_report:
        click.echo(report(reading_levels(path or ROOT / "content")), nl=False)
        return 0
    problems = sorted(check_content(path or ROOT / "content"))
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.is_error for problem in problems)
    click.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
    return 1 if errors else 0


@click.group()
def content() -> None:
    """Templates, chapters and questionnaires in the database."""


@content.command()
def publish() -> None:
    """Store the files' versions that are not in the database yet. None of them where one has an error."""
    settings = Settings()
    click.echo(f"{publish_content(settings, Library.load(settings.content_path))} new versions")
