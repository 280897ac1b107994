"""Cover and separator sheets as A4 PDF: a large QR code that a bad scanner still reads, and the same in words."""

import io

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

from config import print_fonts
from ingest.split import marks

#: side of the code on paper; at 200 dpi each module is a dozen pixels
CODE_SIDE = 70 * mm


def _code(mark: marks.SheetMark) -> ImageReader:
    stream = io.BytesIO()
    segno.make(marks.write(mark), error="h").save(stream, kind="png", scale=12, border=4)
    stream.seek(0)
    return ImageReader(stream)


def cover(mark: marks.SheetMark, *, office: str, lines: list[tuple[str, str]], printed: str) -> bytes:
    """A cover sheet of one batch: ``lines`` are (what, value) in words; ``printed`` says who printed it and when."""
    regular, bold = print_fonts.fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    width, height = A4
    canvas.setTitle("Tờ bìa đợt quét")
    canvas.setFont(regular, 12)
    canvas.drawCentredString(width / 2, height - 25 * mm, office)
    canvas.setFont(bold, 26)
    canvas.drawCentredString(width / 2, height - 45 * mm, "TỜ BÌA ĐỢT QUÉT")
    canvas.drawImage(_code(mark), (width - CODE_SIDE) / 2, height - 130 * mm, CODE_SIDE, CODE_SIDE)
    place = height - 145 * mm
    for name, value in lines:
        canvas.setFont(regular, 13)
        canvas.drawString(30 * mm, place, f"{name}:")
        canvas.setFont(bold, 17)
        for part in simpleSplit(value, bold, 17, width - 105 * mm):
            canvas.drawString(75 * mm, place, part)
            place -= 8 * mm
        place -= 3 * mm
    canvas.setFont(regular, 11)
    for number, text in enumerate((
        "Đặt tờ này lên trên cùng của xấp giấy rồi quét. Không gấp, không che ô vuông đen trắng.",
        "Tờ này không thuộc hồ sơ; máy nhận ra và không đánh số bút lục.", printed,
    )):  # fmt: skip
        canvas.drawCentredString(width / 2, (34 - 7 * number) * mm, text)
    canvas.save()
    return stream.getvalue()


def separators(count: int, *, office: str) -> bytes:
    """Separator sheets: laid between documents by those who want to be sure of the cuts."""
    regular, bold = print_fonts.fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    width, height = A4
    canvas.setTitle("Tờ ngăn")
    code = _code(marks.SheetMark("separator"))
    for _number in range(count):
        canvas.setFont(regular, 12)
        canvas.drawCentredString(width / 2, height - 25 * mm, office)
        canvas.setFont(bold, 34)
        canvas.drawCentredString(width / 2, height - 60 * mm, "TỜ NGĂN")
        canvas.drawImage(code, (width - CODE_SIDE) / 2, height - 150 * mm, CODE_SIDE, CODE_SIDE)
        canvas.setFont(regular, 12)
        canvas.drawCentredString(width / 2, 40 * mm, "Đặt trước tài liệu mới. Dùng lại được nhiều lần.")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
