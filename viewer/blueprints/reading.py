"""Pages the machine read badly, worst first: image and text side by side, corrected line by line with the keyboard."""

import itertools
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config.errors import Invalid
from storage import corrections
from storage.access import require_page
from storage.models.documents import DocumentPage
from storage.reading import Box, PageReading
from viewer.context import actor, db, settings

blueprint = Blueprint("reading", __name__, url_prefix="/soat-chu")

QUEUE_LENGTH = 100
#: a line is marked where its least sure word is below this
DOUBTFUL = 0.7


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown: its text, its place on the page, and whether a word of it is doubtful."""

    number: int
    text: str
    box: Box
    doubtful: bool
    corrected: bool


@blueprint.get("/")
def index() -> str:
    """The queue: pages the person may see, worst first."""
    pages = corrections.worst_first(db(), actor(), settings().review_confidence, QUEUE_LENGTH)
    return render_template("reading/index.html", pages=pages)


@blueprint.get("/<int:page_id>")
def show(page_id: int) -> str:
    """One page: its image, and its lines to correct."""
    page = require_page(db(), actor(), page_id)
    reading = corrections.displayed_reading(db(), page_id)
    link = db().get(DocumentPage, page_id)
    return render_template(
        "reading/show.html", page=page, lines=_lines(reading) if reading else [],
        document=link.document if link else None,
    )  # fmt: skip


@blueprint.post("/<int:page_id>/dong")
def correct(page_id: int) -> Response:
    """Keep what a person typed for one place of the page."""
    text, box = request.form.get("text", ""), _box(request.form.get("box", ""))
    corrections.correct(db(), actor(), page_id, box, text)
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"saved": True, "text": " ".join(text.split())})
    return redirect(url_for("reading.show", page_id=page_id), 303)


@blueprint.post("/<int:page_id>/hoan-tac")
def undo(page_id: int) -> Response:
    """Take back the newest correction of the page."""
    undone = corrections.undo(db(), actor(), page_id)
    flash(_("Đã trả lại chữ trước khi sửa.") if undone else _("Trang này chưa có chỗ nào được sửa."))
    return redirect(url_for("reading.show", page_id=page_id), 303)


@blueprint.post("/<int:page_id>/xong")
def done(page_id: int) -> Response:
    """The page was compared with its image; on to the next worst."""
    corrections.mark_proofread(db(), actor(), page_id)
    left = corrections.worst_first(db(), actor(), settings().review_confidence, 1)
    if left:
        return redirect(url_for("reading.show", page_id=left[0].page_id), 303)
    flash(_("Đã soát hết các trang máy đọc chưa chắc."), "good")
    return redirect(url_for("reading.index"), 303)


def _box(text: str) -> Box:
    try:
        x, y, w, h = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid(what=_("Chỗ sửa"), why=_("không rõ vị trí")) from None
    return x, y, w, h


def _lines(reading: PageReading) -> list[Line]:
    lines: list[Line] = []
    for _key, group in itertools.groupby(reading.words, key=lambda w: (w.block, w.line)):
        words = list(group)
        left, top = min(w.box[0] for w in words), min(w.box[1] for w in words)
        right, bottom = max(w.box[0] + w.box[2] for w in words), max(w.box[1] + w.box[3] for w in words)
        lines.append(Line(
            number=len(lines) + 1, text=" ".join(w.text for w in words),
            box=(round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5)),
            doubtful=any(w.confidence < DOUBTFUL for w in words), corrected=any(w.confidence >= 1.0 for w in words),
        ))  # fmt: skip
    return lines
