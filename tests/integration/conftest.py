"""A whole pipeline in one process: a watcher and a worker driven by hand, on a clock the test moves."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from config.settings import Settings
from ingest.recognise.client import ReaderProcess
from ingest.watch import Watcher
from ingest.worker import Worker
from ingest.workshop import Workshop
from storage.database import Database
from storage.models.base import now
from storage.models.records import Job
from storage.models.scans import Scan

#: for tests that are about files: pages get their pictures and wait to be read
READING = ("recognise", "split", "assemble")


@dataclass
class Line:
    """The pipeline and what a test does with it."""

    shop: Workshop
    watcher: Watcher
    worker: Worker
    clock: float = 0.0

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.shop.settings.inbox_folder

    def look(self, *, seconds: float = 1.0, times: int = 3) -> None:
        """Let the watcher look several times, ``seconds`` apart."""
        for _ in range(times):
            self.watcher.tick(self.clock)
            self.clock += seconds

    def settle(self, *, leave: tuple[str, ...] = ()) -> None:
        """Take in what lies there, do all work, and tidy the share; jobs of the stages to ``leave`` stay waiting."""
        self.look(seconds=6)
        self.work(leave)
        self.look(times=1)

    def work(self, leave: tuple[str, ...] = ()) -> None:
        """Do everything that can be done now."""
        later = update(Job).where(Job.stage.in_(leave), Job.state == "ready").values(run_at=now() + timedelta(days=1))
        while self.worker._work_once():
            if leave:
                with self.shop.database.write() as session:
                    session.execute(later)

    def scans(self) -> list[Scan]:
        """All scans, loaded and usable after the session."""
        with self.shop.database.read() as session:
            found = list(session.scalars(select(Scan).order_by(Scan.id)))
            session.expunge_all()
            return found

    def scan(self) -> Scan:
        """The only scan."""
        found = self.scans()
        assert len(found) == 1, [(s.name, s.state) for s in found]
        return found[0]


@pytest.fixture(scope="session")
def reader() -> Iterator[ReaderProcess]:
    """One reader for all tests: starting one and loading its libraries takes longer than a small page."""
    with ReaderProcess(timeout_seconds=120, memory_bytes=0) as process:
        yield process


@pytest.fixture
def line(settings: Settings, database: Database, reader: ReaderProcess) -> Iterator[Line]:
    """A pipeline on this test's own archive."""
    shop = Workshop(settings, database)
    shop._reader = reader
    stop = threading.Event()
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    yield Line(shop, Watcher(shop, stop), Worker(shop, stop))
