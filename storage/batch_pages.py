"""The pages of a batch in the order they are to be read: scans in order, passes interleaved, the pile turned."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models.scans import Batch, Page, Scan


def ordered_pages(session: Session, batch: Batch) -> list[Page]:
    """Pages of a batch in reading order; pages replaced by a rescan are left out."""
    found = session.scalars(
        select(Page).join(Scan)
        .where(Scan.batch_id == batch.id, Page.replaced_by_id.is_(None), Scan.duplicate_of_id.is_(None))
        .order_by(Scan.position, Scan.id, Page.number)
    )  # fmt: skip
    return arranged(list(found), interleaved=batch.is_interleaved, turned=batch.is_reversed)


def arranged(pages: Sequence[Page], *, interleaved: bool, turned: bool) -> list[Page]:
    """Put pages in reading order.

    :param interleaved: first all fronts, then the turned pile's backs, so the backs come from the last to the first.
    :param turned: the pile was scanned from its end.
    """
    order = list(pages)
    if interleaved and len(order) > 1:
        half = (len(order) + 1) // 2
        fronts, backs = order[:half], order[half:][::-1]
        missing = half - len(backs)
        order = [fronts[0]] if missing else []
        for front, back in zip(fronts[missing:], backs, strict=True):
            order += [front, back]
    return order[::-1] if turned else order
