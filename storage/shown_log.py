"""The log of what was shown (nhật ký trình chiếu): taken in from the presenter's window or from a court folder."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid
from storage import audit
from storage.access import Actor
from storage.models.base import now
from storage.models.presentation import Presentation, ShownEntry

KINDS = frozenset({"start", "shown", "black"})
MAX_ENTRIES = 5000
_ID = re.compile(r"[0-9a-f]{8,40}")
_KEY = re.compile(r"[pam]\d{1,12}")
#: a window's clock may be wrong, but not by years
_OLDEST, _AHEAD = timedelta(days=730), timedelta(days=2)


def take_in(
    session: Session, actor: Actor, presentation: Presentation, entries: Sequence[Any], *, source: str
) -> tuple[list[str], int]:
    """Add entries to the log and the audit chain; what is there already is left alone.

    :param source: ``online`` or ``folder``.
    :returns: ids that are now in the log (new or not), and how many were new.
    :raises Invalid: an entry that is not one, or too many of them.
    """
    if len(entries) > MAX_ENTRIES:
        raise Invalid(what="nhật ký trình chiếu", why=f"nhiều nhất {MAX_ENTRIES} dòng mỗi lần")
    checked = [_checked(entry) for entry in entries]
    known = set(session.scalars(select(ShownEntry.entry_id).where(ShownEntry.presentation_id == presentation.id)))
    new = 0
    for values in checked:
        if values["entry_id"] in known:
            continue
        known.add(values["entry_id"])
        session.add(ShownEntry(presentation_id=presentation.id, actor=actor.name, source=source, **values))
        if values["kind"] != "black":
            detail = {"at": values["at"], "label": values["label"], "pictures": values["pictures"], "source": source,
                      "kind": values["kind"]}
            audit.record(session, actor.name, "presentation.shown", f"presentation:{presentation.id}", detail)
        new += 1
    session.flush()
    return [values["entry_id"] for values in checked], new


def entries(session: Session, presentation_id: int) -> list[ShownEntry]:
    """The whole log of a presentation, in order of time."""
    rows = select(ShownEntry).where(ShownEntry.presentation_id == presentation_id)
    return list(session.scalars(rows.order_by(ShownEntry.at, ShownEntry.id)))


def _checked(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        raise Invalid(what="nhật ký trình chiếu", why="có dòng không đúng dạng")
    entry_id, kind, label = str(entry.get("id", "")), entry.get("kind"), str(entry.get("label", ""))
    pictures = entry.get("pictures", [])
    if not _ID.fullmatch(entry_id) or kind not in KINDS or not isinstance(pictures, list):
        raise Invalid(what="nhật ký trình chiếu", why="có dòng không đúng dạng")
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in pictures):
        raise Invalid(what="nhật ký trình chiếu", why="có hình không rõ")
    title = str(entry.get("title", ""))
    return {"entry_id": entry_id, "at": _moment(entry.get("at")), "kind": kind, "label": (label or title)[:300],
            "pictures": pictures[:4]}


def _moment(text: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        raise Invalid(what="nhật ký trình chiếu", why=f"thời điểm {text} không đúng") from None
    present = now()
    if at.tzinfo is None or not present - _OLDEST < at < present + _AHEAD:
        raise Invalid(what="nhật ký trình chiếu", why=f"thời điểm {text} không đúng; hãy kiểm tra đồng hồ của máy")
    return at
