"""What kind of copy a document is (đặc điểm tài liệu), as far as the paper says so itself.

Lists of documents in criminal files name it (bản gốc, bản chính, bản sao, bản phô tô; form 293/TT119). A scan shows
only what was stamped or printed: an original is left to a person, who has the paper.
"""

import re
from collections.abc import Sequence

from ingest.describe.value import Read
from ingest.split.page import PageView, Piece

COPY, EXTRACT, PHOTOCOPY = "bản sao", "trích sao", "bản phô tô"
#: short printed or stamped lines that say it, folded
_SAID = (
    (re.compile(r"^\W{0,3}(?:ban )?trich sao\b|^\W{0,3}ban trich luc sao"), EXTRACT),
    (re.compile(r"^\W{0,3}(?:ban )?(?:photo(?:copy)?|pho to|phoo)\b"), PHOTOCOPY),
    (re.compile(r"^\W{0,3}(?:chung thuc )?(?:sao y|sao luc|ban sao)\b"), COPY),
)
#: longer lines speak of a copy inside their text
LONGEST = 44


def find_features(pages: Sequence[PageView]) -> Read[str] | None:
    """What the first or last page says of the copy; None when it says nothing."""
    for view in (pages[0], *pages[1:][-1:]):
        for block in view.blocks:
            if block.stamp == "sao_y":
                return Read(COPY, block.confidence or 0.8, "có dấu sao y", view.index, block.box)
        for piece in view.pieces:
            value = _said(piece)
            if value:
                return Read(value, piece.confidence, f"có dòng “{piece.text[:40]}”", view.index, piece.box)
    return None


def _said(piece: Piece) -> str | None:
    if len(piece.folded) > LONGEST or piece.capitals < 0.6 or 0.3 < piece.top < 0.45:
        return None
    return next((value for pattern, value in _SAID if pattern.search(piece.folded)), None)
