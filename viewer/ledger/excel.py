"""Import with a preview, export, and the folder for a USB stick."""

import io
import secrets
import tempfile
import time
import zipfile
from pathlib import Path

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config.errors import Invalid, NotFound
from config.ledger_books import Book
from ledger import bundle, excel_write, import_plan, importing, query, rights
from ledger.excel_read import MOST_BYTES, read_workbook
from storage.vietnamese import nfc
from viewer.context import actor, changes_nothing, database, db, note_event, settings
from viewer.ledger import grid_data
from viewer.ledger.common import blueprint, common_values, office, open_book, today

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_SECONDS = 24 * 3600
_SHOWN = 200


@blueprint.get("/<book>/nhap-excel")
def import_form(book: str) -> str:
    """Choose a workbook."""
    chosen, access = open_book(book)
    rights.require_keeper(db(), actor(), chosen)
    return render_template("ledger/import.html", **common_values(chosen, access), plan=None, token="", name="")


@blueprint.post("/<book>/nhap-excel")
@changes_nothing
def import_preview(book: str) -> str:
    """Say what an import would do; the file waits under a token until it is confirmed."""
    chosen, access = open_book(book)
    rights.require_keeper(db(), actor(), chosen)
    given = request.files.get("file")
    token = request.form.get("token", "")
    if given and given.filename:
        token, name = _keep(given.stream.read(MOST_BYTES + 1)), nfc(given.filename)
    else:
        name = request.form.get("name", "")
    path = _waiting(token)
    plan = import_plan.make_plan(
        db(), actor(), chosen, read_workbook(path, name), name=name, mapping=_mapping(chosen)
    )
    return render_template(
        "ledger/import.html",
        **common_values(chosen, access),
        plan=plan,
        token=token,
        name=name,
        shown=_SHOWN,
        describe_change=import_plan.describe_change,
    )


@blueprint.post("/<book>/nhap-excel/ghi")
def import_confirm(book: str) -> Response:
    """Carry the import out, in one transaction, which begins only when the plan is made: others go on writing."""
    token, name = request.form.get("token", ""), request.form.get("name", "")
    path = _waiting(token)
    chosen = office().book(book)
    grids = read_workbook(path, name)
    with database().read() as own:
        plan = import_plan.make_plan(own, actor(), chosen, grids, name=name, mapping=_mapping(chosen))
    outcome = importing.carry_out(db(), actor(), chosen, office().engine, plan, file_name=name)
    path.unlink(missing_ok=True)
    flash(
        _(
            "Đã nhập %(new)s dòng mới, cập nhật %(changed)s dòng, giữ nguyên %(same)s; chưa nhập được %(refused)s.",
            new=outcome.created,
            changed=outcome.changed,
            same=outcome.same,
            refused=len({r.row for r in outcome.refused}),
        ),
        "good",
    )
    return redirect(url_for("ledger.grid", book=chosen.id), 303)


def _folder() -> Path:
    folder = settings().data / "work" / "ledger-imports"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.xlsx"):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    return folder


def _keep(content: bytes) -> str:
    if not content or len(content) > MOST_BYTES:
        raise Invalid(what=_("tệp Excel"), why=_("trống hoặc quá lớn"))
    token = secrets.token_hex(16)
    (_folder() / f"{actor().user_id}-{token}.xlsx").write_bytes(content)
    return token


def _waiting(token: str) -> Path:
    path = _folder() / f"{actor().user_id}-{token}.xlsx"
    if len(token) != 32 or not token.isalnum() or not path.is_file():
        raise NotFound(what=_("tệp đang chờ nhập; hãy chọn lại tệp"))
    return path


def _mapping(book: Book) -> dict[str, str] | None:
    """Columns chosen by the person, when the form carries them."""
    if request.form.get("mapped") != "1":
        return None
    chosen = {f.id: request.form.get(f"map.{f.id}", "") for f in book.fields}
    return {name: letter for name, letter in chosen.items() if letter}


@blueprint.get("/<book>/xuat-excel")
def export(book: str) -> Response:
    """The rows under the present filters as a workbook that looks like the office's own."""
    chosen, access = open_book(book)
    asked = grid_data.query_from(request.args, actor().user_id, today())
    rows = query.all_rows(db(), chosen, access, asked)
    span = request.args.get("span", "")[:200]
    note_event("ledger.exported", f"ledger:{chosen.id}", rows=len(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.xlsx"
        base = request.host_url.rstrip("/")
        excel_write.write_book(
            path,
            chosen,
            office().engine,
            rows,
            office=settings().office_name,
            today=today(),
            span=span,
            links=bundle.web_links(db(), chosen, base),
        )
        content = io.BytesIO(path.read_bytes())
    return send_file(content, EXCEL, as_attachment=True, download_name=f"{chosen.id}-{today():%Y%m%d}.xlsx")


@blueprint.get("/<book>/xuat-kem-ho-so")
def export_bundle(book: str) -> Response:
    """The book with its papers as one packed folder, to be unpacked on a USB stick."""
    chosen, access = open_book(book)
    asked = grid_data.query_from(request.args, actor().user_id, today())
    rows = query.all_rows(db(), chosen, access, asked)
    note_event("ledger.exported", f"ledger:{chosen.id}", rows=len(rows), papers=True)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "so-kem-ho-so"
        bundle.write_bundle(db(), actor(), settings(), office(), chosen, rows, target)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(p for p in target.rglob("*") if p.is_file()):
                archive.write(path, path.relative_to(target.parent).as_posix())
    packed.seek(0)
    return send_file(
        packed, "application/zip", as_attachment=True, download_name=f"{chosen.id}-kem-ho-so-{today():%Y%m%d}.zip"
    )
