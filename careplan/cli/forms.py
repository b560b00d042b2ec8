"""careplan questionnaire list, show, score: what is loaded, and scores from a file of answers."""

import json
from pathlib import Path
from typing import Any

import click

from careplan.cli.keys import described, scored_by_key, state, summary_line
from careplan.domain.answers import Answer
from careplan.domain.keys import ScoringKey
from careplan.domain.questionnaire import Item, Questionnaire, as_sent, parse_answer, settled, text_in
from careplan.domain.scoring import compute, profiles
from careplan.domain.triage import say
from careplan.library import Library

language = click.option("--lang", default="sv", show_default=True)


@click.command("list")
@click.pass_obj
def list_(content_path: Path) -> None:
    """All questionnaires: id, version, title, number of questions, review status; then all scoring keys."""
    library = Library.load(content_path)
    for found in sorted(library.questionnaires.values(), key=lambda each: each.id):
        click.echo(
            f"{found.id}  {found.version}  {text_in(found.title, 'sv')}  "
            f"{len(found.questions)} questions  {found.review.status}"
        )
    for key in sorted(library.instruments.values(), key=lambda each: each.id):
        click.echo(summary_line(key))


@click.command()
@click.argument("questionnaire_id", metavar="ID")
@language
@click.pass_obj
def show(content_path: Path, questionnaire_id: str, lang: str) -> None:
    """One questionnaire: questions, scores, rules, sources. Or one scoring key: items, scores, licence, decisions."""
    library = Library.load(content_path)
    if questionnaire_id in library.instruments:
        click.echo("\n".join(described(library.instrument(questionnaire_id), lang)))
        return
    found = library.questionnaire(questionnaire_id)
    click.echo(f"{text_in(found.title, lang)}\n{found.id} {found.version}, {found.review.status}, {found.owner}")
    click.echo(f"languages: {', '.join(f'{each} {status}' for each, status in found.languages.items())}\n")
    for item in found.items:
        click.echo(f"{item.link_id}: {text_in(item.text, lang)}  [{_kind(found, item, lang)}]")
    if found.scores:
        click.echo()
    for scale in found.scores:
        click.echo(f"score {scale.id}: {scale.method.value} of {', '.join(scale.items)}, at least {scale.at_least}")
    if found.rules:
        click.echo()
    for rule in found.rules:
        click.echo(f"{rule.level.value} {rule.id}: {say(rule, found, lang)}")
    click.echo()
    for source in found.sources:
        click.echo(f"source: {source.title} ({source.reference})")


@click.command()
@click.argument("questionnaire_id", metavar="ID")
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def score(content_path: Path, questionnaire_id: str, file: Any) -> None:
    """Scores of FILE: one JSON object of answers, or a list of them ("-" reads standard input).

    ID is a questionnaire or a scoring key."""
    library = Library.load(content_path)
    found = library.instruments.get(questionnaire_id) or library.questionnaire(questionnaire_id)
    given = _read(file)
    scored = [_scored(found, one) for one in given] if isinstance(given, list) else _scored(found, given)
    click.echo(json.dumps(scored, ensure_ascii=False))


def _read(file: Any) -> Any:
    try:
        return json.loads(file.read().decode("utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name}: not UTF-8") from None
    except json.JSONDecodeError as error:
        raise click.ClickException(f"{file.name}:{error.lineno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise click.ClickException(f"{file.name}: nested too deeply") from None


def _scored(found: Questionnaire | ScoringKey, given: Any) -> dict[str, dict[str, float | str | None]]:
    if not isinstance(given, dict):
        raise click.ClickException("answers must be a JSON object: question to answer")
    if isinstance(found, ScoringKey):
        return {"scores": scored_by_key(found, given)}
    answers = {link_id: _answer(found.item(link_id), value) for link_id, value in given.items()}
    final = settled(found, answers)
    return {"scores": {**compute(found, final), **profiles(found, final)}}


def _answer(item: Item, value: Any) -> Answer:
    """A value, null (skipped), {"codes": …, "words": …} or {"state": …}; read as a browser's answer would be."""
    has_words = isinstance(value, dict) and set(value) == {"codes", "words"} and isinstance(value["words"], str)
    known = None if has_words else state(item.link_id, value)
    if known is not None:
        return known
    said = value["codes"] if has_words else value
    values = said if isinstance(said, list) else [said]
    if not all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values):
        raise click.ClickException(f"'{item.link_id}': an answer is a number, a text, null or a state")
    return parse_answer(item, as_sent(value))


def _kind(found: Questionnaire, item: Item, lang: str) -> str:
    kind = item.type.value
    if item.scale is not None:
        kind += f" {item.scale.min}-{item.scale.max}"
    if item.precision != "day":
        kind += f" to the {item.precision} at least"
    if item.options:
        kind += " " + "|".join(option.value + " …" * option.open for option in item.options)
    if openers := found.openers(item):
        kind += f", if {', '.join(sorted(openers))}"
    if group := found.group_of(item):
        kind += f", {group.kind.value} {group.id}"
    return kind
