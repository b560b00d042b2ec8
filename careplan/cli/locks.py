"""careplan questionnaire lock: the hashes that lock validated wording."""

from pathlib import Path

import click

from careplan.library import UnknownQuestionnaire
from careplan.library.document import read_yaml, validated
from careplan.library.languages import locks
from careplan.library.schema import QuestionnaireModel


@click.command()
@click.argument("questionnaire_id", metavar="ID")
@click.pass_obj
def lock(content_path: Path, questionnaire_id: str) -> None:
    """The lock of each language of a form, to put into its file once the wording is validated.

    A lock holds wording, order, options, ends of scales and link ids. Where one of them is changed later, the content
    does not load before the change is undone, or validated and locked anew."""
    # The file alone: a form whose lock does not fit is not in the library.
    path = content_path / "questionnaires" / f"{questionnaire_id}.yaml"
    if questionnaire_id not in {file.stem for file in path.parent.glob("*.yaml")}:
        raise UnknownQuestionnaire(questionnaire_id)
    model = validated(QuestionnaireModel, read_yaml(path.read_text(encoding="utf-8-sig"), str(path)))
    click.echo("locks:")
    for lang, found in locks(model).items():
        click.echo(f'  {lang}: "{found}"')
