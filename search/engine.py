"""The port behind which index engines stand. Two pass its contract suite: Whoosh (embedded) and Tantivy (scale)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from search.schema import IndexPage
from search.tree import Node

EngineName = Literal["whoosh", "tantivy"]
Sort = Literal["relevance", "newest", "oldest", "order"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found. The score is comparable only within one answer of one engine."""

    page_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """``total`` pages match; ``hits`` are those asked for, best first; facet values map to numbers of pages."""

    total: int
    hits: Sequence[Hit]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class IndexReader(Protocol):
    """A consistent view of the index. Opening one is cheap; it never sees later commits.

    :ivar is_shareable: whether several threads may ask it at once.
    """

    is_shareable: bool

    @property
    def page_count(self) -> int:
        """Pages in the index."""

    def search(self, query: Node, *, limit: int, offset: int = 0, sort: Sort = "relevance",
               facets: Sequence[str] = (), count: bool = True) -> Found:
        """Pages matching the query. Ties are broken by page id, so that pages of results never overlap. Without
        ``count`` the total may be only as many as are known of, which is quicker: those given and those before."""

    def vocabulary(self, field: str) -> Mapping[str, int]:
        """Every term of a field with the number of pages it stands on (deleted pages may still count)."""

    def page_ids(self, query: Node) -> list[int]:
        """Ids of every page matching, ascending."""


class IndexWriter(Protocol):
    """The one writer of an index. What it was given is found by readers opened after ``commit``."""

    def put(self, pages: Iterable[IndexPage]) -> None:
        """Add pages, each in place of what the index held of it."""

    def remove(self, page_ids: Iterable[int]) -> None:
        """Forget pages; unknown ids are nothing."""

    def commit(self) -> None:
        """Make everything since the last commit visible. Durability is the caller's fsync of the folder."""

    def close(self) -> None:
        """Release the index. What was not committed is lost."""


class Engine(Protocol):
    """An index in one folder of its own."""

    name: EngineName

    def reader(self) -> IndexReader:
        """The newest committed state. Called for every search: returns the same reader while nothing changed."""

    def writer(self) -> IndexWriter:
        """The writer; the caller holds the writer lock."""

    def close(self) -> None:
        """Release files."""


def open_engine(name: EngineName, folder: Path) -> Engine:
    """The engine on a folder, made empty when there is none. Engines are imported only when asked for."""
    if name == "tantivy":
        from search.tantivy_engine import TantivyEngine

        return TantivyEngine(folder)
    from search.whoosh_engine import WhooshEngine

    return WhooshEngine(folder)
