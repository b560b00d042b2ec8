"""careplan demo: the made-up clinic."""

from datetime import UTC, datetime

import click

from careplan.cli.opened import sessions
from careplan.config import Settings
from careplan.demo.loading import load as load_clinic
from careplan.i18n import TIME_ZONE
from careplan.library import Library


class Instant(click.ParamType):
    """An ISO time; without a zone it is Swedish time."""

    name = "ISO"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a time such as 2026-11-16T10:20", param, ctx)
        return (at if at.tzinfo else at.replace(tzinfo=TIME_ZONE)).astimezone(UTC)


@click.group()
def demo() -> None:
    """The demonstration."""


@demo.command()
@click.option("--patients", type=click.IntRange(8, 1_000_000), help="how many; 140 as the clinic has them")
@click.option("--seed", default=1, show_default=True)
@click.option("--at", type=Instant(), help="the moment that the clinic has come to; now unless given")
def load(patients: int | None, seed: int, at: datetime | None) -> None:
    """Fill an empty database with a made-up clinic. Only with CAREPLAN_DEMO=1."""
    settings = Settings()
    if not settings.demo:
        raise click.ClickException("made-up people are loaded only with CAREPLAN_DEMO=1")
    library = Library.load(settings.content_path)
    with sessions(settings) as made:
        loaded = load_clinic(
            made, library, settings.content_path, patients=patients, seed=seed, at=at or datetime.now(UTC)
        )
    click.echo("already loaded" if loaded is None else f"{loaded.patients} patients, {loaded.responses} answered forms")
