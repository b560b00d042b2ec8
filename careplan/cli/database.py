"""careplan db: the schema."""

from pathlib import Path

import click
import sqlalchemy as sa

from careplan import schema
from careplan.config import Settings


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema; harmless when it is there already."""
    url = sa.make_url(Settings().database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    schema.upgrade(url.render_as_string(hide_password=False))
