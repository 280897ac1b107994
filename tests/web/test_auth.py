"""Log-in and what surrounds it."""

from datetime import timedelta

from sqlalchemy import select

from storage import users
from storage.models.base import now
from storage.models.people import ApiToken, Role, UserSession
from storage.models.records import AuditEvent
from tests.conftest import PASSWORD
from viewer import static_files


def test_a_stranger_is_sent_to_the_log_in_page_and_back(app, person, stranger):
    person(Role.PROSECUTOR, login="hoa")
    answer = stranger.get("/?a=1")
    assert answer.status_code == 303
    assert answer.location == "/dang-nhap?next=/?a%3D1"
    page = stranger.post("/dang-nhap", {"login": "hoa", "password": PASSWORD, "next": "/?a=1"})
    assert page.location == "/?a=1"


def test_log_in_never_leads_to_another_site(person, stranger):
    person(Role.PROSECUTOR, login="hoa")
    for target in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"):
        answer = stranger.post("/dang-nhap", {"login": "hoa", "password": PASSWORD, "next": target})
        assert answer.location == "/"
        stranger.refresh_token()


def test_a_wrong_password_is_refused_and_recorded(database, person, stranger):
    person(Role.PROSECUTOR, login="hoa")
    answer = stranger.post("/dang-nhap", {"login": "hoa", "password": "sai"})
    assert answer.status_code == 401
    assert "không đúng" in answer.get_data(as_text=True)
    with database.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert (event.action, event.detail["login"]) == ("user.login_refused", "hoa")


def test_guessing_passwords_is_slowed_down(person, stranger):
    person(Role.PROSECUTOR, login="hoa")
    codes = [stranger.post("/dang-nhap", {"login": "hoa", "password": "sai"}).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_a_change_without_proof_of_origin_is_refused(app, person, browser_of):
    browser = browser_of(person(Role.PROSECUTOR))
    answer = browser.client.post("/dang-xuat")
    assert answer.status_code == 400
    assert browser.get("/").status_code == 200


def test_log_out_ends_the_cookie_for_good(person, browser_of):
    browser = browser_of(person(Role.PROSECUTOR))
    cookie = browser.client.get_cookie("archive").value
    assert browser.post("/dang-xuat").status_code == 303
    browser.client.set_cookie("archive", cookie)
    assert browser.get("/").status_code == 303


def test_a_log_in_ends_by_itself(database, person, browser_of):
    browser = browser_of(person(Role.PROSECUTOR))
    assert browser.get("/").status_code == 200
    with database.write() as session:
        session.scalars(select(UserSession)).one().seen_at = now() - timedelta(minutes=61)
    assert browser.get("/").status_code == 303


def test_a_closed_account_is_out_at_once(database, person, browser_of):
    user = person(Role.PROSECUTOR)
    browser = browser_of(user)
    with database.write() as session:
        users.disable_user(session, "test", session.merge(user))
    assert browser.get("/").status_code == 303


def test_the_first_password_must_be_changed_before_anything_else(database, person, browser_of):
    user = person(Role.PROSECUTOR)
    browser = browser_of(user)
    with database.write() as session:
        session.merge(user).must_change_password = True
    assert browser.get("/").location == "/mat-khau"
    answer = browser.post("/mat-khau", {"old": PASSWORD, "new": "một câu dễ nhớ", "again": "một câu dễ nhớ"})
    assert answer.status_code == 303
    assert browser.get("/").status_code == 200


def test_a_token_is_shown_once_works_and_can_be_revoked(app, database, person, browser_of):
    browser = browser_of(person(Role.PROSECUTOR))
    page = browser.post("/tai-khoan/ma-truy-cap", {"name": "máy quét"}).get_data(as_text=True)
    token = page.split('class="token">')[1].split("<")[0]
    assert token not in browser.get("/tai-khoan").get_data(as_text=True)
    program = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert program.get("/", headers=headers).status_code == 200
    with database.read() as session:
        row = session.scalars(select(ApiToken)).one()
        token_id = row.id
        assert token not in row.token_hash
    browser.post(f"/tai-khoan/ma-truy-cap/{token_id}/thu-hoi")
    assert program.get("/", headers=headers).status_code == 303


def test_nobody_revokes_the_token_of_another(database, person, browser_of):
    owner, other = person(Role.PROSECUTOR), person(Role.ADMIN)
    with database.write() as session:
        users.create_token(session, "test", session.merge(owner), "mine")
    assert browser_of(other).post("/tai-khoan/ma-truy-cap/1/thu-hoi").status_code == 404


def test_every_answer_carries_the_headers(stranger):
    for path in ("/dang-nhap", "/", "/khong-co", f"{static_files.address()}/css/base.css"):
        with stranger.get(path) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_browsers_keep_static_files_and_nothing_else(stranger):
    with stranger.get(f"{static_files.address()}/css/base.css") as answer:
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    for path in (f"{static_files.address()}/khong-co.css", "/static/css/base.css", "/dang-nhap"):
        with stranger.get(path) as answer:
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_language_switch_is_remembered(person, browser_of):
    browser = browser_of(person(Role.PROSECUTOR))
    assert '<html lang="vi">' in browser.get("/").get_data(as_text=True)
    browser.post("/ngon-ngu", {"language": "en"})
    assert '<html lang="en">' in browser.get("/").get_data(as_text=True)


def test_over_tls_the_cookie_never_travels_on_a_plain_line(app, person, stranger):
    person(Role.PROSECUTOR, login="hoa")
    plain = stranger.get("/dang-nhap").headers.getlist("Set-Cookie")
    secure = app.test_client().get("/dang-nhap", base_url="https://archive.lan").headers
    assert not any("Secure" in cookie for cookie in plain)
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in secure.getlist("Set-Cookie"))
