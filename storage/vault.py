"""The vault: original bytes by their content, never altered.

A file is stored under its SHA-256, read-only. Storing streams into a temporary file beside its final place, makes it
durable, reads it back and compares, and only then gives it its name: what has a name in the vault is whole.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.errors import EXIT_UNABLE, ArchiveError, DiskFull, NotFound
from storage import room

CHUNK = 1024 * 1024
_TEMPORARY = ".incoming-"


class VaultMismatch(ArchiveError):
    """What was read back from the disk is not what was written."""

    code = "VAULT-MISMATCH"
    vi = "Bản lưu của {name} đọc lại không khớp nên chưa nhận. Tệp gốc còn nguyên ở chỗ cũ. Hãy kiểm tra ổ đĩa máy chủ."
    en = "The stored copy of {name} did not read back the same, so it was not taken. The source stays. Check the disk."
    exit_code = EXIT_UNABLE
    status = 500
    retryable = True


@dataclass(frozen=True, slots=True)
class Stored:
    """What the vault holds after ``put``: ``is_new`` is False where the same bytes were there before."""

    sha256: str
    size: int
    is_new: bool


class Vault:
    """Originals in a folder, spread over 256 sub-folders by the first two digits of their hash."""

    def __init__(self, root: Path, *, min_free_bytes: int = 0) -> None:
        self.root = root
        self.min_free_bytes = min_free_bytes

    def path(self, sha256: str) -> Path:
        """Where the bytes lie; the file need not exist."""
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the original is there (not whether it is whole: ``verify``)."""
        return self.path(sha256).is_file()

    def open(self, sha256: str) -> IO[bytes]:
        """The original for reading.

        :raises NotFound: it is not in the vault.
        """
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(what=f"bản gốc {sha256[:12]}") from None

    def put(self, source: Path | IO[bytes], *, name: str = "") -> Stored:
        """Store a copy of a file or stream; durable and verified when this returns.

        :raises DiskFull: less than the minimum would be left; nothing is kept.
        :raises VaultMismatch: the copy did not read back the same; nothing is kept.
        """
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self.put(stream, name=name or source.name)
        temporary = self.root / f"{_TEMPORARY}{os.getpid()}-{secrets.token_hex(8)}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            sha256, size = self._copy(source, temporary)
            if hash_file(temporary) != sha256:
                raise VaultMismatch(name=name or sha256[:12])
            return self._name(temporary, sha256, size)
        except OSError as error:
            if room.is_no_room(error):
                raise room.disk_full(self.root) from error
            raise
        finally:
            temporary.unlink(missing_ok=True)

    def verify(self, sha256: str) -> bool:
        """Whether the stored bytes still have the hash they are named by."""
        path = self.path(sha256)
        return path.is_file() and hash_file(path) == sha256

    def all_hashes(self) -> Iterator[str]:
        """Every original in the vault, in order of hash."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(p.name for p in folder.iterdir() if len(p.name) == 64)

    def sweep(self, older_than_seconds: float, now: float) -> int:
        """Remove unfinished copies left by a killed process; returns how many."""
        stale = [p for p in self.root.glob(f"{_TEMPORARY}*") if now - p.stat().st_mtime > older_than_seconds]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _copy(self, source: IO[bytes], target: Path) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with target.open("xb") as out:
            while chunk := source.read(CHUNK):
                if self.min_free_bytes and shutil.disk_usage(self.root).free - len(chunk) < self.min_free_bytes:
                    free = shutil.disk_usage(self.root).free // 2**20
                    raise DiskFull(path=self.root, free_mb=free)
                digest.update(chunk)
                out.write(chunk)
                size += len(chunk)
            out.flush()
            os.fsync(out.fileno())
        return digest.hexdigest(), size

    def _name(self, temporary: Path, sha256: str, size: int) -> Stored:
        final = self.path(sha256)
        if final.exists() and hash_file(final) == sha256:
            return Stored(sha256, size, is_new=False)
        final.parent.mkdir(exist_ok=True)
        with suppress(PermissionError):  # exFAT and NTFS disks, as USB backups are, know no such right
            temporary.chmod(0o440)
        temporary.replace(final)
        for folder in (final.parent, self.root):
            fsync_folder(folder)
        return Stored(sha256, size, is_new=True)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def durable_replacement(path: Path) -> Iterator[IO[bytes]]:
    """Write a file so that after any crash either the old or the whole new content stands under its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
        fsync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
