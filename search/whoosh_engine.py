"""Whoosh behind the port: the embedded engine for archives of a few thousand pages.

Whoosh keeps the files and the lock, and joins what ``whoosh_merging`` tells it to; matching and scoring run over its
postings in numpy (``whoosh_reader``), because its own searcher needs seconds on large result sets. Its ``Searcher``
(with ``filter=``, ``refresh`` and time limits) and ``BufferedWriter`` are not used at all: measured, they leak or lose
pages.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from search import schema
from search.engine import EngineName
from search.schema import IndexPage
from search.tokens import pairs_of
from search.whoosh_merging import join_equals
from search.whoosh_reader import Memory, WhooshReader
from search.whoosh_schema import KEY, PageCodec, index, make_schema


class WhooshEngine:
    """An index in one folder. Its files are pickles: never open one that came from somewhere else."""

    name: EngineName = "whoosh"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = str(folder)
        self._index: Any = index.open_dir(path) if index.exists_in(path) else index.create_in(path, make_schema())
        self._memory = Memory()
        self._reader: WhooshReader | None = None
        self._generation = -1

    def reader(self) -> WhooshReader:
        generation = self._index.latest_generation()
        if self._reader is None or generation != self._generation:
            # A fresh reader each time: a refreshed one may keep segments that were merged away.
            self._reader, self._generation = WhooshReader(self._index.reader(), self._memory), generation
        return self._reader

    def writer(self) -> "WhooshWriter":
        return WhooshWriter(self._index)

    def close(self) -> None:
        self._reader = None
        self._index.close()


class WhooshWriter:
    """Collects pages and writes them in one go at ``commit``, so that a page given twice is indexed once."""

    def __init__(self, whoosh_index: Any) -> None:
        self._index = whoosh_index
        self._pages: dict[int, IndexPage | None] = {}

    def put(self, pages: Iterable[IndexPage]) -> None:
        for page in pages:
            self._pages[page.page_id] = page

    def remove(self, page_ids: Iterable[int]) -> None:
        for page_id in page_ids:
            self._pages[page_id] = None

    def commit(self) -> None:
        if not self._pages:
            return
        writer = self._index.writer(limitmb=128, codec=PageCodec())
        try:
            with writer.reader() as old:
                self._delete(writer, old)
            for page in self._pages.values():
                if page is not None:
                    terms = {name: words for name, words in page.terms.items() if words}
                    terms[schema.PAIRS] = pairs_of(page.terms[schema.BODY])
                    writer.add_document(**{KEY: str(page.page_id)}, **terms, **page.numbers)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=join_equals)
        self._pages = {}

    def _delete(self, writer: Any, old: Any) -> None:
        for page_id in self._pages:
            if (KEY, str(page_id)) in old:
                for document in list(old.postings(KEY, str(page_id)).all_ids()):
                    writer.delete_document(document)

    def close(self) -> None:
        self._pages = {}
