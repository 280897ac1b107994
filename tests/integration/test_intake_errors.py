"""Bad input: each ends as the table in docs/errors.md says, and the service goes on."""

import os
from datetime import timedelta
from pathlib import Path, PurePosixPath

import pikepdf
import pytest

from ingest import active_parts, jobs, stock, watch
from ingest.inbox import ASIDE, RECEIPTS
from ingest.stages import inspect
from storage.models.records import Job
from storage.models.scans import OcrState, Page, ScanState
from tests import scan_files as files
from tests.integration.conftest import READING, Line

pytestmark = pytest.mark.tools

WHOLE_PDF = files.scanned_pdf(["VIỆN KIỂM SÁT NHÂN DÂN", "Trang hai", "Trang ba"])
REFUSED = {
    "zero bytes": ("rong.pdf", b"", "INPUT-EMPTY"),
    "truncated PDF": ("cut.pdf", WHOLE_PDF[: len(WHOLE_PDF) * 6 // 10], "INPUT-TRUNCATED"),
    "truncated TIFF": ("cut.tif", files.tiff_bytes(3)[:-400], "INPUT-TRUNCATED"),
    "truncated JPEG": ("cut.jpg", files.image_bytes("JPEG")[:-2000], "INPUT-TRUNCATED"),
    "password": ("mat-khau.pdf", files.encrypted_pdf(), "INPUT-ENCRYPTED"),
    "unknown type": ("ghi chu.txt", "Ghi chú".encode() * 50, "INPUT-UNKNOWN"),
    "a program named as a scan": ("scan.pdf", b"MZ\x90\0" + bytes(range(256)) * 40, "INPUT-UNKNOWN"),
    "garbage after a PDF head": ("rac.pdf", b"%PDF-1.7\n" + b"\xfe" * 5000 + b"\n%%EOF\n", "INPUT-DAMAGED"),
    "ZIP bomb": ("bom.zip", files.zip_bytes({"a.bmp": bytes(80 * 2**20)}), "INPUT-BOMB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_file_lies_aside_with_its_reason_and_its_original_is_whole(line: Line, case: str) -> None:
    name, content, code = REFUSED[case]
    files.write(line.inbox, name, content)
    line.look(seconds=100)
    line.settle(leave=READING)
    scan = line.scan()
    assert (scan.state, scan.error_code) == (ScanState.QUARANTINED, code)
    assert line.shop.vault.path(str(scan.sha256)).read_bytes() == content
    aside = line.inbox / ASIDE
    assert (aside / name).read_bytes() == content
    reason = (aside / f"{name} - LÝ DO.txt").read_text("utf-8-sig")
    assert code in reason
    assert name in reason
    assert not (line.inbox / name).exists()
    assert "cần xử lý" in next((line.inbox / RECEIPTS).iterdir()).read_text("utf-8-sig")


def test_a_wrong_suffix_changes_nothing(line: Line) -> None:
    files.write(line.inbox, "anh.pdf", files.image_bytes("JPEG"))
    files.write(line.inbox, "tai lieu.jpg", WHOLE_PDF)
    line.settle(leave=READING)
    found = {(s.name, s.kind, s.page_count) for s in line.scans()}
    assert found == {("anh.pdf", "image", 1), ("tai lieu.jpg", "pdf", 3)}
    assert {s.error_code for s in line.scans()} == {None}


def test_a_pdf_that_only_forbids_printing_is_read(line: Line) -> None:
    files.write(line.inbox, "a.pdf", files.encrypted_pdf(user=""))
    line.settle(leave=READING)
    assert line.scan().page_count == 1
    assert line.scan().error_code is None


def test_a_damaged_but_whole_pdf_is_repaired_on_a_copy(line: Line) -> None:
    broken = WHOLE_PDF.replace(b"startxref\n", b"startxref\n1")
    files.write(line.inbox, "a.pdf", broken)
    line.look(seconds=100)
    line.settle(leave=READING)
    scan = line.scan()
    assert (scan.error_code, scan.page_count) == (None, 3)
    assert "repaired" in scan.error_detail["notes"]
    assert line.shop.vault.path(str(scan.sha256)).read_bytes() == broken


def test_a_page_too_large_to_decode_is_kept_unread_and_says_so(line: Line) -> None:
    files.write(line.inbox, "khong lo.png", files.huge_png())
    line.settle()
    scan = line.scan()
    assert scan.state == ScanState.NEEDS_REVIEW
    with line.shop.database.read() as session:
        page = session.query(Page).one()
        assert page.ocr_state == OcrState.FAILED
        assert "PAGE-TOO-LARGE" in str(page.ocr_error)
        pdf = session.query(Job).filter(Job.stage == "assemble").one()
        assert (pdf.state, pdf.error_code, pdf.attempts) == ("failed", "ASSEMBLE-CONTENT", 1)


def test_a_damaged_page_is_kept_unread_and_the_others_go_on(line: Line) -> None:
    files.write(line.inbox, "hỏng.pdf", files.undecodable_pdf("/JBIG2Decode", pages=3, damaged=2))
    line.settle()
    assert line.scan().state == ScanState.NEEDS_REVIEW
    with line.shop.database.read() as session:
        pages = session.query(Page).order_by(Page.number).all()
        assert [page.ocr_state for page in pages] == [OcrState.DONE, OcrState.FAILED, OcrState.DONE]
        assert "PAGE-DAMAGED" in str(pages[1].ocr_error)


def test_javascript_and_launch_actions_stay_in_the_original_only(line: Line) -> None:
    content = files.acting_pdf()
    files.write(line.inbox, "ma.pdf", content)
    line.settle()
    scan = line.scan()
    assert scan.error_detail["active"] == "javascript, launch"
    assert line.shop.vault.path(str(scan.sha256)).read_bytes() == content
    derived = [p for p in line.shop.derived.folder(str(scan.sha256)).iterdir() if p.suffix == ".pdf"]
    assert derived, "the searchable PDF is made"
    for path in derived:
        assert _acting_parts(path) == []


def _acting_parts(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return list(active_parts.find(pdf))


def test_links_and_pipes_are_never_opened(line: Line, tmp_path: Path) -> None:
    secret = files.write(tmp_path, "ngoai.pdf", WHOLE_PDF)
    (line.inbox / "tat.pdf").symlink_to(secret)
    os.mkfifo(line.inbox / "ong.pdf")
    (line.inbox / "thu muc").symlink_to(tmp_path)
    line.settle(leave=READING)
    assert {(s.name, s.error_code) for s in line.scans()} == {
        ("tat.pdf", "INPUT-LINK"), ("thu muc", "INPUT-LINK"), ("ong.pdf", "INPUT-SPECIAL"),
    }  # fmt: skip
    assert secret.read_bytes() == WHOLE_PDF
    assert not list(line.shop.vault.all_hashes())
    assert len([p for p in (line.inbox / ASIDE).iterdir() if p.name.endswith("LÝ DO.txt")]) == 3


def test_a_file_larger_than_allowed_is_not_even_copied(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    big = line.inbox / "lon.pdf"
    with big.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        out.truncate(5 * 2**30)
    line.look(seconds=100)
    assert line.scan().error_code == "INPUT-TOO-LARGE"
    assert not list(line.shop.vault.all_hashes())
    assert (line.inbox / ASIDE / "lon.pdf").stat().st_size == 5 * 2**30


def test_too_many_pages(line: Line) -> None:
    object.__setattr__(line.shop.settings, "max_pages", 2)
    files.write(line.inbox, "a.pdf", WHOLE_PDF)
    line.settle(leave=READING)
    assert line.scan().error_code == "INPUT-TOO-MANY-PAGES"


def test_an_unreadable_file_stays_and_is_taken_in_once_it_can_be_read(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files.write(line.inbox, "khoa.pdf", WHOLE_PDF)

    def locked(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(watch, "completeness", locked)
        line.settle(leave=READING)
        assert line.scans() == []
        assert path.exists()
        with line.shop.database.read() as session:
            assert [(p.path, p.code) for p in stock.problems(session)] == [("khoa.pdf", "INPUT-UNREADABLE")]
    line.settle(leave=READING)
    assert line.scan().page_count == 3
    with line.shop.database.read() as session:
        assert stock.problems(session) == []


def test_a_file_that_goes_away_or_changes_while_it_is_taken_in(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    path = files.write(line.inbox, "a.pdf", WHOLE_PDF)
    real = line.shop.vault.put

    def changing(*args: object, **options: object) -> object:
        stored = real(*args, **options)  # type: ignore[arg-type]
        with path.open("ab") as out:
            out.write(b"more")
        return stored

    monkeypatch.setattr(type(line.shop.vault), "put", lambda self, *a, **o: changing(*a, **o))
    line.look()
    assert line.scans() == []
    assert path.exists()
    monkeypatch.setattr(type(line.shop.vault), "put", lambda self, *a, **o: (path.unlink(), real(*a, **o))[1])
    line.look(seconds=100)
    assert line.scans() == []


def test_a_full_disk_stops_intake_and_it_resumes(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = line.shop.vault
    files.write(line.inbox, "a.pdf", WHOLE_PDF)
    vault.min_free_bytes = 2**60
    line.settle(leave=READING)
    assert line.scans() == []
    with line.shop.database.read() as session:
        assert [p.code for p in stock.problems(session)] == ["DISK-FULL"]
    assert (line.inbox / "a.pdf").read_bytes() == WHOLE_PDF
    vault.min_free_bytes = 0
    line.settle(leave=READING)
    assert line.scan().page_count == 3
    with line.shop.database.read() as session:
        assert stock.problems(session) == []


def test_a_crash_of_the_machinery_is_retried_and_then_said(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(inspect, "run", broken)
    monkeypatch.setattr(jobs, "wait_before", lambda attempt: timedelta(0))
    files.write(line.inbox, "a.pdf", WHOLE_PDF)
    line.settle(leave=READING)
    assert (line.scan().state, line.scan().error_code) == (ScanState.QUARANTINED, "JOB-FAILED")


def test_one_file_nobody_foresaw_does_not_keep_the_others_out(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    real = line.watcher._take_in.take

    def take(path: Path, relative: PurePosixPath) -> None:
        if path.name == "a.jpg":
            raise RuntimeError("boom")
        real(path, relative)

    monkeypatch.setattr(line.watcher._take_in, "take", take)
    for name in ("a.jpg", "b.jpg"):
        files.write(line.inbox, name, files.image_bytes("JPEG", name))
    line.settle(leave=READING)
    assert line.scan().name == "b.jpg"
    with line.shop.database.read() as session:
        assert [(p.path, p.code) for p in stock.problems(session)] == [("a.jpg", "JOB-FAILED")]
