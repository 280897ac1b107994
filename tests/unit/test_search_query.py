"""The query language: operators, filters, and that nothing a person types is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import Filter, Quoted, Word, Words, but_luc_bounds, date_bounds, parse

KNOWN = {
    ("folder", "lời khai"),
    ("type", "cáo trạng"),
    ("case", "45/2024"),
    ("person", "Nguyễn Văn A"),
    ("but_luc", "120-150"),
    ("from", "01/2024"),
    ("to", "06/2024"),
}


def resolves(name: str, text: str) -> bool:
    return (name, text) in KNOWN


@given(st.text(max_size=200))
def test_anything_is_a_query(text: str) -> None:
    parsed = parse(text, lambda name, value: len(value) % 2 == 0)
    assert len(parsed.parts) <= 40


@given(st.text(alphabet='abcđ "“”:~*-()[]{}\\/vụngười', max_size=60))
def test_signs_in_any_order_are_a_query(text: str) -> None:
    parse(text, resolves)
    parse(text, lambda name, value: True)


@given(st.lists(st.text(alphabet="abcdeghiklmnopqrstuvxyàáđêô", min_size=1, max_size=7), max_size=8))
def test_plain_words_are_all_kept(words: list[str]) -> None:
    parsed = parse(" ".join(words), resolves)
    assert " ".join(part.text for part in parsed.parts).split() == words


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("cáo trạng", [Words("cáo trạng")]),
        ('"bị can" nhận', [Quoted("bị can"), Words("nhận")]),
        ("“bị can”", [Quoted("bị can")]),
        ('"a b"~5', [Quoted("a b", 5)]),
        ("biên bản -cung", [Words("biên bản"), Word("cung", negative=True)]),
        ('-"hỏi cung"', [Quoted("hỏi cung", negative=True)]),
        ("chuyển kho*", [Words("chuyển"), Word("kho", prefix=True)]),
        ("~trạg", [Word("trạg", tolerant=True)]),
        ("TLST - DS", [Words("TLST"), Words("DS")]),
        ("tập:lời khai bị can", [Filter("folder", "lời khai"), Words("bị can")]),
        ("loai:cáo trạng", [Filter("type", "cáo trạng")]),
        ("vụ:45/2024 -loại:cáo trạng", [Filter("case", "45/2024"), Filter("type", "cáo trạng", True)]),
        ('người:"Nguyễn Văn A" tiền', [Filter("person", "Nguyễn Văn A"), Words("tiền")]),
        ("người:Nguyễn Văn A", [Filter("person", "Nguyễn Văn A")]),
        ("từ:01/2024 đến:06/2024", [Filter("from", "01/2024"), Filter("to", "06/2024")]),
        ("bl:120-150", [Filter("but_luc", "120-150")]),
        ("vật chứng: tịch thu", [Words("vật chứng: tịch thu")]),
        ("vụ:không-có", [Words("vụ:không-có")]),
        ('((" : "', []),
        ('người:"', [Words('người:')]),
    ],
)  # fmt: skip
def test_parts(query: str, parts: list[object]) -> None:
    found = list(parse(query, resolves).parts)
    texts = [Words(" ".join(p.text.split())) if isinstance(p, Words) else p for p in found]
    joined: list[object] = []
    for part in texts:
        if isinstance(part, Words) and joined and isinstance(joined[-1], Words):
            joined[-1] = Words(f"{joined[-1].text} {part.text}")
        else:
            joined.append(part)
    wanted: list[object] = []
    for part in parts:
        if isinstance(part, Words) and wanted and isinstance(wanted[-1], Words):
            wanted[-1] = Words(f"{wanted[-1].text} {part.text}")
        else:
            wanted.append(part)
    assert joined == wanted


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("12/03/2024", (20240312, 20240312)), ("2024-03-12", (20240312, 20240312)), ("01/2024", (20240101, 20240131)),
        ("2024", (20240101, 20241231)), ("31/02/2024", None), ("13/2024", None), ("abc", None),
    ],
)  # fmt: skip
def test_dates(text: str, bounds: tuple[int, int] | None) -> None:
    assert date_bounds(text) == bounds


def test_but_luc() -> None:
    assert but_luc_bounds("120-150") == ("120", "150")
    assert but_luc_bounds("45a") == ("45a", "45a")
    assert but_luc_bounds("abc") is None
