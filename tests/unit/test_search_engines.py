"""One contract suite for both index engines, and both must find the same pages for the same tree."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from search import schema, tree
from search.engine import Engine, EngineName, open_engine
from search.schema import IndexPage
from search.tokens import body_terms
from search.tree import Node
from search.whoosh_merging import WIDTH

NAMES: tuple[EngineName, ...] = ("whoosh", "tantivy")
WORD_LIST = "viện kiểm sát nhân dân tối cao truy tố bị can nguyễn văn mẫn mận tội lừa đảo án hoà hòa giải the of"
WORDS = WORD_LIST.split()


def page(
    page_id: int, text: str, *, case: int = 1, day: int = 20240312, folder: str = "HS01", kind: str = "k1"
) -> IndexPage:
    terms = body_terms(text)
    terms |= {
        "head": ["tieu", "de"],
        "person": [],
        "access": [schema.case_access(case)],
        "folder": [folder],
        "kind": [kind],
        "flags": [],
    }
    numbers = {
        "page": page_id,
        "document": page_id // 3,
        "scan": 1,
        "case": case,
        "date": day,
        "year": day // 10000,
        "but_luc": page_id * 100,
        "confidence": 90,
        "order": 1000 - page_id,
        "length": len(terms["body"]),
    }
    return IndexPage(page_id, terms, numbers)


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(request.param, tmp_path / "index")
    yield opened
    opened.close()


def write(engine: Engine, *pages: IndexPage, remove: tuple[int, ...] = ()) -> None:
    writer = engine.writer()
    writer.put(pages)
    writer.remove(remove)
    writer.commit()
    writer.close()


def ids(engine: Engine, query: Node) -> list[int]:
    return engine.reader().page_ids(query)


def test_an_empty_index_finds_nothing(engine: Engine) -> None:
    assert engine.reader().page_count == 0
    found = engine.reader().search(tree.Term("body", "an"), limit=5, facets=schema.FACETS)
    assert (found.total, list(found.hits)) == (0, [])
    assert ids(engine, tree.Bool()) == []


def test_words_that_english_calls_stop_words_are_found(engine: Engine) -> None:
    write(engine, page(1, "bị can trong vụ án"), page(2, "the of"))
    assert ids(engine, tree.Term("body", "an")) == [1]
    assert ids(engine, tree.Term("body", "the")) == [2]


def test_a_page_given_again_replaces_itself(engine: Engine) -> None:
    write(engine, page(1, "cũ"), page(2, "khác"))
    write(engine, page(1, "mới"))
    assert ids(engine, tree.Term("body", "cu")) == []
    assert ids(engine, tree.Term("body", "moi")) == [1]
    assert engine.reader().page_count == 2


def test_a_page_given_twice_in_one_commit_is_there_once(engine: Engine) -> None:
    writer = engine.writer()
    writer.put([page(1, "một")])
    writer.put([page(1, "hai")])
    writer.commit()
    writer.close()
    assert ids(engine, tree.Bool()) == [1]
    assert ids(engine, tree.Term("body", "hai")) == [1]


def test_a_removed_page_is_gone_everywhere(engine: Engine) -> None:
    write(engine, page(1, "án", case=7), page(2, "án", case=8))
    write(engine, remove=(1, 99))
    found = engine.reader().search(tree.Term("body", "an"), limit=5, facets=schema.FACETS)
    assert [hit.page_id for hit in found.hits] == [2]
    assert found.total == 1
    assert found.facets["case"] == {"8": 1}
    assert ids(engine, tree.Bool()) == [2]


def test_what_was_not_committed_is_lost(engine: Engine) -> None:
    writer = engine.writer()
    writer.put([page(1, "án")])
    writer.close()
    assert ids(engine, tree.Bool()) == []


def test_a_reader_does_not_change_and_a_new_one_sees_every_commit(engine: Engine) -> None:
    before = engine.reader()
    for number in range(1, 25):  # enough commits for the engine to merge segments
        write(engine, page(number, "án"), remove=(number - 3,) if number > 3 else ())
    assert before.page_ids(tree.Term("body", "an")) == []
    assert ids(engine, tree.Term("body", "an")) == [22, 23, 24]


def test_phrases_keep_order_and_never_reach_over_a_gap(engine: Engine) -> None:
    terms = body_terms("bị can nhận tội", ["án treo"])
    both = page(1, "")
    both.terms |= terms
    write(engine, both, page(2, "can bị"))
    assert ids(engine, tree.Phrase("body", ("bi", "can"))) == [1]
    assert ids(engine, tree.Phrase("body", ("can", "bi"))) == [2]
    assert ids(engine, tree.Phrase("body", ("toi", "an"))) == []
    assert ids(engine, tree.Phrase("marked", ("án", "treo"))) == [1]


def test_near_counts_words_between(engine: Engine) -> None:
    write(engine, page(1, "bị một hai ba can"))
    assert ids(engine, tree.Phrase("body", ("bi", "can"), 2)) == []
    assert ids(engine, tree.Phrase("body", ("bi", "can"), 3)) == [1]
    assert ids(engine, tree.Phrase("body", ("can", "bi"), 9)) == []


def test_numbers_flags_and_access(engine: Engine) -> None:
    write(
        engine, page(1, "án", case=1, day=20240101), page(2, "án", case=2, day=20240601), page(3, "án", case=3, day=0)
    )
    assert ids(engine, tree.Number("date", 20240101, 20240531)) == [1]
    assert ids(engine, tree.Number("but_luc", 150, 200)) == [2]
    assert ids(engine, tree.NumberIn("case", frozenset({2, 3, 9}))) == [2, 3]
    assert ids(engine, tree.OneOf("access", frozenset({"c1", "c3"}))) == [1, 3]
    assert ids(engine, tree.OneOf("access", frozenset())) == []
    without = tree.Bool((tree.Term("body", "an"),), (), (tree.NumberIn("case", frozenset({1})),))
    assert ids(engine, without) == [2, 3]


def test_should_only_orders_and_boost_counts(engine: Engine) -> None:
    write(engine, page(1, "mẫn"), page(2, "mận"), page(3, "man rợ"))
    query = tree.Bool((tree.Term("body", "man"),), (tree.Boost(tree.Term("marked", "mận"), 5.0),))
    found = engine.reader().search(query, limit=5)
    assert found.total == 3
    assert found.hits[0].page_id == 2


def test_paging_never_repeats_a_page(engine: Engine) -> None:
    write(engine, *(page(n, "án") for n in range(1, 21)))
    reader = engine.reader()
    seen = [
        hit.page_id for at in range(0, 20, 6) for hit in reader.search(tree.Term("body", "an"), limit=6, offset=at).hits
    ]
    assert sorted(seen) == list(range(1, 21))


@pytest.mark.parametrize(("sort", "expected"), [("newest", [2, 1]), ("oldest", [1, 2]), ("order", [2, 1])])
def test_sorts(engine: Engine, sort: str, expected: list[int]) -> None:
    write(engine, page(1, "án", day=20230101), page(2, "án", day=20240101))
    found = engine.reader().search(tree.Term("body", "an"), limit=5, sort=sort)  # type: ignore[arg-type]
    assert [hit.page_id for hit in found.hits] == expected


def test_facets_count_what_matches(engine: Engine) -> None:
    write(engine, page(1, "án", case=1), page(2, "án", case=1, folder="HS02", kind="k2"), page(3, "khác", case=2))
    facets = engine.reader().search(tree.Term("body", "an"), limit=1, facets=schema.FACETS).facets
    assert facets == {
        "case": {"1": 2},
        "folder": {"HS01": 1, "HS02": 1},
        "kind": {"k1": 1, "k2": 1},
        "year": {"2024": 2},
    }


def test_vocabulary(engine: Engine) -> None:
    write(engine, page(1, "án mạng"), page(2, "án"))
    assert dict(engine.reader().vocabulary("body")) == {"an": 2, "mang": 1}


def _random_tree(dice: random.Random, depth: int = 0) -> Node:
    word = lambda: dice.choice(list(body_terms(dice.choice(WORDS))["body"]))  # noqa: E731
    kinds = ["term", "phrase", "near", "number", "in", "access", "pair"] + (
        ["bool", "any", "boost"] * 2 if depth < 3 else []
    )
    kind = dice.choice(kinds)
    if kind == "term":
        return tree.Term("body", word())
    if kind == "phrase":
        return tree.Phrase("body", tuple(word() for _ in range(dice.randint(1, 3))))
    if kind == "near":
        return tree.Phrase("body", (word(), word()), dice.randint(1, 6))
    if kind == "number":
        low = dice.randint(1, 30) * 100
        return tree.Number("but_luc", low, low + 1500)
    if kind == "in":
        return tree.NumberIn("case", frozenset(dice.sample(range(1, 8), 3)))
    if kind == "access":
        return tree.OneOf("access", frozenset(f"c{n}" for n in dice.sample(range(1, 8), 2)))
    if kind == "pair":
        return tree.Term("pairs", f"{word()}_{word()}")
    if kind == "boost":
        return tree.Boost(_random_tree(dice, depth + 1), 2.0)
    parts = tuple(_random_tree(dice, depth + 1) for _ in range(dice.randint(1, 3)))
    if kind == "any":
        return tree.Any(parts)
    return tree.Bool(
        parts, (_random_tree(dice, depth + 1),), tuple(_random_tree(dice, depth + 1) for _ in range(dice.randint(0, 1)))
    )


def test_both_engines_find_the_same_pages(tmp_path: Path) -> None:
    dice = random.Random(20260922)
    pages = [page(n, " ".join(dice.choice(WORDS) for _ in range(40)), case=dice.randint(1, 7)) for n in range(1, 61)]
    engines = [open_engine(name, tmp_path / name) for name in NAMES]
    for engine in engines:
        write(engine, *pages[:40])
        write(engine, *pages[30:], remove=(3, 5))
    found_something = 0
    for _ in range(300):
        query = _random_tree(dice)
        answers = [ids(engine, query) for engine in engines]
        assert answers[0] == answers[1], query
        counts = [engine.reader().search(query, limit=0, facets=schema.FACETS).facets for engine in engines]
        assert counts[0] == counts[1], query
        found_something += bool(answers[0])
    assert found_something > 100
    for engine in engines:
        engine.close()


def test_pages_that_come_one_by_one_leave_few_parts_and_each_page_once(engine: Engine, tmp_path: Path) -> None:
    writer = engine.writer()
    for page_id in [*range(1, 101), *range(1, 101, 3)]:  # a third of them is written anew
        writer.put([page(page_id, f"an {page_id}")])
        writer.commit()
    writer.remove(range(1, 101, 10))
    writer.commit()
    writer.close()
    left = [one for one in range(1, 101) if one % 10 != 1]
    assert sorted(ids(engine, tree.Term("body", "an"))) == left and engine.reader().page_count == len(left)
    if engine.name == "whoosh":
        sizes = 3  # powers of WIDTH up to the hundred pages and more that were written
        assert len(list((tmp_path / "index").glob("*.seg"))) <= sizes * (WIDTH - 1) + 1


def test_nothing_uses_what_loses_or_leaks_pages_in_whoosh() -> None:
    """Measured: ``filter=`` is ignored under a time limit, refreshed searchers keep merged-away segments, the buffered
    writer loses its buffer. None of Whoosh's searchers or buffered writers may come in."""
    for source in Path(next(iter(search.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            names = {getattr(node, "attr", None), getattr(node, "id", None)}
            assert not names & {"BufferedWriter", "TimeLimitCollector", "refresh", "AsyncWriter"}, (source.name, node)
            if isinstance(node, ast.Call):
                assert not any(keyword.arg == "filter" for keyword in node.keywords), (source.name, node.lineno)
                called = getattr(node.func, "attr", "")
                assert not (source.name.startswith("whoosh") and called in {"searcher", "search_page"}), (
                    source.name,
                    called,
                )
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.module != "whoosh.searching", source.name
