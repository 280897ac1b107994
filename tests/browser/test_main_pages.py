"""The main pages as people use them: they open without errors, axe finds nothing serious, the keyboard works."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from storage.models.documents import Document
from storage.models.presentation import Cue, CueKind
from tests.conftest import PASSWORD

PAGES = {
    "prosecutor": [
        "/", "/ho-so/", "/ho-so/1", "/ho-so/1?xem=anh", "/ho-so/1/nguoi-tham-gia", "/ho-so/1/dien-bien",
        "/ho-so/1/but-luc", "/ho-so/1/so", "/ho-so/1/trinh-chieu", "/ho-so/1/thong-tin", "/ho-so/moi",
        "/tai-lieu/2?q=con+dao", "/tai-lieu/4/sua", "/tai-lieu/2/trang", "/so-sanh/2/3", "/so-sanh/2/3?xem=chu",
        "/so-sanh/chon/2", "/tai-lieu/2/in", "/nhan-ban-quet/", "/tai-khoan", "/mat-khau", "/ho-so/999999",
    ],
    "prosecutor's tools": [
        "/duyet/", "/duyet/1", "/duyet/ho-so/1/loi-khai", "/duyet/ho-so/1/thong-ke", "/but-luc/dot/1", "/soat-chu/",
        "/soat-chu/1", "/tim-kiem", "/tim-kiem?q=con+dao", "/tim-kiem/nguoi/1", "/to-bia/", "/nhan-ban-quet/tep/1",
        "/so/tu-tai-lieu/2", "/trinh-chieu/?case_id=1",
    ],
    "clerk": ["/", "/nhan-ban-quet/", "/nhan-ban-quet/chua-xep", "/nhan-ban-quet/can-xu-ly", "/nhan-ban-quet/dot/3"],
    "leader": ["/nhan-ban-quet/bao-mat"],
    "admin": ["/quan-tri/", "/quan-tri/nguoi-dung", "/quan-tri/nguoi-dung/3", "/quan-tri/cau-hinh", "/quan-tri/nhat-ky",
              "/quan-tri/kiem-tra-may"],
}


@pytest.mark.parametrize("whose", list(PAGES))
def test_pages_open_and_are_accessible(site, axe, whose):
    page = site.page_of(whose.partition("'")[0])
    faults = {}
    for address in PAGES[whose]:
        page.goto(address)
        if page.locator("[data-controller~='document/reader']").count():
            expect(page.locator(".page-text")).to_be_visible()
        if found := axe(page):
            faults[address] = found
    assert faults == {}


def test_the_log_in_page_is_accessible_and_lets_in(site, axe, chromium):
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    site.watch(page)
    page.goto("/")
    expect(page).to_have_url(re.compile("/dang-nhap"))
    assert axe(page) == []
    page.keyboard.type("prosecutor")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/")
    context.close()


def test_reading_a_document_by_keyboard(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/2")
    label = page.locator('[data-show="label"]')
    expect(label).to_have_text("BL 2")
    page.locator('[data-part="stage"]').focus()
    page.keyboard.press("ArrowRight")
    expect(label).to_have_text("BL 3")
    expect(page.locator(".page-text")).to_contain_text("Trần Thị Mận")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("f")
    page.keyboard.type("con dao")
    page.keyboard.press("Enter")
    expect(page.locator('[data-show="hits"]')).to_have_text("1 / 2")
    expect(page.locator(".box-hit")).to_have_count(2)
    expect(page.locator(".page-text .hit")).to_have_count(4)


def test_a_search_term_is_boxed_on_the_page_it_leads_to(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/2?trang=2&q=tran+thi+man")
    expect(page.locator(".box-hit")).to_have_count(1)


def test_correcting_a_word_in_place(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/2")
    word = page.locator(".page-text .w", has_text="Tĩnh").first
    word.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("Tịnh,")
    page.keyboard.press("Enter")
    expect(page.locator(".toast-good")).to_be_visible()
    page.reload()
    expect(page.locator(".page-text .corrected")).to_have_text("Tịnh,")
    page.click('[data-act="undo-correction"]')
    expect(page.locator(".page-text .corrected")).to_have_count(0)


def test_a_note_on_a_region_shared_with_the_case(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/2")
    page.wait_for_load_state("networkidle")
    page.click('[data-act="note"]')
    box = page.locator('[data-part="stage"]').bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 160, steps=5)
    page.mouse.up()
    page.fill("#note-text", "Đối chiếu với lời khai bà Mận")
    page.check('[name="shared"]')
    page.click('.note-form button[type="submit"]')
    expect(page.locator(".note-text")).to_have_text("Đối chiếu với lời khai bà Mận")
    expect(page.locator(".box-note")).to_have_count(1)
    other = site.page_of("assistant")
    other.goto("/tai-lieu/2")
    other.click('[data-tab="notes"]')
    expect(other.locator(".note-text")).to_have_text("Đối chiếu với lời khai bà Mận")
    expect(other.locator('[data-act="remove-note"]')).to_have_count(0)


def test_a_citation_opens_the_page_it_names(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/4")
    page.locator(".cite", has_text="2–3").first.click()
    expect(page.locator('[data-show="label"]')).to_have_text("BL 2")


def test_jumping_to_a_number(site):
    page = site.page_of("prosecutor")
    page.goto("/ho-so/1", wait_until="networkidle")
    page.keyboard.press("g")
    page.keyboard.type("BL 4")
    page.keyboard.press("Enter")
    expect(page.locator('[data-show="label"]')).to_have_text("BL 4")


def test_uploading_by_the_form(site, tmp_path):
    file = tmp_path / "đơn khiếu nại.pdf"
    file.write_bytes(b"%PDF-1.4\n" + b"x" * 4000)
    page = site.page_of("clerk")
    page.goto("/nhan-ban-quet/")
    page.set_input_files("#f-file", file)
    page.fill("#f-name", "Đợt thử")
    page.click('form[enctype] button[type="submit"]')
    expect(page.locator("table")).to_contain_text("Đợt thử")


def test_two_panes_scroll_together_and_go_to_court_mode_by_key(site):
    page = site.page_of("prosecutor", height=500)
    page.goto("/so-sanh/2/2")
    page.wait_for_load_state("networkidle")
    page.locator("[data-side]").first.hover()
    page.mouse.wheel(0, 400)
    page.wait_for_function("document.querySelectorAll('[data-side]')[1].scrollTop > 100")
    page.keyboard.press("p")
    expect(page.locator(".toast-good")).to_be_visible()
    with site.database.read() as session:
        assert [cue.kind for cue in session.scalars(select(Cue))] == [CueKind.PAIR]
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("xem=chu"))
    page.locator("html[data-bound]").wait_for(state="attached")  # from then on the page answers keys
    page.locator("[data-side]").first.evaluate("""side => {
      side.style.height = side.style.minHeight = "8rem";
      side.scrollTo(0, side.scrollHeight);
    }""")
    with page.expect_response("**/muc-chieu"):
        page.keyboard.press("p")
    with site.database.read() as session:
        first_page, *_others, last_page = session.get(Document, 2).pages
        panes = session.scalars(select(Cue).order_by(Cue.id.desc())).first().panes
        assert [pane.page_id for pane in panes] == [last_page.id, first_page.id]
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/so-sanh/2/2$"))


def test_a_turn_is_offered_to_be_kept_and_a_page_opens_upright_again(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/2")
    page.wait_for_load_state("networkidle")
    keep = page.locator('[data-act="save-rotation"]')
    page.keyboard.press("r")
    expect(keep).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(keep).to_be_hidden()
    page.keyboard.press("r")
    keep.click()
    expect(page.locator(".toast-good")).to_be_visible()


def test_the_sheet_of_keys_and_the_same_persons_statement(site):
    page = site.page_of("prosecutor")
    page.goto("/tai-lieu/2", wait_until="networkidle")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("lời khai khác của cùng người")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/so-sanh/chon/2"))  # nobody else was heard twice: a person chooses
