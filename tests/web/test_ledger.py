"""The registers on screen: the grid's calls, forms, rights, papers, import, findings, API."""

import io
import json
import threading
from datetime import date

import pytest
from docx import Document as WordFile
from openpyxl import load_workbook
from sqlalchemy import select

from config.settings import Settings
from ledger import entries
from ledger.office import load_office
from search import writer
from storage import audit
from storage.access import SERVICE
from storage.database import Database
from storage.models.cases import Grant
from storage.models.ledger import LedgerAttachment, LedgerChange, LedgerEntry, LedgerRight
from storage.models.people import Role, Team, User
from storage.models.records import AuditEvent
from tests.ledger_workbook import fill_register, write_register
from viewer.ledger import work

ROW = {"ho_ten": "Nguyễn Thị Mận", "so_thu_ly": "12/2026/TLST-XLHC", "ngay_thu_ly": "05/03/2026"}


@pytest.fixture
def leader(person, browser_of):
    return browser_of(person(Role.LEADER, login="truong"))


@pytest.fixture
def register(database: Database, settings: Settings) -> None:
    """The 68 rows with planted late notices."""
    fill_register(database, settings)


def add(browser, **more: str) -> dict:
    answer = browser.post("/so/bpxlhc/dan", json={"rows": [{"changes": {**ROW, **more}}]})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["rows"][0]


def test_the_grid_shows_rows_and_their_marks(leader, register):
    page = leader.get("/so/bpxlhc").get_data(as_text=True)
    start = json.loads(page.split("data-start>", 1)[1].split("</script>", 1)[0])
    assert start["total"] == 68
    assert start["rows"][4]["m"]["ngay_gui_tb"][0] == "late"
    late = leader.get("/so/bpxlhc/cac-dong?state=late&count=1").get_json()
    assert (late["total"], [r["d"]["stt"] for r in late["rows"]]) == (
        8,
        ["5", "13", "22", "27", "30", "37", "51", "61"],
    )


def test_filters_ignore_marks_and_wrong_ones_are_told(leader, register):
    for query, total in [
        ("q=man", 31),
        ("q=không có ai", 0),
        ('filters=[{"field":"so_thu_ly","operation":"contains","value":"13/2026"}]', 1),
        ('filters=[{"field":"ngay_thu_ly","operation":"to","value":"31/01/2026"}]', 6),
        ('filters=[{"field":"ngay_nop_luu","operation":"filled"}]', 0),
        ("state=not_handed_in", 68),
    ]:
        assert (query, leader.get(f"/so/bpxlhc/cac-dong?count=1&{query}").get_json()["total"]) == (query, total)
    for query in ("filters=x", 'filters=[{"field":"khong","operation":"contains"}]', "sort=khong", "state=x"):
        answer = leader.get(f"/so/bpxlhc/cac-dong?{query}", headers={"Accept": "application/json"})
        assert (query, answer.status_code) == (query, 422)


def test_a_cell_is_changed_in_place_or_its_reason_comes_back(leader, database):
    row = add(leader)
    wrong = leader.post(f"/so/bpxlhc/dong/{row['id']}/o", json={"version": 1, "changes": {"ngay_gui_tb": "31/02/2026"}})
    assert (wrong.status_code, list(wrong.get_json()["problems"])) == (422, ["ngay_gui_tb"])
    good = leader.post(f"/so/bpxlhc/dong/{row['id']}/o", json={"version": 1, "changes": {"ngay_gui_tb": "12/3/2026"}})
    assert good.get_json()["row"]["m"]["ngay_gui_tb"][0] == "late"
    with database.read() as session:
        changes = session.scalars(select(LedgerChange).order_by(LedgerChange.id)).all()
        assert [c.action for c in changes] == ["create", "update"]
        assert changes[1].after == {"ngay_gui_tb": "2026-03-12"}
        assert list(audit.check_chain(session)) == []


def test_the_second_of_two_editors_sees_both_versions(leader, person, browser_of):
    row = add(leader)
    url = f"/so/bpxlhc/dong/{row['id']}/o"
    assert leader.post(url, json={"version": 1, "changes": {"tham_phan": "Lê A"}}).status_code == 200
    second = leader.post(url, json={"version": 1, "changes": {"tham_phan": "Lê B"}})
    assert second.status_code == 409
    assert second.get_json()["both"] == [{"field": "tham_phan", "name": "Thẩm phán", "theirs": "Lê A", "yours": "Lê B"}]
    same = leader.post(url, json={"version": 1, "changes": {"tham_phan": "Lê A"}})
    assert same.status_code == 200
    form = leader.post(f"/so/bpxlhc/dong/{row['id']}", {"version": "1", "tham_phan": "Lê B"})
    assert form.status_code == 409
    assert "Lê A" in form.get_data(as_text=True)


def test_a_pasted_block_is_taken_whole_or_not_at_all(leader, database):
    rows = [{"changes": {**ROW, "so_thu_ly": f"{i}/2026/TL"}} for i in range(1, 4)]
    rows[2]["changes"]["ngay_thu_ly"] = "hôm qua"
    refused = leader.post("/so/bpxlhc/dan", json={"rows": rows})
    assert (refused.status_code, refused.get_json()["problems"][0]["row"]) == (422, 2)
    with database.read() as session:
        assert session.scalars(select(LedgerEntry)).all() == []
    rows[2]["changes"]["ngay_thu_ly"] = "06/03/2026"
    assert [r["d"]["stt"] for r in leader.post("/so/bpxlhc/dan", json={"rows": rows}).get_json()["rows"]] == [
        "1",
        "2",
        "3",
    ]


def test_a_struck_row_stays_with_its_number(leader):
    row = add(leader)
    leader.post(f"/so/bpxlhc/dong/{row['id']}/gach-bo", {"reason": "ghi nhầm"})
    shown = leader.get("/so/bpxlhc/cac-dong").get_json()["rows"][0]
    assert (shown["s"], shown["x"], shown["d"]["stt"]) == ("struck", "ghi nhầm", "1")
    assert (
        leader.post(f"/so/bpxlhc/dong/{row['id']}/o", json={"version": 2, "changes": {"tham_phan": "A"}}).status_code
        == 422
    )
    assert add(leader, so_thu_ly="13/2026/TLST-XLHC")["d"]["stt"] == "2"


def test_prosecutors_see_their_own_rows_and_the_administrator_none(leader, person, browser_of, database):
    hoa = person(Role.PROSECUTOR, login="hoa")
    minh = person(Role.PROSECUTOR, login="minh")
    mine = add(leader, ksv="Hoa")
    add(leader, ksv="Minh", so_thu_ly="13/2026/TLST-XLHC")
    browser = browser_of(hoa)
    assert [r["id"] for r in browser.get("/so/bpxlhc/cac-dong").get_json()["rows"]] == [mine["id"]]
    assert browser_of(minh).get(f"/so/bpxlhc/dong/{mine['id']}").status_code == 404
    admin = browser_of(person(Role.ADMIN))
    assert admin.get("/so/bpxlhc/cac-dong?count=1").get_json()["total"] == 0
    assert admin.get("/so/bpxlhc/giu-so").status_code == 200
    assert browser.get("/so/bpxlhc/giu-so").status_code == 403
    assert browser.post("/so/bpxlhc/giu-so/cot", {"act": "hide", "field": "ksv"}).status_code == 403


def test_a_right_on_a_column_group_opens_just_that_group(leader, person, browser_of, database):
    row = add(leader)
    other = person(Role.PROSECUTOR, login="doi-khac")
    leader.post("/so/bpxlhc/giu-so/quyen", {"who": f"user:{other.id}", "right": "enter", "groups": ["thi_hanh"]})
    browser = browser_of(other)
    url = f"/so/bpxlhc/dong/{row['id']}/o"
    assert browser.post(url, json={"version": 1, "changes": {"ngay_dua_di": "12/03/2026"}}).status_code == 200
    assert browser.post(url, json={"version": 2, "changes": {"tham_phan": "A"}}).status_code == 403
    with database.read() as session:
        right_id = session.scalars(select(LedgerRight.id)).one()
    leader.post("/so/bpxlhc/giu-so/quyen", {"take": str(right_id)})
    assert browser.get(f"/so/bpxlhc/dong/{row['id']}").status_code == 404


def test_assignment_gives_the_case_and_handover_moves_it(leader, person, browser_of, database, make_case):
    hoa, minh = person(Role.PROSECUTOR, login="hoa"), person(Role.PROSECUTOR, login="minh")
    with database.write() as session:
        case_id = make_case(session, "12/2026/TLST-XLHC", kind="bpxlhc").id
    row = add(leader)
    leader.post(f"/so/bpxlhc/dong/{row['id']}/phan-cong", {"user": str(hoa.id)})

    def holders() -> set[int]:
        with database.read() as session:
            return set(session.scalars(select(Grant.user_id).where(Grant.case_id == case_id, Grant.until.is_(None))))

    assert holders() == {hoa.id}
    assert browser_of(hoa).post("/so/ban-giao", {"giver": str(hoa.id), "taker": str(minh.id)}).status_code == 403
    assert (
        leader.post("/so/ban-giao", {"giver": str(hoa.id), "taker": str(minh.id), "reason": "nghỉ"}).status_code == 303
    )
    assert holders() == {minh.id}
    draft = leader.post("/so/bpxlhc/phan-cong.docx", {"user": str(minh.id)})
    text = "\n".join(
        cell.text for table in WordFile(io.BytesIO(draft.data)).tables for row in table.rows for cell in row.cells
    )
    assert "12/2026/TLST-XLHC" in text


def test_import_is_seen_before_it_is_written(leader, database, tmp_path):
    content = write_register(tmp_path / "so.xlsx", rows=5).read_bytes()
    page = leader.post("/so/bpxlhc/nhap-excel", {"file": (io.BytesIO(content), "sổ của tôi.xlsx")}).get_data(
        as_text=True
    )
    assert "5 dòng mới" in page
    with database.read() as session:
        assert session.scalars(select(LedgerEntry)).all() == []
    token = page.split('name="token" value="', 1)[1].split('"', 1)[0]
    assert leader.post("/so/bpxlhc/nhap-excel/ghi", {"token": token, "name": "sổ của tôi.xlsx"}).status_code == 303
    with database.read() as session:
        assert len(session.scalars(select(LedgerEntry)).all()) == 5
    assert leader.post("/so/bpxlhc/nhap-excel/ghi", {"token": "../../x", "name": "x"}).status_code == 404


def test_export_carries_the_rows_of_the_filter_and_their_links(sample, leader, register):
    leader.post("/so/bpxlhc/dong/13/dinh-kem", {"document": str(sample.document_ids[0])})
    answer = leader.get("/so/bpxlhc/xuat-excel?state=late")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    numbers = [row[0].value for row in sheet.iter_rows(min_row=8) if isinstance(row[0].value, int)]
    assert numbers == [5, 13, 22, 27, 30, 37, 51, 61]
    links = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["http://localhost/so/bpxlhc/dong/13"]


def test_papers_are_seen_from_both_sides_and_only_by_those_who_may(sample, leader, register, browser_of, person):
    document = sample.document_ids[1]
    assert (
        leader.post("/so/bpxlhc/dong/13/dinh-kem", {"document": str(document), "first": "2", "last": "2"}).status_code
        == 303
    )
    page = leader.get("/so/bpxlhc/dong/13").get_data(as_text=True)
    assert f"/tai-lieu/{document}?trang=2" in page
    other = leader.get(f"/so/tu-tai-lieu/{document}").get_data(as_text=True)
    assert "/so/bpxlhc/dong/13" in other
    assert leader.post("/so/bpxlhc/dong/13/dinh-kem", {"document": str(document), "first": "9"}).status_code == 422
    clerk = browser_of(person(Role.CLERK, login="thu"))
    seen = clerk.get("/so/bpxlhc/dong/13").get_data(as_text=True)
    assert f"/tai-lieu/{document}" not in seen
    assert "không được phân công xem" in seen


def test_a_new_row_is_filled_from_a_scan_with_its_boxes(sample, leader, database):
    document = sample.document_ids[0]
    page = leader.get(f"/so/hinh_su/dong-moi?tai-lieu={document}").get_data(as_text=True)
    assert 'value="12/QĐ-CSĐT"' in page
    assert 'value="05/02/2024"' in page
    answer = leader.post(
        "/so/hinh_su/dong-moi",
        {
            "tai-lieu": str(document),
            "ten_vu_an": "Vụ chợ An Bình",
            "so_kt_va": "12/QĐ-CSĐT",
            "ngay_kt_va": "05/02/2024",
        },
    )
    assert answer.status_code == 303
    with database.read() as session:
        entry = session.scalars(select(LedgerEntry)).one()
        assert session.scalars(select(LedgerAttachment.document_id)).all() == [document]
        assert session.scalars(select(LedgerChange.sources)).one()["so_kt_va"]["document_id"] == document
        assert entry.case_id == sample.case_id


def test_a_paper_is_suggested_for_the_row_whose_number_it_names(sample, leader, database):
    row = add(leader, so_thu_ly="12/QĐ-CSĐT")
    page = leader.get(f"/so/tu-tai-lieu/{sample.document_ids[0]}").get_data(as_text=True)
    assert f"/so/bpxlhc/dong/{row['id']}" in page
    assert "cùng số 12/QĐ-CSĐT" in page
    other = leader.get(f"/so/bpxlhc/dong/{row['id']}").get_data(as_text=True)
    assert f"/tai-lieu/{sample.document_ids[0]}" in other


def test_agreed_findings_become_a_draft(leader, register):
    page = leader.get("/so/bpxlhc/vi-pham?muc=late").get_data(as_text=True)
    keys = [part.split('"', 1)[0] for part in page.split('name="agree" value="')[1:]]
    assert len(keys) == 9
    assert leader.post("/so/bpxlhc/kien-nghi.docx", {}).status_code == 422
    leader.post("/so/bpxlhc/vi-pham", {"agree": keys[:-1], "reject": keys[-1:], "muc": "late"})
    answer = leader.post("/so/bpxlhc/kien-nghi.docx", {"co-quan": "TAND khu vực 3"})
    word = WordFile(io.BytesIO(answer.data))
    text = "\n".join(p.text for p in word.paragraphs)
    assert "có 8 vi phạm" in text
    assert "Đ.12 k1 Pháp lệnh 03/2022/UBTVQH15" in text
    assert "{{" not in text
    assert sum(len(t.rows) - 1 for t in word.tables if len(t.columns) == 7) == 8


def test_a_correction_after_the_decision_asks_again(leader, register):
    leader.post("/so/bpxlhc/vi-pham", {"agree": ["5:tb_thu_ly"]})
    assert leader.post("/so/bpxlhc/kien-nghi.docx", {}).status_code == 200
    leader.post("/so/bpxlhc/dong/5/o", json={"version": 1, "changes": {"ngay_gui_tb": "20/02/2026"}})
    assert leader.post("/so/bpxlhc/kien-nghi.docx", {}).status_code == 422


def test_what_is_ticked_is_in_the_draft_and_a_tick_taken_off_is_not(leader, register, database):
    leader.post("/so/bpxlhc/vi-pham", {"agree": ["5:tb_thu_ly", "13:tb_thu_ly"]})
    ticks = {"shown": "1", "agree": ["5:tb_thu_ly", "22:tb_thu_ly"]}
    draft = leader.post("/so/bpxlhc/kien-nghi.docx", ticks)
    rows = [[cell.text for cell in row.cells] for row in WordFile(io.BytesIO(draft.data)).tables[1].rows]
    assert [row[1].split()[0] for row in rows[1:]] == ["5", "22"]
    with database.read() as session:
        withdrawn = session.scalars(select(AuditEvent).where(AuditEvent.action == "ledger.verdict_withdrawn")).all()
        assert [event.subject for event in withdrawn] == ["ledger_entry:13"]
    assert leader.post("/so/bpxlhc/kien-nghi.docx", {"shown": "1"}).status_code == 422


def test_an_office_template_wins_and_a_broken_one_is_told(leader, register, settings):
    leader.post("/so/bpxlhc/vi-pham", {"agree": ["5:tb_thu_ly"]})
    folder = settings.data / "config" / "templates"
    folder.mkdir(parents=True)
    word = WordFile()
    word.add_paragraph("Mẫu riêng: {{ tong_so }} của {{ co_quan_nhan }}")
    word.save(folder / "kien_nghi.docx")
    answer = leader.post("/so/bpxlhc/kien-nghi.docx", {"co-quan": "TAND khu vực 3"})
    assert WordFile(io.BytesIO(answer.data)).paragraphs[0].text == "Mẫu riêng: 1 của TAND khu vực 3"
    word = WordFile()
    word.add_paragraph("{{ ''.__class__.__mro__ }} {% for x %}")
    word.save(folder / "kien_nghi.docx")
    assert leader.post("/so/bpxlhc/kien-nghi.docx", {}).status_code == 422
    (folder / "kien_nghi.docx").write_bytes(b"no word file")
    assert leader.post("/so/bpxlhc/kien-nghi.docx", {}).status_code == 422


def test_a_column_added_on_screen_is_filled_at_once(leader, settings):
    form = {"act": "add", "name": "Số điện thoại", "group": "nguoi", "type": "text"}
    assert leader.post("/so/bpxlhc/giu-so/cot", form).status_code == 303
    assert (settings.data / "config" / "books" / "bpxlhc-v2.toml").is_file()
    assert add(leader, so_dien_thoai="0901")["d"]["so_dien_thoai"] == "0901"
    rule = {
        "act": "add_rule",
        "name": "Báo cáo tuần",
        "from": "ngay_thu_ly",
        "days": "5",
        "working": "1",
        "done": "ngay_kien_nghi",
    }
    assert leader.post("/so/bpxlhc/giu-so/cot", rule).status_code == 303
    row = leader.get("/so/bpxlhc/cac-dong").get_json()["rows"][0]
    assert row["m"]["ngay_kien_nghi"][0] == "overdue"


def test_pages_for_everybody(leader, register):
    for path in ("/so/", "/so/lich", "/so/lich?cua=toi", "/so/khoi-luong", "/so/bpxlhc/thong-ke", "/so/giao-ban.pdf"):
        assert (path, leader.get(path).status_code) == (path, 200)


def test_saved_views_are_ones_own_unless_shared_by_a_keeper(leader, person, browser_of):
    body = {"name": "Án trễ", "definition": {"state": "late"}}
    view = leader.post("/so/bpxlhc/cach-xem", json=body).get_json()
    hoa = browser_of(person(Role.PROSECUTOR, login="hoa"))
    assert "Án trễ" not in hoa.get("/so/bpxlhc").get_data(as_text=True)
    assert hoa.post(f"/so/bpxlhc/cach-xem/{view['id']}/xoa", json={}).status_code == 404
    assert hoa.post("/so/bpxlhc/cach-xem", json={**body, "shared": True}).status_code == 403
    leader.post("/so/bpxlhc/cach-xem", json={**body, "shared": True})
    assert "Án trễ" in hoa.get("/so/bpxlhc").get_data(as_text=True)


def test_the_api_gives_rows_with_deadlines_and_takes_new_ones(sample, leader):
    made = leader.post("/api/v1/ledgers/bpxlhc/entries", json={"fields": {**ROW, "ngay_gui_tb": "12/03/2026"}})
    assert made.status_code == 201
    entry = made.get_json()
    assert (entry["number"], entry["violations"]) == ("1", ["xl.tb_thu_ly"])
    answer = leader.get("/api/v1/ledgers/bpxlhc/entries?state=late").get_json()
    assert (answer["total"], answer["entries"][0]["deadlines"][0]["due"]) == (1, "2026-03-09")
    body = {"document_id": sample.document_ids[0], "first_page": 1}
    paper = leader.post(f"/api/v1/ledgers/bpxlhc/entries/{entry['id']}/attachments", json=body)
    assert (paper.status_code, paper.get_json()["pages"]) == (201, [1, 1])
    assert leader.post("/api/v1/ledgers/bpxlhc/entries", json={"fields": {"khong_co": "x"}}).status_code == 422
    assert leader.get("/api/v1/ledgers/khong_co/entries").status_code == 404


def test_twenty_clerks_at_once_lose_nothing_and_share_no_number(settings: Settings, database: Database):
    office = load_office(settings)
    book = office.book("bpxlhc")
    errors: list[Exception] = []

    def clerk(name: int) -> None:
        try:
            for i in range(3):
                with database.write() as session:
                    entries.create(
                        session,
                        SERVICE,
                        book,
                        office.engine,
                        {"ho_ten": f"Người {name} {i}", "ngay_thu_ly": "05/03/2026"},
                    )
        except Exception as error:  # noqa: BLE001 - any failure of a thread must reach the assertion
            errors.append(error)

    threads = [threading.Thread(target=clerk, args=(n,)) for n in range(20)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert errors == []
    with database.read() as session:
        numbers = sorted(e.number for e in session.scalars(select(LedgerEntry)))
        assert numbers == list(range(1, 61))
        assert list(audit.check_chain(session)) == []


def test_a_number_of_a_rolled_back_row_is_given_to_the_next(settings: Settings, database: Database):
    office = load_office(settings)
    book = office.book("bpxlhc")
    values = {"ho_ten": "A", "ngay_thu_ly": "05/03/2026"}
    with pytest.raises(RuntimeError), database.write() as session:
        entries.create(session, SERVICE, book, office.engine, values)
        raise RuntimeError("power cut")
    with database.write() as session:
        assert (
            entries.create(session, SERVICE, book, office.engine, values, today=date(2026, 11, 22)).number_text == "1"
        )


def test_numbers_begin_again_on_the_books_day(settings: Settings, database: Database):
    office = load_office(settings)
    book = office.book("bpxlhc")
    values = {"ho_ten": "A", "ngay_thu_ly": "05/03/2026"}
    with database.write() as session:
        made = [
            entries.create(session, SERVICE, book, office.engine, values, today=day)
            for day in (date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 1))
        ]
        assert [(e.period, e.number_text) for e in made] == [
            ("2025-12-01", "1"),
            ("2025-12-01", "2"),
            ("2026-12-01", "1"),
        ]


def test_missing_and_double_numbers_lead_to_their_rows(leader, register, database):
    with database.write() as session:
        by_text = {e.number_text: e for e in session.scalars(select(LedgerEntry))}
        by_text["10"].number, by_text["10"].number_text = 9, "9"
        by_text["20"].number, by_text["20"].number_text = 21, "21"
        double, after = by_text["9"].id, by_text["11"].id
    assert "2 chỗ thiếu, 2 số trùng" in leader.get("/so/bpxlhc/thong-ke").get_data(as_text=True)
    page = leader.get("/so/bpxlhc/day-so").get_data(as_text=True)
    assert page.count(f'href="/so/bpxlhc/dong/{double}"') == 2  # double itself, and the row before the missing 10
    assert f'href="/so/bpxlhc/dong/{after}"' in page
    wrong = leader.get("/so/bpxlhc/day-so?nam=1999-12-01", headers={"Accept": "application/json"})
    assert wrong.status_code == 422


def test_an_imported_number_is_put_right_on_screen(leader, register, database, person, browser_of):
    with database.write() as session:
        by_text = {e.number_text: e for e in session.scalars(select(LedgerEntry))}
        wrong = by_text["10"]
        wrong.number, wrong.number_text = 9, "9"
        wrong.flags, by_text["9"].flags = ["số 9 trùng"], ["số 9 trùng", "khác"]
        wrong_id, other_id, version = wrong.id, by_text["9"].id, wrong.version
    given_id = add(leader)["id"]

    def correct(entry_id: int, number: str, at: int = version) -> int:
        sent = {"number": number, "version": str(at)}
        return leader.post(f"/so/bpxlhc/dong/{entry_id}/sua-so", sent).status_code

    assert "Sửa số" in leader.get(f"/so/bpxlhc/dong/{wrong_id}").text
    assert "Sửa số" not in leader.get(f"/so/bpxlhc/dong/{given_id}").text
    assert [correct(wrong_id, bad) for bad in ("11", "mười", "")] == [422, 422, 422]
    assert correct(given_id, "10", 1) == 422, "a number the service gave stays"
    assert correct(wrong_id, "10", version + 5) == 409
    assert correct(wrong_id, "10") == 303
    stranger = browser_of(person(Role.PROSECUTOR))
    assert stranger.post(f"/so/bpxlhc/dong/{wrong_id}/sua-so", {"number": "70"}).status_code in (403, 404)
    with database.read() as session:
        entry, other = session.get_one(LedgerEntry, wrong_id), session.get_one(LedgerEntry, other_id)
        assert (entry.number, entry.number_text, entry.flags, other.flags) == (10, "10", [], ["khác"])
    page = leader.get(f"/so/bpxlhc/dong/{wrong_id}").text
    assert "sửa số" in page
    assert "9 → 10" in page


def test_the_week_of_a_team_has_the_rows_of_its_people_only(leader, person, database, monkeypatch):
    hoa = person(Role.PROSECUTOR, login="hoa")
    with database.write() as session:
        team = Team(name="Tổ 1")
        session.add(team)
        session.flush()
        team_id = session.get_one(User, hoa.id).team_id = team.id
    add(leader, ksv=hoa.name)
    add(leader, so_thu_ly="13/2026/TLST-XLHC", ho_ten="Người khác")
    seen = []
    monkeypatch.setattr(work.weekly, "page", lambda summary, **more: seen.append((summary, more["who"])) or b"%PDF-")
    for asked in (f"to={team_id}", f"nguoi={hoa.id}", ""):
        assert leader.get(f"/so/giao-ban.pdf?{asked}").status_code == 200
    assert [(who, {i.number for i in summary.overdue}) for summary, who in seen] == [
        ("Tổ 1", {"1"}), ("Hoa", {"1"}), ("Toàn đơn vị", {"1", "2"}),
    ]  # fmt: skip


def test_who_may_fill_some_columns_only_is_offered_no_new_row(person, browser_of):
    accountant = browser_of(person(Role.ACCOUNTANT))
    assert "/so/thads/dong-moi" not in accountant.get("/so/thads").get_data(as_text=True)
    assert accountant.get("/so/thads/dong-moi").status_code == 404
    prosecutor = browser_of(person(Role.PROSECUTOR))
    assert "/so/thads/dong-moi" in prosecutor.get("/so/thads").get_data(as_text=True)


def test_papers_are_searched_for_from_the_row_and_attached(browser_as, sample, settings, database):
    writer.rebuild_now(database, settings)
    prosecutor = browser_as("prosecutor")
    row = add(prosecutor)
    found = prosecutor.get(f"/so/bpxlhc/dong/{row['id']}/tim?q=con dao").get_data(as_text=True)
    document = sample.document_ids[1]
    assert f'name="document" value="{document}"' in found
    prosecutor.post(f"/so/bpxlhc/dong/{row['id']}/dinh-kem", {"document": document, "first": 2, "last": 2})
    assert f"/tai-lieu/{document}?trang=2" in prosecutor.get(f"/so/bpxlhc/dong/{row['id']}").get_data(as_text=True)
    hidden = browser_as("other")
    own = add(hidden, so_thu_ly="14/2026/TLST-XLHC")
    other = hidden.get(f"/so/bpxlhc/dong/{own['id']}/tim?q=Trần Thị Mận").get_data(as_text=True)
    assert f'name="document" value="{document}"' not in other
    assert hidden.get(f"/so/bpxlhc/dong/{row['id']}/tim?q=con dao").status_code == 404
