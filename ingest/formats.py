"""What a file really is, by its content; its name is never trusted."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

Kind = Literal["pdf", "image", "audio", "video", "office", "archive", "other"]

#: bytes looked at from the start; PDF allows leading junk of up to 1024 bytes
HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Format:
    """A recognised format: media type, the kind the pipeline branches on, and the usual suffix."""

    media_type: str
    kind: Kind
    suffix: str


PDF = Format("application/pdf", "pdf", ".pdf")
TIFF = Format("image/tiff", "image", ".tif")
JPEG = Format("image/jpeg", "image", ".jpg")
PNG = Format("image/png", "image", ".png")
WEBP = Format("image/webp", "image", ".webp")
JPEG2000 = Format("image/jp2", "image", ".jp2")
BMP = Format("image/bmp", "image", ".bmp")
HEIC = Format("image/heic", "other", ".heic")
ZIP = Format("application/zip", "archive", ".zip")
DOCX = Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "office", ".docx")
XLSX = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "office", ".xlsx")
OFFICE_OLD = Format("application/x-ole-storage", "office", ".doc")
MP4 = Format("video/mp4", "video", ".mp4")
MATROSKA = Format("video/x-matroska", "video", ".mkv")
AVI = Format("video/x-msvideo", "video", ".avi")
MPEG = Format("video/mpeg", "video", ".mpg")
ASF = Format("video/x-ms-asf", "video", ".wmv")
DAHUA = Format("video/x-dav", "video", ".dav")
MP3 = Format("audio/mpeg", "audio", ".mp3")
WAV = Format("audio/wav", "audio", ".wav")
M4A = Format("audio/mp4", "audio", ".m4a")
OGG = Format("audio/ogg", "audio", ".ogg")
FLAC = Format("audio/flac", "audio", ".flac")
AMR = Format("audio/amr", "audio", ".amr")

_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"II*\0", TIFF), (b"MM\0*", TIFF), (b"II+\0", TIFF), (b"MM\0+", TIFF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JPEG2000), (b"\xff\x4f\xff\x51", JPEG2000),
    (b"\x1aE\xdf\xa3", MATROSKA),
    (b"\0\0\x01\xba", MPEG), (b"\0\0\x01\xb3", MPEG),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ASF),
    (b"DHAV", DAHUA),
    (b"ID3", MP3),
    (b"OggS", OGG), (b"fLaC", FLAC), (b"#!AMR", AMR),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE_OLD),
)  # fmt: skip
_RIFF = {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
_PDF_HEAD = re.compile(rb"%PDF-\d")


def recognise_head(head: bytes) -> Format | None:
    """The format that the first bytes show, or None. A ZIP container is told apart by ``recognise``."""
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in _HEIC_BRANDS else M4A if head[8:11] == b"M4A" else MP4
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if head.startswith(b"BM") and len(head) >= 30 and head[14:18] in _BMP_HEADERS:
        return BMP
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] >> 4 not in (0, 15):
        return MP3
    if _PDF_HEAD.search(head[:1024]):
        return PDF
    return None


#: lengths of the known BMP headers, little-endian: CORE, INFO, V2 to V5
_BMP_HEADERS = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}


def recognise(stream: BinaryIO) -> Format | None:
    """The real format of an open file; its position is restored. None = unknown, so refused."""
    start = stream.tell()
    head = stream.read(HEAD_BYTES)
    found = recognise_head(head)
    if found is ZIP:
        found = _inside_zip(stream)
    stream.seek(start)
    return found


def recognise_file(path: Path) -> Format | None:
    """``recognise`` for a file by its path."""
    with path.open("rb") as stream:
        return recognise(stream)


def _inside_zip(stream: BinaryIO) -> Format:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ZIP
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    return ZIP
