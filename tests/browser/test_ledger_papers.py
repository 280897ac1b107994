"""Papers dragged from another window of the archive onto a row of a register."""


import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from storage.models.ledger import LedgerAttachment, LedgerEntry
from tests.ledger_workbook import fill_register


@pytest.fixture
def page(site) -> Page:
    """A leader's page on an archive with 68 rows of a register."""
    fill_register(site.database, site.settings)
    return site.page_of("leader")


def drop(page: Page, selector: str, address: str) -> None:
    """What the browser does when a link is dragged here from another window."""
    page.wait_for_function(
        """([selector, address]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/uri-list", address);
          const tell = (type) => !document.querySelector(selector).dispatchEvent(
            new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
          return tell("dragover") && tell("drop");
        }""",
        arg=[selector, address],
    )


def attached(site) -> list[tuple[int, int | None, int | None]]:
    with site.database.read() as session:
        rows = session.scalars(select(LedgerAttachment).order_by(LedgerAttachment.id)).all()
        return [(one.document_id, one.first_page, one.last_page) for one in rows]


def test_a_paper_dropped_on_a_row_of_the_grid_is_attached(site, page: Page) -> None:
    document = site.sample.document_ids[1]
    page.goto("/so/bpxlhc")
    expect(page.locator(".lg-row").first).to_be_visible()
    for stranger in ("https://example.org/tai-lieu/1", f"{site.address}/ho-so/1", "not an address"):
        drop(page, '.lg-row[data-index="2"] .lg-c', stranger)
    assert attached(site) == []
    drop(page, '.lg-row[data-index="2"] .lg-c', f"{site.address}/tai-lieu/{document}")
    expect(page.locator('.lg-row[data-index="2"] .lg-open')).to_contain_text("📎 1")
    assert attached(site) == [(document, None, None)]


def test_a_page_dropped_on_the_form_of_a_row_is_attached_as_that_page(site, page: Page) -> None:
    document = site.sample.document_ids[1]
    with site.database.read() as session:
        entry = session.scalars(select(LedgerEntry.id).limit(1)).one()
    page.goto(f"/so/bpxlhc/dong/{entry}")
    with page.expect_navigation():
        drop(page, ".entry-side .card", f"{site.address}/tai-lieu/{document}?trang=2")
    assert attached(site) == [(document, 2, 2)]
    expect(page.locator(".entry-side")).to_contain_text("trang 2")
