"""Preparing a presentation over the web: editor, adding cues from anywhere, check, lock, prints, exports, log."""

import base64
import io
import json
import zipfile

import pytest
from docx import Document as WordDocument
from pptx import Presentation as PowerPoint
from sqlalchemy import select

from bench.court_case import MINOR, make_case
from config.settings import Settings
from storage import presentations
from storage.database import Database
from storage.models.cases import Case
from storage.models.people import Role
from storage.models.presentation import Cue, Presentation, Treatment
from storage.models.scans import Page
from storage.presentation_lock import missing_pictures
from storage.turning import turn_page
from storage.vault import Vault
from tests.web.conftest import Browser
from viewer.court_pictures import CourtPictures

PAGES = 10


@pytest.fixture
def prosecutor(app, database: Database, settings: Settings, make_user) -> Browser:
    """Logged in, with an invented case of ten one-page documents; a minor is named on page 3."""
    with database.write() as session:
        user = make_user(session, "hoa", Role.PROSECUTOR)
        made = make_case(session, settings, user, PAGES, longest=1, minor=True)
    browser = Browser(app.test_client())
    browser.log_in("hoa")
    browser.case_id, browser.pages = made.case_id, made.page_ids
    return browser


def new(browser: Browser, purpose: str = "phien_toa") -> int:
    answer = browser.post("/trinh-chieu/", {"case_id": browser.case_id, "name": "Phiên tòa", "purpose": purpose})
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def situation_of(database: Database, presentation_id: int) -> int:
    with database.read() as session:
        return session.get(Presentation, presentation_id).situations[0].id


def cues_of(database: Database, presentation_id: int) -> list[Cue]:
    with database.read() as session:
        cues = session.get(Presentation, presentation_id).cues
        for cue in cues:
            list(cue.panes)
        session.expunge_all()
        return cues


def add(browser: Browser, database: Database, presentation_id: int, numbers: str, **more: str):
    return browser.post(f"/trinh-chieu/{presentation_id}/theo-so",
                        {"situation_id": situation_of(database, presentation_id), "numbers": numbers, **more})


def lock(browser: Browser, database: Database, settings: Settings, presentation_id: int):
    with database.write() as session:
        presentation = session.get(Presentation, presentation_id)
        for wanted in missing_pictures(session, presentation):
            CourtPictures(settings).freeze(session, presentation, wanted)
    return browser.post(f"/trinh-chieu/{presentation_id}/khoa")


def test_numbers_become_cues_in_the_order_typed(prosecutor: Browser, database: Database) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "2, 1")
    add(prosecutor, database, presentation_id, "1-2", pair="1")
    shown = [[pane.page_id for pane in cue.panes] for cue in cues_of(database, presentation_id)]
    first, second = prosecutor.pages[:2]
    assert shown == [[second], [first], [first, second]]
    assert add(prosecutor, database, presentation_id, "999").status_code == 422


def test_a_page_is_added_from_anywhere_by_one_call(prosecutor: Browser, database: Database) -> None:
    answer = prosecutor.post("/trinh-chieu/muc-chieu", {"page_id": prosecutor.pages[0], "region": "0,0.1,1,0.3"},
                             headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    cue = cues_of(database, answer.json["presentation_id"])[0]
    assert cue.panes[0].region == [0.0, 0.1, 1.0, 0.3]
    again = prosecutor.post("/trinh-chieu/muc-chieu", {"page_id": prosecutor.pages[1]},
                            headers={"Accept": "application/json"})
    assert again.json["presentation_id"] == answer.json["presentation_id"], "the draft last worked on goes on"


def test_nothing_of_another_case_gets_in(
    prosecutor: Browser, database: Database, settings: Settings, make_user, make_case
) -> None:
    presentation_id = new(prosecutor)
    with database.write() as session:
        from bench import court_case
        court_case.NUMBER, kept = "77/2026/HSST", court_case.NUMBER
        try:
            other = court_case.make_case(session, settings, make_user(session, "binh"), 2)
        finally:
            court_case.NUMBER = kept
    foreign = {"page_id": other.page_ids[0], "presentation_id": presentation_id}
    assert prosecutor.post("/trinh-chieu/muc-chieu", foreign).status_code == 404
    pair = {"page_id": prosecutor.pages[0], "other_page_id": other.page_ids[0]}
    assert prosecutor.post("/trinh-chieu/muc-chieu", pair).status_code == 404
    assert cues_of(database, presentation_id) == []


def test_somebody_without_the_case_sees_nothing_of_it(
    app, prosecutor: Browser, database: Database, settings: Settings, make_user
) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")
    assert lock(prosecutor, database, settings, presentation_id).status_code == 303
    with database.write() as session:
        make_user(session, "binh")
    stranger = Browser(app.test_client())
    stranger.log_in("binh")
    for path in (f"/court/{presentation_id}", f"/court/{presentation_id}/deck", f"/court/{presentation_id}/stage",
                 f"/court/{presentation_id}/pictures/p{prosecutor.pages[0]}", f"/trinh-chieu/{presentation_id}",
                 f"/trinh-chieu/{presentation_id}/nhat-ky", f"/trinh-chieu/{presentation_id}/powerpoint"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/court/{presentation_id}/log", headers={"Accept": "application/json"}).status_code == 404
    with database.read() as session:
        copy = f"{presentation_id}/{session.get(Presentation, presentation_id).lock_hash}"
    held = {"copy": [copy, f"{presentation_id}/another-lock", "x", f"{10**30}/y"]}
    assert prosecutor.get("/court/copies", query_string=held).json == {"keep": [copy]}
    assert stranger.get("/court/copies", query_string=held).json == {"keep": []}, "the next person's browser forgets"
    prosecutor.post(f"/trinh-chieu/{presentation_id}/mo-khoa")
    assert prosecutor.get("/court/copies", query_string=held).json == {"keep": []}


def test_the_check_stops_what_must_not_be_shown(prosecutor: Browser, database: Database, settings: Settings) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "3")
    page = prosecutor.get(f"/trinh-chieu/{presentation_id}/kiem-tra").text
    assert "người dưới 18 tuổi" in page
    assert lock(prosecutor, database, settings, presentation_id).status_code == 409
    cue = cues_of(database, presentation_id)[0]
    decided = {"do": "allow", "minor": "1", "next": "check"}
    prosecutor.post(f"/trinh-chieu/{presentation_id}/muc-chieu/{cue.id}", decided)
    assert lock(prosecutor, database, settings, presentation_id).status_code == 303


def test_internal_papers_are_never_shown_recalled_or_exported(
    prosecutor: Browser, database: Database, settings: Settings
) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")
    lock(prosecutor, database, settings, presentation_id)
    deck = prosecutor.get(f"/court/{presentation_id}/deck").json
    with database.read() as session:
        from storage.presentation_rules import showable_pages
        hidden = {f"p{one.page.id}" for one in showable_pages(session, session.get(Presentation, presentation_id))
                  if one.rule == "never"}
    assert hidden, "the sample has internal papers"
    assert not hidden & {page["key"] for page in deck["pages"]}
    assert not hidden & set(deck["pictures"])
    for key in hidden:
        assert prosecutor.get(f"/court/{presentation_id}/pictures/{key}").status_code == 404


def test_marks_are_kept_saved_and_burned_in_where_they_cover(
    prosecutor: Browser, database: Database, settings: Settings
) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")
    pane = cues_of(database, presentation_id)[0].panes[0]
    where = f"/trinh-chieu/{presentation_id}/dau/{pane.id}"
    assert prosecutor.get(where).status_code == 200
    cover = {"type": "redaction", "box": [0.1, 0.1, 0.8, 0.1]}
    saved = prosecutor.post(where, json={"region": None, "marks": [cover], "name": "che tên"})
    assert saved.status_code == 200, saved.text
    assert "che tên" in prosecutor.get(where).text
    outside = {"region": None, "marks": [{"type": "redaction", "box": [2, 2, 1, 1]}]}
    assert prosecutor.post(where, json=outside).status_code == 422
    lock(prosecutor, database, settings, presentation_id)
    from PIL import Image
    data = prosecutor.get(f"/court/{presentation_id}/pictures/p{prosecutor.pages[0]}").data
    with Image.open(io.BytesIO(data)) as picture:
        assert max(picture.getpixel((picture.width // 2, int(picture.height * 0.15)))) < 12
    original = prosecutor.get(f"/anh/{prosecutor.pages[0]}/man-hinh.jpg").data
    with Image.open(io.BytesIO(original)) as picture:
        assert max(picture.getpixel((picture.width // 2, int(picture.height * 0.19)))) > 12, "the page is not altered"


def test_marks_turn_with_their_page_but_not_under_a_lock(
    prosecutor: Browser, database: Database, settings: Settings
) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")

    def turn() -> None:
        with database.write() as session:
            turn_page(session, session.get(Page, prosecutor.pages[0]), 90)

    def boxes() -> tuple[list[float], list[float]]:
        pane = cues_of(database, presentation_id)[0].panes[0]
        return [round(v, 3) for v in pane.region], [round(v, 3) for v in pane.marks[0]["box"]]

    pane_id = cues_of(database, presentation_id)[0].panes[0].id
    cover = {"type": "redaction", "box": [0.1, 0.2, 0.3, 0.1]}
    prosecutor.post(f"/trinh-chieu/{presentation_id}/dau/{pane_id}",
                    json={"region": [0.0, 0.0, 0.5, 0.4], "marks": [cover], "name": "che"})  # fmt: skip
    turn()
    once = ([0.6, 0.0, 0.4, 0.5], [0.7, 0.1, 0.1, 0.3])
    assert boxes() == once
    with database.read() as session:
        assert session.scalars(select(Treatment)).one().region == pytest.approx(once[0])
    lock(prosecutor, database, settings, presentation_id)
    turn()
    assert boxes() == once, "what is locked for the hearing stays as it was frozen"
    prosecutor.post(f"/trinh-chieu/{presentation_id}/mo-khoa")
    assert boxes() == ([0.5, 0.6, 0.5, 0.4], [0.6, 0.7, 0.3, 0.1])


def test_a_locked_presentation_does_not_change(prosecutor: Browser, database: Database, settings: Settings) -> None:
    presentation_id = new(prosecutor)
    assert prosecutor.get(f"/court/{presentation_id}").status_code == 409
    add(prosecutor, database, presentation_id, "1")
    lock(prosecutor, database, settings, presentation_id)
    assert add(prosecutor, database, presentation_id, "2").status_code == 409
    assert prosecutor.post(f"/trinh-chieu/{presentation_id}/mo-khoa").status_code == 303
    assert add(prosecutor, database, presentation_id, "2").status_code == 303


def test_a_frozen_picture_that_changed_is_refused(prosecutor: Browser, database: Database, settings: Settings) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")
    lock(prosecutor, database, settings, presentation_id)
    path = f"/court/{presentation_id}/pictures/p{prosecutor.pages[0]}"
    before = prosecutor.get(path).data
    store = settings.data / "presented"
    for file in store.rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"something else")
    assert prosecutor.get(path).data == before, "made again from the original, and the same"


def test_pages_whose_picture_cannot_be_made_are_told_before_the_lock(
    prosecutor: Browser, database: Database, settings: Settings
) -> None:
    presentation_id = new(prosecutor)
    base = f"/trinh-chieu/{presentation_id}"
    add(prosecutor, database, presentation_id, "1")
    shown, recalled = prosecutor.pages[:2]
    originals = {}
    with database.read() as session:
        for page_id in (shown, recalled):
            path = Vault(settings.vault_folder).path(session.get(Page, page_id).scan.sha256)
            originals[page_id] = (path, path.read_bytes())
            path.unlink()

    def prepare() -> int:
        return sum(prosecutor.post(f"{base}/chuan-bi").json["unmade"] for _ in range(4))

    assert prepare() == 2
    check = prosecutor.get(f"{base}/kiem-tra").text
    assert "Không làm được hình: tệp gốc mất hoặc hỏng." in check
    assert "không gọi ra được: BL 2." in check
    assert prosecutor.post(f"{base}/khoa").status_code == 409, "a cue without a picture stops the lock"
    path, data = originals[shown]
    path.write_bytes(data)
    assert prepare() == 0, "what is known to be missing is not tried at each press"
    prosecutor.post(f"{base}/thu-lai")
    assert prepare() == 1
    assert prosecutor.post(f"{base}/khoa").status_code == 303, "a page that is only recalled does not"
    assert "1 hình không làm được" in prosecutor.get(f"{base}/kiem-tra").text
    deck = prosecutor.get(f"/court/{presentation_id}/deck").json
    assert f"p{shown}" in deck["pictures"] and f"p{recalled}" not in [page["key"] for page in deck["pages"]]
    assert prosecutor.get(f"/court/{presentation_id}/pictures/p{recalled}").status_code == 404


def test_speech_citations_become_cues(prosecutor: Browser, database: Database) -> None:
    presentation_id = new(prosecutor)
    word = WordDocument()
    word.add_paragraph("Bị cáo khai có mặt tại hiện trường (BL 1–2). Nhân chứng xác nhận (BL 999).")
    data = io.BytesIO()
    word.save(data)
    sent = {"file": (io.BytesIO(data.getvalue()), "luan-toi.docx")}
    answer = prosecutor.post(f"/trinh-chieu/{presentation_id}/bai-phat-bieu", sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    cues = cues_of(database, presentation_id)
    assert [cue.panes[0].page_id for cue in cues] == prosecutor.pages[:2]
    assert cues[0].notes.startswith("Bị cáo khai có mặt")
    assert "BL 999" in prosecutor.get(f"/trinh-chieu/{presentation_id}").text
    again = prosecutor.post(f"/trinh-chieu/{presentation_id}/bai-phat-bieu", {"text": "Theo BL 2."})
    assert again.status_code == 303
    assert len(cues_of(database, presentation_id)) == 1
    bad = {"file": (io.BytesIO(b"not a word file"), "x.docx")}
    assert prosecutor.post(f"/trinh-chieu/{presentation_id}/bai-phat-bieu", bad,
                           content_type="multipart/form-data").status_code == 422


def test_pictures_and_pdf_pages_come_in(prosecutor: Browser, database: Database, settings: Settings) -> None:
    from PIL import Image
    presentation_id = new(prosecutor)
    situation = situation_of(database, presentation_id)
    slides = io.BytesIO()
    pages = [Image.new("RGB", (400, 300), colour) for colour in ("white", "red")]
    pages[0].save(slides, "PDF", save_all=True, append_images=pages[1:])
    for data, name in ((slides.getvalue(), "sơ đồ.pdf"), (b"no picture", "x.png")):
        sent = {"file": (io.BytesIO(data), name), "situation_id": str(situation)}
        answer = prosecutor.post(f"/trinh-chieu/{presentation_id}/hinh", sent, content_type="multipart/form-data")
        assert answer.status_code == (303 if name.endswith("pdf") else 422)
    cues = cues_of(database, presentation_id)
    assert [cue.caption for cue in cues] == ["sơ đồ, trang 1", "sơ đồ, trang 2"]
    where = f"/trinh-chieu/{presentation_id}/dau/{cues[0].panes[0].id}"
    assert prosecutor.get(where).status_code == 200
    with prosecutor.get(f"{where}/hinh") as answer:
        assert answer.mimetype == "image/png"
    left = [prosecutor.post(f"/trinh-chieu/{presentation_id}/chuan-bi").json["left"] for _ in range(2)]
    assert left[0] > 0 and left[1] == 0, "a few at a time, until all are there"
    assert prosecutor.post(f"/trinh-chieu/{presentation_id}/khoa").status_code == 303
    assert prosecutor.get(f"/court/{presentation_id}/pictures/{cues[0].panes[0].key}").status_code == 200


def test_prints_powerpoint_and_folder(prosecutor: Browser, database: Database, settings: Settings) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")
    cue = cues_of(database, presentation_id)[0]
    prosecutor.post(f"/trinh-chieu/{presentation_id}/muc-chieu/{cue.id}",
                    {"question": "Có đúng chữ ký không?", "notes": "hỏi thêm"})
    lock(prosecutor, database, settings, presentation_id)
    for path in ("ban-in", "ban-in/phim", "ban-in/de-cuong", "nhat-ky", "kiem-tra", ""):
        assert prosecutor.get(f"/trinh-chieu/{presentation_id}/{path}".rstrip("/")).status_code == 200, path
    slides = PowerPoint(io.BytesIO(prosecutor.get(f"/trinh-chieu/{presentation_id}/powerpoint").data))
    assert len(slides.slides) == 1
    assert "Có đúng chữ ký không?" in slides.slides[0].notes_slide.notes_text_frame.text
    assert [shape.text for shape in slides.slides[0].shapes if shape.has_text_frame] == ["BL 1"]
    where = f"/trinh-chieu/{presentation_id}/thu-muc-phien-toa"
    assert prosecutor.post(where, {"password": "mot", "again": "mot"}).status_code == 422
    assert prosecutor.post(where, {"password": "mat-khau-1", "again": "mat-khau-2"}).status_code == 422
    with prosecutor.post(where) as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        names = package.namelist()
        assert f"phien-toa-{presentation_id}/MO-BAI-TRINH-CHIEU.html" in names
        html = package.read(f"phien-toa-{presentation_id}/MO-BAI-TRINH-CHIEU.html").decode()
    assert "Vụ Nguyễn Văn Bảy" not in html
    with prosecutor.post(where, {"password": "mat-khau-dai", "again": "mat-khau-dai"}) as answer:
        assert "Có đúng chữ ký".encode() not in answer.data
        assert base64.b64encode(b'{"presentation"')[:12] not in answer.data


def test_log_comes_in_once_and_into_the_chain(prosecutor: Browser, database: Database, settings: Settings) -> None:
    presentation_id = new(prosecutor)
    add(prosecutor, database, presentation_id, "1")
    lock(prosecutor, database, settings, presentation_id)
    from storage.models.base import now
    entry = {"id": "a" * 32, "at": now().isoformat(), "kind": "shown", "label": "BL 1", "pictures": ["p1"], "title": ""}
    for _ in range(2):
        answer = prosecutor.post(f"/court/{presentation_id}/log", json={"entries": [entry]})
        assert answer.json == {"taken": ["a" * 32]}
    from_stick = json.dumps({"presentation": str(presentation_id), "entries": [entry, {**entry, "id": "b" * 32}]})
    sent = {"file": (io.BytesIO(from_stick.encode()), "nhat-ky.json")}
    prosecutor.post(f"/trinh-chieu/{presentation_id}/nhat-ky", sent, content_type="multipart/form-data")
    page = prosecutor.get(f"/trinh-chieu/{presentation_id}/nhat-ky").text
    assert page.count("BL 1") >= 2 and "thư mục USB" in page
    with database.read() as session:
        from sqlalchemy import func, select

        from storage import audit
        from storage.models.records import AuditEvent
        shown = session.scalar(select(func.count()).where(AuditEvent.action == "presentation.shown"))
        assert shown == 2
        assert list(audit.check_chain(session)) == []
    for bad in ({"id": "x"}, {"at": "hôm qua"}, {"kind": "hack"}, {"pictures": ["../etc"]}):
        assert prosecutor.post(f"/court/{presentation_id}/log",
                               json={"entries": [{**entry, "id": "c" * 32, **bad}]}).status_code == 422


def test_minor_names_make_pages_ask(database: Database, prosecutor: Browser) -> None:
    with database.read() as session:
        from storage.presentation_rules import minor_names, names_in
        case = session.get(Case, prosecutor.case_id)
        names = minor_names(case)
        assert names_in(f"có mặt {MINOR.upper()}\nvà", names)
        assert not names_in("có mặt Lê Thị Ngọc và Ánh", names)
    assert presentations.FIRST_SITUATION
