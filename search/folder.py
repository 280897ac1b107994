"""The folder of the index: which index is in use, one writer at a time, and files that are really on the disk.

``current.json`` names the index in use; switching is replacing that one small file. The index is a cache: any part of
it may be deleted, and it is never restored from a backup (Whoosh's files are pickles, and so could carry code).
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, get_args

from config.errors import EXIT_UNABLE, ArchiveError
from search import schema
from search.engine import EngineName

_CURRENT = "current.json"
_LOCK = "writer.lock"


class IndexBusy(ArchiveError):
    """Another process is writing the index."""

    code = "INDEX-BUSY"
    vi = "Mục lục tìm kiếm đang được một tiến trình khác ghi. Không mất gì; hãy thử lại sau ít phút."
    en = "Another process is writing the search index. Nothing is lost; try again in a few minutes."
    exit_code = EXIT_UNABLE
    status = 503
    retryable = True


@dataclass(frozen=True, slots=True)
class Current:
    """The index in use."""

    engine: EngineName
    folder: Path


class IndexFolder:
    """DATA/index."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._synced: set[tuple[str, int, int]] = set()

    def current(self) -> Current | None:
        """The index in use, or None when there is none of this version."""
        try:
            stored = json.loads((self.root / _CURRENT).read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        folder = self.root / Path(str(stored.get("folder"))).name
        if stored.get("version") != schema.VERSION or stored.get("engine") not in get_args(EngineName):
            return None
        return Current(stored["engine"], folder) if folder.is_dir() else None

    def new(self, engine: EngineName) -> Current:
        """An empty folder beside the index in use."""
        self.root.mkdir(parents=True, exist_ok=True)
        taken = [int(p.name.rpartition("-")[2]) for p in self.root.glob("*-[0-9]*") if p.is_dir()]
        folder = self.root / f"{engine}-{max(taken, default=0) + 1}"
        folder.mkdir()
        return Current(engine, folder)

    def switch(self, to: Current) -> None:
        """Put an index in use. Its files are made durable first."""
        self.sync(to.folder)
        stored = {"version": schema.VERSION, "engine": to.engine, "folder": to.folder.name}
        temporary = self.root / f"{_CURRENT}.new"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(stored, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.root / _CURRENT)
        _sync_folder(self.root)

    def remove_unused(self) -> None:
        """Delete indexes that are not in use (left by a switch, or by a build that was broken off)."""
        current = self.current()
        for folder in self.root.glob("*-[0-9]*"):
            if folder.is_dir() and (current is None or folder != current.folder):
                # A reader on Windows may still hold its files open: what cannot go now goes at the next start.
                shutil.rmtree(folder, ignore_errors=True)

    def sync(self, folder: Path) -> None:
        """Force every file written since the last call, and the folder itself, to the disk. Whoosh never does."""
        seen = set()
        for file in folder.iterdir():
            try:
                stat = file.stat()
                state = (str(file), stat.st_size, stat.st_mtime_ns)
                if file.is_file() and state not in self._synced:
                    _sync_file(file)
            except FileNotFoundError:  # merged away meanwhile by the engine's own thread
                continue
            seen.add(state)
        self._synced = seen
        _sync_folder(folder)

    @contextlib.contextmanager
    def writer_lock(self) -> Iterator[None]:
        """Be the one writer. The lock is the operating system's, so it ends with its process.

        :raises IndexBusy: another process holds it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / _LOCK).open("a+b") as file:
            try:
                _lock(file)
            except OSError as error:
                raise IndexBusy from error
            yield


def _sync_file(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # a folder cannot be opened there; NTFS journals its entries itself
        return
    _sync_file(folder)


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
