"""Two documents side by side: scrolled together or apart, differences of wording marked."""

from flask import Blueprint, render_template, request
from sqlalchemy import select

from config.errors import ArchiveError
from storage import corrections
from storage.access import require_document, require_page
from storage.models.documents import Document, DocumentPerson
from storage.reading import Word
from viewer import differences, queries
from viewer.blueprints.documents import page_label
from viewer.context import actor, db, note_event

blueprint = Blueprint("compare", __name__, url_prefix="/so-sanh")


@blueprint.get("/chon/<int:document_id>")
def choose(document_id: int) -> str:
    """Choose what to compare a document with: the same person's papers first, then the same kind."""
    document = require_document(db(), actor(), document_id)
    if document.case_id is not None:
        found = queries.documents_of(db(), actor(), document.case_id)
    else:
        found = queries.documents_of_batch(db(), actor(), document.batch_id)
    others = [one for one in found if one.id != document.id]
    keys = {person.key for person in document.persons}
    same = select(DocumentPerson.document_id).where(DocumentPerson.key.in_(keys))
    related = set(db().scalars(same)) if keys else set()
    others.sort(key=lambda one: (one.id not in related, one.type_code != document.type_code))
    return render_template("documents/compare_choose.html", document=document, others=others, related=related)


@blueprint.get("/<int:left>/<int:right>")
def show(left: int, right: int) -> str:
    """The two documents."""
    sides = [require_document(db(), actor(), one) for one in (left, right)]
    for side in sides:
        note_event("document.viewed", f"document:{side.id}", by="compare")
    by_text = request.args.get("xem") == "chu"
    pieces = differences.compare(_words(sides[0]), _words(sides[1])) if by_text else None
    return render_template(
        "documents/compare.html", sides=sides, pieces=pieces, by_text=by_text, page_label=page_label,
    )


def _words(document: Document) -> list[Word]:
    found: list[Word] = []
    for page in document.pages:
        try:
            require_page(db(), actor(), page.id)
        except ArchiveError:
            continue
        reading = corrections.displayed_reading(db(), page.id)
        found += reading.words if reading else ()
    return found
