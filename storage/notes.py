"""Notes on pages and moments of recordings. They lie over what was scanned and never change it.

A note is its author's own unless shared with everybody who may read the case. Nothing is erased: a removed note is
marked so, and only its author may change or remove it.
"""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from config.errors import Invalid, NotFound
from storage import audit
from storage.access import Actor, require_page, require_scan
from storage.models.base import now
from storage.models.notes import MediaMoment, PageNote
from storage.reading import Box
from storage.vietnamese import nfc

LONGEST = 4000
LONGEST_CAPTION = 300


def add_note(
    session: Session, actor: Actor, page_id: int, text: str, *, box: Box | None = None, shared: bool = False
) -> PageNote:
    """Write a note on a page the actor may read.

    :raises NotFound: the page may not be seen.
    :raises Invalid: no text, or a region that does not lie on the page.
    """
    page = require_page(session, actor, page_id)
    note = PageNote(
        page_id=page.id, user_id=_person(actor), text=_text(text), box=_region(box), is_shared=shared
    )
    session.add(note)
    session.flush()
    audit.record(session, actor.name, "note.added", f"page:{page.id}", {"note": note.id, "shared": shared})
    return note


def edit_note(session: Session, actor: Actor, note_id: int, text: str, *, shared: bool) -> PageNote:
    """Change one's own note."""
    note = _own(session, actor, note_id)
    note.text, note.is_shared, note.changed_at = _text(text), shared, now()
    audit.record(session, actor.name, "note.changed", f"page:{note.page_id}", {"note": note.id, "shared": shared})
    return note


def remove_note(session: Session, actor: Actor, note_id: int) -> PageNote:
    """Take one's own note away; the row stays, marked."""
    note = _own(session, actor, note_id)
    note.removed_at = now()
    audit.record(session, actor.name, "note.removed", f"page:{note.page_id}", {"note": note.id})
    return note


def notes_on(session: Session, actor: Actor, page_ids: Iterable[int]) -> list[PageNote]:
    """Notes on pages whose rights were checked already: the actor's own and shared ones, oldest first."""
    query = (
        select(PageNote)
        .where(
            PageNote.page_id.in_(list(page_ids)), PageNote.removed_at.is_(None),
            or_(PageNote.is_shared, PageNote.user_id == actor.user_id),
        )
        .options(joinedload(PageNote.user))
        .order_by(PageNote.id)
    )
    return list(session.scalars(query))


def add_moment(
    session: Session, actor: Actor, scan_id: int, start: float, end: float | None, caption: str
) -> MediaMoment:
    """Mark a moment of a recording the actor may see.

    :raises Invalid: times that no recording has, or an end before the start.
    """
    scan = require_scan(session, actor, scan_id)
    if scan.kind not in ("audio", "video"):
        raise Invalid(what=scan.name, why="không phải bản ghi âm, ghi hình")
    if not 0 <= start < 1e6 or (end is not None and not start < end < 1e6):
        raise Invalid(what="đoạn đánh dấu", why="lúc kết thúc phải sau lúc bắt đầu")
    moment = MediaMoment(
        scan_id=scan.id, user_id=_person(actor), start=round(start, 2), end=None if end is None else round(end, 2),
        caption=nfc(caption).strip()[:LONGEST_CAPTION],
    )
    session.add(moment)
    session.flush()
    audit.record(session, actor.name, "moment.added", f"scan:{scan.id}", {"moment": moment.id, "start": start})
    return moment


def remove_moment(session: Session, actor: Actor, moment_id: int) -> MediaMoment:
    """Take one's own mark away; the row stays, marked."""
    moment = session.get(MediaMoment, moment_id)
    if moment is None or moment.removed_at is not None or moment.user_id != actor.user_id:
        raise NotFound(what="đoạn đánh dấu")
    require_scan(session, actor, moment.scan_id)
    moment.removed_at = now()
    audit.record(session, actor.name, "moment.removed", f"scan:{moment.scan_id}", {"moment": moment.id})
    return moment


def moments_of(session: Session, scan_id: int) -> list[MediaMoment]:
    """The marks of a recording in the order of time."""
    query = select(MediaMoment).where(MediaMoment.scan_id == scan_id, MediaMoment.removed_at.is_(None))
    return list(session.scalars(query.options(joinedload(MediaMoment.user)).order_by(MediaMoment.start)))


def _own(session: Session, actor: Actor, note_id: int) -> PageNote:
    note = session.get(PageNote, note_id)
    if note is None or note.removed_at is not None or note.user_id != actor.user_id:
        raise NotFound(what="ghi chú")
    require_page(session, actor, note.page_id)
    return note


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise Invalid(what="ghi chú", why="chỉ người đăng nhập mới ghi được")
    return actor.user_id


def _text(text: str) -> str:
    text = nfc(text).strip()
    if not text:
        raise Invalid(what="ghi chú", why="chưa nhập")
    if len(text) > LONGEST:
        raise Invalid(what="ghi chú", why=f"dài quá {LONGEST} chữ cái")
    return text


def _region(box: Box | None) -> list[float] | None:
    if box is None:
        return None
    x, y, width, height = box
    if not (0 <= x < 1 and 0 <= y < 1 and 0 < width <= 1 and 0 < height <= 1):
        raise Invalid(what="vùng ghi chú", why="nằm ngoài trang")
    return [round(value, 5) for value in box]
