"""A bundle as an office scans it: a printed cover sheet in front, worn pages behind; what the share is told of it."""

import io
import time

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from ingest import again
from ingest.inbox import RECEIPTS
from ingest.split.marks import SheetMark
from storage import cases, review, review_steps
from storage.access import SERVICE
from storage.corrections import displayed_reading
from storage.models.base import now
from storage.models.documents import Document
from storage.models.intake import IncomingFile
from storage.models.scans import OcrState, Page, PageCorrection, PageKind, PageText
from storage.pages import machine_reading
from tests import drawn_pages as drawn
from tests import scan_files as files
from tests.integration.conftest import Line
from viewer import sheet_pdf

pytestmark = pytest.mark.tools


def noisy(image: Image.Image, degrees: float = 0.0, noise: float = 22.0) -> Image.Image:
    """A page as a tired scanner gives it: askew, grey, grainy."""
    grey = image.convert("L").rotate(degrees, expand=False, fillcolor=250, resample=Image.Resampling.BILINEAR)
    grain = np.random.default_rng(3).normal(0, noise, (grey.height, grey.width))
    return Image.fromarray(np.clip(np.asarray(grey, dtype=np.float32) + grain, 0, 255).astype(np.uint8))


def printed_cover(mark: SheetMark) -> Image.Image:
    content = sheet_pdf.cover(mark, office="VKSND khu vực 3", lines=[("Hồ sơ", mark.case_number or "")], printed="")
    return pypdfium2.PdfDocument(content)[0].render(scale=150 / 72).to_pil()


def bundle(*pages: Image.Image) -> bytes:
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return stream.getvalue()


def test_a_printed_cover_sheet_files_the_bundle_and_the_receipt_says_what_to_scan_again(line: Line) -> None:
    with line.shop.database.write() as session:
        case = cases.create_case(session, SERVICE, kind="hinh_su", name="Vụ trộm xe", numbers=["45/2024/HSST"])
        mark = SheetMark("cover", case.id, "45/2024/HSST", "HS08", "46")
    first = drawn.number(drawn.page(dpi=150, repeat=1), "46", dpi=150)
    second = drawn.number(drawn.page(dpi=150, repeat=1), "48", dpi=150)
    pages = (noisy(printed_cover(mark), 3.0).rotate(180), noisy(first, 0.3, 8), noisy(second, -0.3, 8))
    files.write(line.inbox, "xap 1.pdf", bundle(*pages))
    line.settle(leave=("assemble",))
    with line.shop.database.read() as session:
        cover, *rest = session.scalars(select(Page).order_by(Page.number)).all()
        assert cover.kind == PageKind.SEPARATOR  # ours, unlike the cover of a case file
        assert [page.but_luc for page in rest] == ["46", "48"]
        documents = session.scalars(select(Document).order_by(Document.position)).all()
        assert {d.case_id for d in documents} == {mark.case_id}
        assert {d.folder_code for d in documents} == {"HS08"}
        assert documents[0].but_luc_first == "46"
    time.sleep(line.shop.settings.batch_pause_seconds)
    line.look(times=2)  # the first look closes the batch, no later one tells it twice
    receipt = next((line.inbox / RECEIPTS).iterdir()).read_text("utf-8-sig")
    assert receipt.count("Thiếu BL 47") == 1
    with line.shop.database.read() as session:
        assert session.scalars(select(IncomingFile.state)).all() == ["reported"]


def test_a_page_turned_by_hand_is_read_again_and_its_corrections_stay(line: Line) -> None:
    files.write(line.inbox, "ngang.pdf", bundle(drawn.page(dpi=150, repeat=1)))
    line.settle(leave=("assemble",))
    with line.shop.database.write() as session:
        page = session.scalars(select(Page)).one()
        reading = machine_reading(session, page.id)
        assert reading is not None
        word = next(w for w in reading.words if w.text == "BIÊN")
        session.add(PageCorrection(page_id=page.id, box=list(word.box), before="BIÊN", after="Biên"))
        session.flush()
        review.rotate(session, SERVICE, page.scan.batch_id, [page.id], 180)
        again.read_turned(session, [page.id], now())
        assert page.ocr_state == OcrState.PENDING
        turned = session.scalars(select(PageCorrection)).one().box
        assert turned == pytest.approx([1 - word.box[0] - word.box[2], 1 - word.box[1] - word.box[3], *word.box[2:]])
    line.work(leave=("assemble",))
    with line.shop.database.write() as session:
        page = session.scalars(select(Page)).one()
        assert (page.ocr_state, page.rotation) == (OcrState.DONE, 180)
        upside_down = machine_reading(session, page.id)
        assert upside_down is not None
        assert upside_down.rotation == 180
        assert "LỜI KHAI" not in upside_down.text  # the person's word holds: it is read as turned, not turned back
        assert review_steps.turned_by_undo(session, page.scan.batch_id) == [page.id]
        review_steps.undo(session, SERVICE, page.scan.batch_id)
        again.read_turned(session, [page.id], now())
        assert session.scalars(select(PageCorrection)).one().box == pytest.approx(list(word.box))
    line.work(leave=("assemble",))
    with line.shop.database.read() as session:
        upright = machine_reading(session, session.scalars(select(Page.id)).one())
        assert upright is not None
        assert "LỜI KHAI" in upright.text


def test_a_page_read_long_ago_is_read_anew_in_the_background_and_keeps_what_people_did(line: Line) -> None:
    files.write(line.inbox, "cũ.pdf", bundle(drawn.page(dpi=150, repeat=0)))
    line.settle(leave=("assemble",))
    with line.shop.database.write() as session:
        page = session.scalars(select(Page)).one()
        stored = session.scalars(select(PageText)).one()
        present, stored.tool, stored.text = stored.tool, "read 0; older", "chữ cũ"
        session.add(PageCorrection(page_id=page.id, box=[0.1, 0.9, 0.2, 0.02], before="", after="viết thêm"))
        document = session.scalars(select(Document)).one()
        document.title = "Tên do người đặt"
        assert again.read_anew(session, SERVICE, present, 10, now()) == 1
        assert page.ocr_state == OcrState.DONE  # its words can be seen and found meanwhile
    line.work(leave=("assemble",))
    with line.shop.database.write() as session:
        page = session.scalars(select(Page)).one()
        assert session.scalars(select(PageText.tool).order_by(PageText.id)).all() == ["read 0; older", present]
        shown = displayed_reading(session, page.id)
        assert shown is not None
        assert "LỜI KHAI" in shown.text and "viết thêm" in shown.text
        assert session.scalars(select(Document.title)).one() == "Tên do người đặt"  # nothing is cut or described anew
        assert again.read_anew(session, SERVICE, present, 10, now()) == 0
