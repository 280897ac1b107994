"""Reviewing a batch with the keyboard alone, in a real browser."""

from playwright.sync_api import expect
from sqlalchemy import select

from storage.models.documents import Document, DocumentPage
from storage.models.scans import Page


def batch_of(site) -> int:
    """The sample's batch of four documents on five pages; the machine is unsure of the last one only."""
    with site.database.write() as session:
        last = session.get_one(Document, site.sample.document_ids[3])
        last.needs_review = True
        return last.batch_id


def pages_of(site, number: int) -> list[int]:
    """Page ids of the n-th document of the batch, as stored."""
    with site.database.read() as session:
        batch_id = session.get_one(Document, site.sample.document_ids[3]).batch_id
        found = session.scalars(select(Document).where(Document.batch_id == batch_id).order_by(Document.position))
        return [link.page_id for link in found.all()[number - 1].page_links]


def test_cutting_and_describing_with_keys(site):
    page = site.page_of("prosecutor")
    page.goto(f"/duyet/{batch_of(site)}")
    pages = site.sample.page_ids
    documents, chosen = page.locator(".rv-doc[data-document]"), page.locator('.rv-page[aria-current="true"]')
    press = page.keyboard.press
    expect(chosen).to_have_attribute("data-page", str(pages[4]))  # the first doubt
    press("ArrowLeft")
    press("ArrowLeft")
    expect(chosen).to_have_attribute("data-page", str(pages[2]))
    press("x")
    expect(documents).to_have_count(5)
    press("g")
    expect(documents).to_have_count(4)
    assert pages_of(site, 2) == pages[1:3]
    press("ArrowDown")
    press("[")
    expect(documents.nth(2).locator(".rv-page")).to_have_count(2)
    assert pages_of(site, 3) == pages[2:4]
    press("]")
    expect(documents.nth(2).locator(".rv-page")).to_have_count(1)
    press("n")
    expect(documents.nth(3)).to_have_attribute("data-state", "unsure")


def test_type_number_undo_and_confirmation_with_keys(site):
    page = site.page_of("prosecutor")
    page.goto(f"/duyet/{batch_of(site)}")
    press, typed = page.keyboard.press, page.keyboard.type
    last = page.locator(".rv-doc[data-document]").nth(3)
    expect(page.locator("#rv-type")).to_be_visible()
    press("t")
    typed("bien ban doi chat")
    expect(page.locator("#rv-type-list li").first).to_contain_text("đối chất")
    press("Enter")
    expect(last).to_contain_text("đối chất")
    press("s")  # at once, while the change of type is still being saved: the keys wait for their field
    typed("7/QĐ-VKS")
    press("Enter")
    expect(last).to_contain_text("7/QĐ-VKS")
    press("z")
    expect(last).not_to_contain_text("7/QĐ-VKS")
    press("Enter")
    expect(last).to_have_attribute("data-state", "confirmed")


def test_what_is_typed_before_its_field_is_there_comes_in_order_and_is_kept(site):
    page = site.page_of("prosecutor")
    page.goto(f"/duyet/{batch_of(site)}")
    press, typed = page.keyboard.press, page.keyboard.type
    number, last = page.locator("#rv-number"), page.locator(".rv-doc[data-document]").nth(3)
    expect(number).to_be_visible()
    held = []

    def hold(route):  # Playwright marks its handlers, and cannot mark a list's method
        held.append(route)

    page.route("**/duyet/*/trang/*", hold)
    press("ArrowLeft")
    press("ArrowRight")
    press("s")
    typed("7/QĐ")
    # as Chromium now and then does after a letter put together by an input method
    page.locator("[data-ahead]").evaluate(
        "(box) => { box.setSelectionRange(0, 0); box.dispatchEvent(new Event('input')); }"
    )
    typed("-VKS")
    while not held:  # the panel is asked for after a moment; the suite's time limit ends a wait in vain
        page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    expect(number).to_have_value("7/QĐ-VKS")
    press("Enter")  # nothing was typed in the field itself
    expect(last).to_contain_text("7/QĐ-VKS")


def test_numbers_filled_down_and_confirmed_with_keys(site):
    page = site.page_of("prosecutor")
    page.goto(f"/but-luc/dot/{batch_of(site)}")
    page.wait_for_load_state("networkidle")  # the strip answers keys once its script is there
    inputs = page.locator("[data-cell] input")
    inputs.first.focus()
    page.keyboard.type("45a")
    page.keyboard.press("Control+ArrowDown")
    expect(inputs.nth(4)).to_have_value("49")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_contain_text("Đã xác nhận bút lục của 5 trang")
    with site.database.read() as session:
        numbers = session.scalars(
            select(Page.but_luc).join(DocumentPage, DocumentPage.page_id == Page.id)
            .where(Page.id.in_(site.sample.page_ids)).order_by(Page.id)
        ).all()  # fmt: skip
    assert numbers == ["45a", "46", "47", "48", "49"]
