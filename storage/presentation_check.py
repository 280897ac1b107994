"""The check before a hearing: what would go wrong in court, found at the desk.

``stop`` means the presentation cannot be locked until it is put right or a person decides; ``warn`` is to be looked at.
"""

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.presentation_purposes import ASK, NEVER
from storage.corrections import displayed_reading
from storage.models.presentation import Cue, CueKind, CuePane, FrozenPicture, MarkType, Presentation
from storage.models.scans import ScanState
from storage.presentation_rules import Showable, minor_names, showable_pages
from storage.reading import PageReading, Word
from storage.vietnamese import fold

STOP, WARN = "stop", "warn"
PROJECTOR = (1920, 1080)
#: letters lower than this many pixels on the projector cannot be read from the back of a court room
SMALLEST_LETTERS = 14.0
#: share of a name's area that a covering must hide
_HIDDEN = 0.7


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: ``code`` names it, ``cue_id`` where, ``detail`` fills the sentence on screen."""

    level: str
    code: str
    cue_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def check(session: Session, presentation: Presentation) -> list[Finding]:
    """Everything found, worst first, then in order of the cues."""
    cues = presentation.cues
    if not cues:
        return [Finding(STOP, "empty")]
    showable = {one.page.id: one for one in showable_pages(session, presentation)}
    minors = minor_names(presentation.case)
    covers = redactions(presentation)
    unmade = unmade_pictures(session, presentation.id)
    found = []
    for cue in cues:
        found += [Finding(STOP, "unmade", cue.id) for key in cue_pictures(cue) if key in unmade]
        for pane in cue.panes:
            found += _check_pane(session, cue, pane, showable, minors, covers)
        if cue.kind == CueKind.CLIP:
            found += _check_clip(cue)
    found += _not_recalled(cues, showable, unmade)
    found += [Finding(WARN, "situation-empty", None, {"title": one.title}) for one in presentation.situations
              if not one.cues]
    return sorted(found, key=lambda one: one.level != STOP)


def _not_recalled(cues: list[Cue], showable: dict[int, Showable], unmade: set[str]) -> list[Finding]:
    """Pages outside of the cues that nobody will be able to call up, because they have no picture."""
    keys = unmade - {key for cue in cues for key in cue_pictures(cue)}
    pages = [
        f"BL {one.page.but_luc}" if one.page.but_luc else f"{one.document.title}, {one.number_in_document}"
        for one in showable.values() if f"p{one.page.id}" in keys
    ]
    return [Finding(WARN, "unmade-recall", None, {"pages": pages})] if pages else []


def redactions(presentation: Presentation) -> dict[str, list[list[float]]]:
    """Coverings of each picture, gathered from all cues: what is covered once is covered everywhere."""
    boxes: dict[str, list[list[float]]] = {}
    for cue in presentation.cues:
        for pane in cue.panes:
            for mark in pane.marks:
                if mark["type"] == MarkType.REDACTION and mark["box"] not in boxes.setdefault(pane.key, []):
                    boxes[pane.key].append(mark["box"])
    return {key: found for key, found in boxes.items() if found}


def cue_pictures(cue: Cue) -> list[str]:
    """Keys of the pictures, or of the recording, that a cue shows."""
    return [f"m{cue.scan_id}"] if cue.kind == CueKind.CLIP else [pane.key for pane in cue.panes]


def unmade_pictures(session: Session, presentation_id: int) -> set[str]:
    """Keys of the pictures that could not be made: the original is gone, or damaged."""
    rows = select(FrozenPicture.key).where(FrozenPicture.presentation_id == presentation_id,
                                           FrozenPicture.content_hash == "")
    return set(session.scalars(rows))


def name_words(words: tuple[Word, ...], folded_name: str) -> list[Word]:
    """The words of a page that spell a name, wherever it stands."""
    wanted = folded_name.split()
    plain = ["".join(c for c in fold(word.text) if c.isalnum()) for word in words]
    found: list[Word] = []
    for start in range(len(plain) - len(wanted) + 1):
        if plain[start : start + len(wanted)] == wanted:
            found += words[start : start + len(wanted)]
    return found


def is_hidden(word: Word, boxes: list[list[float]]) -> bool:
    """Whether coverings hide a word."""
    x, y, w, h = word.box
    hidden = 0.0
    for left, top, width, height in boxes:
        across = min(x + w, left + width) - max(x, left)
        down = min(y + h, top + height) - max(y, top)
        hidden += max(0.0, across) * max(0.0, down)
    return hidden >= _HIDDEN * w * h


def letters_on_projector(reading: PageReading, region: list[float] | None) -> float | None:
    """Height in pixels of a usual word when the region fills the projector; None for a page without words."""
    x, y, w, h = region or [0.0, 0.0, 1.0, 1.0]
    inside = [word for word in reading.words
              if x <= word.box[0] + word.box[2] / 2 <= x + w and y <= word.box[1] + word.box[3] / 2 <= y + h]
    if not inside or not reading.width or not reading.height:
        return None
    scale = min(PROJECTOR[0] / (w * reading.width), PROJECTOR[1] / (h * reading.height))
    return median(word.box[3] for word in inside) * reading.height * scale


def _check_pane(
    session: Session, cue: Cue, pane: CuePane, showable: dict[int, Showable], minors: list[str],
    covers: dict[str, list[list[float]]],
) -> list[Finding]:
    if pane.page_id is None:
        return []
    one = showable.get(pane.page_id)
    if one is None:
        return [Finding(STOP, "page-gone", cue.id)]
    if one.rule == NEVER:
        return [Finding(STOP, "never", cue.id, {"reasons": list(one.reasons)})]
    found = []
    if one.rule == ASK and set(one.reasons) & {"folder", "unfiled"} and cue.allowed_by_id is None:
        found.append(Finding(STOP, "ask", cue.id, {"reasons": list(one.reasons)}))
    if one.page.but_luc_state != "confirmed":
        found.append(Finding(WARN, "number", cue.id, {"number": one.page.but_luc or ""}))
    reading = displayed_reading(session, pane.page_id)
    if reading is None:
        return [*found, Finding(WARN, "unread", cue.id)]
    open_names = sorted({name for name in minors
                         if any(not is_hidden(word, covers.get(pane.key, []))
                                for word in name_words(reading.words, name))})
    if open_names and cue.minor_allowed_by_id is None:
        found.append(Finding(STOP, "minor", cue.id, {"names": open_names}))
    enlarged = any(mark["type"] == MarkType.CALLOUT for mark in pane.marks)
    height = letters_on_projector(reading, pane.region)
    if height is not None and height < SMALLEST_LETTERS and not enlarged:
        found.append(Finding(WARN, "small", cue.id, {"pixels": round(height)}))
    return found


def _check_clip(cue: Cue) -> list[Finding]:
    scan = cue.scan
    if scan is None or scan.sha256 is None or scan.state in (ScanState.FAILED, ScanState.QUARANTINED):
        return [Finding(STOP, "clip-gone", cue.id)]
    if scan.kind not in ("audio", "video"):
        return [Finding(STOP, "clip-kind", cue.id, {"name": scan.name})]
    return []
