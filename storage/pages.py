"""Pages and their readings: storing what a machine read and giving back the newest."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import outbox
from storage.models.base import now
from storage.models.scans import OcrState, Page, PageText
from storage.reading import PageReading

_ERROR_LENGTH = 300


def store_reading(session: Session, page: Page, reading: PageReading) -> PageText:
    """Keep a machine's reading of a page. The same tool version overwrites its own earlier reading only.

    The page's size, rotation (unless a person set it) and confidence follow, and the index is told.
    """
    row = session.scalar(select(PageText).where(PageText.page_id == page.id, PageText.tool == reading.tool))
    if row is None:
        row = PageText(page_id=page.id, tool=reading.tool)
        session.add(row)
    row.text, row.reading, row.confidence = reading.text, reading.pack(), reading.confidence
    row.created_at = now()  # what was made from an earlier reading is known by it to be stale
    page.ocr_state, page.ocr_error, page.confidence = OcrState.DONE, None, reading.confidence
    if reading.width and reading.height:
        page.width, page.height = reading.width, reading.height
    if not page.rotation_confirmed:
        page.rotation = reading.rotation
    session.flush()
    outbox.pages_changed(session, [page.id])
    return row


def mark_failed(session: Session, page: Page, why: str) -> None:
    """Record that a page could not be read, and why. It stays visible as an image and is never taken for blank."""
    page.ocr_state, page.ocr_error = OcrState.FAILED, why[:_ERROR_LENGTH]
    outbox.pages_changed(session, [page.id])


def machine_reading(session: Session, page_id: int) -> PageReading | None:
    """The newest machine reading of a page, without any person's corrections; None while there is none."""
    packed = session.scalar(
        select(PageText.reading).where(PageText.page_id == page_id).order_by(PageText.id.desc()).limit(1)
    )
    return None if packed is None else PageReading.unpack(packed)


def machine_texts(session: Session, page_ids: list[int]) -> dict[int, str]:
    """The newest machine reading of each page as plain text; one query a thousand pages."""
    found: dict[int, str] = {}
    for start in range(0, len(page_ids), 1000):
        rows = select(PageText.page_id, PageText.text).where(PageText.page_id.in_(page_ids[start : start + 1000]))
        found.update((row.page_id, row.text) for row in session.execute(rows.order_by(PageText.id)))
    return found
