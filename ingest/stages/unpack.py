"""Stage *unpack*: a ZIP's files become scans of its own batch. The ZIP stays in the vault as it arrived."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import inbox, intake, progress
from ingest.errors import InputBomb, InputDamaged, InputEncrypted, InputTooLarge
from ingest.intake import Received
from ingest.jobs import Claimed
from ingest.names import display_name, natural_key
from ingest.workshop import Workshop, original_of
from storage.access import SERVICE
from storage.models.base import now
from storage.models.scans import Scan, ScanState

MAX_FILES = 10_000
#: a scan packs to a half at best; text to a twentieth
_MAX_RATIO = 100
_RATIO_COUNTS_FROM = 64 * 2**20


def run(shop: Workshop, job: Claimed) -> None:
    """Store every file of the ZIP and register it. Files registered before an interruption are not doubled."""
    with shop.database.read() as session:
        original = original_of(session.get_one(Scan, job.scan_id))
    path = shop.vault.path(original.sha256)
    limit = shop.settings.max_file_mb * 2**20
    try:
        with zipfile.ZipFile(path) as archive:
            members = list(_members(archive, original.name, path.stat().st_size, limit))
            received = [(member.filename, _receive(shop, archive, member)) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise InputDamaged(name=original.name, why=str(error)) from error
    with shop.finishing(job) as session:
        scan = session.get_one(Scan, job.scan_id)
        scan.state, scan.finished_at = ScanState.DONE, now()
        _register(session, scan, received)
        session.flush()
        progress.after_page(session, scan.batch, now())


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """The ZIP is put aside whole; none of its files was taken."""
    intake.put_aside(session, SERVICE, session.get_one(Scan, job.scan_id), error, now=now())


def _members(archive: zipfile.ZipFile, name: str, packed: int, limit: int) -> Iterator[zipfile.ZipInfo]:
    """Files in natural order, the limits checked from the table of contents before anything is unpacked."""
    found = [
        member for member in archive.infolist()
        if not member.is_dir() and not inbox.is_junk(member.filename.rsplit("/", 1)[-1])
        and "__MACOSX" not in member.filename
    ]  # fmt: skip
    unpacked = sum(member.file_size for member in found)
    if len(found) > MAX_FILES:
        raise InputBomb(name=name, why=f"{len(found)} > {MAX_FILES}")
    if unpacked > 4 * limit or (unpacked > _RATIO_COUNTS_FROM and unpacked > _MAX_RATIO * packed):
        raise InputBomb(name=name, why=f"{unpacked // 2**20} MB")
    if any(member.flag_bits & 1 for member in found):
        raise InputEncrypted(name=name)
    for member in found:
        if member.file_size > limit:
            raise InputTooLarge(name=display_name(member.filename), size_mb=member.file_size // 2**20,
                                limit_mb=limit // 2**20)
    yield from sorted(found, key=lambda member: natural_key(member.filename))


def _receive(shop: Workshop, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Received:
    """The name is only shown, never used as a path, so ``..`` in it can do nothing. The size told is enforced."""
    with closing(_Bounded(archive.open(member), member)) as stream:
        return intake.receive(shop.vault, stream, member.filename, shop.settings)  # type: ignore[arg-type]


class _Bounded:
    """Refuses to give more bytes than the table of contents promised."""

    def __init__(self, stream: IO[bytes], member: zipfile.ZipInfo) -> None:
        self._stream = stream
        self._promised = self._left = member.file_size
        self._name = member.filename

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise InputBomb(name=display_name(self._name), why=f"> {self._promised} byte")
        return data

    def close(self) -> None:
        self._stream.close()


def _register(session: Session, packed: Scan, received: list[tuple[str, Received]]) -> None:
    prefix = f"{packed.source_path or packed.name}!"
    known = set(session.scalars(select(Scan.source_path).where(Scan.batch_id == packed.batch_id)))
    for member, item in received:
        source = f"{prefix}{member}"
        if source not in known:
            intake.register(session, SERVICE, packed.batch, item, now=now(), source_path=source)
