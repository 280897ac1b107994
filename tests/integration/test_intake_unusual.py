"""Input that is taken in although it is unusual: signed files, thousands of pages, a page that crashes the reader."""

import io
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import select

from ingest import inbox, jobs, priorities
from ingest.recognise.client import ReaderProcess
from ingest.recognise.errors import ReaderCrashed
from ingest.recognise.options import ReadOptions
from storage.models.records import Job
from storage.models.scans import OcrState, Page, ScanState
from storage.reading import PageReading
from tests import scan_files as files
from tests.integration.conftest import Line

pytestmark = pytest.mark.tools

AFTER_OPENING = ("render", "recognise", "split", "assemble")


def signed_pdf() -> bytes:
    """A scan with a signature field that holds a signature."""
    with pikepdf.open(io.BytesIO(files.scanned_pdf(["QUYẾT ĐỊNH"]))) as pdf:
        signature = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"),
            SubFilter=pikepdf.Name("/ETSI.CAdES.detached"),
            ByteRange=[0, 100, 200, 100], Contents=b"\x30" * 64,
        ))  # fmt: skip
        field = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="Ky", V=signature,
            Rect=[0, 0, 0, 0], P=pdf.pages[0].obj,
        ))  # fmt: skip
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
        return files.pdf_bytes(pdf)


def test_a_signed_pdf_is_kept_byte_for_byte_so_that_its_signature_can_be_verified(line: Line) -> None:
    content = signed_pdf()
    files.write(line.inbox, "ky.pdf", content)
    line.settle(leave=AFTER_OPENING)
    scan = line.scan()
    assert (scan.is_signed, scan.page_count, scan.error_code) == (True, 1, None)
    assert line.shop.vault.path(str(scan.sha256)).read_bytes() == content


def test_a_scan_of_very_many_pages_is_taken_in_and_a_short_one_overtakes_it(line: Line) -> None:
    object.__setattr__(line.shop.settings, "max_pages", 600)
    with pikepdf.new() as pdf:
        for _ in range(600):
            pdf.add_blank_page(page_size=(300, 400))
        files.write(line.inbox / "lon", "lon.pdf", files.pdf_bytes(pdf))
    line.settle(leave=AFTER_OPENING)
    files.write(line.inbox / "nho", "nho.png", files.image_bytes("PNG"))
    line.settle(leave=AFTER_OPENING)
    long, short = line.scans()
    assert (long.page_count, short.page_count) == (600, 1)
    with line.shop.database.read() as session:
        query = select(Page.scan_id, Page.number).join(Job, Job.page_id == Page.id).where(Job.stage == "recognise")
        order = [tuple(row) for row in session.execute(query.order_by(Job.priority, Job.id))]
        pictures = select(Job.priority).where(Job.stage == "render", Job.scan_id == long.id)
        assert min(session.scalars(pictures)) > priorities.reading(1)
    assert order[:3] == [(long.id, 1), (short.id, 1), (long.id, 2)]
    assert len(order) == 601


def test_a_page_that_crashes_the_reader_is_kept_unread_and_the_others_are_read(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ReaderProcess.read
    tries: list[ReadOptions] = []

    def read(self: ReaderProcess, image: bytes, options: ReadOptions, what: str = "") -> PageReading:
        if what.startswith("2 "):
            tries.append(options)
            raise ReaderCrashed(what=what, why="signal 11")
        return real(self, image, options, what)

    monkeypatch.setattr(ReaderProcess, "read", read)
    monkeypatch.setattr(jobs, "wait_before", lambda attempt: timedelta(0))
    files.write(line.inbox, "ba.pdf", files.scanned_pdf(["Trang một", "Trang hai", "Trang ba"], size=(400, 560)))
    line.settle(leave=("render", "assemble"))
    with line.shop.database.read() as session:
        pages = session.execute(select(Page.number, Page.ocr_state, Page.ocr_error).order_by(Page.number)).all()
    assert [(p.number, p.ocr_state) for p in pages] == [
        (1, OcrState.DONE), (2, OcrState.FAILED), (3, OcrState.DONE),
    ]  # fmt: skip
    assert "[READ-CRASHED]" in str(pages[1].ocr_error)
    assert len(tries) == 2
    assert tries[0].wants("rules"), "the first try cleans the page up"
    assert not tries[1].wants("rules"), "the second gives it as it was scanned"
    assert line.scan().state == ScanState.NEEDS_REVIEW


@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
def test_the_same_bytes_twice_at_once_share_one_fate(line: Line, broken: bool) -> None:
    """The second comes while the first is not opened yet, so that nobody knows its pages or whether it can be read."""
    content = files.encrypted_pdf() if broken else files.scanned_pdf(["Một", "Hai"], size=(200, 280))
    for name in ("a.pdf", "b.pdf"):
        files.write(line.inbox, name, content)
    line.look(seconds=6)
    assert not (line.inbox / inbox.RECEIPTS).exists()
    line.settle(leave=AFTER_OPENING)
    first, second = line.scans()
    assert second.duplicate_of_id == first.id
    receipt = next((line.inbox / inbox.RECEIPTS).iterdir()).read_text("utf-8-sig")
    if broken:
        assert {scan.error_code for scan in (first, second)} == {"INPUT-ENCRYPTED"}
        assert {p.name for p in (line.inbox / inbox.ASIDE).glob("*.pdf")} == {"a.pdf", "b.pdf"}
        assert receipt.count("chưa nhận được, xem thư mục “cần xử lý”") == 2
    else:
        assert (first.page_count, second.page_count) == (2, 2)
        assert "b.pdf  –  đã có trong kho từ trước" in receipt
