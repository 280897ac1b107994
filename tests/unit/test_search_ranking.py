"""Which pages come first, and that parts of a result join without a gap or a page given twice."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import schema
from search.compile import Compiler, Options
from search.engine import Engine, IndexReader, open_engine
from search.query import parse
from search.ranking import Ranking
from tests.unit.test_search_engines import NAMES, page, write

WORDS = ["bị", "can", "nhận", "tội", "vay", "tiền", "nợ", "lãi"]
TOGETHER = 13


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(request.param, tmp_path / "index")
    yield opened
    opened.close()


def ranking(reader: IndexReader, query: str) -> Ranking:
    def like(word: str) -> list[tuple[str, float]]:
        return [("toj", 0.5)] if word == "toi" else []

    compiled = Compiler(like, lambda _: [], Options()).compile(parse(query, lambda *_: False))
    return Ranking(reader, compiled, (), ())


def scattered(dice: random.Random) -> str:
    """All the words, none beside the next one of the query."""
    return " xen ".join(dice.sample(WORDS, len(WORDS)))


@pytest.mark.parametrize("together", [0, 2, TOGETHER])
def test_parts_join_and_words_side_by_side_come_first(engine: Engine, together: int) -> None:
    dice = random.Random(4)
    texts = [scattered(dice) + (" bị can nhận tội" if number <= together else "") for number in range(1, 31)]
    write(engine, *(page(number, text) for number, text in enumerate(texts, 1)))
    asked = ranking(engine.reader(), "bị can nhận tội")
    whole = asked.part(100, 0, schema.FACETS)
    assert (whole.total, len(whole.hits)) == (30, 30)
    assert sum(whole.facets["case"].values()) == 30
    assert {hit.page_id for hit in whole.hits[:together]} == set(range(1, together + 1))
    for size in (1, 7, together or 4):
        parts = [asked.part(size, offset, ()) for offset in range(0, 30, size)]
        assert {part.total for part in parts} == {30}
        assert sorted(hit.page_id for part in parts for hit in part.hits) == list(range(1, 31))
        first = [hit.page_id for part in parts for hit in part.hits][:together]
        assert set(first) == set(range(1, together + 1))
    assert asked.part(7, 40, ()).hits == []
    assert asked.part(7, 40, ()).total == 30


def test_a_page_where_one_word_is_misread_stands_before_scattered_words(engine: Engine) -> None:
    dice = random.Random(5)
    pages = [page(number, scattered(dice)) for number in range(1, 21)]
    write(engine, *pages, page(21, "bị can nhận toj rồi ký tên"))
    found = ranking(engine.reader(), "bị can nhận tội").part(5, 0, ())
    assert found.hits[0].page_id == 21
    assert found.total == 21
    following = ranking(engine.reader(), "bị can nhận tội").part(5, 5, ())
    assert not {hit.page_id for hit in following.hits} & {hit.page_id for hit in found.hits}


def test_operators_beside_words_hold_for_pages_that_come_first(engine: Engine) -> None:
    write(engine, page(1, "bị can vay tiền"), page(2, "bị can nợ lãi"), page(3, "tiền bị mất can gián"))
    reader = engine.reader()
    assert [hit.page_id for hit in ranking(reader, "bị can -nợ").part(5, 0, ()).hits] == [1, 3]
    assert [hit.page_id for hit in ranking(reader, 'bị can "nợ lãi"').part(5, 0, ()).hits] == [2]
