"""Preparing presentations: the list, the editor, and the one way by which pages are added from anywhere."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from config import document_types, folders
from config.errors import Invalid
from config.presentation_purposes import RULES, purposes
from storage import brought, presentations, speech
from storage.access import case_scope, require_case, require_page, require_scan, visible_cases
from storage.models.cases import Case, Right
from storage.models.documents import DocumentPage
from storage.models.presentation import CueKind, Presentation
from viewer import cue_names
from viewer.context import actor, database, db, vault
from viewer.security import wants_json

blueprint = Blueprint("presentations", __name__, url_prefix="/trinh-chieu")

LATEST = 60


@blueprint.get("/")
def index() -> str:
    """Presentations of the cases one may see; with ``case_id`` those of one case and a form for a new one."""
    case_id = request.args.get("case_id", type=int)
    case = require_case(db(), actor(), case_id) if case_id else None
    rows = select(Presentation).join(Case).where(visible_cases(case_scope(db(), actor())))
    if case:
        rows = rows.where(Presentation.case_id == case.id)
    found = list(db().scalars(rows.order_by(Presentation.changed_at.desc()).limit(LATEST)))
    return render_template("presentations/index.html", found=found, case=case, purposes=list(purposes().values()))


@blueprint.post("/")
def create() -> Response:
    """Begin a presentation of a case."""
    case = require_case(db(), actor(), request.form.get("case_id", 0, type=int), Right.WRITE)
    made = presentations.create(
        db(), actor(), case, name=request.form.get("name", ""), purpose=request.form.get("purpose", "")
    )
    return redirect(url_for(".show", presentation_id=made.id), 303)


@blueprint.get("/<int:presentation_id>")
def show(presentation_id: int) -> str:
    """The editor (or, once locked, what is in it)."""
    presentation = presentations.require(db(), actor(), presentation_id)
    names = cue_names.names(db(), presentation)
    return render_template(
        "presentations/show.html", presentation=presentation, names=names, purposes=purposes(),
        recordings=cue_names.recordings(db(), presentation.case_id), folder_rows=_folder_rows(presentation),
        type_rows=[(code, document_types.name_of(code), rule) for code, rule in presentation.type_rules.items()],
    )


def _folder_rows(presentation: Presentation) -> list[tuple[str, str, str]]:
    own = {folder.code: folder.name for folder in presentation.case.folders}
    known = folders.folders()
    return [(code, own.get(code) or (known[code].name if code in known else code), rule)
            for code, rule in presentation.folder_rules.items()]


@blueprint.post("/<int:presentation_id>")
def edit(presentation_id: int) -> Response:
    """Rename, or change the time limit."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    presentations.edit(db(), actor(), presentation, name=request.form.get("name", ""),
                       minutes=request.form.get("minutes", 0, type=int))
    return _back(presentation_id)


@blueprint.post("/<int:presentation_id>/xoa")
def remove(presentation_id: int) -> Response:
    """Delete a draft."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    case_id = presentation.case_id
    presentations.remove(db(), actor(), presentation)
    return redirect(url_for(".index", case_id=case_id), 303)


@blueprint.post("/<int:presentation_id>/quy-tac")
def rules(presentation_id: int) -> Response:
    """Decide which folders and types may be shown."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    given = {key: value for key, value in request.form.items() if value in RULES}
    presentations.set_rules(
        db(), actor(), presentation,
        folders={key.removeprefix("folder-"): rule for key, rule in given.items() if key.startswith("folder-")},
        types={key.removeprefix("type-"): rule for key, rule in given.items() if key.startswith("type-")},
    )
    return _back(presentation_id)


@blueprint.post("/<int:presentation_id>/tinh-huong")
def add_situation(presentation_id: int) -> Response:
    """Add a foreseen situation."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    made = presentations.add_situation(db(), actor(), presentation, request.form.get("title", ""))
    return _back(presentation_id, f"situation-{made.id}")


@blueprint.post("/<int:presentation_id>/tinh-huong/<int:situation_id>")
def edit_situation(presentation_id: int, situation_id: int) -> Response:
    """Change, move or remove a situation, by ``do``."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    situation = presentations.find_situation(presentation, situation_id)
    what = request.form.get("do", "edit")
    if what == "remove":
        presentations.remove_situation(db(), actor(), situation)
        return _back(presentation_id)
    if what in ("up", "down"):
        presentations.move_situation(db(), actor(), situation, situation.position + (1 if what == "down" else -1))
    else:
        presentations.edit_situation(db(), actor(), situation, title=request.form.get("title", ""),
                                     notes=request.form.get("notes", ""))
    return _back(presentation_id, f"situation-{situation_id}")


@blueprint.post("/muc-chieu")
def add_cue() -> Response:
    """Add a page, two pages or a clip to a presentation: the one way for viewer, search, compare and the editor.

    Takes ``page_id`` (and ``other_page_id``) or ``scan_id`` with ``start`` and ``end`` in seconds; ``region`` and
    ``other_region`` as "x,y,w,h" in fractions; ``caption``, ``question``, ``notes``; ``situation_id`` or
    ``presentation_id``, else the case's draft last worked on (made when there is none).
    """
    case_id = _case_of_request()
    case = require_case(db(), actor(), case_id, Right.WRITE)
    presentation_id = request.form.get("presentation_id", type=int)
    if presentation_id:
        presentation = presentations.require_draft(db(), actor(), presentation_id)
    else:
        presentation = presentations.current_draft(db(), actor(), case)
    if presentation.case_id != case.id:
        raise Invalid(what=_("mục chiếu"), why=_("trang thuộc hồ sơ khác"))
    situation_id = request.form.get("situation_id", type=int)
    situation = (presentations.find_situation(presentation, situation_id) if situation_id
                 else presentation.situations[-1])
    words: dict[str, Any] = {key: request.form[key] for key in ("caption", "question", "notes") if key in request.form}
    cue = presentations.add_cue(db(), actor(), situation, **_what_to_show(), **words)
    if wants_json():
        return jsonify(cue_id=cue.id, presentation_id=presentation.id, presentation=presentation.name,
                       url=url_for(".show", presentation_id=presentation.id))
    flash(_("Đã đưa vào bài trình chiếu “%(name)s”.", name=presentation.name), "good")
    return _back(presentation.id, f"cue-{cue.id}")


def _case_of_request() -> int:
    page_id, scan_id = request.form.get("page_id", type=int), request.form.get("scan_id", type=int)
    if page_id:
        require_page(db(), actor(), page_id)
        link = db().get(DocumentPage, page_id)
        case_id = link.document.case_id if link else None
        what = _("trang %(number)s", number=page_id)
    elif scan_id:
        case_id = require_scan(db(), actor(), scan_id).batch.case_id
        what = _("tệp ghi %(number)s", number=scan_id)
    else:
        raise Invalid(what=_("mục chiếu"), why=_("chưa chọn trang"))
    if case_id is None:
        raise Invalid(what=what, why=_("chưa xếp vào hồ sơ nào nên chưa trình chiếu được"))
    return case_id


def _what_to_show() -> dict[str, Any]:
    form = request.form
    if form.get("scan_id", type=int):
        return {"kind": CueKind.CLIP, "scan_id": form.get("scan_id", type=int),
                "clip_start": form.get("start", type=float), "clip_end": form.get("end", type=float)}
    panes = [{"page_id": form.get("page_id", type=int), "region": _box(form.get("region", ""))}]
    other = form.get("other_page_id", type=int)
    if other:
        require_page(db(), actor(), other)
        panes.append({"page_id": other, "region": _box(form.get("other_region", ""))})
    return {"kind": CueKind.PAIR if other else CueKind.PICTURE, "panes": panes}


def _box(text: str) -> list[float] | None:
    return presentations.check_box(text.split(",")) if text.strip() else None


@blueprint.post("/<int:presentation_id>/theo-so")
def add_numbers(presentation_id: int) -> Response:
    """Add the pages of a citation, "45–47, 112" or "tập 2, BL 30"; ``pair`` puts the first two side by side."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    situation = presentations.find_situation(presentation, request.form.get("situation_id", 0, type=int))
    pages = cue_names.pages_of_text(db(), presentation, request.form.get("numbers", ""))
    if request.form.get("pair") and len(pages) < 2:
        raise Invalid(what=_("hai trang cạnh nhau"), why=_("cần hai số bút lục"))
    if request.form.get("pair"):
        presentations.add_cue(db(), actor(), situation, kind=CueKind.PAIR,
                              panes=[{"page_id": page.id} for page in pages[:2]])
    else:
        for page in pages:
            presentations.add_cue(db(), actor(), situation, kind=CueKind.PICTURE, panes=[{"page_id": page.id}])
    return _back(presentation_id, f"situation-{situation.id}")


@blueprint.post("/<int:presentation_id>/doan-chu")
def add_text(presentation_id: int) -> Response:
    """Add a text, such as an article of law."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    situation = presentations.find_situation(presentation, request.form.get("situation_id", 0, type=int))
    cue = presentations.add_cue(
        db(), actor(), situation, kind=CueKind.TEXT, text_title=request.form.get("text_title", ""),
        text_body=request.form.get("text_body", ""),
    )
    return _back(presentation_id, f"cue-{cue.id}")


@blueprint.post("/<int:presentation_id>/hinh")
def add_pictures(presentation_id: int) -> Response:
    """Bring in pictures or the pages of a PDF (made in PowerPoint or XMind); each becomes a cue."""
    with database().read() as own:  # may this person do it at all? only then are the pages drawn
        presentations.require_draft(own, actor(), presentation_id)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(what=_("tệp gửi lên"), why=_("chưa chọn tệp nào"))
    stored = brought.receive(vault(), sent.filename, sent.stream)
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    situation = presentations.find_situation(presentation, request.form.get("situation_id", 0, type=int))
    made = brought.register(db(), actor(), presentation.case, stored)
    for picture in made:
        presentations.add_cue(db(), actor(), situation, kind=CueKind.PICTURE, panes=[{"picture_id": picture.id}],
                              caption=picture.name)
    flash(ngettext("Đã đưa vào %(num)d hình.", "Đã đưa vào %(num)d hình.", len(made)), "good")
    return _back(presentation_id, f"situation-{situation.id}")


@blueprint.post("/<int:presentation_id>/bai-phat-bieu")
def set_speech(presentation_id: int) -> Response:
    """Take a speech, pasted or as a Word file; its citations become cues."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        text = speech.word_text(sent.stream.read(speech.MAX_WORD_BYTES + 1))
    else:
        text = request.form.get("text", "")
    result = speech.set_speech(db(), actor(), presentation, text)
    flash(_("Đã tạo %(cues)s mục chiếu từ bài phát biểu.", cues=result.cues), "good")
    if result.missing:
        flash(_("Không có trang được chiếu cho: %(list)s", list="; ".join(result.missing[:12])), "bad")
    return _back(presentation_id)


@blueprint.post("/<int:presentation_id>/muc-chieu/<int:cue_id>")
def edit_cue(presentation_id: int, cue_id: int) -> Response:
    """Change, move, allow or remove a cue, by ``do``; answers scripts with JSON."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    cue = presentations.find_cue(presentation, cue_id)
    what, form = request.form.get("do", "edit"), request.form
    if what == "remove":
        presentations.remove_cue(db(), actor(), cue)
        return _done(presentation_id, f"situation-{cue.situation_id}")
    if what == "move":
        situation = presentations.find_situation(presentation, form.get("situation_id", cue.situation_id, type=int))
        presentations.move_cue(db(), actor(), cue, situation, form.get("position", 0, type=int))
    elif what == "allow":
        presentations.allow_cue(db(), actor(), cue, folder="folder" in form, minor="minor" in form)
    else:
        values: dict[str, Any] = {key: form[key] for key in
                                  ("caption", "question", "notes", "text_title", "text_body") if key in form}
        values |= {key: form.get(key, type=float) for key in ("clip_start", "clip_end") if key in form}
        presentations.edit_cue(db(), actor(), cue, values)
    return _done(presentation_id, f"cue-{cue_id}")


def _done(presentation_id: int, anchor: str) -> Response:
    return jsonify(done=True) if wants_json() else _back(presentation_id, anchor)


def _back(presentation_id: int, anchor: str | None = None) -> Response:
    target = request.form.get("next", "")
    if target == "check":
        return redirect(url_for("hearing.check", presentation_id=presentation_id), 303)
    return redirect(url_for(".show", presentation_id=presentation_id, _anchor=anchor), 303)
