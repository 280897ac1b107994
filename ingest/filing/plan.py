"""Everything the machine proposes for one batch, worked out without a database: cuts, descriptions, folders, review.

``needs_review`` is the only meaning of "unsure" and speaks of cut, type, number, date and folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.describe.describe import Description, describe, first_kind
from ingest.describe.kind import case_kind_of
from ingest.describe.numbers import familiar_signs
from ingest.filing.case_numbers import AFTER_ACCEPTED, case_numbers
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
    kind, share = (case_kind, 1.0) if case_kind else _case_kind(pages, proposal, numbers)
    familiar = familiar_signs([pages[document.pages[0]] for document in proposal.documents])
    documents = []
    for proposed in proposal.documents:
        description = describe(proposed, proposal, pages, kind, familiar)
        told = next((s.folder for at, s in reversed(sheets) if s.folder and at < proposed.pages[0]), folder)
        choice = choose_folder(description.kind.code, description.kind.confidence, kind, told, kind_confidence=share)
        unsure = [name for name, sure in description.sure.items() if not sure]
        if choice is None or not choice.sure:
            unsure.append("folder")
        documents.append(PlannedDocument(proposed, description, choice, tuple(unsure)))
    return BatchPlan(proposal, tuple(documents), kind, tuple(numbers), tuple(sheets), _sections(pages, proposal))


def _case_kind(
    pages: Sequence[PageView], proposal: Proposal, numbers: Sequence[tuple[str, float]]
) -> tuple[str | None, float]:
    """The kind of case the batch itself speaks for."""
    first_look = [first_kind([pages[index] for index in document.pages]) for document in proposal.documents]
    known = [(kind.code, kind.confidence) for kind in first_look if kind.code and kind.confidence > 0.5]
    cover = " ".join(
        piece.folded
        for page, kind in zip(pages, proposal.kinds, strict=True)
        if kind.kind == "cover"
        for piece in page.pieces
    )
    text = " ".join(piece.folded for page in pages for piece in page.pieces)
    return case_kind_of(known, [(n, w) for n, w in numbers if w >= AFTER_ACCEPTED], cover, text)


def _sections(pages: Sequence[PageView], proposal: Proposal) -> tuple[tuple[int, tuple[tuple[str, float], ...]], ...]:
    """Parts of the batch that begin with a cover, each with the case numbers read in it."""
    covers = [index for index, kind in enumerate(proposal.kinds) if kind.kind == "cover"]
    starts = [0, *(index for index in covers if index > 0)]
    ends = [*starts[1:], len(pages)]
    return tuple(
        (start, tuple(case_numbers(pages[start:end], proposal.kinds[start:end])))
        for start, end in zip(starts, ends, strict=True)
    )
