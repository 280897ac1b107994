"""From draft to hearing: marking pages, the check, locking, prints, the court folder, the log of what was shown."""

import io
import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from config.errors import Invalid, NotFound
from config.presentation_purposes import purposes
from storage import audit, presentation_lock, presentations, shown_log, treatments
from storage.corrections import displayed_reading
from storage.models.cases import Right
from storage.models.people import User
from storage.models.presentation import CuePane, Presentation, PresentationState
from storage.presentation_check import STOP, Finding, unmade_pictures
from storage.presentation_check import check as find_problems
from storage.reading_lines import line_boxes
from viewer import court_export, court_slides, cue_names, formats, media
from viewer.blueprints.court import PresentationOpen, locked
from viewer.check_words import explain
from viewer.context import actor, database, db, note_event, settings
from viewer.court_pictures import NOT_MADE, CourtPictures
from viewer.court_words import key_help

blueprint = Blueprint("hearing", __name__, url_prefix="/trinh-chieu")

#: pictures made in one request while the page shows how far it is
FREEZE_AT_ONCE = 8
MAX_LOG_FILE = 5_000_000


@blueprint.get("/<int:presentation_id>/dau/<int:pane_id>")
def mark(presentation_id: int, pane_id: int) -> str:
    """Choose what of a page is shown and lay marks over it."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    pane = _pane(presentation, pane_id)
    reading = displayed_reading(db(), pane.page_id) if pane.page_id else None
    return render_template(
        "presentations/mark.html", presentation=presentation, pane=pane, lines=line_boxes(reading) if reading else [],
        treatments=treatments.of_page(db(), pane.page_id) if pane.page_id else [],
        name=cue_names.names(db(), presentation)[pane.cue_id],
        picture=url_for("images.full", page_id=pane.page_id) if pane.page_id
        else url_for(".brought", presentation_id=presentation.id, pane_id=pane.id),
    )


@blueprint.post("/<int:presentation_id>/dau/<int:pane_id>")
def save_marks(presentation_id: int, pane_id: int) -> Response:
    """Keep region and marks (JSON); with ``name`` also as a saved treatment."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    pane = _pane(presentation, pane_id)
    body: Any = request.get_json()
    if not isinstance(body, dict) or not isinstance(body.get("marks"), list):
        raise Invalid(what=_("dấu trên trang"), why=_("không đúng dạng"))
    presentations.mark_pane(db(), actor(), pane, region=body.get("region"), marks=body["marks"])
    if body.get("name") and pane.page_id:
        treatments.save(db(), actor(), pane.page_id, name=str(body["name"]), region=pane.region, marks=pane.marks)
    return jsonify(region=pane.region, marks=pane.marks)


@blueprint.get("/<int:presentation_id>/dau/<int:pane_id>/hinh")
def brought(presentation_id: int, pane_id: int) -> Response:
    """A picture that was brought in, as it is."""
    presentation = presentations.require(db(), actor(), presentation_id)
    pane = _pane(presentation, pane_id)
    if pane.picture is None:
        raise NotFound(what=_("hình"))
    return send_file(CourtPictures(settings()).brought_file(pane.picture), mimetype="image/png")


def _pane(presentation: Presentation, pane_id: int) -> CuePane:
    for cue in presentation.cues:
        for pane in cue.panes:
            if pane.id == pane_id:
                return pane
    raise NotFound(what=f"hình {pane_id}")


@blueprint.get("/<int:presentation_id>/kiem-tra")
def check(presentation_id: int) -> str:
    """The check before the hearing, and the lock."""
    presentation = presentations.require(db(), actor(), presentation_id)
    found = [*_unplayable(presentation), *find_problems(db(), presentation)] if presentation.is_draft else []
    names = cue_names.names(db(), presentation)
    return render_template(
        "presentations/check.html", presentation=presentation, findings=[(one, explain(one)) for one in found],
        stops=sum(one.level == STOP for one in found), names=names,
        cues={cue.id: cue for cue in presentation.cues},
        missing=len(presentation_lock.missing_pictures(db(), presentation)) if presentation.is_draft else 0,
        unmade=len(unmade_pictures(db(), presentation.id)),
        wanted=len(presentation_lock.wanted_pictures(db(), presentation)),
    )


def _unplayable(presentation: Presentation) -> list[Finding]:
    """Clips that no browser of a court room would play, found long before the hearing."""
    return [
        Finding(STOP, "clip-unplayable", cue.id)
        for cue in presentation.cues
        if cue.scan is not None and media.how_to_play(settings(), cue.scan) not in ("original", "copy")
    ]


@blueprint.post("/<int:presentation_id>/chuan-bi")
def freeze(presentation_id: int) -> Response:
    """Make the next few pictures; answers how many are left, and how many of these could not be made."""
    pictures = CourtPictures(settings())
    with database().read() as own:  # pictures first, the writing transaction only to note them
        missing = presentation_lock.missing_pictures(own, presentations.require_draft(own, actor(), presentation_id))
        kept = [(wanted, pictures.keep_or_tell(own, wanted)) for wanted in missing[:FREEZE_AT_ONCE]]
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    for wanted, one in kept:
        presentation_lock.freeze(db(), presentation, wanted, **asdict(one))
    unmade = sum(one is NOT_MADE for _wanted, one in kept)
    return jsonify(left=max(0, len(missing) - FREEZE_AT_ONCE), wanted=len(missing), unmade=unmade)


@blueprint.post("/<int:presentation_id>/thu-lai")
def try_again(presentation_id: int) -> Response:
    """Let pictures that could not be made be tried once more, as after originals were restored."""
    presentation_lock.try_again(db(), presentations.require_draft(db(), actor(), presentation_id))
    return redirect(url_for(".check", presentation_id=presentation_id), 303)


@blueprint.post("/<int:presentation_id>/khoa")
def lock(presentation_id: int) -> Response:
    """Lock for the hearing."""
    presentation = presentations.require_draft(db(), actor(), presentation_id)
    presentation_lock.lock(db(), actor(), presentation)
    flash(_("Đã khóa bài cho phiên tòa."), "good")
    return redirect(url_for(".check", presentation_id=presentation_id), 303)


@blueprint.post("/<int:presentation_id>/mo-khoa")
def unlock(presentation_id: int) -> Response:
    """Make it a draft again."""
    presentation = presentations.require(db(), actor(), presentation_id, Right.WRITE)
    presentation_lock.unlock(db(), actor(), presentation)
    return redirect(url_for("presentations.show", presentation_id=presentation_id), 303)


@blueprint.get("/<int:presentation_id>/ban-in")
def prints(presentation_id: int) -> str:
    """Everything that can be printed or taken along."""
    presentation = presentations.require(db(), actor(), presentation_id)
    return render_template("presentations/prints.html", presentation=presentation,
                           is_locked=presentation.state == PresentationState.LOCKED)


@blueprint.get("/<int:presentation_id>/ban-in/phim")
def key_sheet(presentation_id: int) -> str:
    """The one-page key: what the keys do, and every cue with its number."""
    return _sheet(presentation_id, "presentations/key_sheet.html", key_help=key_help())


@blueprint.get("/<int:presentation_id>/ban-in/de-cuong")
def outline(presentation_id: int) -> str:
    """The outline (đề cương trình chiếu) with questions and notes."""
    return _sheet(presentation_id, "presentations/outline.html")


def _sheet(presentation_id: int, template: str, **more: Any) -> str:
    presentation = presentations.require(db(), actor(), presentation_id)
    note_event("presentation.printed", f"presentation:{presentation.id}", what=template)
    return render_template(template, presentation=presentation, names=cue_names.names(db(), presentation),
                           purpose=purposes()[presentation.purpose], **more)


@blueprint.get("/<int:presentation_id>/powerpoint")
def powerpoint(presentation_id: int) -> Response:
    """The cues as PowerPoint pages with question and notes: the last resort in a strange court room."""
    presentation = locked(presentation_id)
    data = court_slides.powerpoint(db(), settings(), presentation)
    note_event("presentation.exported", f"presentation:{presentation.id}", what="pptx")
    return send_file(io.BytesIO(data), as_attachment=True, download_name=f"trinh-chieu-{presentation.id}.pptx",
                     mimetype="application/vnd.openxmlformats-officedocument.presentationml.presentation")


@blueprint.post("/<int:presentation_id>/thu-muc-phien-toa")
def folder(presentation_id: int) -> Response:
    """The court folder as a ZIP to be unpacked on a stick; with a password its content is encrypted."""
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise Invalid(what=_("mật khẩu"), why=_("hai lần nhập không giống nhau"))
    with database().read() as own:  # writing the folder takes long; the transaction only notes that it was taken
        presentation = presentations.require(own, actor(), presentation_id, Right.WRITE)
        if presentation.state != PresentationState.LOCKED:
            raise PresentationOpen(what=presentation.name)
        package = court_export.as_zip(own, settings(), presentation, password or None)
        detail = {"what": "court-folder", "protected": bool(password), "lock": presentation.lock_hash}
    audit.record(db(), actor().name, "presentation.exported", f"presentation:{presentation_id}", detail)
    return send_file(package, as_attachment=True, download_name=f"phien-toa-{presentation_id}.zip",
                     mimetype="application/zip")


@blueprint.get("/<int:presentation_id>/nhat-ky")
def log(presentation_id: int) -> str:
    """The log of what was shown, to read and to print."""
    presentation = presentations.require(db(), actor(), presentation_id)
    entries = [(f"{formats.local(one.at):%H:%M:%S %d/%m/%Y}", one) for one in shown_log.entries(db(), presentation.id)]
    actors = {one.actor.removeprefix("user:") for _at, one in entries}
    people = db().scalars(select(User).where(User.login.in_(actors)))
    return render_template("presentations/log.html", presentation=presentation, entries=entries,
                           names={user.login: user.name for user in people})


@blueprint.post("/<int:presentation_id>/nhat-ky")
def import_log(presentation_id: int) -> Response:
    """Bring back the log of a court folder."""
    presentation = presentations.require(db(), actor(), presentation_id, Right.WRITE)
    sent = request.files.get("file")
    data = sent.stream.read(MAX_LOG_FILE + 1) if sent is not None and sent.filename else b""
    try:
        content = json.loads(data) if 0 < len(data) <= MAX_LOG_FILE else None
    except ValueError:
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("entries"), list):
        raise Invalid(what=_("tệp nhật ký"), why=_("không phải tệp nhật ký của thư mục phiên tòa"))
    if str(content.get("presentation")) != str(presentation.id):
        raise Invalid(what=_("tệp nhật ký"), why=_("thuộc bài trình chiếu khác"))
    _ids, new = shown_log.take_in(db(), actor(), presentation, content["entries"], source="folder")
    flash(_("Đã nhận %(new)s dòng nhật ký.", new=new), "good")
    return redirect(url_for(".log", presentation_id=presentation_id), 303)
