"""Pieces of search on their own: persons, words like a word, stretches and snippets."""

from hypothesis import given
from hypothesis import strategies as st

from search.compile import Wanted
from search.highlight import show
from search.persons import persons
from search.places import PlacedText
from search.tokens import body_terms, pairs_of, person_terms
from search.tolerant import cost, like
from storage.reading import PageReading, Word
from tests.search_archive import reading_of

WORDS = st.text(alphabet="abcdeghiklmnopqrstuvxy0158", min_size=1, max_size=8)


def names(text: str) -> list[str]:
    return [one.name for one in persons(text)]


def test_persons_by_family_name_and_by_what_stands_before_them() -> None:
    assert names("Bị can Nguyễn Văn Mẫn khai; bà Ksor H'Bia; ông Phạm Thị Hà Nội") == [
        "Nguyễn Văn Mẫn", "Ksor H'Bia", "Phạm Thị",
    ]
    assert names("BỊ CAN TRẦN VĂN NAM\nNGUYỄN THỊ HOA") == ["Trần Văn Nam", "Nguyễn Thị Hoa"]
    assert names("người làm chứng Xyz Văn Tám") == ["Xyz Văn Tám"]


def test_streets_offices_and_headings_are_no_persons() -> None:
    assert names("số 5 đường Nguyễn Trãi, phường Lê Đại Hành, trường Trần Phú") == []
    assert names("CƠ QUAN CẢNH SÁT ĐIỀU TRA\nCÔNG AN HUYỆN QUỲNH LƯU\nVIỆN KIỂM SÁT NHÂN DÂN") == []


def test_names_signed_side_by_side_are_two_and_what_stands_over_them_is_none() -> None:
    assert names("Lâm Bá Khoa Huỳnh Bảo Lan") == ["Lâm Bá Khoa", "Huỳnh Bảo Lan"]
    assert names("Nguyễn Thị Lê Hoàng Anh") == ["Nguyễn Thị Lê Hoàng Anh"]
    assert names("THẨM PHÁN - CHỦ TỌA PHIÊN TÒA\nCÁN BỘ GHI BIÊN BẢN") == []


def test_names_keep_their_marks_and_their_places() -> None:
    text = "ông Lê Văn Mận và ông Lê Văn Mẫn"
    found = persons(text)
    assert [one.key for one in found] == ["lê văn mận", "lê văn mẫn"]
    assert [text[one.start : one.end] for one in found] == ["Lê Văn Mận", "Lê Văn Mẫn"]
    assert "van_man" in person_terms("Lê Văn Mận") and "văn_mận" in person_terms("Lê Văn Mận")


@given(WORDS, WORDS)
def test_cost_is_a_distance(one: str, other: str) -> None:
    assert cost(one, other) == cost(other, one)
    assert (cost(one, other) == 0) == (one == other)
    assert cost(one, other) <= max(len(one), len(other))


def test_look_alikes_are_nearer_than_other_letters() -> None:
    assert cost("tai", "tal") < cost("tai", "tam")
    assert cost("nhan", "hnan") < cost("nhan", "xyan")
    assert cost("luat", "1uat") < 0.5


def test_words_like_a_word_come_nearest_first() -> None:
    vocabulary = {"truong": 5, "trung": 50, "duong": 9, "truomg": 1}
    found = like("truonq", vocabulary, list(vocabulary))
    assert found[0][0] == "truong"
    assert all(0 < sure < 1 for _, sure in found)
    assert like("zz", vocabulary, list(vocabulary)) == []


@given(st.lists(st.text(alphabet="abc đế\u00ad-.,", min_size=1, max_size=6).filter(lambda t: t.strip()), max_size=30))
def test_stretches_of_the_text_are_its_words(words: list[str]) -> None:
    made = [Word("".join(w.split()), (0.1, 0.1, 0.1, 0.1), 0.9, at // 4, at // 9) for at, w in enumerate(words)]
    placed = PlacedText.of(PageReading("t", 1, 1, 0, 1.0, tuple(made)))
    at = 0
    for number, word in enumerate(made):
        assert placed.text[at : at + len(word.text)] == word.text
        assert placed.stretches_of([(at, at + len(word.text))]) == [(number, number + 1)]
        at += len(word.text) + 1


def test_packed_and_unpacked_readings_give_the_same() -> None:
    reading = reading_of("Căn cứ khoản 2\nĐiều 174")
    assert PlacedText.packed(reading.pack()).words == PlacedText.of(reading).words
    assert PlacedText.packed(reading.pack()).text == "Căn cứ khoản 2\nĐiều 174"


def test_words_together_are_boxed_together_and_stray_ones_left_out() -> None:
    placed = PlacedText.of(reading_of("tài liệu này nói\nchiếm đoạt tài sản của bà"))
    shown = show(placed, Wanted(runs=[[("tai",), ("san",)]]))
    assert [shown.snippet[a:b] for a, b in shown.marks] == ["tài sản"]
    assert len(shown.boxes) == 1


def test_a_phrase_over_two_lines_has_a_box_on_each() -> None:
    placed = PlacedText.of(reading_of("chiếm đoạt\ntài sản"))
    assert len(show(placed, Wanted(phrases=[("chiem", "doat", "tai", "san")])).boxes) == 2


def test_other_readings_are_found_between_their_neighbours() -> None:
    terms = body_terms("bị con nhận", ["bị can nhận"])
    pairs = pairs_of(terms["body"])
    assert "bi_can" in pairs and "bi_con" in pairs
    assert "nhan_bi" not in pairs
