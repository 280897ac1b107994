"""Clearing moved sources deletes nothing that is not proven to be in the vault."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive_svc.clearing import clear_sources
from config.settings import Settings
from storage import batches
from storage.access import SERVICE
from storage.database import Database
from storage.models.records import AuditEvent
from storage.vault import Vault


def unseen(items: Iterable[Path], total: int, label: str) -> Iterator[Path]:
    return iter(items)


@pytest.fixture
def source(settings: Settings, database: Database, vault: Vault) -> Path:
    """A moved source whose original is in the vault and named by a record."""
    path = settings.taken_in_folder / "2026" / "a.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"original")
    stored = vault.put(path)
    with database.write() as session:
        batch = batches.open_batch(session, SERVICE, name="đợt", source="test")
        batches.add_scan(session, SERVICE, batch, name="a.pdf", sha256=stored.sha256, size=stored.size)
    return path


def test_proven_source_goes_and_the_original_stays(
    settings: Settings, database: Database, vault: Vault, source: Path
) -> None:
    done = clear_sources(settings.taken_in_folder, database, vault, SERVICE, unseen, before=time.time() + 60)
    assert (done.files, done.bytes, done.kept) == (1, 8, [])
    assert not source.parent.exists()
    assert list(vault.all_hashes())
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "sources.cleared")).one()
        assert event.detail == {"files": 1, "bytes": 8, "kept": 0}


def test_what_cannot_be_proven_is_kept(settings: Settings, database: Database, vault: Vault, source: Path) -> None:
    other = source.with_name("unknown.pdf")
    other.write_bytes(b"nobody stored this")
    original = vault.path(next(vault.all_hashes()))
    original.chmod(0o600)
    original.write_bytes(b"rotten!!")
    done = clear_sources(settings.taken_in_folder, database, vault, SERVICE, unseen, before=time.time() + 60)
    assert done.files == 0
    assert done.kept == [source, other]
    assert source.exists()
    assert other.exists()


def test_recent_sources_are_not_touched(settings: Settings, database: Database, vault: Vault, source: Path) -> None:
    done = clear_sources(settings.taken_in_folder, database, vault, SERVICE, unseen, before=time.time() - 3600)
    assert (done.files, done.kept) == (0, [])
    assert source.exists()
