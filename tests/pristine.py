"""One PostgreSQL database for all tests of a worker, put back after each.

To make a database anew takes 80 ms and more, and every connection to it learns its tables from the start: that was
most of a test's time. Statement triggers note which tables a test has written to, whatever process did it, and these
get back the rows that they began with.
"""

import sqlalchemy as sa

# What a test began to wait for and left: nothing of it may keep the next one waiting.
LEFT_OPEN = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
TOUCHED = "SELECT DISTINCT name FROM pristine.touched"
SILENCED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'D'"
NOTE = """
CREATE FUNCTION pristine.note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO pristine.touched VALUES (TG_TABLE_NAME); RETURN NULL; END $$
"""


class Pristine:
    """A filled database, remembered as it is when this is made."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            found = sa.inspect(connection)
            self._counters = {name: self._next(connection, name) for name in found.get_sequence_names()}
            connection.exec_driver_sql("CREATE SCHEMA pristine")
            connection.exec_driver_sql("CREATE UNLOGGED TABLE pristine.touched (name text)")
            connection.exec_driver_sql(NOTE)
            for table in found.get_table_names():
                connection.exec_driver_sql(f"CREATE TABLE pristine.{table} AS TABLE public.{table}")
                connection.exec_driver_sql(
                    f"CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON public.{table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION pristine.note()"
                )

    def restore(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(LEFT_OPEN)
            touched = set(connection.exec_driver_sql(TOUCHED).scalars())
            silenced = set(connection.exec_driver_sql(SILENCED).scalars())
            # As a replica: rows go in as they were, whatever triggers and foreign keys say of the way there.
            statements = ["SET session_replication_role = replica", "DELETE FROM pristine.touched"]
            statements += [f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in silenced]
            for table in touched | silenced:
                statements.append(f"DELETE FROM {table}")
                statements.append(f"INSERT INTO {table} SELECT * FROM pristine.{table}")
            statements += [f"SELECT setval('{name}', {value}, false)" for name, value in self._counters.items()]
            connection.exec_driver_sql("; ".join(statements))

    def close(self) -> None:
        self._engine.dispose()

    @staticmethod
    def _next(connection: sa.Connection, name: str) -> int:
        value: int = connection.exec_driver_sql(
            f"SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {name}"
        ).scalar_one()
        return value
