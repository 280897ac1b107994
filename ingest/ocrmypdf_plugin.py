"""OCRmyPDF plugin that writes readings made earlier into a PDF: nothing is rendered and nothing is read again.

The readings lie in a folder, one packed ``PageReading`` per page (``000001.reading``), handed over as the option
``stored_readings``. A page without a file gets no text. OCRmyPDF's own rasterising and PNG writing cost most of a
page's time outside recognition, so the page image it asks for is a blank one of the right shape.
"""

import functools
import statistics
from pathlib import Path
from typing import Any

import pikepdf
from ocrmypdf import hookimpl
from ocrmypdf.models.ocr_element import Baseline, BoundingBox, OcrClass, OcrElement
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence
from PIL import Image

from storage.reading import PageReading, Word

OPTION = "stored_readings"
#: fewest words from which a line's slope is taken
_FEWEST_FOR_SLOPE = 4
#: steeper than 10° is a misread line, not a skewed page
_STEEPEST = 0.18
#: resolution of the blank pages: words are placed by fractions, so that a fine one would only cost memory
_BLANK_DPI = 72


def reading_name(page_number: int) -> str:
    """File name of page ``page_number`` (from 1) in the folder of readings."""
    return f"{page_number:06d}.reading"


@hookimpl  # type: ignore[untyped-decorator]
def rasterize_pdf_page(
    input_file: Path,
    output_file: Path,
    pageno: int,
    rotation: int | None,
    options: Any,
) -> Path | None:
    """A blank page of the right shape in place of a rendered one."""
    if getattr(options, OPTION, None) is None:
        return None
    width, height, turn = _page_sizes(input_file)[pageno - 1]
    size = (max(1, round(width * _BLANK_DPI / 72)), max(1, round(height * _BLANK_DPI / 72)))
    blank = Image.new("1", size[::-1] if (turn + (rotation or 0)) % 180 == 90 else size, 1)
    blank.save(output_file, dpi=(_BLANK_DPI, _BLANK_DPI))
    return output_file


@functools.lru_cache(maxsize=1)
def _page_sizes(path: Path) -> list[tuple[float, float, int]]:
    """Width and height in points, and turn in degrees, of every page: opening the file anew for each page would take
    a time that grows with the square of their number."""
    with pikepdf.open(path) as pdf:
        boxes = [(page.mediabox, int(page.obj.get("/Rotate", 0))) for page in pdf.pages]
        return [
            (float(right) - float(left), float(top) - float(bottom), turn) for (left, bottom, right, top), turn in boxes
        ]


@hookimpl  # type: ignore[untyped-decorator]
def get_ocr_engine(options: Any) -> OcrEngine | None:
    """Our engine where readings are handed over, else whoever is next."""
    if options is None or getattr(options, OPTION, None) is None:
        return None
    return StoredReadings()


class StoredReadings(OcrEngine):  # type: ignore[misc]
    """Answers OCRmyPDF's questions from the stored readings."""

    @staticmethod
    def version() -> str:
        """Version of the contract between service and plugin."""
        return "1"

    @staticmethod
    def creator_tag(options: Any) -> str:  # noqa: ARG004
        """Who made the text, in the PDF's metadata."""
        return "archive_svc"

    def __str__(self) -> str:
        return "stored readings 1"

    @staticmethod
    def languages(options: Any) -> set[str]:
        """Whatever is asked for: the reading has been done."""
        return set(options.languages)

    @staticmethod
    def get_orientation(input_file: Path, options: Any) -> OrientationConfidence:  # noqa: ARG004
        """Never asked: pages are set upright before."""
        return OrientationConfidence(angle=0, confidence=0.0)

    @staticmethod
    def supports_generate_ocr() -> bool:
        """We hand over trees."""
        return True

    @staticmethod
    def generate_ocr(input_file: Path, options: Any, page_number: int = 0) -> tuple[OcrElement, str]:
        """The stored reading as OCRmyPDF's own tree of page, lines and words."""
        with Image.open(input_file) as image:
            width, height = image.size
            dpi = float(image.info.get("dpi", (72, 72))[0])
        stored = Path(getattr(options, OPTION)) / reading_name(page_number + 1)
        reading = PageReading.unpack(stored.read_bytes()) if stored.is_file() else None
        page = OcrElement(OcrClass.PAGE, bbox=BoundingBox(0, 0, width, height), dpi=dpi, page_number=page_number)
        if reading is not None:
            page.children = list(_lines(reading.words, width, height))
        return page, reading.text if reading is not None else ""

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options: Any) -> None:
        """Not offered: ``generate_ocr`` is."""
        raise NotImplementedError

    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Any) -> None:
        """Not offered: ``generate_ocr`` is."""
        raise NotImplementedError


def _lines(words: tuple[Word, ...], width: int, height: int) -> list[OcrElement]:
    """One element per line, its words inside."""
    lines: list[list[Word]] = []
    for word in words:
        if not lines or (word.line, word.block) != (lines[-1][-1].line, lines[-1][-1].block):
            lines.append([])
        lines[-1].append(word)
    return [_line(line, width, height) for line in lines]


def _line(words: list[Word], width: int, height: int) -> OcrElement:
    """The words on one baseline, which may slope: a skewed line's own box would be far too high."""
    boxes = [_pixels(word, width, height) for word in words]
    left, right = min(b.left for b in boxes), max(b.right for b in boxes)
    slope, bottom = _baseline(boxes, left)
    tall = statistics.median(b.height for b in boxes)
    children = [
        OcrElement(OcrClass.WORD, bbox=b, text=w.text, confidence=w.confidence)
        for w, b in zip(words, boxes, strict=True)
    ]
    return OcrElement(
        OcrClass.LINE,
        bbox=BoundingBox(left, bottom - tall, right, bottom),
        baseline=Baseline(slope, 0.0),
        children=children,
        direction="ltr",
    )


def _baseline(boxes: list[BoundingBox], left: float) -> tuple[float, float]:
    """Slope of the words' bottoms and its height at ``left``; level for short lines, where it would be chance."""
    level = statistics.median(b.bottom for b in boxes)
    if len(boxes) < _FEWEST_FOR_SLOPE:
        return 0.0, level
    slope, height = statistics.linear_regression([b.left for b in boxes], [b.bottom for b in boxes])
    return (slope, height + slope * left) if abs(slope) < _STEEPEST else (0.0, level)


def _pixels(word: Word, width: int, height: int) -> BoundingBox:
    x, y, w, h = word.box
    left, top = x * width, y * height
    return BoundingBox(left, top, max(left + 1, left + w * width), max(top + 1, top + h * height))
