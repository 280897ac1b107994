"""Everything the machine proposes for one batch, worked out without a database: cuts, descriptions, folders, review.

``needs_review`` is the only meaning of "unsure" and speaks of cut, type, number, date and folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.describe.describe import Description, describe
from ingest.describe.kind import case_kind_of
from ingest.filing.case_numbers import case_numbers
from ingest.filing.folder import FolderChoice, choose_folder
from ingest.split import marks
from ingest.split.page import PageView
from ingest.split.propose import Proposal, ProposedDocument, propose


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """One document as proposed; ``unsure`` names the fields a person should look at."""

    proposed: ProposedDocument
    description: Description
    folder: FolderChoice | None
    unsure: tuple[str, ...]

    @property
    def needs_review(self) -> bool:
        return bool(self.unsure)

    @property
    def confidence(self) -> float:
        """That of the weakest of cut and type (what the tray sorts by)."""
        return min(self.proposed.confidence, self.description.kind.confidence)


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """The proposal for a batch; ``numbers`` are case numbers read in it, ``case_kind`` given or inferred."""

    proposal: Proposal
    documents: tuple[PlannedDocument, ...]
    case_kind: str | None
    numbers: tuple[tuple[str, float], ...]
    #: our cover and separator sheets, by page index
    sheets: tuple[tuple[int, marks.SheetMark], ...] = ()
    #: case numbers of each section (two files scanned in one go have a cover each), by its first page index
    sections: tuple[tuple[int, tuple[tuple[str, float], ...]], ...] = ()

    def numbers_of(self, page: int) -> tuple[tuple[str, float], ...]:
        """Case numbers read in the section a page lies in, most weighty first."""
        return next((numbers for start, numbers in reversed(self.sections) if start <= page), self.numbers)


def plan_batch(pages: Sequence[PageView], case_kind: str | None = None, folder: str | None = None) -> BatchPlan:
    """Work out the whole proposal. ``case_kind`` and ``folder`` are given where the inbox or a sheet names them."""
    proposal = propose(pages)
    numbers = case_numbers(pages, proposal.kinds)
    sheets = [(p.index, sheet) for p in pages if (sheet := marks.sheet_of(p.marks)) is not None]
    kind = case_kind
    if kind is None:
        first_look = [describe(d, proposal, pages, None).kind for d in proposal.documents]
        cover = " ".join(
            p.folded for page, k in zip(pages, proposal.kinds, strict=True) if k.kind == "cover" for p in page.pieces
        )
        kind, _ = case_kind_of(
            [k.code if k.confidence > 0.6 else None for k in first_look],
            [number for number, weight in numbers if weight >= 2],
            cover,
        )
    documents = []
    for proposed in proposal.documents:
        description = describe(proposed, proposal, pages, kind)
        told = next((s.folder for at, s in reversed(sheets) if s.folder and at < proposed.pages[0]), folder)
        choice = choose_folder(description.kind.code, description.kind.confidence, kind, told)
        unsure = [name for name, sure in description.sure.items() if not sure]
        if choice is None or not choice.sure:
            unsure.append("folder")
        documents.append(PlannedDocument(proposed, description, choice, tuple(unsure)))
    return BatchPlan(proposal, tuple(documents), kind, tuple(numbers), tuple(sheets), _sections(pages, proposal))


def _sections(pages: Sequence[PageView], proposal: Proposal) -> tuple[tuple[int, tuple[tuple[str, float], ...]], ...]:
    """Parts of the batch that begin with a cover, each with the case numbers read in it."""
    covers = [index for index, kind in enumerate(proposal.kinds) if kind.kind == "cover"]
    starts = [0, *(index for index in covers if index > 0)]
    ends = [*starts[1:], len(pages)]
    return tuple(
        (start, tuple(case_numbers(pages[start:end], proposal.kinds[start:end])))
        for start, end in zip(starts, ends, strict=True)
    )
