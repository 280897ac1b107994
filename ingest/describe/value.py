"""A value read from the paper, with where, how surely and why."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.reading import Box

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """``value`` as proposed; ``repaired_from`` is what was read where a repair changed it; ``page`` its index."""

    value: T
    confidence: float
    reason: str
    page: int
    box: Box | None = None
    repaired_from: str | None = None
