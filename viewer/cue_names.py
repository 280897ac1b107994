"""What cues are called on screen, and the pages and recordings a presentation can take from its case."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid
from config.presentation_purposes import NEVER
from storage import but_luc
from storage.citation_pages import cited_pages
from storage.models.presentation import Cue, CueKind, Presentation
from storage.models.scans import Batch, Page, Scan, SecretState
from storage.presentation_rules import Showable, showable_pages
from viewer import formats
from viewer.court_deck import document_name

#: pages added at one go
MOST_PAGES = 60


@dataclass(frozen=True, slots=True)
class CueName:
    """How a cue is shown in lists: its name, what it is, the bút lục, and whether something is to be decided."""

    name: str
    kind: str
    detail: str
    rule: str
    page_id: int | None
    number: str


def names(session: Session, presentation: Presentation) -> dict[int, CueName]:
    """Names of all cues by id."""
    pages = {one.page.id: one for one in showable_pages(session, presentation)}
    return {cue.id: _name(cue, pages) for cue in presentation.cues}


def _name(cue: Cue, pages: dict[int, Showable]) -> CueName:
    shown = [pages[pane.page_id] for pane in cue.panes if pane.page_id in pages]
    numbers = "  |  ".join(formats.but_luc(one.page.but_luc, None, one.page.but_luc_volume) for one in shown)
    titles = "  |  ".join(dict.fromkeys(document_name(one) for one in shown))
    rules = [one.rule for one in shown]
    rule = NEVER if NEVER in rules else "ask" if "ask" in rules and cue.allowed_by_id is None else "allow"
    if cue.kind == CueKind.TEXT:
        return CueName(cue.text_title or cue.text_body[:80], _("Đoạn chữ"), cue.text_body[:160], rule, None, "")
    if cue.kind == CueKind.CLIP:
        start, end = formats.seconds(cue.clip_start or 0), formats.seconds(cue.clip_end) if cue.clip_end else _("hết")
        name = cue.caption or (cue.scan.name if cue.scan else "")
        return CueName(name, _("Đoạn ghi"), f"{start} – {end}", rule, None, "")
    kind = _("Hai trang") if cue.kind == CueKind.PAIR else _("Trang")
    if cue.panes and cue.panes[0].picture is not None:
        return CueName(cue.caption or cue.panes[0].picture.name, _("Hình đưa vào"), "", rule, None, "")
    if cue.panes and cue.panes[0].region:
        kind = _("Vùng của trang")
    return CueName(cue.caption or titles, kind, titles if cue.caption else "", rule,
                   shown[0].page.id if shown else None, numbers)


def pages_of_text(session: Session, presentation: Presentation, text: str) -> list[Page]:
    """Pages for numbers typed by a person, in the order typed.

    :raises Invalid: no number, none of the pages may be shown, or far too many.
    """
    wanted = but_luc.citations(text) or but_luc.citations(f"BL {text}")
    allowed = [one.page for one in showable_pages(session, presentation) if one.rule != NEVER and one.page.but_luc]
    found = [page for citation in wanted for cited in citation.ranges
             for page in cited_pages(allowed, cited, citation.volume)]
    if not found:
        raise Invalid(what=_("bút lục %(text)s", text=text[:60]), why=_("không có trang nào như vậy được chiếu"))
    if len(found) > MOST_PAGES:
        raise Invalid(what=_("bút lục %(text)s", text=text[:60]), why=_("quá nhiều trang cho một lần thêm"))
    return found


def recordings(session: Session, case_id: int) -> list[Scan]:
    """Recordings of a case that may be made cues."""
    rows = select(Scan).join(Batch).where(
        Batch.case_id == case_id, Scan.kind.in_(("audio", "video")), Scan.sha256.is_not(None),
        Batch.secret_state != SecretState.HALTED,
    )
    return list(session.scalars(rows.order_by(Scan.name)))
