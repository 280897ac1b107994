"""Editable example templates, built when asked for: an office downloads one, changes it in Word, and keeps its own.

Layout after the common form of such papers (NĐ 30/2020: agency left, national motto right, title, body, recipients and
signature); they are examples, not official forms.
"""

import io
from collections.abc import Callable

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table

from config.errors import Invalid

CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def make(form_id: str) -> bytes:
    """The example of a form as a .docx with slots.

    :raises Invalid: there is no example of that name.
    """
    builders: dict[str, Callable[[Document], None]] = {"kien_nghi": _kien_nghi, "phan_cong": _phan_cong}
    if form_id not in builders:
        raise Invalid(what=f"mẫu {form_id}", why="chưa có mẫu ví dụ; hãy đặt mẫu Word của đơn vị vào thư mục mẫu")
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    builders[form_id](document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(
    cell_or_document: object,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 13,
    align: object = None,
    indent: bool = False,
) -> object:
    paragraph = cell_or_document.add_paragraph()  # type: ignore[attr-defined]
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), "Times New Roman"
    paragraph.paragraph_format.space_after = Pt(3)
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Cm(1)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _head(document: Document, symbol: str) -> None:
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    _set_widths(table, (6.6, 9.4))
    for cell in (left, right):
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    _line(left, "{{ don_vi }}", bold=True, size=12, align=CENTRE)
    _line(left, f"Số: …/{symbol}", size=13, align=CENTRE)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12, align=CENTRE)
    _line(right, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13, align=CENTRE)
    _line(right, "{{ dia_danh }}, ngày {{ ngay }} tháng {{ thang }} năm {{ nam }}", italic=True, align=CENTRE)
    for cell in (left, right):
        cell._element.remove(cell.paragraphs[0]._element)
    _line(document, "DỰ THẢO", bold=True, italic=True, size=11)


def _kien_nghi(document: Document) -> None:
    _head(document, "KN-VKS")
    _line(document, "KIẾN NGHỊ", bold=True, size=15, align=CENTRE)
    _line(document, "Khắc phục vi phạm pháp luật", bold=True, align=CENTRE)
    _line(document, "")
    _line(document, "Kính gửi: {{ co_quan_nhan }}", bold=True, align=CENTRE)
    _line(document, "")
    _line(
        document,
        "Qua công tác kiểm sát {{ linh_vuc }} từ ngày {{ tu_ngay }} đến ngày {{ den_ngay }}, {{ don_vi_thuong }} "
        "nhận thấy {{ co_quan_nhan }} có {{ tong_so }} vi phạm về thời hạn, cụ thể như sau:",
        indent=True,
    )
    _line(document, "{%p for n in nhom %}")
    _line(
        document,
        "{{ loop.index }}. Vi phạm thời hạn {{ n.noi_dung }}: {{ n.so_luong }} trường hợp",
        bold=True,
        indent=True,
    )
    _line(document, "Căn cứ: {{ n.can_cu }}.", italic=True, indent=True)
    headings = ("STT", "Số trong sổ", "Vụ việc", "Ngày bắt đầu", "Hạn", "Ngày thực hiện", "Chậm (ngày)")
    slots = (
        "{{ d.stt }}",
        "{{ d.so }}{% if d.so_thu_ly %} ({{ d.so_thu_ly }}){% endif %}",
        "{{ d.vu_viec }}",
        "{{ d.bat_dau }}",
        "{{ d.han }}",
        "{{ d.thuc_hien }}",
        "{{ d.cham }}",
    )
    _table(document, headings, "{%tr for d in n.dong %}", slots, (1.3, 2.8, 3.7, 2.2, 2.2, 2.2, 1.6))
    _line(document, "{%p endfor %}")
    _line(
        document,
        "Những vi phạm nêu trên ảnh hưởng đến việc thực hiện quyền và nhiệm vụ kiểm sát của Viện kiểm sát. "
        "Để bảo đảm việc tuân theo pháp luật, {{ don_vi_thuong }} kiến nghị {{ co_quan_nhan }}:",
        indent=True,
    )
    _line(document, "1. Chấn chỉnh, khắc phục các vi phạm nêu trên; thực hiện đúng thời hạn luật định.", indent=True)
    _line(document, "2. Thông báo kết quả thực hiện bằng văn bản cho {{ don_vi_thuong }}.", indent=True)
    _line(document, "")
    _signature(document, "VIỆN TRƯỞNG")


def _phan_cong(document: Document) -> None:
    _head(document, "QĐ-{% if la_vks %}VKS{% else %}THADS{% endif %}")
    _line(document, "QUYẾT ĐỊNH", bold=True, size=15, align=CENTRE)
    _line(document, "Phân công thực hiện nhiệm vụ", bold=True, align=CENTRE)
    _line(document, "")
    _line(document, "{% if la_vks %}VIỆN TRƯỞNG {% else %}TRƯỞNG {% endif %}{{ don_vi }}", bold=True, align=CENTRE)
    _line(document, "Căn cứ ……………………………… ;", indent=True)
    _line(document, "QUYẾT ĐỊNH:", bold=True, align=CENTRE)
    _line(
        document,
        "Điều 1. Phân công ông (bà) {{ nguoi_duoc_phan_cong }} thực hiện nhiệm vụ đối với {{ tong_so }} vụ việc "
        "theo {{ linh_vuc }}:",
        indent=True,
    )
    headings = ("STT", "Số trong sổ", "Số thụ lý", "Vụ việc", "Cơ quan")
    slots = ("{{ d.stt }}", "{{ d.so }}", "{{ d.so_thu_ly }}", "{{ d.noi_dung }}", "{{ d.co_quan }}")
    _table(document, headings, "{%tr for d in dong %}", slots, (1.0, 2.2, 3.4, 5.6, 3.8))
    _line(
        document,
        "Điều 2. Ông (bà) {{ nguoi_duoc_phan_cong }} và người có liên quan chịu trách nhiệm thi hành Quyết định "
        "này kể từ ngày ký.",
        indent=True,
    )
    _line(document, "")
    _signature(document, "{% if la_vks %}VIỆN TRƯỞNG{% else %}TRƯỞNG CƠ QUAN{% endif %}")


def _table(
    document: Document, headings: tuple[str, ...], loop: str, slots: tuple[str, ...], widths: tuple[float, ...]
) -> None:
    """A table whose middle row repeats: docxtpl takes the loop's two ends from rows of their own."""
    table = document.add_table(rows=4, cols=len(headings))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, widths)
    for column, (heading, slot) in enumerate(zip(headings, slots, strict=True)):
        for row, text, bold in ((0, heading, True), (2, slot, False)):
            paragraph = table.rows[row].cells[column].paragraphs[0]
            run = paragraph.add_run(text)
            run.bold, run.font.size, run.font.name = bold, Pt(10.5), "Times New Roman"
            if bold or column != 2:
                paragraph.alignment = CENTRE
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    table.rows[1].cells[0].paragraphs[0].add_run(loop)
    table.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    _line(document, "")


def _set_widths(table: Table, widths: tuple[float, ...]) -> None:
    """Widths in cm; Word reads them from the cells, LibreOffice from the grid."""
    table.autofit = False
    for column, width in enumerate(widths):
        table.columns[column].width = Cm(width)
        for cell in table.columns[column].cells:
            cell.width = Cm(width)


def _signature(document: Document, who: str) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _line(left, "Nơi nhận:", bold=True, italic=True, size=12)
    for text in ("- Như trên;", "- Lãnh đạo đơn vị;", "- Lưu: VT, HSKS."):
        _line(left, text, size=11)
    _line(right, who, bold=True, align=CENTRE)
    _line(right, "(Ký, ghi rõ họ tên, đóng dấu)", italic=True, size=11, align=CENTRE)
