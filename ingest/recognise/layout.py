"""Putting the engine's words into the order a person reads a Vietnamese official page in.

The header has two columns (agency left, national motto right) that engines run together line by line, and so has the
foot (who receives the paper left, who signs it right); a table's cells belong to their rows. Everything else keeps the
engine's order.
"""

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio

from ingest.recognise.engine import Found
from ingest.recognise.rules import Grid
from storage.reading import BlockKind
from storage.vietnamese import fold

MOTTO = "cong hoa xa hoi chu nghia viet nam"
#: the header lies in this upper share of the page
HEADER_SHARE = 0.34
#: words closer than this many heights stand in one run
GAP = 1.7
#: the foot lies below this share of the page; its left column begins left of, its lines end before, these shares of the
#: width
FOOT_BELOW, FOOT_LEFT, FOOT_ACROSS = 0.35, 0.4, 0.62
#: the subject of a letter (V/v) and what it is misread as
SUBJECT = ("v/v", "wv", "vv", "vlv", "viv")


@dataclass(frozen=True, slots=True)
class Part:
    """Words of one block, and what kind of block it is."""

    kind: BlockKind
    words: tuple[Found, ...]


def arranged(found: Sequence[Found], width: int, height: int, grids: Sequence[Grid] = ()) -> list[Part]:
    """Words in reading order, in blocks: header left, header right, text blocks, tables."""
    rest = list(found)
    parts: list[Part] = []
    header = _header(rest, width, height)
    if header is not None:
        taken = {id(w) for w in (*header[0], *header[1])}
        rest = [w for w in rest if id(w) not in taken]
        left, right = (tuple(_in_lines(column)) for column in header)
        at = next((n for n, w in enumerate(left) if fold(w.text).startswith(SUBJECT)), len(left))
        parts += [Part("header_left", left[:at]), Part("header_right", right)]
        if at < len(left):  # the subject of a letter (V/v …) is no part of the agency's name
            parts.append(Part("text", left[at:]))
        parts = [part for part in parts if part.words]
    tables = [(grid, [w for w in rest if grid.holds(w)]) for grid in grids]
    in_tables = {id(w) for _, words in tables for w in words}
    running = [w for w in rest if id(w) not in in_tables]
    foot = _foot(running, width, height)
    in_foot = {id(w) for column in foot for w in column}
    above = [w for w in running if id(w) not in in_foot]
    texts = [Part("text", tuple(block)) for _, block in itertools.groupby(above, key=lambda w: w.block)]
    texts += [Part("text", tuple(_in_lines(column))) for column in foot]
    for grid, cells in tables:
        if cells:
            # where the first block below the table stands; the engine's own place for its pieces means little
            below = (n for n, part in enumerate(texts) if min(w.top for w in part.words) >= grid.top)
            texts.insert(next(below, len(texts)), Part("table", tuple(grid.ordered(cells))))
    return parts + texts


def numbered(parts: Sequence[Part]) -> list[tuple[Found, BlockKind]]:
    """Words with block and line numbers that run in reading order."""
    result: list[tuple[Found, BlockKind]] = []
    line = -1
    for block, part in enumerate(parts):
        before: int | None = None
        for word in part.words:
            if word.line != before:
                line, before = line + 1, word.line
            result.append((replace(word, line=line, block=block), part.kind))
    return result


def _runs(words: Sequence[Found]) -> list[list[Found]]:
    """Lines cut where the white between two words is wide."""
    runs: list[list[Found]] = []
    for word in words:
        before = runs[-1][-1] if runs else None
        wide = before is not None and word.left - before.right > GAP * max(before.height, word.height)
        if before is None or before.line != word.line or wide or word.left < before.left:
            runs.append([])
        runs[-1].append(word)
    return runs


def _header(found: Sequence[Found], width: int, height: int) -> tuple[list[Found], list[Found]] | None:
    """The header's two columns, or None where the page has no two-column header."""
    top = [w for w in found if w.top < HEADER_SHARE * height]
    motto = _motto(top)
    if motto is None:
        return None
    split = motto[0].left
    rows = _header_rows(top, motto, split)
    left = [w for w in rows if w.right <= split + w.height // 2]
    right = [w for w in rows if w.right > split + w.height // 2]
    if not left or len(left) < 2:
        return None
    return left, right


def _foot(found: Sequence[Found], width: int, height: int) -> tuple[list[Found], ...]:
    """The foot's two columns: all words from "Nơi nhận" down; nothing where the page has no such foot."""
    first = next((
        word for word, following in itertools.pairwise(found)
        if word.top > FOOT_BELOW * height and word.left < FOOT_LEFT * width
        and fold(word.text) == "noi" and fold(following.text).startswith("nhan")
    ), None)  # fmt: skip
    if first is None:
        return ()
    runs = _runs([w for w in found if (w.top + w.bottom) / 2 > first.top - first.height / 2])
    left = [run for run in runs if run[0].left < FOOT_LEFT * width]
    right = [run for run in runs if run[0].left >= FOOT_LEFT * width]
    if not right or any(run[-1].right > FOOT_ACROSS * width for run in left):
        return ()  # a line goes across: these are no columns
    return list(itertools.chain(*left)), list(itertools.chain(*right))


def _motto(top: Sequence[Found]) -> list[Found] | None:
    """The words of the motto's line, found in spite of reading errors, without what stands left of it."""
    best: tuple[float, list[Found]] | None = None
    for _, line in itertools.groupby(top, key=lambda w: w.line):
        words = list(line)
        for start in range(len(words)):
            tail = words[start : start + 9]
            for end in range(min(5, len(tail)), len(tail) + 1):
                score = ratio(fold(" ".join(w.text for w in tail[:end])), MOTTO)
                if best is None or score > best[0]:
                    best = (score, tail[:end])
    return best[1] if best is not None and best[0] >= 70 else None


def _header_rows(top: Sequence[Found], motto: Sequence[Found], split: int) -> list[Found]:
    """The header's words: from its first line to before the first line that lies across both columns, or a wide gap."""
    tall = statistics.median(w.height for w in motto)
    first = min(w.top for w in motto) - 2.2 * tall
    rows: list[Found] = []
    bottom = max(w.bottom for w in motto)
    runs = [run for run in _runs(top) if min(w.bottom for w in run) > first]
    for run in sorted(runs, key=lambda r: min(w.top for w in r)):
        run_left, run_right = min(w.left for w in run), max(w.right for w in run)
        run_top = min(w.top for w in run)
        joined = any(w is m for w in run for m in motto)
        across = run_left < split - 1.5 * tall and run_right > split + 1.5 * tall
        if run_top - bottom > 1.5 * tall or (across and not joined):
            break
        rows += run
        bottom = max(bottom, *(w.bottom for w in run))
    return rows


def _in_lines(words: list[Found]) -> list[Found]:
    """Words of one column from top to bottom, each line from left to right."""
    lines: list[list[Found]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        for line in lines:
            same = line[-1]
            if abs((same.top + same.bottom) / 2 - middle) < 0.55 * max(same.height, word.height):
                line.append(word)
                break
        else:
            lines.append([word])
    ordered: list[Found] = []
    for number, line in enumerate(lines):
        ordered += [replace(w, line=number) for w in sorted(line, key=lambda w: w.left)]
    return ordered
