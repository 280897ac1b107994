"""A second question is asked at once where the reader allows it, and otherwise only when its answer is wanted."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from search.beside import beside
from search.engine import Found


def reader(*, is_shareable: bool) -> Any:
    return SimpleNamespace(is_shareable=is_shareable)


def test_a_reader_for_several_threads_is_asked_at_once_in_another_one() -> None:
    asked = threading.Event()
    threads: list[int] = []

    def question() -> Found:
        threads.append(threading.get_ident())
        asked.set()
        return Found(3, [])

    answer = beside(reader(is_shareable=True), question)
    assert asked.wait(20), "it is asked though nobody wants the answer yet"
    assert (answer().total, answer().total) == (3, 3)
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_a_reader_for_one_thread_is_asked_once_when_the_answer_is_wanted() -> None:
    threads: list[int] = []

    def question() -> Found:
        threads.append(threading.get_ident())
        return Found(3, [])

    answer = beside(reader(is_shareable=False), question)
    assert threads == []
    assert (answer().total, answer().total) == (3, 3)
    assert threads == [threading.get_ident()]


def test_what_goes_wrong_is_told_to_whoever_wants_the_answer() -> None:
    def question() -> Found:
        raise OSError("gone")

    answer = beside(reader(is_shareable=True), question)
    with pytest.raises(OSError, match="gone"):
        answer()
