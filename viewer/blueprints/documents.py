"""A document: its pages as zoomable images, the text beside them, finding, downloading, printing."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from config import document_types, folders
from config.errors import ArchiveError, NotFound
from storage import corrections, notes
from storage.access import require_document, require_page, require_scan
from storage.models.cases import Right
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Page
from storage.pages import machine_texts
from viewer import case_links, downloads, find, formats, page_text, review_board, rights
from viewer.context import actor, database, db, derived, note_event, settings, vault
from viewer.iiif.images import scale_factors, whole

blueprint = Blueprint("documents", __name__, url_prefix="/tai-lieu")

MAX_QUERY = 300
#: more pages at once would keep a printer busy for an hour and the browser short of memory
MAX_PRINTED = 300


def page_label(page: Page, place: int) -> str:
    """How people call a page: its bút lục, else its place in the document."""
    return formats.but_luc(page.but_luc, None, page.but_luc_volume) or _("Trang %(place)s", place=place)


@blueprint.get("/<int:document_id>")
def show(document_id: int) -> str:
    """The document, opened at ``?trang=`` (place in the document), words of ``?q=`` boxed."""
    document = require_document(db(), actor(), document_id)
    note_event("document.viewed", f"document:{document.id}")
    pages = document.pages
    place = min(max(1, request.args.get("trang", 1, type=int)), max(1, len(pages)))
    presented = case_links.presentations(db(), document.case) if document.case else []
    return render_template(
        "documents/show.html", document=document, pages=pages, place=place, query=request.args.get("q", "")[:MAX_QUERY],
        page_label=page_label, scale_factors=scale_factors, whole=whole, **_facts(document),
        may_write=rights.may(db(), actor(), document.case_id, Right.WRITE),
        may_take_original=_scans_allowed(document), drafts=[one for one in presented if one.is_draft],
    )


def _facts(document: Document) -> dict[str, object]:
    folder = document.folder.name if document.folder else ""
    if not folder and document.folder_code in folders.folders():
        folder = folders.by_code(str(document.folder_code)).name
    return {
        "type_name": document_types.name_of(document.type_code) if document.type_code else "", "folder_name": folder,
        "reason_of": lambda field: (document.fields or {}).get(field) or {},
        "reasons": review_board.reasons_of(document),
    }


def _scans_allowed(document: Document) -> bool:
    """Whether the whole files may be taken: a file may also hold pages of a case one may not see."""
    try:
        for scan in downloads.scans_of(document):
            require_scan(db(), actor(), scan.id)
    except NotFound:
        return False
    return bool(document.pages)


@blueprint.get("/trang/<int:page_id>/chu")
def text(page_id: int) -> str:
    """The text panel of a page."""
    page = require_page(db(), actor(), page_id)
    reading = corrections.displayed_reading(db(), page.id)
    query = request.args.get("q", "")[:MAX_QUERY]
    lines = page_text.lines(reading, query) if reading else []
    document = page_document(page)
    return render_template(
        "documents/text.html", page=page, lines=lines, reading=reading, document=document,
        has_corrections=bool(corrections.corrections_of(db(), page.id)),
        may_write=rights.may(db(), actor(), document.case_id if document else page.scan.batch.case_id, Right.WRITE),
    )


def page_document(page: Page) -> Document | None:
    """The document a page lies in."""
    link = db().get(DocumentPage, page.id)
    return link.document if link else None


@blueprint.get("/<int:document_id>/tim")
def find_in(document_id: int) -> Response:
    """Every place of some words in the document, page by page, with boxes."""
    document = require_document(db(), actor(), document_id)
    query = request.args.get("q", "")[:MAX_QUERY]
    texts = machine_texts(db(), [page.id for page in document.pages])
    corrected = corrections.corrected_pages(db(), document.id)
    hits = []
    for index, page in enumerate(document.pages):
        if page.id not in corrected and not find.may_hold(texts.get(page.id, ""), query):
            continue
        try:
            require_page(db(), actor(), page.id)
        except ArchiveError:
            continue
        reading = corrections.displayed_reading(db(), page.id)
        hits += [
            {"page": index, "boxes": match.boxes, "text": match.text}
            for match in (find.find(reading.words, query) if reading else [])
        ]
    return jsonify(hits=hits)


@blueprint.post("/trang/<int:page_id>/sua-chu")
def correct(page_id: int) -> Response:
    """Replace a misread word; search follows at once."""
    given = request.get_json(silent=True) or {}
    corrections.correct(db(), actor(), page_id, box_of(given.get("box")), str(given.get("after", "")))
    return jsonify(saved=True)


@blueprint.post("/trang/<int:page_id>/hoan-tac")
def undo_correction(page_id: int) -> Response:
    """Take back the newest correction on the page."""
    undone = corrections.undo(db(), actor(), page_id)
    return jsonify(undone=undone.after if undone else None)


def box_of(value: object) -> tuple[float, float, float, float]:
    """Four numbers from a script; nonsense becomes a box no page has, which the operation refuses."""
    if isinstance(value, list) and len(value) == 4 and all(isinstance(side, int | float) for side in value):
        return (float(value[0]), float(value[1]), float(value[2]), float(value[3]))
    return (-1.0, -1.0, 0.0, 0.0)


@blueprint.get("/<int:document_id>/ghi-chu")
def note_list(document_id: int) -> str:
    """The notes on the document's pages."""
    document = require_document(db(), actor(), document_id)
    place = {page.id: index for index, page in enumerate(document.pages, start=1)}
    found = notes.notes_on(db(), actor(), place)
    labels = {page.id: page_label(page, place[page.id]) for page in document.pages}
    return render_template("documents/notes.html", notes=found, place=place, labels=labels)


@blueprint.post("/trang/<int:page_id>/ghi-chu")
def add_note(page_id: int) -> Response:
    """Write a note on a page or a region of it."""
    given = request.get_json(silent=True) or {}
    box = box_of(given["box"]) if given.get("box") else None
    notes.add_note(db(), actor(), page_id, str(given.get("text", "")), box=box, shared=bool(given.get("shared")))
    return jsonify(saved=True)


@blueprint.post("/ghi-chu/<int:note_id>/sua")
def edit_note(note_id: int) -> Response:
    """Change the words of one's own note, and who may read it."""
    given = request.get_json(silent=True) or {}
    notes.edit_note(db(), actor(), note_id, str(given.get("text", "")), shared=bool(given.get("shared")))
    return jsonify(saved=True)


@blueprint.post("/ghi-chu/<int:note_id>/xoa")
def remove_note(note_id: int) -> Response:
    """Take one's own note away."""
    notes.remove_note(db(), actor(), note_id)
    return jsonify(saved=True)


@blueprint.get("/<int:document_id>/pdf")
def pdf(document_id: int) -> BaseResponse:
    """Take the document as searchable PDF/A."""
    document = require_document(db(), actor(), document_id)
    for page in document.pages:
        require_page(db(), actor(), page.id)
    made = downloads.document_pdf(db(), derived(), document)
    if isinstance(made, list):
        if made:
            with database().write() as own:
                downloads.ask_for_pdfs(own, made)
        flash(_("Bản PDF đang được tạo từ chữ đã nhận dạng. Hãy bấm tải lại sau ít phút."), "")
        return redirect(url_for(".show", document_id=document.id), 303)
    note_event("document.downloaded", f"document:{document.id}", form="pdf")
    return send_file(made, mimetype="application/pdf", as_attachment=True, download_name=downloads.file_name(document))


@blueprint.get("/tep/<int:scan_id>/ban-goc")
def original(scan_id: int) -> BaseResponse:
    """Take a scan exactly as it arrived."""
    scan = require_scan(db(), actor(), scan_id)
    if scan.sha256 is None or not vault().has(scan.sha256):
        raise NotFound(what=scan.name)
    for page in scan.pages:
        require_page(db(), actor(), page.id)
    note_event("scan.downloaded", f"scan:{scan.id}", sha256=scan.sha256)
    return send_file(
        vault().path(scan.sha256), mimetype=scan.media_type or "application/octet-stream", as_attachment=True,
        download_name=scan.name,
    )


@blueprint.get("/<int:document_id>/in")
def printed(document_id: int) -> str:
    """The pages ready for the printer, each with its bút lục and the mark of who printed it."""
    document = require_document(db(), actor(), document_id)
    pages = list(enumerate(document.pages, start=1))
    first = max(1, request.args.get("tu", 1, type=int))
    last = min(len(pages), request.args.get("den", len(pages), type=int), first + MAX_PRINTED - 1)
    chosen = [(place, page) for place, page in pages if first <= place <= last]
    for _place, page in chosen:
        require_page(db(), actor(), page.id)
    note_event("document.printed", f"document:{document.id}", pages=[page.id for _place, page in chosen])
    return render_template(
        "documents/print.html", document=document, pages=chosen, page_label=page_label, total=len(pages),
        office=settings().office_name,
    )
