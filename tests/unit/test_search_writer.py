"""The writer: nothing acknowledged is lost, one writer at a time, and changing the index while it is in use."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from config.settings import Settings
from ingest import jobs
from ingest.jobs import NewJob
from search import check, schema, tree, writer
from search.folder import IndexBusy, IndexFolder
from search.library import library
from storage import batches, pages
from storage.access import SERVICE
from storage.database import Database
from storage.models.base import now
from storage.models.records import OutboxEntry
from storage.models.scans import Batch, Page
from storage.models.search import PagePerson
from tests.search_archive import add_batch, add_pages, reading_of


def waiting(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxEntry)) or 0


def indexed(settings: Settings) -> list[int]:
    with library(settings.index_folder).reader() as reader:
        return reader.page_ids(tree.Bool()) if reader else []


def fill(database: Database, count: int) -> None:
    with database.write() as session:
        add_pages(session, add_batch(session), [f"trang {n} của ông Lê Văn Tám" for n in range(count)])


@contextmanager
def running(settings: Settings, database: Database) -> Iterator[None]:
    """A writer at work in a thread."""
    stop = Event()
    thread = Thread(target=writer.run, args=(settings, database, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def begin_reading(database: Database) -> None:
    """A batch with a scan of which one page is read and another is still to be."""
    with database.write() as session:
        add_pages(session, add_batch(session), ["trang một"])
        jobs.enqueue(session, [NewJob("recognise", 1, scan_id=1, page_id=1)], now())


def test_rows_are_cleared_only_after_the_files_are_on_the_disk(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 3)
    writer.drain(database, settings)
    fill(database, 2)
    seen = []

    def failing_sync(self: IndexFolder, folder: Path) -> None:
        seen.append(waiting(database))
        raise OSError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(IndexFolder, "sync", failing_sync)
        with pytest.raises(OSError, match="no space"):
            writer.drain(database, settings)
    assert seen == [2]
    assert waiting(database) == 2
    writer.drain(database, settings)
    assert waiting(database) == 0
    assert indexed(settings) == [1, 2, 3, 4, 5]


def test_a_halted_batch_leaves_the_index_and_its_persons_are_forgotten(settings: Settings, database: Database) -> None:
    fill(database, 2)
    writer.drain(database, settings)
    with database.write() as session:
        assert session.scalar(select(func.count()).select_from(PagePerson)) == 2
        batches.halt_for_secrecy(session, SERVICE, session.get(Batch, 1), "MẬT", 1)
    writer.drain(database, settings)
    assert indexed(settings) == []
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(PagePerson)) == 0
        assert check.differences(session, settings) == []


def test_only_one_writer(settings: Settings, database: Database) -> None:
    with IndexFolder(settings.index_folder).writer_lock(), pytest.raises(IndexBusy):
        writer.drain(database, settings)


def test_an_index_of_another_version_is_built_anew(settings: Settings, database: Database) -> None:
    fill(database, 2)
    writer.drain(database, settings)
    current = settings.index_folder / "current.json"
    current.write_text(current.read_text().replace(f'"version": {schema.VERSION}', '"version": 0'))
    assert IndexFolder(settings.index_folder).current() is None
    writer.drain(database, settings)
    assert indexed(settings) == [1, 2]


def test_past_the_limit_auto_builds_tantivy_beside_and_switches(settings: Settings, database: Database) -> None:
    small = replace(settings, search_switch_pages=4)
    fill(database, 3)
    folder = IndexFolder(settings.index_folder)
    with folder.writer_lock():
        one = writer.Writer(database, small, folder)
        one.open()
        while one.step():
            pass
        assert folder.current().engine == "whoosh"
        fill(database, 3)
        assert one.step()
        fill(database, 1)  # comes in while the other index is being built
        while one.step():
            pass
        one.close()
    assert folder.current().engine == "tantivy"
    assert indexed(settings) == list(range(1, 8))
    assert [p.name for p in settings.index_folder.iterdir() if p.is_dir()] == [folder.current().folder.name]
    with database.read() as session:
        assert check.differences(session, small) == []


def test_a_running_writer_rebuilds_when_asked(settings: Settings, database: Database) -> None:
    fill(database, 2)
    with running(settings, database):
        assert writer.wait_until_indexed(database, 60)
        before = IndexFolder(settings.index_folder).current()
        with database.write() as session:
            writer.request_rebuild(session)
        end = time.monotonic() + 60
        while IndexFolder(settings.index_folder).current() in (before, None) and time.monotonic() < end:
            time.sleep(0.05)
    assert IndexFolder(settings.index_folder).current() != before
    assert indexed(settings) == [1, 2]


RUN = """
import sys, threading
from pathlib import Path
from config.settings import load_settings
from search import writer
from storage.database import Database
url = sys.argv[3] or None
settings = load_settings(Path(sys.argv[1]), environment={}, search_engine=sys.argv[2], database_url=url)
with Database(settings.database) as database:
    writer.run(settings, database, threading.Event())
"""


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_killing_the_writer_loses_nothing_acknowledged(settings: Settings, database: Database, engine: str) -> None:
    settings = replace(settings, search_engine=engine)
    for at_once in (2, 7):
        command = [sys.executable, "-c", RUN, str(settings.data), engine, settings.database_url]
        process = subprocess.Popen(command, cwd=Path(writer.__file__).parents[1])
        fill(database, 1)
        assert writer.wait_until_indexed(database, 180)
        for _ in range(at_once):  # it dies gathering, writing or clearing, as chance has it
            fill(database, 2)
        process.kill()
        process.wait()
        library(settings.index_folder).close()
        with database.read() as session:
            assert check.differences(session, settings) == []
    writer.drain(database, settings)
    with database.read() as session:
        pages = list(session.scalars(select(Page.id)))
    assert indexed(settings) == pages
    assert waiting(database) == 0


def test_a_first_build_ends_when_told_to_and_begins_again(settings: Settings, database: Database) -> None:
    fill(database, 2)
    stop = Event()
    stop.set()
    writer.run(settings, database, stop)
    assert IndexFolder(settings.index_folder).current() is None
    assert waiting(database) == 2
    writer.drain(database, settings)
    assert indexed(settings) == [1, 2]


def test_pages_of_a_scan_still_being_read_are_gathered_and_its_last_one_is_not_kept_waiting(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_GATHER_SECONDS", 600.0)  # only what is whole ends the pause
    begin_reading(database)
    with running(settings, database):
        assert writer.wait_until_indexed(database, 60), "the first page is not kept waiting"
        with database.write() as session:
            page = Page(scan_id=1, number=2, header_checked=True)
            session.add(page)
            session.flush()
            pages.store_reading(session, page, reading_of("trang hai"))
        assert not writer.wait_until_indexed(database, 1)
        with database.write() as session:
            jobs.settle(session, jobs.claim(session, "test", now(), timedelta(60)), "finish", now())
        assert writer.wait_until_indexed(database, 60)
    assert indexed(settings) == [1, 2]


def test_what_is_whole_is_not_kept_waiting_by_what_is_not(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_GATHER_SECONDS", 600.0)
    begin_reading(database)
    with running(settings, database):
        assert writer.wait_until_indexed(database, 60)
        with database.write() as session:  # another scan of the batch, all of it read
            add_pages(session, session.get_one(Batch, 1), ["một trang khác"])
        assert writer.wait_until_indexed(database, 60)
    assert indexed(settings) == [1, 2]
