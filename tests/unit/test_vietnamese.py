"""Vietnamese text: the three levels of sameness, offsets, keys."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vietnamese import INVISIBLE, fold, name_key, nfc, normal, number_key, syllables, words

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + " \n.,/-–:0123456789ÐðA\u00ad\u200b", max_size=60)
LATIN = st.text(
    alphabet=st.one_of(
        st.characters(max_codepoint=0x24F),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
    ),
    max_size=30,
)


@given(st.text())
def test_nfc_and_fold_are_idempotent(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_normal_is_idempotent_and_blind_to_case(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert normal(text.upper()) == normal(text.lower())


@given(st.one_of(VIETNAMESE, LATIN))
def test_decomposed_text_is_the_same_text(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert nfc(apart) == nfc(text)
    assert fold(apart) == fold(text)
    assert [s.text for s in syllables(apart)] == [s.text for s in syllables(text)]


@given(st.one_of(VIETNAMESE, LATIN))
def test_syllables_map_back_to_the_original(text: str) -> None:
    end = 0
    for syllable in syllables(text):
        assert end <= syllable.start < syllable.end <= len(text)
        seen = "".join(c for c in text[syllable.start : syllable.end] if c not in INVISIBLE)
        assert nfc(seen) == syllable.text
        end = syllable.end


@given(VIETNAMESE)
def test_no_letter_is_lost_between_syllables(text: str) -> None:
    letters = [c for c in nfc("".join(c for c in text if c not in INVISIBLE)) if c.isalnum()]
    assert [c for s in syllables(text) for c in s.text] == letters


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà giải", "Hòa Giải"), ("thuý", "THÚY"), ("khoẻ", "khỏe"), ("lý do", "lí do"), ("mỹ", "mĩ"),
        ("quý", "quí"), ("qúy", "quý"), ("hòan", "hoàn"), ("ngừơi", "người"), ("Ðịnh", "định"), ("tỷ", "tỉ"),
        ("ba\u0301\u0302", "bấ"), ("tuyê\u0323t", "tuyệt"), ("tranh", "tr\u00adanh"),
    ],
)  # fmt: skip
def test_normal_joins_accepted_spellings(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Mận", "Mẫn"), ("vi", "vy"), ("định", "đinh"), ("café", "cafè"), ("da", "đa")]
)
def test_normal_keeps_different_words_apart(one: str, other: str) -> None:
    assert normal(one) != normal(other)


def test_tone_stays_behind_q() -> None:
    assert normal("quỳ quả quốc") == "quỳ quả quốc"


def test_fold() -> None:
    assert fold("ĐƯỜNG Thuỷ, Ðịnh ƠN") == "duong thuy, dinh on"


@pytest.mark.parametrize(
    "number",
    [
        "45/2024/TLST-DS", "45 / 2024 / TLST–DS", "45/2024/TLSTDS", "Số: 045/2024/TLST-DS", "45-2024-tlst-ds",
        "số 45/2024/TLST – DS",
    ],
)
def test_number_key_is_one_for_all_spellings(number: str) -> None:
    assert number_key(number) == "45/2024/tlstds"


def test_number_key_keeps_different_numbers_apart() -> None:
    assert len({number_key(n) for n in ["1/12", "11/2", "112", "12/1"]}) == 4
    assert number_key("12/QĐ-VKS") == number_key("12/QD-VKS") == "12/qdvks"
    assert number_key(" – ") == ""


@given(VIETNAMESE)
def test_number_key_is_idempotent(text: str) -> None:
    assert number_key(number_key(text)) == number_key(text)


def test_name_key() -> None:
    assert name_key("Ông  NGUYỄN Văn Quí") == name_key("nguyễn văn quý")
    assert name_key("Trần Thị Mận") != name_key("Trần Thị Mẫn")
    assert name_key("Bà") == "bà"


@given(st.text(max_size=40) | st.text(alphabet="abđếêă 1-\u0301\u0302\u0323\u200b\u00ad_", max_size=25))
def test_words_are_the_texts_of_the_syllables(text: str) -> None:
    assert words(text) == [syllable.text for syllable in syllables(text)]
