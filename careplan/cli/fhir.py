"""careplan questionnaire import, export: questionnaires in, from FHIR or our own format, and out, as FHIR."""

from pathlib import Path
from typing import Any

import click

from careplan.fhir.names import slug
from careplan.fhir.questionnaire_in import Imported, read_questionnaire
from careplan.fhir.report import FileRefused
from careplan.fhir.wire import MOST_BYTES, write_json


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="only say what would become of each item")
@click.option("--replace", is_flag=True, help="write over an earlier draft with the same id")
@click.option(
    "--map",
    "map_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a map to a scoring key, as in `declare`",
)
@click.pass_obj
def import_(content_path: Path, file: Path, *, dry_run: bool, replace: bool, map_path: Path | None) -> None:
    """Read a FHIR R4 or R5 Questionnaire, or a .yaml file in the content format, into a draft.

    Says of each item whether it is mapped (asked here), kept (carried word for word, not asked) or refused, and why.
    Expressions and regular expressions are never run, XHTML is never rendered.

    The draft is written to drafts/ID.yaml in the content directory. Nothing there is published content: no patient
    is asked from it before somebody has declared its scoring (`declare`) and published it (`publish`).
    """
    try:
        imported = _imported(file, content_path)
    except FileRefused as error:
        raise _refused(file, error) from None
    draft, lines = imported.draft, list(imported.report.lines())
    if map_path is not None:
        draft, remark = _bound(draft, map_path, content_path)
        lines[-1:-1] = [remark] if remark else []
    if not dry_run:
        lines[-1:-1] = _written(draft, content_path, replace=replace)
    click.echo("\n".join(lines))


@click.command()
@click.argument("questionnaire_id", metavar="ID")
@click.option("--draft", is_flag=True, help="the draft with this id, and not the published questionnaire")
@click.option("--base", help="the address that the region has for this service's FHIR resources")
@click.pass_obj
def export(content_path: Path, questionnaire_id: str, *, draft: bool, base: str | None) -> None:
    """Print a questionnaire as a FHIR R4 Questionnaire.

    ID is a questionnaire; where there is none, an imported draft. What a draft kept comes out as it came in.
    """
    from careplan.fhir.questionnaire_out import BASE, export_questionnaire

    status, content, key_text = _content(content_path, questionnaire_id, draft=draft)
    base = (base or BASE).rstrip("/")
    click.echo(write_json(export_questionnaire(content, base=base, status=status, key_text=key_text)))


def _imported(file: Path, content_path: Path) -> Imported:
    if file.stat().st_size >= MOST_BYTES:
        raise FileRefused(f"the file is too large; less than {MOST_BYTES} bytes are read")
    if file.suffix not in (".yaml", ".yml"):
        return read_questionnaire(file.read_bytes())
    from careplan.fhir.own_in import read_own
    from careplan.library import Library

    library = Library.load(content_path)
    keys = {each.id: each.text for each in library.files if each.kind == "instrument"}
    return read_own(file.read_bytes(), str(file), keys)


def _bound(draft: dict[str, Any], map_path: Path, content_path: Path) -> tuple[dict[str, Any], str]:
    from careplan.fhir.key_map import bind, read_map
    from careplan.library import Library

    return bind(draft, *read_map(map_path), Library.load(content_path).instruments)


def _written(draft: dict[str, Any], content_path: Path, *, replace: bool) -> list[str]:
    from careplan.cli.drafts import left_to_do
    from careplan.fhir.drafts import draft_path, write_draft

    left = left_to_do(draft, draft_path(content_path, draft["id"]), content_path)
    return [*left, f"draft: {write_draft(draft, content_path, replace=replace)}"]


def _content(content_path: Path, questionnaire_id: str, *, draft: bool) -> tuple[str, dict[str, Any], str]:
    """The status and the data of a published questionnaire or of a draft, and the text of its scoring key."""
    from careplan.fhir.draft_model import without_nulls
    from careplan.fhir.drafts import draft_path, read_draft
    from careplan.library import Library
    from careplan.library.binding import parted
    from careplan.library.document import read_yaml

    path, library = draft_path(content_path, slug(questionnaire_id, "questionnaire")), Library.load(content_path)
    if not draft and (questionnaire_id in library.questionnaires or not path.exists()):
        published = library.questionnaire(questionnaire_id)
        text, key_text = parted(next(file.text for file in library.files if file.hash == published.hash))
        return "active", without_nulls(read_yaml(text, questionnaire_id).data), key_text
    content = read_draft(path)
    keys = {file.id: file.text for file in library.files if file.kind == "instrument"}
    return "draft", content, keys.get(content.get("instrument", {}).get("key"), "")


def _refused(file: Path, error: FileRefused) -> click.ClickException:
    place = f"{file}:{error.line}" if error.line is not None else str(file)
    return click.ClickException(f"{place}: refused: {error if error.line is None else error.reason}")
