"""The index as this process reads it: opened once, changed when another index is put in use, safe between threads."""

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from search import schema, tolerant
from search.engine import Engine, IndexReader, open_engine
from search.folder import Current, IndexFolder
from storage.vietnamese import fold

_PREFIXES: Final = 50
_SPELLINGS: Final = 8
_VOCABULARY_SECONDS: Final = 30.0  # new words join expansions and suggestions this late at most


class Words:
    """The vocabulary of the folded text, for expansions."""

    def __init__(self, counts: Mapping[str, int], marked: Mapping[str, int]) -> None:
        self.counts = counts
        self._marked = marked
        self._like: dict[str, Sequence[tuple[str, float]]] = {}
        self._spellings: dict[str, list[str]] | None = None
        self._words = list(counts)
        self._sorted = sorted(counts)
        self.made = time.monotonic()

    def like(self, word: str) -> Sequence[tuple[str, float]]:
        """Words like this one."""
        if word not in self._like:
            self._like[word] = tolerant.like(word, self.counts, self._words)
        return self._like[word]

    def beginning(self, start: str) -> Sequence[tuple[str, float]]:
        """The most frequent words that begin so; never all of them, for a letter begins a third of the language."""
        return [(word, 0.9) for word in self.most_frequent(start, _PREFIXES)]

    def spellings(self, folded: str) -> Sequence[str]:
        """The spellings with marks of a folded word, those met most first."""
        if self._spellings is None:
            self._spellings = {}
            for word in sorted(self._marked, key=lambda word: (-self._marked[word], word)):
                if not word.startswith("="):
                    self._spellings.setdefault(fold(word), []).append(word)
        return self._spellings.get(folded, [])[:_SPELLINGS]

    def most_frequent(self, start: str, count: int) -> list[str]:
        """Words that begin so, the most frequent first."""
        first = bisect_left(self._sorted, start)
        last = bisect_left(self._sorted, start + "\U0010ffff")
        return sorted(self._sorted[first:last], key=lambda word: (-self.counts[word], word))[:count]


class Library:
    """One data folder's index."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._current: Current | None = None
        self._engine: Engine | None = None
        self._words: Words | None = None

    @contextmanager
    def reader(self) -> Iterator[IndexReader | None]:
        """The newest state of the index in use; None while there is none. Whoosh's readers share file positions and
        so are used by one thread at a time; Tantivy's are not."""
        with self._lock:
            current = self._folder.current()
            if current != self._current:
                self._open(current)
            reader = self._engine.reader() if self._engine else None
            if current is None or current.engine == "whoosh":
                yield reader
                return
        yield reader

    def words(self, reader: IndexReader) -> Words:
        """The vocabulary, at most half a minute old."""
        with self._lock:
            if self._words is None or time.monotonic() - self._words.made > _VOCABULARY_SECONDS:
                self._words = Words(reader.vocabulary(schema.BODY), reader.vocabulary(schema.MARKED))
            return self._words

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            self._open(None)

    def _open(self, current: Current | None) -> None:
        if self._engine is not None:
            self._engine.close()
        self._engine = open_engine(current.engine, current.folder) if current else None
        self._current, self._words = current, None


_libraries: dict[Path, Library] = {}
_guard = threading.Lock()


def library(root: Path) -> Library:
    """The library of an index folder, one per process."""
    with _guard:
        if root not in _libraries:
            _libraries[root] = Library(IndexFolder(root))
        return _libraries[root]
