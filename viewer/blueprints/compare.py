"""Two documents side by side: scrolled together or apart, differences of wording marked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config.errors import ArchiveError
from storage import corrections
from storage.access import require_document, require_page
from storage.models.documents import Document
from storage.models.scans import Page
from storage.reading import Word
from viewer import differences, statements
from viewer.blueprints.documents import page_label
from viewer.context import actor, db, note_event

blueprint = Blueprint("compare", __name__, url_prefix="/so-sanh")


@blueprint.get("/chon/<int:document_id>")
def choose(document_id: int) -> str:
    """Choose what to compare a document with: the same person's papers first, then the same kind."""
    document = require_document(db(), actor(), document_id)
    others, related = statements.others(db(), actor(), document)
    return render_template("documents/compare_choose.html", document=document, others=others, related=related)


@blueprint.get("/cung-nguoi/<int:document_id>")
def same_person(document_id: int) -> Response:
    """Lay the same person's other statement beside this one; without one, let a person choose."""
    document = require_document(db(), actor(), document_id)
    other = statements.same_person(db(), actor(), document)
    if other is None:
        flash(_("Chưa thấy lời khai khác của cùng người. Hãy chọn tài liệu để so sánh."), "")
        return redirect(url_for(".choose", document_id=document.id), 303)
    left, right = statements.in_order_of_time(document, other)
    return redirect(url_for(".show", left=left.id, right=right.id), 303)


@blueprint.get("/<int:left>/<int:right>")
def show(left: int, right: int) -> str:
    """The two documents."""
    sides = [require_document(db(), actor(), one) for one in (left, right)]
    for side in sides:
        note_event("document.viewed", f"document:{side.id}", by="compare")
    pages = [_pages(side) for side in sides]
    compared = None
    if request.args.get("xem") == "chu":
        compared = differences.compare(*([_words(page) for page in side] for side in pages))
    return render_template(
        "documents/compare.html", sides=sides, pages=pages, compared=compared, page_label=page_label,
        most_words=differences.MOST_WORDS,
    )


def _pages(document: Document) -> list[Page]:
    """The pages of a document that this person may see."""
    found = []
    for page in document.pages:
        try:
            found.append(require_page(db(), actor(), page.id))
        except ArchiveError:
            continue
    return found


def _words(page: Page) -> tuple[Word, ...]:
    reading = corrections.displayed_reading(db(), page.id)
    return reading.words if reading else ()
