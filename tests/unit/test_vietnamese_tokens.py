"""Legal tokens, keyboards left half-way, and old encodings."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import vietnamese_tokens
from storage.vietnamese_keys import composed
from storage.vietnamese_legacy import convert, detect, repaired
from storage.vietnamese_tokens import legal_tokens

TOKENISH = st.text(
    alphabet="0123456789/-–. ,;đĐiềukhoảnđiểmngàythángnămtỷtriệuđồngQDVKSTLST+abA\u0301\u00ad", max_size=50
)


def keys(text: str) -> list[str]:
    return [t.key for t in legal_tokens(text)]


@pytest.mark.parametrize(
    "text",
    [
        "12/03/2024", "12-3-2024", "12.3.2024", "ngày 12 tháng 3 năm 2024", "12 / 3 / 2024", "NGÀY 12/03/2024",
        "ngay 12 thang 3 nam 2024",
    ],
)
def test_one_date_in_all_spellings(text: str) -> None:
    assert [(t.kind, t.key) for t in legal_tokens(text)] == [("date", "2024-03-12")]
    assert keys(unicodedata.normalize("NFD", text)) == ["2024-03-12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("khoản 2 Điều 174", ["d174/k2"]),
        ("Điều 174 khoản 2", ["d174/k2"]),
        ("điểm a, b khoản 1 Điều 51", ["d51/k1/a", "d51/k1/b"]),
        ("điểm s khoản 1, khoản 2 Điều 51", ["d51/k1/s", "d51/k2"]),
        ("các điều 51, 54", ["d51", "d54"]),
        ("Ðiều 175 BLHS", ["d175"]),
        ("điều kiện 5", []),
    ],
)
def test_articles(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45 / 2024 / TLST–DS", ["45/2024/tlstds"]),
        ("45/2024/TLSTDS", ["45/2024/tlstds"]),
        ("Quyết định số 12/QĐ-VKS-P1", ["12/qdvksp/1"]),
        ("theo QĐ-VKS", ["qdvks"]),
        ("165.500.000 đồng", ["165500000"]),
        ("165,5 triệu đồng", ["165500000"]),
        ("2,5 tỷ", ["2500000000"]),
        ("1.500.000đ", ["1500000"]),
        ("+84 912 345 678", ["0912345678"]),
        ("0912.345.678", ["0912345678"]),
        ("001 085 012 345", ["001085012345"]),
        ("29A-123.45", ["29a12345"]),
        ("30A 12345", ["30a12345"]),
        ("tháng 03 năm 2024", ["2024-03"]),
        ("anh-em bà - con 99/99/2024", []),
    ],
)
def test_other_tokens(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@given(TOKENISH)
def test_tokens_lie_inside_the_text(text: str) -> None:
    for token in legal_tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.key


@given(st.text(max_size=60))
def test_text_folds_by_the_code_page_as_letter_by_letter(text: str) -> None:
    assert vietnamese_tokens._plain_text(text) == text.translate(vietnamese_tokens._PLAIN)


@given(TOKENISH)
def test_decomposed_text_gives_the_same_tokens(text: str) -> None:
    composed_text = unicodedata.normalize("NFC", text)
    assert keys(unicodedata.normalize("NFD", composed_text)) == keys(composed_text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thij", "thị"), ("hanhf", "hành"), ("ddieeuf", "điều"), ("nguwowif", "người"), ("toaf", "tòa"),
        ("Vieetj", "việt"), ("vieejt", "việt"), ("dduwowngf", "đường"), ("duongwf", "dường"), ("quaf", "quà"),
        ("thi5", "thị"), ("d9ie6u2", "điều"), ("nguye64n", "nguyễn"), ("nguwowìf", None),
        ("can", None), ("class", None),
    ],
)  # fmt: skip
def test_half_composed_words(typed: str, meant: str | None) -> None:
    assert composed(typed) == meant


TRUE_TEXT = "Viện kiểm sát nhân dân tối cao; truy tố bị can Nguyễn Văn Mẫn tội lừa đảo"


@pytest.mark.parametrize(
    ("stored", "encoding"),
    [
        ("ViÖn kiÓm s¸t nh©n d©n tèi cao; truy tè bÞ can NguyÔn V¨n MÉn téi lõa ®¶o", "tcvn3"),
        ("Vieän kieåm saùt nhaân daân toái cao; truy toá bò can Nguyeãn Vaên Maãn toäi löøa ñaûo", "vni"),
        ("Vie^.n kie^?m sa't nha^n da^n to^'i cao; truy to^' bi. can Nguye^~n Va(n Ma^~n to^.i lu+`a dda?o", "viqr"),
    ],
)  # fmt: skip
def test_old_encodings(stored: str, encoding: str) -> None:
    assert detect(stored) == encoding
    assert repaired(stored) == (TRUE_TEXT, encoding)


@pytest.mark.parametrize(
    "text", [TRUE_TEXT, "The café is naïve; résumé, déjà vu", "it's o'clock, they're don't", "", "dieu 174"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert repaired(text) == (text, None)


@given(st.text(max_size=80))
def test_conversion_never_fails(text: str) -> None:
    repaired(text)
    assert isinstance(convert(text, "vni"), str)
