"""Reviewing batches: the contact sheet with the proposed cuts, everything by keyboard, each change undoable."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from config import document_types
from config.errors import Forbidden, Invalid, NotFound
from ingest import again
from ingest.filing.again import describe_again
from ingest.filing.batch import split_batch
from storage import audit, cases, review, review_steps
from storage.access import case_scope, require_batch, require_page, visible_batches
from storage.models.base import now
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.people import User
from storage.models.review import BatchOpinion
from storage.models.scans import Batch
from viewer import review_board, review_lists, rights, uploads
from viewer.context import actor, db
from viewer.forms import date_of

blueprint = Blueprint("review", __name__, url_prefix="/duyet")

MAX_PAGES_AT_ONCE = 500

review_lists.install(blueprint)


@blueprint.get("/")
def index() -> str:
    """Batches that have something to look at, those with most doubts first."""
    asked = func.count(Document.id).filter(Document.needs_review.is_(True))
    rows = db().execute(
        select(Batch, func.count(Document.id), asked, func.count(Document.confirmed_at))
        .join(Document, Document.batch_id == Batch.id)
        .where(visible_batches(case_scope(db(), actor())))
        .group_by(Batch.id).order_by(asked.desc(), Batch.id.desc()).limit(200)
    ).all()  # fmt: skip
    open_first = sorted(rows, key=lambda row: row[1] == row[3])
    return render_template("review/index.html", rows=open_first)


@blueprint.get("/<int:batch_id>")
def show(batch_id: int) -> str:
    """The review screen of one batch."""
    batch = require_batch(db(), actor(), batch_id)
    board = _board(batch)
    return render_template("review/show.html", board=board, batch=batch, folder_name=review_board.folder_name,
                           type_name=document_types.name_of)


@blueprint.get("/<int:batch_id>/trang/<int:page_id>")
def panel(batch_id: int, page_id: int) -> str:
    """What is known of a page and its document, as a form."""
    batch = require_batch(db(), actor(), batch_id)
    page = require_page(db(), actor(), page_id)
    link = db().get(DocumentPage, page.id)
    document = link.document if link and link.document.batch_id == batch.id else None
    opinion = db().get(BatchOpinion, batch.id)
    return render_template(
        "review/panel.html", page=page, document=document, batch=batch, type_name=document_types.name_of,
        folders=review_board.folder_choices(document, opinion) if document else [],
        kind_names=review.KIND_NAMES, reasons=review_board.reasons_of(document) if document else [],
    )


@blueprint.get("/loai.json")
def types() -> Response:
    """All types of document, for the picker."""
    return jsonify(review_board.type_choices(request.args.get("kind")))


@blueprint.post("/<int:batch_id>/thao-tac")
def act(batch_id: int) -> Response:
    """Do one step named in the request; the answer is the board as it is then."""
    batch = require_batch(db(), actor(), batch_id)
    told: dict[str, Any] = request.get_json()
    action = ACTIONS.get(str(told.get("action")))
    if action is None:
        raise NotFound(what=_("thao tác"))
    message = action(batch.id, told)
    db().flush()
    db().expire_all()
    board = _board(db().get_one(Batch, batch_id))
    html = render_template("review/board.html", board=board, batch=board.batch, folder_name=review_board.folder_name,
                           type_name=document_types.name_of)
    return jsonify({"board": html, "message": message, "undo": board.undo_label, "counts": board.counts})


def _board(batch: Batch) -> review_board.Board:
    return review_board.board_of(db(), case_scope(db(), actor()), batch)


def _id(told: dict[str, Any], name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int):
        raise Invalid(what=name, why=_("thiếu"))
    return value


def _ids(told: dict[str, Any], name: str) -> list[int]:
    values = told.get(name)
    if not isinstance(values, list) or not values or len(values) > MAX_PAGES_AT_ONCE:
        raise Invalid(what=name, why=_("thiếu"))
    return [int(value) for value in values]


def _split(batch_id: int, told: dict[str, Any]) -> str:
    page_id = _id(told, "page")
    link = db().get(DocumentPage, page_id)
    before = link.document_id if link else None
    fresh = review.split_here(db(), actor(), batch_id, page_id)
    describe_again(db(), {fresh, before} - {None})  # type: ignore[arg-type]
    return str(_("Đã cắt thành tài liệu mới."))


def _join(batch_id: int, told: dict[str, Any]) -> str:
    joined = review.join_before(db(), actor(), batch_id, _id(told, "document"))
    describe_again(db(), [joined])
    return str(_("Đã ghép vào tài liệu trước."))


def _move(batch_id: int, told: dict[str, Any]) -> str:
    document_id = _id(told, "document")
    review.move_cut(db(), actor(), batch_id, document_id, _id(told, "by"))
    describe_again(db(), [document_id])
    return str(_("Đã dời chỗ cắt."))


def _mark(batch_id: int, told: dict[str, Any]) -> str:
    review.mark_pages(db(), actor(), batch_id, _ids(told, "pages"), str(told.get("kind", "")))
    return str(_("Đã đánh dấu trang."))


def _rotate(batch_id: int, told: dict[str, Any]) -> str:
    ids = _ids(told, "pages")
    review.rotate(db(), actor(), batch_id, ids)
    again.read_turned(db(), ids, now())
    return str(_("Đã xoay trang; máy đang đọc lại."))


def _set(batch_id: int, told: dict[str, Any]) -> str:
    values: dict[str, Any] = dict(told.get("changes") or {})
    if "date" in values:
        found: date | None = date_of(str(values["date"] or ""), _("ngày"))
        values["date"] = found
    if "folder" in values:
        review.set_folder(db(), actor(), batch_id, _id(told, "document"), str(values.pop("folder")))
    if values:
        review.set_fields(db(), actor(), batch_id, _id(told, "document"), values)
    return str(_("Đã lưu."))


def _file(batch_id: int, told: dict[str, Any]) -> str:
    text = str(told.get("case", "")).strip()
    if told.get("create"):
        case: Case | None = _new_case(batch_id, text, str(told.get("name") or text))
    else:
        case = uploads.case_from(db(), actor(), text)
    if case is None:
        raise Invalid(what=_("hồ sơ"), why=_("chưa nhập số hồ sơ"))
    if told.get("documents"):
        ids = _ids(told, "documents")
        review.file_documents(db(), actor(), batch_id, ids, case)
        return str(_("Đã xếp %(count)s tài liệu.", count=len(ids)))
    count = review.file_batch(db(), actor(), batch_id, case)
    return str(_("Đã xếp %(count)s tài liệu vào %(case)s.", count=count, case=case.number))


def _new_case(batch_id: int, number: str, name: str) -> Case:
    """A case of the kind the batch speaks for, led by the person who makes it."""
    if not rights.may_create_cases(actor()):
        raise Forbidden(what=_("lập hồ sơ mới"))
    opinion = db().get(BatchOpinion, batch_id)
    kind = opinion.case_kind if opinion and opinion.case_kind else "hinh_su"
    owner = db().get(User, actor().user_id) if actor().user_id is not None else None
    return cases.create_case(db(), actor(), kind=kind, name=name, numbers=[number], owner=owner)


def _confirm(batch_id: int, told: dict[str, Any]) -> str:
    if told.get("documents"):
        ids = _ids(told, "documents")
    else:
        query = select(Document.id).where(Document.batch_id == batch_id, Document.state != "confirmed")
        ids = list(db().scalars(query if told.get("all") else query.where(Document.needs_review.is_(False))))
    if not ids:
        raise Invalid(what=_("duyệt"), why=_("không còn tài liệu nào máy chắc chắn"))
    review.confirm(db(), actor(), batch_id, ids)
    return str(_("Đã duyệt %(count)s tài liệu.", count=len(ids)))


def _undo(batch_id: int, _told: dict[str, Any]) -> str:
    turned = review_steps.turned_by_undo(db(), batch_id)
    label = review_steps.undo(db(), actor(), batch_id)
    again.read_turned(db(), turned, now())
    return str(_("Đã hoàn tác: %(label)s", label=label))


def _turn(batch_id: int, _told: dict[str, Any]) -> str:
    batch = review_steps.writable_batch(db(), actor(), batch_id)
    batch.is_reversed = not batch.is_reversed
    audit.record(db(), actor().name, "batch.turned", f"batch:{batch.id}", {"reversed": batch.is_reversed})
    split_batch(db(), batch_id)
    return str(_("Đã đảo thứ tự trang; máy gợi ý lại chỗ cắt."))


ACTIONS: dict[str, Callable[[int, dict[str, Any]], str]] = {
    "split": _split, "join": _join, "move": _move, "mark": _mark, "rotate": _rotate, "set": _set, "file": _file,
    "confirm": _confirm, "undo": _undo, "turn": _turn,
}  # fmt: skip
