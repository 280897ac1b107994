"""The engine's turn at a cleaned page: set upright where it lies turned, read, read what was passed over."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ingest.recognise.clean import Cleaned
from ingest.recognise.confidence import chance, mean_engine_confidence, page_chance
from ingest.recognise.engine import AUTO, BLOCK, SPARSE, Engine, Found, Orienter
from ingest.recognise.lie import DOUBTFUL, PLAIN, feet_over_heads, lies_sideways, turned_pieces
from ingest.recognise.options import ReadOptions
from ingest.recognise.pieces import Pieces, hidden_share, letter_pieces, unread, unread_share
from ingest.recognise.pixels import Grey
from ingest.recognise.rules import Grid, find_grids, without_streaks
from ingest.recognise.tables import with_tables, without_tables
from ingest.recognise.tidy import tidied

#: mean engine confidence under which a page may be turned: turned pages score .25-.46, upright ones above .74
TURN_BELOW = 0.65
#: a page turned the right way must read better by this much
TURN_GAIN = 0.05
#: a band of this share of the page's height is read to see which way up it is
BAND = 0.08
#: a band read with this mean engine confidence lies upright; less surely, it must beat the page as it lies
SURE_BAND = 0.8
#: calibrated page confidence under which the page may be read once more as one block
TRY_AGAIN_BELOW = 0.91
#: that pays only where the layout analysis broke lines: as one block the page has at most this share of its lines
FEWER_LINES = 0.87
#: whole lines may be read so much less surely than broken ones and still be the better reading
LESS_SURE = 0.01
#: words found where the first reading saw nothing must be this sure (engine confidence)
EXTRA_NEEDS = 62.0
#: a part of the page wider than this share of it holds lines of running text
WIDE = 0.45
#: white pixels put around a part of a page that is read alone
BORDER = 12


@dataclass(slots=True)
class Attempt:
    """Words kept and dropped, the image they were read from, and the clockwise turn that set it upright."""

    kept: list[Found]
    dropped: list[Found]
    grey: Grey
    grids: list[Grid] = field(default_factory=list)
    rotation: int = 0
    notes: list[str] = field(default_factory=list)
    tries: int = 1
    #: share of letter-sized ink that no word covers, 0..1
    unread: float = 0.0
    #: white with ink inside lines, as a share of the words' length
    hidden: float = 0.0
    #: the engine's mean confidence in everything it read, 0..1
    confidence: float = 0.0

    @property
    def chance(self) -> float:
        """Calibrated confidence of the page."""
        return page_chance([chance(w.confidence, w.text) for w in self.kept], [w.text for w in self.kept])


@functools.cache
def engine_for(tessdata: str, language: str) -> Engine:
    """The process's engine object for a model."""
    return Engine(tessdata, language)


@functools.cache
def orienter_for(tessdata: str) -> Orienter:
    """The process's orientation finder."""
    return Orienter(tessdata)


def attempt(cleaned: Cleaned, options: ReadOptions, pieces: Pieces) -> Attempt:
    """Read a cleaned page as well as it can be. ``pieces`` are its letter-sized pieces of ink."""
    engine = engine_for(options.tessdata, options.language)
    turn = _likely_turn(cleaned, engine, pieces) if options.wants("orient") else 0
    result = _first(cleaned, options, turn)
    if options.wants("orient") and not turn:
        result = _set_upright(cleaned, options, result, pieces)
    if options.wants("second_try") and result.chance < TRY_AGAIN_BELOW and not result.grids:
        result = _again(result, engine, cleaned.dpi)
    if options.wants("signature"):
        _passed_over(result, engine, cleaned.dpi)
    if result.grids:
        result.notes.append(f"tables read column by column: {len(result.grids)}")
    return result


def bears_words(cleaned: Cleaned, options: ReadOptions) -> bool:
    """Whether the band of the page with the most ink is read surely, one way up or the other."""
    engine = engine_for(options.tessdata, options.language)
    ways = (cleaned.grey, _rotated(cleaned.grey, 180))
    return any(_band_confidence(engine, grey, cleaned.dpi) > TURN_BELOW for grey in ways)


def _likely_turn(cleaned: Cleaned, engine: Engine, pieces: Pieces) -> int:
    """The clockwise turn that the page's letters ask for and a band of it, read that way, confirms; else 0."""
    height = cleaned.grey.shape[0]
    if lies_sideways(pieces, cleaned.dpi):
        turned = feet_over_heads(turned_pieces(pieces, height), cleaned.dpi)
        turns: Sequence[int] = (90, 270) if turned >= 1 else (270, 90)
    elif feet_over_heads(pieces, cleaned.dpi) < DOUBTFUL:
        turns = (180,)
    else:
        return 0
    for turn in turns:
        sure = _band_confidence(engine, _rotated(cleaned.grey, turn), cleaned.dpi)
        if sure > SURE_BAND:
            return turn
        if sure > TURN_BELOW and sure > _band_confidence(engine, cleaned.grey, cleaned.dpi) + TURN_GAIN:
            return turn
    return 0


def _first(cleaned: Cleaned, options: ReadOptions, turn: int) -> Attempt:
    """The page, turned clockwise, read once."""
    grey, grids, mode = _ruled(_rotated(cleaned.grey, turn) if turn else cleaned.grey, cleaned.dpi, options)
    found = _read(engine_for(options.tessdata, options.language), grey, grids, cleaned.dpi, mode)
    notes = [f"turned {turn}° clockwise"] if turn else []
    return Attempt(*tidied(found), grey, grids, turn, notes, confidence=mean_engine_confidence(found))


def _set_upright(cleaned: Cleaned, options: ReadOptions, first: Attempt, pieces: Pieces) -> Attempt:
    """The page turned where its first reading says that it lies turned after all."""
    found = [*first.kept, *first.dropped]
    if _lies_sideways(found):
        engine = engine_for(options.tessdata, options.language)
        turns = sorted((270, 90), key=lambda t: -_band_confidence(engine, _rotated(cleaned.grey, t), cleaned.dpi))
        return _turned_by(cleaned, options, first, turns, 0.0)
    if not found or first.confidence >= TURN_BELOW or feet_over_heads(pieces, cleaned.dpi) > PLAIN:
        return first
    return _upright(cleaned, options, first)


def _ruled(grey: Grey, dpi: int, options: ReadOptions) -> tuple[Grey, list[Grid], int]:
    """The page without the lines of its ruled tables and without streaks, the tables, and the mode to read it in:
    what a streak leaves white would be taken for the gap between two columns."""
    grids, without_lines = find_grids(grey, dpi) if options.wants("rules") else ([], None)
    grey = grey if without_lines is None else without_lines
    grey, streaks = without_streaks(grey, dpi) if options.wants("streaks") else (grey, 0)
    return grey, grids, BLOCK if streaks else AUTO


def _read(engine: Engine, grey: Grey, grids: Sequence[Grid], dpi: int, mode: int) -> list[Found]:
    """The page's words: what stands outside of tables in a mode, then the tables."""
    if not grids:
        return engine.read(grey, dpi, mode)
    return with_tables(engine.read(without_tables(grey, grids), dpi, mode), grey, grids, dpi, engine)


def _upright(cleaned: Cleaned, options: ReadOptions, first: Attempt) -> Attempt:
    """The page turned by what the orientation model says, or, where it is unsure, by trying."""
    engine = engine_for(options.tessdata, options.language)
    degrees, sure = orienter_for(options.tessdata).turn(cleaned.grey, cleaned.dpi)
    if sure >= 1 and degrees:
        turned = _turned_by(cleaned, options, first, ((360 - degrees) % 360,), first.confidence)
        if turned is not first:
            return turned
    likely = [
        turn for turn in (180, 90, 270)
        if _band_confidence(engine, _rotated(cleaned.grey, turn), cleaned.dpi) > first.confidence + TURN_GAIN
    ]  # fmt: skip
    return _turned_by(cleaned, options, first, likely, first.confidence)


def _turned_by(
    cleaned: Cleaned, options: ReadOptions, first: Attempt, turns: Sequence[int], confidence: float
) -> Attempt:
    """The page turned by the first of ``turns`` that reads better and lies upright; else the first attempt."""
    for turn in turns:
        turned = _first(cleaned, options, turn)
        if turned.confidence > confidence + TURN_GAIN and not _lies_sideways([*turned.kept, *turned.dropped]):
            return turned
    return first


def _rotated(grey: Grey, turn: int) -> Grey:
    return np.ascontiguousarray(np.rot90(grey, k=-(turn // 90)))


def _lies_sideways(found: Sequence[Found]) -> bool:
    """Whether the engine read lines that run up or down the page: words of letters are then higher than wide."""
    shapes = [w.height / max(1, w.right - w.left) for w in found if len(w.text) >= 4 and w.confidence > 50]
    return len(shapes) >= 3 and float(np.median(shapes)) > 1.25


def _band_confidence(engine: Engine, grey: Grey, dpi: int) -> float:
    """How surely the band of the page with the most ink is read this way up; a whole page would cost much more."""
    rows = np.count_nonzero(grey[:, ::4] < 128, axis=1)
    high = max(40, round(grey.shape[0] * BAND))
    sums = np.convolve(rows, np.ones(high, np.int64), mode="valid") if len(rows) > high else np.array([0])
    top = int(np.argmax(sums))
    found = engine.read(np.ascontiguousarray(grey[top : top + high]), dpi, BLOCK)
    return mean_engine_confidence(found) if len(found) > 3 else 0.0


def _again(first: Attempt, engine: Engine, dpi: int) -> Attempt:
    """The page read as one block where its first reading broke lines, if that is as sure and not less of it."""
    lines = 1 + max((w.line for w in (*first.kept, *first.dropped)), default=-1)
    if engine.count_lines(first.grey, dpi, BLOCK) > FEWER_LINES * lines:
        return first
    kept, dropped = tidied(engine.read(first.grey, dpi, BLOCK))
    notes = [*first.notes, "read twice: as one block"]
    second = Attempt(kept, dropped, first.grey, first.grids, first.rotation, notes, 2)
    enough = sum(len(w.text) for w in kept) > 0.9 * sum(len(w.text) for w in first.kept)
    if enough and second.chance > first.chance - LESS_SURE:
        return second
    first.tries, first.notes = 2, [*first.notes, "read twice: first reading kept"]
    return first


def _passed_over(result: Attempt, engine: Engine, dpi: int) -> None:
    """Read lines the page's layout analysis left out (under seals, beside signatures) and put them in their place."""
    extra: list[list[Found]] = []
    pieces = letter_pieces(result.grey, dpi)
    for box in unread(pieces, result.kept, dpi):
        good = [
            w for w in _read_region(result.grey, box, engine, dpi)
            if w.confidence >= EXTRA_NEEDS and not _overlaps(w, result.kept)
        ]  # fmt: skip
        if sum(c.isalpha() for w in good for c in w.text) >= 4:
            extra.append(good)
    for words in extra:
        _put_in_place(result, words)
    if extra:
        result.notes.append(f"lines passed over at first: {sum(map(len, extra))} words")
    result.unread = unread_share(pieces, result.kept)
    result.hidden = hidden_share(result.grey, result.kept)


def _read_region(grey: Grey, box: tuple[int, int, int, int], engine: Engine, dpi: int) -> list[Found]:
    """Words of a part of the page, in the page's pixels."""
    pad = round(dpi / 25.4)
    left, top = max(0, box[0] - pad), max(0, box[1] - pad)
    crop = grey[top : box[3] + pad, left : box[2] + pad]
    bordered = np.pad(crop, BORDER, constant_values=255)  # the engine reads letters at the very edge badly
    running = crop.shape[1] > WIDE * grey.shape[1]  # lines of running text, not words around a seal
    mode = SPARSE if crop.shape[0] > dpi // 2 and not running else BLOCK
    dx, dy = left - BORDER, top - BORDER
    return [
        replace(w, left=w.left + dx, right=w.right + dx, top=w.top + dy, bottom=w.bottom + dy)
        for w in tidied(engine.read(bordered, dpi, mode))[0]
    ]


def _overlaps(word: Found, others: Sequence[Found]) -> bool:
    area = max(1, (word.right - word.left) * word.height)
    for other in others:
        w = min(word.right, other.right) - max(word.left, other.left)
        h = min(word.bottom, other.bottom) - max(word.top, other.top)
        if w > 0 and h > 0 and w * h > 0.3 * area:
            return True
    return False


def _put_in_place(result: Attempt, words: list[Found]) -> None:
    """Before the first block that begins below them and shares their columns; else at the end."""
    left, right, top = min(w.left for w in words), max(w.right for w in words), min(w.top for w in words)
    at = len(result.kept)
    for position, word in enumerate(result.kept):
        if word.top > top and word.left < right and word.right > left and _opens_line(result.kept, position):
            at = position
            break
    highest = max((w.line for w in result.kept), default=0) + 1
    block = max((w.block for w in result.kept), default=0) + 1
    moved = [replace(w, line=highest + w.line, block=block) for w in words]
    result.kept[at:at] = moved


def _opens_line(words: Sequence[Found], position: int) -> bool:
    return position == 0 or words[position - 1].line != words[position].line
