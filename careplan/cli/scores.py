"""careplan questionnaire recompute: do the stored scores still follow from the stored answers?"""

from datetime import UTC, datetime
from uuid import UUID

import click

from careplan.actions import audit
from careplan.cli.opened import sessions
from careplan.config import Settings
from careplan.jobs import SYSTEM
from careplan.queries import scores
from careplan.queries.scores import Figure


@click.command()
@click.option("--check", is_flag=True, help="exit code 1 when any score differs, for scripts")
def recompute(*, check: bool) -> int:
    """Score every stored response anew and list the scores that differ.

    Each is computed from its stored answers with its own version of the form. A stored score is what people saw and
    acted on, so nothing is written over it, with or without --check: what differs is for a person to look into.
    """
    count = differing = 0
    after: UUID | None = scores.START
    with sessions(Settings()) as made:
        while after is not None:
            # A transaction a page: on SQLite nobody else writes while one is open.
            with made.begin() as db:
                page = scores.recompute(db, after=after)
                if page.differences:
                    patients = [each.patient_id for each in page.differences]
                    at = datetime.now(UTC)
                    audit.record(db, "recompute-scores", by=SYSTEM, at=at, patients=patients, object_type="response")
            for each in page.differences:
                said = f"stored {_said(each.stored)}  new {_said(each.computed)}"
                click.echo(f"{each.response_id}  {each.score_id}  {said}")
            count, differing, after = count + page.count, differing + len(page.differences), page.last
    click.echo(f"{count} responses recomputed, {differing} scores differ")
    return 1 if check and differing else 0


def _said(figure: Figure) -> str:
    if figure is None:
        return "missing"
    return f"{figure:.12g}" if isinstance(figure, int | float) else str(figure)
