"""What the service leaves in the share: a biên nhận for what was taken in, a LÝ DO beside what was refused.

Only the watcher writes here, so no two processes ever write the same file. Nothing here is the truth: records are.
"""

import contextlib
import errno
import os
import shutil
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from ingest.inbox import ASIDE, CASES, PEOPLE, RECEIPTS
from ingest.names import safe_file_name
from storage import room
from storage.vault import durable_replacement

_REASON = " - LÝ DO.txt"
_MEANING = (
    "Tệp ghi “đã nhận” đã được lưu an toàn trong kho.\n"
    "Tệp ghi “chưa nhận được” nằm trong thư mục “cần xử lý”, bên cạnh có tệp LÝ DO nói rõ phải làm gì."
)
#: Windows' Notepad recognises UTF-8 by it
_MARK = "\ufeff"


def add_receipt(folder: Path, when: datetime, zone: ZoneInfo, lines: list[str]) -> Path:
    """Append lines to the day's biên nhận of a folder of the share."""
    local = when.astimezone(zone)
    directory = folder / RECEIPTS
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{local:%Y-%m-%d}.txt"
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="\r\n") as out:
        if is_new:
            out.write(f"{_MARK}BIÊN NHẬN ngày {local:%d/%m/%Y}\n{_MEANING}\n\n")
        out.writelines(line + "\n" for line in lines)
    return path


def put_aside(inbox: Path, name: str, reason: str, source: Path) -> Path:
    """Move a refused file of the share into "cần xử lý", with the reason beside it; never over another file."""
    target = _free_name(inbox / ASIDE, name)
    source.rename(target)  # of a link or pipe the name itself moves; nothing is opened
    write_reason(target, reason)
    return target


def copy_aside(inbox: Path, name: str, reason: str, original: Path) -> Path:
    """Lay a copy of a refused original into "cần xử lý", with the reason beside it."""
    target = _free_name(inbox / ASIDE, name)
    temporary = target.with_name(f".{target.name}"[:200] + ".tmp")
    shutil.copyfile(original, temporary)
    temporary.rename(target)
    write_reason(target, reason)
    return target


def write_reason(beside: Path, reason: str) -> None:
    """Write the LÝ DO text of a refused file."""
    path = beside.with_name(safe_file_name(beside.name, room=len(_REASON.encode())) + _REASON)
    path.write_text(f"{_MARK}{beside.name}\n\nLÝ DO: {reason}\n", encoding="utf-8", newline="\r\n")


def _free_name(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    plain = safe_file_name(name, room=len(_REASON.encode()) + 8)
    target = folder / plain
    number = 2
    while target.exists() or target.is_symlink():
        target = folder / f"{Path(plain).stem} ({number}){Path(plain).suffix}"
        number += 1
    return target


def move_out(source: Path, taken_in: Path, scan_id: int, when: datetime, *, reserve: int) -> Path:
    """Move a source whose copy is committed out of the share, into the server-only folder. It is never deleted.

    Across file systems the copy is made durable before the source's name goes away.

    :param reserve: bytes that must stay free on the server's disk where a copy has to be made.
    :raises OSError: it could not be moved, or there is too little room; the source is where it was.
    """
    folder = taken_in / f"{when:%Y-%m-%d}"
    folder.mkdir(parents=True, exist_ok=True)
    prefix = f"{scan_id:08d}-"
    target = folder / (prefix + safe_file_name(source.name, room=len(prefix)))
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:  # the share is on another file system
            raise
        if room.free_bytes(folder) < source.stat().st_size + reserve:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)) from error
        with source.open("rb") as stream, durable_replacement(target) as out:
            shutil.copyfileobj(stream, out, 1024 * 1024)
        source.unlink()
    return target


def remove_empty_folders(inbox: Path, older_than: float) -> None:
    """Take away sub-folders that were dropped whole and are empty now; those the service made stay.

    :param older_than: time of the file system; a folder touched since may just be about to be filled.
    """
    for folder in sorted((p for p in inbox.rglob("*") if p.is_dir() and not p.is_symlink()), reverse=True):
        parts = folder.relative_to(inbox).parts
        is_ours = parts[0] in (ASIDE, RECEIPTS) or parts[-1] == RECEIPTS or _is_standard(parts)
        with contextlib.suppress(OSError):  # not empty, or gone
            if not is_ours and folder.stat().st_mtime < older_than:
                folder.rmdir()


def receipt_folder(inbox: Path, relative: PurePosixPath) -> Path:
    """Where the biên nhận of a file lies: in the folder of its person or case, else at the top of the inbox."""
    parts = relative.parts
    return inbox.joinpath(*parts[:2]) if len(parts) > 2 and _is_standard(parts[:2]) else inbox


def _is_standard(parts: tuple[str, ...]) -> bool:
    return parts[0] in (PEOPLE, CASES) and len(parts) <= 2
