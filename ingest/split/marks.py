"""Our own codes (QR) on cover and separator sheets: what they say, printed and read back.

A code's text is ``AS1;`` and fields ``key=value``: ``k`` kind of sheet, ``i`` case id, ``c`` case number,
``f`` folder code, ``b`` first bút lục, ``x`` four letters of check. Other codes on a page (an invoice, an ID card) do
not begin so and mean nothing here.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

PREFIX = "AS1;"


@dataclass(frozen=True, slots=True)
class SheetMark:
    """What one of our sheets says. ``case_id`` and the rest are None where the sheet leaves them open."""

    kind: str
    case_id: int | None = None
    case_number: str | None = None
    folder: str | None = None
    first_but_luc: str | None = None


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()) & 0xFFFF:04x}"


def write(mark: SheetMark) -> str:
    """The text of the code; ``read`` is its inverse."""
    fields = {
        "k": mark.kind,
        "i": str(mark.case_id) if mark.case_id is not None else None,
        "c": mark.case_number,
        "f": mark.folder,
        "b": mark.first_but_luc,
    }
    body = ";".join(f"{key}={quote(value, safe='/')}" for key, value in fields.items() if value)
    return f"{PREFIX}{body};x={_check(body)}"


def read(text: str) -> SheetMark | None:
    """The mark in a code's text; None when it is not ours or was misread."""
    if not text.startswith(PREFIX):
        return None
    body, _, check = text[len(PREFIX) :].rpartition(";x=")
    if _check(body) != check:
        return None
    fields = dict(part.partition("=")[::2] for part in body.split(";"))
    if fields.get("k") not in {"cover", "separator"}:
        return None
    number = fields.get("i", "")
    return SheetMark(
        kind=fields["k"],
        case_id=int(number) if number.isdigit() else None,
        case_number=unquote(fields["c"]) if "c" in fields else None,
        folder=fields.get("f"),
        first_but_luc=unquote(fields["b"]) if "b" in fields else None,
    )


def sheet_of(texts: Sequence[str]) -> SheetMark | None:
    """The first of our marks among the codes of a page."""
    return next((mark for mark in map(read, texts) if mark is not None), None)


def separator_mark(texts: Sequence[str]) -> str | None:
    """Why a page is a sheet of ours, None when it is not."""
    mark = sheet_of(texts)
    if mark is None:
        return None
    return "tờ bìa đợt quét có mã" if mark.kind == "cover" else "tờ ngăn có mã"
