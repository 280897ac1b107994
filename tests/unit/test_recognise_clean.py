"""What the clean-up takes out, and what it must never touch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.recognise.clean import INK_CHROMA, clean, flatten
from ingest.recognise.dots import erase_dots
from ingest.recognise.options import TREATMENTS, ReadOptions
from ingest.recognise.pixels import from_array


def paper(height: int = 400, width: int = 400, level: int = 255) -> np.ndarray:
    return np.full((height, width), level, np.uint8)


def with_bars(page: np.ndarray, ink: int = 0) -> np.ndarray:
    """Rows of upright strokes, like print."""
    page = page.copy()
    for top in range(40, page.shape[0] - 60, 60):
        for left in range(40, page.shape[1] - 40, 14):
            page[top : top + 24, left : left + 5] = ink
    return page


def cleaned(pixels: np.ndarray, *off: str) -> np.ndarray:
    return clean(from_array(pixels, 10, 300), ReadOptions().without(*off)).grey


def test_a_shadow_across_the_page_becomes_white_and_the_print_under_it_stays() -> None:
    shade = np.linspace(90, 250, 400).astype(np.float32)
    page = (with_bars(paper()).astype(np.float32) / 255 * shade[None, :]).astype(np.uint8)
    flat = flatten(page)
    assert np.percentile(flat[:, 380], 90) > 235
    assert np.percentile(flat[10:30, :], 50) > 235
    assert flat[50, 42] < 60


def test_a_red_seal_goes_and_black_print_under_it_stays() -> None:
    page = np.stack([with_bars(paper())] * 3, axis=2)
    before = page[:, :, 0].copy()
    seal = np.zeros((400, 400), bool)
    seal[150:250, 150:250] = True
    page[seal & (before > 128)] = (215, 60, 70)
    result = cleaned(page)
    assert np.all(result[150:250, 150:250][before[150:250, 150:250] > 128] > 200)
    assert np.median(result[before == 0]) < 60


def test_text_that_is_itself_coloured_is_kept() -> None:
    carbon = np.stack([paper()] * 3, axis=2)
    carbon[with_bars(paper()) == 0] = (60, 50, 60 + INK_CHROMA + 80)
    result = clean(from_array(carbon, 10, 300), ReadOptions())
    assert "the text itself is coloured: colours kept" in result.notes
    assert np.median(result.grey[with_bars(paper()) == 0]) < 100


def test_faded_print_is_made_black() -> None:
    result = cleaned(with_bars(paper(level=240), ink=150))
    assert result[50, 42] < 100


def test_on_a_page_of_a_few_words_the_papers_grain_is_not_taken_for_faded_print() -> None:
    grain = np.random.default_rng(5).normal(0, 14, (1200, 900))
    page = np.clip(232 + grain, 0, 255).astype(np.uint8)
    page[300:360, 300:310] = page[300:360, 330:340] = page[300:360, 360:370] = 100
    result = cleaned(page, "denoise")
    assert np.count_nonzero(result < 200) < 0.005 * result.size
    assert result[330, 305] < 120


def leader(dots: int, gap: int = 12) -> np.ndarray:
    page = paper(120, 40 + dots * gap + 40)
    for number in range(dots):
        left = 40 + number * gap
        page[60:65, left : left + 5] = 0
    return page


def test_a_dotted_leader_is_erased() -> None:
    result, dots, _ = erase_dots(leader(20), 300)
    assert dots == 20
    assert result.min() == 255


@given(st.integers(1, 5))
@settings(max_examples=5)
def test_an_ellipsis_or_full_stop_is_no_leader(dots: int) -> None:
    page = leader(dots)
    result, erased, _ = erase_dots(page, 300)
    assert erased == 0
    assert np.array_equal(result, page)


def test_specks_at_random_are_no_leader() -> None:
    rng = np.random.default_rng(1)
    page = paper(900, 900)
    for y, x in rng.integers(10, 880, (160, 2)):
        page[y : y + 4, x : x + 4] = 0
    _, erased, _ = erase_dots(page, 300)
    assert erased <= 6


def test_the_dot_inside_a_hollow_zero_is_erased_and_an_i_keeps_its_dot() -> None:
    page = paper(120, 200)
    page[30:70, 30:56] = 0
    page[36:64, 36:50] = 255
    page[47:53, 40:46] = 0  # the dot in the zero
    page[44:70, 100:106] = 0
    page[32:38, 100:106] = 0  # the dot of an i
    result, _, inner = erase_dots(page, 300)
    assert inner == 1
    assert result[50, 43] == 255
    assert result[35, 103] == 0


def test_nothing_is_done_where_everything_is_switched_off() -> None:
    page = with_bars(paper(level=200))
    assert np.array_equal(cleaned(page, *TREATMENTS), page)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255))
@settings(max_examples=30, deadline=None)
def test_tiny_pages_of_any_shade_are_cleaned_without_error(height: int, width: int, level: int) -> None:
    assert cleaned(paper(height, width, level)).shape == (height, width)
