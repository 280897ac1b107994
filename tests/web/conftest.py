"""The web application over a data folder of the test's own, and browsers of people of every role."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from storage.database import Database
from storage.models.people import Role, User
from tests.conftest import PASSWORD
from viewer.app import create_app
from viewer.security import limiter

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The application as it runs, with CSRF, headers and rate limit in force."""
    app = create_app(settings, database)
    app.testing = True
    limiter.reset()
    return app


class Browser:
    """A browser that sends proof of origin with every change, as pages do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **more: object):
        return self.client.get(path, **more)

    def post(self, path: str, data: dict | None = None, **more: object):
        headers = {"X-CSRFToken": self._token, **more.pop("headers", {})}
        return self.client.post(path, data=data, headers=headers, **more)

    def delete(self, path: str, **more: object):
        return self.client.delete(path, headers={"X-CSRFToken": self._token}, **more)

    def refresh_token(self) -> None:
        page = self.client.get("/dang-nhap", follow_redirects=True).get_data(as_text=True)
        self._token = TOKEN.search(page)[1]

    def log_in(self, login: str, password: str = PASSWORD):
        self.refresh_token()
        answer = self.post("/dang-nhap", {"login": login, "password": password})
        self.refresh_token()
        return answer


@pytest.fixture
def person(database: Database, make_user: Callable[..., User]) -> Callable[..., User]:
    """Make an account and save it: ``person(Role.CLERK)``, ``person(Role.PROSECUTOR, login="hoa")``."""

    def make(role: Role = Role.PROSECUTOR, login: str = "", **more: object) -> User:
        with database.write() as session:
            return make_user(session, login or role.value, role, **more)

    return make


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser nobody is logged in with."""
    browser = Browser(app.test_client())
    browser.refresh_token()
    return browser


@pytest.fixture
def browser_of(app: Flask) -> Callable[[User], Browser]:
    """Log a person in with a browser of their own."""

    def log_in(user: User) -> Browser:
        browser = Browser(app.test_client())
        assert browser.log_in(user.login).status_code == 303
        return browser

    return log_in
