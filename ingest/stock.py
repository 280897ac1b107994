"""What lies in the way of intake and is no scan: remembered for the screen and for ``archive status``."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.errors import ArchiveError, DiskFull
from config.settings import Settings
from storage import room
from storage.database import Database
from storage.models.base import now
from storage.models.intake import InboxProblem

#: under which a problem with moving or writing in the share is noted; no file has this path
SHARE = "/"
_PATH_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as a person reads it; ``path`` is relative to the inbox, empty for the inbox as a whole."""

    path: str
    code: str
    message: str
    since: datetime


def problems(session: Session) -> list[Problem]:
    """Problems that stand now, oldest first."""
    rows = session.scalars(select(InboxProblem).order_by(InboxProblem.since))
    return [
        Problem(row.path.removeprefix(SHARE), row.code, str(row.detail.get("message", "")), row.since) for row in rows
    ]


def problems_now(session: Session, settings: Settings) -> list[Problem]:
    """Problems that stand now, with the full disks first: those nobody may have been able to record."""
    known = problems(session)
    recorded = {problem.code for problem in known}
    full = [] if DiskFull.code in recorded else room.shortages(settings)
    return [Problem("", error.code, error.message("vi"), now()) for error in full] + known


class Problems:
    """The watcher's view of them: writes only what changed, so that a quiet inbox writes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.read() as session:
            self._known = {row.path: row.code for row in session.scalars(select(InboxProblem))}

    def note(self, path: str, error: ArchiveError) -> bool:
        """A problem stands; tells whether it is a new one."""
        path = path[:_PATH_LENGTH]
        if self._known.get(path) == error.code:
            return False
        with self._database.write() as session:
            session.merge(
                InboxProblem(path=path, code=error.code, detail={"message": error.message("vi")}, since=now())
            )
        self._known[path] = error.code
        return True

    def clear(self, path: str) -> None:
        """A problem is over."""
        self._remove({path[:_PATH_LENGTH]} & self._known.keys())

    def keep_only(self, paths: set[str]) -> None:
        """Problems of files that are gone are over; that of the inbox as a whole stays until a file goes in."""
        shortened = {path[:_PATH_LENGTH] for path in paths}
        self._remove({path for path in self._known if path not in {"", SHARE, *shortened}})
        if not paths:
            self.clear("")

    def _remove(self, gone: set[str]) -> None:
        if not gone:
            return
        with self._database.write() as session:
            session.execute(delete(InboxProblem).where(InboxProblem.path.in_(gone)))
        for path in gone:
            del self._known[path]
