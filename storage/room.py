"""Room on the disks the archive writes to: what a full disk looks like, and which disk is one."""

import errno
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from config.errors import DiskFull
from config.settings import Settings

#: no space left, quota exceeded
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
#: PostgreSQL's SQLSTATE of a full disk
_SERVER_FULL = "53100"


def is_no_room(error: BaseException) -> bool:
    """Whether an error of the system or the database says that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    if isinstance(error, DBAPIError):
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        return getattr(cause, "sqlstate", None) == _SERVER_FULL
    return False


def disk_full(folder: Path) -> DiskFull:
    """The error to show for a folder (or one yet to be made) whose disk has no room."""
    return DiskFull(path=folder, free_mb=free_bytes(folder) // 2**20)


def free_bytes(folder: Path) -> int:
    """Free room on the disk of a folder; the folder itself need not exist yet."""
    return shutil.disk_usage(_existing(folder)).free


def shortages(settings: Settings) -> list[DiskFull]:
    """One error per disk of the archive on which less than ``min_free_mb`` is left. Asks the disks, not the records:
    on a full disk nothing can be recorded."""
    wanted = (settings.data, settings.vault_folder, settings.derived_folder, settings.index_folder)
    found: dict[int, DiskFull] = {}
    for folder in wanted:
        there = _existing(folder)
        if free_bytes(there) < max(settings.min_free_mb, 1) * 2**20:
            found.setdefault(there.stat().st_dev, disk_full(folder))
    return list(found.values())


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
