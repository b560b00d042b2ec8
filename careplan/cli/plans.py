"""careplan plan: a template rendered for a made-up patient."""

from datetime import UTC, datetime
from pathlib import Path

import click

from careplan.config import ROOT, Settings
from careplan.demo.sample import sample_facts, sample_plan
from careplan.library import Library
from careplan.library.plain import plain_lines
from careplan.library.revisions import Content


@click.group()
@click.option(
    "--content",
    "content_path",
    default=ROOT / "content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="the content directory, when it is not the checkout's own",
)
@click.pass_context
def plan(context: click.Context, content_path: Path) -> None:
    """Plan templates, rendered for a made-up patient."""
    context.obj = content_path


@plan.command()
@click.argument("plan_id", metavar="ID")
@click.option("--lang", default="sv", show_default=True)
@click.pass_obj
def show(content_path: Path, plan_id: str, lang: str) -> None:
    """The template as text, every chapter shown."""
    for line in _lines(_rendered(Library.load(content_path), content_path, plan_id, lang)):
        click.echo(line)


@plan.command()
@click.argument("plan_id", metavar="ID")
@click.option("--lang", default="sv", show_default=True)
@click.option("--size", default="14", show_default=True, type=click.Choice(["14", "18"]), help="points")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def pdf(content_path: Path, plan_id: str, lang: str, size: str, output: Path) -> None:
    """The template as an accessible PDF."""
    from careplan import create_app
    from careplan import pdf as printer
    from careplan.web.printing import template_document

    if not output.parent.is_dir():  # said before the work is done
        raise click.BadParameter(f"there is no directory {output.parent}", param_hint="-o")
    library = Library.load(content_path)
    content = _rendered(library, content_path, plan_id, lang)
    # Templates and translations need an app; neither a database nor a secret is asked for.
    settings = Settings(demo=True, base_url="http://127.0.0.1", database_url="sqlite://", content_path=content_path)
    with create_app(settings, library).app_context():
        html = template_document(content, sample_facts(content_path), at=datetime.now(UTC), size=size)
    output.write_bytes(printer.render(html))


def _rendered(library: Library, content_path: Path, plan_id: str, lang: str) -> Content:
    return sample_plan(library.plan(plan_id, lang), sample_facts(content_path))


def _lines(content: Content) -> list[str]:
    lines = [f"# {content['title']}"]
    for phase in content["phases"]:
        lines += ["", f"## {phase['title']}"]
        for chapter in phase["chapters"]:
            lines += _chapter(chapter)
    lines += ["", "##"]
    for chapter in content["always"]:
        lines += _chapter(chapter)
    return lines


def _chapter(chapter: Content) -> list[str]:
    lines = ["", f"### {chapter['title']}"]
    for part in (chapter["key"], chapter["call"], chapter["intro"]):
        if part:
            lines += ["", *plain_lines(part)]
    for section in chapter["sections"]:
        lines += ["", f"#### {section['title']}", "", *plain_lines(section["html"])]
    return lines
