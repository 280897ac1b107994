"""Small files of every kind the archive takes or must refuse, drawn by the suite itself."""

import io
import struct
import zipfile
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"


def page_image(text: str = "Trang một", size: tuple[int, int] = (620, 877), mode: str = "L") -> Image.Image:
    """A white A4 page at 75 dpi with lines of text."""
    image = Image.new("RGB", size, "white")
    font = ImageFont.truetype(FONT, max(12, size[0] // 26))
    for row, line in enumerate(text.splitlines()):
        ImageDraw.Draw(image).text((size[0] // 10, size[1] // 12 + row * size[0] // 16), line, fill="black", font=font)
    return image.convert(mode)


def image_bytes(kind: str, text: str = "Trang một", *, size: tuple[int, int] = (620, 877), mode: str = "L") -> bytes:
    """One page as JPEG, PNG, WEBP, BMP, JPEG2000 or TIFF."""
    stream = io.BytesIO()
    page_image(text, size, mode).save(stream, kind, **({"dpi": (150, 150)} if kind in ("JPEG", "PNG", "TIFF") else {}))
    return stream.getvalue()


def tiff_bytes(pages: int, *, size: tuple[int, int] = (620, 877)) -> bytes:
    """A TIFF of several pages."""
    stream = io.BytesIO()
    first, *rest = [page_image(f"Trang {n}", size) for n in range(1, pages + 1)]
    first.save(stream, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw", dpi=(75, 75))
    return stream.getvalue()


def scanned_pdf(texts: list[str], *, size: tuple[int, int] = (620, 877), rotate: int = 0, dpi: float = 75) -> bytes:
    """A PDF as scanners write it: one JPEG per page."""
    pdf = pikepdf.new()
    for text in texts:
        stream = pdf.make_stream(
            image_bytes("JPEG", text, size=size),
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size[0], Height=size[1],
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        width, height = size[0] / dpi * 72, size[1] / dpi * 72
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
        page.obj.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode())
        if rotate:
            page.rotate(rotate, relative=False)
    return pdf_bytes(pdf)


def undecodable_pdf(filters: str, pages: int = 1, damaged: int = 1) -> bytes:
    """Scanned pages, one of whose images is rubbish under the name of a way of packing (``/JBIG2Decode``)."""
    with pikepdf.open(io.BytesIO(scanned_pdf([f"Trang {n}" for n in range(1, pages + 1)]))) as pdf:
        image = pdf.pages[damaged - 1].obj.Resources.XObject.Im0
        image.write(b"rubbish" * 500, filter=pikepdf.Name(filters))
        return pdf_bytes(pdf, compress_streams=False)


def pdf_bytes(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """A PDF object as bytes."""
    stream = io.BytesIO()
    pdf.save(stream, static_id=True, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def text_pdf(lines: list[str]) -> bytes:
    """A born-digital PDF with Vietnamese text in an embedded font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(TTFont("Serif", FONT))
    stream = io.BytesIO()
    drawing = canvas.Canvas(stream)
    drawing.setFont("Serif", 14)
    for row, line in enumerate(lines):
        drawing.drawString(72, 760 - 24 * row, line)
    drawing.save()
    return stream.getvalue()


def encrypted_pdf(*, user: str = "mat", owner: str = "chu") -> bytes:
    """A PDF with passwords; without a user password it opens for everybody."""
    with pikepdf.open(io.BytesIO(scanned_pdf(["Bí mật"]))) as pdf:
        return pdf_bytes(pdf, encryption=pikepdf.Encryption(user=user, owner=owner))


def acting_pdf() -> bytes:
    """A PDF that runs JavaScript when opened and has a launch action on its page."""
    with pikepdf.open(io.BytesIO(scanned_pdf(["Trang có mã"]))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        pdf.pages[0].obj.Annots = pdf.make_indirect(
            pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)])
        )
        return pdf_bytes(pdf)


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """A ZIP of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def huge_png(side: int = 20_000) -> bytes:
    """A PNG whose header says ``side`` × ``side``; its pixels are never there: nobody may try to decode them."""
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
