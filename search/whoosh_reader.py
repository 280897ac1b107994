"""Answering a query over Whoosh's postings: sets of pages and BM25 scores as numpy arrays.

Pages are numbered 0… over all segments of a reader, as Whoosh does. Postings once read are kept (in ``Memory``) by
segment, so that a commit, which adds a small segment, costs only that segment.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from search import schema, tree
from search.engine import Found, Hit, Sort
from search.tree import Node
from search.whoosh_schema import reading

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_K1: Final = 1.2
_B: Final = 0.75
_SPAN: Final = 1 << 17  # room for the positions of one page, with a gap no phrase can bridge
_MEMORY_BYTES: Final = 96_000_000
_NOTHING: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Postings:
    """Pages of a term in one segment, how often it stands on each, and where (page * span + position)."""

    pages: Ints
    counts: Floats
    spots: Ints

    @property
    def size(self) -> int:
        return int(self.pages.nbytes + self.counts.nbytes + self.spots.nbytes) + 200


class Memory:
    """Postings and columns of segments, least recently used first out. Shared by the readers of one engine."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._bytes = 0

    def get(self, key: tuple[Any, ...]) -> Any:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        return None

    def keep(self, key: tuple[Any, ...], value: Any, size: int) -> None:
        self._kept[key] = value
        self._bytes += size
        while self._bytes > _MEMORY_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.size if isinstance(dropped, Postings) else int(dropped.nbytes)


@dataclass(frozen=True, slots=True)
class _Leaf:
    reader: Any
    base: int
    key: tuple[Any, ...]


class WhooshReader:
    """One committed state."""

    is_shareable = False  # its threads would share file positions

    def __init__(self, reader: Any, memory: Memory) -> None:
        self._memory = memory
        self._size = int(reader.doc_count_all())
        self.page_count = int(reader.doc_count())
        self._leaves = [
            _Leaf(leaf, base, (leaf.segment().segment_id(), leaf.segment().deleted_count()))
            for leaf, base in reader.leaf_readers()
            if not isinstance(leaf, reading.EmptyReader)
        ]
        self._columns: dict[str, Ints] = {}
        self._vocabulary: dict[str, dict[str, int]] = {}
        self._alive: Ints | None = None
        self._norm: Floats | None = None

    # -- answering

    def search(self, query: Node, *, limit: int, offset: int = 0, sort: Sort = "relevance",
               facets: Sequence[str] = (), count: bool = True) -> Found:
        pages, scores = self._evaluate(query)
        ids = self._column("page")[pages]
        if sort == "relevance":
            order = np.lexsort((ids, -scores))
        else:
            keys = self._column("order" if sort == "order" else "date")[pages]
            order = np.lexsort((ids, -keys if sort == "newest" else keys))
        chosen = order[offset : offset + limit]
        hits = [Hit(int(ids[at]), float(scores[at])) for at in chosen]
        return Found(len(pages), hits, {name: self._count(name, pages) for name in facets})

    def page_ids(self, query: Node) -> list[int]:
        pages, _ = self._evaluate(query)
        return sorted(int(p) for p in self._column("page")[pages])

    def vocabulary(self, field: str) -> Mapping[str, int]:
        if field not in self._vocabulary:
            counted: dict[str, int] = {}
            for leaf in self._leaves:
                for text, info in leaf.reader.iter_field(field):
                    word = text.decode()
                    counted[word] = counted.get(word, 0) + int(info.doc_frequency())
            self._vocabulary[field] = counted
        return self._vocabulary[field]

    def _count(self, field: str, pages: Ints) -> dict[str, int]:
        if field in schema.NUMBER_FIELDS:
            values, counts = np.unique(self._column(field)[pages], return_counts=True)
            return {str(v): int(c) for v, c in zip(values, counts, strict=True) if v}
        mask = np.zeros(self._size, dtype=bool)
        mask[pages] = True
        counted = {word: int(mask[self._pages_of(field, word)].sum()) for word in self.vocabulary(field)}
        return {word: count for word, count in counted.items() if count}

    # -- evaluating: every method gives ascending pages and their scores

    def _evaluate(self, node: Node) -> tuple[Ints, Floats]:
        match node:
            case tree.Term(field, text):
                return self._term(field, text)
            case tree.Phrase(field, words, slop):
                return self._term(field, words[0]) if len(words) == 1 else self._phrase(field, words, slop)
            case tree.OneOf(field, values):
                return _flat(self._one_of(field, values), 0.0)
            case tree.NumberIn(field, numbers):
                wanted = np.fromiter(numbers, dtype=np.int64, count=len(numbers))
                return _flat(self._where(np.isin(self._column(field), wanted)), 0.0)
            case tree.Number(field, low, high):
                column = self._column(field)
                return _flat(self._where((column >= low) & (column <= high)), 0.0)
            case tree.Boost(inner, factor):
                pages, scores = self._evaluate(inner)
                return pages, scores * factor
            case tree.Flat(inner, score):
                return _flat(self._evaluate(inner)[0], score)
            case tree.Any(nodes):
                return self._any([self._evaluate(n) for n in nodes])
            case tree.Bool(must, should, without):
                return self._bool(must, should, without)

    def _bool(self, must: Sequence[Node], should: Sequence[Node], without: Sequence[Node]) -> tuple[Ints, Floats]:
        parts = sorted((self._evaluate(n) for n in must), key=lambda part: len(part[0]))
        pages, scores = parts[0] if parts else _flat(self._all(), 0.0)
        for other, other_scores in parts[1:]:
            inside, at = _locate(pages, other)
            pages, scores = pages[inside], scores[inside] + other_scores[at[inside]]
        for node in without:
            if len(pages):
                inside, _ = _locate(pages, self._evaluate(node)[0])
                pages, scores = pages[~inside], scores[~inside]
        for node in should:
            if len(pages):
                other, other_scores = self._evaluate(node)
                inside, at = _locate(pages, other)
                scores = scores.copy()
                scores[inside] += other_scores[at[inside]]
        return pages, scores

    def _any(self, parts: list[tuple[Ints, Floats]]) -> tuple[Ints, Floats]:
        if len(parts) == 1:
            return parts[0]
        total = np.zeros(self._size)
        seen = np.zeros(self._size, dtype=bool)
        for pages, scores in parts:
            total[pages] += scores
            seen[pages] = True
        pages = np.flatnonzero(seen)
        return pages, total[pages]

    def _term(self, field: str, text: str) -> tuple[Ints, Floats]:
        if field == schema.ANYWHERE:
            return self._any([self._term(schema.BODY, text), self._term(schema.HEAD, text)])
        read = [(leaf.base, self._postings(leaf, field, text)) for leaf in self._leaves]
        parts = [(base, found) for base, found in read if found is not None]
        if not parts:
            return _NOTHING, np.empty(0)
        pages = np.concatenate([found.pages + base for base, found in parts])
        counts = np.concatenate([found.counts for _, found in parts])
        idf = self._idf(len(pages))
        return pages, self._bm25(idf, pages, counts) if field in schema.POSITION_FIELDS else np.full(len(pages), idf)

    def _phrase(self, field: str, words: tuple[str, ...], slop: int) -> tuple[Ints, Floats]:
        found = []
        for leaf in self._leaves:
            postings = [self._postings(leaf, field, word) for word in words]
            spots = _chain([p.spots for p in postings if p is not None], slop) if None not in postings else _NOTHING
            if len(spots):
                found.append(spots // _SPAN + leaf.base)
        if not found:
            return _NOTHING, np.empty(0)
        pages, counts = np.unique(np.concatenate(found), return_counts=True)
        idf = sum(self._idf(len(self._term(field, word)[0])) for word in words)
        return pages, self._bm25(idf, pages, counts.astype(np.float64))

    def _idf(self, holding: int) -> float:
        return float(np.log(1 + (self.page_count - holding + 0.5) / (holding + 0.5)))

    def _bm25(self, idf: float, pages: Ints, counts: Floats) -> Floats:
        return idf * counts * (_K1 + 1) / (counts + self._norms()[pages])

    def _one_of(self, field: str, values: frozenset[str]) -> Ints:
        mask = np.zeros(self._size, dtype=bool)
        for word in self.vocabulary(field).keys() & values:
            mask[self._pages_of(field, word)] = True
        return np.flatnonzero(mask)

    # -- reading Whoosh

    def _postings(self, leaf: _Leaf, field: str, text: str) -> Postings | None:
        key = (*leaf.key, field, text)
        known: Postings | None = self._memory.get(key)
        if known is not None:
            return known
        if (field, text) not in leaf.reader:
            return None
        read = _read_in_place if field in schema.POSITION_FIELDS else _read_plain
        known = read(leaf.reader.postings(field, text))
        self._memory.keep(key, known, known.size)
        return known

    def _pages_of(self, field: str, text: str) -> Ints:
        return self._term(field, text)[0]

    def _all(self) -> Ints:
        if self._alive is None:
            alive = [np.fromiter(leaf.reader.all_doc_ids(), dtype=np.int64) + leaf.base for leaf in self._leaves]
            self._alive = np.concatenate(alive) if alive else _NOTHING
        return self._alive

    def _where(self, condition: NDArray[np.bool_]) -> Ints:
        alive = self._all()
        return alive[condition[alive]]

    def _column(self, name: str) -> Ints:
        if name not in self._columns:
            parts = [self._leaf_column(leaf, name) for leaf in self._leaves]
            self._columns[name] = np.concatenate(parts) if parts else _NOTHING
        return self._columns[name]

    def _leaf_column(self, leaf: _Leaf, name: str) -> Ints:
        key = (leaf.key[0], "column", name)
        known: Ints | None = self._memory.get(key)
        if known is None:
            size = leaf.reader.doc_count_all()
            if leaf.reader.has_column(name):
                column = leaf.reader.column_reader(name)
                known = np.fromiter((column[at] for at in range(size)), dtype=np.int64, count=size)
            else:
                known = np.zeros(size, dtype=np.int64)
            self._memory.keep(key, known, known.nbytes)
        return known

    def _norms(self) -> Floats:
        if self._norm is None:
            lengths = self._column("length").astype(np.float64)
            average = float(lengths.mean()) if len(lengths) else 1.0
            self._norm = _K1 * (1 - _B + _B * lengths / max(average, 1.0))
        return self._norm


def _flat(pages: Ints, score: float) -> tuple[Ints, Floats]:
    return pages, np.full(len(pages), score)


def _locate(pages: Ints, other: Ints) -> tuple[NDArray[np.bool_], Ints]:
    """Which of ``pages`` stand in ``other``, and where."""
    if not len(other):
        return np.zeros(len(pages), dtype=bool), np.zeros(len(pages), dtype=np.int64)
    at = np.searchsorted(other, pages)
    at[at == len(other)] = 0
    return other[at] == pages, at


def _chain(spots: list[Ints], slop: int) -> Ints:
    """Spots of the first word where every next word follows: right after it, or within ``slop`` words for a pair."""
    standing = spots[0]
    for distance, following in enumerate(spots[1:], 1):
        near = np.zeros(len(standing), dtype=bool)
        for step in range(distance, distance + slop + 1):
            near |= _locate(standing + step, following)[0]
        standing = standing[near]
    return standing


def _read_plain(matcher: Any) -> Postings:
    pages = np.fromiter(matcher.all_ids(), dtype=np.int64)
    return Postings(pages, np.ones(len(pages)), _NOTHING)


def _read_in_place(matcher: Any) -> Postings:
    ids: list[int] = []
    values: list[bytes] = []
    while matcher.is_active():
        ids.append(matcher.id())
        values.append(matcher.value())
        matcher.next()
    pages = np.array(ids, dtype=np.int64)
    counts = np.fromiter((len(value) // 2 for value in values), dtype=np.int64, count=len(values))
    places = np.frombuffer(b"".join(values), dtype="<u2").astype(np.int64)
    return Postings(pages, counts.astype(np.float64), np.repeat(pages, counts) * _SPAN + places)

