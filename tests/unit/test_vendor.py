"""Third-party files: what is installed is exactly what was reviewed, and refers to no other machine."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from viewer import vendor

REPOSITORY = Path(__file__).resolve().parents[2]


def _package(folder: Path, content: bytes) -> Path:
    (folder / "thing" / "dist").mkdir(parents=True)
    (folder / "thing" / "dist" / "thing.js").write_bytes(content)
    (folder / "thing" / "LICENSE").write_text("do what you like")
    (folder / "thing" / "package.json").write_text('{"version": "1.2.3"}')
    return folder


def _asset(sha256: str) -> vendor.Asset:
    return vendor.Asset("thing", "0BSD", "static", "dist/thing.js", "thing.js", sha256, "LICENSE")


def test_installs_named_file_with_manifest_and_licence(tmp_path: Path) -> None:
    packages = _package(tmp_path / "node_modules", b"let a = 1")
    asset = _asset(hashlib.sha256(b"let a = 1").hexdigest())
    static = tmp_path / "static"
    assert vendor.install([asset], packages, static, tmp_path / "models") == [static / "thing.js"]
    assert (static / "thing.js").read_bytes() == b"let a = 1"
    assert (static / "licences" / "thing.txt").read_text() == "do what you like"
    (record,) = json.loads((static / vendor.MANIFEST).read_text())
    assert (record["version"], record["licence"], record["sha256"]) == ("1.2.3", "0BSD", asset.sha256)
    # A second run needs nothing, not even the packages.
    assert vendor.install([asset], tmp_path / "gone", static, tmp_path / "models") == []


def test_other_content_is_refused_and_not_left_behind(tmp_path: Path) -> None:
    packages = _package(tmp_path / "node_modules", b"something else")
    with pytest.raises(vendor.VendorError, match="not installed"):
        vendor.install([_asset("0" * 64)], packages, tmp_path / "static", tmp_path / "models")
    assert not (tmp_path / "static").exists()


def test_changed_file_is_noticed(tmp_path: Path) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / "thing.js").write_text("tampered")
    asset = _asset(hashlib.sha256(b"let a = 1").hexdigest())
    assert vendor.missing_or_changed([asset], static, tmp_path) == [asset]


def test_every_asset_is_installed_as_reviewed() -> None:
    assert vendor.missing_or_changed(vendor.read_assets(), vendor.STATIC_DIR, vendor.MODEL_DIR) == []


def test_package_lock_pins_every_package_by_hash_and_names_no_address() -> None:
    text = (REPOSITORY / "package-lock.json").read_text("utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert re.search(r"https?://(?!(?:opencollective|github)\.)", text) is None


def test_listed_packages_are_the_locked_ones() -> None:
    locked = json.loads((REPOSITORY / "package-lock.json").read_text("utf-8"))["packages"]
    assert {f"node_modules/{asset.package}" for asset in vendor.read_assets()} <= set(locked)
