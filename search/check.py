"""Whether the index and the records agree, page by page."""

from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from search import tree
from search.library import library
from search.pages import may_be_indexed
from storage.models.records import OutboxEntry
from storage.models.scans import Batch, Page, Scan


class Difference(Enum):
    """How a page of the index differs from the records."""

    MISSING = "missing"
    EXTRA = "extra"


def differences(session: Session, settings: Settings) -> list[tuple[int, Difference]]:
    """Pages that should be found and are not in the index, and the other way round.

    Pages still waiting in the outbox are no difference. Without an index every page that should be found is one.
    """
    query = select(Page, Batch).join(Scan, Scan.id == Page.scan_id).join(Batch, Batch.id == Scan.batch_id)
    wanted = {page.id for page, batch in session.execute(query) if may_be_indexed(page, batch)}
    waiting = set(session.scalars(select(OutboxEntry.page_id)))
    with library(settings.index_folder).reader() as reader:
        held = set(reader.page_ids(tree.Bool())) if reader is not None else set()
    missing = [(page_id, Difference.MISSING) for page_id in sorted(wanted - held - waiting)]
    extra = [(page_id, Difference.EXTRA) for page_id in sorted(held - wanted - waiting)]
    return missing + extra
