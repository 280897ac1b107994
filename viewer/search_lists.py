"""Lists of results as files: an Excel sheet, or a PDF to print."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

import xlsxwriter
from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from config import print_fonts
from viewer import formats
from viewer.search_view import Line

_LONGEST_CELL = 400
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its title, whose it is, how many pages were found in all, the lines taken along, and the day."""

    title: str
    office: str
    total: int
    lines: Sequence[Line]
    day: datetime

    @property
    def extent(self) -> str:
        """How much of what was found the list holds, and when it was made."""
        shown = {"shown": len(self.lines), "total": self.total, "day": formats.day(self.day)}
        text: str = _("%(shown)s trong %(total)s trang tìm thấy, lập ngày %(day)s", **shown)
        return text

    @property
    def heads(self) -> list[str]:
        """Names of the columns."""
        return [_("STT"), _("Số hồ sơ"), _("Tên hồ sơ"), _("Nhóm tài liệu"), _("Tài liệu"), _("Số"), _("Ngày"),
                _("Bút lục"), _("Trang"), _("Nội dung")]  # fmt: skip


def excel(listed: Listed) -> tuple[bytes, str, str]:
    """The list as an Excel file: its bytes, media type and name."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_("Kết quả"))
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top", "bg_color": "#e5eff8"})
        cell = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
        sheet.write_string(0, 0, listed.title, book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, listed.extent)
        for column, (head, width) in enumerate(zip(listed.heads, (6, 18, 26, 22, 32, 18, 12, 14, 8, 70), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, head, bold)
        for row, line in enumerate(listed.lines, 4):
            for column, text in enumerate(line.cells):
                sheet.write_string(row, column, text, cell)
        sheet.freeze_panes(4, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return data.getvalue(), _EXCEL, "ket-qua-tim-kiem.xlsx"


def pdf(listed: Listed) -> tuple[bytes, str, str]:
    """The list as a PDF: its bytes, media type and name.

    :raises NoPrintFont: there is no font with Vietnamese letters on this machine.
    """
    font, bold = print_fonts.fonts()
    small = ParagraphStyle("small", fontName=font, fontSize=9, leading=11)
    strong = ParagraphStyle("strong", parent=small, fontName=bold)
    head = ParagraphStyle("head", fontName=bold, fontSize=15, leading=19)
    table = Table(
        [[Paragraph(escape(text), strong) for text in listed.heads],
         *([Paragraph(text, small) for text in _texts(line)] for line in listed.lines)],
        repeatRows=1, colWidths=[28, 66, 88, 76, 100, 62, 50, 50, 34, 220],
    )  # fmt: skip
    table.setStyle(TableStyle([
        ("GRID", (0, 0), (-1, -1), 0.4, "#7d8a98"), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), "#e5eff8"), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]))  # fmt: skip

    def number(canvas: Canvas, _document: object) -> None:
        canvas.setFont(font, 9)
        canvas.drawRightString(landscape(A4)[0] - 30, 15, _("Trang %(n)s", n=canvas.getPageNumber()))

    data = io.BytesIO()
    SimpleDocTemplate(
        data, pagesize=landscape(A4), title=listed.title, author=listed.office, leftMargin=30, rightMargin=30,
        topMargin=30, bottomMargin=30,
    ).build(
        [Paragraph(escape(listed.office), small), Paragraph(escape(listed.title), head),
         Paragraph(listed.extent, small), Spacer(0, 8), table],
        onFirstPage=number, onLaterPages=number,
    )  # fmt: skip
    return data.getvalue(), "application/pdf", "ket-qua-tim-kiem.pdf"


def _texts(line: Line) -> list[str]:
    """The cells as the PDF takes them, the words found in bold. A cell higher than a page could not be printed."""
    *cells, snippet = line.cells
    parts, at = list[str](), 0
    for start, end in line.marks:
        parts += [escape(snippet[at:start]), "<b>", escape(snippet[start:end]), "</b>"]
        at = end
    return [*(escape(cell[:_LONGEST_CELL]) for cell in cells), "".join([*parts, escape(snippet[at:])])]
