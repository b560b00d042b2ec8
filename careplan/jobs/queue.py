"""The queue that jobs stand in: a file, or Redis where the worker runs on several machines."""

import importlib.util

from huey import Huey, SqliteHuey

from careplan.config import Settings
from careplan.domain.errors import CareplanError

NAME = "careplan"


class RedisNotInstalled(CareplanError):
    """CAREPLAN_QUEUE_URL asks for Redis, and Python has no client for it."""


def open_queue(settings: Settings) -> Huey:
    """Results are not kept: what a job did stands in the database. Raises RedisNotInstalled."""
    url = settings.queue_url.get_secret_value()
    if url:
        if importlib.util.find_spec("redis") is None:
            raise RedisNotInstalled
        from huey import RedisHuey  # of no use without the package, which only several machines need

        return RedisHuey(NAME, url=url, results=False)
    settings.queue_path.parent.mkdir(parents=True, exist_ok=True)
    # Like the database: no write-ahead log, which older SQLite may corrupt when there is more than one connection.
    return SqliteHuey(NAME, filename=str(settings.queue_path), results=False, journal_mode="truncate")
