"""What the case page and the reader let people do beyond reading: kept files, notes, turning pages, statements."""

import pytest

from storage import batches, notes
from storage.access import SERVICE, Actor
from storage.models.documents import Document, DocumentPerson
from storage.models.people import User
from storage.models.scans import Batch, Page, PageKind, ScanState, SecretState
from storage.vietnamese import name_key


def _keep(database, sample, name, kind="video", *, state=ScanState.DONE, case_id=None, page_kind=None):
    with database.write() as session:
        batch = Batch(name=f"Đợt {name}", source="test", owner_id=sample.people["clerk"],
                      case_id=case_id or sample.case_id, secret_state=SecretState.CLEAR)
        session.add(batch)
        session.flush()
        scan = batches.add_scan(session, SERVICE, batch, name=name, sha256=f"{len(name):064d}", size=2048,
                                media_type="application/octet-stream", kind=kind)
        scan.state = state
        if page_kind:
            session.add(Page(scan_id=scan.id, number=1, width=100, height=100, kind=page_kind, header_checked=True))
        return scan.id, batch.id


def test_kept_files_are_listed_in_the_case_they_were_brought_in_for(browser_as, sample, database):
    _keep(database, sample, "camera cho.avi")
    _keep(database, sample, "hien truong.jpg", "image", page_kind=PageKind.PHOTO)
    _keep(database, sample, "ban quet dang doc.jpg", "image", page_kind=PageKind.DOCUMENT)
    _keep(database, sample, "hong.mp4", state=ScanState.QUARANTINED)
    _keep(database, sample, "vu khac.mp4", case_id=sample.other_case_id)
    page = browser_as("prosecutor").get(f"/ho-so/{sample.case_id}?nhom=anh-am-thanh-phim").get_data(as_text=True)
    assert "camera cho.avi" in page and "hien truong.jpg" in page
    assert not any(name in page for name in ("ban quet dang doc.jpg", "hong.mp4", "vu khac.mp4"))
    assert "QUYẾT ĐỊNH KHỞI TỐ" not in page
    everything = browser_as("prosecutor").get(f"/ho-so/{sample.case_id}").get_data(as_text=True)
    assert "camera cho.avi" in everything and "QUYẾT ĐỊNH KHỞI TỐ" in everything


def test_a_film_without_a_picture_gets_a_plain_one_and_strangers_get_nothing(browser_as, sample, database):
    scan_id, _batch = _keep(database, sample, "camera.avi")
    answer = browser_as("prosecutor").get(f"/nhan-ban-quet/tep/{scan_id}/hinh.jpg")
    assert answer.status_code == 302 and answer.location.endswith("film.svg")
    assert browser_as("other").get(f"/nhan-ban-quet/tep/{scan_id}/hinh.jpg").status_code == 404


def test_who_brought_papers_in_for_a_case_of_others_learns_that_they_arrived_and_no_more(browser_as, sample, database):
    scan_id, batch_id = _keep(database, sample, "tap 2.mp4")
    clerk = browser_as("clerk")
    lists = clerk.get("/nhan-ban-quet/dang-nhan").get_data(as_text=True)
    assert "tap 2.mp4" in lists and "anh/chị không được phân công xem" in lists
    answer = clerk.get(f"/nhan-ban-quet/dot/{batch_id}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "Đã nhận 1 tệp vào hồ sơ đã chọn; anh/chị không được phân công xem hồ sơ này." in page
    assert "45/2024/HSST" not in lists + page and "Đợt tap" not in lists + page
    assert "Nguyễn Văn Tĩnh" not in page and f"/tep/{scan_id}" not in page
    assert clerk.get(f"/nhan-ban-quet/tep/{scan_id}").status_code == 404
    assert browser_as("other").get(f"/nhan-ban-quet/dot/{batch_id}").status_code == 404


def test_a_halted_batch_is_not_even_shown_to_who_brought_it_in(browser_as, sample, database):
    _scan, batch_id = _keep(database, sample, "mat.mp4")
    with database.write() as session:
        session.get(Batch, batch_id).secret_state = SecretState.HALTED
    clerk = browser_as("clerk")
    assert clerk.get(f"/nhan-ban-quet/dot/{batch_id}").status_code == 404
    assert "mat.mp4" not in clerk.get("/nhan-ban-quet/").get_data(as_text=True)


def test_one_changes_ones_own_note_only(browser_as, sample, database):
    with database.write() as session:
        author = Actor.of(session.get(User, sample.people["prosecutor"]))
        note_id = notes.add_note(session, author, sample.page_ids[1], "Hỏi lại giờ", shared=True).id
    address = f"/tai-lieu/ghi-chu/{note_id}/sua"
    assert browser_as("assistant").post(address, json={"text": "khác", "shared": True}).status_code == 404
    assert browser_as("prosecutor").post(address, json={"text": "Hỏi lại ngày", "shared": False}).status_code == 200
    with database.read() as session:
        author = Actor.of(session.get(User, sample.people["prosecutor"]))
        (note,) = notes.notes_on(session, author, [sample.page_ids[1]])
        assert (note.text, note.is_shared) == ("Hỏi lại ngày", False)


@pytest.mark.parametrize(("login", "degrees", "status"), [
    ("prosecutor", 90, 200), ("prosecutor", 45, 422), ("prosecutor", None, 422), ("assistant", 90, 403),
    ("other", 90, 404),
])
def test_a_turn_of_a_page_is_kept_by_who_may_change_the_case(browser_as, sample, database, login, degrees, status):
    page_id = sample.page_ids[0]
    answer = browser_as(login).post(f"/tai-lieu/trang/{page_id}/xoay", json={"degrees": degrees})
    assert answer.status_code == status
    with database.read() as session:
        page = session.get(Page, page_id)
        assert (page.rotation, page.rotation_confirmed) == ((90, True) if status == 200 else (0, False))


def test_the_other_statement_of_the_same_person_is_laid_beside(browser_as, sample, database):
    with database.write() as session:
        first = session.get(Document, sample.document_ids[1])
        second = Document(case_id=first.case_id, case_state="confirmed", batch_id=first.batch_id, position=9,
                          type_code=first.type_code, title="BIÊN BẢN HỎI CUNG BỊ CAN lần 2",
                          date=first.date.replace(day=1))
        session.add(second)
        session.flush()
        name = "Nguyễn Văn Tĩnh"
        session.add(DocumentPerson(document_id=second.id, name=name, key=name_key(name), role="bị can"))
        second_id = second.id
    prosecutor = browser_as("prosecutor")
    for one in (sample.document_ids[1], second_id):
        answer = prosecutor.get(f"/so-sanh/cung-nguoi/{one}")
        assert answer.location == f"/so-sanh/{second_id}/{sample.document_ids[1]}"  # the earlier one on the left
    assert prosecutor.get(answer.location).status_code == 200


def test_without_another_statement_one_chooses_oneself(browser_as, sample):
    answer = browser_as("prosecutor").get(f"/so-sanh/cung-nguoi/{sample.document_ids[2]}")
    assert answer.location == f"/so-sanh/chon/{sample.document_ids[2]}"
    assert browser_as("other").get(f"/so-sanh/cung-nguoi/{sample.document_ids[2]}").status_code == 404


def test_the_reader_says_in_words_why_the_machine_suggests_a_document(browser_as, sample, database):
    with database.write() as session:
        session.get(Document, sample.document_ids[1]).reasons = [
            {"sign": "motto", "weight": 3.6, "reason": "Có quốc hiệu ở đầu trang", "box": [0.1, 0.1, 0.4, 0.02]},
            {"sign": "no_header", "weight": -2.3, "reason": "Không có phần đầu văn bản", "box": None},
        ]
    page = browser_as("prosecutor").get(f"/tai-lieu/{sample.document_ids[1]}").get_data(as_text=True)
    assert "<li>Có quốc hiệu ở đầu trang</li>" in page
    assert '<li class="muted">Không có phần đầu văn bản</li>' in page
    assert "weight" not in page
    told = browser_as("prosecutor").get(f"/api/v1/documents/{sample.document_ids[1]}").get_json()
    assert told["reasons"] == ["Có quốc hiệu ở đầu trang", "Không có phần đầu văn bản"]
