"""`storage.integrity` finds what is missing, altered or left over, and nothing else."""

import io
from pathlib import Path

from sqlalchemy.orm import Session

from config.settings import Settings
from storage import batches, integrity
from storage.access import SERVICE
from storage.integrity import Kind
from storage.vault import Vault


def _scan(session: Session, vault: Vault, content: bytes) -> str:
    stored = vault.put(io.BytesIO(content))
    batch = batches.open_batch(session, SERVICE, name="đợt", source="test")
    batches.add_scan(session, SERVICE, batch, name="a.pdf", sha256=stored.sha256, size=stored.size)
    return stored.sha256


def _alter(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"altered")


def test_whole_archive_has_no_finding(session: Session, vault: Vault, settings: Settings) -> None:
    sha256 = _scan(session, vault, b"original")
    named = integrity.named_originals(session)
    assert list(named) == [sha256]
    assert integrity.check_original(vault, sha256, named[sha256]) is None
    assert list(integrity.check_leftovers(vault, settings.derived_folder, named)) == []
    assert list(integrity.check_database(session)) == []


def test_altered_and_missing_originals_are_told_apart_and_named(session: Session, vault: Vault) -> None:
    altered, missing = _scan(session, vault, b"one"), _scan(session, vault, b"two")
    _alter(vault.path(altered))
    vault.path(missing).unlink()
    named = integrity.named_originals(session)
    found = [integrity.check_original(vault, sha256, named[sha256]) for sha256 in (altered, missing)]
    assert [finding and finding.kind for finding in found] == [Kind.CHANGED, Kind.MISSING]
    assert all(finding and finding.kind.is_fault for finding in found)
    assert all(finding and "scan:" in finding.vi and "scan:" in finding.en for finding in found)


def test_what_is_left_over_is_no_fault(session: Session, vault: Vault, settings: Settings) -> None:
    sha256 = _scan(session, vault, b"original")
    vault.put(io.BytesIO(b"nobody names me"))
    for name in (sha256, "0" * 64):
        folder = settings.derived_folder / name[:2] / name
        folder.mkdir(parents=True)
        (folder / "p1.jpg").write_bytes(b"")
    found = list(integrity.check_leftovers(vault, settings.derived_folder, integrity.named_originals(session)))
    assert sorted(finding.kind for finding in found) == [Kind.ORPHAN, Kind.STALE, Kind.STALE]
    assert not any(finding.kind.is_fault for finding in found)


def test_every_table_that_names_originals_is_looked_at() -> None:
    assert "scan" in {table.name for table in integrity.hash_tables()}
