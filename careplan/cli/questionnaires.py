"""careplan questionnaire: the group; its commands are imported when they are called for."""

from pathlib import Path

import click

from careplan.cli.lazy import LazyGroup

# config.ROOT is the same place; the settings around it take longer to import than a file takes to read.
_CONTENT = Path(__file__).resolve().parents[2] / "content"
_MODULES = {
    "list": "forms",
    "show": "forms",
    "score": "forms",
    "lock": "locks",
    "keys": "keys",
    "recompute": "scores",
    "import": "fhir",
    "export": "fhir",
    "export-response": "responses",
    "declare": "drafts",
    "publish": "drafts",
}


@click.group(cls=LazyGroup, modules=_MODULES)
@click.option(
    "--content",
    "content_path",
    default=_CONTENT,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="the content directory, when it is not the checkout's own",
)
@click.pass_context
def questionnaire(context: click.Context, content_path: Path) -> None:
    """What is loaded, scores, FHIR in and out, and from a draft to a form."""
    context.obj = content_path
