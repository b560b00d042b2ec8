"""careplan questionnaire declare, publish: from an imported draft to a form that can be asked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from careplan.actions import questionnaires
from careplan.cli.opened import sessions
from careplan.config import Settings
from careplan.fhir.drafts import draft_path, placed, publishable, read_draft, write_draft
from careplan.fhir.key_map import bind, declared, read_map
from careplan.fhir.names import slug
from careplan.i18n import local
from careplan.jobs import SYSTEM
from careplan.library import Library

DAY = "%Y-%m-%d"


@click.command()
@click.argument("questionnaire_id", metavar="ID")
@click.option("--none", "how", flag_value="none", help="the form has no scores")
@click.option("--own", "how", flag_value="own", help="the scores that stand in the draft are right")
@click.option("--map", "map_path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="see below")
@click.option("--by", metavar="NAME", help="who says so; with --map it stands in the file")
@click.option("--on", type=click.DateTime([DAY]), help="which day, when it is not today")
@click.pass_obj
def declare(
    content_path: Path,
    questionnaire_id: str,
    *,
    how: str | None,
    map_path: Path | None,
    by: str | None,
    on: datetime | None,
) -> None:
    """Say how a draft is scored: not at all, by the scores that somebody has written in it, or by a scoring key.

    For a key, --map names a YAML file: `key`; `items`, by link id the key's item; `answers`, by link id what each
    option is in the key, where it is not called the same; `agreement`, where the holder claims the scoring;
    `reviewed: {by, on}`, without which the scoring stays undeclared.
    """
    if (how is None) == (map_path is None):
        raise click.UsageError("say one of --none, --own and --map")
    path = draft_path(content_path, slug(questionnaire_id, "questionnaire"))
    draft = read_draft(path)
    if map_path is not None:
        draft, remark = bind(draft, *read_map(map_path), Library.load(content_path).instruments)
        if remark:
            click.echo(remark)
    elif not (by or "").strip():
        raise click.UsageError("--by says who declares the scoring")
    else:
        day = on.date() if on else local(datetime.now(UTC)).date()
        status = "none" if how == "none" else "declared"
        draft = draft | {"scoring": declared(draft, status, by=(by or "").strip(), on=day)}
    write_draft(draft, content_path, replace=True)
    click.echo("\n".join([*left_to_do(draft, path, content_path), f"draft: {path}"]))


@click.command()
@click.argument("questionnaire_id", metavar="ID")
@click.option("--replace", is_flag=True, help="a new version of a questionnaire that is published already")
@click.pass_obj
def publish(content_path: Path, questionnaire_id: str, *, replace: bool) -> None:
    """Publish a draft: it moves to questionnaires/, and its version into the database.

    Nothing is published while something is left to do: somebody declares the scoring, golden cases on both sides of
    each score pass, the licence is looked into and, where an instrument asks for one, recorded by a unit.
    Plans and nurses can ask with the form from the next start of the service.
    """
    path = draft_path(content_path, slug(questionnaire_id, "questionnaire"))
    draft = read_draft(path)
    left = left_to_do(draft, path, content_path)
    if left:
        click.echo("\n".join(left))
        raise click.ClickException(f"'{draft['id']}' is not published: {len(left)} things are left to do")
    published = Library.load(content_path).questionnaires.get(draft["id"])
    if replace and published is not None and published.version == draft["version"]:
        raise click.ClickException(f"version {published.version} is published already: the draft needs another")
    with sessions(Settings()) as made, placed(draft, content_path, replace=replace) as library, made.begin() as db:
        form = questionnaires.publish(db, library, draft["id"], by=SYSTEM, at=datetime.now(UTC))
    click.echo(f"{form.id} {form.version} is published: {content_path / 'questionnaires' / f'{form.id}.yaml'}")


def left_to_do(draft: dict[str, Any], path: Path, content_path: Path) -> list[str]:
    keys = {file.id: file.text for file in Library.load(content_path).files if file.kind == "instrument"}
    return [f"to do before it is published: {reason}" for reason in publishable(draft, str(path), keys)]
