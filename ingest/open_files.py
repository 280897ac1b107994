"""Which files other programs of this machine have open for writing. Across a share only the format itself can tell."""

import contextlib
import os
import sys
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR


def being_written(folder: Path) -> frozenset[str]:
    """Paths under ``folder`` open for writing by any process this one may look into. Empty where that is unknown."""
    if sys.platform != "linux":
        return frozenset()
    prefix = f"{folder.resolve()}/"
    found = set()
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        with contextlib.suppress(OSError):  # it ended meanwhile, or belongs to somebody else
            for entry in os.scandir(process / "fd"):
                with contextlib.suppress(OSError):
                    target = str(Path(entry.path).readlink())
                    if target.startswith(prefix) and _is_writing(process / "fdinfo" / entry.name):
                        found.add(target)
    return frozenset(found)


def _is_writing(info: Path) -> bool:
    for line in info.read_text().splitlines():
        if line.startswith("flags:"):
            return bool(int(line.split()[1], 8) & _WRITING)
    return False
