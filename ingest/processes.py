"""The service's own processes: their names, whether they live, and how they end with their parent."""

import os
import socket
import sys
from datetime import datetime, timedelta

import psutil
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest import jobs
from storage.models.intake import ServiceProcess
from storage.models.records import Job

#: how often a process says that it lives, and how long it is believed to live without saying so
SEEN_EVERY = timedelta(seconds=15)
DEAD_AFTER = timedelta(seconds=60)

_PR_SET_PDEATHSIG = 1


def own_name() -> str:
    """Name of this process: host, number and start, so that a number given out again is not taken for it."""
    return f"{_host()}:{os.getpid()}:{psutil.Process().create_time():.2f}"


def _host() -> str:
    return socket.gethostname()[:64]


def report(session: Session, name: str, role: str, now: datetime) -> None:
    """Say that this process lives."""
    row = session.get(ServiceProcess, name)
    if row is None:
        session.add(ServiceProcess(name=name, host=_host(), pid=os.getpid(), role=role, seen_at=now))
    else:
        row.seen_at = now


def leave(session: Session, name: str) -> None:
    """Say that this process ends."""
    session.execute(delete(ServiceProcess).where(ServiceProcess.name == name))


def is_alive(row: ServiceProcess, now: datetime) -> bool:
    """Whether a process runs: looked up on this machine, believed for a while on another."""
    if row.host != _host():
        return row.seen_at > now - DEAD_AFTER
    return _runs_here(row.name)


def _runs_here(name: str) -> bool:
    _, pid, started = name.rsplit(":", 2)
    try:
        process = psutil.Process(int(pid))
        return abs(process.create_time() - float(started)) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def living(session: Session, now: datetime, role: str | None = None) -> list[ServiceProcess]:
    """Processes of the service that run now."""
    rows = session.scalars(select(ServiceProcess))
    return [row for row in rows if (role is None or row.role == role) and is_alive(row, now)]


def bury_dead(session: Session, now: datetime, max_attempts: int) -> list[jobs.Claimed]:
    """Forget processes that died and free what they held, without waiting for leases to run out.

    :returns: jobs that have now crashed their process too often.
    """
    given_up: list[jobs.Claimed] = []
    names = {row.name for row in session.scalars(select(ServiceProcess)) if not is_alive(row, now)}
    # one statement: of two that start at one moment on a database server the second finds nothing left, and no fault
    session.execute(delete(ServiceProcess).where(ServiceProcess.name.in_(names)))
    holders = set(session.scalars(select(Job.worker).where(Job.state == "running").distinct()))
    names |= {name for name in holders if name and name.startswith(_host() + ":") and not _runs_here(name)}
    for name in names:
        given_up += jobs.release_worker(session, name, now, max_attempts)
    return given_up


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends, even by ``kill -9``. Elsewhere than on Linux idle loops look for it."""
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if is_orphan(parent):
        raise SystemExit(1)


def is_orphan(parent: int) -> bool:
    """Whether the parent this process was started by is gone."""
    return os.getppid() != parent if sys.platform != "win32" else not psutil.pid_exists(parent)
