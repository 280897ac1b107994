import io
import zipfile
from pathlib import Path

import pikepdf
import pytest

from ingest.completeness import Completeness, completeness
from ingest.formats import recognise_file
from tests import scan_files as files

WHOLE = {
    "a.pdf": files.scanned_pdf(["một", "hai"]),
    "a.jpg": files.image_bytes("JPEG"),
    "a.png": files.image_bytes("PNG"),
    "a.webp": files.image_bytes("WEBP", mode="RGB"),
    "a.bmp": files.image_bytes("BMP"),
    "a.tif": files.tiff_bytes(3),
    "a.jp2": files.image_bytes("JPEG2000"),
    "a.zip": files.zip_bytes({"x.txt": b"x" * 5000}),
}
MEDIA = {
    "a.pdf": "application/pdf", "a.jpg": "image/jpeg", "a.png": "image/png", "a.webp": "image/webp",
    "a.bmp": "image/bmp", "a.tif": "image/tiff", "a.jp2": "image/jp2", "a.zip": "application/zip",
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_complete_and_known_by_its_content(tmp_path: Path, name: str) -> None:
    path = files.write(tmp_path, "no suffix at all", WHOLE[name])
    # a TIFF is whole after each page the scanner adds, so that more may come
    assert completeness(path) is (Completeness.UNKNOWN if name == "a.tif" else Completeness.COMPLETE)
    found = recognise_file(path)
    assert found is not None
    assert found.media_type == MEDIA[name]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.97])
@pytest.mark.parametrize("name", WHOLE)
def test_a_part_of_a_file_is_incomplete(tmp_path: Path, name: str, share: float) -> None:
    content = WHOLE[name]
    path = files.write(tmp_path, name, content[: int(len(content) * share)])
    assert completeness(path) is Completeness.INCOMPLETE


@pytest.mark.parametrize("name", WHOLE)
def test_space_set_aside_but_not_written_is_incomplete(tmp_path: Path, name: str) -> None:
    """Windows gives a file its final size first; the rest reads as zeros until it is written."""
    content = WHOLE[name]
    written = int(len(content) * 0.6)
    unwritten = bytes(max(len(content) - written, 2000))
    assert completeness(files.write(tmp_path, name, content[:written] + unwritten)) is Completeness.INCOMPLETE


def test_the_early_end_mark_of_a_linearised_pdf_proves_nothing(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(files.scanned_pdf(["một", "hai", "ba"]))) as pdf:
        whole = files.pdf_bytes(pdf, linearize=True)
    first_part = whole[: whole.index(b"%%EOF") + 6]
    assert len(first_part) < len(whole) / 2
    assert completeness(files.write(tmp_path, "part.pdf", first_part)) is Completeness.INCOMPLETE
    assert completeness(files.write(tmp_path, "whole.pdf", whole)) is Completeness.COMPLETE


def test_junk_after_the_end_of_a_pdf_does_not_make_it_incomplete(tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.pdf", WHOLE["a.pdf"] + b"\r\n\r\n" + b" " * 100)
    assert completeness(path) is Completeness.COMPLETE


def test_the_end_of_an_earlier_version_of_a_pdf_proves_nothing(tmp_path: Path) -> None:
    """A program that adds to a PDF leaves the old end in the middle; a copy may pause just after it."""
    begun = WHOLE["a.pdf"] + b"\n99 0 obj\n<< /Length 70000 >>\nstream\n" + b"x" * 300
    assert completeness(files.write(tmp_path, "a.pdf", begun)) is Completeness.INCOMPLETE


def test_the_end_of_the_small_preview_of_a_photo_proves_nothing(tmp_path: Path) -> None:
    preview = b"\xff\xe1" + (2 + len(WHOLE["a.jpg"])).to_bytes(2, "big") + WHOLE["a.jpg"]
    photo = b"\xff\xd8" + preview + WHOLE["a.jpg"][2:]
    for end in (len(preview) + 2, len(preview) + 100):
        assert completeness(files.write(tmp_path, "a.jpg", photo[:end])) is Completeness.INCOMPLETE
    assert completeness(files.write(tmp_path, "a.jpg", photo)) is Completeness.COMPLETE


def test_the_end_of_a_zip_packed_inside_another_proves_nothing(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as outer:
        outer.writestr("trong.zip", WHOLE["a.zip"])
        outer.writestr("sau.txt", "x" * 5000)
    whole = stream.getvalue()
    inner_end = whole.index(WHOLE["a.zip"]) + len(WHOLE["a.zip"])
    for end in (inner_end, inner_end + 40):
        assert completeness(files.write(tmp_path, "a.zip", whole[:end])) is Completeness.INCOMPLETE
    assert completeness(files.write(tmp_path, "a.zip", whole)) is Completeness.COMPLETE


def test_unknown_and_empty_files(tmp_path: Path) -> None:
    assert completeness(files.write(tmp_path, "a.txt", b"hello")) is Completeness.UNKNOWN
    assert completeness(files.write(tmp_path, "b.pdf", b"")) is Completeness.INCOMPLETE


def test_a_tiff_whose_pages_go_round_in_a_circle_ends(tmp_path: Path) -> None:
    content = bytearray(files.tiff_bytes(1))
    offset = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[offset : offset + 2], "little")
    next_page = offset + 2 + count * 12
    content[next_page : next_page + 4] = offset.to_bytes(4, "little")
    assert completeness(files.write(tmp_path, "a.tif", bytes(content))) is Completeness.INCOMPLETE
