"""A case on paper: its list of documents as page, PDF and Excel, its statements per person, one merged PDF."""

import hashlib
import io
from xml.sax.saxutils import escape

import xlsxwriter
from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
from werkzeug.wrappers import Response

from config import print_fonts
from config.errors import Invalid
from ingest.assemble_scan import searchable_pdf_path
from ingest.document_pdf import PagePlace, write_document_pdf
from storage import document_list
from storage.access import require_case, require_page
from storage.document_list import ListLine
from storage.models.base import now
from storage.models.cases import Case
from viewer import downloads, formats
from viewer.blueprints.cases import frame
from viewer.context import actor, database, db, derived, note_event, settings

HEADS = ("STT", "TRÍCH YẾU TÀI LIỆU", "SỐ BÚT LỤC", "ĐẶC ĐIỂM TÀI LIỆU", "GHI CHÚ")


def install(blueprint: Blueprint) -> None:
    """Add the views to the review area."""
    for rule, view in (
        ("/ho-so/<int:case_id>/thong-ke", document_list_page), ("/ho-so/<int:case_id>/thong-ke.pdf", document_list_pdf),
        ("/ho-so/<int:case_id>/thong-ke.xlsx", document_list_excel), ("/ho-so/<int:case_id>/loi-khai", statements),
        ("/ho-so/<int:case_id>/gop.pdf", merged),
    ):  # fmt: skip
        name = {"document_list_page": "document_list"}.get(view.__name__, view.__name__)
        blueprint.add_url_rule(rule, name, view)


def _listed(case_id: int) -> tuple[Case, list[ListLine]]:
    case = require_case(db(), actor(), case_id)
    found = document_list.documents_in_order(db(), case, request.args.get("nhom") or None)
    return case, document_list.lines(found)


def document_list_page(case_id: int) -> str:
    """The list on screen, ready to print."""
    case, lines = _listed(case_id)
    return render_template("review/document_list.html", **frame(case, "documents"), lines=lines,
                           title=document_list.list_title(case.kind), chosen=request.args.get("nhom"))


def document_list_pdf(case_id: int) -> Response:
    """The list as PDF."""
    case, lines = _listed(case_id)
    note_event("case.list_printed", f"case:{case.id}", lines=len(lines))
    return send_file(io.BytesIO(_pdf(case, lines)), mimetype="application/pdf", download_name="thong-ke-tai-lieu.pdf")


def _pdf(case: Case, lines: list[ListLine]) -> bytes:
    regular, bold = print_fonts.fonts()
    cell = ParagraphStyle("cell", fontName=regular, fontSize=11, leading=13.5)
    head = ParagraphStyle("head", parent=cell, fontName=bold, alignment=1)
    title = ParagraphStyle("title", parent=head, fontSize=14, leading=18, spaceAfter=4 * mm)
    rows = [[Paragraph(text, head) for text in HEADS]]
    texts = [(str(one.order), one.summary, one.but_luc, one.features, one.remark) for one in lines]
    rows += [[Paragraph(escape(text), cell) for text in row] for row in texts]
    table = Table(rows, colWidths=[12 * mm, 88 * mm, 22 * mm, 30 * mm, 28 * mm], repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4, title=document_list.list_title(case.kind), leftMargin=15 * mm,
                      rightMargin=15 * mm, topMargin=15 * mm, bottomMargin=15 * mm).build([
        Paragraph(escape(settings().office_name), ParagraphStyle("office", parent=cell, alignment=1)),
        Spacer(0, 4 * mm),
        Paragraph(document_list.list_title(case.kind), title),
        Paragraph(escape(f"{case.name} – {case.number}"), ParagraphStyle("case", parent=cell, alignment=1)),
        Spacer(0, 5 * mm), table, Spacer(0, 5 * mm),
        Paragraph(escape(_("In ngày %(day)s", day=formats.day(now()))), cell),
    ])  # fmt: skip
    return stream.getvalue()


def document_list_excel(case_id: int) -> Response:
    """The list as Excel; texts are written as texts, never as formulas."""
    case, lines = _listed(case_id)
    stream = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, plain) as book:
        sheet = book.add_worksheet("Thống kê tài liệu")
        wrap = book.add_format({"border": 1, "text_wrap": True})
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        sheet.write_string(0, 0, document_list.list_title(case.kind), book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, f"{case.name} – {case.number}")
        for column, text in enumerate(HEADS):
            sheet.write_string(3, column, text, bold)
        for row, one in enumerate(lines, 4):
            sheet.write_number(row, 0, one.order, wrap)
            for column, text in enumerate((one.summary, one.but_luc, one.features, one.remark), 1):
                sheet.write_string(row, column, text, wrap)
        for column, width in enumerate((6, 60, 14, 20, 24)):
            sheet.set_column(column, column, width)
    note_event("case.list_printed", f"case:{case.id}", lines=len(lines), form="xlsx")
    stream.seek(0)
    return send_file(stream, as_attachment=True, download_name="thong-ke-tai-lieu.xlsx",
                     mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def statements(case_id: int) -> str:
    """Statements per person in time order."""
    case = require_case(db(), actor(), case_id)
    return render_template("review/statements.html", **frame(case, "persons"),
                           statements=document_list.statements(db(), case))


def merged(case_id: int) -> Response:
    """All pages of a case (or one folder) in order as one PDF/A: a bookmark per document, labels are the bút lục."""
    case = require_case(db(), actor(), case_id)
    found = document_list.documents_in_order(db(), case, request.args.get("nhom") or None)
    places: list[PagePlace] = []
    bookmarks: list[tuple[str, int]] = []
    missing: dict[int, None] = {}
    for document in found:
        numbers = formats.but_luc(document.but_luc_first, document.but_luc_last)
        bookmarks.append((f"{numbers} {document.title}".strip() or f"Tài liệu {document.id}", len(places)))
        for page in document.pages:
            require_page(db(), actor(), page.id)
            path = searchable_pdf_path(db(), derived(), page.scan)
            if not path.is_file():
                missing[page.scan_id] = None
            places.append(PagePlace(path, page.number, page.but_luc))
    if not places:
        raise Invalid(what=_("gộp PDF"), why=_("hồ sơ chưa có trang nào"))
    if missing:
        with database().write() as own:
            downloads.ask_for_pdfs(own, list(missing))
        flash(_("Bản PDF đang được tạo từ chữ đã nhận dạng. Hãy bấm lại sau ít phút."), "")
        return redirect(url_for("review.document_list", case_id=case.id), 303)
    content = repr(([(p.pdf.name, p.number, p.but_luc) for p in places], bookmarks))
    mark = hashlib.sha256(content.encode()).hexdigest()[:16]
    target = derived().path(str(found[0].pages[0].scan.sha256), f"case-{case.id}-{mark}.pdf")
    if not target.is_file():
        write_document_pdf(places, target, title=f"{case.name} – {case.number}", bookmarks=bookmarks)
    note_event("case.merged", f"case:{case.id}", pages=len(places), folder=request.args.get("nhom"))
    name = f"{case.inbox_name or case.id}.pdf"
    return send_file(target, mimetype="application/pdf", as_attachment=True, download_name=name)
