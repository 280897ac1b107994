"""The audit chain: every state change is a row, written in the same transaction, that covers the row before it.

Changing, removing or inserting a row breaks the chain at that place, and ``check_chain`` says where. Against someone
who rewrites the whole file, the office keeps the daily head hash on paper or on a stick (``head``).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models.base import now
from storage.models.records import AuditEvent

GENESIS = "0" * 64

#: Key of PostgreSQL's advisory lock on the end of the chain; SQLite has one writer at a time anyway.
_CHAIN_LOCK = 0x61726368


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A place where the chain does not hold: ``kind`` is ``changed``, ``missing`` or ``extra``; in both languages."""

    seq: int
    kind: str
    vi: str
    en: str


def event_hash(seq: int, at: datetime, actor: str, action: str, subject: str, detail: Any, previous: str) -> str:
    """SHA-256 over the canonical JSON of an event and the hash before it."""
    content = [seq, at.isoformat(timespec="microseconds"), actor, action, subject, detail, previous]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(
    session: Session, actor: str, action: str, subject: str, detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Append an event inside the caller's writing transaction.

    :param actor: ``Actor.name``: ``user:hoa``, ``cli:root``, ``service``.
    :param action: what happened, ``noun.verb`` in the past tense: ``document.moved``.
    :param subject: what it happened to: ``document:12``.
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    last_seq, previous = head(session)
    seq = last_seq + 1
    # What is hashed is what the database will give back: through JSON and back once.
    plain: dict[str, Any] = json.loads(json.dumps(detail or {}, ensure_ascii=False, default=str))
    moment = now()
    event = AuditEvent(
        seq=seq, at=moment, actor=actor, action=action, subject=subject, detail=plain, previous_hash=previous,
        hash=event_hash(seq, moment, actor, action, subject, plain, previous),
    )
    session.add(event)
    session.flush()
    return event


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last event: what an office writes down to prove later that nothing was rewritten.

    Before the first event: number 0 and ``GENESIS``.
    """
    last = session.execute(
        select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)
    ).one_or_none()
    return (0, GENESIS) if last is None else (last.seq, last.hash)


def _all_events(session: Session) -> Iterator[AuditEvent]:
    """Every event in order, a thousand at a time; the server's cursor is closed even when nobody asks for the rest."""
    query = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000)
    with session.scalars(query) as events:
        yield from events


def check_chain(session: Session, known_head: tuple[int, str] | None = None) -> Iterator[ChainFault]:
    """Walk the whole chain and yield every fault.

    :param known_head: number and hash noted earlier; finds rows cut off at the end and a chain rewritten as a whole.
    """
    previous, expected = GENESIS, 1
    head_seen = known_head is None or known_head == (0, GENESIS)
    for event in _all_events(session):
        if event.seq > expected:
            yield ChainFault(expected, "missing", f"thiếu việc số {expected} đến {event.seq - 1}",
                             f"events {expected} to {event.seq - 1} are not there")
        elif event.seq < expected:
            yield ChainFault(event.seq, "extra", f"việc số {event.seq} đứng trước việc đầu tiên",
                             f"event {event.seq} stands before the first")
        if event.seq == expected and event.previous_hash != previous:
            yield ChainFault(event.seq, "extra", f"việc số {event.seq} không nối tiếp việc trước đó",
                             f"event {event.seq} does not continue the one before it")
        content = event_hash(
            event.seq, event.at, event.actor, event.action, event.subject, event.detail, event.previous_hash
        )
        if content != event.hash:
            yield ChainFault(event.seq, "changed", f"việc số {event.seq} không còn như lúc ghi",
                             f"event {event.seq} is not what was written")
        if known_head and event.seq == known_head[0]:
            head_seen = True
            if event.hash != known_head[1]:
                yield ChainFault(event.seq, "changed", f"việc số {event.seq} có mã khác với mã đã chép vào sổ",
                                 f"event {event.seq} has another hash than was noted")
        previous, expected = event.hash, event.seq + 1
    if not head_seen and known_head:
        yield ChainFault(known_head[0], "missing", f"nhật ký kết thúc trước việc số {known_head[0]} đã chép vào sổ",
                         f"the chain ends before event {known_head[0]} that was noted")
