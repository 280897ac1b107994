"""Writers of one process take turns, and every way a transaction can end gives the turn back."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import OperationalError

from storage import database as module
from storage.database import Database


@pytest.fixture
def counting(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with made.write() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    return made


def read_counter(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(text("SELECT n FROM counter")) or 0)


def test_no_increase_is_lost_between_threads(counting: Database) -> None:
    def raise_it() -> None:
        for _ in range(5):
            with counting.write() as session:
                known = session.scalar(text("SELECT n FROM counter"))
                session.execute(text("UPDATE counter SET n = :n"), {"n": int(known or 0) + 1})

    threads = [threading.Thread(target=raise_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_counter(counting) == 40


def test_a_writer_that_fails_or_is_left_open_gives_its_turn_back(counting: Database) -> None:
    with pytest.raises(OperationalError), counting.write() as session:
        session.execute(text("UPDATE no_such_table SET n = 1"))
    left = counting.writer_session()
    left.execute(text("UPDATE counter SET n = 99"))
    left.close()
    with counting.write() as session:
        session.execute(text("UPDATE counter SET n = n + 1"))
    assert read_counter(counting) == 1


def test_reading_waits_for_no_writer(counting: Database) -> None:
    with counting.write() as session:
        session.execute(text("UPDATE counter SET n = 7"))
        assert read_counter(counting) == 0


def test_a_turn_that_does_not_come_ends_in_a_locked_database(
    counting: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.01)
    impatient = Database(str(counting.url))
    with impatient.write() as first:
        first.execute(text("UPDATE counter SET n = 7"))
        with pytest.raises(OperationalError, match="locked"), impatient.write() as second:
            second.execute(text("UPDATE counter SET n = 8"))
    with impatient.write() as session:
        session.execute(text("UPDATE counter SET n = n + 1"))
    assert read_counter(counting) == 8


def test_a_server_is_spoken_to_by_the_driver_we_test_and_one_that_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def missing(url: URL, **_: object) -> None:
        asked.append(url.drivername)
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr(module, "create_engine", missing)
    with pytest.raises(module.DriverMissing, match="psycopg"):
        Database("postgresql://ai@nowhere/kho")
    assert asked == ["postgresql+psycopg"]
