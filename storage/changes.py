"""Waiting for work without asking for it all the time: a process learns that another one has committed.

SQLite tells by a counter that costs microseconds to read (``PRAGMA data_version``: it changes whenever any other
connection, of this process or another one, has committed). A database server is simply asked again every half second.
"""

import sqlite3
import threading
import time
from types import TracebackType
from typing import Final

from sqlalchemy.pool import PoolProxiedConnection

from storage.database import Database

#: seconds between two looks at the counter: how late work may be begun
_LOOK_SECONDS: Final = 0.08
#: seconds until work is looked for again where commits cannot be seen
_SERVER_SECONDS: Final = 0.5


class Changes:
    """Tells one thread when there may be something new. What was committed since the last ``wait`` ended is never
    missed: ``wait`` then returns at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None
        self._seen: int | None = None

    def __enter__(self) -> "Changes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Return once somebody has committed, ``seconds`` are over, or ``stop`` is set; whether somebody may have."""
        if not self._database.is_sqlite:
            stop.wait(min(seconds, _SERVER_SECONDS))
            return True
        end = time.monotonic() + seconds
        while (version := self._version()) == self._seen and not stop.is_set():
            left = end - time.monotonic()
            if left <= 0:
                return False
            stop.wait(min(left, _LOOK_SECONDS))
        has_changed = version != self._seen
        self._seen = version
        return has_changed

    def _version(self) -> int | None:
        """The counter; as seen last where it cannot be read (the disk is gone: whoever asks for work says so)."""
        try:
            if self._connection is None:
                self._connection = self._database.engine.raw_connection()
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            version: int = cursor.fetchone()[0]  # type: ignore[index]  # this pragma always answers a row
            cursor.close()
        except sqlite3.Error:
            return self._seen
        return version
