"""What the index knows of a page. Both engines index exactly these fields, so that both give the same pages.

A page's text and boxes stay in the database; the index holds only what is needed to find and count pages.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

#: Raised whenever tokens or fields change: an index of another version is built anew, never read.
VERSION: Final = 2

#: Fields with positions: folded syllables of the page; the same with marks, in normal spelling (plus ``=`` + the
#: spelling as typed where a syllable has accepted variants).
BODY: Final = "body"
MARKED: Final = "marked"
POSITION_FIELDS: Final = (BODY, MARKED)

#: Pairs of neighbouring syllables of the body. Engines make them themselves (``search.tokens.pairs_of``).
PAIRS: Final = "pairs"

#: Words of the body or of the document's title, number, issuer and persons. Engines make this of BODY and HEAD, too.
ANYWHERE: Final = "anywhere"

#: Fields of whole terms: legal tokens; folded words of the document's title, number,
#: issuer and persons, and pairs of them; keys of names on the page; who may see it; evidence folder; type of document;
#: states (``checked``: a person confirmed the document or corrected the page; ``unread``).
LEGAL: Final = "legal"
HEAD: Final = "head"
PERSON: Final = "person"
ACCESS: Final = "access"
FOLDER: Final = "folder"
KIND: Final = "kind"
FLAGS: Final = "flags"
TERM_FIELDS: Final = (LEGAL, HEAD, PERSON, ACCESS, FOLDER, KIND, FLAGS)

#: Numbers: ids (0 = none), date as 20240312, bút lục as number * 100 + letter, confidence in percent, the page's place
#: in its case, and how many syllables it has.
NumberField = Literal["page", "document", "scan", "case", "date", "year", "but_luc", "confidence", "order", "length"]
NUMBER_FIELDS: Final[tuple[NumberField, ...]] = (
    "page", "document", "scan", "case", "date", "year", "but_luc", "confidence", "order", "length",
)  # fmt: skip

#: Fields that are counted beside the hits.
FACETS: Final = ("case", FOLDER, KIND, "year")

#: Stands between stretches of text that do not follow each other; no phrase reaches over it.
GAP: Final = "¶"


@dataclass(slots=True)
class IndexPage:
    """One page as the engines take it: lists of terms by field (but those engines make), and numbers by field."""

    page_id: int
    terms: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def case_access(case_id: int) -> str:
    """Access term of pages that lie in a case."""
    return f"c{case_id}"


def owner_access(owner_id: int) -> str:
    """Access term of pages a person brought in that lie in no case yet."""
    return f"o{owner_id}"


#: Access term of every page that lies in no case yet.
UNASSIGNED: Final = "u"
