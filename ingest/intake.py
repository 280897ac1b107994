"""Taking a file in: its verified copy into the vault first, then its record and its first job in one transaction.

The same two steps serve the watched folder, the web's upload and the command line: ``receive`` touches bytes and no
database, ``register`` writes rows and touches no bytes. A crash between them leaves an unnamed original in the vault
and the source where it was; the file is simply received again, and the vault holds it once.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from config.settings import Settings
from ingest import formats, jobs
from ingest.errors import InputEmpty, InputRefused, InputTooLarge, InputUnknown, SecretStop
from ingest.names import display_name
from storage import audit, batches
from storage.access import Actor
from storage.models.scans import Batch, Scan, ScanState, SecretState
from storage.vault import Vault

#: first job of each kind of file; nothing is done with a file that is only kept
FIRST_STAGE = {
    "pdf": "inspect",
    "image": "inspect",
    "archive": "unpack",
    "office": "keep",
    "audio": "keep",
    "video": "keep",
}
#: urgency of the steps before a page can be read: they are short and people wait for them
FIRST_PRIORITY = 0


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose bytes lie in the vault. ``problem`` is the reason to put it aside, known before looking inside."""

    name: str
    sha256: str
    size: int
    found: formats.Format | None
    problem: InputRefused | None


def receive(
    vault: Vault, source: Path | IO[bytes], name: str, settings: Settings, *, size: int | None = None
) -> Received:
    """Copy a file into the vault and recognise its kind by content.

    :param size: bytes, where known beforehand: a file that is too large is then not copied at all.
    :raises InputTooLarge: nothing was stored.
    :raises DiskFull, VaultMismatch: nothing was stored; the source is untouched.
    """
    name = display_name(name)
    if size is not None and size > settings.max_file_mb * 2**20:
        raise InputTooLarge(name=name, size_mb=size // 2**20, limit_mb=settings.max_file_mb)
    stored = vault.put(source, name=name)
    if stored.size == 0:
        return Received(name, stored.sha256, 0, None, InputEmpty(name=name))
    found = formats.recognise_file(vault.path(stored.sha256))
    problem = InputUnknown(name=name) if found is None else None
    return Received(name, stored.sha256, stored.size, found, problem)


def register(
    session: Session, actor: Actor, batch: Batch, received: Received, *, now: datetime, source_path: str = "",
    owner_id: int | None = None,
) -> Scan:
    """Record a received file in a batch and queue its first job, in the caller's transaction.

    The same bytes again are recorded as a duplicate of the earlier scan and not read a second time.
    """
    found = received.found
    scan = batches.add_scan(
        session, actor, batch, name=received.name, sha256=received.sha256, size=received.size,
        media_type=found.media_type if found else "", kind=_stored_kind(found),
        owner_id=owner_id if owner_id is not None else batch.owner_id, source_path=source_path,
    )  # fmt: skip
    if received.problem is not None:
        put_aside(session, actor, scan, received.problem, now=now)
    elif scan.duplicate_of_id is not None:
        _follow_earlier(session, actor, scan, now)
    else:
        start(session, scan, now)
    return scan


def start(session: Session, scan: Scan, now: datetime) -> None:
    """Queue the first job of a scan, or finish it at once where there is nothing to do but keep it."""
    kind = "archive" if scan.media_type == formats.ZIP.media_type else scan.kind
    stage = FIRST_STAGE.get(kind)
    if stage is None:
        scan.state, scan.finished_at = ScanState.DONE, now
        return
    scan.state = ScanState.RECEIVED
    jobs.enqueue(session, [jobs.NewJob(stage, FIRST_PRIORITY, scan_id=scan.id)], now)


def put_aside(session: Session, actor: Actor, scan: Scan, error: ArchiveError, *, now: datetime) -> None:
    """Mark a scan as "cần xử lý", with the reason a person reads."""
    scan.state, scan.finished_at = ScanState.QUARANTINED, now
    scan.error_code, scan.error_detail = error.code, {key: str(value) for key, value in error.detail.items()}
    audit.record(session, actor.name, "scan.put_aside", f"scan:{scan.id}", {"code": error.code})
    for repeated in _repeats(session, scan):
        repeated.state, repeated.finished_at = ScanState.QUARANTINED, now
        repeated.error_code, repeated.error_detail = scan.error_code, {**scan.error_detail, "name": repeated.name}


def count_pages(session: Session, scan: Scan, pages: int) -> None:
    """Note how many pages a scan has; those that repeat it have as many."""
    for one in (scan, *_repeats(session, scan)):
        one.page_count = pages


def _repeats(session: Session, scan: Scan) -> list[Scan]:
    """Scans that came while this one was not opened yet, with the same bytes: they share its fate."""
    return list(session.scalars(select(Scan).where(Scan.duplicate_of_id == scan.id, Scan.state == ScanState.DONE)))


def _stored_kind(found: formats.Format | None) -> str:
    if found is None or found.kind == "archive":
        return "other"
    return found.kind


def _follow_earlier(session: Session, actor: Actor, scan: Scan, now: datetime) -> None:
    """A duplicate shares the fate of the scan it repeats; if that was never read, this one is read instead."""
    earlier = session.get(Scan, scan.duplicate_of_id)
    assert earlier is not None  # noqa: S101 - a foreign key of the same transaction
    if earlier.batch.secret_state == SecretState.HALTED:
        put_aside(session, actor, scan, SecretStop(name=scan.batch.name), now=now)
    elif earlier.state in (ScanState.QUARANTINED, ScanState.FAILED):
        scan.state, scan.finished_at = earlier.state, now
        scan.error_code, scan.error_detail = earlier.error_code, {**earlier.error_detail, "name": scan.name}
    elif earlier.state == ScanState.CANCELLED:
        scan.duplicate_of_id = None
        start(session, scan, now)
    else:
        scan.state, scan.finished_at, scan.page_count = ScanState.DONE, now, earlier.page_count
