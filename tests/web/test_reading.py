"""The worst-first queue: who sees which page, and what a typed line does."""

import json
from collections.abc import Callable

from sqlalchemy.orm import Session

from storage import corrections
from storage.database import Database
from storage.models.cases import Case, Right
from storage.models.people import Role, User
from storage.models.scans import Batch, Page, Scan
from storage.pages import store_reading
from storage.reading import PageReading, Word

from .conftest import Browser


def bad_page(session: Session, case: Case) -> int:
    batch = Batch(name="đợt", case_id=case.id, source="test")
    session.add(batch)
    session.flush()
    scan = Scan(batch_id=batch.id, name="loi-khai.pdf", sha256="0" * 64)
    session.add(scan)
    session.flush()
    page = Page(scan_id=scan.id, number=1, header_checked=True)
    session.add(page)
    session.flush()
    words = (
        Word("Nguyén", (0.1, 0.1, 0.1, 0.02), 0.4, 0, 0), Word("Vän", (0.21, 0.1, 0.1, 0.02), 0.5, 0, 0),
        Word("khai", (0.1, 0.2, 0.1, 0.02), 0.99, 1, 0),
    )  # fmt: skip
    store_reading(session, page, PageReading("t", 1000, 1400, 0, 0.5, words))
    return page.id


def test_a_typed_line_is_kept_and_shown(
    database: Database, browser_of: Callable[..., Browser], person: Callable[..., User], make_case: Callable[..., Case]
) -> None:
    user = person(Role.PROSECUTOR)
    with database.write() as session:
        page_id = bad_page(session, make_case(session, "1/2024/HSST", members={user: Right.WRITE}))
    browser = browser_of(user)
    assert "loi-khai.pdf" in browser.get("/soat-chu/").get_data(as_text=True)
    shown = browser.get(f"/soat-chu/{page_id}").get_data(as_text=True)
    assert 'value="Nguyén Vän"' in shown
    assert shown.count("rd-doubtful") == 1
    answer = browser.post(
        f"/soat-chu/{page_id}/dong", {"box": "0.1,0.1,0.21,0.02", "text": " Nguyễn  Văn "},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert json.loads(answer.data) == {"saved": True, "text": "Nguyễn Văn"}
    assert 'value="Nguyễn Văn"' in browser.get(f"/soat-chu/{page_id}").get_data(as_text=True)
    assert browser.post(f"/soat-chu/{page_id}/hoan-tac").status_code == 303
    assert 'value="Nguyén Vän"' in browser.get(f"/soat-chu/{page_id}").get_data(as_text=True)
    assert browser.post(f"/soat-chu/{page_id}/xong").headers["Location"].endswith("/soat-chu/")
    assert "loi-khai.pdf" not in browser.get("/soat-chu/").get_data(as_text=True)


def test_a_stranger_finds_no_page_and_a_reader_cannot_correct(
    database: Database, browser_of: Callable[..., Browser], person: Callable[..., User], make_case: Callable[..., Case]
) -> None:
    reader, stranger = person(Role.PROSECUTOR, login="doc"), person(Role.PROSECUTOR, login="la")
    with database.write() as session:
        page_id = bad_page(session, make_case(session, "1/2024/HSST", members={reader: Right.READ}))
    assert browser_of(stranger).get(f"/soat-chu/{page_id}").status_code == 404
    line = {"box": "0.1,0.1,0.2,0.02", "text": "x"}
    assert browser_of(stranger).post(f"/soat-chu/{page_id}/dong", line).status_code == 404
    assert browser_of(reader).post(f"/soat-chu/{page_id}/dong", line).status_code == 403
    with database.read() as session:
        assert corrections.corrections_of(session, page_id) == []


def test_a_line_without_a_place_is_refused(
    database: Database, browser_of: Callable[..., Browser], person: Callable[..., User], make_case: Callable[..., Case]
) -> None:
    user = person(Role.PROSECUTOR)
    with database.write() as session:
        page_id = bad_page(session, make_case(session, "1/2024/HSST", members={user: Right.WRITE}))
    answer = browser_of(user).post(f"/soat-chu/{page_id}/dong", {"box": "a,b", "text": "x"})
    assert answer.status_code == 422
