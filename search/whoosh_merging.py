"""Which parts of a Whoosh index are joined at a commit.

Every commit leaves a part (segment) of its own, and a search looks through all of them. Whoosh's own rule joins nearly
all of a young index at every fifth commit, which costs half a second of work again and again while a scan comes in page
by page. Here parts wait until there are several of about one size: a page is written anew only once for each power of
``WIDTH`` the archive holds, and the parts stay as few as ``WIDTH`` for each power.
"""

from collections import defaultdict
from typing import Any

from whoosh.reading import SegmentReader

#: parts of about one size that are joined, and how many times larger the next size is
WIDTH = 8


def join_equals(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy: write the pages of a full size class anew with ``writer``; the segments that stay.

    A segment without pages left is dropped. Pages taken out of a segment don't count for its size, so that what was
    mostly replaced is soon joined with its like.
    """
    classes: dict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        if segment.doc_count() > 0:
            classes[_size_class(segment.doc_count())].append(segment)
    kept: list[Any] = []
    joined: list[Any] = []
    for alike in classes.values():
        (joined if len(alike) >= WIDTH else kept).extend(alike)
    for segment in joined:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        try:
            writer.add_reader(reader)
        finally:
            reader.close()
    return kept


def _size_class(pages: int) -> int:
    size = 0
    while pages >= WIDTH:
        pages //= WIDTH
        size += 1
    return size
