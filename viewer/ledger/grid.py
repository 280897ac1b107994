"""The grid of a book: the page, its rows, editing in place, pasting a block, saved views."""

from typing import Any

from flask import Response, jsonify, render_template, request
from sqlalchemy import or_, select

from config.errors import Forbidden, Invalid, NotFound
from config.ledger_books import Book
from ledger import entries, query
from ledger.entries import BadFields, EntryChanged
from ledger.values import show
from storage import audit
from storage.models.ledger import LedgerView
from storage.models.people import Role, User
from viewer.context import actor, db
from viewer.ledger import grid_data
from viewer.ledger.common import blueprint, common_values, office, open_book, open_entry, today

PAGE = 100
MOST_PASTED = 2000
Answer = Response | tuple[Response, int]


@blueprint.get("/<book>")
def grid(book: str) -> str:
    """The grid, with its first rows already in the page."""
    chosen, access = open_book(book)
    asked = grid_data.query_from(request.args, actor().user_id, today())
    first = query.rows(db(), chosen, access, asked, 0, PAGE)
    people = db().scalars(
        select(User.name).where(User.disabled_at.is_(None), User.role != Role.ADMIN).order_by(User.name)
    )
    start = {
        "columns": grid_data.columns(chosen),
        "groups": [{"id": g.id, "name": g.name} for g in chosen.groups],
        "frozen": chosen.frozen,
        "total": query.count(db(), chosen, access, asked),
        "people": list(people),
        "rows": grid_data.page(db(), chosen, office().engine, first, today()),
        "page": PAGE,
        "editable": [f.id for f in chosen.data_fields if access.may_fill(chosen, f.id)],
    }
    return render_template(
        "ledger/grid.html",
        **common_values(chosen, access),
        start=start,
        periods=query.periods(db(), chosen, access),
        views=_views(chosen),
        problem=office().problem,
    )


@blueprint.get("/<book>/cac-dong")
def rows(book: str) -> Response:
    """A page of rows under the browser's filters."""
    chosen, access = open_book(book)
    asked = grid_data.query_from(request.args, actor().user_id, today())
    offset = request.args.get("offset", 0, type=int)
    if request.args.get("count") == "1" and offset == 0:
        total: int | None
        found, total = query.first_rows_and_count(db(), chosen, access, asked, PAGE)
    else:
        found = query.rows(db(), chosen, access, asked, offset, PAGE)
        total = query.count(db(), chosen, access, asked) if request.args.get("count") == "1" else None
    return jsonify(total=total, offset=offset, rows=grid_data.page(db(), chosen, office().engine, found, today()))


@blueprint.post("/<book>/dong/<int:entry_id>/o")
def edit_cells(book: str, entry_id: int) -> Answer:
    """Change cells of one row: ``{"version", "changes": {field: text}}``."""
    chosen, _access, entry = open_entry(book, entry_id)
    body = _body()
    try:
        entries.update(db(), actor(), chosen, office().engine, entry, _changes(body), int(body.get("version", 0)))
    except EntryChanged as error:
        return conflict(chosen, error)
    except BadFields as error:
        return problems(error)
    papers = sum(a.removed_at is None for a in entry.attachments)
    return jsonify(row=grid_data.row(chosen, office().engine, entry, today(), papers))


@blueprint.post("/<book>/dan")
def paste(book: str) -> Answer:
    """A block from Excel: ``{"rows": [{"id", "version", "changes"}]}``; rows without id are added. All or nothing."""
    chosen, _access = open_book(book)
    given = _body().get("rows", [])
    if not isinstance(given, list) or not 0 < len(given) <= MOST_PASTED:
        raise Invalid(what="khối dán", why=f"từ 1 đến {MOST_PASTED} dòng")
    wrong: list[dict[str, Any]] = []
    done = []
    for position, one in enumerate(given):
        try:
            if one.get("id"):
                entry = open_entry(book, int(one["id"]))[2]
                entries.update(db(), actor(), chosen, office().engine, entry, _changes(one), int(one.get("version", 0)))
            else:
                entry = entries.create(db(), actor(), chosen, office().engine, _changes(one))
            done.append(entry)
        except BadFields as error:
            wrong += [{"row": position, "field": k, "why": v} for k, v in error.detail["problems"].items()]
        except EntryChanged as error:
            return conflict(chosen, error)
    if wrong:
        return jsonify(error={"code": "LEDGER-FIELDS", "message": _first(chosen, wrong)}, problems=wrong), 422
    papers = {e.id: sum(a.removed_at is None for a in e.attachments) for e in done}
    return jsonify(rows=[grid_data.row(chosen, office().engine, e, today(), papers[e.id]) for e in done])


def _first(book: Book, wrong: list[dict[str, Any]]) -> str:
    one = wrong[0]
    where = f"Dòng dán thứ {one['row'] + 1}, {book.by_id[one['field']].name}"
    return f"Chưa dán được {len(wrong)} ô. {where}: {one['why']}. Chưa có gì thay đổi."


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid(what="nội dung gửi lên", why="không đọc được")
    return body


def _changes(body: dict[str, Any]) -> dict[str, Any]:
    changes = body.get("changes")
    if not isinstance(changes, dict):
        raise Invalid(what="các ô", why="không đọc được")
    return changes


def problems(error: BadFields) -> Answer:
    """Reasons beside the cells they belong to."""
    return jsonify(
        error={"code": error.code, "message": error.message()}, problems=error.detail["problems"]
    ), error.status


def conflict(book: Book, error: EntryChanged) -> Answer:
    """Both versions, field by field, for the person to choose from."""
    theirs, yours = error.detail["theirs"], error.detail["yours"]
    known = book.by_id
    both = [
        {"field": k, "name": known[k].name, "theirs": show(known[k], theirs.get(k)), "yours": show(known[k], v)}
        for k, v in yours.items()
        if theirs.get(k) != v
    ]
    return (
        jsonify(
            error={"code": error.code, "message": error.message()},
            both=both,
            version=error.detail["version"],
            entry=error.detail["entry_id"],
        ),
        error.status,
    )


def _views(book: Book) -> list[LedgerView]:
    mine = or_(LedgerView.user_id.is_(None), LedgerView.user_id == actor().user_id)
    return list(db().scalars(select(LedgerView).where(LedgerView.book == book.id, mine).order_by(LedgerView.name)))


@blueprint.post("/<book>/cach-xem")
def save_view(book: str) -> Response:
    """Save how the book is looked at now, under a name; ``shared`` makes it everybody's (keepers only)."""
    chosen, access = open_book(book)
    body = _body()
    name = str(body.get("name", "")).strip()[:100]
    shared = bool(body.get("shared"))
    if not name or not isinstance(body.get("definition"), dict):
        raise Invalid(what="cách xem", why="chưa đặt tên")
    if shared and not access.may_keep:
        raise Forbidden(what="lưu cách xem cho cả đơn vị")
    owner = None if shared else actor().user_id
    view = db().scalar(
        select(LedgerView).where(
            LedgerView.book == chosen.id,
            LedgerView.user_id.is_(owner) if owner is None else LedgerView.user_id == owner,
            LedgerView.name == name,
        )
    )
    if view is None:
        view = LedgerView(book=chosen.id, user_id=owner, name=name)
        db().add(view)
    view.definition = body["definition"]
    db().flush()
    audit.record(db(), actor().name, "ledger.view_saved", f"ledger:{chosen.id}", {"name": name, "shared": shared})
    return jsonify(id=view.id, name=view.name)


@blueprint.post("/<book>/cach-xem/<int:view_id>/xoa")
def delete_view(book: str, view_id: int) -> Response:
    """Forget a saved view."""
    chosen, access = open_book(book)
    view = db().get(LedgerView, view_id)
    if view is None or view.book != chosen.id or not (view.user_id == actor().user_id or access.may_keep):
        raise NotFound(what="cách xem")
    db().delete(view)
    audit.record(db(), actor().name, "ledger.view_deleted", f"ledger:{chosen.id}", {"name": view.name})
    return jsonify(ok=True)
