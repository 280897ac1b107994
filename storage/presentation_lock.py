"""Locking a presentation for the hearing: which pictures are frozen, that they are, and the hash over it all."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from config.presentation_purposes import NEVER
from storage import audit
from storage.access import Actor
from storage.models.base import now
from storage.models.presentation import CueKind, FrozenPicture, Presentation, PresentationState
from storage.presentation_check import STOP, check, redactions
from storage.presentation_rules import showable_pages
from storage.presentations import PresentationLocked
from storage.turning import turn_shown


class PresentationNotReady(ArchiveError):
    """The check before the hearing found something that must be put right, or pictures are still missing."""

    code = "PRESENTATION-NOT-READY"
    vi = "Chưa khóa được bài trình chiếu {what}: {why}. Chưa có gì thay đổi."
    en = "Presentation {what} cannot be locked yet: {why}. Nothing was changed."
    status = 409


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to freeze: ``key`` begins with p (page), a (brought picture) or m (recording), then the record's id.

    ``fine`` asks for more pixels (it belongs to a cue); ``covers`` are burned in.
    """

    key: str
    record_id: int
    rotation: int
    fine: bool
    covers: tuple[tuple[float, ...], ...]

    @property
    def recipe(self) -> str:
        """Hash of everything that makes this picture what it is."""
        content = [self.key, self.rotation, self.fine, self.covers]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def wanted_pictures(session: Session, presentation: Presentation) -> list[Wanted]:
    """Everything a locked presentation needs: the cues' pictures first, then every page that may be recalled."""
    covers = {key: tuple(tuple(box) for box in boxes) for key, boxes in redactions(presentation).items()}
    found: dict[str, Wanted] = {}
    pages = showable_pages(session, presentation)
    rotations = {one.page.id: one.page.rotation for one in pages}
    allowed = {one.page.id for one in pages if one.rule != NEVER}
    for cue in presentation.cues:
        for pane in cue.panes:
            key, over = pane.key, covers.get(pane.key, ())
            if pane.page_id is not None and pane.page_id in allowed:
                found[key] = Wanted(key, pane.page_id, rotations[pane.page_id], True, over)
            elif pane.picture_id is not None:
                found[key] = Wanted(key, pane.picture_id, 0, True, over)
        if cue.kind == CueKind.CLIP and cue.scan_id is not None:
            found[f"m{cue.scan_id}"] = Wanted(f"m{cue.scan_id}", cue.scan_id, 0, False, ())
    for one in pages:
        key = f"p{one.page.id}"
        if one.page.id in allowed and key not in found:
            found[key] = Wanted(key, one.page.id, one.page.rotation, False, ())
    return list(found.values())


def missing_pictures(session: Session, presentation: Presentation) -> list[Wanted]:
    """What is not frozen yet, or was frozen by another recipe."""
    frozen = {row.key: row.recipe for row in _noted(session, presentation.id)}
    return [one for one in wanted_pictures(session, presentation) if frozen.get(one.key) != one.recipe]


def frozen_pictures(session: Session, presentation_id: int) -> list[FrozenPicture]:
    """The frozen pictures of a presentation: those that could be made."""
    return [row for row in _noted(session, presentation_id) if row.content_hash]


def try_again(session: Session, presentation: Presentation) -> None:
    """Forget which pictures could not be made, so that they are tried once more."""
    session.execute(delete(FrozenPicture).where(FrozenPicture.presentation_id == presentation.id,
                                                FrozenPicture.content_hash == ""))


def _noted(session: Session, presentation_id: int) -> list[FrozenPicture]:
    rows = select(FrozenPicture).where(FrozenPicture.presentation_id == presentation_id)
    return list(session.scalars(rows.order_by(FrozenPicture.id)))


def freeze(
    session: Session, presentation: Presentation, wanted: Wanted, *, content_hash: str, size: int, media_type: str,
    width: int = 0, height: int = 0, lines: list[list[float]] | None = None,
) -> FrozenPicture:
    """Note a picture that was made and stored, or by an empty hash that none could be made.

    ``lines`` are the boxes of its lines of text.
    """
    row = session.scalar(
        select(FrozenPicture).where(
            FrozenPicture.presentation_id == presentation.id, FrozenPicture.key == wanted.key
        )
    )
    if row is None:
        row = FrozenPicture(presentation_id=presentation.id, key=wanted.key)
        session.add(row)
    row.content_hash, row.recipe, row.size = content_hash, wanted.recipe, size
    row.media_type, row.width, row.height = media_type, width, height
    row.lines = lines or []
    session.flush()
    return row


def lock(session: Session, actor: Actor, presentation: Presentation) -> str:
    """Lock for the hearing and return the hash over cues and pictures.

    :raises PresentationLocked: it is not a draft.
    :raises PresentationNotReady: the check stops it, or pictures are missing.
    """
    if not presentation.is_draft:
        raise PresentationLocked(what=presentation.name)
    stops = [finding for finding in check(session, presentation) if finding.level == STOP]
    if stops:
        raise PresentationNotReady(what=presentation.name, why=f"{len(stops)} điểm phải sửa trong bảng kiểm tra")
    missing = missing_pictures(session, presentation)
    if missing:
        raise PresentationNotReady(what=presentation.name, why=f"còn {len(missing)} hình chưa chuẩn bị xong")
    wanted = {one.key for one in wanted_pictures(session, presentation)}
    pictures = {row.key: row for row in _noted(session, presentation.id)}
    for key, row in pictures.items():
        if key not in wanted:
            session.delete(row)
    presentation.lock_hash = _hash(presentation, {key: pictures[key].content_hash for key in sorted(wanted)})
    presentation.state, presentation.locked_at = PresentationState.LOCKED, now()
    presentation.locked_by_id = actor.user_id
    session.flush()
    audit.record(session, actor.name, "presentation.locked", f"presentation:{presentation.id}",
                 {"hash": presentation.lock_hash, "pictures": len(wanted), "cues": len(presentation.cues)})
    return presentation.lock_hash


def unlock(session: Session, actor: Actor, presentation: Presentation) -> None:
    """Make a locked presentation a draft again. Its pictures stay, so that locking again is quick."""
    before = presentation.lock_hash
    _turn_panes(session, presentation)
    presentation.state, presentation.lock_hash = PresentationState.DRAFT, None
    presentation.locked_at, presentation.locked_by_id = None, None
    try_again(session, presentation)
    session.flush()
    audit.record(session, actor.name, "presentation.unlocked", f"presentation:{presentation.id}", {"hash": before})


def _turn_panes(session: Session, presentation: Presentation) -> None:
    """Turn regions and marks on pages that were turned since their pictures were frozen, as the recipes tell."""
    recipes = {row.key: row.recipe for row in frozen_pictures(session, presentation.id)}
    covers = {key: tuple(tuple(box) for box in boxes) for key, boxes in redactions(presentation).items()}
    for pane in (pane for cue in presentation.cues for pane in cue.panes):
        page = pane.page
        if page is not None:
            frozen = (Wanted(pane.key, page.id, turn, True, covers.get(pane.key, ())) for turn in (0, 90, 180, 270))
            lay = next((one.rotation for one in frozen if one.recipe == recipes.get(pane.key)), page.rotation)
            turn_shown([pane], (page.rotation - lay) % 360)


def _hash(presentation: Presentation, pictures: dict[str, str]) -> str:
    cues: list[dict[str, Any]] = [
        {
            "id": cue.id, "kind": cue.kind, "caption": cue.caption, "title": cue.text_title, "body": cue.text_body,
            "scan": cue.scan_id, "start": cue.clip_start, "end": cue.clip_end,
            "panes": [{"key": pane.key, "region": pane.region, "marks": pane.marks} for pane in cue.panes],
        }
        for cue in presentation.cues
    ]
    content = json.dumps([cues, pictures], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
