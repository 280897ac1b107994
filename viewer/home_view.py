"""What the home page shows of each area: deadlines due, cases one works on, numbers that need attention."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from config.settings import Settings
from ledger import due
from ledger.due import Summary
from ledger.office import load_office
from storage.access import Actor, case_scope, visible_cases
from storage.but_luc_report import Report, report_of_case
from storage.models.base import now
from storage.models.cases import Case
from viewer import queries

MOST_CASES = 8


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case on the home page."""

    case: Case
    documents: int
    pages: int
    numbers: Report


def due_items(session: Session, settings: Settings, actor: Actor) -> Summary:
    """Ledger deadlines due today, this week and overdue, of the lines the actor may see."""
    today = now().astimezone(ZoneInfo(settings.timezone)).date()
    return due.summary(session, actor, load_office(settings), today)


def case_lines(session: Session, actor: Actor) -> list[CaseLine]:
    """The newest open cases the actor may see, with the state of their bút lục."""
    scope = case_scope(session, actor)
    query = (
        select(Case).where(visible_cases(scope), Case.status == "open").options(selectinload(Case.numbers))
        .order_by(Case.id.desc()).limit(MOST_CASES)
    )  # fmt: skip
    found = list(session.scalars(query))
    counts = queries.document_counts(session, scope, [case.id for case in found])
    return [CaseLine(case, *counts.get(case.id, (0, 0)), report_of_case(session, case.id)) for case in found]


def greeting_hour(settings: Settings, moment: datetime) -> int:
    """The hour of the day in the office."""
    return moment.astimezone(ZoneInfo(settings.timezone)).hour
