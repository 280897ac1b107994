"""Stage *inspect*: a scan becomes its pages, or is put aside with a reason."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import formats, intake, jobs, priorities, progress
from ingest.inspect import Inspection, inspect
from ingest.jobs import Claimed, NewJob
from ingest.page_images import REPAIRED
from ingest.workshop import Workshop, original_of
from storage.access import SERVICE
from storage.models.base import now
from storage.models.scans import Page, Scan, ScanState


def run(shop: Workshop, job: Claimed) -> None:
    """Find the pages of a scan and queue their pictures and readings."""
    with shop.database.read() as session:
        original = original_of(session.get_one(Scan, job.scan_id))
    path = shop.vault.path(original.sha256)
    found = formats.recognise_file(path)
    if found is None:
        raise ValueError(f"scan {job.scan_id}: bytes in the vault are of no known kind any more")
    shop.reader.start()
    facts = inspect(
        path, found, name=original.name, max_pages=shop.settings.max_pages,
        repaired=shop.derived.path(original.sha256, REPAIRED),
    )  # fmt: skip
    with shop.finishing(job) as session:
        scan = session.get_one(Scan, job.scan_id)
        intake.count_pages(session, scan, len(facts.shapes))
        scan.is_signed = facts.is_signed
        scan.error_detail = {**scan.error_detail, **_notes(facts)}
        scan.state = ScanState.READING
        pages = _add_pages(session, scan, facts)
        jobs.enqueue(session, _work(scan, pages, progress.scans_before(session, scan)), now())


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """The scan is put aside; the rest of its batch does not wait for it."""
    scan = session.get_one(Scan, job.scan_id)
    intake.put_aside(session, SERVICE, scan, error, now=now())
    session.flush()
    progress.after_page(session, scan.batch, now())


def _notes(facts: Inspection) -> dict[str, str]:
    notes = {}
    if facts.active:
        notes["active"] = ", ".join(facts.active)
    if facts.notes:
        notes["notes"] = ", ".join(facts.notes)
    return notes


def _add_pages(session: Session, scan: Scan, facts: Inspection) -> list[Page]:
    there = {page.number: page for page in session.scalars(select(Page).where(Page.scan_id == scan.id))}
    for number, shape in enumerate(facts.shapes, start=1):
        if number not in there:
            page = Page(scan_id=scan.id, number=number, width=shape.width, height=shape.height, dpi=shape.dpi)
            session.add(page)
            there[number] = page
    session.flush()
    return [there[number] for number in sorted(there)]


def _work(scan: Scan, pages: list[Page], before: int) -> Iterator[NewJob]:
    for page in pages[:: priorities.PAGES_PER_RENDER]:
        yield NewJob(
            "render", priorities.picture(before + page.number), page_id=page.id, scan_id=scan.id, batch_id=scan.batch_id
        )
    yield from progress.readings(scan, pages, before)
