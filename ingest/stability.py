"""Which files of the inbox are finished and may be taken in. Pure: what was seen and when is handed in.

Files that lay there before the start, files told by an event and files found by the periodic look all pass through this
one tracker. A file must have been seen unchanged (size, time, identity) for a while, be open for writing by nobody as
far as this machine can tell, and be complete by its own format. One that stays incomplete is given much longer, since
a copy over a share may pause; when that is over too it is handed on as it is, and refused further on.
"""

import enum
from dataclasses import dataclass

from ingest.completeness import Completeness


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at a file showed. Times are the file's own, in nanoseconds."""

    size: int
    modified_ns: int
    identity: tuple[int, int]
    being_written: bool = False


class Verdict(enum.Enum):
    """What to do with a file now."""

    WAIT = "wait"
    #: unchanged long enough: ask its format whether it is complete, then report back with ``judge``
    CHECK = "check"
    READY = "ready"


@dataclass(slots=True)
class _Watched:
    sighting: Sighting
    since: float
    judged: Completeness | None = None


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
        if watched is None or watched.sighting != sighting or sighting.being_written:
            self._files[path] = _Watched(sighting, now)
            return Verdict.WAIT
        quiet_for = now - watched.since
        if quiet_for < self._quiet:
            return Verdict.WAIT
        if watched.judged is None:
            return Verdict.CHECK
        return Verdict.READY if quiet_for >= self._wait[watched.judged] else Verdict.WAIT

    def judge(self, path: str, judged: Completeness, now: float) -> Verdict:
        """Report what the format of an unchanged file says; the answer holds until the file changes."""
        watched = self._files.get(path)
        if watched is None:
            return Verdict.WAIT
        watched.judged = judged
        return Verdict.READY if now - watched.since >= self._wait[judged] else Verdict.WAIT

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
