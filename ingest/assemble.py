"""A scan and its readings → one searchable PDF/A whose text selects where it is seen.

The page images are carried over as they were scanned, never encoded again. Pages lie upright; a digitally signed
original is not touched by this: the result is a copy for reading, the original in the vault is what is verified.
"""

import io
import logging
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import ocrmypdf
import pikepdf
from ocrmypdf.exceptions import ExitCodeException
from PIL import Image, ImageSequence

from ingest import ocrmypdf_plugin
from ingest.errors import AssembleFailed, AssembleImpossible
from storage.reading import PageReading

logging.getLogger("ocrmypdf").setLevel(logging.WARNING)
logging.getLogger("img2pdf").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What must be known of a page's reading while all pages are set upright; the words lie on the disk by then."""

    rotation: int
    dpi: int
    has_words: bool
    #: the words are the page's own letters, not a recogniser's
    is_own: bool


_UNREAD = _Sheet(rotation=0, dpi=0, has_words=True, is_own=False)


def assemble_pdf(
    source: Path, readings: Iterable[PageReading | None], target: Path, *, title: str, max_megapixels: int = 120
) -> None:
    """Write the searchable PDF/A-2b of ``source`` (a PDF or an image file) to ``target``, replacing it in one step.

    :param readings: one per page, corrections included; None leaves a page without text. Taken one by one: those of a
        long scan do not fit into memory together.
    :param max_megapixels: largest page of an image file that is opened, in millions of pixels.
    :raises AssembleFailed, AssembleImpossible: ``target`` is as it was.
    """
    with tempfile.TemporaryDirectory(prefix="assemble-", dir=target.parent) as folder:
        work = Path(folder)
        try:
            sheets = _store_readings(readings, work)
            plain = source if _is_pdf(source) else _image_as_pdf(source, sheets, work, max_megapixels)
            upright, own_text = _upright_copy(plain, sheets, work)
            _leave_own_letters(sheets, own_text, work)
            _run(upright, work / "out.pdf", work, title, any(own_text))
        except OSError as error:
            raise AssembleFailed(name=source.name, why=str(error)) from error
        except (ExitCodeException, pikepdf.PdfError, img2pdf.PdfTooLargeError, ValueError) as error:
            raise AssembleImpossible(name=source.name, why=str(error) or type(error).__name__) from error
        (work / "out.pdf").replace(target)


def _store_readings(readings: Iterable[PageReading | None], work: Path) -> list[_Sheet]:
    """Lay the readings down for the plugin."""
    sheets = []
    for number, reading in enumerate(readings, start=1):
        if reading is None:
            sheets.append(_UNREAD)
            continue
        (work / ocrmypdf_plugin.reading_name(number)).write_bytes(reading.pack())
        is_own = reading.tool.startswith("pdfplumber")
        sheets.append(_Sheet(reading.rotation, int(reading.extra.get("dpi", 0)), bool(reading.words), is_own))
    return sheets


def _leave_own_letters(sheets: Sequence[_Sheet], own_text: Sequence[bool], work: Path) -> None:
    """A born-digital page keeps its own letters: a second layer would double every hit."""
    for number, (sheet, has_text) in enumerate(zip(sheets, own_text, strict=True), start=1):
        if has_text and sheet.is_own:
            (work / ocrmypdf_plugin.reading_name(number)).unlink()


def _upright_copy(plain: Path, sheets: Sequence[_Sheet], work: Path) -> tuple[Path, list[bool]]:
    """A PDF of the same pages set upright, and which pages carry text of their own."""
    own_text = [False] * len(sheets)
    copy = work / "upright.pdf"
    with pikepdf.open(plain) as pdf:
        if len(pdf.pages) != len(sheets):
            raise ValueError(f"{len(pdf.pages)} pages, {len(sheets)} readings")
        for number, (page, sheet) in enumerate(zip(pdf.pages, sheets, strict=True)):
            own_text[number] = sheet.has_words and "/Font" in page.obj.get("/Resources", {})
            if sheet.rotation:
                page.rotate(sheet.rotation, relative=True)
        for entry in ("/AcroForm", "/Perms", "/DSS"):  # a signature does not survive a rewritten file
            if entry in pdf.Root:
                del pdf.Root[entry]
        pdf.save(copy)
    return copy, own_text


def _is_pdf(source: Path) -> bool:
    with source.open("rb") as stream:
        return b"%PDF-" in stream.read(1024)


def _image_as_pdf(source: Path, sheets: Sequence[_Sheet], work: Path, max_megapixels: int) -> Path:
    """An image file as PDF pages, losslessly; modes PDF cannot hold are flattened onto white paper."""
    _require_size(source, max_megapixels)
    made = work / "image.pdf"
    dpi = next((sheet.dpi for sheet in sheets if sheet.dpi), 0)
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi)) if dpi else img2pdf.default_layout_fun
    try:
        content = img2pdf.convert(source.read_bytes(), layout_fun=layout, rotation=img2pdf.Rotation.ifvalid)
    except (img2pdf.AlphaChannelError, img2pdf.ImageOpenError, NotImplementedError, img2pdf.JpegColorspaceError):
        content = img2pdf.convert(_flattened(source), layout_fun=layout)
    made.write_bytes(content)
    return made


def _require_size(source: Path, max_megapixels: int) -> None:
    """:raises ValueError: a page has more pixels than may be decoded."""
    with warnings.catch_warnings():
        # Pillow looks at the header only and warns of what is allowed here
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(source) as image:
                sizes = [frame.size for frame in ImageSequence.Iterator(image)]
        except Image.DecompressionBombError as error:
            raise ValueError(str(error)) from error
    largest = max(width * height for width, height in sizes) / 1e6
    if largest > max_megapixels:
        raise ValueError(f"a page of {largest:.0f} megapixels, at most {max_megapixels}")


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
