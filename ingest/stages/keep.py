"""Stage *keep*: what is no scan – recordings, films, Word and Excel files – gets a thumbnail or its text."""

from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import intake, jobs, media, office, priorities, progress
from ingest.errors import ToolMissing
from ingest.jobs import Claimed, NewJob
from ingest.page_images import Size, image_name
from ingest.workshop import Workshop, original_of
from storage import pages
from storage.access import SERVICE
from storage.models.base import now
from storage.models.scans import OcrState, Page, PageKind, Scan, ScanState
from storage.reading import PageReading


def run(shop: Workshop, job: Claimed) -> None:
    """Make what can be made of the file; the file itself is kept in any case."""
    with shop.database.read() as session:
        scan = session.get_one(Scan, job.scan_id)
        kind, original = scan.kind, original_of(scan)
    path = shop.vault.path(original.sha256)
    notes: dict[str, str] = {}
    readings: list[PageReading] = []
    if kind == "office":
        readings = office.read(path, original.media_type, original.name)
    elif kind == "video":
        target = shop.derived.path(original.sha256, image_name(1, Size.THUMB, 0))
        try:
            if not target.is_file() and not media.film_thumbnail(path, target, side=Size.THUMB.side or 0):
                notes["thumbnail"] = "no picture could be taken"
        except ToolMissing as error:
            notes["thumbnail"] = error.message("en")
    with shop.finishing(job) as session:
        scan = session.get_one(Scan, job.scan_id)
        scan.error_detail = {**scan.error_detail, **notes}
        _add_pages(session, scan, readings)
        if not readings:
            scan.state, scan.finished_at = ScanState.DONE, now()


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """A file that cannot be opened is still kept; a person sees why nothing of it can be searched."""
    scan = session.get_one(Scan, job.scan_id)
    intake.put_aside(session, SERVICE, scan, error, now=now())


def _add_pages(session: Session, scan: Scan, readings: list[PageReading]) -> None:
    """One page per sheet or section, read already."""
    if not readings:
        return
    scan.page_count, scan.state = len(readings), ScanState.READING
    there = {page.number: page for page in scan.pages}
    for number, reading in enumerate(readings, start=1):
        page = there.get(number)
        if page is None:
            page = Page(scan_id=scan.id, number=number)
            session.add(page)
            session.flush()
        pages.store_reading(session, page, reading)
        page.header_checked, page.kind, page.ocr_state = True, PageKind.DOCUMENT, OcrState.DONE
    jobs.enqueue(session, [NewJob("split", priorities.CUTTING, batch_id=scan.batch_id)], now())
    progress.after_page(session, scan.batch, now())
