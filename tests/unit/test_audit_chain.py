"""The audit chain finds any edit: hypothesis changes, removes or adds rows anywhere and the chain must say so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.models.records import AuditEvent

EVENTS = 8
#: what somebody with the file in hand may do to a row
EDITS: dict[str, Callable[[AuditEvent], dict[str, Any]]] = {
    "actor": lambda event: {"actor": event.actor + "x"},
    "action": lambda event: {"action": "case.closed"},
    "subject": lambda event: {"subject": event.subject + "0"},
    "detail": lambda event: {"detail": {**event.detail, "n": -1}},
    "at": lambda event: {"at": event.at + timedelta(microseconds=1)},
    "previous_hash": lambda event: {"previous_hash": "f" * 64},
    "hash": lambda event: {"hash": "e" * 64},
}


def _chain(session: Session) -> tuple[int, str]:
    for number in range(EVENTS):
        audit.record(session, "user:hoa", "document.moved", f"document:{number}", {"n": number, "tên": "vụ án"})
    return audit.head(session)




def test_untouched_chain_has_no_fault(session: Session) -> None:
    head = _chain(session)
    assert list(audit.check_chain(session)) == []
    assert list(audit.check_chain(session, head)) == []


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, EVENTS), st.sampled_from(sorted(EDITS)))
def test_any_edit_of_any_event_is_found(session: Session, seq: int, edit: str) -> None:
    session.execute(delete(AuditEvent))
    _chain(session)
    event = session.scalars(select(AuditEvent).where(AuditEvent.seq == seq)).one()
    session.execute(update(AuditEvent).where(AuditEvent.seq == seq).values(**EDITS[edit](event)))
    session.expire_all()
    assert any(fault.seq in (seq, seq + 1) for fault in audit.check_chain(session))


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1, EVENTS), min_size=1))
def test_any_removal_is_found(session: Session, removed: set[int]) -> None:
    session.execute(delete(AuditEvent))
    head = _chain(session)
    session.execute(delete(AuditEvent).where(AuditEvent.seq.in_(removed)))
    session.expire_all()
    # Rows cut off at the end leave a valid shorter chain: only the head noted on paper shows it.
    assert list(audit.check_chain(session, head))
    if min(removed) < EVENTS and not removed.issuperset(range(min(removed), EVENTS + 1)):
        assert list(audit.check_chain(session))


def test_row_put_in_with_a_valid_hash_of_its_own_is_found(session: Session) -> None:
    _chain(session)
    last = session.scalars(select(AuditEvent).where(AuditEvent.seq == EVENTS)).one()
    forged = audit.event_hash(EVENTS + 1, last.at, "user:x", "case.closed", "case:1", {}, "a" * 64)
    session.add(AuditEvent(seq=EVENTS + 1, at=last.at, actor="user:x", action="case.closed", subject="case:1",
                           detail={}, previous_hash="a" * 64, hash=forged))
    session.flush()
    assert [fault.kind for fault in audit.check_chain(session)] == ["extra"]


def test_chain_written_anew_as_a_whole_is_found_by_the_noted_head(session: Session) -> None:
    head = _chain(session)
    session.execute(delete(AuditEvent))
    for number in range(EVENTS):
        audit.record(session, "user:other", "document.moved", f"document:{number}")
    assert list(audit.check_chain(session)) == []
    assert [fault.kind for fault in audit.check_chain(session, head)] == ["changed"]
