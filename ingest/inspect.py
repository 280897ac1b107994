"""What an original holds, found before anything of it is decoded: pages, sizes, locks, signatures, active parts.

What is damaged but whole is repaired on a copy in the derived store, and what acts when opened (JavaScript, programs to
launch) is left out of that copy; the original is never touched. A file whose end is missing is refused instead: reading
its first pages as if they were all would lose pages without anyone noticing.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest import active_parts, formats
from ingest.completeness import Completeness, completeness
from ingest.errors import (
    InputDamaged,
    InputEncrypted,
    InputPagesMissing,
    InputTooManyPages,
    InputTruncated,
    PageDamaged,
)
from ingest.page_source import PageShape, open_pages
from storage.vault import durable_replacement


@dataclass(frozen=True, slots=True)
class Inspection:
    """Facts about an original.

    :ivar shapes: one per page; a page whose header cannot be read has no size (0 × 0) and fails by itself later.
    :ivar is_signed: it carries a digital signature; the original must be kept for verifying it.
    :ivar active: parts that act when opened (``javascript``, ``launch``); they stay in the original only.
    :ivar is_repaired: a copy was written and must be read instead of the original.
    """

    shapes: tuple[PageShape, ...]
    is_signed: bool = False
    active: tuple[str, ...] = ()
    is_repaired: bool = False
    notes: tuple[str, ...] = field(default=())


NO_SHAPE = PageShape(0, 0, None)


def inspect(path: Path, found: formats.Format, *, name: str, max_pages: int, repaired: Path) -> Inspection:
    """Look into an original of pages (PDF or image).

    :param repaired: where a repaired copy is written if one is needed.
    :raises InputEncrypted, InputTruncated, InputDamaged, InputTooManyPages: it is put aside with that reason.
    """
    if found is formats.PDF:
        return _inspect_pdf(path, name, max_pages, repaired)
    if completeness(path) is Completeness.INCOMPLETE and not _decodes(path, found, name):
        raise InputTruncated(name=name)
    return Inspection(_shapes(path, found.media_type, name, max_pages))


def _decodes(path: Path, found: formats.Format, name: str) -> bool:
    """Whether an image without a proper end still decodes whole: phones append a film after the picture's end."""
    if found is formats.TIFF:
        return False
    try:
        with open_pages(path, found.media_type, name=name) as source:
            source.picture(1, 200)
    except Exception as error:  # noqa: BLE001 - decoders raise anything on hostile bytes; all mean "no"
        return isinstance(error, MemoryError)
    return True


def _shapes(path: Path, media_type: str, name: str, max_pages: int) -> tuple[PageShape, ...]:
    with open_pages(path, media_type, name=name) as source:
        _allow(source.count, max_pages, name)
        shapes = []
        for number in range(1, source.count + 1):
            try:
                shapes.append(source.shape(number))
            except PageDamaged:
                shapes.append(NO_SHAPE)
        return tuple(shapes)


def _allow(pages: int, limit: int, name: str) -> None:
    if pages > limit:
        raise InputTooManyPages(name=name, pages=pages, limit=limit)


def _inspect_pdf(path: Path, name: str, max_pages: int, repaired: Path) -> Inspection:
    import pikepdf

    _require_end(path, name)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
            _allow(pages, max_pages, name)
            if pages == 0:
                raise InputDamaged(name=name, why="no pages")
            _require_all_pages(pdf, pages, name)
            signed, active = _is_signed(pdf), tuple(sorted(set(active_parts.find(pdf))))
            damaged = bool(pdf.get_warnings())
            if damaged or active:
                active_parts.remove(pdf)
                _save_copy(pdf, repaired)
    except pikepdf.PasswordError as error:
        raise InputEncrypted(name=name) from error
    except pikepdf.PdfError as error:
        raise InputDamaged(name=name, why=str(error).splitlines()[0].removeprefix(f"{path}: ")[:150]) from error
    has_copy = damaged or bool(active)
    readable = repaired if has_copy else path
    shapes = _shapes(readable, formats.PDF.media_type, name, max_pages)
    if len(shapes) != pages:
        raise InputPagesMissing(name=name, declared=pages, pages=len(shapes))
    notes = ("repaired",) if damaged else ()
    return Inspection(shapes, signed, active, has_copy, notes)


def _require_end(path: Path, name: str) -> None:
    """A PDF must end with its end mark; a wrong number in its trailer is a fault to repair, not a missing end."""
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        stream.seek(max(0, size - 4096))
        if b"%%EOF" not in stream.read():
            raise InputTruncated(name=name)


def _require_all_pages(pdf: Any, pages: int, name: str) -> None:
    try:
        declared = int(pdf.Root.Pages.Count)
    except (AttributeError, TypeError, ValueError, KeyError):
        return
    if declared > pages:
        raise InputPagesMissing(name=name, declared=declared, pages=pages)


def _save_copy(pdf: Any, target: Path) -> None:
    with durable_replacement(target) as out:
        pdf.save(out)


def _is_signed(pdf: Any) -> bool:
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return False
    try:
        if int(form.get("/SigFlags", 0)) & 1:
            return True
        return any(item.get("/FT") == "/Sig" and "/V" in item for item in form.get("/Fields", []))
    except (AttributeError, TypeError, ValueError):
        return False
