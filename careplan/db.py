"""The database: Base, engine, the request's one Session, and the UTC type."""

import fcntl
import os
import sqlite3
from collections import defaultdict
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from threading import Lock
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, current_app, g, has_app_context
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached, sessionmaker

# Before this version a WAL checkpoint race can corrupt the file when there is more than one connection.
SAFE_WAL_VERSION = (3, 51, 3)
BUSY_TIMEOUT_MS = 20_000


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: timezone-aware in Python, UTC in the database. A naive value is an error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A serial number that SQLite, too, fills in by itself.
Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Base(DeclarativeBase):
    """All tables. Enumerations are stored by value; constraints have names so that migrations can find them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime(),
        UUID: sa.Uuid(),
        Enum: sa.Enum(Enum, native_enum=False, length=32, values_callable=lambda e: [member.value for member in e]),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
    }


class QueuedConnection(sqlite3.Connection):
    """One transaction at a time is SQLite's rule; this is the queue for it, from before BEGIN to the end.

    Those who find the database taken otherwise sleep for up to 100 ms and try again, whoever came first: under load it
    stands idle meanwhile, and some wait for seconds. Threads of one process queue at a lock that can time out, and the
    first of each process at the lock of a file, which the system gives back when a process dies. What protects the
    data is still SQLite's own lock: whoever does not queue costs only time.
    """

    _threads: defaultdict[str, Lock] = defaultdict(Lock)

    def __init__(self, database: str, *args: Any, **options: Any) -> None:
        super().__init__(database, *args, **options)
        self._queue = f"{os.path.realpath(database)}-queue"
        self._place: int | None = None

    def join_queue(self) -> bool:
        """False when nobody in this process has come to the front for too long."""
        if self._place is None:
            threads = self._threads[self._queue]
            if not threads.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
                return False
            try:
                self._place = os.open(self._queue, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
                fcntl.flock(self._place, fcntl.LOCK_EX)
            except OSError:
                self._place = None
                threads.release()
                raise
        return True

    def leave_queue(self) -> None:
        if self._place is not None:
            os.close(self._place)
            self._place = None
            self._threads[self._queue].release()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self._leave_when_done()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave_when_done()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.leave_queue()

    def _leave_when_done(self) -> None:
        if not self.in_transaction:  # a commit that failed is still to be rolled back
            self.leave_queue()


def make_engine(url: str, **options: Any) -> sa.Engine:
    """Engine for SQLite or PostgreSQL. SQLite writes are durable before they are acknowledged."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, connect_args={"factory": QueuedConnection}, **options)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_immediate)
        return engine
    options.setdefault("pool_pre_ping", True)
    return sa.create_engine(url, **options)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver shall not begin transactions on its own
    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL_VERSION else "TRUNCATE"
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    queued = connection.connection.dbapi_connection
    assert isinstance(queued, QueuedConnection)
    if not queued.join_queue():
        raise sa.exc.OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("the queue stands still"))
    try:
        # A transaction that reads first and writes later fails under load whatever the timeout.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except sa.exc.DBAPIError:
        queued.leave_queue()
        raise


def make_sessions(engine: sa.Engine) -> sessionmaker[Session]:
    sessions = sessionmaker(engine, expire_on_commit=False)
    sa.event.listen(sessions, "after_begin", _refuse_while_rendering)
    return sessions


def _refuse_while_rendering(*_: object) -> None:
    if has_app_context() and g.get("rendering", False):
        raise RuntimeError("a template asked the database; fetch it in the view, before the commit")


def insert(session: Session, row: Base) -> None:
    """Insert one new object at once. The unit of work also looks for what depends on it, and costs ten times more."""
    statement, columns = _insertion(type(row))
    given = row.__dict__
    for name, default in columns.items():
        if name not in given:
            setattr(row, name, _value_of(default))
    session.execute(statement, {name: given[name] for name in columns})
    make_transient_to_detached(row)
    session.add(row)


@cache
def _insertion(model: type[Base]) -> tuple[sa.Insert, dict[str, Any]]:
    """The statement, and each column's name with its default."""
    table = Base.metadata.tables[model.__tablename__]
    return sa.insert(table), {column.key: column.default for column in table.columns}


def _value_of(default: Any) -> Any:
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def init_app(app: Flask, url: str) -> None:
    """Give the app its engine, and each request one Session that is closed at its end."""
    app.extensions["db_sessions"] = make_sessions(make_engine(url))
    app.teardown_appcontext(_close)


def session() -> Session:
    """The request's one Session. The view commits; nobody else does."""
    if "db" not in g:
        g.db = current_app.extensions["db_sessions"]()
    opened: Session = g.db
    return opened


def _close(_error: BaseException | None) -> None:
    opened = g.pop("db", None)
    if opened is not None:
        opened.close()
