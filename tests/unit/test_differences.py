"""Where two texts differ: cut at the pages, and said when only the beginning was compared."""

import pytest

from storage.reading import Word
from viewer import differences
from viewer.differences import Piece, compare


def page(text: str) -> list[Word]:
    return [Word(one, (0, 0, 0.1, 0.1), 0.9, 0, 0) for one in text.split()]


def test_differences_are_marked_page_by_page() -> None:
    found = compare([page("Tôi thấy con dao."), page("màu đỏ")], [page("tôi thấy con dao màu xanh")])
    assert found.left == [[Piece("Tôi thấy con dao.", False)], [Piece("màu", False), Piece("đỏ", True)]]
    assert found.right == [[Piece("tôi thấy con dao màu", False), Piece("xanh", True)]]
    assert found.complete
    assert found.alike == pytest.approx(10 / 12)


def test_a_page_without_words_stays_a_page() -> None:
    found = compare([page(""), page("con dao")], [page("con dao"), page("")])
    assert found.left == [[], [Piece("con dao", False)]]
    assert found.right == [[Piece("con dao", False)], []]


def test_of_long_texts_only_the_beginning_is_compared_and_that_is_said(monkeypatch) -> None:
    monkeypatch.setattr(differences, "MOST_WORDS", 3)
    found = compare([page("một hai"), page("ba bốn"), page("năm")], [page("một hai")])
    assert found.left == [[Piece("một hai", False)], [Piece("ba", True)], []]
    assert not found.complete
