"""Is a file written to its end? Judged by its own format, since a share never says when a slow copy is over.

A scanner that writes over SMB may pause for half a minute in the middle, and Windows sets the final size before it
writes the bytes. So neither a quiet moment nor a stable size proves anything: what proves it is the end mark the format
itself demands. A linearised PDF has an early ``%%EOF``, so the *last* trailer is read and the cross-reference it names.
"""

import enum
import os
import re
import struct
from pathlib import Path
from typing import BinaryIO

from ingest import formats

#: bytes of the end of a PDF in which its trailer must stand; scanners append a little padding
_TAIL = 4096
_PADDING = b"\0\r\n\t\f "
_STARTXREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_LINEARISED = re.compile(rb"/Linearized\s[^>]*?/L\s+(\d+)")
_XREF_TARGET = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)")
_MAX_IFDS = 100_000


class Completeness(enum.Enum):
    """What the format says about the end of the file."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    #: the format has no end mark, is not known, or is whole after every page (TIFF): only quiet can tell
    UNKNOWN = "unknown"


def completeness(path: Path) -> Completeness:
    """Judge the file at ``path``. Reads a few kilobytes; never decodes.

    :raises OSError: where the file cannot be read.
    """
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if size == 0:
            return Completeness.INCOMPLETE
        found = formats.recognise_head(stream.read(formats.HEAD_BYTES))
        if found is None:
            return Completeness.UNKNOWN
        if _tail_is_zeros(stream, size):
            return Completeness.INCOMPLETE  # space set aside by the copying machine, not written yet
        check = _CHECKS.get(found.media_type)
        if check is None:
            return Completeness.UNKNOWN
        try:
            complete = check(stream, size)
        except (struct.error, ValueError, OverflowError):
            complete = False
        if not complete:
            return Completeness.INCOMPLETE
        return Completeness.UNKNOWN if found is formats.TIFF else Completeness.COMPLETE


def _tail_is_zeros(stream: BinaryIO, size: int) -> bool:
    length = min(size, 1024)
    stream.seek(size - length)
    return not stream.read(length).strip(b"\0")


def _read_at(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(offset)
    data = stream.read(length)
    if len(data) < length:
        raise ValueError("past the end of the file")
    return data


def _pdf(stream: BinaryIO, size: int) -> bool:
    start = max(0, size - _TAIL)
    tail = _read_at(stream, start, size - start)
    trailers = list(_STARTXREF.finditer(tail))
    last = trailers[-1] if trailers else None
    if last is None or tail[last.end() :].strip(_PADDING):  # the end of an earlier version, and more has begun
        return False
    offset = int(last.group(1))
    if not 0 < offset < size:
        return False
    linearised = _LINEARISED.search(_read_at(stream, 0, min(size, 1024)))
    if linearised and int(linearised.group(1)) > size:
        return False
    # a few writers count from after leading junk; look a little further on than the number says
    stream.seek(offset)
    return bool(_XREF_TARGET.match(stream.read(64))) or b"xref" in stream.read(1024)


def _jpeg(stream: BinaryIO, size: int) -> bool:
    """The end-of-image mark stands last but for padding some scanners add. A small picture for previews, which has an
    end mark of its own, lies before the start of the scan."""
    begin = _start_of_scan(stream, size)
    start = max(begin, size - 512)
    return b"\xff\xd9" in _read_at(stream, start, size - start)


def _start_of_scan(stream: BinaryIO, size: int) -> int:
    """Where the picture itself begins.

    :raises ValueError: not within the file.
    """
    position = 2
    while position < size:
        marker, length = struct.unpack(">HH", _read_at(stream, position, 4))
        if marker == 0xFFFF:  # padding before a mark
            position += 1
        elif marker == 0xFFDA:
            return position
        elif marker < 0xFFC0 or length < 2:
            raise ValueError("no segment of a JPEG")
        else:
            position += 2 + length
    raise ValueError("past the end of the file")


def _png(stream: BinaryIO, size: int) -> bool:
    length = min(size, 512)
    return b"IEND\xaeB`\x82" in _read_at(stream, size - length, length)


def _riff(stream: BinaryIO, size: int) -> bool:
    declared = struct.unpack("<I", _read_at(stream, 4, 4))[0] + 8
    return bool(size >= declared - 1)


def _bmp(stream: BinaryIO, size: int) -> bool:
    declared = int(struct.unpack("<I", _read_at(stream, 2, 4))[0])
    return size >= declared > 0


def _zip(stream: BinaryIO, size: int) -> bool:
    """The end record stands last but for its comment, and the list of files lies where it says: the end record of a ZIP
    packed inside counts from another beginning."""
    length = min(size, 65_557)  # the comment may have 64 KiB
    tail = _read_at(stream, size - length, length)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        return False
    listing_bytes, listing_at, comment = struct.unpack("<IIH", tail[at + 12 : at + 22])
    if 0xFFFFFFFF in (listing_bytes, listing_at):  # too large for these fields: the larger record comes before
        return tail[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    end = size - length + at
    return bool(listing_at + listing_bytes == end and end + 22 + comment <= size)


def _boxes(stream: BinaryIO, size: int) -> bool:
    """ISO boxes (MP4, MOV, JPEG 2000): they must tile the file, and a film needs its index."""
    position, kinds = 0, set()
    while position < size:
        length, kind = struct.unpack(">I4s", _read_at(stream, position, 8))
        kinds.add(kind)
        if length == 1:
            length = struct.unpack(">Q", _read_at(stream, position + 8, 8))[0]
        if length == 0:  # "to the end of the file": the end itself must show
            return kind == b"jp2c" and _codestream_end(stream, size)
        if length < 8:
            return False
        position += length
    return position == size and bool(kinds & {b"moov", b"jp2c", b"moof", b"meta"})


def _jpeg2000(stream: BinaryIO, size: int) -> bool:
    if _read_at(stream, 0, 2) == b"\xff\x4f":
        return _codestream_end(stream, size)
    return _boxes(stream, size)


def _codestream_end(stream: BinaryIO, size: int) -> bool:
    return b"\xff\xd9" in _read_at(stream, max(0, size - 16), min(size, 16))


def _tiff(stream: BinaryIO, size: int) -> bool:
    """Follow the chain of pages; every table and every strip it names must lie inside the file."""
    head = _read_at(stream, 0, 16)
    order = "<" if head[:2] == b"II" else ">"
    big = struct.unpack(order + "H", head[2:4])[0] == 43
    offset = struct.unpack(order + ("Q" if big else "I"), head[8:16] if big else head[4:8])[0]
    seen: set[int] = set()
    while offset:
        if offset in seen or len(seen) > _MAX_IFDS or offset >= size:
            return False
        seen.add(offset)
        offset, furthest = _read_ifd(stream, order, offset, big=big)
        if furthest > size:
            return False
    return bool(seen)


_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_OFFSETS_TO_SIZES = {273: 279, 324: 325}  # strips and tiles: where they start → how long they are


def _read_ifd(stream: BinaryIO, order: str, offset: int, *, big: bool) -> tuple[int, int]:
    """The next table's offset, and the furthest byte this table's values, strips and tiles reach."""
    count_format, entry_bytes, word = ("Q", 20, "Q") if big else ("H", 12, "I")
    width = struct.calcsize(word)
    count_bytes = struct.calcsize(count_format)
    count = struct.unpack(order + count_format, _read_at(stream, offset, count_bytes))[0]
    if count > 4096:
        raise ValueError("a table of pages with too many entries")
    table = _read_at(stream, offset + count_bytes, count * entry_bytes + width)
    furthest = 0
    values: dict[int, tuple[int, ...]] = {}
    for index in range(count):
        entry = table[index * entry_bytes : (index + 1) * entry_bytes]
        tag, kind, length = struct.unpack(order + "HH" + word, entry[: 4 + width])
        total = _TYPE_BYTES.get(kind, 1) * length
        inline = entry[4 + width :]
        if total > width:
            where = struct.unpack(order + word, inline)[0]
            furthest = max(furthest, where + total)
        if tag in _OFFSETS_TO_SIZES or tag in _OFFSETS_TO_SIZES.values():
            data = inline[:total] if total <= width else _read_at(stream, where, total)
            values[tag] = struct.unpack(order + {3: "H", 4: "I", 16: "Q"}[kind] * length, data)
    for starts, lengths in _OFFSETS_TO_SIZES.items():
        for start, length in zip(values.get(starts, ()), values.get(lengths, ()), strict=False):
            furthest = max(furthest, start + length)
    return struct.unpack(order + word, table[-width:])[0], furthest


_CHECKS = {
    "application/pdf": _pdf,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _riff,
    "audio/wav": _riff,
    "video/x-msvideo": _riff,
    "image/bmp": _bmp,
    "application/zip": _zip,
    "image/tiff": _tiff,
    "image/jp2": _jpeg2000,
    "video/mp4": _boxes,
    "audio/mp4": _boxes,
}
