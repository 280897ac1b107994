"""Names of files as scanners, phones and other offices give them: made safe, and put in the order people mean."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

#: most bytes of one file name on every file system an office uses (ext4, NTFS over SMB, exFAT)
MAX_NAME_BYTES = 255

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
_DIGITS = re.compile(r"(\d+)")
#: names Windows cannot open, whatever their suffix
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def readable(path: str | PurePath) -> str:
    """A path as text any database and screen takes: bytes that are no UTF-8 become "?"."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def display_name(raw: str) -> str:
    """The name as people see it and as it is stored: its last part, NFC, without control or direction marks.

    Quotes, spaces and everything else a person typed stay. Bytes that are no UTF-8 (surrogate escapes) become "?".
    """
    last = unicodedata.normalize("NFC", readable(raw)).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf")).strip()
    return kept if kept.strip(".") else "khong-ten"


def safe_file_name(raw: str, *, room: int = 0) -> str:
    """A name that can be written on every file system, with ``room`` bytes left for what the caller adds to it."""
    name = _FORBIDDEN.sub("_", display_name(raw)).strip(" .") or "khong-ten"
    if _RESERVED.match(name):
        name = "_" + name
    return shorten(name, MAX_NAME_BYTES - room)


def shorten(name: str, limit: int) -> str:
    """``name`` cut to ``limit`` bytes of UTF-8 between characters, its suffix kept where it is a short one."""
    if len(name.encode()) <= limit:
        return name
    suffix = PurePath(name).suffix
    suffix = suffix if 0 < len(suffix.encode()) <= 10 else ""
    stem = name[: len(name) - len(suffix)]
    keep = max(1, limit - len(suffix.encode()))
    return stem.encode()[:keep].decode("utf-8", "ignore").rstrip() + suffix


def natural_key(name: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key by which ``scan2`` comes before ``scan10``; letter case and composition of accents do not matter."""
    parts = _DIGITS.split(unicodedata.normalize("NFC", name).casefold())
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)


def in_natural_order(names: Iterable[str]) -> list[str]:
    """``names`` in the order a person would lay the papers: 1, 2, 10."""
    return sorted(names, key=lambda name: (natural_key(name), name))
