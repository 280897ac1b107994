"""A person's corrections of what was read, laid over the machine's reading and never lost to a later one.

A correction is anchored by its place on the upright page. Whatever words a reading has there are replaced by what the
person typed; a reading by other tools tomorrow gets the same treatment. Corrected words feed the case's own lexicon.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from config.errors import Invalid, NotFound
from storage import audit, outbox
from storage.access import Actor, case_scope, require_page, visible_batches
from storage.models.base import now
from storage.models.cases import CaseParty, Right
from storage.models.documents import Document, DocumentPage, DocumentPerson
from storage.models.reading import PageProofread
from storage.models.scans import Batch, OcrState, Page, PageCorrection, PageText, Scan, SecretState
from storage.pages import machine_reading
from storage.reading import Box, PageReading, Word

#: share of a word's area that must lie in a correction's box for the word to be replaced by it
_COVERED = 0.5
#: longest text one correction may hold: a line, not a page
LONGEST = 600
#: most names handed to the reader for one case
MOST_NAMES = 400


def displayed_reading(session: Session, page_id: int) -> PageReading | None:
    """What people see, search finds and documents quote: the machine's reading with corrections laid over it."""
    reading = machine_reading(session, page_id)
    if reading is None:
        return None
    return apply_corrections(reading, corrections_of(session, page_id))


def corrections_of(session: Session, page_id: int) -> Sequence[PageCorrection]:
    """A page's corrections in force, oldest first."""
    return session.scalars(
        select(PageCorrection)
        .where(PageCorrection.page_id == page_id, PageCorrection.undone_at.is_(None))
        .order_by(PageCorrection.id)
    ).all()


def corrected_pages(session: Session, document_id: int) -> set[int]:
    """The pages of a document that have corrections in force."""
    rows = select(PageCorrection.page_id).join(DocumentPage, DocumentPage.page_id == PageCorrection.page_id)
    return set(session.scalars(rows.where(DocumentPage.document_id == document_id, PageCorrection.undone_at.is_(None))))


def apply_corrections(reading: PageReading, corrections: Iterable[PageCorrection]) -> PageReading:
    """Lay corrections over a reading, oldest first. Pure; the reading given is not changed."""
    words = list(reading.words)
    changed = False
    for correction in corrections:
        x, y, w, h = (float(v) for v in correction.box)
        words = _replaced(words, (x, y, w, h), correction.after)
        changed = True
    return reading.with_words(tuple(words)) if changed else reading


def correct(session: Session, actor: Actor, page_id: int, box: Box, after: str) -> PageCorrection:
    """Replace what was read inside ``box`` by ``after`` (empty: there are no words there).

    :raises NotFound, Forbidden, CaseClosed: as ``require_page``.
    :raises Invalid: the box does not lie on the page, or the text is too long.
    """
    page = require_page(session, actor, page_id, Right.WRITE)
    after = " ".join(after.split())
    x, y, w, h = box
    if not (0 <= x < 1 and 0 <= y < 1 and 0 < w <= 1 and 0 < h <= 1):
        raise Invalid(what="Chỗ sửa", why="nằm ngoài trang")
    if len(after) > LONGEST:
        raise Invalid(what="Chữ sửa", why=f"dài quá {LONGEST} chữ cái")
    shown = displayed_reading(session, page_id)
    covered = [word.text for word in (shown.words if shown else ()) if _covered(word.box, box)]
    correction = PageCorrection(
        page_id=page.id, box=[round(v, 5) for v in box], before=" ".join(covered), after=after, user_id=actor.user_id
    )
    session.add(correction)
    session.flush()
    audit.record(
        session, actor.name, "page.corrected", f"page:{page.id}",
        {"correction": correction.id, "before": correction.before, "after": after},
    )  # fmt: skip
    outbox.pages_changed(session, [page.id])
    return correction


def undo(session: Session, actor: Actor, page_id: int) -> PageCorrection | None:
    """Take back the page's newest correction; the row stays, marked. None if there is nothing to take back."""
    page = require_page(session, actor, page_id, Right.WRITE)
    in_force = corrections_of(session, page_id)
    if not in_force:
        return None
    last = in_force[-1]
    last.undone_at = now()
    audit.record(session, actor.name, "page.correction_undone", f"page:{page.id}", {"correction": last.id})
    outbox.pages_changed(session, [page.id])
    return last


def mark_proofread(session: Session, actor: Actor, page_id: int) -> None:
    """A person has compared text and image: the page leaves the worst-first queue, also after a later reading."""
    page = require_page(session, actor, page_id, Right.WRITE)
    row = session.get(PageProofread, page.id) or PageProofread(page_id=page.id)
    row.user_id, row.at = actor.user_id, now()
    session.add(row)
    audit.record(session, actor.name, "page.proofread", f"page:{page.id}")


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page waiting for a person's eyes, with where it belongs."""

    page_id: int
    scan_id: int
    scan_name: str
    number: int
    confidence: float | None
    failed: str | None


def worst_first(session: Session, actor: Actor, below: float, limit: int = 50) -> list[QueuePage]:
    """Pages the actor may see that were read with less confidence than ``below``, or not at all; worst first."""
    rows = session.execute(
        select(Page.id, Scan.id, Scan.name, Page.number, Page.confidence, Page.ocr_error)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(PageProofread, PageProofread.page_id == Page.id)
        .where(
            PageProofread.page_id.is_(None), _poor(below), visible_batches(case_scope(session, actor)),
            Page.replaced_by_id.is_(None), Page.kind != "blank",
        )
        .order_by(func.coalesce(Page.confidence, 0.0), Page.id)
        .limit(limit * 2)
    )  # fmt: skip
    found = [QueuePage(*row) for row in rows]
    return [page for page in found if _may_see(session, actor, page.page_id)][:limit]


def rereading_candidates(session: Session, tool: str, limit: int) -> list[Page]:
    """Pages whose newest reading is a recogniser's, but not ``tool``'s; lowest confidence first.

    A page a person has proofread is left alone, and so is a batch stopped for secrecy; corrections survive a
    re-reading in any case.
    """
    newest = select(func.max(PageText.id).label("id")).group_by(PageText.page_id).subquery()
    rows = session.scalars(
        select(Page)
        .join(PageText, PageText.page_id == Page.id)
        .join(newest, newest.c.id == PageText.id)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(PageProofread, PageProofread.page_id == Page.id)
        .where(
            PageText.tool != tool, PageText.tool.like("read %"), PageProofread.page_id.is_(None),
            Page.ocr_state == OcrState.DONE, Page.replaced_by_id.is_(None), Scan.sha256.is_not(None),
            Batch.secret_state != SecretState.HALTED,
        )
        .order_by(PageText.confidence, Page.id)
        .limit(limit)
    )  # fmt: skip
    return list(rows)


def case_names(session: Session, case_id: int) -> tuple[str, ...]:
    """The case's own lexicon for repair: its parties, persons of its confirmed documents, and corrected words."""
    parties = session.scalars(select(CaseParty.name).where(CaseParty.case_id == case_id))
    persons = session.scalars(
        select(DocumentPerson.name)
        .join(Document, Document.id == DocumentPerson.document_id)
        .where(Document.case_id == case_id, Document.state == "confirmed")
    )
    corrected = session.scalars(
        select(PageCorrection.after)
        .join(DocumentPage, DocumentPage.page_id == PageCorrection.page_id)
        .join(Document, Document.id == DocumentPage.document_id)
        .where(Document.case_id == case_id, PageCorrection.undone_at.is_(None))
    )
    # of corrected text only what is written like a name: words that each begin with a capital
    named = (text for text in corrected if text and all(part[0].isupper() for part in text.split()))
    return tuple(dict.fromkeys([*parties, *persons, *named]))[:MOST_NAMES]


def _poor(below: float) -> ColumnElement[bool]:
    read = and_(Page.ocr_state == OcrState.DONE, Page.confidence < below)
    return or_(read, Page.ocr_state == OcrState.FAILED)


def _may_see(session: Session, actor: Actor, page_id: int) -> bool:
    try:
        require_page(session, actor, page_id)
    except NotFound:
        return False
    return True


def _covered(word: Box, box: Box) -> bool:
    width = min(word[0] + word[2], box[0] + box[2]) - max(word[0], box[0])
    height = min(word[1] + word[3], box[1] + box[3]) - max(word[1], box[1])
    area = word[2] * word[3]
    return width > 0 and height > 0 and area > 0 and width * height >= _COVERED * area


def _replaced(words: list[Word], box: Box, after: str) -> list[Word]:
    inside = [i for i, word in enumerate(words) if _covered(word.box, box)]
    typed = after.split()
    if inside:
        first = words[inside[0]]
        at, raw = inside[0], " ".join(words[i].raw or words[i].text for i in inside)
        kept = [word for i, word in enumerate(words) if i not in set(inside)]
        new = _typed_words(typed, box, first.line, first.block, raw)
        return [*kept[:at], *new, *kept[at:]]
    at = _insertion_point(words, box)
    near = words[at - 1] if at else None
    if near is not None and abs(_middle(near.box) - _middle(box)) < near.box[3] * 0.6:
        line, block = near.line, near.block
    else:
        line = max((word.line for word in words), default=-1) + 1
        block = near.block if near else 0
    return [*words[:at], *_typed_words(typed, box, line, block, None), *words[at:]]


def _insertion_point(words: list[Word], box: Box) -> int:
    """After the last word that stands above, or on the same height to the left."""
    at = 0
    for i, word in enumerate(words):
        above = word.box[1] + word.box[3] <= _middle(box)
        beside = abs(_middle(word.box) - _middle(box)) < word.box[3] * 0.6 and word.box[0] < box[0]
        if above or beside:
            at = i + 1
    return at


def _middle(box: Box) -> float:
    return box[1] + box[3] / 2


def _typed_words(typed: list[str], box: Box, line: int, block: int, raw: str | None) -> list[Word]:
    """The typed words, spread over the box in proportion to their letters."""
    letters = sum(len(t) for t in typed) + max(0, len(typed) - 1)
    words, x = [], box[0]
    for number, text in enumerate(typed):
        width = box[2] * len(text) / letters
        word = Word(text, (x, box[1], width, box[3]), 1.0, line, block)
        words.append(replace(word, raw=raw) if raw is not None and number == 0 else word)
        x += width + box[2] / letters
    return words
