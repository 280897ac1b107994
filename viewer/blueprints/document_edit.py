"""Correcting by hand what the machine set: fields, case and folder, and which pages belong to a document."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config import document_types
from config.errors import Invalid
from ingest import again
from storage import audit, documents, review
from storage.access import require_case, require_document, require_page
from storage.models.base import now
from storage.models.cases import Case, Right
from storage.models.documents import Document
from viewer import languages, queries, uploads
from viewer.context import actor, db
from viewer.forms import date_of, ids_of

blueprint = Blueprint("document_edit", __name__, url_prefix="/tai-lieu")

NEW = "moi"


def _document(document_id: int) -> Document:
    return require_document(db(), actor(), document_id, Right.WRITE)


@blueprint.get("/<int:document_id>/sua")
def edit(document_id: int) -> str:
    """The form with everything known of a document."""
    document = _document(document_id)
    return render_template(
        "documents/edit.html", document=document, types=_types(document), error="",
        case_number=document.case.number if document.case else "", folders=_folders(document.case),
    )


def _types(document: Document) -> list[tuple[str, str]]:
    """Types that occur in the case's kind first, then all others; by name within each."""
    kind = document.case.kind if document.case else ""
    known = document_types.document_types().values()
    ordered = sorted(known, key=lambda one: (kind not in one.case_kinds, one.name))
    return [(one.code, one.name) for one in ordered]


def _folders(case: Case | None) -> list[tuple[str, str]]:
    return [(folder.code, folder.name) for folder in case.folders] if case else []


@blueprint.post("/<int:document_id>/sua")
def save(document_id: int) -> Response | tuple[str, int]:
    """Save the fields; only what was changed is written, and marked as set by a person."""
    document = _document(document_id)
    form = request.form
    try:
        given = {
            "type_code": form.get("type_code", "") or None, "title": form.get("title", "").strip(),
            "number": form.get("number", "").strip() or None, "date": date_of(form.get("date", ""), _("ngày")),
            "issuer": form.get("issuer", "").strip() or None,
        }
        changes = {key: value for key, value in given.items() if value != getattr(document, key)}
        version = int(form["version"]) if form.get("version", "").isdecimal() else None
        if changes:
            documents.edit(db(), actor(), document, changes, version=version)
        _refile(document, form.get("case", ""), form.get("folder", ""))
    except Invalid as problem:
        page = render_template(
            "documents/edit.html", document=document, types=_types(document), error=problem.message(languages.choose()),
            case_number=form.get("case", ""), folders=_folders(document.case),
        )
        return page, problem.status
    flash(_("Đã lưu. Tìm kiếm sẽ theo thông tin mới."), "good")
    return redirect(url_for("documents.show", document_id=document.id), 303)


def _refile(document: Document, case_text: str, folder_code: str) -> None:
    before = document.case.number if document.case else ""
    case = document.case if case_text.strip() == before else uploads.case_from(db(), actor(), case_text)
    same_case = (case.id if case else None) == document.case_id
    if same_case and (folder_code or None) == document.folder_code:
        return
    if not same_case and case is not None and folder_code not in {folder.code for folder in case.folders}:
        folder_code = ""  # a folder of the old case's kind means nothing in the new one
    documents.file_to_case(db(), actor(), document, case, folder_code or None)


@blueprint.post("/<int:document_id>/xac-nhan")
def confirm(document_id: int) -> Response:
    """Vouch for the document as it stands."""
    documents.confirm(db(), actor(), _document(document_id))
    flash(_("Đã xác nhận tài liệu."), "good")
    return redirect(url_for("documents.show", document_id=document_id), 303)


@blueprint.post("/trang/<int:page_id>/xoay")
def rotate(page_id: int) -> Response:
    """Keep the turn a person gave a page in the reader: a step of its batch's review, so it can be undone there."""
    page = require_page(db(), actor(), page_id, Right.WRITE)
    degrees = (request.get_json(silent=True) or {}).get("degrees")
    if degrees not in (90, 180, 270):
        raise Invalid(what=_("góc xoay"), why=_("phải là 90, 180 hoặc 270 độ"))
    review.rotate(db(), actor(), page.scan.batch_id, [page.id], degrees)
    again.read_turned(db(), [page.id], now())
    flash(_("Đã lưu chiều xoay của trang."), "good")
    return jsonify(saved=True)


@blueprint.get("/<int:document_id>/trang")
def pages(document_id: int) -> str:
    """Choose pages to move to another document of the same case (or batch)."""
    document = _document(document_id)
    return render_template("documents/pages.html", document=document, targets=_targets(document), new=NEW)


def _targets(document: Document) -> list[tuple[int, str]]:
    if document.case_id is not None:
        found = queries.documents_of(db(), actor(), document.case_id)
    else:
        found = queries.documents_of_batch(db(), actor(), document.batch_id)
    return [
        (one.id, f"{'BL ' + one.but_luc_first + ' · ' if one.but_luc_first else ''}{one.title or one.id}")
        for one in found
        if one.id != document.id
    ]


@blueprint.post("/<int:document_id>/trang")
def move(document_id: int) -> Response:
    """Move the chosen pages; a document left without pages goes away."""
    document = _document(document_id)
    chosen = ids_of(request.form.getlist("page"))
    mine = [page.id for page in document.pages]
    if not chosen or any(page_id not in mine for page_id in chosen):
        raise Invalid(what=_("trang"), why=_("chưa chọn trang nào của tài liệu này"))
    for page_id in chosen:
        require_page(db(), actor(), page_id, Right.WRITE)
    target = _target(document, request.form.get("target", ""), chosen == mine)
    documents.move_pages(db(), actor(), [page_id for page_id in mine if page_id in chosen], target)
    flash(_("Đã chuyển %(n)s trang. Chữ, ghi chú và bút lục của các trang vẫn giữ nguyên.", n=len(chosen)), "good")
    return redirect(url_for("documents.show", document_id=target.id), 303)


def _target(document: Document, text: str, everything: bool) -> Document:
    if text != NEW:
        if not text.isdecimal():
            raise Invalid(what=_("tài liệu nhận trang"), why=_("chưa chọn"))
        target = _document(int(text))
        if (target.case_id, target.case_id or target.batch_id) != (
            document.case_id, document.case_id or document.batch_id
        ):
            raise Invalid(what=_("tài liệu nhận trang"), why=_("thuộc hồ sơ khác; hãy chuyển cả tài liệu"))
        return target
    if everything:
        raise Invalid(what=_("trang"), why=_("đã chọn mọi trang; tài liệu mới sẽ giống hệt tài liệu này"))
    if document.case_id is not None:
        require_case(db(), actor(), document.case_id, Right.WRITE)
    fresh = Document(
        case_id=document.case_id, case_state=document.case_state, batch_id=document.batch_id,
        folder_id=document.folder_id, folder_code=document.folder_code, position=document.position + 1,
        reasons=[_("tách ra bằng tay")], confidence=1.0,
    )
    db().add(fresh)
    db().flush()
    audit.record(db(), actor().name, "document.created", f"document:{fresh.id}", {"from": document.id})
    return fresh
