"""Intake pages: filing from the tray, files that need a person, secrecy stops, recordings."""

import io

import pytest

from ingest.errors import PageDamaged
from ingest.page_images import PageImages
from storage.models.documents import Document
from storage.models.intake import InboxProblem
from storage.models.scans import Batch, OcrState, Page, Scan


def test_the_clerk_hands_papers_over_without_seeing_the_case(browser_as, sample, database):
    clerk = browser_as("clerk")
    assert clerk.get(f"/ho-so/{sample.case_id}").status_code == 404
    answer = clerk.post("/nhan-ban-quet/chua-xep", {
        "document": [sample.unassigned_document_id], "case": "45/2024/hsst",
    })
    assert answer.status_code == 303
    with database.read() as session:
        document = session.get(Document, sample.unassigned_document_id)
        assert (document.case_id, document.case_state) == (sample.case_id, "confirmed")
    assert clerk.get(f"/tai-lieu/{sample.unassigned_document_id}").status_code == 404
    assert browser_as("prosecutor").get(f"/tai-lieu/{sample.unassigned_document_id}").status_code == 200


@pytest.mark.parametrize("login", ["prosecutor", "enforcer", "admin"])
def test_nobody_else_files_from_the_tray_of_others(browser_as, sample, login):
    answer = browser_as(login).post("/nhan-ban-quet/chua-xep", {
        "document": [sample.unassigned_document_id], "case": "45/2024/HSST",
    })
    assert answer.status_code in (403, 404)


def test_a_refused_file_says_why_and_can_be_put_away(browser_as, sample, database):
    clerk = browser_as("clerk")
    assert "có mật khẩu nên chưa đọc được" in clerk.get("/nhan-ban-quet/can-xu-ly").get_data(as_text=True)
    assert clerk.post(f"/nhan-ban-quet/tep/{sample.quarantined_scan_id}/bo-qua").status_code == 303
    with database.read() as session:
        assert session.get(Scan, sample.quarantined_scan_id).state == "cancelled"


def test_trying_again_is_offered_only_where_it_can_help(browser_as, sample, database):
    clerk = browser_as("clerk")
    again = f"/nhan-ban-quet/tep/{sample.quarantined_scan_id}/thu-lai"
    assert again not in clerk.get("/nhan-ban-quet/can-xu-ly").get_data(as_text=True)
    with database.write() as session:
        refused = session.get(Scan, sample.quarantined_scan_id)
        refused.error_code, refused.sha256 = "INPUT-DAMAGED", "0" * 64
    assert again in clerk.get("/nhan-ban-quet/can-xu-ly").get_data(as_text=True)


def test_a_page_that_could_not_be_read_is_not_counted_as_read_and_says_why(browser_as, sample, database):
    with database.write() as session:
        page = session.get(Page, sample.page_ids[0])
        page.ocr_state, page.ocr_error = OcrState.FAILED, "Trang 1 bị hỏng nên không hiện được ảnh."
        batch_id, pages = page.scan.batch_id, page.scan.page_count
        read = sum(one.ocr_state == OcrState.DONE for one in page.scan.pages)
    reader = browser_as("prosecutor")
    listed = reader.get("/nhan-ban-quet/dang-nhan").get_data(as_text=True)
    assert f"{read} / {pages} trang đã đọc chữ" in listed
    assert "1 trang chưa đọc được chữ" in listed
    assert "Trang 1 bị hỏng" in reader.get(f"/nhan-ban-quet/dot/{batch_id}").get_data(as_text=True)


def test_a_page_that_cannot_be_shown_has_a_plain_thumbnail(browser_as, sample, monkeypatch):
    def damaged(*_: object) -> None:
        raise PageDamaged(what="1", why="no")

    monkeypatch.setattr(PageImages, "path", damaged)
    reader = browser_as("prosecutor")
    answer = reader.get(f"/anh/{sample.page_ids[0]}/nho.jpg")
    assert answer.headers["Location"].endswith("no-picture.svg")
    assert reader.get(f"/anh/{sample.page_ids[0]}/man-hinh.jpg").status_code == 422


def test_what_keeps_files_out_is_said_to_those_it_concerns(browser_as, sample, database):
    with database.write() as session:
        for path, message in (("", "Ổ đĩa sắp đầy"), ("/", "Ổ đĩa sắp đầy"), ("can-bo/prosecutor/a.pdf", "tệp của tôi"),
                              ("b.pdf", "tệp chung"), ("ho-so/vu-kin/c.pdf", "tệp của hồ sơ")):
            session.add(InboxProblem(path=path, code="DISK-FULL", detail={"message": message}))
    shown = {login: browser_as(login).get("/nhan-ban-quet/dang-nhan").get_data(as_text=True)
             for login in ("prosecutor", "clerk", "assistant")}
    assert all(text.count("Ổ đĩa sắp đầy") == 1 and "tệp của hồ sơ" not in text for text in shown.values())
    assert [login for login in shown if "tệp của tôi" in shown[login]] == ["prosecutor", "clerk"]
    assert [login for login in shown if "tệp chung" in shown[login]] == ["clerk"]


def test_the_secrecy_officer_lets_a_batch_go_on_and_must_say_why(browser_as, sample, database):
    officer = browser_as("leader")
    address = f"/nhan-ban-quet/bao-mat/{sample.halted_batch_id}/cho-tiep"
    assert officer.post(address, {"reason": " "}).status_code == 422
    assert browser_as("clerk").post(address, {"reason": "x"}).status_code == 403
    assert officer.post(address, {"reason": "đọc nhầm dấu"}).status_code == 303
    with database.read() as session:
        assert session.get(Batch, sample.halted_batch_id).secret_state == "released"


def test_an_upload_through_the_form_is_one_batch(browser_as, sample, database):
    clerk = browser_as("clerk")
    files = [(io.BytesIO(f"text {n}".encode()), f"{n}.txt") for n in (10, 2, 1)]
    answer = clerk.post("/nhan-ban-quet/tep", {"file": files, "name": "Ba tệp", "case": ""})
    assert answer.status_code == 303
    assert "Đã nhận 3 tệp." in clerk.get("/nhan-ban-quet/").get_data(as_text=True)
    with database.read() as session:
        batch = session.query(Batch).filter_by(name="Ba tệp").one()
        assert [scan.name for scan in batch.scans] == ["1.txt", "2.txt", "10.txt"]


def test_nothing_chosen_is_said_plainly(browser_as, sample):
    answer = browser_as("clerk").post("/nhan-ban-quet/tep", {"name": "x"})
    assert answer.status_code == 422
    assert "chưa chọn tệp nào" in answer.get_data(as_text=True)


def test_a_file_names_its_documents_and_its_pages_open_in_the_reader(browser_as, sample):
    page = browser_as("prosecutor").get(f"/nhan-ban-quet/tep/{sample.scan_id}").get_data(as_text=True)
    assert "BIÊN BẢN HỎI CUNG BỊ CAN</a>" in page
    for place in (1, 2):  # the record of the interrogation has two pages
        assert f'href="/tai-lieu/{sample.document_ids[1]}?trang={place}"' in page


def test_a_refused_filing_leads_back_to_what_was_ticked_and_has_its_code_small(browser_as, sample):
    answer = browser_as("clerk").post("/nhan-ban-quet/chua-xep", {
        "document": [sample.unassigned_document_id], "case": "9/1999/khong-co",
    })
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'data-controller="back"' in page
    assert '<p class="code">INVALID</p>' in page and "[INVALID]" not in page
