"""In which order the pages found for words are given, above what a score alone says.

First the pages where the words stand side by side as typed; when there is none, a few where nearly all of them do,
each as typed or as a word like it; then all others. Within each the engine's score decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search import tree
from search.beside import beside
from search.compile import Compiled
from search.engine import Found, Hit, IndexReader
from search.tree import Node

_MOST_NEARLY: Final = 5
_MOST_LOOKED_AT: Final = 20  # for them: those that score most may hold all the words


@dataclass(frozen=True, slots=True)
class Ranking:
    """One compiled query under its conditions, asked for parts of its result."""

    reader: IndexReader
    compiled: Compiled
    must: tuple[Node, ...]
    without: tuple[Node, ...]

    def part(self, limit: int, offset: int, facets: tuple[str, ...]) -> Found:
        """So many pages from this place on, with the total and the facets of all.

        They are counted while those that come first are looked for: either takes about as long.
        """
        query = self._under(self.compiled.node)
        if self.compiled.first is None:
            return self.reader.search(query, limit=limit, offset=offset, facets=facets)
        counted = beside(self.reader, lambda: self.reader.search(query, limit=0, facets=facets))
        first = self._first(self.compiled.first, limit, offset)
        if not first.total:
            return self._scattered(query, counted(), limit, offset)
        hits = list(first.hits)
        if len(hits) < limit:
            others = self._under(self.compiled.node, self._those(self.compiled.first, first, limit))
            left, further = limit - len(hits), max(0, offset - first.total)
            hits += self.reader.search(others, limit=left, offset=further, count=False).hits
        return Found(counted().total, hits, counted().facets)

    def _first(self, node: tree.Bool, limit: int, offset: int) -> Found:
        """Pages that come first; how many there are matters only where they do not fill the part."""
        found = self.reader.search(self._under(node), limit=limit, offset=offset, count=False)
        if found.hits or not offset:
            return found
        return Found(self.reader.search(self._under(node), limit=0).total, [])

    def _those(self, node: tree.Bool, found: Found, limit: int) -> Node:
        """Pages that came first, to be left out: a few by their ids, which is quicker than looking for them again."""
        if found.total > limit:
            return tree.Bool(node.must)
        hits = found.hits if len(found.hits) == found.total else self.reader.search(self._under(node), limit=limit).hits
        return tree.NumberIn("page", frozenset(hit.page_id for hit in hits))

    def _under(self, node: Node | None, *without: Node) -> Node:
        words = () if node is None else (node,)
        return tree.Bool((*words, *self.must), (), (*self.without, *without))

    def _scattered(self, query: Node, counted: Found, limit: int, offset: int) -> Found:
        """No page has the words side by side as typed."""
        if not counted.total:
            return counted  # nothing at all: the second chance looks further
        found = self.reader.search(query, limit=limit, offset=offset, count=False).hits
        nearly = self._nearly(query, found, offset)
        if nearly and offset:  # those before all others move them down
            found = self.reader.search(query, limit=limit, offset=max(0, offset - len(nearly)), count=False).hits
        return Found(counted.total + len(nearly), [*nearly[offset:], *found][:limit], counted.facets)

    def _nearly(self, query: Node, found: Sequence[Hit], offset: int) -> list[Hit]:
        """Pages where most of the words stand together: one word misread must not hide the page meant behind pages
        that hold all the words somewhere. At most a few, best first, and only such as score above every page found as
        typed."""
        if self.compiled.nearly is None:
            return []
        best = found if found and not offset else self.reader.search(query, limit=1, count=False).hits
        others = self.reader.search(self._under(self.compiled.nearly()), limit=_MOST_LOOKED_AT, count=False)
        better = {hit.page_id: hit for hit in others.hits if hit.score > best[0].score}
        if better:
            those = tree.Bool((query, tree.NumberIn("page", frozenset(better))))
            for hit in self.reader.search(those, limit=len(better)).hits:
                del better[hit.page_id]
        return list(better.values())[:_MOST_NEARLY]
