"""Scoring keys on the command line: what one holds, and scores of plain JSON answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from careplan.domain.answers import DECLINED, NOT_SHOWN, UNANSWERED, Answer, answered
from careplan.domain.keys import ScoringKey, compute
from careplan.domain.questionnaire import text_in
from careplan.library import Library
from careplan.library.key_page import page

STATES = {"declined": DECLINED, "not-shown": NOT_SHOWN, "unanswered": UNANSWERED}


@click.command()
@click.pass_obj
def keys(content_path: Path) -> None:
    """The page on all scoring keys, docs/instruments.md."""
    click.echo(page(Library.load(content_path).instruments.values()), nl=False)


def state(item_id: str, value: Any) -> Answer | None:
    """The answer that null or {"state": …} stands for; None where it is a value."""
    if value is None:
        return UNANSWERED
    if not isinstance(value, dict):
        return None
    word = value.get("state")
    if isinstance(word, str) and set(value) == {"state"} and word in STATES:
        return STATES[word]
    raise click.ClickException(f"'{item_id}': an answer's state is one of {', '.join(STATES)}")


def scored_by_key(key: ScoringKey, given: dict[str, Any]) -> dict[str, float | str | None]:
    return compute(key, {item_id: _answer(item_id, value) for item_id, value in given.items()})


def _answer(item_id: str, value: Any) -> Answer:
    known = state(item_id, value)
    if known is not None:
        return known
    if isinstance(value, bool):
        return answered("yes" if value else "no")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return answered(tuple(value))
    if isinstance(value, str | int | float):
        return answered(value)
    raise click.ClickException(f"'{item_id}': an answer is a number, a code, a list of codes, true, false or null")


def summary_line(key: ScoringKey) -> str:
    marks = ", ".join(mark.value for mark in key.marks)
    return (
        f"{key.id}  {key.version}  {key.title}  scoring key, {len(key.items)} items, {len(key.scales)} scores  "
        f"{marks}  {key.licence.kind.value}"
    )


def described(key: ScoringKey, lang: str) -> Iterator[str]:
    """The lines of `questionnaire show` for a key."""
    licence = key.licence
    yield key.title
    yield f"{key.id} {key.version}, scoring key without wording, answered by a {key.respondent}\n"
    if licence.claims_scoring:
        yield "the holder claims the scoring too: it is not shown; `questionnaire score` reckons with it, for checking"
    else:
        yield from _scoring(key, lang)
    yield f"\nlicence: {licence.kind.value}, {licence.holder}: {text_in(licence.asks, lang)}"
    for source in key.sources:
        yield f"source: {source.title} ({source.reference})"


def _scoring(key: ScoringKey, lang: str) -> Iterator[str]:
    for item in key.items.values():
        kind = "decimal" if item.decimal else "|".join(str(value) for value in item.points)
        yield f"{item.id}: {kind}{'' if item.scored else ', not scored'}"
    yield ""
    for scale in key.scales:
        low, high = scale.range
        parts = ", ".join((*scale.items, *scale.scores))
        mark = scale.verification.value if scale.verification else ""
        yield f"score {scale.id} ({text_in(scale.title, lang)}): {scale.method.value} of {parts}"
        yield f"  {low:g} to {high:g}, {scale.higher_means.value} when higher, at least {scale.at_least}; {mark}"
    for decision in key.decisions:
        yield f"decided: {decision.about}: {decision.decision}"
