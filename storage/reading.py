"""What was read on a page: words with their boxes, in an engine-neutral form.

Every stage after recognition (splitting, describing, indexing, the viewer's boxes, the PDF's text layer) works on
these types and never on an engine's own output. Boxes are ``(x, y, width, height)`` in fractions of the upright page
as it is displayed, so they hold for every rendering of the page. Confidences are probabilities, 0 to 1.
"""

import json
import zlib
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Box = tuple[float, float, float, float]

BlockKind = Literal["text", "header_left", "header_right", "table", "stamp", "corner", "handwriting", "picture"]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as displayed; ``raw`` keeps the machine's own reading where ``text`` was repaired."""

    text: str
    box: Box
    confidence: float
    line: int
    block: int
    raw: str | None = None
    #: other readings search must also find (never displayed), e.g. the n-gram repair
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the layout; ``stamp`` names the stamp (``den``, ``sao_y``, ``mat``, ``hieu_luc``) where kind is stamp.

    ``text`` carries what was read of a block that is not part of the running words (stamps, the corner number).
    """

    number: int
    kind: BlockKind
    box: Box
    stamp: str | None = None
    text: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page's reading. ``words`` are in reading order; ``rotation`` is the clockwise turn, in degrees,
    that set the scanned image upright; ``width`` and ``height`` are pixels of the upright image."""

    tool: str
    width: int
    height: int
    rotation: int
    confidence: float
    words: tuple[Word, ...]
    blocks: tuple[Block, ...] = ()
    #: why the page was treated as it was (treatments, second try, skipped), for people
    notes: tuple[str, ...] = ()
    #: share of the page covered by ink, 0..1; a blank page is near zero
    ink: float | None = None
    is_blank: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Words joined by spaces, one line per recognised line, an empty line between blocks."""
        return join_words(self.words)

    def pack(self) -> bytes:
        """Compact form for storing; ``unpack`` is its inverse."""
        raw = asdict(replace(self, words=()))  # going into every word takes longer than all the rest
        raw["words"] = [[w.text, *(round(v, 5) for v in w.box), round(w.confidence, 3), w.line, w.block, w.raw,
                         list(w.alternatives)] for w in self.words]
        return zlib.compress(json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode(), 6)

    @staticmethod
    def unpack(data: bytes) -> "PageReading":
        """Read what ``pack`` wrote."""
        raw = json.loads(zlib.decompress(data))
        words = tuple(
            Word(t, (x, y, w, h), conf, line, block, before, tuple(alternatives))
            for t, x, y, w, h, conf, line, block, before, alternatives in raw.pop("words")
        )
        blocks = tuple(Block(**{**b, "box": tuple(b["box"])}) for b in raw.pop("blocks"))
        raw["notes"] = tuple(raw["notes"])
        return PageReading(words=words, blocks=blocks, **raw)

    def with_words(self, words: tuple[Word, ...]) -> "PageReading":
        """The same reading with other words (a person's corrections applied, say)."""
        return replace(self, words=words)


class PackedWords:
    """The words of a packed reading, opened one by one as asked for: for showing many pages at once, where opening
    every word would take most of the time. A word is ``[text, x, y, w, h, confidence, line, block, raw, others]``.

    Cuts between words, never inside one: in JSON a quotation mark inside a text is always escaped, so what stands
    between two words (``]],["``) can stand in none.
    """

    _BEGIN = '"words":['
    _BETWEEN = ']],["'
    _END = ']]],"blocks":['

    def __init__(self, data: bytes) -> None:
        text = zlib.decompress(data).decode()
        start = text.index(self._BEGIN) + len(self._BEGIN)
        empty = text.startswith("]", start)
        self._rows = [] if empty else text[start + 2 : text.index(self._END, start)].split(self._BETWEEN)

    def __getitem__(self, at: int) -> list[Any]:
        word: list[Any] = json.loads(f'["{self._rows[at]}]]')
        return word

    def every(self) -> list[list[Any]]:
        """All words, opened at once."""
        words: list[list[Any]] = json.loads(f'[["{self._BETWEEN.join(self._rows)}]]]') if self._rows else []
        return words

    @property
    def texts(self) -> list[str]:
        """The texts alone."""
        return [row[: row.index('"')] if "\\" not in row else self[at][0] for at, row in enumerate(self._rows)]


def join_words(words: tuple[Word, ...]) -> str:
    """Text of words in order: a space inside a line, a line break between lines, an empty line between blocks."""
    parts: list[str] = []
    previous: Word | None = None
    for word in words:
        if previous is not None:
            if word.block != previous.block:
                parts.append("\n\n")
            elif word.line != previous.line:
                parts.append("\n")
            else:
                parts.append(" ")
        parts.append(word.text)
        previous = word
    return "".join(parts)
