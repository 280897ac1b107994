"""Whether the index holds exactly the pages it should: for ``archive verify``."""

import time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from search.engine import open_engine
from search.folder import IndexFolder
from search.pages import may_be_indexed
from search.tree import Bool
from storage.database import Database
from storage.models.records import OutboxEntry
from storage.models.scans import Batch, Page, Scan

MISSING: Final = "it is missing from the index"
EXTRA: Final = "the index holds it, but nobody may find it"
_SETTLE_SECONDS: Final = 3.0


def differences(database: Database, settings: Settings) -> dict[int, str]:
    """Page id → what is wrong, for every page that is missing from the index or should not be in it.

    Pages the index was already told to look at again are left out, and so is an index not built yet: both are work
    under way. The service may be writing meanwhile, so what differs is looked at once more before it counts.
    """
    first = _look(database, settings)
    if not first:
        return {}
    time.sleep(_SETTLE_SECONDS)
    second = _look(database, settings)
    return {page: why for page, why in first.items() if second.get(page) == why}


def _look(database: Database, settings: Settings) -> dict[int, str]:
    current = IndexFolder(settings.index_folder).current()
    if current is None:
        return {}
    engine = open_engine(current.engine, current.folder)
    try:
        indexed = set(engine.reader().page_ids(Bool()))
    finally:
        engine.close()
    with database.read() as session:
        waiting = set(session.scalars(select(OutboxEntry.page_id)))
        wanted = _wanted(session)
    missing = {page: MISSING for page in sorted(wanted - indexed - waiting)}
    return missing | {page: EXTRA for page in sorted(indexed - wanted - waiting)}


def _wanted(session: Session) -> set[int]:
    rows = session.execute(
        select(Page, Batch).join(Scan, Scan.id == Page.scan_id).join(Batch, Batch.id == Scan.batch_id)
        .execution_options(yield_per=1000)
    )
    return {page.id for page, batch in rows if may_be_indexed(page, batch)}
