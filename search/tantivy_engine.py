"""Tantivy behind the port: the engine for large archives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any as Anything
from typing import Final

import tantivy

from search import schema, tree
from search.engine import EngineName, Found, Hit, Sort
from search.schema import IndexPage
from search.tokens import pairs_of
from search.tree import Node
from storage.vietnamese import fold

_WORDS: Final = "words"
_HEAP: Final = 64_000_000
_MOST_RIGHTS: Final = 50
_MOST_HOLDING: Final = 20_000
_WISHES: Final = (schema.MARKED, schema.HEAD, schema.FLAGS)
_MANY: Final = 20_000  # pages, and more than this share of all:
_SHARE: Final = 0.5
_SHARE_BESIDE: Final = 0.25  # words standing side by side as typed say by themselves which marks they have
_ALL: Final = "all"
#: how a sort reads: field and direction
_SORTS: Final = {"newest": ("date", "desc"), "oldest": ("date", "asc"), "order": ("order", "asc")}


def _schema() -> Anything:
    builder = tantivy.SchemaBuilder()
    for name in (*schema.POSITION_FIELDS, schema.PAIRS):  # pairs with positions: see _Builder
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="position")
    for name in (schema.ANYWHERE, *schema.TERM_FIELDS):
        counted = name in schema.FACETS
        builder.add_text_field(name, tokenizer_name="raw" if counted else _WORDS, index_option="freq", fast=counted)
    for number in schema.NUMBER_FIELDS:
        builder.add_unsigned_field(number, indexed=True, fast=True)
    return builder.build()


def _open(folder: Path) -> Anything:
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), str(folder), reuse=True)
    index.register_tokenizer(_WORDS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


class TantivyEngine:
    """An index in one folder; safe for one writing process beside any number of reading ones."""

    name: EngineName = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = _open(folder)
        self._index.config_reader("manual")
        self._reader: TantivyReader | None = None
        self._seen: tuple[int, int] | None = None

    def reader(self) -> "TantivyReader":
        stat = (self.folder / "meta.json").stat()
        seen = (stat.st_mtime_ns, stat.st_ino)
        if self._reader is None or seen != self._seen:
            self._index.reload()
            self._reader, self._seen = TantivyReader(self._index), seen
        return self._reader

    def writer(self) -> "TantivyWriter":
        return TantivyWriter(self._index)

    def close(self) -> None:
        self._reader = None


class TantivyWriter:
    """One thread: feeding from Python is slower than Tantivy anyway, and the other core reads pages."""

    def __init__(self, index: Anything) -> None:
        self._schema = index.schema
        self._writer = index.writer(heap_size=_HEAP, num_threads=1)

    def put(self, pages: Iterable[IndexPage]) -> None:
        pages = list(pages)
        self.remove(page.page_id for page in pages)
        for page in pages:
            document = tantivy.Document()
            for name, terms in page.terms.items():
                if name in schema.FACETS:
                    for term in terms:
                        document.add_text(name, term)
                else:
                    document.add_text(name, " ".join(terms))
            document.add_text(schema.PAIRS, " ".join(pairs_of(page.terms[schema.BODY])))
            document.add_text(schema.ANYWHERE, " ".join(page.terms[schema.BODY] + page.terms[schema.HEAD]))
            for name, number in page.numbers.items():
                document.add_unsigned(name, number)
            self._writer.add_document(document)

    def remove(self, page_ids: Iterable[int]) -> None:
        ids = list(page_ids)
        if ids:  # by query: a term made from a Python number is signed, and our ids are not
            self._writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "page", ids))

    def commit(self) -> None:
        self._writer.commit()

    def close(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()


class TantivyReader:
    """One committed state."""

    is_shareable = True

    def __init__(self, index: Anything) -> None:
        self._searcher = index.searcher()
        self._builder = _Builder(index.schema, self.vocabulary, self._tells_nothing, self._finds_nothing)
        self._vocabulary: dict[str, Mapping[str, int]] = {}
        self._holding: dict[tree.Term, int] = {}

    @property
    def page_count(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, query: Node, *, limit: int, offset: int = 0, sort: Sort = "relevance",
               facets: Sequence[str] = (), count: bool = True) -> Found:
        if not limit:
            return self._counted(query, facets)
        order: dict[str, Anything] = {}
        if sort != "relevance":
            name, direction = _SORTS[sort]
            order = {"order_by_field": name, "order": tantivy.Order.Asc if direction == "asc" else tantivy.Order.Desc}
        built = self._builder.build(query if sort == "relevance" else _unscored(query))
        result = self._searcher.search(built, limit=limit, offset=offset, count=count, **order)
        ids = self._searcher.fast_field_values("page", [address for _, address in result.hits])
        hits = [Hit(int(page), float(score or 0)) for page, (score, _) in zip(ids, result.hits, strict=True)]
        if sort == "relevance":
            hits.sort(key=lambda hit: (-hit.score, hit.page_id))
        total = int(result.count) if count else offset + len(hits)
        return Found(total, hits, self._counted(query, facets).facets if facets else {})

    def _tells_nothing(self, node: Node, share: float) -> bool:
        """Whether a wish is met by no page, or one for a mark or a word of the title by more than this share of all, so
        that it orders none of them: its weight is next to nothing then, and weighing it would take most of the time."""
        inner = node.node if isinstance(node, tree.Boost) else node
        if not isinstance(inner, tree.Term):
            return False
        holding = self._held_by(inner)
        return not holding or (inner.field in _WISHES and holding > max(_MANY, self.page_count * share))

    def _held_by(self, term: tree.Term) -> int:
        """How many pages hold the term, once looked up."""
        holding = self._holding.get(term)
        if holding is None:
            if len(self._holding) >= _MOST_HOLDING:
                self._holding.clear()
            holding = self._holding[term] = int(self._searcher.doc_freq(term.field, term.text))
        return holding

    def _finds_nothing(self, node: Node) -> bool:
        """Whether a word that must be there is on no page; mostly so of words that would all stand in a title."""
        if isinstance(node, tree.Term):
            return not self._held_by(node)
        return isinstance(node, tree.Bool) and any(self._finds_nothing(one) for one in node.must)

    def _counted(self, query: Node, facets: Sequence[str]) -> Found:
        """How many pages and of which values. An aggregation scores nothing: less than half the time of a search."""
        asked: dict[str, Anything] = {name: {"terms": {"field": name, "size": 200}} for name in facets}
        built = self._builder.build(_unscored(query))
        counted = self._searcher.aggregate(built, {_ALL: {"filter": "*"}, **asked})
        values = {
            name: {_value(b["key"]): int(b["doc_count"]) for b in counted[name]["buckets"] if _value(b["key"])}
            for name in facets
        }
        return Found(int(counted[_ALL]["doc_count"]), [], values)

    def vocabulary(self, field: str) -> Mapping[str, int]:
        if field not in self._vocabulary:
            terms = self._searcher.terms_with_prefix(field, "", None, None)
            self._vocabulary[field] = {term: int(count) for term, count in terms if term != schema.GAP}
        return self._vocabulary[field]

    def page_ids(self, query: Node) -> list[int]:
        built = self._builder.build(query)
        if not self.page_count:
            return []
        plain = tantivy.Query.const_score_query(built, 1.0)
        found = self._searcher.search(plain, limit=self.page_count, count=False).hits
        return sorted(int(p) for p in self._searcher.fast_field_values("page", [address for _, address in found]))


def _value(key: Anything) -> str:
    """A bucket's key as text; empty for "none"."""
    text = str(int(key)) if isinstance(key, int | float) else str(key)
    return "" if text == "0" else text


class _Builder:
    """Turns our tree into Tantivy's queries."""

    def __init__(
        self, index_schema: Anything, vocabulary: Callable[[str], Mapping[str, int]],
        tells_nothing: Callable[[Node, float], bool], finds_nothing: Callable[[Node], bool],
    ) -> None:
        self._schema = index_schema
        self._vocabulary = vocabulary
        self._tells_nothing = tells_nothing
        self._finds_nothing = finds_nothing
        self._rights: dict[frozenset[str], Anything] = {}

    def build(self, node: Node) -> Anything:
        query = tantivy.Query
        match node:
            case tree.Term(field, text):
                return query.term_query(self._schema, field, text, "freq")
            case tree.Phrase(field, words, slop):
                return self._phrase(field, words, slop)
            case tree.OneOf(field, values) | tree.NumberIn(field, values):
                return self._set(field, values)
            case tree.Number(field, low, high):
                ranged = query.range_query(self._schema, field, tantivy.FieldType.Unsigned, low, high)
                return query.const_score_query(ranged, 0.0)
            case tree.Boost(inner, factor):
                return query.boost_query(self.build(inner), factor)
            case tree.Flat(inner, score):
                return query.const_score_query(self.build(inner), score)
            case tree.Any(nodes):
                return query.boolean_query([(tantivy.Occur.Should, self.build(n)) for n in nodes])
            case tree.Bool():
                return self._bool(node)

    def _set(self, field: str, values: frozenset[Anything]) -> Anything:
        """One of many values. A person's rights may be thousands and are asked for every time: only those that some
        page has are looked up and kept."""
        if field != schema.ACCESS:
            return self._one_of(field, values)
        known = frozenset(value for value in self._vocabulary(field) if value in values)
        built = self._rights.get(known)
        if built is None:
            if len(self._rights) >= _MOST_RIGHTS:
                self._rights.clear()
            built = self._rights[known] = self._one_of(field, known)
        return built

    def _one_of(self, field: str, values: frozenset[Anything]) -> Anything:
        if len(values) == 1 and field not in schema.NUMBER_FIELDS:
            terms = tantivy.Query.term_query(self._schema, field, *values, "basic")
        else:
            terms = tantivy.Query.term_set_query(self._schema, field, sorted(values))
        return tantivy.Query.const_score_query(terms, 0.0)

    def _phrase(self, field: str, words: tuple[str, ...], slop: int) -> Anything:
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, field, words[0], "freq")
        if not slop and field == schema.BODY:
            return self._phrase_of_pairs(words)
        if not slop:
            return self._marked_phrase(words)
        # Tantivy's own slop also counts turned-round words; distances one by one mean what the tree means.
        steps = [[(0, words[0]), (step, words[1])] for step in range(1, slop + 2)]
        phrases = [tantivy.Query.phrase_query(self._schema, field, places) for places in steps]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, phrase) for phrase in phrases])

    def _phrase_of_pairs(self, words: tuple[str, ...]) -> Anything:
        """A phrase by pairs of its words, which stand on fewer pages than words do: every other pair, and the last.
        A pair has the place of its first word, gaps included, so what is found stands together as the words do."""
        pairs = pairs_of(words)
        if len(pairs) == 1:
            return tantivy.Query.term_query(self._schema, schema.PAIRS, pairs[0], "freq")
        places = sorted({*range(0, len(pairs), 2), len(pairs) - 1})
        return tantivy.Query.phrase_query(self._schema, schema.PAIRS, [(at, pairs[at]) for at in places])

    def _marked_phrase(self, words: tuple[str, ...]) -> Anything:
        """A phrase with marks: its places are looked at only on pages that hold all its pairs without them."""
        phrase = tantivy.Query.phrase_query(self._schema, schema.MARKED, list(words))
        among = [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(
                tantivy.Query.term_query(self._schema, schema.PAIRS, pair, "basic"), 0.0))
            for pair in pairs_of(map(fold, words))
        ]  # fmt: skip
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, phrase), *among])

    def _bool(self, node: tree.Bool) -> Anything:
        flat = _flattened(node)
        paired = {word for n in flat.must if isinstance(n, tree.Term) and n.field == schema.PAIRS
                  for word in n.text.split("_")}  # fmt: skip
        share = _SHARE_BESIDE if paired else _SHARE
        parts = [(tantivy.Occur.Must, self.build(n)) for n in flat.must]
        if not parts:
            parts = [(tantivy.Occur.Must, tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0))]
        parts += [(tantivy.Occur.Should, self.build(n)) for n in flat.should
                  if not _in_pairs(n, paired) and not self._tells_nothing(n, share)]  # fmt: skip
        parts += [(tantivy.Occur.MustNot, self.build(n)) for n in flat.without if not self._finds_nothing(n)]
        return parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)


def _flattened(node: tree.Bool) -> tree.Bool:
    """The same with conditions of conditions beside the others: every layer costs time at every page."""
    must, should, without = list[Node](), list(node.should), list(node.without)
    for one in node.must:
        if isinstance(one, tree.Bool) and one.must:
            inner = _flattened(one)
            must += inner.must
            should += inner.should
            without += inner.without
        else:
            must.append(one)
    return tree.Bool(tuple(must), tuple(should), tuple(without))


def _unscored(node: Node) -> Node:
    """What finds the same pages, without what only orders them."""
    match node:
        case tree.Bool(must, _, without):
            return tree.Bool(tuple(map(_unscored, must)), (), tuple(map(_unscored, without)))
        case tree.Any(nodes):
            plain = tuple(map(_unscored, nodes))
            terms = [one for one in plain if isinstance(one, tree.Term)]
            if len(terms) == len(plain) and len({term.field for term in terms}) == 1:
                return tree.OneOf(terms[0].field, frozenset(term.text for term in terms))
            return tree.Any(plain)
        case tree.Boost(inner, _) | tree.Flat(inner, _):
            return _unscored(inner)
    return node


def _in_pairs(node: Node, paired: set[str]) -> bool:
    """Whether a wish is for a word of a pair that is required anyway: the pair scores it well enough."""
    return isinstance(node, tree.Term) and node.field == schema.BODY and node.text in paired
