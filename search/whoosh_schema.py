"""The fields as Whoosh stores them, through its public extension points (``FieldType``, ``Format``, columns).

Tokens come ready-made from ``search.tokens``; none of Whoosh's analysers runs, so its English stop words can never
delete *án*, *can* or *tố*. These classes are named in the index's own files: rename them only with a new index version.
"""

import sys
import warnings
from array import array
from collections.abc import Iterable, Iterator
from typing import Any, Final

with warnings.catch_warnings():  # 2.7.4 was written before Python refused unknown escapes in plain strings
    warnings.simplefilter("ignore")
    from whoosh import columns, fields, formats, index, reading
    from whoosh.codec.whoosh3 import W3Codec

from search import schema

__all__ = ["KEY", "PageCodec", "Words", "WordsInPlace", "index", "make_schema", "reading"]

#: The field that holds a page's id as a term, to replace and remove it by.
KEY: Final = "key"
_LAST_POSITION: Final = 65_535  # of a page with more syllables than any paper holds, the rest has no place


class Places(formats.Format):  # type: ignore[misc]  # Whoosh has no types
    """Positions of a term on a page as two-byte numbers."""


class Words(fields.FieldType):  # type: ignore[misc]
    """A list of terms, each counted once per page."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Iterable[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term in set(value):
            yield term.encode(), 1, 1.0, b""


class WordsInPlace(fields.FieldType):  # type: ignore[misc]
    """A list of terms with their positions."""

    def __init__(self) -> None:
        super().__init__(Places(), None)

    def index(self, value: Iterable[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        places: dict[str, array[int]] = {}
        for position, term in enumerate(value):
            if term == schema.GAP:
                continue
            if term not in places:
                places[term] = array("H")
            places[term].append(min(position, _LAST_POSITION))
        for term, found in places.items():
            if sys.byteorder == "big":
                found.byteswap()
            yield term.encode(), len(found), float(len(found)), found.tobytes()


class PageCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own file format without asking for a field's length at every posting: our fields store none, and each
    question is a look at the disk (measured: half of the whole indexing time)."""

    length_stats = False


def make_schema() -> Any:
    """Every field of ``search.schema``."""
    made: dict[str, Any] = {KEY: fields.ID(unique=True)}
    made.update({name: WordsInPlace() for name in schema.POSITION_FIELDS})
    made.update({name: Words() for name in (schema.PAIRS, *schema.TERM_FIELDS)})
    made.update({name: fields.COLUMN(columns.NumericColumn("q")) for name in schema.NUMBER_FIELDS})
    return fields.Schema(**made)
