from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Conflict
from ingest import jobs
from ingest.jobs import NewJob, StaleLease
from storage.database import Database
from storage.models.records import Job

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LEASE = timedelta(seconds=90)
STATES = {"ready", "running", "retry_at", "done", "needs_review", "failed", "cancelled"}


def queue(session: Session, *stages: str, priority: int = 5) -> None:
    jobs.enqueue(session, [NewJob(stage, priority) for stage in stages], NOON)


def only(session: Session) -> Job:
    return session.scalars(select(Job)).one()


def test_the_table_names_known_states_only_and_every_one_can_be_reached() -> None:
    assert {state for state, _ in jobs.TRANSITIONS} | set(jobs.TRANSITIONS.values()) == STATES
    assert set(jobs.TRANSITIONS.values()) == STATES


@given(st.lists(st.sampled_from(sorted({event for _, event in jobs.TRANSITIONS})), max_size=30))
def test_no_sequence_of_events_leaves_the_table(events: list[str]) -> None:
    state = "ready"
    for event in events:
        if (state, event) in jobs.TRANSITIONS:
            state = jobs.after(state, event)
            assert state in STATES
        else:
            with pytest.raises(Conflict):
                jobs.after(state, event)


def test_waits_grow_and_end() -> None:
    waits = [jobs.wait_before(attempt) for attempt in range(1, 40)]
    assert waits[0] == timedelta(seconds=2)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=5)


def test_long_work_nobody_waits_for_leaves_the_other_workers_of_a_machine_free(session: Session) -> None:
    """Two searchable PDFs must not hold both workers while a page is dropped."""
    for key in ("a", "b", "c"):
        session.add(Job(key=key, stage="assemble", state="ready", priority=1, run_at=NOON, created_at=NOON))
        session.flush()
    first = jobs.claim(session, "here:1:1.0", NOON, LEASE)
    assert first is not None
    assert jobs.claim(session, "here:2:1.0", NOON, LEASE) is None
    queue(session, "recognise", priority=9)
    page = jobs.claim(session, "here:2:1.0", NOON, LEASE)
    assert page is not None
    assert page.stage == "recognise"
    elsewhere = jobs.claim(session, "there:1:1.0", NOON, LEASE)
    assert elsewhere is not None
    jobs.settle(session, first, "finish", NOON)
    after = jobs.claim(session, "here:1:1.0", NOON, LEASE)
    assert after is not None
    assert len({first.id, elsewhere.id, after.id}) == 3


def test_the_most_urgent_job_is_claimed_once(session: Session) -> None:
    jobs.enqueue(session, [NewJob("late", 9), NewJob("soon", 1)], NOON)
    first = jobs.claim(session, "a", NOON, LEASE)
    second = jobs.claim(session, "b", NOON, LEASE)
    assert first is not None and second is not None
    assert (first.stage, second.stage) == ("soon", "late")
    assert jobs.claim(session, "c", NOON, LEASE) is None


def test_queueing_the_same_work_again_makes_no_second_row(session: Session) -> None:
    queue(session, "split")
    queue(session, "split")
    assert only(session).state == "ready"


def test_work_that_waits_becomes_urgent_when_somebody_asks_for_it_and_never_less(session: Session) -> None:
    for priority in (7, 3, 9):
        queue(session, "assemble", priority=priority)
    assert only(session).priority == 3


def test_work_asked_for_again_while_it_runs_is_done_once_more(session: Session) -> None:
    queue(session, "split")
    job = jobs.claim(session, "a", NOON, LEASE)
    assert job is not None
    queue(session, "split")
    jobs.settle(session, job, "finish", NOON)
    assert only(session).state == "ready"


def test_finished_work_asked_for_again_is_begun_anew(session: Session) -> None:
    queue(session, "split")
    job = jobs.claim(session, "a", NOON, LEASE)
    assert job is not None
    jobs.settle(session, job, "finish", NOON)
    queue(session, "split")
    assert (only(session).state, only(session).attempts) == ("ready", 0)


def test_a_lease_that_ran_out_goes_to_another_worker_and_the_first_can_settle_nothing(session: Session) -> None:
    queue(session, "read")
    slow = jobs.claim(session, "slow", NOON, LEASE)
    assert slow is not None
    later = NOON + LEASE + timedelta(seconds=1)
    assert jobs.wake(session, later, 4) == []
    quick = jobs.claim(session, "quick", later, LEASE)
    assert quick is not None
    with pytest.raises(StaleLease):
        jobs.settle(session, slow, "finish", later)
    assert not jobs.heartbeat(session, slow, later, LEASE)
    jobs.settle(session, quick, "finish", later)
    assert only(session).state == "done"


def test_a_heartbeat_keeps_the_lease(session: Session) -> None:
    queue(session, "read")
    job = jobs.claim(session, "a", NOON, LEASE)
    assert job is not None
    assert jobs.heartbeat(session, job, NOON + timedelta(seconds=60), LEASE)
    jobs.wake(session, NOON + timedelta(seconds=100), 4)
    assert jobs.claim(session, "b", NOON + timedelta(seconds=100), LEASE) is None


def test_a_job_that_kills_its_worker_each_time_is_given_up(session: Session) -> None:
    queue(session, "read")
    for attempt in range(1, 4):
        assert jobs.claim(session, f"w{attempt}", NOON, LEASE) is not None
        given_up = jobs.release_worker(session, f"w{attempt}", NOON, 3)
        assert [job.stage for job in given_up] == (["read"] if attempt == 3 else [])
    assert (only(session).state, only(session).error_code) == ("failed", "JOB-CRASHED")


def test_a_retry_waits_and_a_full_disk_counts_as_no_attempt(session: Session) -> None:
    queue(session, "read")
    job = jobs.claim(session, "a", NOON, LEASE)
    assert job is not None
    jobs.settle(session, job, "retry", NOON, counts=False, wait=timedelta(seconds=20))
    assert only(session).attempts == 0
    assert not jobs.has_due(session, NOON + timedelta(seconds=19))
    later = NOON + timedelta(seconds=21)
    assert jobs.has_due(session, later)
    jobs.wake(session, later, 4)
    assert jobs.claim(session, "a", later, LEASE) is not None


def test_workers_in_turn_do_each_job_exactly_once(database: Database) -> None:
    with database.write() as session:
        queue(session, *(f"s{n}" for n in range(40)))
    done: list[int] = []
    for turn in range(200):
        with database.write() as session:
            job = jobs.claim(session, f"w{turn % 4}", NOON, LEASE)
        if job is None:
            break
        with database.write() as session:
            if turn % 10 == 3:
                jobs.release_worker(session, f"w{turn % 4}", NOON, 99)
            else:
                jobs.settle(session, job, "finish", NOON)
                done.append(job.id)
    assert len(done) == len(set(done)) == 40
