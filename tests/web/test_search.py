"""The search pages: what is shown, to whom, and the lists taken along."""

import io
from collections.abc import Callable

import openpyxl
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.settings import Settings
from search import writer
from storage.database import Database
from tests.sample_archive import Sample
from tests.web.conftest import Browser


@pytest.fixture
def indexed(settings: Settings, database: Database, sample: Sample) -> Sample:
    """The sample with its index."""
    writer.rebuild_now(database, settings)
    return sample


def text(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined]


def test_results_show_the_page_its_words_and_its_number(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser = browser_as("prosecutor")
    page = text(browser.get("/tim-kiem?q=con+dao"))
    assert "<mark>con dao</mark>" in page
    assert "BIÊN BẢN HỎI CUNG BỊ CAN" in page
    assert "BL 2" in page
    assert "45/2024/HSST" in page
    assert f"/tim-kiem/cat/{indexed.page_ids[1]}.jpg" in page
    assert "<rect " in page


def test_a_strip_is_a_picture_for_those_who_may_see_the_page(
    indexed: Sample, browser_as: Callable[[str], Browser]
) -> None:
    address = f"/tim-kiem/cat/{indexed.page_ids[0]}.jpg?x=0&y=0.1&w=1&h=0.1"
    answer = browser_as("prosecutor").get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert browser_as("other").get(address).status_code == 404
    assert browser_as("prosecutor").get(address.replace("0.1", "x")).status_code == 404
    assert browser_as("prosecutor").get(address.replace("h=0.1", "h=nan")).status_code == 404


def test_another_prosecutor_finds_only_his_own_case(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    page = text(browser_as("other").get("/tim-kiem?q=con+dao"))
    assert "77/2024/HSST" in page
    assert "45/2024/HSST" not in page
    for query in ("Lê+Hữu+Đức", "45/KLĐT-CSĐT", "vụ:45/2024", "kết+luận+điều+tra"):
        assert "45/2024/HSST" not in text(browser_as("other").get(f"/tim-kiem?q={query}"))
    assert browser_as("other").get(f"/tim-kiem/nguoi/{indexed.case_id}").status_code == 404
    assert browser_as("other").get("/tim-kiem/goi-y?q=Lê Hữu").json == {"suggestions": []}


@pytest.mark.parametrize(
    "query", ['"', "((", "vụ:", "a:b:c", "-", "*", 'người:"', "%00", "' or 1=1 --", "x" * 900, "\u0301"]
)
def test_no_query_is_an_error(indexed: Sample, browser_as: Callable[[str], Browser], query: str) -> None:
    browser = browser_as("prosecutor")
    assert browser.get("/tim-kiem", query_string={"q": query}).status_code == 200
    assert browser.get("/tim-kiem/goi-y", query_string={"q": query}).status_code == 200


def test_whatever_is_typed_every_way_of_asking_answers(
    indexed: Sample, browser_as: Callable[[str], Browser]
) -> None:
    browser = browser_as("prosecutor")
    signs = st.text(alphabet='bịcandaoĐ12/-"“:~*()[]{}<&>\\^%.,; +\u0301\u200b\x00\t\nvụngườibltừ', max_size=60)

    @given(signs | st.text(max_size=40), signs)
    @hypothesis_settings(max_examples=20, deadline=None)
    def answered(query: str, value: str) -> None:
        asked = {"q": query, "case": value, "person": value}
        for narrowed in ({"q": query}, asked):
            assert browser.get("/tim-kiem", query_string=narrowed).status_code == 200
            assert browser.get("/tim-kiem/trang", query_string=narrowed).status_code in {200, 303}
        assert browser.get("/tim-kiem/goi-y", query_string={"q": query}).status_code == 200
        for form in ("excel", "pdf"):
            assert browser.post(f"/tim-kiem/xuat/{form}", {"q": query}).status_code == 200

    answered()


def test_nonsense_in_the_address_is_left_out(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser = browser_as("prosecutor")
    assert browser.get("/tim-kiem?q=dao&year=x&document=y&sort=z&page=-4&case=khong-co").status_code == 200
    many = "9" * 25
    assert browser.get(f"/tim-kiem?q=dao&page={many}&scan={many}").status_code == 200
    assert browser.get(f"/tim-kiem/trang?q=dao&n={many}").status_code == 303
    with_scan = text(browser.get("/tim-kiem?q=tĩnh&scan=1"))
    assert "<mark>" in with_scan and "0 trang" in text(browser.get("/tim-kiem?q=tĩnh&scan=999"))


def test_walking_through_hits(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser = browser_as("prosecutor")
    first = text(browser.get("/tim-kiem/trang?q=tĩnh&n=0"))
    assert "Kết quả 1 / 3" in first
    assert "n=1" in first
    last = text(browser.get("/tim-kiem/trang?q=tĩnh&n=2"))
    assert "Kết quả 3 / 3" in last
    assert 'data-key="j ArrowRight"' not in last
    assert browser.get("/tim-kiem/trang?q=tĩnh&n=3").status_code == 303


def test_lists_hold_the_chosen_pages(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser = browser_as("prosecutor")
    answer = browser.post("/tim-kiem/xuat/excel", {"q": "tĩnh"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.get_data())).active.iter_rows(values_only=True))
    assert len(rows) == 4 + 3
    assert rows[4][1] == "45/2024/HSST"
    chosen = browser.post("/tim-kiem/xuat/excel", {"q": "tĩnh", "chon": str(indexed.page_ids[1])})
    rows = list(openpyxl.load_workbook(io.BytesIO(chosen.get_data())).active.iter_rows(values_only=True))
    assert [row[7] for row in rows[4:]] == ["BL 2"]
    pdf = browser.post("/tim-kiem/xuat/pdf", {"q": "tĩnh"})
    assert pdf.get_data().startswith(b"%PDF")
    printed = pdfium.PdfDocument(pdf.get_data())[0].get_textpage().get_text_range()
    assert "3 trong 3 trang tìm thấy" in printed and "Trang 1" in printed and "BL 2" in printed
    assert browser.post("/tim-kiem/xuat/doc", {"q": "tĩnh"}).status_code == 404


def test_chosen_pages_go_into_a_presentation(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser = browser_as("prosecutor")
    chosen = {"q": "tĩnh", "chon": [str(indexed.page_ids[1]), str(indexed.page_ids[3])]}
    assert browser.post("/tim-kiem/trinh-chieu", chosen).status_code == 303
    assert "Đã đưa vào bài trình chiếu" in text(browser.get("/tim-kiem"))
    assert browser.post("/tim-kiem/trinh-chieu", {"q": "tĩnh"}).status_code == 303
    assert "Chưa chọn trang nào" in text(browser.get("/tim-kiem"))
    assert browser.post("/tim-kiem/trinh-chieu", {"chon": str(indexed.other_page_id)}).status_code == 404


def test_searches_are_remembered_kept_and_forgotten(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser, other = browser_as("prosecutor"), browser_as("other")
    browser.post("/tim-kiem/da-tim", {"q": "con dao gọt hoa quả"})
    browser.post("/tim-kiem/luu", {"q": "chợ An Bình", "name": "Hiện trường", "type": "hs.bb_hoi_cung"})
    page = text(browser.get("/tim-kiem"))
    assert "con dao gọt hoa quả" in page
    assert "Hiện trường" in page
    assert "type=hs.bb_hoi_cung" in page
    stranger = text(other.get("/tim-kiem"))
    assert "con dao gọt hoa quả" not in stranger
    assert "Hiện trường" not in stranger
    assert other.post("/tim-kiem/luu/1/xoa").status_code == 404
    browser.post("/tim-kiem/luu/1/xoa")
    browser.post("/tim-kiem/da-tim/xoa")
    page = text(browser.get("/tim-kiem"))
    assert "Hiện trường" not in page
    assert "con dao gọt hoa quả" not in page


def test_persons_of_a_case_with_their_pages(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    page = text(browser_as("prosecutor").get(f"/tim-kiem/nguoi/{indexed.case_id}"))
    assert "Nguyễn Văn Tĩnh" in page
    assert "Trần Thị Mận" in page
    assert "BL 4" in page


def test_a_second_chance_is_said_to_be_one(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    page = text(browser_as("prosecutor").get("/tim-kiem?q=gọt+hoaa+qảu"))
    assert "Không có trang nào đúng như đã gõ" in page
    assert "BL 2" in page


def test_a_paper_found_leads_to_the_books(indexed: Sample, browser_as: Callable[[str], Browser]) -> None:
    browser = browser_as("prosecutor")
    address = f"/so/tu-tai-lieu/{indexed.document_ids[1]}"
    found = text(browser.get("/tim-kiem?q=con+dao"))
    assert f'href="{address}"' in found
    assert "Gắn vào sổ" in found
    book = text(browser.get(address))
    assert "Đưa vào sổ: BIÊN BẢN HỎI CUNG BỊ CAN" in book
    assert browser_as("other").get(address).status_code == 404
