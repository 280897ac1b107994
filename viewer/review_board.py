"""What the review screen shows of a batch: documents with their pages in order, loose pages between, doubts, counts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from config import document_types, folders
from storage.access import CaseScope, visible_documents
from storage.batch_pages import ordered_pages
from storage.models.documents import Document, DocumentPage
from storage.models.review import BatchOpinion
from storage.models.scans import Batch, Page
from storage.review_steps import last_step

#: fields of a document a person is asked about, with the words for them
ASKED = (("cut", "chỗ cắt"), ("type_code", "loại"), ("number", "số"), ("date", "ngày"), ("folder", "nhóm"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing on the board: a document with its pages, or pages that belong to none."""

    document: Document | None
    pages: list[Page]
    order: int = 0

    @property
    def doubts(self) -> list[str]:
        """Words for what the machine is unsure of."""
        values = self.document.fields if self.document else {}
        return [words for name, words in ASKED if (values or {}).get(name, {}).get("unsure")]

    @property
    def why(self) -> str:
        """The reasons in one line, for hovering over the first page."""
        return " · ".join(words for words, _ in reasons_of(self.document)) if self.document else ""

    @property
    def state(self) -> str:
        """``confirmed``, ``unsure`` or ``sure``."""
        if self.document is None:
            return "loose"
        if self.document.state == "confirmed":
            return "confirmed"
        return "unsure" if self.document.needs_review else "sure"


@dataclass(frozen=True, slots=True)
class Board:
    """A batch as reviewed."""

    batch: Batch
    rows: list[Shown]
    opinion: BatchOpinion | None
    undo_label: str | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def case_number(self) -> str | None:
        """The case number the machine proposes for the batch."""
        for row in self.rows:
            told = (row.document.fields or {}).get("case", {}) if row.document else {}
            if told.get("number") and row.document and row.document.case_id is None:
                return str(told["number"])
        return None


def seen_pages(session: Session, scope: CaseScope, batch: Batch) -> list[Page]:
    """Pages of a batch in order, without those that lie in a case the person may not see (two cases in one scan)."""
    hidden = set(
        session.scalars(
            select(DocumentPage.page_id).join(Document).join(Batch, Batch.id == Document.batch_id)
            .where(Document.batch_id == batch.id, ~visible_documents(scope))
        )
    )  # fmt: skip
    return [page for page in ordered_pages(session, batch) if page.id not in hidden]


def board_of(session: Session, scope: CaseScope, batch: Batch) -> Board:
    """Put together the board of a batch as one person may see it."""
    pages = seen_pages(session, scope, batch)
    links = {link.page_id: link.document_id for link in session.scalars(
        select(DocumentPage).where(DocumentPage.page_id.in_([page.id for page in pages])))}  # fmt: skip
    whole = select(Document).where(Document.batch_id == batch.id).options(
        selectinload(Document.page_links).joinedload(DocumentPage.page), selectinload(Document.folder))  # fmt: skip
    documents = {d.id: d for d in session.scalars(whole)}
    rows = list(_rows(pages, links, documents))
    last = last_step(session, batch.id)
    counts = {state: sum(row.state == state for row in rows) for state in ("confirmed", "unsure", "sure")}
    counts["pages"] = len(pages)
    return Board(batch, rows, session.get(BatchOpinion, batch.id), last.label if last else None, counts)


def _rows(pages: list[Page], links: dict[int, int], documents: dict[int, Document]) -> Iterator[Shown]:
    order, at = 0, 0
    shown: set[int] = set()
    while at < len(pages):
        document = documents.get(links.get(pages[at].id, 0))
        end = at + 1
        if document is None:
            while end < len(pages) and links.get(pages[end].id) is None:
                end += 1
            yield Shown(None, pages[at:end])
        elif document.id in shown:
            pass  # pages of a document that lie apart are shown with its first ones
        else:
            shown.add(document.id)
            order += 1
            yield Shown(document, document.pages, order)
            while end < len(pages) and links.get(pages[end].id) == document.id:
                end += 1
        at = end


def reasons_of(document: Document) -> list[tuple[str, bool]]:
    """Why a document begins where it does: sentences, and whether each speaks for the cut."""
    return [
        (str(one["reason"]), one.get("weight", 0) >= 0) if isinstance(one, dict) else (str(one), True)
        for one in document.reasons or []
    ]


def folder_choices(document: Document, opinion: BatchOpinion | None) -> list[tuple[str, str]]:
    """Folders a document can go to: those of its case, else those of the kind of case it seems to be of."""
    if document.case is not None:
        return [(folder.code, folder.name) for folder in document.case.folders]
    kind = opinion.case_kind if opinion and opinion.case_kind else "hinh_su"
    return [(folder.code, folder.name) for folder in folders.taxonomy(kind)]


def folder_name(document: Document) -> str:
    """The folder's name as shown; empty when there is none."""
    if document.folder is not None:
        return document.folder.name
    known = folders.folders().get(document.folder_code or "")
    return known.name if known else ""


def type_choices(case_kind: str | None) -> list[dict[str, Any]]:
    """All types for the picker, with their other wordings, those of this kind of case first and marked ``here``."""
    known = sorted(document_types.document_types().values(), key=lambda k: (case_kind not in k.case_kinds, k.name))
    return [{"code": k.code, "name": k.name, "also": k.titles, "here": case_kind in k.case_kinds} for k in known]
