"""Derived files: images, tiles, PDFs. All can be rebuilt from the originals and the records, so any may be deleted."""

import re
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")


class DerivedStore:
    """Files made from an original, in a folder named by its hash: ``path(sha256, "p0001-screen-v1.jpg")``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, sha256: str) -> Path:
        """Folder of everything derived from one original."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / sha256

    def path(self, sha256: str, name: str) -> Path:
        """Where a derived file of that name lies or would lie. ``name`` carries what made it, with its version."""
        if not _NAME.fullmatch(name) or name.startswith("."):
            raise ValueError(f"not a name of a derived file: {name!r}")
        return self.folder(sha256) / name
