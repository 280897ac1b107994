"""The review screen, the strip of numbers, sheets and lists: what people see, what a step does, who may do it."""

import io

import pikepdf
import pytest
from sqlalchemy import select

from ingest import assemble_scan
from storage.derived import DerivedStore
from storage.models.documents import Document, DocumentPage
from storage.models.records import AuditEvent
from storage.models.scans import Page, Scan


@pytest.fixture
def batch(database, sample):
    with database.read() as session:
        document = session.get_one(Document, sample.document_ids[1])
        return document.batch_id, [link.page_id for link in document.page_links], document.id


def act(browser, batch_id, **told):
    return browser.post(f"/duyet/{batch_id}/thao-tac", json=told, headers={"Accept": "application/json"})


def test_the_list_and_the_screen_show_the_batch(batch, browser_as):
    browser = browser_as("prosecutor")
    assert "Duyệt đợt quét" in browser.get("/duyet/").get_data(as_text=True)
    shown = browser.get(f"/duyet/{batch[0]}").get_data(as_text=True)
    assert "BIÊN BẢN HỎI CUNG" in shown or "Biên bản hỏi cung bị can" in shown
    assert f'data-page="{batch[1][0]}"' in shown


def test_doubts_are_counted_in_numbers(batch, browser_as, database):
    with database.write() as session:
        for document in session.scalars(select(Document).where(Document.batch_id == batch[0])):
            document.needs_review = document.id <= batch[2]
    shown = browser_as("prosecutor").get("/duyet/").get_data(as_text=True)
    assert "2 chỗ chưa chắc" in shown
    assert "True" not in shown


def test_gaps_are_told_on_every_screen_by_one_report(batch, sample, browser_as, database):
    with database.write() as session:
        session.get_one(Page, batch[1][1]).but_luc = "2"
        session.get_one(Page, sample.page_ids[3]).but_luc = "9"
    browser = browser_as("prosecutor")
    for address in ("/", f"/ho-so/{sample.case_id}/but-luc", f"/but-luc/dot/{batch[0]}"):
        shown = browser.get(address).get_data(as_text=True)
        assert "Thiếu BL 3–4; Thiếu BL 6–8; BL 2 quét hai lần" in shown, address
    assert f'href="/but-luc/dot/{batch[0]}"' in browser.get(f"/ho-so/{sample.case_id}/but-luc").get_data(as_text=True)
    assert f'href="/ho-so/{sample.case_id}/but-luc"' in browser.get(f"/but-luc/dot/{batch[0]}").get_data(as_text=True)


def test_cutting_joining_and_undoing(batch, browser_as, database):
    batch_id, pages, document_id = batch
    browser = browser_as("prosecutor")
    answer = act(browser, batch_id, action="split", page=pages[1])
    assert answer.status_code == 200
    assert answer.json["undo"]
    with database.read() as session:
        fresh = session.get_one(DocumentPage, pages[1]).document_id
        assert fresh != document_id
    assert act(browser, batch_id, action="undo").status_code == 200
    with database.read() as session:
        assert session.get_one(DocumentPage, pages[1]).document_id == document_id
        actions = set(session.scalars(select(AuditEvent.action)))
        assert {"document.split", "batch.step_undone"} <= actions


def test_fields_folder_and_confirmation(batch, browser_as, database):
    batch_id, _pages, document_id = batch
    browser = browser_as("prosecutor")
    changes = {"type_code": "hs.bb_doi_chat", "number": "7/QĐ-VKS", "date": "5/2/2024", "folder": "HS08"}
    assert act(browser, batch_id, action="set", document=document_id, changes=changes).status_code == 200
    assert act(browser, batch_id, action="confirm", documents=[document_id]).status_code == 200
    with database.read() as session:
        document = session.get_one(Document, document_id)
        assert (document.type_code, document.number, document.folder_code) == ("hs.bb_doi_chat", "7/QĐ-VKS", "HS08")
        assert document.date.isoformat() == "2024-02-05"
        assert document.state == "confirmed"


def test_the_kind_of_copy_stands_in_the_list_of_documents(batch, sample, browser_as, database):
    browser = browser_as("prosecutor")
    assert act(browser, batch[0], action="set", document=batch[2], changes={"features": "bản chính"}).status_code == 200
    assert act(browser, batch[0], action="set", document=batch[2], changes={"features": "x" * 90}).status_code == 422
    assert 'value="bản chính"' in browser.get(f"/duyet/{batch[0]}/trang/{batch[1][0]}").get_data(as_text=True)
    listed = browser.get(f"/duyet/ho-so/{sample.case_id}/thong-ke").get_data(as_text=True)
    assert f"bản chính, {len(batch[1])} trang" in listed
    act(browser, batch[0], action="undo")
    with database.read() as session:
        assert session.get_one(Document, batch[2]).features == ""


def test_a_wrong_date_or_action_changes_nothing_and_says_so(batch, browser_as):
    batch_id, pages, document_id = batch
    browser = browser_as("prosecutor")
    answer = act(browser, batch_id, action="set", document=document_id, changes={"date": "31/2/2024"})
    assert answer.status_code == 422
    assert "không phải ngày" in answer.json["error"]["message"]
    assert act(browser, batch_id, action="fly").status_code == 404
    assert act(browser, batch_id, action="mark", pages=[pages[0]], kind="bird").status_code == 422


@pytest.mark.parametrize("login", ["other", "admin", "assistant"])
def test_others_cannot_change_the_cuts(login, batch, browser_as):
    browser = browser_as(login)
    answer = act(browser, batch[0], action="split", page=batch[1][1])
    assert answer.status_code in (403, 404)


def test_numbers_are_confirmed_and_the_corner_is_shown(batch, browser_as, database):
    batch_id, pages, _document = batch
    browser = browser_as("prosecutor")
    assert browser.get(f"/but-luc/dot/{batch_id}").status_code == 200
    corner = browser.get(f"/but-luc/goc/{pages[0]}.jpg")
    assert corner.mimetype == "image/jpeg"
    answer = browser.post(f"/but-luc/dot/{batch_id}", json={"numbers": {str(pages[0]): "45", str(pages[1]): "45a"}})
    assert answer.status_code == 200
    with database.read() as session:
        assert [session.get_one(Page, p).but_luc for p in pages] == ["45", "45a"]
        assert session.get_one(Page, pages[0]).but_luc_state == "confirmed"
    bad = browser.post(f"/but-luc/dot/{batch_id}", json={"numbers": {str(pages[0]): "bốn"}})
    assert bad.status_code == 422


def test_sheets_and_lists_are_printed(batch, sample, browser_as):
    browser = browser_as("prosecutor")
    case_id = sample.case_id
    for address, kind in (
        (f"/to-bia/to-bia.pdf?case_id={case_id}&but_luc=46", b"%PDF"), ("/to-bia/to-ngan.pdf?count=2", b"%PDF"),
        (f"/duyet/ho-so/{case_id}/thong-ke.pdf", b"%PDF"), (f"/duyet/ho-so/{case_id}/thong-ke.xlsx", b"PK"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert answer.get_data().startswith(kind), address
    assert "Trích yếu" in browser.get(f"/duyet/ho-so/{case_id}/thong-ke").get_data(as_text=True)
    assert "Nguyễn Văn Tĩnh" in browser.get(f"/duyet/ho-so/{case_id}/loi-khai").get_data(as_text=True)
    assert browser.get(f"/to-bia/to-bia.pdf?case_id={sample.other_case_id}").status_code == 404


@pytest.mark.tools
def test_a_case_becomes_one_pdf_with_bookmarks_and_its_numbers_as_page_labels(sample, browser_as, settings, database):
    browser, address = browser_as("prosecutor"), f"/duyet/ho-so/{sample.case_id}/gop.pdf"
    assert browser.get(address).status_code == 303  # its parts are not made yet; they are asked for
    with database.read() as session:
        scan = session.get_one(Scan, sample.scan_id)
        target = assemble_scan.searchable_pdf_path(session, DerivedStore(settings.derived_folder), scan)
    assemble_scan.make(settings, database, sample.scan_id, target)
    answer = browser.get(address)
    assert answer.status_code == 200
    with pikepdf.open(io.BytesIO(answer.get_data())) as pdf:
        assert [page.label for page in pdf.pages] == ["BL 1", "BL 2", "BL 3", "BL 4", "BL 5"]
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0].startswith("BL 1 QUYẾT ĐỊNH")
        assert titles[1].startswith("BL 2–3 BIÊN BẢN")
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
            assert "45/2024/HSST" in str(metadata["dc:title"])
        assert "/OutputIntents" in pdf.Root
    assert browser_as("other").get(address).status_code == 404


def test_a_printed_cover_sheet_is_read_back(batch, sample, browser_as):
    import pypdfium2
    from PIL import Image

    from ingest.filing.codes import read_codes
    from ingest.split import marks

    pdf = browser_as("prosecutor").get(f"/to-bia/to-bia.pdf?case_id={sample.case_id}&but_luc=46").get_data()
    picture = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].render(scale=150 / 72).to_pil().convert("L")
    for turn in (0, 90, 183):
        turned = picture.rotate(turn, expand=True, fillcolor=255, resample=Image.Resampling.BILINEAR)
        mark = marks.sheet_of(read_codes(turned))
        assert mark is not None
        assert (mark.case_id, mark.first_but_luc) == (sample.case_id, "46")
