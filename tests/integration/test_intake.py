"""What comes in well: kinds of files, names, folders, batches, duplicates, secrets."""

import subprocess
import time
import unicodedata
from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from sqlalchemy import func, select

from ingest import secrecy
from ingest.inbox import RECEIPTS
from ingest.page_images import Size, image_name
from storage.access import SERVICE
from storage.models.base import now
from storage.models.cases import Case
from storage.models.people import Role
from storage.models.records import Job, OutboxEntry
from storage.models.scans import Batch, OcrState, Page, PageText, Scan, ScanState, SecretState
from tests import scan_files as files
from tests.integration.conftest import READING, Line

pytestmark = pytest.mark.tools

HEADER = "VIỆN KIỂM SÁT NHÂN DÂN\nQuyết định khởi tố vụ án hình sự\nHôm nay ngày 12 tháng 3 năm 2024"


def test_every_kind_of_scan_becomes_pages_with_pictures_words_and_a_place_in_the_index(line: Line) -> None:
    files.write(line.inbox, "a.pdf", files.scanned_pdf([HEADER, HEADER], size=(1240, 1754), dpi=150))
    files.write(line.inbox, "b.tif", files.tiff_bytes(2))
    for kind, suffix in [("PNG", "png"), ("WEBP", "webp"), ("JPEG2000", "jp2"), ("BMP", "bmp"), ("JPEG", "jpg")]:
        mode = "RGB" if kind == "WEBP" else "L"
        files.write(line.inbox, f"c.{suffix}", files.image_bytes(kind, HEADER, size=(1240, 1754), mode=mode))
    line.settle(leave=("assemble",))
    assert {s.name: s.page_count for s in line.scans()} == {
        "a.pdf": 2, "b.tif": 2, "c.png": 1, "c.webp": 1, "c.jp2": 1, "c.bmp": 1, "c.jpg": 1,
    }  # fmt: skip
    with line.shop.database.read() as session:
        assert set(session.scalars(select(Page.ocr_state))) <= {OcrState.DONE, OcrState.SKIPPED}
        assert session.scalar(select(func.count(PageText.id))) == 9
        assert set(session.scalars(select(OutboxEntry.page_id))) == set(session.scalars(select(Page.id)))
        for scan in session.scalars(select(Scan)):
            for page in scan.pages:
                for size in (Size.THUMB, Size.SCREEN):
                    name = image_name(page.number, size, page.rotation)
                    assert line.shop.derived.path(str(scan.sha256), name).is_file()
            if scan.name.startswith("c."):
                assert "Quyết định khởi tố vụ án" in scan.pages[0].texts[0].text, scan.name


def test_a_page_with_words_of_its_own_is_not_recognised(line: Line) -> None:
    files.write(line.inbox, "van ban.pdf", files.text_pdf(["CÁO TRẠNG", "Viện kiểm sát nhân dân truy tố bị can"]))
    line.settle()
    with line.shop.database.read() as session:
        text = session.scalars(select(PageText)).one()
        assert text.tool.startswith("pdfplumber")
        assert "truy tố bị can" in text.text


def test_the_source_leaves_the_share_and_a_receipt_stays(line: Line) -> None:
    content = files.scanned_pdf(["một", "hai"])
    files.write(line.inbox, "Biên bản 'số 1'.pdf", content)
    line.settle(leave=READING)
    scan = line.scan()
    assert not list(line.inbox.glob("*.pdf"))
    kept = list(line.shop.settings.taken_in_folder.rglob("*.pdf"))
    assert [p.read_bytes() for p in kept] == [content]
    receipt = next((line.inbox / RECEIPTS).iterdir()).read_text("utf-8-sig")
    assert "Biên bản 'số 1'.pdf" in receipt
    assert "2 trang, đã nhận" in receipt
    assert f"số {scan.id}" in receipt


def test_names_as_people_and_machines_give_them(line: Line) -> None:
    names = [
        unicodedata.normalize("NFD", "Quyết định khởi tố.jpg"),
        "tên có  hai dấu cách.jpg",
        "ngoặc \"kép\" 'đơn'.jpg",
        "..jpg.jpg",
        "ế" * 83 + "aa.jpg",
        "không đuôi",
        "th\udce9/caf\udce9.jpg",  # no UTF-8
    ]
    for number, name in enumerate(names):
        files.write(line.inbox, name, files.image_bytes("JPEG", f"số {number}"))
    line.look(seconds=100)
    line.settle(leave=READING)
    wanted = {unicodedata.normalize("NFC", name) for name in names[:-1]} | {"caf?.jpg"}
    assert {scan.name for scan in line.scans()} == wanted
    assert {scan.error_code for scan in line.scans()} == {None}
    assert not [path for path in line.inbox.rglob("*") if path.is_file() and path.suffix != ".txt"]


def test_the_same_file_twice_is_a_fact_not_a_second_copy(line: Line) -> None:
    content = files.image_bytes("JPEG")
    files.write(line.inbox, "a.jpg", content)
    line.settle(leave=READING)
    files.write(line.inbox, "b.jpg", content)
    line.settle(leave=READING)
    first, second = line.scans()
    assert (second.duplicate_of_id, second.state) == (first.id, ScanState.DONE)
    assert len(list(line.shop.vault.all_hashes())) == 1
    with line.shop.database.read() as session:
        assert session.scalar(select(func.count(Page.id))) == 1


def test_the_same_name_with_other_content_is_another_scan(line: Line) -> None:
    for text in ("một", "hai"):
        files.write(line.inbox, "scan.jpg", files.image_bytes("JPEG", text))
        line.settle(leave=READING)
    assert len({s.sha256 for s in line.scans()}) == 2
    assert {s.duplicate_of_id for s in line.scans()} == {None}


def test_files_of_one_source_are_one_batch_in_natural_order(line: Line) -> None:
    for number in (10, 2, 1):
        files.write(line.inbox, f"khay{number}.jpg", files.image_bytes("JPEG", f"trang {number}"))
    line.settle(leave=READING)
    _let_the_pause_pass(line)
    with line.shop.database.read() as session:
        batch = session.scalars(select(Batch)).one()
        assert batch.state == "closed"
        assert [scan.name for scan in batch.scans] == ["khay1.jpg", "khay2.jpg", "khay10.jpg"]


def _let_the_pause_pass(line: Line) -> None:
    time.sleep(line.shop.settings.batch_pause_seconds + 0.1)
    line.look()


def test_folders_say_who_and_which_case(line: Line, make_user, make_case) -> None:  # type: ignore[no-untyped-def]
    with line.shop.database.write() as session:
        clerk = make_user(session, "hoa", Role.CLERK)
        case = make_case(session, "45/2024/TLST-DS", kind="dan_su", name="Vụ Nguyễn Văn A")
        clerk_id, case_id, inbox_name = clerk.id, case.id, case.inbox_name
    line.look(times=1)
    assert (line.inbox / "can-bo" / "hoa").is_dir()
    assert (line.inbox / "ho-so" / inbox_name).is_dir()
    places = {
        "can-bo/hoa": (clerk_id, None),
        f"ho-so/{inbox_name}": (None, case_id),
        "45-2024-TLST-DS": (None, case_id),
        "Vụ Nguyễn Văn A": (None, case_id),
        unicodedata.normalize("NFD", "nguyễn văn a"): (None, case_id),
        "can-bo/hoa/45.2024.TLST-DS": (clerk_id, case_id),
        "Thư mục lạ": (None, None),
    }
    for number, place in enumerate(places):
        files.write(line.inbox, f"{place}/a{number}.jpg", files.image_bytes("JPEG", f"số {number}"))
    line.look()
    with line.shop.database.read() as session:
        rows = session.execute(select(Scan.name, Batch.owner_id, Batch.case_id).join(Batch)).all()
    wanted = {f"a{number}.jpg": place for number, place in enumerate(places.values())}
    assert {name: (owner, case) for name, owner, case in rows} == wanted


def test_a_closed_case_takes_nothing(line: Line, make_case) -> None:  # type: ignore[no-untyped-def]
    with line.shop.database.write() as session:
        make_case(session, "45/2024/TLST-DS", kind="dan_su").status = "closed"
    files.write(line.inbox, "45-2024-TLST-DS/a.jpg", files.image_bytes("JPEG"))
    line.look()
    with line.shop.database.read() as session:
        assert session.scalars(select(Batch)).one().case_id is None
        assert session.scalars(select(Case)).one().status == "closed"


def test_a_zip_is_unpacked_into_scans_of_its_batch(line: Line) -> None:
    inner = {
        "../../x10.jpg": files.image_bytes("JPEG", "mười"),
        "thư mục/x2.jpg": files.image_bytes("JPEG", "hai"),
        "__MACOSX/._x2.jpg": b"junk",
        "ghi.txt": b"text is of no kind we take",
    }
    files.write(line.inbox, "goi.zip", files.zip_bytes(inner))
    line.settle(leave=READING)
    found = {s.name: (s.state, s.error_code) for s in line.scans()}
    assert found == {
        "goi.zip": (ScanState.DONE, None), "ghi.txt": (ScanState.QUARANTINED, "INPUT-UNKNOWN"),
        "x10.jpg": (ScanState.READING, None), "x2.jpg": (ScanState.READING, None),
    }  # fmt: skip
    assert len({s.batch_id for s in line.scans()}) == 1


def test_word_and_excel_are_kept_and_found_by_their_words(line: Line, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Luận tội đối với bị cáo Trần Văn Bình")
    document.save(str(tmp_path / "luan toi.docx"))
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Số thụ lý", "45/2024/TLST-DS"])
    book.save(tmp_path / "so.xlsx")
    for name in ("luan toi.docx", "so.xlsx"):
        files.write(line.inbox, name, (tmp_path / name).read_bytes())
    line.settle()
    assert {s.kind for s in line.scans()} == {"office"}
    with line.shop.database.read() as session:
        texts = " ".join(session.scalars(select(PageText.text)))
        assert "bị cáo Trần Văn Bình" in texts
        assert "45/2024/TLST-DS" in texts


def test_a_film_gets_a_thumbnail_and_sound_is_kept(line: Line, tmp_path: Path) -> None:
    film = tmp_path / "hien truong.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=duration=1:size=320x240:rate=5"]
    subprocess.run(["ffmpeg", "-loglevel", "error", *source, str(film)], check=True)
    sound = tmp_path / "ghi am.wav"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=1", str(sound)], check=True)
    for path in (film, sound):
        files.write(line.inbox, path.name, path.read_bytes())
    line.look(seconds=20)
    line.settle()
    kinds = {s.kind: s for s in line.scans()}
    assert {s.state for s in kinds.values()} == {ScanState.DONE}
    assert line.shop.derived.path(str(kinds["video"].sha256), image_name(1, Size.THUMB, 0)).is_file()
    with line.shop.database.read() as session:
        assert session.scalar(select(func.count(Page.id))) == 0


def test_a_mark_of_secrecy_halts_the_whole_batch_at_once(line: Line) -> None:
    secret = "VIỆN KIỂM SÁT NHÂN DÂN\n\nMẬT\n\nBáo cáo về việc xử lý vụ án"
    files.write(line.inbox, "dot/1.jpg", files.image_bytes("JPEG", HEADER, size=(1240, 1754)))
    files.write(line.inbox, "dot/2.jpg", files.image_bytes("JPEG", secret, size=(1240, 1754)))
    files.write(line.inbox, "dot/3.jpg", files.image_bytes("JPEG", "Trang ba", size=(1240, 1754)))
    line.settle()
    with line.shop.database.read() as session:
        batch = session.scalars(select(Batch)).one()
        assert batch.secret_state == SecretState.HALTED
        assert {s.error_code for s in batch.scans} == {"SECRET-STOP"}
        assert "Báo cáo" not in " ".join(session.scalars(select(PageText.text)))
        open_jobs = select(func.count(Job.id)).where(Job.state.in_(("ready", "running", "retry_at")))
        assert session.scalar(open_jobs) == 0
    for scan in line.scans():
        assert not line.shop.derived.folder(str(scan.sha256)).exists()
        assert line.shop.vault.verify(str(scan.sha256))
    notes = "".join(p.read_text("utf-8-sig") for p in line.inbox.rglob("*.txt"))
    assert "mật" not in notes.casefold(), "the share tells nobody"

    with line.shop.database.write() as session:
        secrecy.release(session, SERVICE, session.scalars(select(Batch)).one(), "đóng dấu nhầm", now())
    line.settle()
    with line.shop.database.read() as session:
        assert set(session.scalars(select(Page.ocr_state))) == {OcrState.DONE}
        assert {s.error_code for s in session.scalars(select(Scan))} == {None}


def test_a_machine_for_secrets_reads_them(line: Line) -> None:
    object.__setattr__(line.shop.settings, "allow_secret", True)
    files.write(line.inbox, "1.jpg", files.image_bytes("JPEG", "VIỆN KIỂM SÁT\n\nMẬT\n\nBáo cáo", size=(1240, 1754)))
    line.settle()
    assert line.scan().error_code is None


@pytest.mark.parametrize("folder", ["ngan", "dai"])
def test_short_scans_overtake_long_ones(line: Line, folder: str) -> None:
    """Also those of the same folder, which are of the same batch when they come soon after."""
    line.watcher._pause = line.watcher._take_in._pause = timedelta(hours=1)
    files.write(line.inbox, "dai/dai.pdf", files.scanned_pdf([f"trang {n}" for n in range(60)]))
    line.look()
    for _ in range(4):
        line.worker._work_once()
    files.write(line.inbox, f"{folder}/ngan.jpg", files.image_bytes("JPEG", "một trang"))
    line.look()
    done = 0
    with line.shop.database.read() as session:
        short = session.scalars(select(Scan.id).where(Scan.name == "ngan.jpg")).one()
        batches = session.scalar(select(func.count(Batch.id)))
    assert batches == (1 if folder == "dai" else 2)
    while True:
        line.worker._work_once()
        done += 1
        with line.shop.database.read() as session:
            if session.scalar(select(Page.ocr_state).where(Page.scan_id == short)) == OcrState.DONE:
                break
        assert done < 20, "the short scan waits for the long one"
