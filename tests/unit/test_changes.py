import threading

import pytest

from storage import changes
from storage.changes import Changes
from storage.database import Database
from storage.models.records import Meta


def note(database: Database, value: str) -> None:
    with database.write() as session:
        session.merge(Meta(key="test", value=value))


@pytest.fixture
def no_timeout(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Waiting that only a commit ends: the pause between two looks fails the test."""
    stop = threading.Event()

    def pause(_seconds: float | None = None) -> bool:
        raise AssertionError("waited although something had changed")

    monkeypatch.setattr(stop, "wait", pause)
    return stop


def test_what_another_connection_commits_ends_the_wait(
    database: Database, no_timeout: threading.Event
) -> None:
    if not database.is_sqlite:
        pytest.skip("a server is asked again and again")
    other = Database(str(database.url))
    with other, Changes(database) as waiting:
        waiting.wait(60, no_timeout)  # the first time there may be anything
        for value in ("a", "b"):
            note(other, value)
            assert waiting.wait(60, no_timeout)
        note(database, "by another thread of this process")
        waiting.wait(60, no_timeout)


def test_without_a_commit_the_wait_ends_with_its_time_or_the_wish_to_stop(database: Database) -> None:
    stop = threading.Event()
    with Changes(database) as waiting:
        assert waiting.wait(0.0, stop), "the first time there may be anything"
        assert not waiting.wait(0.1, stop)
        stop.set()
        assert not waiting.wait(3600, stop)


def test_where_commits_cannot_be_seen_work_is_looked_for_again_soon(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_SERVER_SECONDS", 0.0)
    monkeypatch.setattr(database, "is_sqlite", False)
    with Changes(database) as waiting:
        assert waiting.wait(3600, threading.Event()), "there may be"
