"""The case of a document: by the inbox folder it came through, by our sheet before it, or by a case number read.

A number read only ever proposes: the document stays outside every case until a person says yes. A named inbox or a
sheet printed by the archive for a case is a person's word already.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ingest.filing.case_numbers import AFTER_ACCEPTED
from ingest.filing.plan import BatchPlan
from storage import cases
from storage.models.cases import Case
from storage.models.scans import Batch


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """``state`` as Document.case_state; ``case_id`` also for a proposal (the document is not in it yet)."""

    state: str
    case_id: int | None
    number: str | None
    confidence: float
    reason: str


def choose_case(session: Session, batch: Batch, plan: BatchPlan, first_page: int) -> CaseChoice:
    """The case for the document that begins at a page of the batch."""
    told = _by_sheet(session, plan, first_page)
    if told is not None:
        return told
    if batch.case_id is not None:
        case = session.get_one(Case, batch.case_id)
        return CaseChoice("confirmed", case.id, case.number, 1.0, "theo thư mục quét của hồ sơ")
    return _by_number(session, plan, first_page)


def _by_sheet(session: Session, plan: BatchPlan, first_page: int) -> CaseChoice | None:
    """The last of our cover sheets before the page, when it names a case that is still open."""
    named = [(index, sheet) for index, sheet in plan.sheets if index < first_page]
    for _, sheet in reversed(named):
        case = session.get(Case, sheet.case_id) if sheet.case_id is not None else None
        if case is None and sheet.case_number:
            found = cases.find_by_number(session, sheet.case_number)
            case = found[0] if len(found) == 1 else None
        if case is not None and case.status == "open":
            return CaseChoice("confirmed", case.id, case.number, 0.99, "theo mã trên tờ bìa đợt quét")
        if sheet.case_number:
            return CaseChoice("proposed", None, sheet.case_number, 0.8, "theo tờ bìa; chưa có hồ sơ mang số này")
    return None


def _by_number(session: Session, plan: BatchPlan, first_page: int) -> CaseChoice:
    numbers = plan.numbers_of(first_page)
    if not numbers:
        return CaseChoice("unassigned", None, None, 0.0, "chưa đọc được số hồ sơ")
    number, weight = numbers[0]
    rival = numbers[1][1] if len(numbers) > 1 else 0.0
    if weight < AFTER_ACCEPTED or weight < 1.5 * rival:
        return CaseChoice("unassigned", None, number, 0.3, f"có số {number} nhưng chưa chắc là số của hồ sơ này")
    found = cases.find_by_number(session, number)
    confidence = min(0.95, 0.6 + 0.05 * weight)
    if len(found) == 1:
        return CaseChoice("proposed", found[0].id, number, confidence, f"đọc được số hồ sơ {number}")
    why = "có nhiều hồ sơ mang số này" if found else "chưa có hồ sơ mang số này"
    return CaseChoice("proposed", None, number, confidence, f"đọc được số hồ sơ {number}; {why}")
