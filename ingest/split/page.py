"""A page as the splitter sees it: lines cut into the pieces a person sees, folded once, with their places.

Recognition engines join the two columns of an official header into one line ("CÔNG AN HUYỆN … CỘNG HÒA XÃ HỘI …"), so
lines are cut again where the white between two words is wider than a few letters.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from storage.reading import Block, Box, PageReading, Word
from storage.vietnamese import fold

T = TypeVar("T")

#: a gap wider than this many heights of the line parts two pieces: word spaces stay below one, columns far above
COLUMN_GAP = 1.6
#: the middles of two words that follow each other on a line differ by less than this many heights
OTHER_LEVEL = 0.65
#: letters lower than this part of the usual height of their line are specks
SPECK = 0.35
#: words read with less than this are treated as noise when a page is judged blank
NOISE_CONFIDENCE = 0.45


@dataclass(frozen=True)
class Piece:
    """A run of words on one line with no wide gap inside; ``folded`` is its text without marks, in small letters."""

    words: tuple[Word, ...]
    text: str
    folded: str
    box: Box
    confidence: float

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def right(self) -> float:
        return self.box[0] + self.box[2]

    @property
    def top(self) -> float:
        return self.box[1]

    @property
    def bottom(self) -> float:
        return self.box[1] + self.box[3]

    @property
    def centre(self) -> float:
        return self.box[0] + self.box[2] / 2

    @cached_property
    def capitals(self) -> float:
        return capitals(self.text)


def capitals(text: str) -> float:
    """Share of capitals among the letters, 0..1."""
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0


def hull(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    left = min(b[0] for b in boxes)
    top = min(b[1] for b in boxes)
    return (left, top, max(b[0] + b[2] for b in boxes) - left, max(b[1] + b[3] for b in boxes) - top)


def piece_of(words: Sequence[Word]) -> Piece:
    """The piece made of these words, in order."""
    text = " ".join(w.text for w in words)
    confidence = sum(w.confidence * len(w.text) for w in words) / max(1, sum(len(w.text) for w in words))
    return Piece(tuple(words), text, " ".join(fold(text).split()), hull([w.box for w in words]), confidence)


def _levels(words: Sequence[Word]) -> list[list[Word]]:
    """A recognised line parted where it took words of two lines of a tilted page, from left to right: a word goes on
    with the level whose last word stands at its height."""
    usual = statistics.median(w.box[3] for w in words)
    levels: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box[0]):
        middle = word.box[1] + word.box[3] / 2
        off = [abs(level[-1].box[1] + level[-1].box[3] / 2 - middle) for level in levels]
        if off and min(off) < OTHER_LEVEL * usual:
            levels[off.index(min(off))].append(word)
        else:
            levels.append([word])
    return levels


def cut_line(words: Sequence[Word], shape: float) -> list[Piece]:
    """Cut one recognised line at wide gaps; ``shape`` is height over width of the page in pixels."""
    ordered = _without_specks(sorted(words, key=lambda w: w.box[0]))
    height = statistics.median(w.box[3] for w in ordered) * shape
    runs: list[list[Word]] = [[ordered[0]]]
    reach = ordered[0].box[0] + ordered[0].box[2]
    for word in ordered[1:]:
        if word.box[0] - reach > COLUMN_GAP * height:
            runs.append([])
        runs[-1].append(word)
        reach = max(reach, word.box[0] + word.box[2])
    return [piece_of(clean) for run in runs if (clean := _without_dirt(run))]


def _without_specks(words: list[Word]) -> list[Word]:
    """A line without letters that are far too small for it: a mark torn off its letter is read as one of its own."""
    usual = statistics.median(w.box[3] for w in words)
    return [w for w in words if len(w.text) > 2 or not w.text.isalnum() or w.box[3] > SPECK * usual]


def _without_dirt(words: list[Word]) -> list[Word]:
    """A run without the specks at its ends: words with no letter or digit, but not a lone dash that opens a list."""
    start, end = 0, len(words)
    while start < end and not any(c.isalnum() for c in words[start].text):
        start += 1
    while end > start and words[end - 1].text not in (":", ";", ".") and not any(map(str.isalnum, words[end - 1].text)):
        end -= 1
    return words[start:end]


@dataclass(frozen=True)
class PageView:
    """One page of a batch. ``reading`` is None when the page could not be read (yet); ``marks`` are the texts of codes
    (QR) found on it. ``index`` counts from 0 in the batch."""

    index: int
    reading: PageReading | None
    dpi: float | None = None
    marks: tuple[str, ...] = ()
    #: set by a person, not to be judged again: kind of page
    fixed_kind: str | None = None
    #: bút lục number a person confirmed
    fixed_number: str | None = None
    #: already stands in a document a person vouched for: cuts go around it
    is_held: bool = False
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def remember(self, key: str, make: "Callable[[PageView], T]") -> T:
        """What ``make`` says of this page, worked out once."""
        if key not in self.cache:
            self.cache[key] = make(self)
        return cast(T, self.cache[key])

    @property
    def is_read(self) -> bool:
        return self.reading is not None

    @cached_property
    def shape(self) -> float:
        """Height over width in pixels; that of A4 when unknown."""
        if self.reading is None or not self.reading.width:
            return 1.414
        return self.reading.height / self.reading.width

    @cached_property
    def area_cm2(self) -> float | None:
        """Paper size, None when the resolution is unknown."""
        if self.reading is None or not self.dpi:
            return None
        return self.reading.width * self.reading.height / self.dpi**2 * 6.4516

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return self.reading.blocks if self.reading else ()

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces from top to bottom, left before right on one level."""
        if self.reading is None:
            return ()
        lines: dict[tuple[int, int], list[Word]] = {}
        for word in self.reading.words:
            if word.text.strip():
                lines.setdefault((word.block, word.line), []).append(word)
        pieces = [p for words in lines.values() for level in _levels(words) for p in cut_line(level, self.shape)]
        return tuple(sorted(pieces, key=lambda p: (p.top + p.box[3] / 2, p.left)))

    @cached_property
    def good_words(self) -> int:
        """Words that look like writing rather than dirt: at least two letters, read with some confidence."""
        if self.reading is None:
            return 0
        return sum(
            1 for w in self.reading.words if w.confidence >= NOISE_CONFIDENCE and sum(c.isalnum() for c in w.text) >= 2
        )

    @cached_property
    def type_height(self) -> float:
        """Usual height of a line of writing, in thousandths of the page's width; 0 when there is hardly any."""
        if self.reading is None or self.good_words < 12:
            return 0.0
        heights = [p.box[3] * self.shape * 1000 for p in self.pieces if len(p.folded) > 12]
        return statistics.median(heights) if len(heights) >= 3 else 0.0

    @cached_property
    def text_bottom(self) -> float:
        """How far down the page the writing reaches, 0..1 (0 when empty)."""
        solid = [p.bottom for p in self.pieces if p.confidence >= NOISE_CONFIDENCE and len(p.folded) > 1]
        return max(solid, default=0.0)

    @cached_property
    def text_top(self) -> float:
        """Where the running text starts."""
        solid = [p.top for p in self.pieces if p.confidence >= NOISE_CONFIDENCE and len(p.folded) > 8]
        return min(solid, default=1.0)

    def above(self, limit: float) -> list[Piece]:
        """Pieces whose top lies above a fraction of the page."""
        return [p for p in self.pieces if p.top < limit]
