"""Backup and restore of a whole archive: records, originals, settings, and the pictures frozen for hearings.
Everything else can be rebuilt from them.

A backup folder keeps each original once, under its hash, for all the backups made into it; a backup itself is a small
folder beside them with the records and a manifest. So the daily backup of a large archive copies only what is new, and
the folder can be a plain USB disk (no links, no special file system is needed)::

    FOLDER/originals/ab/ab12…          every original
    FOLDER/presented/cd/cd34…          every frozen picture: another release's painter may not give the same bytes
    FOLDER/2026-11-22T183000Z/         records.sqlite3, settings.toml, tls/, config/, manifest.json

The index is never part of it: it is rebuilt, and index files from elsewhere would be code to run. Neither is the key
that signs log-ins: after a restore everybody logs in anew.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config.errors import EXIT_UNABLE, EXIT_USAGE, ArchiveError, DiskFull
from config.settings import SETTINGS_FILE, Settings, load_settings
from storage import audit, integrity
from storage.access import Actor
from storage.database import Database
from storage.migrate import is_current, upgrade
from storage.models.base import now
from storage.vault import Vault, durable_replacement, fsync_folder, hash_file

ORIGINALS = "originals"
PRESENTED = "presented"
RECORDS = "records.sqlite3"
MANIFEST = "manifest.json"
#: files and folders of the data folder that nothing can rebuild, besides records and originals
KEPT = (SETTINGS_FILE, "tls", "config")
DATABASE_NAME = "archive.sqlite3"

#: wraps an iterable with its length and label, to show how far the work is
Progress = Callable[[Iterable[str], int, str], Iterator[str]]


class BackupDatabase(ArchiveError):
    """The records lie in a database server, which has its own tools for backing up."""

    code = "BACKUP-DATABASE"
    vi = "Dữ liệu nằm ở máy chủ {database}; hãy sao lưu bằng công cụ của nó (pg_dump) cùng thư mục {vault}."
    en = "The records lie on {database}; back them up with its own tool (pg_dump), together with the folder {vault}."
    exit_code = EXIT_USAGE


class BackupIncomplete(ArchiveError):
    """Something of a backup is missing or is not what was saved."""

    code = "BACKUP-INCOMPLETE"
    vi = "Bản sao lưu ở {path} chưa trọn vẹn: {why}. Kho đang dùng không bị ảnh hưởng. Hãy dùng bản sao lưu khác."
    en = "The backup at {path} is not whole: {why}. The archive in use was not touched. Use another backup."
    exit_code = EXIT_UNABLE


class RestoreTarget(ArchiveError):
    """A restore would write over an archive."""

    code = "RESTORE-TARGET"
    vi = "Thư mục {path} đã có dữ liệu nên chưa khôi phục. Không có gì thay đổi. Hãy chọn một thư mục trống."
    en = "{path} already holds data, so nothing was restored or changed. Choose an empty folder."
    exit_code = EXIT_USAGE


@dataclass(frozen=True, slots=True)
class Done:
    """What a backup or restore did: which one, how many originals it holds and how many were copied now."""

    path: Path
    originals: int
    copied: int


def back_up(
    settings: Settings, database: Database, actor: Actor, folder: Path, progress: Progress, *, full_check: bool = False,
) -> Done:
    """Make one more backup in `folder`; the service may go on working meanwhile.

    :param full_check: also read again every original that an earlier backup copied.
    :raises BackupDatabase: the records are not in SQLite.
    :raises DiskFull: what is new does not fit.
    :raises BackupIncomplete: an original is not in the vault, or what was copied did not read back the same.
    """
    if not database.is_sqlite:
        raise BackupDatabase(database=database.url.get_backend_name(), vault=settings.vault_folder)
    moment = now()
    target = folder / f"{moment:%Y-%m-%dT%H%M%SZ}"
    partial = folder / f".{target.name}.partial"
    partial.mkdir(parents=True)
    try:
        # Records first: an original is in the vault before a record names it, and never changes after.
        _copy_database(Path(str(database.url.database)), partial / RECORDS)
        named, head = _look_into(partial / RECORDS)
        copied = _save_originals(Vault(settings.vault_folder), Vault(folder / ORIGINALS), named, progress, full_check)
        pictures = _save_pictures(Vault(settings.data / PRESENTED), Vault(folder / PRESENTED), progress)
        _copy_kept(settings.data, partial)
        _write_manifest(partial, moment, head, named, pictures)
        partial.rename(target)
        fsync_folder(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    with database.write() as session:
        audit.record(session, actor.name, "archive.backed_up", "archive",
                     {"path": str(target), "originals": len(named), "copied": copied})
    return Done(target, len(named), copied)


def restore(backup: Path, data: Path, actor: Actor, progress: Progress) -> Done:
    """Lay a backup down as a new archive in `data`, every byte checked on the way.

    :param backup: the backup's own folder, or the folder that holds several: then the newest.
    :raises RestoreTarget: `data` is not empty.
    :raises BackupIncomplete: a file is missing or hashes differently; `data` is left empty.
    """
    source = newest_backup(backup)
    manifest = _read_manifest(source)
    if data.exists() and any(data.iterdir()):
        raise RestoreTarget(path=data)
    partial = data.with_name(f".{data.name}.restoring")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        copied = _lay_down(source, manifest, partial, progress)
        if data.exists():
            data.rmdir()
        partial.rename(data)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _wake(load_settings(data), actor, source)
    return Done(source, len(manifest["originals"]), copied)


def newest_backup(folder: Path) -> Path:
    """The backup itself, or the newest of those in a folder.

    :raises BackupIncomplete: there is none.
    """
    if (folder / MANIFEST).is_file():
        return folder
    found = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))
    if not found:
        raise BackupIncomplete(path=folder, why=MANIFEST)
    return found[-1]


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online copy: one moment of the database, whatever is written meanwhile."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")


def _look_into(records: Path) -> tuple[list[str], tuple[int, str]]:
    """Hashes of every original the records name, and the head of their audit chain.

    :raises BackupIncomplete: SQLite finds the copied file damaged.
    """
    with closing(sqlite3.connect(records)) as copy:
        why = str(copy.execute("PRAGMA integrity_check").fetchone()[0])
    if why != "ok":
        raise BackupIncomplete(path=records, why=why)
    with Database(f"sqlite:///{records}") as database, database.read() as session:
        return sorted(integrity.named_originals(session)), audit.head(session)


def _save_originals(vault: Vault, store: Vault, named: list[str], progress: Progress, full_check: bool) -> int:
    missing = [sha256 for sha256 in named if not vault.has(sha256)]
    if missing:
        raise BackupIncomplete(path=vault.root, why=f"{len(missing)} originals are gone, first {missing[0]}")
    new = [sha256 for sha256 in named if not _is_saved(vault, store, sha256, full_check)]
    need = sum(vault.path(sha256).stat().st_size for sha256 in new)
    store.root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(store.root).free
    if need > free:
        raise DiskFull(path=store.root, free_mb=free // 2**20)
    for sha256 in progress(new, len(new), "originals"):
        _copy_original(vault, store, sha256)
    return len(new)


def _save_pictures(vault: Vault, store: Vault, progress: Progress) -> list[str]:
    """Copy what is new of the frozen pictures; returns the hashes of all that are saved.

    A damaged one is left out: it can be made again and is checked whenever it is used.
    """
    known = list(vault.all_hashes())
    new = [sha256 for sha256 in known if not _is_saved(vault, store, sha256, False) and vault.verify(sha256)]
    for sha256 in progress(new, len(new), "pictures"):
        _copy_original(vault, store, sha256)
    return [sha256 for sha256 in known if store.has(sha256)]


def _is_saved(vault: Vault, store: Vault, sha256: str, full_check: bool) -> bool:
    if full_check:
        return store.verify(sha256)
    return store.has(sha256) and store.path(sha256).stat().st_size == vault.path(sha256).stat().st_size


def _copy_original(source: Vault, target: Vault, sha256: str) -> None:
    """Copy, and read back (`Vault.put` does): what has another hash than its name is no copy of that original."""
    target.path(sha256).unlink(missing_ok=True)
    if target.put(source.path(sha256)).sha256 != sha256:
        raise BackupIncomplete(path=source.path(sha256), why="the bytes do not have the hash they are named by")


def _copy_kept(source: Path, target: Path) -> None:
    for name in KEPT:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        elif (source / name).is_file():
            shutil.copy2(source / name, target / name)


def _write_manifest(
    backup: Path, moment: datetime, head: tuple[int, str], named: list[str], pictures: list[str]
) -> None:
    files = {str(path.relative_to(backup)): hash_file(path) for path in sorted(backup.rglob("*")) if path.is_file()}
    manifest = {
        "made_at": moment, "version": version("archive-svc"), "audit_head": f"{head[0]}:{head[1]}",
        "files": files, "originals": named, "presented": pictures,
    }
    with durable_replacement(backup / MANIFEST) as out:
        out.write(json.dumps(manifest, indent=1, default=str).encode())


def _read_manifest(backup: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((backup / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupIncomplete(path=backup, why=str(error)) from error
    for name, digest in manifest["files"].items():
        path = backup / name
        if not path.resolve().is_relative_to(backup.resolve()):
            raise BackupIncomplete(path=backup, why=f"{name} lies outside")
        if not path.is_file() or hash_file(path) != digest:
            raise BackupIncomplete(path=backup, why=f"{name} is missing or changed")
    return manifest


def _lay_down(source: Path, manifest: dict[str, Any], target: Path, progress: Progress) -> int:
    """Copy records, kept files and originals of a backup into a new data folder, checking every hash."""
    target.mkdir(parents=True, mode=0o750)
    for name in manifest["files"]:
        to = target / (DATABASE_NAME if name == RECORDS else name)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, to)
    store, vault = Vault(source.parent / ORIGINALS), Vault(target / "vault")
    vault.root.mkdir()
    named: list[str] = manifest["originals"]
    for sha256 in progress(named, len(named), "originals"):
        _take_back(source, store, vault, sha256)
    for sha256 in manifest["presented"]:
        _take_back(source, Vault(source.parent / PRESENTED), Vault(target / PRESENTED), sha256)
    return len(named)


def _take_back(source: Path, store: Vault, vault: Vault, sha256: str) -> None:
    if not store.has(sha256):
        raise BackupIncomplete(path=source, why=f"{store.root.name}: {sha256} is missing")
    _copy_original(store, vault, sha256)


def _wake(settings: Settings, actor: Actor, source: Path) -> None:
    """Bring an older backup's records to this version and record the restore. Without an index, one will be built."""
    with Database(settings.database) as database:
        if not is_current(database):
            upgrade(database)
        with database.write() as session:
            audit.record(session, actor.name, "archive.restored", "archive", {"backup": source.name})
