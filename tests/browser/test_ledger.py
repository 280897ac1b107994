"""The register's grid in a real browser: keyboard, editing in the cell, blocks from Excel, filters, accessibility."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ledger_workbook import fill_register

SENT = 7


@pytest.fixture
def register(site):
    """The 68 rows with planted late notices, seen by a leader."""
    fill_register(site.database, site.settings)
    return site.page_of("leader")


def open_grid(page: Page) -> Page:
    page.goto("/so/bpxlhc")
    expect(page.locator(".lg-row").first).to_be_visible()
    return page


def go_to_sent(page: Page, row: int) -> None:
    page.locator(f'.lg-row[data-index="{row}"] [data-col="{SENT}"]').click()


def test_a_wrong_date_is_refused_beside_its_cell_and_a_right_one_is_kept(register):
    page = open_grid(register)
    go_to_sent(page, 1)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("31/02/2026")
    page.keyboard.press("Enter")
    expect(page.locator(".lg-wrong")).to_contain_text("không phải là ngày có thật")
    page.keyboard.press("Control+a")
    page.keyboard.type("20/01/2026")
    page.keyboard.press("Enter")
    expect(page.locator(f'.lg-row[data-index="1"] [data-col="{SENT}"]')).to_have_class(re.compile("verify"))
    page.reload()
    expect(page.locator(f'.lg-row[data-index="1"] [data-col="{SENT}"]')).to_have_text("20/01/2026")


def test_a_block_is_copied_and_pasted_as_excel_does(register):
    page = open_grid(register)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go_to_sent(page, 0)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-selection]")).to_contain_text("4")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()").count("\t") == 2
    page.evaluate("navigator.clipboard.writeText('13/01/2026\\t14/01/2026\\n15/01/2026\\thôm qua')")
    page.keyboard.press("Control+v")
    expect(page.locator("[data-why]")).to_contain_text("Chưa có gì thay đổi")
    page.evaluate("navigator.clipboard.writeText('13/01/2026\\t14/01/2026\\n15/01/2026\\t16/01/2026')")
    page.keyboard.press("Control+v")
    expect(page.locator(f'.lg-row[data-index="1"] [data-col="{SENT + 1}"]')).to_have_text("16/01/2026")


def test_filters_and_the_end_of_a_long_book_by_keyboard(register):
    page = open_grid(register)
    page.fill("[data-q]", "13/2026/qđ-ta")
    expect(page.locator("[data-total]")).to_have_text(re.compile("^1 "))
    page.fill("[data-q]", "")
    page.select_option("[data-state]", "late")
    expect(page.locator("[data-total]")).to_have_text(re.compile("^8 "))
    page.select_option("[data-state]", "")
    expect(page.locator("[data-total]")).to_have_text(re.compile("^68 "))
    page.locator("[data-scroll]").focus()
    page.keyboard.press("Control+End")
    expect(page.locator('.lg-row[data-index="67"]')).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/so/bpxlhc/dong/68$"))


ADDRESSES = ["", "bpxlhc", "bpxlhc/dong/5", "bpxlhc/vi-pham", "bpxlhc/giu-so", "bpxlhc/thong-ke", "bpxlhc/day-so",
             "bpxlhc/nhap-excel", "lich", "khoi-luong"]


def test_pages_are_accessible(site, axe):
    # a dozen rows show every mark; looking through 68 of them takes four times as long
    fill_register(site.database, site.settings, rows=12)
    page = site.page_of("leader")
    faults = {}
    for address in ADDRESSES:
        page.goto(f"/so/{address}")
        expect(page.locator(".lg-row, main h1").first).to_be_visible()
        if found := axe(page):
            faults[address] = found
    assert faults == {}
