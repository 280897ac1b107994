"""The bút lục strip (dải bút lục): all corners of a batch or case in sequence, numbered from the first one down."""

import io

from flask import Blueprint, jsonify, render_template, request, send_file
from flask_babel import gettext as _
from PIL import Image
from werkzeug.wrappers import Response

from config.errors import Invalid
from ingest.page_images import PageImages, Size
from storage import but_luc_report, review
from storage.access import case_scope, require_batch, require_page
from storage.models.documents import DocumentPage
from storage.models.scans import PageKind
from viewer import review_board
from viewer.context import actor, db, settings
from viewer.iiif.pages import PagePicture

blueprint = Blueprint("numbering", __name__, url_prefix="/but-luc")

#: the part of a page shown: the upper right corner, where the number stands
LEFT, BOTTOM = 0.66, 0.11
#: numbers saved in one go: a case file, not a flood
MOST_NUMBERS = 5000


@blueprint.get("/dot/<int:batch_id>")
def batch(batch_id: int) -> str:
    """The strip of one batch."""
    found = require_batch(db(), actor(), batch_id)
    seen = review_board.seen_pages(db(), case_scope(db(), actor()), found)
    pages = [page for page in seen if page.kind not in review.LOOSE_KINDS]
    loose = [page for page in seen if page.kind == PageKind.BLANK]
    held = {page.id: link.document_id for page in pages if (link := db().get(DocumentPage, page.id)) is not None}
    return render_template(
        "review/numbers.html", batch=found, pages=pages, held=held, blanks=len(loose),
        unit=found.case.but_luc_unit if found.case else "page", report=but_luc_report.report_of_batch(db(), batch_id),
    )


@blueprint.get("/goc/<int:page_id>.jpg")
def corner(page_id: int) -> Response:
    """The upper right corner of a page, large enough to read a faint stamp."""
    page = PagePicture.of(require_page(db(), actor(), page_id))
    path = PageImages(settings()).path(page.original, page.number, page.rotation, Size.SCREEN)
    with Image.open(path) as picture:
        width, height = picture.size
        cut = picture.crop((int(width * LEFT), 0, width, int(height * BOTTOM)))
        stream = io.BytesIO()
        cut.save(stream, "JPEG", quality=80)
    stream.seek(0)
    answer = send_file(stream, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.post("/dot/<int:batch_id>")
def save(batch_id: int) -> Response:
    """Confirm the numbers sent: {"numbers": {page id: text or null}, "volume": text}."""
    told = request.get_json()
    numbers = told.get("numbers")
    if not isinstance(numbers, dict) or not numbers or len(numbers) > MOST_NUMBERS:
        raise Invalid(what=_("bút lục"), why=_("chưa có số nào"))
    given = {int(key): (str(value).strip() or None) if value is not None else None for key, value in numbers.items()}
    review.number_pages(db(), actor(), batch_id, given, told.get("volume"))
    report = but_luc_report.report_of_batch(db(), batch_id)
    return jsonify({"message": _("Đã xác nhận bút lục của %(count)s trang.", count=len(given)), "report": report.lines})
