"""Lines of text on a page as boxes: what regions and marks snap to. Pure."""

from collections.abc import Sequence

from storage.reading import PageReading, Word


def line_boxes(reading: PageReading) -> list[list[float]]:
    """One box ``[x, y, w, h]`` for each line of words, top to bottom."""
    lines: dict[tuple[int, int], list[Word]] = {}
    for word in reading.words:
        lines.setdefault((word.block, word.line), []).append(word)
    return sorted((_around(words) for words in lines.values()), key=lambda box: (box[1], box[0]))


def snap(box: Sequence[float], lines: Sequence[Sequence[float]]) -> list[float]:
    """Widen a box to the whole lines it touches by more than two fifths of their height; else leave it."""
    x, y, w, h = box
    touched = [
        line for line in lines
        if min(y + h, line[1] + line[3]) - max(y, line[1]) > 0.4 * line[3]
        and min(x + w, line[0] + line[2]) > max(x, line[0])
    ]  # fmt: skip
    if not touched:
        return list(box)
    top, bottom = min(line[1] for line in touched), max(line[1] + line[3] for line in touched)
    left = max(x, min(line[0] for line in touched))
    right = min(x + w, max(line[0] + line[2] for line in touched))
    return [left, top, right - left, bottom - top]


def _around(words: list[Word]) -> list[float]:
    left, top = min(word.box[0] for word in words), min(word.box[1] for word in words)
    right = max(word.box[0] + word.box[2] for word in words)
    bottom = max(word.box[1] + word.box[3] for word in words)
    return [round(value, 4) for value in (left, top, right - left, bottom - top)]
