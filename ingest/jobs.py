"""The queue of work is the ``job`` table; the database is the truth about every job.

States change only by the table ``TRANSITIONS``. A worker claims a row in one short transaction with a lease and a new
generation, works with no transaction open, and settles the row in a second one that refuses a stale generation: a
worker that was given up for dead and comes back late can change nothing. All times come in as arguments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from config.errors import Conflict
from storage.models.base import UtcDateTime
from storage.models.records import OPEN_STATES, Job

#: (state, event) → state. Anything not listed cannot happen.
TRANSITIONS: dict[tuple[str, str], str] = {
    ("ready", "claim"): "running",
    ("ready", "cancel"): "cancelled",
    ("running", "finish"): "done",
    ("running", "ask"): "needs_review",
    ("running", "retry"): "retry_at",
    ("running", "fail"): "failed",
    ("running", "expire"): "ready",
    ("running", "cancel"): "cancelled",
    ("retry_at", "due"): "ready",
    ("retry_at", "cancel"): "cancelled",
    ("done", "again"): "ready",
    ("needs_review", "again"): "ready",
    ("failed", "again"): "ready",
    ("cancelled", "again"): "ready",
}

#: stages of which a machine does one job at a time: they are long and nobody waits for them, so that the other workers
#: stay free for what is dropped meanwhile
ONE_AT_A_TIME = ("assemble",)

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)


class StaleLease(Conflict):
    """The job was given to another worker meanwhile; this worker's result is dropped."""

    code = "JOB-STALE"
    vi = "Việc {what} đã được tiến trình khác nhận. Không có gì bị ghi hai lần; không cần làm gì."
    en = "{what} was given to another process meanwhile. Nothing is written twice; there is nothing to do."


def after(state: str, event: str) -> str:
    """The state that ``event`` leads to from ``state``.

    :raises Conflict: that cannot happen.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Conflict(what=f"job {state} → {event}") from None


def sources(event: str) -> list[str]:
    """States from which ``event`` can happen."""
    return [state for (state, name) in TRANSITIONS if name == event]


def wait_before(attempt: int) -> timedelta:
    """Pause before a job is tried again: 2 s, 4 s, 8 s … at most 5 minutes."""
    doubled: timedelta = _FIRST_WAIT * 2 ** max(0, min(attempt, 20) - 1)
    return min(doubled, _LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed job as a worker holds it while no transaction is open."""

    id: int
    stage: str
    generation: int
    attempts: int
    batch_id: int | None
    scan_id: int | None
    page_id: int | None
    document_id: int | None

    @property
    def label(self) -> str:
        """For logs and messages."""
        for kind in ("page", "document", "scan", "batch"):
            number = getattr(self, f"{kind}_id")
            if number is not None:
                return f"{self.stage} {kind}:{number}"
        return self.stage


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to queue: its stage, what it is about, and how soon (lower goes first)."""

    stage: str
    priority: int
    batch_id: int | None = None
    scan_id: int | None = None
    page_id: int | None = None
    document_id: int | None = None

    @property
    def key(self) -> str:
        """One row per stage and thing."""
        for kind in ("page", "document", "scan", "batch"):
            number = getattr(self, f"{kind}_id")
            if number is not None:
                return f"{self.stage}:{kind}:{number}"
        return self.stage


def enqueue(session: Session, jobs: Iterable[NewJob], now: datetime) -> None:
    """Queue work. A piece already queued stays, sooner if that is asked for; one that is over is begun again."""
    wanted = {job.key: job for job in jobs}
    if not wanted:
        return
    known: dict[str, Job] = {}
    keys = list(wanted)
    for start in range(0, len(keys), 500):
        # locked: a job seen running must not end unseen before it is told that it is wanted again
        part = select(Job).where(Job.key.in_(keys[start : start + 500])).order_by(Job.id).with_for_update()
        part = part.execution_options(populate_existing=True)
        known.update((row.key, row) for row in session.scalars(part))
    fresh = []
    for key, job in wanted.items():
        row = known.get(key)
        if row is None:
            fresh.append({
                "key": key, "stage": job.stage, "state": "ready", "priority": job.priority, "attempts": 0,
                "generation": 0, "run_at": now, "created_at": now, "batch_id": job.batch_id, "scan_id": job.scan_id,
                "page_id": job.page_id, "document_id": job.document_id,
            })  # fmt: skip
        elif row.state == "running":
            row.wanted_again = True
        elif row.state in OPEN_STATES:
            row.priority = min(row.priority, job.priority)
        else:
            _restart(row, now)
            row.priority = job.priority
    if fresh:
        session.execute(insert(Job), fresh)


def _restart(row: Job, now: datetime) -> None:
    row.state = after(row.state, "again")
    row.attempts, row.run_at, row.finished_at = 0, now, None
    row.error_code = row.error_text = None
    row.wanted_again = False


def claim(
    session: Session, worker: str, now: datetime, lease: timedelta, stages: Iterable[str] | None = None
) -> Claimed | None:
    """Give the most urgent ready job to ``worker``, or None. On PostgreSQL rows held by others are skipped."""
    best = select(Job.id).where(Job.state == sources("claim")[0], Job.run_at <= now)
    best = best.where(Job.stage.not_in(ONE_AT_A_TIME) | Job.stage.not_in(_under_way_beside(worker)))
    if stages is not None:
        best = best.where(Job.stage.in_(list(stages)))
    best = best.order_by(Job.priority, Job.id).limit(1).with_for_update(skip_locked=True)
    row = session.execute(
        update(Job)
        .where(Job.id == best.scalar_subquery())
        .values(
            state=after("ready", "claim"), worker=worker, lease_until=now + lease, generation=Job.generation + 1,
            attempts=Job.attempts + 1, wanted_again=False,
        )
        .returning(
            Job.id, Job.stage, Job.generation, Job.attempts, Job.batch_id, Job.scan_id, Job.page_id, Job.document_id
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()  # fmt: skip
    return None if row is None else Claimed(**row._mapping)


def _under_way_beside(worker: str) -> Select[str]:
    """The stages of which a worker of the same machine does a job that has no other beside it."""
    other = aliased(Job)
    machine = worker.partition(":")[0] + ":"
    return select(other.stage).where(
        other.state == "running", other.stage.in_(ONE_AT_A_TIME), other.worker.startswith(machine, autoescape=True)
    )


def has_due(session: Session, now: datetime) -> bool:
    """Whether anything could be claimed or must be woken: one cheap read for an idle worker."""
    return session.scalar(_DUE, {"now": now}) is not None


def _due() -> Select[int]:
    moment = bindparam("now", type_=UtcDateTime())
    waiting = Job.state.in_(("ready", "retry_at")) & (Job.run_at <= moment)
    return select(Job.id).where(waiting | ((Job.state == "running") & (Job.lease_until < moment))).limit(1)


#: built once: idle workers ask it several times a second
_DUE = _due()


def wake(session: Session, now: datetime, max_attempts: int) -> list[Claimed]:
    """Make due retries and expired leases ready again; give back those that have now crashed too often."""
    session.execute(
        update(Job).where(Job.state == "retry_at", Job.run_at <= now).values(state=after("retry_at", "due"))
    )
    return _release(session, now, max_attempts, Job.lease_until < now)


def release_worker(session: Session, worker: str, now: datetime, max_attempts: int) -> list[Claimed]:
    """A worker is known to be dead: its jobs need not wait for their lease to run out."""
    return _release(session, now, max_attempts, Job.worker == worker)


def _release(session: Session, now: datetime, max_attempts: int, condition: object) -> list[Claimed]:
    given_up = []
    expired = select(Job).where(Job.state == "running", condition)  # type: ignore[arg-type]
    for row in session.scalars(expired.with_for_update(skip_locked=True)):
        if row.attempts >= max_attempts:
            row.state, row.finished_at = after(row.state, "fail"), now
            row.error_code, row.error_text = "JOB-CRASHED", f"the process ended {row.attempts} times"
            given_up.append(_claimed(row))
        else:
            row.state, row.run_at = after(row.state, "expire"), now
        row.lease_until = row.worker = None
    return given_up


def _claimed(row: Job) -> Claimed:
    return Claimed(
        row.id, row.stage, row.generation, row.attempts, row.batch_id, row.scan_id, row.page_id, row.document_id
    )


def heartbeat(session: Session, job: Claimed, now: datetime, lease: timedelta) -> bool:
    """Renew the lease; False if the job is no longer this worker's."""
    renewed = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.generation == job.generation, Job.state == "running")
        .values(lease_until=now + lease)
    )
    return bool(renewed.rowcount)  # type: ignore[attr-defined]


def held(session: Session, job: Claimed, *, lock: bool = False) -> Job:
    """The row of a claimed job, for settling it in this transaction.

    :param lock: nobody may change it before this transaction ends.
    :raises StaleLease: it is no longer this worker's.
    """
    row = session.get(Job, job.id, with_for_update=lock or None)
    if row is None or row.generation != job.generation or row.state != "running":
        raise StaleLease(what=job.label)
    return row


def settle(
    session: Session, job: Claimed, event: str, now: datetime, *, code: str | None = None, text: str | None = None,
    wait: timedelta | None = None, counts: bool = True,
) -> None:
    """Finish, fail, ask for review or put off a claimed job.

    :param wait: for ``retry``: when to try again; by default it grows with the attempts.
    :param counts: False = this attempt was not the job's fault (a full disk) and is not counted.
    :raises StaleLease: it is no longer this worker's.
    """
    row = held(session, job, lock=True)
    again = row.wanted_again and event in ("finish", "ask", "fail")
    row.state = after(row.state, event)
    row.error_code, row.error_text = code, text
    row.lease_until = row.worker = None
    if event == "retry":
        row.run_at = now + (wait if wait is not None else wait_before(row.attempts))
        row.attempts -= 0 if counts else 1
    else:
        row.finished_at = now
    if again:
        _restart(row, now)


def cancel_batch(session: Session, batch_id: int, scan_ids: Iterable[int], now: datetime, *, but: int) -> None:
    """Nothing more is to be done for a batch, but for the job that found this out (``but``, settled by its worker).

    A worker in the middle of another job of the batch finds its lease stale.
    """
    for state in sources("cancel"):
        session.execute(
            update(Job)
            .where(Job.state == state, Job.id != but, (Job.batch_id == batch_id) | Job.scan_id.in_(list(scan_ids)))
            .values(state=after(state, "cancel"), lease_until=None, worker=None, finished_at=now)
        )


def again(session: Session, job_ids: Iterable[int], now: datetime) -> int:
    """Begin finished or failed jobs again, at a person's wish; returns how many."""
    rows = list(session.scalars(select(Job).where(Job.id.in_(list(job_ids)), Job.state.not_in(OPEN_STATES))))
    for row in rows:
        _restart(row, now)
    return len(rows)


def open_jobs(session: Session, *, scan_id: int) -> int:
    """How many jobs of a scan are still to be done."""
    query = select(func.count()).select_from(Job).where(Job.scan_id == scan_id, Job.state.in_(OPEN_STATES))
    return session.scalar(query) or 0


def waiting(session: Session) -> dict[str, int]:
    """How many jobs are still to be done, by stage."""
    query = select(Job.stage, func.count()).where(Job.state.in_(OPEN_STATES)).group_by(Job.stage)
    return {row[0]: row[1] for row in session.execute(query)}
