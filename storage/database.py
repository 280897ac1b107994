"""Opening the database. Sessions are opened only at the edges: a request, a job, a command.

SQLite runs in WAL mode with foreign keys on. Every writing transaction begins with ``BEGIN IMMEDIATE``: a deferred
transaction that reads first and writes later fails at once with "database is locked" when another writer commits in
between, however long the timeout is.

Writers of one process take turns by a lock of their own before they ask SQLite for its: SQLite waits by polling with
pauses of up to a tenth of a second, in no order, which twenty clerks at once feel. Writers of other processes (the
workers) still meet in SQLite's lock.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from config.errors import EXIT_UNABLE, ArchiveError

BUSY_SECONDS = 30
#: driver used where the address names none: SQLAlchemy's own choice is one we neither test nor name
_DRIVERS = {"postgresql": "postgresql+psycopg"}
#: in ``Session.info`` of a session that only reads
READ_ONLY = "read_only"
#: mark on a connection that holds its process's turn to write
_TURN = "archive_turn"


class DriverMissing(ArchiveError):
    """The Python package that speaks with the database server named in the settings is not installed."""

    code = "DATABASE-DRIVER"
    vi = (
        "Chưa cài gói Python {package} để nối với máy chủ cơ sở dữ liệu. Dữ liệu không bị ảnh hưởng. "
        'Hãy chạy: .venv/bin/python -m pip install "psycopg[binary]", hoặc bỏ database_url trong settings.toml.'
    )
    en = (
        "The Python package {package}, which speaks with the database server, is not installed. No data was touched. "
        'Run: .venv/bin/python -m pip install "psycopg[binary]", or remove database_url from settings.toml.'
    )
    exit_code = EXIT_UNABLE
    status = 503


class Database:
    """One database and how transactions on it begin. Cheap to make; ``close`` releases its connections."""

    def __init__(self, url: str) -> None:
        given = make_url(url)
        self.url = given.set(drivername=_DRIVERS.get(given.drivername, given.drivername))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {}
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            options = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
        try:
            self.engine: Engine = create_engine(self.url, **options)
        except ModuleNotFoundError as error:
            raise DriverMissing(package=error.name) from error
        if self.is_sqlite:
            self._turn = threading.Lock()
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", self._begin_sqlite)
            event.listen(self.engine, "checkin", self._end_turn)
        self._writer = self.engine.execution_options(archive_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing it changes is kept."""
        with Session(self.engine, expire_on_commit=False, info={READ_ONLY: True}) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is one writing transaction: committed at the end, rolled back by any exception."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def writer_session(self) -> Session:
        """A writing session whose end the caller decides (a web request commits only when its answer is made)."""
        return Session(self._writer, expire_on_commit=False)

    def close(self) -> None:
        """Release all connections; safe to call twice."""
        self.engine.dispose()

    def _begin_sqlite(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("archive_write"):
            connection.exec_driver_sql("BEGIN")
            return
        # whoever waits longer than that is told by SQLite that the database is locked
        if _TURN not in connection.info and self._turn.acquire(timeout=BUSY_SECONDS):
            connection.info[_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _end_turn(self, _connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
        # a connection goes back to the pool after its commit or rollback, however it ended
        if record.info.pop(_TURN, False):
            self._turn.release()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself, or BEGIN IMMEDIATE could never be the first statement.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
