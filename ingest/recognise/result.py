"""The engine's words, the corner and the stamps → the archive's own ``PageReading``."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ingest.recognise.attempts import Attempt
from ingest.recognise.clean import Cleaned
from ingest.recognise.confidence import chance, page_confidence
from ingest.recognise.corner import Corner
from ingest.recognise.engine import Found
from ingest.recognise.layout import Part, arranged, numbered
from ingest.recognise.options import ReadOptions
from ingest.recognise.pixels import Raster
from ingest.recognise.repair import repaired
from ingest.recognise.stamps import Stamp, stamped_date
from storage.reading import Block, Box, PageReading, Word

#: several scribbles within a block this large (share of the page's width) are marked as handwriting
HANDWRITING_WIDTH = 0.03


def page_reading(
    scanned: Raster,
    cleaned: Cleaned,
    read: Attempt,
    corner: Corner | None,
    stamps: Sequence[Stamp],
    tool: str,
    options: ReadOptions,
) -> PageReading:
    """Everything read of a page, in reading order, with calibrated confidences."""
    height, width = read.grey.shape
    kept = _without_colours(read.kept, corner, stamps, width, height)
    parts = arranged(kept, width, height, read.grids) if options.wants("layout") else [Part("text", tuple(kept))]
    placed = numbered(parts)
    words = tuple(_word(found, width, height) for found, _ in placed)
    confidence = page_confidence([w.confidence for w in words], [w.text for w in words], read.unread, read.hidden)
    if options.wants("repair"):
        words = repaired(words, options.names)
    blocks = [*_text_blocks(parts, width, height), *_special_blocks(read, corner, stamps, width, height, len(parts))]
    secrecy = next((s.secrecy for s in stamps if s.secrecy), None)
    extra: dict[str, Any] = {"dpi": scanned.dpi, "tries": read.tries, "unread": round(read.unread, 3),
                             "hidden": round(read.hidden, 3)}  # fmt: skip
    if secrecy:
        extra["secrecy"] = secrecy
    lying = read.rotation % 180 != 0
    return PageReading(
        tool=tool, width=scanned.height if lying else scanned.width, height=scanned.width if lying else scanned.height,
        rotation=read.rotation, confidence=round(confidence, 4), words=words,
        blocks=tuple(blocks), notes=(*cleaned.notes, *read.notes), ink=cleaned.ink, extra=extra,
    )  # fmt: skip


def _word(found: Found, width: int, height: int) -> Word:
    box = (
        found.left / width, found.top / height,
        (found.right - found.left) / width, (found.bottom - found.top) / height,
    )  # fmt: skip
    return Word(found.text, box, chance(found.confidence, found.text), found.line, found.block, raw=found.raw)


def _without_colours(
    words: Sequence[Found], corner: Corner | None, stamps: Sequence[Stamp], width: int, height: int
) -> list[Found]:
    """Words without those that are the corner number or lie in a stamp: these stand in blocks of their own."""
    boxes = [_grown(s.box, 0.004) for s in stamps]
    kept = [w for w in words if not any(_inside(w, box, width, height) for box in boxes)]
    if corner is None:
        return kept
    x, y, w, h = corner.box
    around = (x - 1.1 * w, y - 0.4 * h, 3.2 * w, 1.8 * h)  # a ring around the number is read as letters
    label = max((word.height for word in kept), default=0) * 7 / width if corner.how == "label" else 0.0
    own = (x - label, y - 0.3 * h, w + label + 0.01, 1.6 * h)
    return [
        word for word in kept
        if not (_inside(word, own, width, height) or (_inside(word, around, width, height) and _is_stray(word)))
    ]  # fmt: skip


def _is_stray(word: Found) -> bool:
    return word.confidence < 50 or sum(c.isalpha() for c in word.text) < 2


def _grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + 2 * by, box[3] + 2 * by


def _inside(word: Found, box: Box, width: int, height: int) -> bool:
    x, y = (word.left + word.right) / 2 / width, (word.top + word.bottom) / 2 / height
    return box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]


def _hull(words: Sequence[Found], width: int, height: int) -> Box:
    left, top = min(w.left for w in words), min(w.top for w in words)
    right, bottom = max(w.right for w in words), max(w.bottom for w in words)
    return left / width, top / height, (right - left) / width, (bottom - top) / height


def _text_blocks(parts: Sequence[Part], width: int, height: int) -> list[Block]:
    return [Block(n, part.kind, _hull(part.words, width, height)) for n, part in enumerate(parts)]


def _special_blocks(
    read: Attempt, corner: Corner | None, stamps: Sequence[Stamp], width: int, height: int, number: int
) -> list[Block]:
    """Blocks whose text is not part of the running words: corner number, stamps, handwriting left unread."""
    blocks = []
    if corner is not None:
        blocks.append(Block(0, "corner", corner.box, text=corner.text, confidence=round(corner.confidence, 3)))
    for stamp in stamps:
        text = stamp.text
        date = stamped_date(text)
        text = f"{text}\n{date}" if date and date not in text else text
        blocks.append(Block(0, "stamp", stamp.box, stamp=stamp.kind, text=text, confidence=round(stamp.confidence, 3)))
    for scribble in _scribbles(read.dropped):
        box = _hull(scribble, width, height)
        over_print = sum(_inside(w, box, width, height) for w in read.kept)
        if box[2] >= HANDWRITING_WIDTH and over_print <= len(scribble) // 2:
            blocks.append(Block(0, "handwriting", box))
    return [replace(block, number=number + n) for n, block in enumerate(blocks)]


def _scribbles(dropped: Sequence[Found]) -> list[list[Found]]:
    """Scribbles that stand together."""
    groups: list[list[Found]] = []
    for word in dropped:
        for group in groups:
            near = group[-1]
            reach = 2 * max(near.height, word.height)
            if abs(near.top - word.top) < reach and word.left - near.right < reach and near.left - word.right < reach:
                group.append(word)
                break
        else:
            groups.append([word])
    return [group for group in groups if len(group) >= 2]
