"""Stage *render*: the pictures people see of a page, made before they ask for them, a few pages at a time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest.errors import PageDamaged, PageTooLarge
from ingest.jobs import Claimed
from ingest.priorities import PAGES_PER_RENDER
from ingest.workshop import Workshop, original_of
from storage.models.scans import Page, Scan


def run(shop: Workshop, job: Claimed) -> None:
    """Make thumbnail and screen image of the job's page and those after it. Pictures that are there are kept."""
    with shop.database.read() as session:
        first = session.get_one(Page, job.page_id)
        original = original_of(session.get_one(Scan, job.scan_id))
        numbers = select(Page.number, Page.rotation).where(
            Page.scan_id == job.scan_id, Page.number >= first.number, Page.number < first.number + PAGES_PER_RENDER
        ).order_by(Page.number)  # fmt: skip
        pages = [(row.number, row.rotation) for row in session.execute(numbers)]
    with shop.images.open(original) as source:
        for number, rotation in pages:
            try:
                shop.images.make(original, source, number, rotation)
            except (PageDamaged, PageTooLarge):
                continue  # the reading of that page meets the same fault and reports it on the page itself
    with shop.finishing(job):
        pass


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """Pictures are made again when somebody asks for the page; the job's row keeps the reason."""
