"""A whole pipeline in one process: a watcher and a worker driven by hand, on a clock the test moves."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings import Settings
from ingest.watch import Watcher
from ingest.worker import Worker
from ingest.workshop import Workshop
from storage.database import Database
from storage.models.scans import Scan


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

    def settle(self) -> None:
        """Take in what lies there, do all work, and tidy the share."""
        self.look(seconds=6)
        self.worker.run_until_empty()
        self.look(times=1)

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


@pytest.fixture
def line(settings: Settings, database: Database) -> Iterator[Line]:
    """A pipeline on this test's own archive."""
    shop = Workshop(settings, database)
    stop = threading.Event()
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    yield Line(shop, Watcher(shop, stop), Worker(shop, stop))
    shop.rest()
