"""What a stage may use while it works: settings, stores, the reader, and the transaction that settles its job."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from config.settings import Settings
from ingest import jobs
from ingest.page_images import Original, PageImages
from storage.access import SERVICE, Actor
from storage.database import Database
from storage.derived import DerivedStore
from storage.models.base import now
from storage.models.scans import Scan
from storage.vault import Vault

if TYPE_CHECKING:
    from ingest.recognise.client import ReaderProcess


class Stopping(Exception):
    """The worker is to end; the job in hand goes back to the queue as if it had not been begun."""


@dataclass(slots=True)
class Workshop:
    """Opened once per worker. Stages claim nothing and settle only through ``finishing``."""

    settings: Settings
    database: Database
    actor: Actor = SERVICE
    #: set when the worker is to end: long work is left off and done again later
    stop: threading.Event = field(default_factory=threading.Event)
    vault: Vault = field(init=False)
    derived: DerivedStore = field(init=False)
    images: PageImages = field(init=False)
    _reader: "ReaderProcess | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.vault = Vault(self.settings.vault_folder, min_free_bytes=self.settings.min_free_mb * 2**20)
        self.derived = DerivedStore(self.settings.derived_folder)
        self.images = PageImages(self.settings)

    @property
    def reader(self) -> "ReaderProcess":
        """The reader process of this worker; started by the first page it is given."""
        if self._reader is None:
            from ingest.recognise.client import ReaderProcess
            from ingest.recognise.options import tessdata_folder

            self._reader = ReaderProcess(
                timeout_seconds=self.settings.page_seconds, memory_bytes=self.settings.page_memory_mb * 2**20,
                tessdata=str(tessdata_folder(self.settings)),
            )  # fmt: skip
        return self._reader

    def make_ready(self) -> None:
        """A scan is coming: load what opening and reading it needs, here and in the reader process."""
        self.reader.start()
        from ingest import pipeline

        for name in ("inspect", "recognise"):
            pipeline.stage(name)

    def rest(self) -> None:
        """Nothing to do for a while: give back the reader's memory."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    @contextmanager
    def finishing(self, job: jobs.Claimed) -> Iterator[Session]:
        """The second transaction of a job: what the stage stores and the job's end are one.

        :raises StaleLease: the job was given to another worker; nothing is stored.
        """
        with self.database.write() as session:
            jobs.held(session, job)
            yield session
            jobs.settle(session, job, "finish", now())


def original_of(scan: Scan) -> Original:
    """What is needed to open a scan's pages.

    :raises ValueError: the scan's bytes are not in the vault.
    """
    if scan.sha256 is None:
        raise ValueError(f"scan {scan.id} has no bytes in the vault")
    return Original(scan.sha256, scan.media_type, scan.name)
