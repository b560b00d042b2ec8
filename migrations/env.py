"""Alembic's environment: the engine of the app, the models' metadata."""

from alembic import context
from sqlalchemy.engine import Connection

import careplan.models  # noqa: F401  (all tables)
from careplan.db import Base, make_engine


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


engine = make_engine(context.config.attributes["url"])
try:
    with engine.begin() as connection:
        run(connection)
finally:
    engine.dispose()
