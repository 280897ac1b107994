"""Batches and scans: making them and changing where they belong. Closing rules (pauses) live in ``ingest``."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import audit, outbox
from storage.access import Actor
from storage.models.base import now
from storage.models.cases import Case
from storage.models.scans import Batch, Scan, SecretState


def open_batch(
    session: Session, actor: Actor, *, name: str, source: str, case: Case | None = None, owner_id: int | None = None,
    folder_code: str | None = None,
) -> Batch:
    """Begin a batch (đợt quét)."""
    case_id = case.id if case else None
    batch = Batch(name=name, source=source, case_id=case_id, owner_id=owner_id, folder_code=folder_code)
    session.add(batch)
    session.flush()
    audit.record(session, actor.name, "batch.opened", f"batch:{batch.id}", {"name": name, "source": source})
    return batch


def close_batch(session: Session, actor: Actor, batch: Batch) -> None:
    """No more scans join this batch; it may now be cut and reviewed as a whole."""
    if batch.state != "closed":
        batch.state, batch.closed_at = "closed", now()
        audit.record(session, actor.name, "batch.closed", f"batch:{batch.id}")


def add_scan(
    session: Session, actor: Actor, batch: Batch, *, name: str, sha256: str | None, size: int, media_type: str = "",
    kind: str = "other", owner_id: int | None = None, source_path: str = "",
) -> Scan:
    """Add a received file to a batch. A file with the same bytes as an earlier one is marked as its duplicate."""
    earlier = None
    if sha256:
        earlier = session.scalar(select(Scan.id).where(Scan.sha256 == sha256).order_by(Scan.id).limit(1))
    last = session.scalar(select(func.max(Scan.position)).where(Scan.batch_id == batch.id))
    scan = Scan(
        batch_id=batch.id, position=0 if last is None else last + 1, name=name, sha256=sha256, size=size,
        media_type=media_type, kind=kind, owner_id=owner_id, source_path=source_path, duplicate_of_id=earlier,
    )
    session.add(scan)
    batch.last_scan_at = now()
    session.flush()
    audit.record(session, actor.name, "scan.received", f"scan:{scan.id}",
                 {"name": name, "sha256": sha256, "size": size, "batch": batch.id, "duplicate_of": earlier})
    return scan


def halt_for_secrecy(session: Session, actor: Actor, batch: Batch, mark: str, page_id: int) -> None:
    """Stop a batch in which a mark of secrecy was read: from now on nothing of it is served or indexed."""
    batch.secret_state = SecretState.HALTED
    outbox.batch_changed(session, batch.id)
    audit.record(session, actor.name, "batch.halted", f"batch:{batch.id}", {"mark": mark, "page": page_id})


def release(session: Session, actor: Actor, batch: Batch, reason: str) -> None:
    """Let a halted batch go on, by decision of the secrecy officer (the mark was misread, or the mode allows it)."""
    batch.secret_state = SecretState.RELEASED
    outbox.batch_changed(session, batch.id)
    audit.record(session, actor.name, "batch.released", f"batch:{batch.id}", {"reason": reason})
