"""Turning a page: boxes go where the ink goes, and four quarter turns change nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reading import Block, PageReading, Word
from storage.turning import turned_box, turned_reading

CORNER = (0.88, 0.02, 0.05, 0.02)
READING = PageReading("t", 1240, 1754, 90, 0.9, (Word("46", CORNER, 0.9, 0, 0),), (Block(0, "corner", CORNER),))
unit = st.floats(0, 0.5)


def test_the_upper_right_corner_goes_to_the_lower_right_then_the_lower_left():
    assert turned_box(CORNER, 90) == pytest.approx((0.96, 0.88, 0.02, 0.05))
    assert turned_box(CORNER, 180) == pytest.approx((0.07, 0.96, 0.05, 0.02))
    assert turned_box(CORNER, -90) == pytest.approx(turned_box(CORNER, 270))


def test_a_reading_turns_as_a_whole():
    turned = turned_reading(READING, 270)
    assert (turned.width, turned.height, turned.rotation) == (1754, 1240, 0)
    assert turned.words[0].box == turned.blocks[0].box == pytest.approx((0.02, 0.07, 0.02, 0.05))


@given(st.tuples(unit, unit, unit, unit), st.sampled_from([0, 90, 180, 270]))
def test_turning_back_gives_the_same_box(box, degrees):
    assert turned_box(turned_box(box, degrees), -degrees) == pytest.approx(box)
