"""Bút lục numbers and the ways people cite them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import but_luc
from storage.but_luc import ButLuc
from storage.but_luc_report import Seen, report_of


@pytest.mark.parametrize(("text", "expected"), [
    ("45", ButLuc(45)), (" 045a ", ButLuc(45, "a")), ("45 A", ButLuc(45, "a")), ("0", None), ("", None), (None, None),
    ("x45", None), ("45/2024", None),
])
def test_parse(text, expected):
    assert but_luc.parse(text) == expected


def test_order_in_the_file():
    assert sorted(["112", "45a", None, "9", "45", "46"], key=but_luc.sort_key) == ["9", "45", "45a", "46", "112", None]


def test_gaps_and_repeats():
    assert but_luc.gaps(["1", "2", "5", "5a", "9", None]) == [(3, 4), (6, 8)]
    assert but_luc.repeats(["1", "2", "02", "3", None]) == ["2"]


@pytest.mark.parametrize(("text", "volume", "expected"), [
    ("lời khai của bị can (BL 45–47, 112)", None, [("45", "47"), ("112", "112")]),
    ("tại bút lục số 12 và 15", None, [("12", "12"), ("15", "15")]),
    ("theo tập 2, BL 45", "2", [("45", "45")]),
    ("các bút lục 45 đến 47; BL 60a", None, [("45", "47"), ("60a", "60a")]),
    ("(BL: 7)", None, [("7", "7")]),
    ("(BL 12-9)", None, []),
])
def test_citations(text, volume, expected):
    found = but_luc.citations(text)
    assert [(str(a), str(b)) for one in found for a, b in one.ranges] == expected
    if expected:
        assert found[0].volume == volume


@pytest.mark.parametrize(
    "text", ["Bộ luật 45", "ngày 12/3/2024", "BLTTHS 2015", "BLHS", "BL", "Điều 45 BLHS 2015", "mobl 45"]
)
def test_what_is_no_citation(text):
    assert but_luc.citations(text) == []


@given(st.text())
def test_any_text_can_be_searched_for_citations(text):
    for one in but_luc.citations(text):
        assert 0 <= one.start < one.end <= len(text)
        assert all(first <= last for first, last in one.ranges)


@pytest.mark.parametrize(("numbers", "kind", "by_sheet", "twice"), [
    ("1 2 2 3", "hs.ban_an_hs", False, []), ("1 2 2 3", "hs.cao_trang", False, ["2"]),
    ("1 2 2 2 3", "hs.cao_trang", False, []), ("1 2 2 3", "hs.cao_trang", True, []),
    ("1 2 2", "hs.cao_trang", False, ["2"]),
])
def test_a_number_on_a_whole_judgment_is_not_doubled(numbers, kind, by_sheet, twice):
    """The documents are the number they carry, so that the second holds all pages numbered 2."""
    pages = [Seen(place, "document", text, None, "proposed", "done", 0.9, int(text), kind, "a.pdf", place + 1)
             for place, text in enumerate(numbers.split())]
    assert [number for volume in report_of(pages, by_sheet=by_sheet).volumes for number in volume.twice] == twice


def test_a_number_on_pages_of_two_documents_is_doubled():
    pages = [Seen(n, "document", "7", None, "proposed", "done", 0.9, n, "hs.ban_an_hs", "a.pdf", n) for n in (1, 2)]
    assert report_of(pages, by_sheet=True).lines == ("BL 7 quét hai lần",)


def test_pages_to_scan_again_are_named_by_their_file_and_counted_past_the_first_dozen():
    pages = [Seen(1, "document", None, None, "none", "done", 0.2, None, None, "tap 1.pdf", 1)]
    pages += [Seen(n, "unknown", None, None, "none", "failed", None, None, None, "tap 2.pdf", n) for n in range(1, 15)]
    blurred, *unread, more = report_of(pages, by_sheet=False).lines
    assert blurred == "Trang 1 của tap 1.pdf mờ – quét lại?"
    assert (unread[0], len(unread)) == ("Trang 1 của tap 2.pdf chưa đọc được chữ", 12)
    assert more == "và 2 trang nữa chưa đọc được chữ"
