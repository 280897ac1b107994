"""Searching, as the screens, the API and the command line do it: rights are part of the query itself."""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rapidfuzz.distance import Levenshtein
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import document_types, folders
from config.settings import Settings
from search import schema, tree
from search.compile import Compiled, Compiler, Options, scope_node
from search.engine import IndexReader, Sort
from search.filters import Names, cases_node, person_node
from search.library import Words, library
from search.pages import may_be_indexed
from search.query import Filter, Parsed, Quoted, Word, parse
from search.query import Words as FreeWords
from search.ranking import Ranking
from search.results import FacetValue, Hit, SearchAnswer, case_labels, describe
from search.tokens import tokens
from search.tree import Node
from storage.access import CaseScope, visible_cases
from storage.models.cases import Case, EvidenceFolder
from storage.models.documents import Document, DocumentPage
from storage.models.records import OutboxEntry
from storage.models.scans import Batch, Page, Scan
from storage.vietnamese import fold

_MOST_PENDING: Final = 5_000
_FACET_VALUES: Final = 30
_MOST_HITS: Final = 100_000  # of a list without a limit
_MOST_SUGGESTIONS: Final = 3
_MOST_STRANGE: Final = 3  # words found nowhere; with more of them there is nothing to go by
_MOST_LIKE: Final = 6
_MOST_TRIED: Final = 24  # spellings tried: each is a query

__all__ = ["Hit", "OpenSearch", "SearchAnswer", "SearchRequest", "open_search", "search"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search. ``case`` is any number of it, or its id; ``folder`` and ``type`` are codes; ``limit`` None = all pages.

    ``exact`` binds the marks of every word (for names); ``tolerant`` opens every word to errors from the start.
    """

    query: str
    case: str | int | None = None
    folder: str | None = None
    type: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    year: int | None = None
    person: str | None = None
    document_id: int | None = None
    scan_id: int | None = None
    limit: int | None = 20
    offset: int = 0
    sort: Sort = "relevance"
    exact: bool = False
    tolerant: bool = False
    facets: bool = True
    snippets: bool = True


def search(session: Session, settings: Settings, scope: CaseScope, request: SearchRequest) -> SearchAnswer:
    """Find pages. Never fails on any text; an empty query with no filter finds nothing.

    When nothing is found as typed, the words are tried once more, open to errors of typing and of reading.
    """
    started = time.perf_counter()
    shelf = library(settings.index_folder)
    with shelf.reader() as reader:
        if reader is None:
            return SearchAnswer(0, _ms(started), [])
        words = shelf.words(reader)
        one = _Search(session, scope, request, OpenSearch(reader, words, *rights(session, scope)))
        answer = one.run()
    return replace(answer, took_ms=_ms(started))


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000


@contextmanager
def open_search(session: Session, settings: Settings, scope: CaseScope) -> Iterator["OpenSearch | None"]:
    """The index opened for one person, with his rights as a condition ready made; None while there is no index."""
    shelf = library(settings.index_folder)
    with shelf.reader() as reader:
        yield None if reader is None else OpenSearch(reader, shelf.words(reader), *rights(session, scope))


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """A reader and what must and must not hold of every page this person finds."""

    reader: IndexReader
    words: Words
    must: list[Node]
    without: list[Node]

    def count(self, *nodes: Node) -> int:
        """How many pages this person finds by all of these."""
        return self.reader.search(tree.Bool((*nodes, *self.must), (), tuple(self.without)), limit=0).total

    def with_marks(self, folded: str, typed: str = "") -> str:
        """The spelling of a folded word most like what was typed, then most met, among those that stand on pages this
        person may see."""
        met = [word for word in self.words.spellings(folded) if self.count(tree.Term(schema.MARKED, word))]
        if typed == fold(typed):
            return met[0] if met else folded
        return min(met, key=lambda word: Levenshtein.distance(word, typed), default=folded)


def rights(session: Session, scope: CaseScope) -> tuple[list[Node], list[Node]]:
    """What must and must not hold of every page a person finds."""
    allowed = scope_node(scope)
    gone = _no_longer_allowed(session, scope)
    return [allowed] if allowed is not None else [], [tree.NumberIn("page", gone)] if gone else []


class _Search:
    def __init__(self, session: Session, scope: CaseScope, request: SearchRequest, opened: OpenSearch) -> None:
        self.session = session
        self.scope = scope
        self.request = request
        self.opened = opened
        self.reader = opened.reader
        self.words = opened.words
        self.names = Names(session, scope)
        self.parsed = parse(request.query, self.names.resolves)

    def run(self) -> SearchAnswer:
        filters = self._filters()
        if filters is None or (not self.parsed.parts and not self._narrowed()):
            return SearchAnswer(0, 0.0, [])
        compiled = self._compile(self.parsed, tolerant=self.request.tolerant)
        answer = self._ask(compiled, filters)
        if answer.total or self.request.tolerant or self.request.exact or not self._may_be_loosened():
            return answer
        suggestions = self._suggestions(filters)
        if suggestions:  # the nearest spelling that is found, before anything wider
            second = self._ask(self._compile(self._respelt_query(suggestions[0]), tolerant=False), filters)
        else:
            second = self._ask(self._compile(self.parsed, tolerant=True), filters)
        return replace(second, tolerant=second.total > 0, suggestions=suggestions)

    def _respelt_query(self, text: str) -> Parsed:
        """The query with these words, under the filters it has."""
        return Parsed((FreeWords(text), *(part for part in self.parsed.parts if isinstance(part, Filter))))

    def _compile(self, parsed: Parsed, *, tolerant: bool) -> Compiled:
        options = Options(tolerant=tolerant, exact=self.request.exact)
        compiled = Compiler(self.words.like, self.words.beginning, options).compile(parsed)
        persons = [part.text for part in parsed.parts if isinstance(part, Filter) and part.name == "person"]
        for name in (*persons, self.request.person):
            if name and tokens(name):
                compiled.wanted.phrases.append(tuple(t.folded for t in tokens(name)))
        return compiled

    def _may_be_loosened(self) -> bool:
        """There are free words, and none is forbidden: what was quoted or left out was meant so."""
        parts = self.parsed.parts
        if any(isinstance(p, Word | Quoted) and p.negative for p in parts):
            return False
        return any(isinstance(p, FreeWords | Word) and tokens(p.text) for p in parts)

    # -- conditions

    def _narrowed(self) -> bool:
        r = self.request
        narrowing = (r.case, r.folder, r.type, r.date_from, r.date_to, r.year, r.person, r.document_id, r.scan_id)
        return any(value is not None for value in narrowing)

    def _filters(self) -> tuple[list[Node], list[Node]] | None:
        """Conditions that must and must not hold; None when a filter of the request itself names nothing."""
        asked = self._request_nodes()
        if asked is None:
            return None
        must, without = [*self.opened.must, *asked], list(self.opened.without)
        by_name: dict[str, list[Node]] = {}
        for part in self.parsed.parts:
            if isinstance(part, Filter):
                node = self.names.node(part.name, part.text)
                if node is not None and part.negative:
                    without.append(node)
                elif node is not None:
                    by_name.setdefault(part.name, []).append(node)
        for name, nodes in by_name.items():  # two folders mean either; two persons mean both
            alike = [tree.Any(tuple(nodes))] if name in {"case", "folder", "type", "scan", "document"} else nodes
            must += [tree.Flat(node, 0.0) for node in alike]
        return must, without

    def _request_nodes(self) -> list[Node] | None:
        r = self.request
        nodes: list[Node] = []
        if r.case is not None:
            ids = self._asked_cases(r.case)
            if not ids:
                return None
            nodes.append(cases_node(ids))
        if r.folder is not None:
            nodes.append(tree.OneOf(schema.FOLDER, frozenset({r.folder})))
        if r.type is not None:
            nodes.append(tree.OneOf(schema.KIND, frozenset({r.type})))
        if r.date_from is not None or r.date_to is not None:
            first = int(r.date_from.strftime("%Y%m%d")) if r.date_from else 1
            nodes.append(tree.Number("date", first, int(r.date_to.strftime("%Y%m%d")) if r.date_to else 99_991_231))
        if r.year is not None:
            nodes.append(tree.Number("year", r.year, r.year))
        if r.person and tokens(r.person):
            nodes.append(tree.Flat(person_node(r.person), 0.0))
        if r.document_id is not None:
            nodes.append(tree.NumberIn("document", frozenset({r.document_id})))
        if r.scan_id is not None:
            nodes.append(tree.NumberIn("scan", frozenset({r.scan_id})))
        return nodes

    def _asked_cases(self, case: str | int) -> list[int]:
        if isinstance(case, int):
            return [case]
        found = self.names.cases(case)
        return found or ([int(case)] if case.isdecimal() and len(case) < 16 else [])

    # -- asking

    def _ask(self, compiled: Compiled, filters: tuple[list[Node], list[Node]]) -> SearchAnswer:
        r = self.request
        limit = _MOST_HITS if r.limit is None else r.limit
        sort: Sort = "order" if compiled.node is None and r.sort == "relevance" else r.sort
        facets = schema.FACETS if r.facets else ()
        must, without = (tuple(nodes) for nodes in filters)
        if sort == "relevance":
            found = Ranking(self.reader, compiled, must, without).part(limit, r.offset, facets)
        else:
            words = () if compiled.node is None else (compiled.node,)
            query = tree.Bool((*words, *must), (), without)
            found = self.reader.search(query, limit=limit, offset=r.offset, sort=sort, facets=facets)
        hits = describe(self.session, self.scope, found.hits, compiled.wanted if r.snippets else None)
        total = found.total - (len(found.hits) - len(hits))
        return SearchAnswer(total, 0.0, hits, _facets(self.session, self.scope, found.facets))

    # -- other spellings

    def _suggestions(self, filters: tuple[list[Node], list[Node]]) -> list[str]:
        """Queries with the words that are nowhere replaced by words like them, that do find something: such as stand
        beside the other words on some page first. Nowhere means on no page this person may see: a word of a case he has
        no part in must look to him like any other mistyping."""
        if not all(isinstance(part, FreeWords | Filter) for part in self.parsed.parts):
            return []
        text = " ".join(part.text for part in self.parsed.parts if isinstance(part, FreeWords))
        found = tokens(text)
        strange = [at for at, token in enumerate(found) if not self.opened.count(tree.Term(schema.BODY, token.folded))]
        if not strange or len(strange) > _MOST_STRANGE:
            return []
        choices = [[word for word, _ in self.words.like(found[at].folded)[:_MOST_LIKE]] for at in strange]
        ranked: list[tuple[int, int, str]] = []
        for chosen in itertools.islice(itertools.product(*choices), _MOST_TRIED):
            folded = [token.folded for token in found]
            for at, word in zip(strange, chosen, strict=True):
                folded[at] = word
            found_on, together = self._found_on(folded, strange, filters)
            if found_on:
                pieces = [text[token.start : token.end] for token in found]
                for at, word in zip(strange, chosen, strict=True):
                    pieces[at] = self.opened.with_marks(word, found[at].marked)
                ranked.append((-together, len(ranked), " ".join(pieces)))
        return [spelling for _, _, spelling in sorted(ranked)[:_MOST_SUGGESTIONS]]

    def _found_on(
        self, folded: list[str], strange: list[int], filters: tuple[list[Node], list[Node]]
    ) -> tuple[int, int]:
        """How many pages hold all the words, and how many of the replaced words stand beside a neighbour there."""
        words = [tree.Term(schema.BODY, word) for word in folded]
        total = self._count([*words], filters)
        together = 0
        for at in strange if total else ():
            pairs = [tree.Term(schema.PAIRS, "_".join(folded[start : start + 2])) for start in (at - 1, at)
                     if 0 <= start < len(folded) - 1]  # fmt: skip
            together += bool(pairs) and self._count([*words, tree.Any(tuple(pairs))], filters) > 0
        return total, together

    def _count(self, nodes: Sequence[Node], filters: tuple[list[Node], list[Node]]) -> int:
        return self.reader.search(tree.Bool((*nodes, *filters[0]), (), tuple(filters[1])), limit=0).total


def _no_longer_allowed(session: Session, scope: CaseScope) -> frozenset[int]:
    """Pages the writer has yet to look at again and that this person may no longer see: the index may still show what
    they were, so they are taken out of hits, counts and facets here."""
    waiting = select(OutboxEntry.page_id).order_by(OutboxEntry.id.desc()).limit(_MOST_PENDING)
    ids = frozenset(session.scalars(waiting))
    if not ids:
        return frozenset()
    query = (
        select(Page, Batch, Document.id, Document.case_id)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(DocumentPage, DocumentPage.page_id == Page.id)
        .outerjoin(Document, Document.id == DocumentPage.document_id)
        .where(Page.id.in_(waiting.subquery().select()))
    )
    allowed = {
        page.id
        for page, batch, document_id, case_id in session.execute(query)
        if may_be_indexed(page, batch)
        and scope.allows(case_id if document_id is not None else batch.case_id, batch.owner_id)
    }
    return ids - allowed


def _facets(
    session: Session, scope: CaseScope, counted: Mapping[str, Mapping[str, int]]
) -> dict[str, Sequence[FacetValue]]:
    made: dict[str, Sequence[FacetValue]] = {}
    for name, values in counted.items():
        most = sorted(values, key=lambda v: (-values[v], v))[:_FACET_VALUES]
        labels = _labels(session, scope, name, most if name == "case" else list(values))
        shown = [FacetValue(value, labels[value], count) for value, count in values.items() if value in labels]
        public = "type" if name == schema.KIND else name
        order = (lambda v: v.value) if name == "year" else (lambda v: (-v.count, v.label))
        made[public] = sorted(shown, key=order)[:_FACET_VALUES]
    return made


def _labels(session: Session, scope: CaseScope, name: str, values: list[str]) -> dict[str, str]:
    if name == "case":
        labels = case_labels(session, (int(v) for v in values if scope.allows(int(v), None)))
        return {str(case_id): label.full for case_id, label in labels.items()}
    if name == schema.KIND:
        return {value: document_types.name_of(value) for value in values}
    if name == schema.FOLDER:
        known = {code: one.name for code, one in folders.folders().items() if code in values}
        added = EvidenceFolder.code.in_(set(values) - set(known))
        own = select(EvidenceFolder.code, EvidenceFolder.name).join(Case).where(added, visible_cases(scope))
        return {**{row.code: row.name for row in session.execute(own)}, **known}
    return {value: value for value in values}
