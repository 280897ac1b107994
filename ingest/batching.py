"""Which scans belong together: a sub-folder, or files from one source within a pause, in natural order.

An ADF tray gives seven PDFs, a flatbed three hundred JPEGs: both are one đợt quét. The order is that of the names as a
person counts (1, 2, 10), unless a person has reordered the batch, which is only possible once it is closed.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ingest.names import natural_key
from storage import batches
from storage.access import Actor
from storage.models.cases import Case
from storage.models.scans import Batch, Scan


def name_by_time(moment: datetime, zone: ZoneInfo) -> str:
    """Name of a batch of which nothing but its time is known."""
    local = moment.astimezone(zone)
    return f"Quét {local:%H:%M} ngày {local:%d/%m/%Y}"


def batch_for(
    session: Session, actor: Actor, *, source: str, name: str, case: Case | None, owner_id: int | None, now: datetime,
    pause: timedelta,
) -> Batch:
    """The batch of this source that is still being filled, or a new one."""
    last = session.scalar(
        select(Batch).where(Batch.source == source, Batch.state == "open").order_by(Batch.id.desc()).limit(1)
    )
    if last is not None and last.last_scan_at > now - pause and last.case_id == (case.id if case else None):
        return last
    return batches.open_batch(session, actor, name=name, source=source, case=case, owner_id=owner_id)


def has_quiet_batches(session: Session, *, now: datetime, pause: timedelta) -> bool:
    """Whether any open batch of the inbox has a pause behind it: one cheap read for an idle watcher."""
    return session.scalar(_quiet(now, pause).limit(1)) is not None


def _quiet(now: datetime, pause: timedelta) -> Select[Batch]:
    return select(Batch).where(
        Batch.state == "open", Batch.source.like("inbox:%"), Batch.last_scan_at <= now - pause
    )


def close_quiet_batches(
    session: Session, actor: Actor, *, now: datetime, pause: timedelta, busy_sources: frozenset[str] = frozenset()
) -> list[Batch]:
    """Close open batches whose pause is over and whose folder holds nothing that is still arriving."""
    closed = []
    for batch in session.scalars(_quiet(now, pause)):
        if batch.source not in busy_sources:
            close(session, actor, batch)
            closed.append(batch)
    return closed


def close(session: Session, actor: Actor, batch: Batch, *, keep_order: bool = False) -> None:
    """Let no more scans join a batch, and put them in natural order unless a person gave the order."""
    if batch.state == "open":
        if not keep_order:
            order_naturally(session, batch)
        batches.close_batch(session, actor, batch)


def order_naturally(session: Session, batch: Batch) -> None:
    """Give the scans of a batch the positions their names ask for."""
    scans = list(session.scalars(select(Scan).where(Scan.batch_id == batch.id)))
    for position, scan in enumerate(sorted(scans, key=lambda s: (natural_key(s.name), s.id))):
        scan.position = position
