"""Clearing the sources that were moved out of the share: each only when its original is proven whole at that moment."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage import audit, integrity
from storage.access import Actor
from storage.database import Database
from storage.vault import Vault, hash_file

#: wraps an iterable with its length and label, to show how far the work is
Progress = Callable[[Iterable[Path], int, str], Iterator[Path]]


@dataclass(slots=True)
class Cleared:
    """What was deleted, and what was kept because no whole original with a record stands for it."""

    files: int = 0
    bytes: int = 0
    kept: list[Path] = field(default_factory=list)


def clear_sources(
    folder: Path, database: Database, vault: Vault, actor: Actor, progress: Progress, *, before: float
) -> Cleared:
    """Delete moved sources last changed before a moment (seconds since 1970) whose bytes the vault holds whole.

    Both copies are read now: the source's hash must be that of an original that a record names and that reads back
    the same. What was done is an event of the audit chain.
    """
    with database.read() as session:
        named = integrity.named_originals(session)
    sources = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.lstat().st_ctime < before]
    cleared = Cleared()
    for path in progress(sources, len(sources), "sources"):
        sha256 = hash_file(path)
        if path.is_symlink() or sha256 not in named or not vault.verify(sha256):
            cleared.kept.append(path)
            continue
        cleared.bytes += path.stat().st_size
        cleared.files += 1
        path.unlink()
    _remove_empty_folders(folder)
    with database.write() as session:
        audit.record(session, actor.name, "sources.cleared", "archive",
                     {"files": cleared.files, "bytes": cleared.bytes, "kept": len(cleared.kept)})
    return cleared


def _remove_empty_folders(folder: Path) -> None:
    for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(inner.iterdir()):
            inner.rmdir()
