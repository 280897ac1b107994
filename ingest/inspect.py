"""What an original holds, found before anything of it is decoded: pages, sizes, locks, signatures, active parts.

What is damaged but whole is repaired on a copy in the derived store; the original is never touched. A file whose end is
missing is refused instead: reading its first pages as if they were all would lose pages without anyone noticing.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest import formats
from ingest.completeness import Completeness, completeness
from ingest.errors import InputDamaged, InputEncrypted, InputTooManyPages, InputTruncated, PageDamaged
from ingest.page_source import PageShape, open_pages


@dataclass(frozen=True, slots=True)
class Inspection:
    """Facts about an original.

    :ivar shapes: one per page; a page whose header cannot be read has no size (0 × 0) and fails by itself later.
    :ivar is_signed: it carries a digital signature; the original must be kept for verifying it.
    :ivar active: parts that act when opened (``javascript``, ``launch``); they stay in the original only.
    :ivar is_repaired: a repaired copy was written and must be read instead of the original.
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
            signed, active = _is_signed(pdf), tuple(sorted(set(_active_parts(pdf))))
            needs_repair = bool(pdf.get_warnings())
            if needs_repair:
                _save_copy(pdf, repaired)
    except pikepdf.PasswordError as error:
        raise InputEncrypted(name=name) from error
    except pikepdf.PdfError as error:
        raise InputDamaged(name=name, why=str(error).splitlines()[0][-150:]) from error
    readable = repaired if needs_repair else path
    shapes = _shapes(readable, formats.PDF.media_type, name, max_pages)
    if len(shapes) != pages:
        raise InputDamaged(name=name, why=f"{pages} pages by its table, {len(shapes)} can be opened")
    notes = ("repaired",) if needs_repair else ()
    return Inspection(shapes, signed, active, needs_repair, notes)


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
        raise InputDamaged(name=name, why=f"{pages} of {declared} pages are there")


def _save_copy(pdf: Any, target: Path) -> None:
    from storage.vault import durable_replacement

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


_ACTING = {"/JavaScript": "javascript", "/Launch": "launch", "/SubmitForm": "submit", "/ImportData": "import"}


def _active_parts(pdf: Any) -> Iterator[str]:
    """Actions of the document, its names, its pages and their annotations."""
    root = pdf.Root
    yield from _acting(root.get("/OpenAction"))
    yield from _acting_in(root.get("/AA"))
    names = root.get("/Names")
    if names is not None and _is_dictionary(names) and "/JavaScript" in names:
        yield "javascript"
    for page in pdf.pages:
        yield from _acting_in(page.obj.get("/AA"))
        annotations = page.obj.get("/Annots")
        for annotation in annotations if annotations is not None and _is_array(annotations) else ():
            if _is_dictionary(annotation):
                yield from _acting(annotation.get("/A"))
                yield from _acting_in(annotation.get("/AA"))


def _acting_in(actions: Any) -> Iterator[str]:
    if _is_dictionary(actions):
        for key in actions:
            yield from _acting(actions[key])


def _acting(action: Any) -> Iterator[str]:
    if _is_dictionary(action):
        named = _ACTING.get(str(action.get("/S", "")))
        if named:
            yield named


def _is_dictionary(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Dictionary)


def _is_array(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Array)
