"""A batch in the database becomes proposed documents: readings in, documents, kinds, bút lục, reasons and audit out.

Run again whenever a page is read late: what a person confirmed or touched stays as it is, everything else is proposed
anew, and a document whose pages did not change keeps its identity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.filing.case_choice import CaseChoice, choose_case
from ingest.filing.plan import BatchPlan, PlannedDocument, plan_batch
from ingest.split.page import PageView
from storage import audit, cases, outbox
from storage.access import SERVICE
from storage.batch_pages import ordered_pages
from storage.corrections import displayed_reading
from storage.models.base import now
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage, DocumentPerson
from storage.models.review import BatchOpinion
from storage.models.scans import Batch, OcrState, Page, PageCorrection, PageText, Scan
from storage.vietnamese import name_key

UNREAD = frozenset({OcrState.FAILED, OcrState.PENDING, OcrState.RUNNING})


@dataclass(frozen=True, slots=True)
class _Kept:
    """Documents a person has vouched for or changed, and the pages they hold."""

    documents: Mapping[int, Document]
    page_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan made while no transaction was open for writing, and what it was made from."""

    plan: BatchPlan
    basis: tuple[object, ...]


def draft_batch(session: Session, batch_id: int) -> Draft | None:
    """Think a batch through, which takes seconds for a long one: only reads, so nobody waits for it."""
    batch = session.get_one(Batch, batch_id)
    pages = ordered_pages(session, batch)
    if not pages:
        return None
    kept = _kept_documents(session, batch_id)
    return Draft(_plan(session, batch, pages, kept), _basis(session, batch, pages, kept))


def split_batch(session: Session, batch_id: int, draft: Draft | None = None) -> None:
    """Cut, describe and file a batch from its stored readings, in the caller's writing transaction.

    :param draft: the plan, if what it was made from still holds; else the batch is thought through here.
    """
    batch = session.get_one(Batch, batch_id)
    pages = ordered_pages(session, batch)
    if not pages:
        return
    kept = _kept_documents(session, batch_id)
    if draft is not None and draft.basis == _basis(session, batch, pages, kept):
        plan = draft.plan
    else:
        plan = _plan(session, batch, pages, kept)
    _write_pages(pages, plan)
    _write_documents(session, batch, pages, plan, kept)
    _write_opinion(session, batch, plan)
    session.flush()
    audit.record(session, SERVICE.name, "batch.proposed", f"batch:{batch_id}", {
        "documents": len(plan.documents), "to_review": sum(d.needs_review for d in plan.documents),
        "kept": len(kept.documents), "order": plan.proposal.order,
    })  # fmt: skip
    outbox.pages_changed(session, [page.id for page in pages])


def _plan(session: Session, batch: Batch, pages: Sequence[Page], kept: _Kept) -> BatchPlan:
    views = _views(session, pages, kept)
    return plan_batch(views, case_kind=batch.case.kind if batch.case else None, folder=batch.folder_code)


def _basis(session: Session, batch: Batch, pages: Sequence[Page], kept: _Kept) -> tuple[object, ...]:
    """Everything a plan depends on, small enough to compare."""
    of_batch = select(Page.id).join(Scan).where(Scan.batch_id == batch.id)
    readings = select(func.count(), func.max(PageText.id), func.max(PageText.created_at)).where(
        PageText.page_id.in_(of_batch)
    )
    corrections = select(
        func.count(PageCorrection.id), func.max(PageCorrection.id), func.count(PageCorrection.undone_at)
    ).where(PageCorrection.page_id.in_(of_batch))
    state = tuple(
        (p.id, p.ocr_state, p.confidence, p.kind_confirmed and p.kind, p.but_luc_state == "confirmed" and p.but_luc)
        for p in pages
    )
    return (
        state, kept.page_ids, batch.case_id, batch.folder_code,
        tuple(session.execute(readings).one()), tuple(session.execute(corrections).one()),
    )  # fmt: skip


def is_touched(document: Document) -> bool:
    """Whether a person vouched for a document or set anything of it."""
    return document.state == "confirmed" or any("by" in value for value in (document.fields or {}).values())


def _kept_documents(session: Session, batch_id: int) -> _Kept:
    documents = {
        d.id: d for d in session.scalars(select(Document).where(Document.batch_id == batch_id)) if is_touched(d)
    }
    held = session.scalars(select(DocumentPage.page_id).where(DocumentPage.document_id.in_(documents)))
    return _Kept(documents, frozenset(held))


def _views(session: Session, pages: Sequence[Page], kept: _Kept) -> list[PageView]:
    views = []
    for index, page in enumerate(pages):
        reading = None if page.ocr_state in UNREAD else displayed_reading(session, page.id)
        codes = tuple(reading.extra.get("codes", ())) if reading else ()
        held = page.id in kept.page_ids
        views.append(PageView(
            index, reading, page.dpi, codes,
            fixed_kind=page.kind if page.kind_confirmed else None,
            fixed_number=page.but_luc if page.but_luc_state == "confirmed" else None,
            is_held=held,
        ))  # fmt: skip
    return views


def _write_pages(pages: Sequence[Page], plan: BatchPlan) -> None:
    for index, page in enumerate(pages):
        if not page.kind_confirmed:
            page.kind = plan.proposal.kinds[index].kind
        if page.but_luc_state == "confirmed":
            continue
        number = plan.proposal.numbers.get(index)
        page.but_luc = number.number if number else None
        page.but_luc_confidence = number.confidence if number else None
        page.but_luc_state = "proposed" if number else "none"


def _write_documents(session: Session, batch: Batch, pages: Sequence[Page], plan: BatchPlan, kept: _Kept) -> None:
    place = {page.id: index for index, page in enumerate(pages)}
    old = {
        d.id: d
        for d in session.scalars(select(Document).where(Document.batch_id == batch.id))
        if d.id not in kept.documents
    }
    before = {tuple(link.page_id for link in d.page_links): d for d in old.values()}
    planned = [(tuple(pages[i].id for i in p.proposed.pages), p) for p in plan.documents]
    # a document keeps its identity when its pages are the same, else when it begins with the same page
    same = {ids: before[ids] for ids, _ in planned if ids in before}
    taken = {d.id for d in same.values()}
    by_first = {ids[0]: d for ids, d in before.items() if ids and d.id not in taken}
    for document in old.values():
        document.page_links.clear()
    session.flush()
    written: set[int] = set()
    sections = choose_cases(session, batch, plan)
    for ids, proposal in planned:
        known = same.get(ids) or by_first.get(ids[0])
        document = known if known is not None and known.id not in written else Document(batch_id=batch.id)
        session.add(document)
        session.flush()
        written.add(document.id)
        _write_document(session, document, ids, proposal, pages, sections[proposal.proposed.pages[0]])
    for document in old.values():
        if document.id not in written:
            session.delete(document)
    session.flush()
    _number_documents(session, batch.id, place)


def choose_cases(session: Session, batch: Batch, plan: BatchPlan) -> dict[int, CaseChoice]:
    """The case of each document by the index of its first page: by inbox, by the sheet before it, or by number."""
    return {d.proposed.pages[0]: choose_case(session, batch, plan, d.proposed.pages[0]) for d in plan.documents}


def _write_document(
    session: Session,
    document: Document,
    page_ids: Sequence[int],
    planned: PlannedDocument,
    pages: Sequence[Page],
    choice: CaseChoice,
) -> None:
    told = planned.description
    for position, page_id in enumerate(page_ids):
        document.page_links.append(DocumentPage(page_id=page_id, position=position))
    document.type_code = told.kind.code
    document.title = told.title.value if told.title else ""
    document.number = told.number.value.text if told.number else None
    document.number_key = told.number.value.key if told.number else None
    document.date = told.date.value if told.date else None
    document.issuer = told.issuer.value if told.issuer else None
    document.but_luc_first = told.but_luc[0].number if told.but_luc else None
    document.but_luc_last = told.but_luc[1].number if told.but_luc else None
    document.needs_review, document.confidence = planned.needs_review, planned.confidence
    document.reasons = [
        {"sign": s.sign, "weight": round(s.weight, 2), "reason": s.reason, "box": list(s.box) if s.box else None}
        for s in (*planned.proposed.reasons, *planned.proposed.doubts)
    ]
    document.fields = {**field_reports(planned, pages), "case": _case_report(choice)}
    _file(session, document, choice, planned.folder.code if planned.folder else None)
    document.persons = [
        DocumentPerson(name=p.name, key=name_key(p.name), role=p.role or "", page_id=pages[p.page].id,
                       box=list(p.box) if p.box else None, confidence=p.confidence)
        for p in told.persons
    ]  # fmt: skip
    session.flush()


def _file(session: Session, document: Document, choice: CaseChoice, folder_code: str | None) -> None:
    case = session.get(Case, choice.case_id) if choice.case_id is not None else None
    document.case_state = choice.state
    document.case_id = case.id if case is not None and choice.state == "confirmed" else None
    document.folder_code = folder_code
    folder = cases.folder_of(session, case, folder_code) if case is not None and document.case_id else None
    document.folder_id = folder.id if folder else None


def _case_report(choice: CaseChoice) -> dict[str, Any]:
    return {"confidence": choice.confidence, "reason": choice.reason,
            "case_id": choice.case_id, "number": choice.number}  # fmt: skip


def field_reports(planned: PlannedDocument, pages: Sequence[Page]) -> dict[str, Any]:
    """``Document.fields``: confidence, reason, place and repair of everything the machine says of a document."""
    told, unsure = planned.description, set(planned.unsure)
    found: dict[str, Any] = {
        "cut": {"confidence": round(planned.proposed.confidence, 4), "reason": "bằng chứng cộng dồn của các trang"},
        "type_code": {
            "confidence": told.kind.confidence,
            "reason": told.kind.reason,
            "rivals": list(told.kind.rivals),
        },
    }
    for name, read in (("title", told.title), ("number", told.number), ("date", told.date), ("issuer", told.issuer)):
        if read is not None:
            found[name] = {
                "confidence": round(read.confidence, 4), "reason": read.reason, "page_id": pages[read.page].id,
                "box": list(read.box) if read.box else None, "repaired_from": read.repaired_from,
            }  # fmt: skip
    if told.features is not None:
        found["features"] = {
            "value": told.features.value, "confidence": round(told.features.confidence, 4),
            "reason": told.features.reason, "page_id": pages[told.features.page].id,
            "box": list(told.features.box) if told.features.box else None,
        }  # fmt: skip
    if planned.folder is not None:
        found["folder"] = {"confidence": round(planned.folder.confidence, 4), "reason": planned.folder.reason}
    if told.but_luc is not None:
        first, last = told.but_luc
        found["but_luc"] = {
            "confidence": min(first.confidence, last.confidence),
            "reason": first.reason,
            "repaired_from": first.repaired_from,
        }
    for name in unsure:
        named = "type_code" if name == "type" else name
        found.setdefault(named, {"confidence": 0.0, "reason": "chưa đọc được"})["unsure"] = True
    if told.notes:
        found["cut"]["notes"] = list(told.notes)
    return found


def _number_documents(session: Session, batch_id: int, place: Mapping[int, int]) -> None:
    """Positions of documents follow their first pages."""
    firsts: list[tuple[int, int]] = []
    for document in session.scalars(select(Document).where(Document.batch_id == batch_id)):
        held = [place[link.page_id] for link in document.page_links if link.page_id in place]
        firsts.append((min(held, default=len(place)), document.id))
    for position, (_, document_id) in enumerate(sorted(firsts)):
        session.get_one(Document, document_id).position = position
    session.flush()


def _write_opinion(session: Session, batch: Batch, plan: BatchPlan) -> None:
    opinion = session.get(BatchOpinion, batch.id) or BatchOpinion(batch_id=batch.id)
    opinion.case_kind, opinion.order, opinion.at = plan.case_kind, plan.proposal.order, now()
    opinion.differences = list(plan.proposal.differences)
    opinion.case_numbers = [[number, round(weight, 2)] for number, weight in plan.numbers]
    session.add(opinion)
