"""What of a case may be shown in a presentation, and why not: the rules of folders and types, secrecy, minors.

Used for cues, for recall in court and for the exported folder alike, so that none of them can show what another hides.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.presentation_purposes import ALLOW, ASK, NEVER
from storage import but_luc
from storage.models.base import now
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.presentation import Presentation
from storage.models.scans import Batch, Page, Scan, SecretState
from storage.pages import machine_texts
from storage.vietnamese import fold

#: BLTTHS 2015 Đ.413–430 protect persons under 18
ADULT_YEARS = 18
_STRICTNESS = {ALLOW: 0, ASK: 1, NEVER: 2}


@dataclass(frozen=True, slots=True)
class Showable:
    """A page of the case with the rule for showing it; ``reasons`` are codes: folder, unfiled, minor, secret."""

    page: Page
    document: Document
    number_in_document: int
    rule: str
    reasons: tuple[str, ...]
    text: str


def document_rule(presentation: Presentation, document: Document) -> str:
    """The rule for a document: that of its type where one was set, else of its folder; unfiled is asked about."""
    if document.type_code and document.type_code in presentation.type_rules:
        return str(presentation.type_rules[document.type_code])
    code = document.folder.code if document.folder else document.folder_code
    return str(presentation.folder_rules.get(code or "", ASK))


def showable_pages(session: Session, presentation: Presentation) -> list[Showable]:
    """Every page of the case, in order of bút lục, with its rule; ``never`` included so that it can be explained."""
    rows = session.execute(
        select(Page, Document, DocumentPage.position, Batch.secret_state)
        .join(DocumentPage, DocumentPage.page_id == Page.id)
        .join(Document, Document.id == DocumentPage.document_id)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .where(Document.case_id == presentation.case_id, Page.replaced_by_id.is_(None))
        .order_by(Document.position, Document.id, DocumentPage.position)
    ).all()
    texts = machine_texts(session, [row.Page.id for row in rows])
    minors = minor_names(presentation.case)
    numbering: dict[int, int] = {}
    found = []
    for page, document, _position, secret_state in rows:
        numbering[document.id] = numbering.get(document.id, 0) + 1
        text = texts.get(page.id, "")
        rule, reasons = _rule(presentation, page, document, secret_state, names_in(text, minors))
        found.append(Showable(page, document, numbering[document.id], rule, reasons, text))
    return sorted(found, key=_order)


def minor_names(case: Case, today: date | None = None) -> list[str]:
    """Folded names of the parties of a case who are under 18, or may be by their year of birth."""
    year = (today or now().date()).year
    return [
        fold(party.name) for party in case.parties
        if party.is_minor or (party.birth_year is not None and year - party.birth_year <= ADULT_YEARS)
    ]


def names_in(text: str, folded_names: list[str]) -> list[str]:
    """Which of the names stand in a text, marks and line breaks aside."""
    if not folded_names:
        return []
    words = f" {' '.join(_letters(text).split())} "
    return [name for name in folded_names if f" {' '.join(_letters(name).split())} " in words]


def _letters(text: str) -> str:
    return "".join(c if c.isalnum() else " " for c in fold(text))


def _rule(
    presentation: Presentation, page: Page, document: Document, secret_state: str, minors: list[str]
) -> tuple[str, tuple[str, ...]]:
    rules = [(document_rule(presentation, document), "folder")]
    if secret_state == SecretState.HALTED or not (page.header_checked or secret_state == SecretState.RELEASED):
        rules.append((NEVER, "secret"))
    if document.case_state != "confirmed":
        rules.append((ASK, "unfiled"))
    if minors:
        rules.append((ASK, "minor"))
    strictest = max((rule for rule, _ in rules), key=lambda rule: _STRICTNESS[rule])
    return strictest, tuple(reason for rule, reason in rules if rule != ALLOW)


def _order(one: Showable) -> tuple[bool, str, tuple[int, int, str], int, int]:
    page = one.page
    return (page.but_luc is None, page.but_luc_volume or "", but_luc.sort_key(page.but_luc), one.document.position,
            one.number_in_document)
