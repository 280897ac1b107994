"""Pages of an original as pictures, without decoding more than is needed.

A scanned PDF's page usually *is* one JPEG: then its stored bytes are the page, and rendering it again would cost time
and sharpness. Everything else is rendered by PDFium at the resolution of its largest image. Pictures come out upright
by the file's own orientation (``/Rotate``, EXIF); what the recogniser finds on top of that is ``Page.rotation``.
"""

import io
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PIL import Image, ImageOps, UnidentifiedImageError

from ingest.errors import InputDamaged, InputEncrypted, PageDamaged, PageTooLarge

# Limits are checked here from the header, before a pixel is decoded; Pillow's own would warn at a size we allow.
Image.MAX_IMAGE_PIXELS = None

#: PDFium is not safe for use by several threads at once
_PDFIUM = threading.RLock()

#: resolution for pages that are drawn, not scanned
DRAWN_DPI = 300.0
_MAX_DPI = 600.0
#: how far the image may stay off the page's edge and still be "the page" (fraction of its side)
_EDGE = 0.02
#: share of a page that is not white, below which its images are looked at for damage
_EMPTY = 0.003
_UNDECODABLE = "its image cannot be decoded"
_PIXEL_MODES = {"1": "L", "L": "L", "RGB": "RGB"}


@dataclass(frozen=True, slots=True)
class PageShape:
    """A page before decoding: pixels as shown, resolution where it is known."""

    width: int
    height: int
    dpi: float | None

    @property
    def megapixels(self) -> float:
        """Millions of pixels."""
        return self.width * self.height / 1e6


class PageSource(Protocol):
    """An opened original. Page numbers begin at 1."""

    count: int

    def shape(self, number: int) -> PageShape:
        """Size of a page, from headers only."""

    def encoded(self, number: int) -> bytes | None:
        """The page's own stored image, where it can be handed on as it is; else None."""

    def picture(self, number: int, max_side: int | None = None) -> Image.Image:
        """The decoded page, grey or RGB, reduced to about ``max_side`` (at least, where it was larger)."""

    def has_text(self, number: int) -> bool:
        """Whether the page brings words of its own (a born-digital page, or a scan with a text layer)."""

    def close(self) -> None:
        """Release the file."""


@contextmanager
def open_pages(path: Path, media_type: str, *, name: str = "", max_megapixels: int = 120) -> Iterator[PageSource]:
    """Open an original for its pages.

    :raises InputEncrypted, InputDamaged: it cannot be opened.
    """
    kind = PdfPages if media_type == "application/pdf" else ImagePages
    source = kind(path, name or path.name, max_megapixels)
    try:
        yield source
    finally:
        source.close()


def fits(shape: PageShape, limit: int, what: str) -> None:
    """:raises PageTooLarge: the page has more pixels than allowed."""
    if shape.megapixels > limit:
        raise PageTooLarge(what=what, megapixels=round(shape.megapixels), limit=limit)


def side_within(shape: PageShape, limit: int) -> int | None:
    """Longer side to which a JPEG too large to decode whole is decoded; None where it fits.

    A JPEG decodes to a half, a quarter or an eighth without ever being whole in memory.
    """
    for divisor in (1, 2, 4, 8):
        if shape.megapixels / divisor**2 <= limit:
            return None if divisor == 1 else max(shape.width, shape.height) // divisor
    return 0


class PdfPages:
    """Pages of a PDF."""

    def __init__(self, path: Path, name: str, max_megapixels: int) -> None:
        import pypdfium2

        self._name = name
        self._limit = max_megapixels
        with _PDFIUM:
            try:
                self._pdf = pypdfium2.PdfDocument(path)
            except pypdfium2.PdfiumError as error:
                if "password" in str(error).lower():
                    raise InputEncrypted(name=name) from error
                raise InputDamaged(name=name, why=str(error)) from error
            self.count = len(self._pdf)

    def close(self) -> None:
        with _PDFIUM:
            self._pdf.close()

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        import pypdfium2

        with _PDFIUM:
            try:
                page = self._pdf[number - 1]
            except (pypdfium2.PdfiumError, IndexError) as error:
                raise PageDamaged(what=self._what(number), why=str(error)) from error
            try:
                yield page
            finally:
                page.close()

    def _what(self, number: int) -> str:
        return f"{number} ({self._name})"

    def shape(self, number: int) -> PageShape:
        with self._page(number) as page:
            image = _full_page_image(page)
            if image is not None:
                width, height = image.get_px_size()
                if page.get_rotation() in (90, 270):
                    width, height = height, width
                return PageShape(width, height, width / page.get_width() * 72)
            dpi = self._render_dpi(page)
            scale = dpi / 72
            return PageShape(math.ceil(page.get_width() * scale), math.ceil(page.get_height() * scale), dpi)

    def _render_dpi(self, page: Any) -> float:
        """Resolution of the page's finest large image, or the usual one; less where the page would be too large."""
        found = [_image_dpi(image) for image in _images(page) if _covers(image, page) > 0.25]
        dpi = min(max(found), _MAX_DPI) if found else DRAWN_DPI
        inches = page.get_width() / 72 * page.get_height() / 72
        if inches <= 0:
            raise PageDamaged(what=self._name, why="a page without size")
        return float(min(dpi, math.sqrt(self._limit * 1e6 / inches) * 0.999))

    def encoded(self, number: int) -> bytes | None:
        with self._page(number) as page:
            image = _full_page_image(page)
            if image is None or page.get_rotation() or list(image.get_filters()) != ["DCTDecode"]:
                return None
            data = bytes(image.get_data())
            width, height = image.get_px_size()
            if width * height > self._limit * 1e6:
                return None
        try:
            with Image.open(io.BytesIO(data)) as probe:
                # CMYK from PDF may be inverted: only what shows the same everywhere is handed on as it is
                return data if probe.mode in ("L", "RGB") else None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise PageDamaged(what=self._what(number), why=_UNDECODABLE) from error

    def picture(self, number: int, max_side: int | None = None) -> Image.Image:
        import pypdfium2

        shape = self.shape(number)
        data = self.encoded(number)
        if data is not None:
            return _decode(io.BytesIO(data), self._what(number), max_side)
        with self._page(number) as page:
            image = _full_page_image(page)
            if image is not None and not page.get_rotation() and list(image.get_filters()) == ["DCTDecode"]:
                side = side_within(shape, self._limit)
                if side:
                    data = bytes(image.get_data())
                    return _decode(io.BytesIO(data), self._what(number), min(side, max_side or side))
            fits(shape, self._limit, self._what(number))
            dpi = self._render_dpi(page)
            if max_side is not None:
                dpi = min(dpi, max_side / max(page.get_width(), page.get_height(), 1) * 72)
            try:
                bitmap = page.render(scale=dpi / 72, may_draw_forms=True)
                picture = bitmap.to_pil()
            except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
                raise PageDamaged(what=self._what(number), why=str(error)) from error
            if _looks_empty(picture):
                self._require_images(page, number)
            plain: Image.Image = picture.convert("RGB") if picture.mode != "L" else picture.copy()
            return plain

    def _require_images(self, page: Any, number: int) -> None:
        """:raises PageDamaged: an image of the page cannot be decoded. PDFium leaves it out in silence (damaged JBIG2,
        JPEG 2000), and the page would pass for a blank one."""
        import pypdfium2

        for image in _images(page):
            try:
                image.get_bitmap().close()
            except pypdfium2.PdfiumError as error:
                raise PageDamaged(what=self._what(number), why=_UNDECODABLE) from error

    def has_text(self, number: int) -> bool:
        with self._page(number) as page:
            text = page.get_textpage()
            try:
                return int(text.count_chars()) > 3
            finally:
                text.close()


def _looks_empty(picture: Image.Image) -> bool:
    """Whether next to nothing of a page was drawn."""
    small = picture.convert("L").reduce(max(1, min(picture.size) // 400))
    return sum(small.histogram()[:250]) < _EMPTY * small.width * small.height


def _images(page: Any) -> list[Any]:
    from pypdfium2 import raw

    return list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _full_page_image(page: Any) -> Any | None:
    """The page's only object, if it is an upright image that covers the page."""
    from pypdfium2 import raw

    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != raw.FPDF_PAGEOBJ_IMAGE:
        return None
    a, b, c, d, x, y = objects[0].get_matrix().get()
    left, bottom, right, top = page.get_mediabox()
    if page.get_cropbox() != page.get_mediabox():
        return None
    width, height = right - left, top - bottom
    edges = (abs(x - left) / width, abs(y - bottom) / height, abs(a - width) / width, abs(d - height) / height)
    if b or c or max(edges) > _EDGE:
        return None
    return objects[0]


def _image_dpi(image: Any) -> float:
    a, b, _c, _d, _x, _y = image.get_matrix().get()
    width_points = math.hypot(a, b)
    pixels = image.get_px_size()[0]
    return float(pixels / width_points * 72) if width_points else DRAWN_DPI


def _covers(image: Any, page: Any) -> float:
    a, b, c, d, _x, _y = image.get_matrix().get()
    area = page.get_width() * page.get_height()
    return abs(a * d - b * c) / area if area else 0.0


class ImagePages:
    """Frames of an image file: one for JPEG and its like, many for TIFF."""

    def __init__(self, path: Path, name: str, max_megapixels: int) -> None:
        self._name = name
        self._limit = max_megapixels
        try:
            self._image = Image.open(path)
            self.count = getattr(self._image, "n_frames", 1) if self._image.format in ("TIFF", "WEBP") else 1
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
            raise InputDamaged(name=name, why=_short(error)) from error
        self._raw = path.read_bytes if self._image.format == "JPEG" else None

    def close(self) -> None:
        self._image.close()

    def _seek(self, number: int) -> None:
        if self.count == 1:
            return
        try:
            self._image.seek(number - 1)
        except (EOFError, OSError, ValueError) as error:
            raise PageDamaged(what=f"{number} ({self._name})", why=_short(error)) from error

    def shape(self, number: int) -> PageShape:
        self._seek(number)
        width, height = self._image.size
        if self._orientation() >= 5:
            width, height = height, width
        return PageShape(width, height, _image_file_dpi(self._image))

    def _orientation(self) -> int:
        try:
            return int(self._image.getexif().get(0x0112, 1))
        except (OSError, ValueError, SyntaxError, TypeError):
            return 1

    def encoded(self, number: int) -> bytes | None:
        if self._raw is None or self._orientation() != 1 or self._image.mode not in ("L", "RGB"):
            return None
        if self.shape(number).megapixels > self._limit:
            return None
        return self._raw()

    def picture(self, number: int, max_side: int | None = None) -> Image.Image:
        what = f"{number} ({self._name})"
        shape = self.shape(number)
        side = side_within(shape, self._limit) if self._raw is not None else None
        if side is not None and side > 0:
            max_side = min(side, max_side or side)
        else:
            fits(shape, self._limit, what)
        if self._raw is not None:
            return _decode(io.BytesIO(self._raw()), what, max_side)
        try:
            picture = ImageOps.exif_transpose(self._image)
            return _plain(picture if picture is not self._image else picture.copy(), max_side)
        except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as error:
            raise PageDamaged(what=what, why=_short(error)) from error

    def has_text(self, number: int) -> bool:
        return False


def _image_file_dpi(image: Image.Image) -> float | None:
    try:
        horizontal = float(image.info.get("dpi", (0, 0))[0])
    except (TypeError, ValueError, IndexError):
        return None
    return horizontal if 50 <= horizontal <= 2400 else None


def _decode(stream: io.BytesIO, what: str, max_side: int | None) -> Image.Image:
    """A JPEG, decoded at an eighth, quarter or half where that is enough."""
    try:
        with Image.open(stream) as image:
            if max_side is not None:
                share = max_side / max(image.size)
                image.draft(None, (int(image.width * share), int(image.height * share)))
            return _plain(ImageOps.exif_transpose(image), None)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise PageDamaged(what=what, why=_short(error)) from error


def _plain(picture: Image.Image, max_side: int | None) -> Image.Image:
    """Grey or RGB of 8 bits, on white where it was transparent; reduced by whole factors, which is quick."""
    if picture.mode.startswith(("I", "F")):
        picture = _to_eight_bits(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        picture = ground
    wanted = _PIXEL_MODES.get(picture.mode, "RGB")
    picture = picture if picture.mode == wanted else picture.convert(wanted)
    if max_side is not None and max(picture.size) >= 2 * max_side:
        picture = picture.reduce(max(picture.size) // max_side)
    return picture


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Deep grey: scanned from 0 to 65535 (or whatever the widest value is) down to 0 to 255."""
    if picture.mode == "F":
        low, high = picture.getextrema()
    else:
        low, high = (0, 65535) if picture.mode.startswith("I;16") else picture.getextrema()
        high = 65535 if isinstance(high, int) and 255 < high <= 65535 else high
        low = 0
    span = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
    scale = 255.0 / span
    return picture.convert("F").point(lambda value: value * scale - float(low) * scale).convert("L")  # type: ignore[arg-type]


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
