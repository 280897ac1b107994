"""The vault: whole, verified, never altered, and clean after a crash."""

import io
from pathlib import Path

import pytest

from config.errors import DiskFull, NotFound
from storage import vault as vault_module
from storage.vault import Vault, VaultMismatch


def test_same_bytes_are_stored_once_and_read_only(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    first, second = vault.put(io.BytesIO(b"scan")), vault.put(io.BytesIO(b"scan"))
    assert first.is_new and not second.is_new and first.sha256 == second.sha256
    assert vault.path(first.sha256).stat().st_mode & 0o222 == 0
    assert list(vault.all_hashes()) == [first.sha256]


def test_verify_finds_altered_and_missing_originals(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    stored = vault.put(io.BytesIO(b"scan"))
    assert vault.verify(stored.sha256)
    path = vault.path(stored.sha256)
    path.chmod(0o600)
    path.write_bytes(b"scam")
    assert not vault.verify(stored.sha256)
    path.unlink()
    assert not vault.verify(stored.sha256)
    with pytest.raises(NotFound):
        vault.open(stored.sha256)


def test_an_altered_original_is_mended_by_the_same_file_coming_again(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    stored = vault.put(io.BytesIO(b"scan"))
    vault.path(stored.sha256).chmod(0o600)
    vault.path(stored.sha256).write_bytes(b"")
    assert vault.put(io.BytesIO(b"scan")).is_new
    assert vault.verify(stored.sha256)


def test_a_copy_that_reads_back_wrong_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_module, "hash_file", lambda _path: "0" * 64)
    vault = Vault(tmp_path)
    with pytest.raises(VaultMismatch):
        vault.put(io.BytesIO(b"scan"), name="a.pdf")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_full_disk_refuses_and_leaves_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path, min_free_bytes=2**62)
    with pytest.raises(DiskFull):
        vault.put(io.BytesIO(b"scan"))
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_hashes_are_paths(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Vault(tmp_path).path(name)
