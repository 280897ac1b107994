"""Records of the service itself: jobs, the outbox to the index, the audit chain, and single values."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, now

#: states in which a job still has something to do
OPEN_STATES = ("ready", "running", "retry_at")


class Job(Base):
    """A piece of work. The table is the queue: a worker claims a row with a lease and a generation."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_priority", "state", "priority", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: ``stage:kind:id`` – one row per piece of work, so the same work can never be queued twice
    key: Mapped[str] = mapped_column(String(80), unique=True)
    stage: Mapped[str] = mapped_column(String(20))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"), index=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="ready")
    #: lower goes first
    priority: Mapped[int] = mapped_column(default=100)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(default=now)
    lease_until: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(100))
    #: the same work was asked for again while it was running: begin it once more when it is done
    wanted_again: Mapped[bool] = mapped_column(default=False)
    error_code: Mapped[str | None] = mapped_column(String(50))
    error_text: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class OutboxEntry(Base):
    """A page the index must look at again, written in the transaction that changed it.

    ``page_id`` is no foreign key on purpose: the entry outlives its page when the page must leave the index.
    """

    __tablename__ = "outbox_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class AuditEvent(Base):
    """One link of the audit chain; ``hash`` covers every other column and the hash before it."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(100), index=True)
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Meta(Base):
    """A single remembered value, by key."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
