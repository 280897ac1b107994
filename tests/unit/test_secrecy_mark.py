from dataclasses import replace

import pytest

from ingest.recognise.secrecy_marks import level_of
from ingest.secrecy import mark_of
from storage.reading import Block, PageReading, Word


def reading(*lines: tuple[str, float], blocks: tuple[Block, ...] = ()) -> PageReading:
    words = tuple(
        Word(text, (0.1 + 0.1 * column, top, 0.08, 0.02), 0.9, row, 0)
        for row, (line, top) in enumerate(lines)
        for column, text in enumerate(line.split())
    )
    return PageReading("test", 100, 140, 0, 0.9, words, blocks)


@pytest.mark.parametrize(
    ("line", "mark"),
    [("MẬT", "mat"), ("TỐI MẬT", "toi_mat"), ("TUYỆT MẬT", "tuyet_mat"), ("[MAT]", "mat"), ("TOI MAT.", "toi_mat")],
)
def test_a_mark_alone_on_its_line_in_the_header(line: str, mark: str) -> None:
    assert mark_of(reading(("VIỆN KIỂM SÁT", 0.05), (line, 0.15))) == mark


@pytest.mark.parametrize(
    ("line", "top"),
    [("Mật khẩu điện thoại", 0.1), ("MẬT", 0.6), ("mật", 0.1), ("BÍ MẬT KINH DOANH", 0.1), ("MẬT ONG RỪNG", 0.1)],
)
def test_the_word_elsewhere_is_no_mark(line: str, top: float) -> None:
    assert mark_of(reading((line, top))) is None


def test_a_mark_beside_the_motto_on_its_very_line() -> None:
    agency, motto = reading(("MẬT", 0.05)).words, reading(("CỘNG HÒA XÃ HỘI", 0.05)).words
    beside = tuple(replace(w, box=(w.box[0] + 0.4, *w.box[1:])) for w in motto)
    assert mark_of(PageReading("test", 100, 140, 0, 0.9, agency + beside)) == "mat"
    close = tuple(replace(w, box=(w.box[0] + 0.1, *w.box[1:])) for w in motto)
    assert mark_of(PageReading("test", 100, 140, 0, 0.9, agency + close)) is None


def test_a_stamp_in_the_header_is_a_mark_and_one_below_is_not() -> None:
    stamp = Block(1, "stamp", (0.1, 0.1, 0.1, 0.05), stamp="toi_mat")
    low = Block(1, "stamp", (0.1, 0.8, 0.1, 0.05), stamp="mat")
    other = Block(1, "stamp", (0.1, 0.1, 0.1, 0.05), stamp="den")
    assert mark_of(reading(blocks=(stamp,))) == "toi_mat"
    assert mark_of(reading(blocks=(low, other))) is None


@pytest.mark.parametrize(
    ("text", "framed", "level"),
    [
        ("MẬT", False, "mat"), ("TÔI MẬT", False, "toi_mat"), ("TOI MAI", False, "toi_mat"), ("MAI", True, "mat"),
        ("TUYẾT MẤI", False, "tuyet_mat"), ("|MẬT|", True, "mat"), ("I MẬT I", True, "mat"), ("MẤT", False, "mat"),
    ],
)  # fmt: skip
def test_a_mark_read_a_little_wrong_is_still_one(text: str, framed: bool, level: str) -> None:
    assert level_of(text, 0.7, framed=framed) == level


@pytest.mark.parametrize("text", ["MẬT", "MAT", "MẠT", "MÂT"])
def test_a_mark_read_surely_may_lack_the_marks_of_its_letters(text: str) -> None:
    assert level_of(text, 0.95) == "mat"


@pytest.mark.parametrize("text", ["MẶT", "MẤT", "MÁT", "TỐI MẮT", "MAI"])
def test_a_word_of_nearly_the_same_letters_read_surely_is_no_mark(text: str) -> None:
    assert level_of(text, 0.93, framed=True) is None


@pytest.mark.parametrize("text", ["MAI", "mật", "BÍ MẬT", "MẶT TRẬN", "TUYỆT MỸ", "", "BẢO MẬT", "MT", "Tối mật"])
def test_other_words_are_no_mark(text: str) -> None:
    assert level_of(text, 0.5) is None
