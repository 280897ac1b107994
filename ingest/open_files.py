"""Whether some program still has a file of the inbox open for writing.

Where the inbox is a disk of this machine the kernel itself answers: it grants a read lease only on a file that nobody
has open for writing, be it a scanner through the Samba server, which the service may not look into. Elsewhere (a share
of another machine, another account's file) the programs this account may look into are searched; that proves nothing
when it finds none, and the file must then be quiet for longer.
"""

import contextlib
import enum
import errno
import os
import secrets
import signal
import sys
import time
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR
#: one search through all programs serves the files looked at within this time
_SEARCH_SECONDS = 0.5


class Writers(enum.Enum):
    """Who has a file open for writing."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    UNKNOWN = "unknown"


class OpenFiles:
    """Answers for the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._leases: bool | None = None
        self._searched: frozenset[str] = frozenset()
        self._searched_at = float("-inf")

    def writers_of(self, path: Path) -> Writers:
        """Who has ``path`` open for writing now."""
        if self._leases is None:
            self._leases = _leases_work(self._folder)
        answer = _ask_kernel(path) if self._leases else Writers.UNKNOWN
        if answer is Writers.UNKNOWN and str(path.resolve()) in self._search():
            return Writers.SOMEBODY
        return answer

    def _search(self) -> frozenset[str]:
        if time.monotonic() - self._searched_at > _SEARCH_SECONDS:
            self._searched, self._searched_at = _open_for_writing(self._folder), time.monotonic()
        return self._searched


def _leases_work(folder: Path) -> bool:
    """Whether this file system gives a lease on a file that surely nobody else has open.

    One that never does would otherwise make every file look as if it were being written.
    """
    probe = folder / f".probe-{secrets.token_hex(4)}.tmp"
    try:
        probe.write_bytes(b"")
        return _ask_kernel(probe) is Writers.NOBODY
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()


def _ask_kernel(path: Path) -> Writers:
    if sys.platform != "linux":
        return Writers.UNKNOWN
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return Writers.UNKNOWN
    try:
        # a program that opens the file at this very moment has the kernel tell us: by a signal that does no harm
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return Writers.SOMEBODY if error.errno == errno.EAGAIN else Writers.UNKNOWN
    finally:
        os.close(descriptor)
    return Writers.NOBODY


def _open_for_writing(folder: Path) -> frozenset[str]:
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
