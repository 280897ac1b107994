"""Backup and restore with the real command: what comes back is what was there, and nothing damaged is laid down."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive_svc.setup import set_up
from storage import batches
from storage.access import SERVICE
from storage.database import Database
from storage.vault import Vault

ARCHIVE = Path(sys.prefix) / "bin" / "archive"


def run(*arguments: object, expect: int = 0) -> str:
    """The command's standard output; its exit code must be the one expected."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ARCHIVE_")}
    done = subprocess.run(
        [ARCHIVE, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    assert done.returncode == expect, done.stderr
    return done.stdout


def run_json(*arguments: object, expect: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", expect=expect))


def add_original(data: Path, content: bytes) -> str:
    """One more original with its record, as intake leaves it."""
    source = data.parent / "source"
    source.write_bytes(content)
    stored = Vault(data / "vault").put(source)
    with Database(f"sqlite:///{data / 'archive.sqlite3'}") as database, database.write() as session:
        batch = batches.open_batch(session, SERVICE, name="đợt", source="test")
        batches.add_scan(session, SERVICE, batch, name="a.pdf", sha256=stored.sha256, size=stored.size)
    return stored.sha256


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive with one original in it."""
    folder = tmp_path / "kho dữ liệu"
    set_up(folder)
    add_original(folder, b"first original")
    return folder


def test_round_trip_keeps_originals_people_and_chain(data: Path, tmp_path: Path) -> None:
    run("user", "add", "hoa", "--name", "Hòa", "--role", "clerk", "--data", data)
    (data / "settings.toml").write_text("port = 9123\n")
    own = data / "config" / "books" / "so.toml"
    own.parent.mkdir(parents=True)
    own.write_text("the office's own book")
    made = run_json("backup", tmp_path / "usb", "--data", data)
    assert (made["originals"], made["copied"]) == (1, 1)
    run("restore", tmp_path / "usb", "--data", tmp_path / "new")
    report = run_json("verify", "--data", tmp_path / "new")
    assert (report["originals"], report["faults"]) == (1, [])
    assert run("user", "list", "--data", tmp_path / "new") == run("user", "list", "--data", data)
    shown = {row["key"]: row["value"] for row in run_json("config", "show", "--data", tmp_path / "new")["settings"]}
    assert shown["port"] == 9123
    assert (tmp_path / "new" / "config" / "books" / "so.toml").read_text() == "the office's own book"
    assert not (tmp_path / "new" / "index").exists()
    assert not (tmp_path / "new" / "secret.key").exists()


def test_second_backup_copies_only_what_is_new(data: Path, tmp_path: Path) -> None:
    first = run_json("backup", tmp_path / "usb", "--data", data)
    add_original(data, b"second original")
    # Two backups within one second would bear one name.
    Path(first["backup"]).rename(tmp_path / "usb" / "2020-01-01T000000Z")
    second = run_json("backup", tmp_path / "usb", "--data", data)
    assert (second["originals"], second["copied"]) == (2, 1)
    run("restore", tmp_path / "usb" / "2020-01-01T000000Z", "--data", tmp_path / "old")
    assert run_json("verify", "--data", tmp_path / "old")["originals"] == 1


def test_pictures_frozen_for_hearings_come_back_and_are_copied_once(data: Path, tmp_path: Path) -> None:
    presented = Vault(data / "presented")
    frozen, rotted = (presented.put(io.BytesIO(content)).sha256 for content in (b"as locked", b"as locked too"))
    presented.path(rotted).chmod(0o600)
    presented.path(rotted).write_bytes(b"as locked two")
    first = Path(run_json("backup", tmp_path / "usb", "--data", data)["backup"])
    saved = Vault(tmp_path / "usb" / "presented")
    assert list(saved.all_hashes()) == [frozen], "a damaged picture is no copy, and does not stop the backup"
    copied_at = saved.path(frozen).stat().st_mtime_ns
    first.rename(tmp_path / "usb" / "2020-01-01T000000Z")
    run("backup", tmp_path / "usb", "--data", data)
    assert saved.path(frozen).stat().st_mtime_ns == copied_at
    run("restore", tmp_path / "usb", "--data", tmp_path / "new")
    assert Vault(tmp_path / "new" / "presented").path(frozen).read_bytes() == b"as locked"
    saved.path(frozen).unlink()
    run("restore", tmp_path / "usb", "--data", tmp_path / "other", expect=3)
    assert not (tmp_path / "other").exists()


def test_restore_refuses_a_folder_with_data(data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "usb", "--data", data)
    run("restore", tmp_path / "usb", "--data", data, expect=2)
    assert run_json("verify", "--data", data)["faults"] == []


@pytest.mark.parametrize("what", ["original", "records", "lost original", "manifest"])
def test_damaged_backup_leaves_nothing_behind(data: Path, tmp_path: Path, what: str) -> None:
    backup = Path(run_json("backup", tmp_path / "usb", "--data", data)["backup"])
    original = next((tmp_path / "usb" / "originals").glob("??/*"))
    original.chmod(0o600)
    if what == "original":
        original.write_bytes(b"other original")
    elif what == "lost original":
        original.unlink()
    elif what == "records":
        with (backup / "records.sqlite3").open("r+b") as file:
            file.seek(4000)
            file.write(b"\xff" * 64)
    else:
        (backup / "manifest.json").write_text("{")
    run("restore", backup, "--data", tmp_path / "new", expect=3)
    assert not (tmp_path / "new").exists()
    assert list(tmp_path.glob(".new*")) == []


def test_backup_of_an_archive_that_lost_an_original_says_so(data: Path, tmp_path: Path) -> None:
    next((data / "vault").glob("??/*")).unlink()
    run("backup", tmp_path / "usb", "--data", data, expect=3)
    assert list((tmp_path / "usb").glob("*/manifest.json")) == []


def test_full_check_replaces_a_copy_that_rotted(data: Path, tmp_path: Path) -> None:
    first = run_json("backup", tmp_path / "usb", "--data", data)
    Path(first["backup"]).rename(tmp_path / "usb" / "2020-01-01T000000Z")
    copy = next((tmp_path / "usb" / "originals").glob("??/*"))
    copy.chmod(0o600)
    copy.write_bytes(b"FIRST original")
    made = run_json("backup", tmp_path / "usb", "--full-check", "--data", data)
    assert made["copied"] == 1
    assert copy.read_bytes() == b"first original"


def test_verify_tells_what_was_altered(data: Path) -> None:
    original = next((data / "vault").glob("??/*"))
    original.chmod(0o600)
    original.write_bytes(b"altered")
    report = run_json("verify", "--data", data, expect=1)
    assert [fault["kind"] for fault in report["faults"]] == ["changed"]


def test_verify_holds_the_chain_against_a_noted_head(data: Path) -> None:
    head = run_json("verify", "--data", data)["audit_head"]
    assert run_json("verify", "--head", head, "--data", data)["faults"] == []
    number, _, digest = head.partition(":")
    report = run_json("verify", "--head", f"{number}:{'0' * len(digest)}", "--data", data, expect=1)
    assert [fault["kind"] for fault in report["faults"]] == ["chain"]
    run("verify", "--head", "nonsense", "--data", data, expect=1)
