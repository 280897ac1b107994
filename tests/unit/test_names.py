import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.names import MAX_NAME_BYTES, display_name, in_natural_order, natural_key, safe_file_name, shorten


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("scan 1.pdf", "scan 1.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\\..\\b.pdf", "b.pdf"),
        (unicodedata.normalize("NFD", "Quyết định khởi tố.pdf"), "Quyết định khởi tố.pdf"),
        ("bản 'sao' \"y\".pdf", "bản 'sao' \"y\".pdf"),
        ("..", "khong-ten"),
        ("", "khong-ten"),
        ("x\u202efdp.exe", "xfdp.exe"),
        ("caf\udce9.pdf", "caf?.pdf"),
    ],
)
def test_names_are_shown_as_given_but_harmless(raw: str, shown: str) -> None:
    assert display_name(raw) == shown


@given(st.text(max_size=400))
def test_a_safe_name_fits_every_file_system(raw: str) -> None:
    name = safe_file_name(raw, room=9)
    assert 0 < len(name.encode()) <= MAX_NAME_BYTES - 9
    assert not set('/\\:*?"<>|\0') & set(name)
    assert name not in (".", "..")
    assert safe_file_name(name, room=9) == name


def test_names_windows_cannot_open_are_changed() -> None:
    assert safe_file_name("con.pdf") == "_con.pdf"
    assert safe_file_name("a. .") == "a"


def test_a_long_name_keeps_its_suffix_and_whole_letters() -> None:
    name = shorten("ế" * 200 + ".pdf", 100)
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 100


def test_natural_order_counts_as_people_do() -> None:
    assert in_natural_order(["scan10.jpg", "scan2.jpg", "Scan1.jpg"]) == ["Scan1.jpg", "scan2.jpg", "scan10.jpg"]
    assert natural_key("Trang 2") == natural_key(unicodedata.normalize("NFD", "trang 2"))


def test_raised_digits_are_letters_to_the_order() -> None:
    assert in_natural_order(["m²10", "m²2", "m³"]) == ["m²2", "m²10", "m³"]


@given(st.lists(st.text(max_size=20), max_size=30))
def test_natural_order_is_an_order_of_the_same_names(names: list[str]) -> None:
    ordered = in_natural_order(names)
    assert sorted(ordered) == sorted(names)
    assert in_natural_order(reversed(ordered)) == ordered
