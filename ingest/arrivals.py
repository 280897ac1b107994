"""A file just seen in the inbox: told to the workers at once, who load what reading needs while it is still looked at.

A file is taken in only after it has been unchanged for a moment; without this, the machine would be idle until then and
load libraries and model afterwards, with somebody waiting.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from storage.database import Database
from storage.models.base import now
from storage.models.records import Meta

_KEY: Final = "intake.arrival"
#: an arrival longer ago than this is no reason to make ready
_RECENT: Final = timedelta(seconds=10)


def announce(session: Session, moment: datetime) -> None:
    """Say that something new lies in the inbox."""
    session.merge(Meta(key=_KEY, value=moment.isoformat()))


class Arrivals:
    """Tells one worker of each arrival once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = self._latest()

    def is_new(self) -> bool:
        """Whether something arrived just now that this worker was not told of."""
        latest = self._latest()
        if latest is None or latest == self._last:
            return False
        self._last = latest
        return now() - datetime.fromisoformat(latest) < _RECENT

    def _latest(self) -> str | None:
        with self._database.read() as session:
            row = session.get(Meta, _KEY)
            return None if row is None else row.value
