"""Words boxed on a page, citations as links: the pure parts of the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reading import PageReading, Word, join_words
from viewer import find, page_text


def words(*lines: str) -> tuple[Word, ...]:
    return tuple(
        Word(text, (0.1 * place, 0.1 * row, 0.08, 0.05), 0.6 if text.endswith("?") else 0.9, row, 0)
        for row, line in enumerate(lines) for place, text in enumerate(line.split())
    )


PAGE = words("Tôi cầm con dao chạy", "ra ngoài. Con dao đó", "là của ông Mẫn, không", "phải của bà Mận (BL 45–47)")

PAGE_TEXT = join_words(PAGE)


@pytest.mark.parametrize(("query", "found"), [
    ("con dao", ["con dao", "Con dao"]),
    ("dao chay ra ngoai", ["dao chạy ra ngoài."]),
    ("Mận", ["Mận"]),
    ("man", ["Mẫn,", "Mận"]),
    ('"bà Mận"', ["bà Mận"]),
    ("dao bà", ["dao", "dao", "bà"]),
    ("không có ở đây", ["không"]),
    ("", []),
    ("loại:cáo", []),
])
def test_find(query, found):
    assert [match.text for match in find.find(PAGE, query)] == found


SOME_WORDS = st.lists(st.sampled_from([*PAGE_TEXT.split(), "Bảy", "dao", "CHAY"]), max_size=4).map(" ".join)


@given(SOME_WORDS | st.text(max_size=20))
def test_no_page_that_holds_a_match_is_passed_over(query):
    assert find.may_hold(PAGE_TEXT, query) or not find.find(PAGE, query)
    assert not find.may_hold(PAGE_TEXT, "bảy")


def test_a_match_over_two_lines_has_a_box_on_each():
    (match,) = find.find(PAGE, "chạy ra ngoài")
    assert len(match.boxes) == 2
    assert match.boxes[1] == pytest.approx((0.0, 0.1, 0.18, 0.05))


@given(st.text(max_size=60))
def test_any_query_can_be_looked_for(query):
    for match in find.find(PAGE, query):
        assert 0 <= match.first <= match.last < len(PAGE)


def test_lines_mark_weak_words_hits_and_citations():
    reading = PageReading("t", 10, 10, 0, 0.9, words("Đáp: vâng?", "theo (BL 45–47) và tập 2, BL 9"))
    lines = page_text.lines(reading, "vang")
    assert [word.weak for word in lines[0].words] == [False, True]
    assert [word.hit for word in lines[0].words] == [False, True]
    assert [word.cites for word in lines[1].words] == [None, "45", "45", None, *["tập 2 9"] * 4]
