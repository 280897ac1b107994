"""What one look of the doctor says."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """``BAD`` keeps the archive from working; ``WARN`` works, with a price that is named; ``OK`` needs nothing."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend`` is the command or act that puts it right; empty when nothing is to be done."""

    name: str
    state: State
    text: str
    mend: str = ""


def good(name: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(name, State.OK, text)


def warn(name: str, text: str, mend: str) -> Finding:
    """It works, but somebody should know."""
    return Finding(name, State.WARN, text, mend)


def bad(name: str, text: str, mend: str) -> Finding:
    """The archive cannot work, or not safely."""
    return Finding(name, State.BAD, text, mend)
