"""The one writer of the index: from outbox rows to searchable pages, and from one engine to the other.

A row of the outbox is cleared only after the index's files and folder were forced to the disk, so a crash at any point
repeats work and loses none. While another index is being built beside the one in use, both are kept up to date, and
the switch is one small file.
"""

import logging
import time
from collections.abc import Sequence
from threading import Event
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from search.engine import Engine, EngineName, IndexWriter, open_engine
from search.folder import Current, IndexFolder
from search.pages import Loaded, load
from storage.changes import Changes
from storage.database import Database
from storage.models.records import OPEN_STATES, Job, Meta, OutboxEntry
from storage.models.scans import Page
from storage.models.search import PagePerson

log = logging.getLogger(__name__)

_BATCH: Final = 200  # pages loaded at once: a few megabytes of readings
_MOST_ROWS: Final = 2_000  # outbox rows of one commit
_BUILD_STEP: Final = 400  # pages of a new index between two looks at the outbox
_IDLE_SECONDS: Final = 2.0  # between two looks while nobody commits anything
#: between two commits while the scans waiting for one are still being read: what comes meanwhile goes into one
_GATHER_SECONDS: Final = 1.5
_LEAST_SECONDS: Final = 0.3  # between two commits in any case
#: Set to an engine's name (or ``auto``) to have the index built anew beside the one in use.
REBUILD: Final = "search.rebuild"


class Writer:
    """Holds the index's only writer. Use inside ``IndexFolder.writer_lock``."""

    def __init__(self, database: Database, settings: Settings, folder: IndexFolder | None = None) -> None:
        self._database = database
        self._settings = settings
        self._folder = folder or IndexFolder(settings.index_folder)
        self._current: Current | None = None
        self._engine: Engine | None = None
        self._writer: IndexWriter | None = None
        self._build: _Build | None = None

    def open(self, stop: Event | None = None) -> bool:
        """Open the index in use; without one, build one from the records. False when told to stop before it was done:
        what was built is then thrown away, and the next start begins again."""
        self._folder.remove_unused()
        self._current = self._folder.current()
        if self._current is None:
            self._start_build(self._wanted())
            while not self._build_step():
                if stop is not None and stop.is_set():
                    return False
        else:
            self._use(self._current)
        return True

    def close(self) -> None:
        """Let go of the index."""
        for writer in (self._writer, self._build.writer if self._build else None):
            if writer is not None:
                writer.close()
        for engine in (self._engine, self._build.engine if self._build else None):
            if engine is not None:
                engine.close()
        self._writer = self._engine = self._build = None

    @property
    def is_building(self) -> bool:
        """Whether another index is being built beside the one in use."""
        return self._build is not None

    def step(self) -> bool:
        """One round: what the outbox asks for, then a piece of a build if one is under way. False when idle."""
        worked = self.drain()
        self._consider_build()
        if self._build is not None:
            self._build_step()
            return True
        return worked

    def drain(self) -> bool:
        """Index what the outbox asks for, in one commit. False when it asked for nothing."""
        rows = _waiting(self._database)
        if not rows:
            return False
        if self._writer is None or self._current is None:
            raise RuntimeError("open() comes first")
        page_ids = list(dict.fromkeys(page_id for _, page_id in rows))
        persons: list[PagePerson] = []
        for start in range(0, len(page_ids), _BATCH):
            loaded = self._load(page_ids[start : start + _BATCH])
            _put(self._writer, loaded)
            persons.extend(loaded.persons)
        self._writer.commit()
        self._folder.sync(self._current.folder)
        if self._build is not None:
            self._build.changed.update(page_ids)
        with self._database.write() as session:
            _store_persons(session, page_ids, persons)
            session.execute(delete(OutboxEntry).where(OutboxEntry.id.in_([row_id for row_id, _ in rows])))
        return True

    def rebuild(self, engine: EngineName | None = None) -> int:
        """Build the whole index anew beside the one in use, and switch. Gives the number of pages."""
        self._start_build(engine or self._wanted())
        while not self._build_step():
            pass
        if self._engine is None:
            raise RuntimeError("the build left no index")
        return self._engine.reader().page_count

    # -- building beside

    def _wanted(self) -> EngineName:
        if self._settings.search_engine == "whoosh":
            return "whoosh"
        if self._settings.search_engine == "tantivy":
            return "tantivy"
        with self._database.read() as session:
            pages = session.scalar(select(func.count()).select_from(Page)) or 0
        # Once switched it stays: pages are hardly ever taken away.
        switched = self._current is not None and self._current.engine == "tantivy"
        return "tantivy" if switched or pages > self._settings.search_switch_pages else "whoosh"

    def _consider_build(self) -> None:
        if self._build is not None or self._current is None or self._engine is None:
            return
        asked = _take_rebuild_request(self._database)
        wanted = self._wanted() if asked or self._past_limit() else self._current.engine
        if asked or wanted != self._current.engine:
            self._start_build(wanted)

    def _past_limit(self) -> bool:
        if self._current is None or self._engine is None:
            return False
        if self._settings.search_engine != "auto":
            return self._current.engine != self._settings.search_engine
        small = self._engine.reader().page_count <= self._settings.search_switch_pages
        return self._current.engine == "whoosh" and not small

    def _start_build(self, engine: EngineName) -> None:
        log.info("building a %s index", engine)
        target = self._folder.new(engine)
        opened = open_engine(engine, target.folder)
        self._build = _Build(target, opened, opened.writer())

    def _build_step(self) -> bool:
        """Index the next pages into the new index; at the end switch to it. True when that was done."""
        build = self._build
        if build is None:
            return True
        with self._database.read() as session:
            query = select(Page.id).where(Page.id > build.last).order_by(Page.id).limit(_BUILD_STEP)
            page_ids = list(session.scalars(query))
        if page_ids:
            for start in range(0, len(page_ids), _BATCH):
                loaded = self._load(page_ids[start : start + _BATCH])
                _put(build.writer, loaded)
                with self._database.write() as session:
                    _store_persons(session, page_ids[start : start + _BATCH], loaded.persons)
            build.last = page_ids[-1]
            return False
        changed = sorted(build.changed)
        for start in range(0, len(changed), _BATCH):
            _put(build.writer, self._load(changed[start : start + _BATCH]))
        build.writer.commit()
        self._folder.switch(build.target)
        old_writer, old_engine = self._writer, self._engine
        self._build = None
        self._current, self._engine, self._writer = build.target, build.engine, build.writer
        if old_writer is not None and old_engine is not None:
            old_writer.close()
            old_engine.close()
        self._folder.remove_unused()
        log.info("the %s index is in use", build.target.engine)
        return True

    def _use(self, current: Current) -> None:
        self._engine = open_engine(current.engine, current.folder)
        self._writer = self._engine.writer()

    def _load(self, page_ids: Sequence[int]) -> Loaded:
        with self._database.read() as session:
            return load(session, page_ids)


class _Build:
    """An index being built beside the one in use; ``changed`` are pages the outbox named meanwhile."""

    def __init__(self, target: Current, engine: Engine, writer: IndexWriter) -> None:
        self.target = target
        self.engine = engine
        self.writer = writer
        self.last = 0
        self.changed: set[int] = set()


def run(settings: Settings, database: Database, stop: Event) -> None:
    """Be the writer until told to stop.

    :raises IndexBusy: another process is the writer.
    """
    folder = IndexFolder(settings.index_folder)
    with folder.writer_lock():
        writer = Writer(database, settings, folder)
        try:
            opened = writer.open(stop)
            with Changes(database) as changes:
                while opened and not stop.is_set():
                    if writer.step():
                        if not writer.is_building:
                            _gather(database, changes, stop)
                    else:
                        changes.wait(_IDLE_SECONDS, stop)
            if opened:
                writer.drain()
        finally:
            writer.close()


def _gather(database: Database, changes: Changes, stop: Event) -> None:
    """Pause after a commit. A scan's pages come one by one, and a commit for each costs more than a page's share of one
    for several; but what nothing more will follow is not kept waiting."""
    end = time.monotonic() + _GATHER_SECONDS
    stop.wait(_LEAST_SECONDS)
    while not stop.is_set() and (left := end - time.monotonic()) > 0 and not _is_whole_waiting(database):
        changes.wait(left, stop)


def drain(database: Database, settings: Settings) -> int:
    """Index everything the outbox asks for right now, in this process. Gives the number of rounds.

    :raises IndexBusy: another process is the writer (and will do it).
    """
    folder = IndexFolder(settings.index_folder)
    rounds = 0
    with folder.writer_lock():
        writer = Writer(database, settings, folder)
        writer.open()
        try:
            while writer.drain():
                rounds += 1
        finally:
            writer.close()
    return rounds


def rebuild_now(database: Database, settings: Settings, engine: EngineName | None = None) -> int:
    """Build the whole index anew in this process, then index what the outbox asks for. Gives the number of pages.

    :raises IndexBusy: another process is the writer.
    """
    folder = IndexFolder(settings.index_folder)
    with folder.writer_lock():
        writer = Writer(database, settings, folder)
        try:
            pages = writer.rebuild(engine)
            while writer.drain():
                pass
        finally:
            writer.close()
    return pages


def wait_until_indexed(database: Database, seconds: float) -> bool:
    """Wait until the outbox is empty. False when it was not in time."""
    end = time.monotonic() + seconds
    while _has_rows(database):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def request_rebuild(session: Session) -> None:
    """Have the running writer build the index anew."""
    session.merge(Meta(key=REBUILD, value="1"))


def _waiting(database: Database) -> list[tuple[int, int]]:
    with database.read() as session:
        query = select(OutboxEntry.id, OutboxEntry.page_id).order_by(OutboxEntry.id).limit(_MOST_ROWS)
        return [(row.id, row.page_id) for row in session.execute(query)]


def _has_rows(database: Database) -> bool:
    with database.read() as session:
        return session.scalar(select(OutboxEntry.id).limit(1)) is not None


def _is_whole_waiting(database: Database) -> bool:
    """Whether the outbox names a page of a scan of which no page is still to be read."""
    query = select(Page.scan_id).distinct().select_from(OutboxEntry).outerjoin(Page, Page.id == OutboxEntry.page_id)
    with database.read() as session:
        scans = list(session.scalars(query))
        return any(scan is None or not _is_being_read(session, scan) for scan in scans)


def _is_being_read(session: Session, scan_id: int) -> bool:
    reading = select(Job.id).where(
        Job.scan_id == scan_id, Job.stage == "recognise", Job.state.in_(OPEN_STATES)
    )
    # the last pages of a scan are read last: looked at from its end, one row tells
    return session.scalar(reading.order_by(Job.id.desc()).limit(1)) is not None


def _take_rebuild_request(database: Database) -> bool:
    with database.read() as session:
        if session.get(Meta, REBUILD) is None:
            return False
    with database.write() as session:
        session.execute(delete(Meta).where(Meta.key == REBUILD))
    return True


def _put(writer: IndexWriter, loaded: Loaded) -> None:
    writer.put(loaded.pages)
    writer.remove(loaded.removed)


def _store_persons(session: Session, page_ids: Sequence[int], persons: Sequence[PagePerson]) -> None:
    """Replace what is known of persons on these pages; pages gone meanwhile are left out."""
    alive = set(session.scalars(select(Page.id).where(Page.id.in_(page_ids))))
    session.execute(delete(PagePerson).where(PagePerson.page_id.in_(page_ids)))
    session.add_all(person for person in persons if person.page_id in alive)
