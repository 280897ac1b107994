"""Printing cover sheets (tờ bìa đợt quét) and separator sheets."""

import io

from flask import Blueprint, g, render_template, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config.errors import Invalid
from ingest.split import marks
from storage import but_luc, cases
from storage.access import require_case
from storage.models.base import now
from storage.models.cases import Case, Right
from viewer import formats, sheet_pdf, uploads
from viewer.context import actor, db, note_event, settings

blueprint = Blueprint("sheets", __name__, url_prefix="/to-bia")

MOST_SEPARATORS = 100


@blueprint.get("/")
def choose() -> str:
    """Choose case, folder and first number of a batch about to be scanned."""
    case = _case()
    return render_template("review/sheets.html", case=case, folders=case.folders if case else [])


def _case() -> Case | None:
    if request.args.get("case_id", "").isdecimal():
        return require_case(db(), actor(), int(request.args["case_id"]), Right.WRITE)
    return uploads.case_from(db(), actor(), request.args.get("case", ""))


@blueprint.get("/to-bia.pdf")
def cover() -> Response:
    """The cover sheet as PDF."""
    case = _case()
    if case is None:
        raise Invalid(what=_("hồ sơ"), why=_("chưa chọn"))
    folder = cases.folder_of(db(), case, request.args.get("folder") or None)
    first = request.args.get("but_luc", "").strip()
    number = but_luc.parse(first) if first else None
    if first and number is None:
        raise Invalid(what=_("bút lục “%(text)s”", text=first), why=_("phải là số, có thể kèm một chữ (45a)"))
    first_number = str(number) if number else None
    mark = marks.SheetMark("cover", case.id, case.number, folder.code if folder else None, first_number)
    lines = [(_("Hồ sơ"), case.number), (_("Tên gọi"), case.name)]
    if folder:
        lines.append((_("Nhóm tài liệu"), folder.name))
    if number:
        lines.append((_("Bút lục đầu"), str(number)))
    printed = _("In bởi %(name)s, %(time)s", name=g.account.name, time=formats.moment(now()))
    note_event("sheet.printed", f"case:{case.id}", folder=mark.folder, but_luc=mark.first_but_luc)
    content = sheet_pdf.cover(mark, office=settings().office_name, lines=lines, printed=printed)
    return _pdf(content, "to-bia-dot-quet.pdf")


@blueprint.get("/to-ngan.pdf")
def separators() -> Response:
    """Separator sheets as PDF."""
    count = max(1, min(MOST_SEPARATORS, request.args.get("count", 10, type=int)))
    return _pdf(sheet_pdf.separators(count, office=settings().office_name), "to-ngan.pdf")


def _pdf(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype="application/pdf", download_name=name)
