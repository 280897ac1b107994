"""A worker: claims the most urgent job, does it, settles it, and ends to be started afresh when there is none.

A fresh process is small; one that has read pages has loaded image and language libraries that Python never gives back.
So a worker that has worked and then found nothing to do for a while ends, and whoever keeps it starts a new one.
"""

import logging
import secrets
import threading
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from config.errors import ArchiveError, DiskFull
from ingest import jobs, pipeline, processes
from ingest.arrivals import Arrivals
from ingest.errors import JobCrashed, JobFailed
from ingest.jobs import Claimed, StaleLease
from ingest.recognise.errors import ReaderCrashed, ReaderHung
from ingest.workshop import Stopping, Workshop
from storage import room
from storage.changes import Changes
from storage.models.base import now

log = logging.getLogger(__name__)

#: seconds between looks at the queue while nobody commits anything: retries fall due and leases run out by time
LOOK_SECONDS = 1.0
#: seconds without work after which a worker that has worked ends
REST_AFTER = 20.0
#: how long to wait with a job for which there was no room on the disk
_NO_ROOM_WAIT = timedelta(seconds=20)
#: how long to wait with a job while the database takes nothing
_DATABASE_WAIT = 5.0
#: a page that hangs the reader holds a worker for a minute: one more try, read another way, and no more
_READER_TRIES = 2
_READER_ENDED = (ReaderHung, ReaderCrashed)
ROLE = "worker"


class Worker:
    """One worker of this process."""

    def __init__(self, shop: Workshop, stop: threading.Event, *, parent: int | None = None) -> None:
        self._shop = shop
        self._stop = shop.stop = stop
        self._parent = parent
        self._name = processes.own_name()
        self._lease = timedelta(seconds=shop.settings.lease_seconds)
        self._tries = shop.settings.max_attempts
        self._current: Claimed | None = None

    def run(self) -> None:
        """Work until told to stop (the job in hand is finished first), or until it is time for a fresh process."""
        self._report()
        pulse = threading.Thread(target=self._pulse, name="pulse", daemon=True)
        pulse.start()
        rests_at: float | None = None
        try:
            with Changes(self._shop.database) as changes:
                arrivals = Arrivals(self._shop.database)
                while not self._stop.is_set():
                    if self._work_once():
                        rests_at = time.monotonic() + REST_AFTER
                        continue
                    if self._parent is not None and processes.is_orphan(self._parent):
                        break
                    if rests_at is not None and time.monotonic() >= rests_at:
                        break
                    if changes.wait(LOOK_SECONDS, self._stop) and self._is_something_coming(arrivals):
                        self._shop.make_ready()
                        rests_at = time.monotonic() + REST_AFTER
        finally:
            self._shop.rest()
            with self._shop.database.write() as session:
                processes.leave(session, self._name)

    def _work_once(self) -> bool:
        try:
            job = self._claim()
        except OperationalError as error:
            self._wait_for_database(error)
            return False
        if job is None:
            return False
        self._current = job
        try:
            self._do(job)
        except OperationalError as error:
            self._give_back(job, error)
        finally:
            self._current = None
        return True

    def _is_something_coming(self, arrivals: Arrivals) -> bool:
        try:
            return arrivals.is_new()
        except OperationalError as error:
            self._wait_for_database(error)
            return False

    def _wait_for_database(self, error: OperationalError) -> None:
        log.warning("database not available, trying again: %s", error.orig)
        self._stop.wait(_DATABASE_WAIT)

    def _give_back(self, job: Claimed, error: OperationalError) -> None:
        """The database took no result: hand the job back as soon as it takes that. It was not the job's fault, so the
        attempt does not count; a worker told to stop leaves it to the lease, which runs out."""
        while not self._stop.is_set():
            self._wait_for_database(error)
            try:
                self._put_off(job, self._unavailable(error), wait=timedelta(0), counts=False)
                return
            except OperationalError as again:
                error = again

    def _unavailable(self, error: OperationalError) -> ArchiveError:
        if room.is_no_room(error):
            return room.disk_full(self._shop.settings.data)
        return JobFailed(what="database", reference=str(error.orig))

    def _claim(self) -> Claimed | None:
        moment = now()
        with self._shop.database.read() as session:
            if not jobs.has_due(session, moment):
                return None
        with self._shop.database.write() as session:
            for crashed in jobs.wake(session, moment, self._tries):
                error = JobCrashed(what=crashed.label, attempts=crashed.attempts)
                pipeline.stage(crashed.stage).give_up(session, crashed, error)
            return jobs.claim(session, self._name, moment, self._lease)

    def _do(self, job: Claimed) -> None:
        try:
            pipeline.stage(job.stage).run(self._shop, job)
        except StaleLease as error:
            log.warning("%s", error)
        except Stopping:
            with self._shop.database.write() as session:
                jobs.settle(session, job, "retry", now(), wait=timedelta(0), counts=False)
        except DiskFull as error:
            self._put_off(job, error, wait=_NO_ROOM_WAIT, counts=False)
        except ArchiveError as error:
            self._after_known(job, error)
        except OperationalError:
            raise
        except OSError as error:
            if room.is_no_room(error):
                self._put_off(job, room.disk_full(self._disk_of(error)), wait=_NO_ROOM_WAIT, counts=False)
            else:
                self._after_unknown(job)
        except Exception:  # noqa: BLE001 - whatever one file does, the service goes on; it is logged and shown
            self._after_unknown(job)

    def _disk_of(self, error: OSError) -> Path:
        """The folder that was written to, as far as the error tells."""
        derived = self._shop.settings.derived_folder
        return Path(str(error.filename)).parent if isinstance(error.filename, str) else derived

    def _after_known(self, job: Claimed, error: ArchiveError) -> None:
        tries = min(self._tries, _READER_TRIES) if isinstance(error, _READER_ENDED) else self._tries
        if error.retryable and job.attempts < tries:
            self._put_off(job, error)
        else:
            self._give_up(job, error)

    def _after_unknown(self, job: Claimed) -> None:
        reference = secrets.token_hex(4)
        log.exception("%s failed (reference %s)", job.label, reference)
        error = JobFailed(what=job.label, reference=reference)
        if job.attempts < self._tries:
            self._put_off(job, error)
        else:
            self._give_up(job, error)

    def _put_off(
        self, job: Claimed, error: ArchiveError, *, wait: timedelta | None = None, counts: bool = True
    ) -> None:
        log.warning("%s put off: %s", job.label, error)
        try:
            with self._shop.database.write() as session:
                jobs.settle(
                    session, job, "retry", now(), code=error.code, text=error.message("vi"), wait=wait, counts=counts
                )
        except StaleLease as stale:
            log.warning("%s", stale)

    def _give_up(self, job: Claimed, error: ArchiveError) -> None:
        log.warning("%s given up: %s", job.label, error)
        try:
            with self._shop.database.write() as session:
                jobs.settle(session, job, "fail", now(), code=error.code, text=error.message("vi"))
                pipeline.stage(job.stage).give_up(session, job, error)
        except StaleLease as stale:
            log.warning("%s", stale)

    def _report(self) -> None:
        with self._shop.database.write() as session:
            moment = now()
            for crashed in processes.bury_dead(session, moment, self._tries):
                error = JobCrashed(what=crashed.label, attempts=crashed.attempts)
                pipeline.stage(crashed.stage).give_up(session, crashed, error)
            processes.report(session, self._name, ROLE, moment)

    def _pulse(self) -> None:
        """Renew the lease of the job in hand and say that this process lives."""
        seconds = min(self._lease.total_seconds() / 3, processes.SEEN_EVERY.total_seconds())
        while not self._stop.wait(seconds):
            try:
                with self._shop.database.write() as session:
                    processes.report(session, self._name, ROLE, now())
                    job = self._current
                    if job is not None:
                        jobs.heartbeat(session, job, now(), self._lease)
            except OperationalError as error:
                log.warning("cannot renew the lease: %s", error.orig)
