"""What of other areas points to a case: lines of the registers, presentations, other cases."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage import presentations as stored_presentations
from storage.access import Actor, case_scope
from storage.models.cases import Case, CaseLink
from storage.models.ledger import LedgerEntry
from storage.models.presentation import Presentation


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A tie to another case. ``outgoing``: this case is the earlier one. ``case`` is None where it may not be seen."""

    kind: str
    outgoing: bool
    case: Case | None


def ledger_entries(session: Session, actor: Actor, case: Case) -> list[LedgerEntry]:
    """Lines of any book that belong to the case; who may read the case may read them."""
    query = select(LedgerEntry).where(LedgerEntry.case_id == case.id)
    return list(session.scalars(query.order_by(LedgerEntry.book, LedgerEntry.period, LedgerEntry.number)))


def presentations(session: Session, case: Case) -> list[Presentation]:
    """Presentations prepared from the case."""
    return stored_presentations.of_case(session, case.id)


def linked_cases(session: Session, actor: Actor, case: Case) -> list[LinkedCase]:
    """Cases tied to this one; one that may not be seen is counted but not named."""
    scope = case_scope(session, actor)
    query = select(CaseLink).where(or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id)).order_by(CaseLink.id)
    found = []
    for link in session.scalars(query):
        outgoing = link.case_id == case.id
        other_id = link.other_id if outgoing else link.case_id
        other = session.get(Case, other_id) if scope.allows(other_id, None) else None
        found.append(LinkedCase(link.kind, outgoing, other))
    return found
