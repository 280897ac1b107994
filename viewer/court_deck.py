"""The deck: everything the presenter's window needs for a hearing, as one JSON document.

The stage window never gets it. Pages that may never be shown are left out: they can be neither recalled nor exported.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import document_types
from config.presentation_purposes import ALLOW, NEVER, purposes
from storage import but_luc
from storage.models.presentation import Cue, CueKind, FrozenPicture, Presentation
from storage.presentation_check import redactions
from storage.presentation_lock import frozen_pictures
from storage.presentation_rules import Showable, showable_pages
from storage.vietnamese import fold
from viewer import formats


def build(session: Session, presentation: Presentation, office_name: str) -> dict[str, Any]:
    """The deck of a locked presentation."""
    pages = [one for one in showable_pages(session, presentation) if one.rule != NEVER]
    pictures = {picture.key: picture for picture in frozen_pictures(session, presentation.id)}
    pages = [one for one in pages if key_of(one) in pictures]
    volumes = {one.page.but_luc_volume for one in pages if one.page.but_luc_volume}
    labels = {key_of(one): page_label(one, len(volumes) > 1) for one in pages}
    return {
        "presentation": _head(presentation, office_name),
        "situations": [
            {"id": situation.id, "title": situation.title, "notes": situation.notes,
             "cues": [_cue(cue, labels) for cue in situation.cues]}
            for situation in presentation.situations
        ],
        "pages": [_page(one, labels[key_of(one)]) for one in pages],
        "documents": _documents(pages),
        "pictures": {key: _picture(picture) for key, picture in pictures.items()},
        "lines": {key: picture.lines for key, picture in pictures.items() if picture.lines},
        "redactions": redactions(presentation),
        "speech": _speech(presentation),
    }


def key_of(one: Showable) -> str:
    """Name of a page's frozen picture."""
    return f"p{one.page.id}"


def document_name(one: Showable) -> str:
    """What a document is called: its title, else the name of its type."""
    return one.document.title or document_types.name_of(one.document.type_code) or _("Tài liệu chưa có tên")


def page_label(one: Showable, with_volume: bool) -> str:
    """What stands small on the stage. A number nobody confirmed is not put before the court as if it were sure."""
    page = one.page
    if page.but_luc and page.but_luc_state == "confirmed":
        return formats.but_luc(page.but_luc, None, page.but_luc_volume if with_volume else None)
    return str(_("%(document)s, trang %(number)s", document=document_name(one), number=one.number_in_document))


def _head(presentation: Presentation, office_name: str) -> dict[str, Any]:
    return {
        "id": str(presentation.id), "name": presentation.name, "case": presentation.case.name,
        "case_number": presentation.case.number, "purpose": purposes()[presentation.purpose].name,
        "minutes": presentation.minutes, "lock": presentation.lock_hash, "office": office_name,
        "locked_at": presentation.locked_at.isoformat() if presentation.locked_at else None,
    }


def _cue(cue: Cue, labels: dict[str, str]) -> dict[str, Any]:
    label = cue.caption or "  |  ".join(labels.get(pane.key, "") for pane in cue.panes if labels.get(pane.key))
    name = label or cue.text_title or (cue.scan.name if cue.scan else "")
    return {
        "id": cue.id, "kind": cue.kind, "rule": ALLOW, "label": "" if cue.kind == CueKind.TEXT else label,
        "name": name, "question": cue.question, "notes": cue.notes,
        "panes": [{"key": pane.key, "region": pane.region, "marks": pane.marks} for pane in cue.panes],
        "text": {"title": cue.text_title, "body": cue.text_body} if cue.kind == CueKind.TEXT else None,
        "clip": {"key": f"m{cue.scan_id}", "name": name, "start": cue.clip_start or 0, "end": cue.clip_end}
        if cue.kind == CueKind.CLIP else None,
    }


def _speech(presentation: Presentation) -> list[dict[str, Any]]:
    """The running text cut at its citations; a citation carries the id of its first cue."""
    text = presentation.speech
    cue_at: dict[int, int] = {}
    for cue in presentation.cues:
        if cue.speech_at is not None:
            cue_at.setdefault(cue.speech_at, cue.id)
    segments: list[dict[str, Any]] = []
    done = 0
    for citation in but_luc.citations(text):
        if citation.start in cue_at:
            segments.append({"text": text[done : citation.start], "cue": None})
            segments.append({"text": text[citation.start : citation.end], "cue": cue_at[citation.start]})
            done = citation.end
    return [*segments, {"text": text[done:], "cue": None}] if text else []


def _page(one: Showable, label: str) -> dict[str, Any]:
    return {
        "key": key_of(one), "label": label, "number": one.page.but_luc, "volume": one.page.but_luc_volume,
        "state": one.page.but_luc_state, "rule": one.rule, "reasons": list(one.reasons), "document": one.document.id,
        "first": one.number_in_document == 1, "at": one.number_in_document, "text": fold(one.text),
    }


def _documents(pages: list[Showable]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for one in sorted(pages, key=lambda one: (one.document.position, one.document.id, one.number_in_document)):
        document = one.document
        entry = found.setdefault(document.id, {
            "id": document.id, "title": document_name(one), "number": document.number,
            "date": formats.day(document.date), "pages": [],
        })
        entry["pages"].append(key_of(one))
    return list(found.values())


def _picture(picture: FrozenPicture) -> dict[str, Any]:
    return {"sha256": picture.content_hash, "size": picture.size, "type": picture.media_type,
            "width": picture.width, "height": picture.height}
