"""A scan and its readings → one searchable PDF/A whose text selects where it is seen.

The page images are carried over as they were scanned, never encoded again. Pages lie upright; a digitally signed
original is not touched by this: the result is a copy for reading, the original in the vault is what is verified.
"""

import io
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import img2pdf
import ocrmypdf
import pikepdf
from ocrmypdf.exceptions import ExitCodeException
from PIL import Image, ImageSequence

from config.errors import ArchiveError
from ingest import ocrmypdf_plugin
from storage.reading import PageReading

logging.getLogger("ocrmypdf").setLevel(logging.WARNING)
logging.getLogger("img2pdf").setLevel(logging.ERROR)


class AssembleFailed(ArchiveError):
    """The searchable PDF of a scan could not be made."""

    code = "ASSEMBLE"
    vi = (
        "Chưa tạo được bản PDF có chữ của {name}. Tệp gốc còn nguyên, các trang vẫn xem và tìm được. "
        "Máy sẽ tự thử lại; nếu vẫn hỏng hãy quét lại tệp này."
    )
    en = (
        "The searchable PDF of {name} could not be made: {why}. The original is whole; its pages can be seen and "
        "searched. It is tried again by itself; if it keeps failing, scan this file again."
    )
    retryable = True


def assemble_pdf(source: Path, readings: Sequence[PageReading | None], target: Path, *, title: str) -> None:
    """Write the searchable PDF/A-2b of ``source`` (a PDF or an image file) to ``target``, replacing it in one step.

    ``readings`` holds one reading per page, corrections included; None leaves a page without text. Raises
    ``AssembleFailed``; then ``target`` is as it was.
    """
    with tempfile.TemporaryDirectory(prefix="assemble-", dir=target.parent) as folder:
        work = Path(folder)
        try:
            upright, own_text = _upright_copy(source, readings, work)
            _store_readings(readings, own_text, work)
            _run(upright, work / "out.pdf", work, title, any(own_text))
        except (ExitCodeException, pikepdf.PdfError, img2pdf.PdfTooLargeError, OSError, ValueError) as error:
            raise AssembleFailed(name=source.name, why=str(error) or type(error).__name__) from error
        (work / "out.pdf").replace(target)


def _upright_copy(source: Path, readings: Sequence[PageReading | None], work: Path) -> tuple[Path, list[bool]]:
    """A PDF of the same pages set upright, and which pages carry text of their own."""
    plain = source if _is_pdf(source) else _image_as_pdf(source, readings, work)
    own_text = [False] * len(readings)
    copy = work / "upright.pdf"
    with pikepdf.open(plain) as pdf:
        if len(pdf.pages) != len(readings):
            raise ValueError(f"{len(pdf.pages)} pages, {len(readings)} readings")
        for number, (page, reading) in enumerate(zip(pdf.pages, readings, strict=True)):
            own_text[number] = "/Font" in page.obj.get("/Resources", {}) if reading is None or reading.words else False
            if reading is not None and reading.rotation:
                page.rotate(reading.rotation, relative=True)
        for entry in ("/AcroForm", "/Perms", "/DSS"):  # a signature does not survive a rewritten file
            if entry in pdf.Root:
                del pdf.Root[entry]
        pdf.save(copy)
    return copy, own_text


def _is_pdf(source: Path) -> bool:
    with source.open("rb") as stream:
        return b"%PDF-" in stream.read(1024)


def _image_as_pdf(source: Path, readings: Sequence[PageReading | None], work: Path) -> Path:
    """An image file as PDF pages, losslessly; modes PDF cannot hold are flattened onto white paper."""
    made = work / "image.pdf"
    dpis = [int(r.extra.get("dpi", 0)) if r is not None else 0 for r in readings]
    dpi = next((d for d in dpis if d), 0)
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi)) if dpi else img2pdf.default_layout_fun
    try:
        content = img2pdf.convert(source.read_bytes(), layout_fun=layout, rotation=img2pdf.Rotation.ifvalid)
    except (img2pdf.AlphaChannelError, img2pdf.ImageOpenError, NotImplementedError, img2pdf.JpegColorspaceError):
        content = img2pdf.convert(_flattened(source), layout_fun=layout)
    made.write_bytes(content)
    return made


def _flattened(source: Path) -> list[bytes]:
    pages = []
    with Image.open(source) as image:
        for frame in ImageSequence.Iterator(image):
            rgba = frame.convert("RGBA")
            flat = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
            stream = io.BytesIO()
            flat.save(stream, "PNG")
            pages.append(stream.getvalue())
    return pages


def _store_readings(readings: Sequence[PageReading | None], own_text: list[bool], work: Path) -> None:
    """Readings for the plugin. A born-digital page keeps its own letters: a second layer would double every hit."""
    for number, (reading, has_text) in enumerate(zip(readings, own_text, strict=True), start=1):
        if reading is not None and not (has_text and reading.tool.startswith("pdfplumber")):
            (work / ocrmypdf_plugin.reading_name(number)).write_bytes(reading.pack())


def _run(source: Path, target: Path, readings: Path, title: str, has_text: bool) -> None:
    ocrmypdf.ocr(
        source,
        target,
        plugins=[Path(ocrmypdf_plugin.__file__)],
        language=["vie"],
        output_type="pdfa-2",
        title=title,
        # a page with letters of its own: keep what is visible, replace an invisible layer by another program
        mode="redo" if has_text else "default",
        optimize=0,
        jobs=1,
        use_threads=True,
        progress_bar=False,
        invalidate_digital_signatures=True,
        **{ocrmypdf_plugin.OPTION: str(readings)},
    )
