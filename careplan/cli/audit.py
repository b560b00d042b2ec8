"""careplan audit: is the log whole, and where does it end?"""

import click
import sqlalchemy as sa

from careplan.actions.audit import broken_seals
from careplan.cli.opened import sessions
from careplan.config import Settings
from careplan.models import AuditSeal


@click.group()
def audit() -> None:
    """The log's chain."""


@audit.command()
@click.option("--head", metavar="HASH", help="a hash that `audit head` printed earlier and that was kept elsewhere")
def verify(head: str | None) -> int:
    """Whether all sealed rows are as they were sealed. Exit code 1 when they are not."""
    with sessions(Settings()) as made, made() as db:
        broken = broken_seals(db, head=head)
        seals = db.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) or 0
    if broken:
        said = ["the head that was kept is not in the log" if each == 0 else f"seal {each}" for each in broken]
        raise click.ClickException(f"the log does not hold: {', '.join(said)}")
    click.echo(f"{seals} seals hold")
    return 0


@audit.command()
def head() -> None:
    """The hash of the newest seal. Keep it elsewhere: it shows later that nothing was cut off."""
    with sessions(Settings()) as made, made() as db:
        newest = db.scalar(sa.select(AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1))
    if newest is None:
        raise click.ClickException("nothing is sealed yet")
    click.echo(newest)
