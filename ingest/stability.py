"""Which files of the inbox are finished and may be taken in. Pure: what was seen and when is handed in.

Files that lay there before the start, files told by an event and files found by the periodic look all pass through this
one tracker. A file must have been seen unchanged (size, time, identity) for a while, be open for writing by nobody, and
be complete by its own format. Where nobody can tell whether it is still open, it must be quiet for longer. One that
stays incomplete is given much longer, since a copy over a share may pause; when that is over too it is handed on as it
is, and refused further on.
"""

import enum
from dataclasses import dataclass

from ingest.completeness import Completeness
from ingest.open_files import Writers

#: seconds a complete file must be unchanged where its writers cannot be seen
UNSEEN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at a file showed. Times are the file's own, in nanoseconds."""

    size: int
    modified_ns: int
    identity: tuple[int, int]


class Verdict(enum.Enum):
    """What to do with a file now."""

    WAIT = "wait"
    #: unchanged long enough: ask who writes it and whether its format is complete, then report back with ``judge``
    CHECK = "check"
    READY = "ready"


@dataclass(slots=True)
class _Watched:
    sighting: Sighting
    since: float
    #: seconds of quiet it needs
    needs: float


class StabilityTracker:
    """Remembers files between looks.

    :param quiet: seconds a complete file must stay unchanged.
    :param unfinished: seconds after which an incomplete file is taken as it is.
    :param unmarked: seconds for formats that carry no end mark.
    """

    def __init__(self, *, quiet: float, unfinished: float, unmarked: float) -> None:
        self._quiet = quiet
        self._wait = {
            Completeness.COMPLETE: quiet,
            Completeness.INCOMPLETE: unfinished,
            Completeness.UNKNOWN: unmarked,
        }
        self._files: dict[str, _Watched] = {}

    def look(self, path: str, sighting: Sighting, now: float) -> Verdict:
        """Report a look at ``path`` at ``now`` (monotonic seconds)."""
        watched = self._files.get(path)
        if watched is None or watched.sighting != sighting:
            self._files[path] = _Watched(sighting, now, self._quiet)
            return Verdict.WAIT
        return Verdict.CHECK if now - watched.since >= watched.needs else Verdict.WAIT

    def judge(self, path: str, judged: Completeness, writers: Writers, now: float) -> Verdict:
        """Report what the format of an unchanged file says, and who writes it. It is asked again when the time that
        follows from the answer is over."""
        watched = self._files[path]
        if writers is Writers.SOMEBODY:
            watched.since = now
            return Verdict.WAIT
        watched.needs = self._wait[judged]
        if writers is Writers.UNKNOWN:
            watched.needs = max(watched.needs, UNSEEN_SECONDS)
        return Verdict.READY if now - watched.since >= watched.needs else Verdict.WAIT

    def knows(self, path: str) -> bool:
        """Whether ``path`` was seen before and is waited for."""
        return path in self._files

    def put_off(self, path: str, seconds: float, now: float) -> None:
        """Nothing could be done with a file: look at it again after ``seconds``, or once it changes."""
        if path in self._files:
            self._files[path].since, self._files[path].needs = now, seconds

    def next_check(self, now: float) -> float | None:
        """Seconds until the next file needs a look if nothing changes; None while none is on its way."""
        return min((max(0.0, w.since + w.needs - now) for w in self._files.values()), default=None)

    def forget(self, path: str) -> None:
        """Stop watching ``path``: it was taken in, refused, or is gone."""
        self._files.pop(path, None)

    def keep_only(self, paths: set[str]) -> None:
        """Forget every file that is no longer there."""
        for path in self._files.keys() - paths:
            del self._files[path]

    def waiting(self) -> list[str]:
        """Files seen and not taken in yet."""
        return sorted(self._files)
