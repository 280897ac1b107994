"""Brings in other projects' files that the product needs and does not carry in its repository.

``python -m viewer.vendor`` copies the files named in ``vendor.toml`` out of ``node_modules`` (laid by ``npm ci`` from
the committed ``package-lock.json``): scripts for the browser into ``viewer/static/vendor``, Tesseract models into the
environment's ``share/archive-svc/tessdata``. Each must have exactly the SHA-256 that ``vendor.toml`` names; a folder
that holds them already is left alone, so no second run needs ``node_modules``.
"""

import argparse
import gzip
import hashlib
import json
import shutil
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HERE = Path(__file__).resolve().parent
STATIC_DIR = HERE / "static" / "vendor"
MODEL_DIR = Path(sys.prefix) / "share" / "archive-svc" / "tessdata"
MANIFEST = "manifest.json"


class VendorError(Exception):
    """A named file is missing or is not the file that was reviewed."""


@dataclass(frozen=True)
class Asset:
    """One file of another project: where it comes from, under which licence, and what it must hash to."""

    package: str
    licence: str
    kind: Literal["static", "model"]
    source: str
    target: str
    sha256: str
    licence_file: str | None = None

    def installed(self, static_dir: Path, model_dir: Path) -> Path:
        return (static_dir if self.kind == "static" else model_dir) / self.target


def read_assets(listing: Path = HERE / "vendor.toml") -> list[Asset]:
    return [Asset(**entry) for entry in tomllib.loads(listing.read_text("utf-8"))["asset"]]


def missing_or_changed(assets: Iterable[Asset], static_dir: Path, model_dir: Path) -> list[Asset]:
    """The assets whose installed file is absent or has another hash than the one named."""
    return [asset for asset in assets if _hash_of(asset.installed(static_dir, model_dir)) != asset.sha256]


def install(assets: list[Asset], packages: Path, static_dir: Path, model_dir: Path) -> list[Path]:
    """Copy every asset that is not in place yet out of `packages` and write the manifest; returns the files written.

    Raises VendorError, with nothing half-written, when a file is not there or hashes differently.
    """
    written = []
    for asset in missing_or_changed(assets, static_dir, model_dir):
        content = _read_source(asset, packages)
        found = hashlib.sha256(content).hexdigest()
        if found != asset.sha256:
            raise VendorError(
                f"{asset.package}/{asset.source}: SHA-256 is {found}, vendor.toml names {asset.sha256}; not installed."
            )
        target = asset.installed(static_dir, model_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".part")
        partial.write_bytes(content)
        partial.replace(target)
        written.append(target)
    if written:
        _write_manifest(assets, packages, static_dir)
    return written


def _read_source(asset: Asset, packages: Path) -> bytes:
    source = packages / asset.package / asset.source
    if not source.is_file():
        raise VendorError(f"{source} is missing. Run 'make assets', which fetches the packages first.")
    content = source.read_bytes()
    return gzip.decompress(content) if source.suffix == ".gz" else content


def _write_manifest(assets: list[Asset], packages: Path, static_dir: Path) -> None:
    """Record name, version, licence and hash of everything brought in, with the licence texts beside it."""
    licences = static_dir / "licences"
    licences.mkdir(parents=True, exist_ok=True)
    records = []
    for asset in assets:
        about = json.loads((packages / asset.package / "package.json").read_text("utf-8"))
        if asset.licence_file is not None:
            text = packages / asset.package / asset.licence_file
            shutil.copyfile(text, licences / f"{asset.package.replace('/', '_')}.txt")
        records.append(
            {
                "file": asset.target,
                "kind": asset.kind,
                "package": asset.package,
                "version": about["version"],
                "licence": asset.licence,
                "sha256": asset.sha256,
            }
        )
    (static_dir / MANIFEST).write_text(json.dumps(records, indent=2) + "\n", "utf-8")


def _hash_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m viewer.vendor", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=Path, default=HERE.parent / "node_modules", help="folder laid by npm ci")
    parser.add_argument("--check", action="store_true", help="only say what is missing or changed (exit code 1)")
    options = parser.parse_args(arguments)
    assets = read_assets()
    if options.check:
        bad = missing_or_changed(assets, STATIC_DIR, MODEL_DIR)
        for asset in bad:
            print(f"missing or changed: {asset.installed(STATIC_DIR, MODEL_DIR)}")
        return 1 if bad else 0
    try:
        written = install(assets, options.packages, STATIC_DIR, MODEL_DIR)
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(f"installed {path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
