"""The watcher: looks through the inbox, takes finished files in, and tidies the share behind itself.

Files that lay there before the start, files an event tells of, and files the periodic look finds all go the same way.
Events only wake the loop earlier (they do not come over every share); polling is what is relied on.
"""

import logging
import os
import secrets
import stat
import threading
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath

from sqlalchemy.exc import OperationalError

from config.errors import ArchiveError, DiskFull
from ingest import arrivals, batching, findings, inbox, processes, share, stock
from ingest.completeness import Completeness, completeness
from ingest.errors import (
    InputChanged,
    InputLink,
    InputSpecial,
    InputTooLarge,
    InputUnreadable,
    JobFailed,
    ShareUnwritable,
)
from ingest.names import display_name, in_natural_order, readable
from ingest.open_files import OpenFiles, Writers
from ingest.stability import Sighting, StabilityTracker, Verdict
from ingest.take_in import TakeIn
from ingest.wake import InboxEvents
from ingest.workshop import Workshop
from storage import room
from storage.models.base import now

log = logging.getLogger(__name__)

ROLE = "watch"
#: seconds between looks while the share is still to be told of something, and the fewest in any case
_BUSY_SECONDS = 0.25
_LEAST_SECONDS = 0.05
#: folders inside folders beyond this are left alone (a loop of mounts, say)
_MAX_DEPTH = 12
_HOUSEKEEPING_SECONDS = 15.0
#: between two announcements that something came
_ANNOUNCE_SECONDS = 20.0
#: after a full disk intake is tried again no sooner than this
_NO_ROOM_SECONDS = 0.5
#: a file that could not be opened, or met an error nobody foresaw, is tried again no sooner than this
_UNREADABLE_SECONDS = 2.0
_FAILED_SECONDS = 60.0
#: an empty sub-folder is taken away after this long
_EMPTY_FOLDER_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A directory entry of the inbox worth looking at."""

    path: Path
    relative: PurePosixPath
    status: os.stat_result

    @property
    def sighting(self) -> Sighting:
        """What the stability tracker compares."""
        s = self.status
        return Sighting(s.st_size, s.st_mtime_ns, (s.st_dev, s.st_ino))


class Watcher:
    """Watches one inbox. ``tick`` is one look; ``run`` looks until told to stop."""

    def __init__(self, shop: Workshop, stop: threading.Event, *, parent: int | None = None) -> None:
        settings = shop.settings
        self._shop = shop
        self._stop = stop
        self._parent = parent
        self._inbox = settings.inbox_folder
        self._tracker = StabilityTracker(
            quiet=settings.stable_seconds, unfinished=settings.unfinished_seconds, unmarked=settings.unmarked_seconds
        )
        self._open_files = OpenFiles(self._inbox)
        self._take_in = TakeIn(shop)
        self._problems = stock.Problems(shop.database)
        self._pause = timedelta(seconds=settings.batch_pause_seconds)
        self._next_housekeeping = self._next_announcement = 0.0
        self._no_room_until = 0.0
        self._name = processes.own_name()

    def run(self) -> None:
        """Look until told to stop; wake early on events."""
        self._inbox.mkdir(parents=True, exist_ok=True)
        events = InboxEvents(self._inbox)
        events.start()
        try:
            while not self._stop.is_set():
                if self._parent is not None and processes.is_orphan(self._parent):
                    break
                try:
                    pause = self.tick(time.monotonic())
                except (OperationalError, OSError) as error:
                    log.warning("cannot look through the inbox, trying again: %s", error)
                    pause = self._shop.settings.rescan_seconds
                events.wait(pause, self._stop)
        finally:
            events.stop()
            with self._shop.database.write() as session:
                processes.leave(session, self._name)

    def tick(self, clock: float) -> float:
        """One look at everything; gives the seconds after which the next one is due if no event comes first."""
        if clock >= self._next_housekeeping:
            self._housekeep()
            self._next_housekeeping = clock + _HOUSEKEEPING_SECONDS
        candidates = list(_entries(self._inbox))
        self._announce(candidates, clock)
        self._tracker.keep_only({str(c.path) for c in candidates})
        self._problems.keep_only({readable(c.relative) for c in candidates})
        for candidate in self._ready(candidates, clock):
            if self._stop.is_set():
                return 0.0
            if clock >= self._no_room_until:
                self._take(candidate, clock)
        tidied = self._take_in.tidy_share()
        self._note_share(tidied.problem)
        self._close_batches()
        if tidied.problem is None:
            findings.tell(self._shop)
        return self._pause_after(clock, is_telling=tidied.under_way > 0)

    def _announce(self, candidates: list[Candidate], clock: float) -> None:
        """Tell the workers of what was not there before."""
        if clock < self._next_announcement or all(self._tracker.knows(str(c.path)) for c in candidates):
            return
        self._next_announcement = clock + _ANNOUNCE_SECONDS
        with self._shop.database.write() as session:
            arrivals.announce(session, now())

    def _note_share(self, error: OSError | None) -> None:
        """What was taken in cannot be moved out, or told of: said on screen until it can be."""
        if error is None:
            self._problems.clear(stock.SHARE)
            return
        full = room.is_no_room(error)
        disks = (self._inbox, self._shop.settings.taken_in_folder)
        problem = (
            room.disk_full(min(disks, key=room.free_bytes)) if full else
            ShareUnwritable(why=error.strerror or str(error))
        )  # fmt: skip
        if self._problems.note(stock.SHARE, problem):
            log.warning("cannot tidy the share: %s", error)

    def _pause_after(self, clock: float, *, is_telling: bool) -> float:
        if clock < self._no_room_until:
            return _NO_ROOM_SECONDS
        due = [self._shop.settings.rescan_seconds]
        if is_telling:
            due.append(_BUSY_SECONDS)
        next_check = self._tracker.next_check(clock)
        if next_check is not None:
            due.append(max(next_check, _LEAST_SECONDS))
        return min(due)

    def _ready(self, candidates: list[Candidate], clock: float) -> Iterator[Candidate]:
        """Finished files in natural order; odd entries are refused on the way."""
        by_name = {str(c.relative): c for c in candidates}
        for name in in_natural_order(by_name):
            candidate = by_name[name]
            if self._is_odd(candidate):
                continue
            verdict = self._tracker.look(str(candidate.path), candidate.sighting, clock)
            if verdict is Verdict.CHECK:
                verdict = self._check(candidate, clock)
            if verdict is Verdict.READY:
                yield candidate

    def _is_odd(self, candidate: Candidate) -> bool:
        mode = candidate.status.st_mode
        if stat.S_ISREG(mode):
            return False
        name = display_name(candidate.path.name)
        error = InputLink(name=name) if stat.S_ISLNK(mode) else InputSpecial(name=name)
        self._refuse(candidate, error)
        return True

    def _check(self, candidate: Candidate, clock: float) -> Verdict:
        key = str(candidate.path)
        writers = self._open_files.writers_of(candidate.path)
        judged = Completeness.INCOMPLETE
        if writers is not Writers.SOMEBODY and not inbox.is_unfinished_name(candidate.path.name):
            try:
                judged = completeness(candidate.path)
            except OSError as error:
                self._note_unreadable(candidate, error, clock)
                return Verdict.WAIT
        self._problems.clear(readable(candidate.relative))
        return self._tracker.judge(key, judged, writers, clock)

    def _take(self, candidate: Candidate, clock: float) -> None:
        key = str(candidate.path)
        try:
            self._take_in.take(candidate.path, candidate.relative)
            self._problems.clear("")
        except InputTooLarge as large:
            self._refuse(candidate, large)
        except InputChanged as changed:
            log.info("%s", changed)
        except DiskFull as full:
            self._problems.note("", full)
            self._no_room_until = clock + _NO_ROOM_SECONDS
            return
        except PermissionError as denied:
            self._note_unreadable(candidate, denied, clock)
            return
        except FileNotFoundError:
            log.info("%s went away before it was taken in", candidate.relative)
        except OperationalError:
            raise
        except Exception:  # one file must never keep the others out; it is logged, shown, and tried again later
            reference = secrets.token_hex(4)
            log.exception("cannot take %r in (reference %s)", candidate.relative, reference)
            error = JobFailed(what=display_name(candidate.path.name), reference=reference)
            self._problems.note(readable(candidate.relative), error)
            self._tracker.put_off(key, _FAILED_SECONDS, clock)
            return
        self._tracker.forget(key)

    def _note_unreadable(self, candidate: Candidate, error: OSError, clock: float) -> None:
        problem = InputUnreadable(name=display_name(candidate.path.name), why=error.strerror or str(error))
        self._problems.note(readable(candidate.relative), problem)
        self._tracker.put_off(str(candidate.path), _UNREADABLE_SECONDS, clock)

    def _refuse(self, candidate: Candidate, error: ArchiveError) -> None:
        """Move what is no scan into "cần xử lý"; where even that cannot be done, say so on screen and leave it."""
        try:
            self._take_in.refuse(candidate.path, candidate.relative, candidate.status.st_size, error)
            self._problems.clear(readable(candidate.relative))
        except OSError as failure:
            log.warning("cannot put %s aside: %s", candidate.relative, failure)
            self._problems.note(readable(candidate.relative), error)
        self._tracker.forget(str(candidate.path))

    def _close_batches(self) -> None:
        busy = frozenset(
            f"inbox:{PurePosixPath(Path(path).relative_to(self._inbox)).parent}"[:300]
            for path in self._tracker.waiting()
        )
        moment = now()
        with self._shop.database.read() as session:
            if not batching.has_quiet_batches(session, now=moment, pause=self._pause):
                return
        with self._shop.database.write() as session:
            batching.close_quiet_batches(
                session, self._shop.actor, now=moment, pause=self._pause, busy_sources=busy
            )

    def _housekeep(self) -> None:
        with self._shop.database.write() as session:
            processes.report(session, self._name, ROLE, now())
            inbox.make_folders(session, self._inbox)
        share.remove_empty_folders(self._inbox, time.time() - _EMPTY_FOLDER_SECONDS)
        self._shop.vault.sweep(3600, time.time())


def _entries(root: Path) -> Iterator[Candidate]:
    """Everything in the inbox that is not a folder, not ours and not junk. Links are never followed."""
    folders = [(root, PurePosixPath(), 0)]
    while folders:
        folder, relative, depth = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            log.warning("cannot look into %s: %s", folder, error)
            continue
        for entry in entries:
            here = relative / entry.name
            if unicodedata.normalize("NFC", entry.name) in inbox.OWN_FOLDERS or inbox.is_junk(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH:
                    folders.append((Path(entry.path), here, depth + 1))
                continue
            try:
                yield Candidate(Path(entry.path), here, entry.stat(follow_symlinks=False))
            except OSError:
                continue  # it went away between the listing and the look
