"""Short ways of measuring a page give what the long ways give; how a page lies is told from its letters."""

import cv2
import numpy as np
import pytest

from ingest.recognise.components import components
from ingest.recognise.levels import deviation, histogram, median, percentile
from ingest.recognise.lie import feet_over_heads, lies_sideways, turned_pieces
from ingest.recognise.pieces import Pieces

DPI = 200


@pytest.mark.parametrize("pixels", [1, 2, 3, 10, 1001])
def test_levels_are_those_that_sorting_gives(pixels: int) -> None:
    for seed in range(20):
        grey = np.random.default_rng(seed).integers(0, 256, (1, pixels)).astype(np.uint8)
        counts = histogram(grey)
        for share in (0.05, 0.5, 50, 90):
            assert percentile(counts, share) == pytest.approx(np.percentile(grey, share))
        middle = median(counts)
        assert middle == np.median(grey)
        assert deviation(counts, middle) == pytest.approx(np.median(np.abs(grey - middle)))


@pytest.mark.parametrize("share", [0.02, 0.2])
def test_pieces_of_ink_are_those_opencv_finds(share: float) -> None:
    ink = (np.random.default_rng(3).random((900, 1200)) < share).astype(np.uint8)
    ours, theirs = components(ink), cv2.connectedComponentsWithStats(ink, connectivity=8)
    assert ours[0] == theirs[0]
    for found, expected in zip(ours[1:], theirs[1:], strict=True):
        assert np.array_equal(found, expected)


def _lines(count: int = 12, letters: int = 30) -> Pieces:
    """Letters on straight feet, every second one taller."""
    boxes = [
        (100 + 17 * n + line % 3 * 5, 100 + 70 * line - 9 * (n % 2), 12, 20 + 9 * (n % 2))
        for line in range(count) for n in range(letters)
    ]  # fmt: skip
    return Pieces(np.array(boxes))


def test_an_upright_page_has_rows_and_even_feet() -> None:
    assert not lies_sideways(_lines(), DPI)
    assert feet_over_heads(_lines(), DPI) > 1.2


def test_a_page_upside_down_has_even_heads() -> None:
    height = 1200
    upside_down = turned_pieces(turned_pieces(_lines(), height), 900)
    assert not lies_sideways(upside_down, DPI)
    assert feet_over_heads(upside_down, DPI) < 0.9


def test_a_page_on_its_side_has_columns() -> None:
    assert lies_sideways(turned_pieces(_lines(), 1200), DPI)


def test_a_few_letters_say_nothing() -> None:
    assert not lies_sideways(turned_pieces(_lines(1, 10), 1200), DPI)
    assert feet_over_heads(_lines(1, 10), DPI) == 1.0
