"""Words of Word and Excel files, so that they are found like pages. What cannot be read is kept and says so."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest import formats
from ingest.errors import InputBomb, InputDamaged
from storage import vietnamese_legacy
from storage.reading import PageReading, Word

#: words of one page of text: a long Word file becomes several, since hits are pages
_WORDS_PER_PAGE = 400
_MAX_ROWS = 200_000
_MAX_UNPACKED = 512 * 2**20
_MAX_RATIO = 200


def read(path: Path, media_type: str, name: str) -> list[PageReading]:
    """The text of an office file, page by page; empty for formats of before 2007, which are only kept.

    :raises InputDamaged, InputBomb: it cannot be opened, or would unpack to far more than its size.
    """
    if media_type == formats.DOCX.media_type:
        _refuse_bomb(path, name)
        return _readings("python-docx", _docx_lines(path, name))
    if media_type == formats.XLSX.media_type:
        _refuse_bomb(path, name)
        return _readings("openpyxl", _xlsx_lines(path, name))
    return []


def _readings(tool: str, lines: Iterator[str]) -> list[PageReading]:
    """Pages of text. Text typed with fonts of the years before Unicode (TCVN3, VNI) is turned into Unicode, judged
    over the whole file: one line is too short to tell."""
    pages = list(_in_pages(lines))
    encoding = vietnamese_legacy.detect("\n".join(line for page in pages for line in page))
    if encoding is None:
        return [_reading(tool, page) for page in pages]
    note = f"turned into Unicode from {encoding}"
    return [
        replace(_reading(tool, [vietnamese_legacy.convert(line, encoding) for line in page]), notes=(note,))
        for page in pages
    ]


def _refuse_bomb(path: Path, name: str) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > _MAX_UNPACKED and unpacked > _MAX_RATIO * path.stat().st_size:
        raise InputBomb(name=name, why=f"{unpacked // 2**20} MB")


def _docx_lines(path: Path, name: str) -> Iterator[str]:
    import docx

    try:
        document = docx.Document(str(path))
    except Exception as error:
        raise InputDamaged(name=name, why=type(error).__name__) from error
    for block in document.iter_inner_content():
        rows = getattr(block, "rows", None)
        if rows is None:
            yield block.text
        else:
            for row in rows:
                yield "  ".join(dict.fromkeys(cell.text.strip() for cell in row.cells))


def _xlsx_lines(path: Path, name: str) -> Iterator[str]:
    import openpyxl

    stream = path.open("rb")  # by its bytes: the library would judge a path by its suffix
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except Exception as error:
        stream.close()
        raise InputDamaged(name=name, why=type(error).__name__) from error
    try:
        for sheet in book.worksheets:
            yield sheet.title
            for row in sheet.iter_rows(max_row=_MAX_ROWS, values_only=True):
                cells = [str(value) for value in row if value is not None]
                if cells:
                    yield "  ".join(cells)
    finally:
        book.close()
        stream.close()
        stream.close()


def _in_pages(lines: Iterator[str]) -> Iterator[list[str]]:
    page: list[str] = []
    count = 0
    for line in lines:
        for part in line.splitlines():
            if not part.strip():
                continue
            page.append(part)
            count += len(part.split())
            if count >= _WORDS_PER_PAGE:
                yield page
                page, count = [], 0
    if page:
        yield page


def _reading(tool: str, lines: list[str]) -> PageReading:
    """Lines laid evenly down a page that is never shown as an image: their boxes only keep their order."""
    height = 1 / max(len(lines), 1)
    words: list[Word] = []
    for row, line in enumerate(lines):
        parts = line.split()
        width = 1 / max(len(parts), 1)
        words += [
            Word(text, (column * width, row * height, width, height), 1.0, row, 0) for column, text in enumerate(parts)
        ]
    extra: dict[str, Any] = {"office": True}
    return PageReading(tool=tool, width=0, height=0, rotation=0, confidence=1.0, words=tuple(words), extra=extra)
