"""Taking one file of the inbox in, and finishing in the share what a crash may have left half done.

Order: verified copy in the vault → records committed → source moved out of the share → biên nhận. A crash after the
commit is recognised by the row that names the source (``IncomingFile``): the move is done, the file not taken twice.
"""

import contextlib
import os
import stat
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import batching, inbox, intake, share
from ingest.errors import InputChanged, SecretStop
from ingest.names import display_name
from ingest.report import error_message
from ingest.workshop import Workshop
from storage import batches
from storage.models.base import now
from storage.models.intake import IncomingFile
from storage.models.scans import Scan, ScanState

#: no link is followed and no pipe waited for, where the system knows these flags
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FINAL_WITHOUT_PAGES = (ScanState.QUARANTINED, ScanState.FAILED, ScanState.DONE, ScanState.CANCELLED)


def identity_of(status: os.stat_result) -> str:
    """Tells a file from a later one of the same name."""
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"


@dataclass(frozen=True, slots=True)
class _Source:
    """A recorded file as it lies in the share until it is moved out."""

    id: int
    path: str
    identity: str
    taken_at: datetime
    scan_id: int

    @classmethod
    def of(cls, row: IncomingFile) -> "_Source":
        """The file a row stands for."""
        return cls(row.id, row.path, row.identity, row.taken_at, row.scan_id)


@dataclass(frozen=True, slots=True)
class _Untold:
    """A recorded file of which the share does not say yet what became of it. ``line`` is None while nobody knows."""

    source: _Source
    state: str
    name: str
    sha256: str
    line: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Tidied:
    """How far the share tells what became of its files.

    :ivar under_way: files of which nobody knows yet what to tell.
    :ivar problem: why something could not be moved or written.
    """

    under_way: int
    problem: OSError | None


def _is_put_aside(scan: Scan) -> bool:
    """Refused, and the share may say why: of secrets only the secrecy officer is told."""
    return scan.state == ScanState.QUARANTINED and scan.error_code != SecretStop.code and bool(scan.sha256)


class TakeIn:
    """Takes files of one inbox in."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._inbox = shop.settings.inbox_folder
        self._pause = timedelta(seconds=shop.settings.batch_pause_seconds)
        self._zone = ZoneInfo(shop.settings.timezone)

    def take(self, path: Path, relative: PurePosixPath) -> None:
        """Take a finished file in.

        :raises InputChanged: it changed while it was copied; nothing was recorded.
        :raises InputTooLarge, DiskFull, OSError: nothing was recorded; the source is untouched.
        """
        descriptor = os.open(path, _OPEN_FLAGS)
        with os.fdopen(descriptor, "rb") as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise InputChanged(name=display_name(path.name))
            if self._is_recorded(relative, identity_of(before)):
                return  # recorded before a crash; ``tidy_share`` moves it out
            received = intake.receive(self._shop.vault, stream, path.name, self._shop.settings, size=before.st_size)
        after = path.stat(follow_symlinks=False)
        if identity_of(after) != identity_of(before) or received.size != before.st_size:
            raise InputChanged(name=received.name)
        taken = self._record(relative, identity_of(before), received)
        # at once, so that whether the next file fits is judged by what is really left on the disk
        with contextlib.suppress(OSError):  # ``tidy_share`` tries again and says so
            self._move(taken)

    def _is_recorded(self, relative: PurePosixPath, identity: str) -> bool:
        with self._shop.database.read() as session:
            row = select(IncomingFile.id).where(IncomingFile.path == _text(relative), IncomingFile.identity == identity)
            return session.scalar(row) is not None

    def _record(self, relative: PurePosixPath, identity: str, received: intake.Received) -> _Source:
        moment = now()
        with self._shop.database.write() as session:
            place = inbox.place_of(session, relative.parent)
            name = place.label or batching.name_by_time(moment, self._zone)
            batch = batching.batch_for(
                session, self._shop.actor, source=place.source, name=name[:255], case=place.case,
                owner_id=place.owner_id, now=moment, pause=self._pause,
            )  # fmt: skip
            scan = intake.register(
                session, self._shop.actor, batch, received, now=moment, source_path=_text(relative)
            )
            row = IncomingFile(path=_text(relative), identity=identity, scan_id=scan.id, taken_at=moment)
            session.add(row)
            session.flush()
            return _Source.of(row)

    def refuse(self, path: Path, relative: PurePosixPath, size: int, error: ArchiveError) -> None:
        """Put aside what is not even copied (a link, a pipe, too large): it moves within the share, with its reason.

        :raises OSError: it could not be moved; nothing was recorded.
        """
        moved = share.put_aside(self._inbox, path.name, error.message("vi"), path)
        moment = now()
        with self._shop.database.write() as session:
            place = inbox.place_of(session, relative.parent)
            batch = batching.batch_for(
                session, self._shop.actor, source=place.source, name=place.label or "Tệp cần xử lý", case=place.case,
                owner_id=place.owner_id, now=moment, pause=self._pause,
            )  # fmt: skip
            scan = batches.add_scan(
                session, self._shop.actor, batch, name=display_name(path.name), sha256=None, size=size,
                owner_id=place.owner_id, source_path=_text(PurePosixPath(moved.relative_to(self._inbox))),
            )  # fmt: skip
            intake.put_aside(session, self._shop.actor, scan, error, now=moment)

    def tidy_share(self) -> Tidied:
        """Move recorded sources out of the share and tell there what became of them.

        What cannot be moved or written now (no room, no right to write) keeps nothing else from being told, and is
        done at a later look.
        """
        told: dict[Path, list[_Untold]] = defaultdict(list)
        under_way = 0
        problem: OSError | None = None
        for item in self._untold():
            try:
                if item.state == "taken":
                    self._move(item.source)
                if item.line is not None:
                    self._lay_aside(item)
                    told[share.receipt_folder(self._inbox, path_of(item.source.path))].append(item)
                else:
                    under_way += 1
            except OSError as error:
                problem = error
        for folder, items in told.items():
            try:
                share.add_receipt(folder, now(), self._zone, [str(item.line) for item in items])
            except OSError as error:
                problem = error
                continue
            self._set_state([item.source.id for item in items], "told")
        return Tidied(under_way, problem)

    def _lay_aside(self, item: "_Untold") -> None:
        """Where the file was refused: a copy of it with its reason, once."""
        if item.reason is not None and item.state != "aside":
            share.copy_aside(self._inbox, item.name, item.reason, self._shop.vault.path(item.sha256))
            self._set_state([item.source.id], "aside")

    def _untold(self) -> list["_Untold"]:
        with self._shop.database.read() as session:
            rows = session.execute(
                select(IncomingFile, Scan).join(Scan).where(IncomingFile.state.in_(("taken", "moved", "aside")))
                .order_by(IncomingFile.id)
            )
            return [
                _Untold(
                    _Source.of(row), row.state, scan.name, scan.sha256 or "", self._receipt_line(session, scan),
                    error_message(scan, "vi") if _is_put_aside(scan) else None,
                )
                for row, scan in rows
            ]  # fmt: skip

    def _move(self, item: _Source) -> None:
        source = self._inbox / path_of(item.path)
        try:
            status = source.stat(follow_symlinks=False)
        except OSError:
            status = None
        if status is not None and identity_of(status) == item.identity:
            share.move_out(
                source, self._shop.settings.taken_in_folder, item.scan_id, item.taken_at,
                reserve=self._shop.settings.min_free_mb * 2**20,
            )  # fmt: skip
        self._set_state([item.id], "moved")

    def _set_state(self, ids: list[int], state: str) -> None:
        with self._shop.database.write() as session:
            for row in session.scalars(select(IncomingFile).where(IncomingFile.id.in_(ids))):
                row.state = state

    def _receipt_line(self, session: Session, scan: Scan) -> str | None:
        """What the biên nhận says, or None while the pages (of the scan it repeats, where it does) are not counted."""
        opened = session.get_one(Scan, scan.duplicate_of_id) if scan.duplicate_of_id else scan
        if opened.page_count is None and opened.state not in _FINAL_WITHOUT_PAGES:
            return None
        local = scan.received_at.astimezone(self._zone)
        if _is_put_aside(scan):
            what = f"chưa nhận được, xem thư mục “{inbox.ASIDE}”"
        elif scan.duplicate_of_id:
            what = "đã có trong kho từ trước, không lưu thêm"
        else:
            what = f"{scan.page_count} trang, đã nhận" if scan.page_count else "đã nhận"
        return f"{local:%H:%M:%S}  {scan.name}  –  {what}  (số {scan.id})"


#: begins the form of a path whose bytes are no UTF-8; a relative path never begins so
_BYTES = "//bytes/"


def _text(relative: PurePosixPath) -> str:
    """The path as text a database takes; ``path_of`` is its inverse."""
    plain = str(relative)
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError:
        return _BYTES + os.fsencode(plain).hex()
    return plain


def path_of(text: str) -> PurePosixPath:
    """The path relative to the inbox that ``IncomingFile.path`` stands for."""
    if text.startswith(_BYTES):
        return PurePosixPath(os.fsdecode(bytes.fromhex(text.removeprefix(_BYTES))))
    return PurePosixPath(text)
