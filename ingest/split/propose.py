"""A batch of pages becomes a proposal: kinds of pages, cuts with reasons and confidence, differences to its own list.

Pure: no database, no files. Pages that could not be read stay by themselves unless their neighbours' page numbers hold
them; they never swallow a neighbour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.split import document_list, marks
from ingest.split.but_luc import PageNumber, number_pages, row_score
from ingest.split.corner import read_corner
from ingest.split.document_list import ListRow
from ingest.split.evidence import Evidence, PageEvidence, gather
from ingest.split.kinds import PageKind, judge_kind
from ingest.split.page import PageView
from ingest.split.path import Cuts, best_cuts

#: a reversed row must hang together this much better (log-odds) before turning it is offered
REVERSED_GAIN = 6.0
DOCUMENT_KINDS = frozenset({"document", "photo", "unknown"})


@dataclass(frozen=True, slots=True)
class ProposedDocument:
    """Pages (indices in the batch, in reading order) that belong together.

    ``confidence`` is the probability that both ends, and no cut inside, are right. ``reasons`` are the signs for its
    first page, strongest first; ``doubts`` those that speak against the cut.
    """

    pages: tuple[int, ...]
    confidence: float
    reasons: tuple[Evidence, ...]
    doubts: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a batch falls into documents. ``order`` is ``as_scanned``, ``pages_reversed`` or ``documents_reversed``."""

    documents: tuple[ProposedDocument, ...]
    kinds: tuple[PageKind, ...]
    rows: tuple[ListRow, ...]
    order: str = "as_scanned"
    differences: tuple[str, ...] = ()
    #: probability of a cut before each page (0 for pages of other kinds)
    cut_probability: tuple[float, ...] = ()
    #: bút lục numbers by page index
    numbers: Mapping[int, PageNumber] = field(default_factory=dict)


def propose(pages: Sequence[PageView]) -> Proposal:
    """Cut a batch. An empty batch gives an empty proposal."""
    kinds: list[PageKind] = []
    for page in pages:
        kinds.append(judge_kind(page, kinds[-1] if kinds else None))
    rows = document_list.read_list([p for p, k in zip(pages, kinds, strict=True) if k.kind == "document_list"])
    kinds = _settled(pages, kinds)
    carrying = _carrying(pages, kinds)
    numbers = number_pages(carrying, _first_number(pages))
    rows = rows if _is_trusted(rows, numbers) else []
    evidence = gather(pages, kinds, rows, numbers)
    cuts = best_cuts(evidence)
    order = "as_scanned"
    turned_numbers = number_pages(carrying[::-1], None)
    turned = gather(pages[::-1], kinds[::-1], rows, turned_numbers)
    turned_cuts = best_cuts(turned)
    falling, rising = _steps(carrying)
    if (
        len(carrying) >= 3
        and falling >= rising
        and turned_cuts.score - cuts.score + 1.5 * (falling - rising) > REVERSED_GAIN
    ):
        evidence, cuts, numbers, order = turned, turned_cuts, turned_numbers, "pages_reversed"
    documents = _documents(evidence, cuts)
    if order == "as_scanned" and _runs_backwards(documents, numbers):
        order = "documents_reversed"
    probability = [0.0] * len(pages)
    for place, sign in enumerate(evidence):
        probability[sign.index] = cuts.probability[place]
    return Proposal(
        tuple(documents),
        tuple(kinds),
        tuple(rows),
        order,
        tuple(_differences(documents, rows, numbers)),
        tuple(probability),
        numbers,
    )


def _settled(pages: Sequence[PageView], kinds: Sequence[PageKind]) -> list[PageKind]:
    """Pages too faint to tell from blank ones: the bút lục row passes over a blank and counts a page with writing."""
    found = list(kinds)
    for place, (page, kind) in enumerate(zip(pages, kinds, strict=True)):
        if kind.kind == "unknown" and page.is_read and _passes_over(pages, found, page):
            found[place] = PageKind("blank", 0.8, "không đọc được chữ nào và dãy bút lục không tính trang này")
    return found


def _passes_over(pages: Sequence[PageView], kinds: Sequence[PageKind], page: PageView) -> bool:
    """Whether the bút lục row makes clearly better sense without a page."""
    counted = [p for p, k in zip(pages, kinds, strict=True) if k.kind in DOCUMENT_KINDS]
    return row_score([p for p in counted if p is not page]) > row_score(counted) + 0.5


def _carrying(pages: Sequence[PageView], kinds: Sequence[PageKind]) -> list[PageView]:
    """Pages that carry a bút lục number; of the unread ones those that the row needs."""
    return [
        page
        for page, kind in zip(pages, kinds, strict=True)
        if kind.kind in DOCUMENT_KINDS and (page.is_read or not _passes_over(pages, kinds, page))
    ]


def _first_number(pages: Sequence[PageView]) -> int | None:
    """The first bút lục number of the batch, where its cover sheet tells it."""
    for page in pages:
        sheet = marks.sheet_of(page.marks)
        if sheet is not None and sheet.first_but_luc and sheet.first_but_luc.isdigit():
            return int(sheet.first_but_luc)
    return None


def _is_trusted(rows: Sequence[ListRow], numbers: Mapping[int, PageNumber]) -> bool:
    """A list is used when its numbers are numbers of this batch: a list of another volume says nothing here."""
    listed = {number for row in rows if row.first and row.last for number in range(row.first, row.last + 1)}
    seen = {number.value for number in numbers.values()}
    return bool(listed) and (not seen or len(seen & listed) >= 0.5 * len(seen))


def _steps(pages: Sequence[PageView]) -> tuple[int, int]:
    """How often the bút lục number falls by one from page to page, and how often it rises."""
    corners = [read_corner(page) for page in pages]
    numbers = [c.value for c in corners if c.value is not None and c.confidence > 0.5]
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return steps.count(-1), steps.count(1)


def _runs_backwards(documents: Sequence[ProposedDocument], numbers: Mapping[int, PageNumber]) -> bool:
    """Documents follow each other from the highest bút lục number to the lowest: a pile scanned from its top."""
    firsts = [numbers[d.pages[0]].value for d in documents if d.pages[0] in numbers]
    falls = sum(b < a for a, b in pairwise(firsts))
    return len(firsts) >= 4 and falls >= 0.8 * (len(firsts) - 1)


def _documents(evidence: Sequence[PageEvidence], cuts: Cuts) -> list[ProposedDocument]:
    ends = [*cuts.starts[1:], len(evidence)] if cuts.starts else []
    found = []
    for start, end in zip(cuts.starts, ends, strict=True):
        certain = cuts.probability[start]
        if end < len(evidence):
            certain = min(certain, cuts.probability[end])
        for inside in range(start + 1, end):
            certain = min(certain, 1 - cuts.probability[inside])
        if not all(e.is_read for e in evidence[start:end]):
            certain = min(certain, 0.5)
        signs = sorted(evidence[start].signs, key=lambda s: -abs(s.weight))
        found.append(
            ProposedDocument(
                pages=tuple(e.index for e in evidence[start:end]),
                confidence=certain,
                reasons=tuple(s for s in signs if s.weight > 0),
                doubts=tuple(s for s in signs if s.weight < 0),
            )
        )
    return found


def _differences(
    documents: Sequence[ProposedDocument], rows: Sequence[ListRow], numbers: Mapping[int, PageNumber]
) -> list[str]:
    """Where the proposal and the scan's own list disagree, in Vietnamese."""
    starts = {numbers[d.pages[0]].value for d in documents if d.pages[0] in numbers}
    seen = {number.value for number in numbers.values()}
    listed = {row.first for row in rows if row.first}
    if not listed or not starts:
        return []
    found = []
    for row in rows:
        if not row.first or row.first in starts:
            continue
        missing = "máy không thấy tài liệu bắt đầu ở đây" if row.first in seen else "thiếu bút lục này trong bản quét"
        found.append(f"Bảng thống kê mục {row.order} “{row.name}” (BL {row.first}): {missing}")
    low, high = min(listed), max((row.last or row.first or 0) for row in rows)
    found.extend(
        f"Tài liệu bắt đầu ở BL {value} không có trong bảng thống kê"
        for value in sorted(starts)
        if low <= value <= high and value not in listed
    )
    return found
