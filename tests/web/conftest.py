"""The web application over a data folder of the test's own, and browsers of people of every role."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings, load_settings
from storage import users
from storage.database import Database
from storage.models.people import Role, User
from tests import sample_archive
from tests.conftest import PASSWORD
from tests.sample_archive import Sample
from viewer.app import create_app
from viewer.security import limiter

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@pytest.fixture
def app(settings: Settings, database: Database, quick_hashing: None) -> Flask:
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
        return self.client.get(path, **{"buffered": True, **more})

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


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> None:
    """Passwords hashed for real, but cheaply: hundreds of log-ins of a suite need no protection from guessing."""
    users._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(scope="session")
def sample_template(
    tmp_path_factory: pytest.TempPathFactory, migrated_template: Path, quick_hashing: None
) -> tuple[Path, Sample]:
    """A data folder with the small filled archive; tests copy it, which is much quicker than drawing it each time."""
    data = tmp_path_factory.mktemp("sample") / "data"
    data.mkdir()
    shutil.copy(migrated_template, data / "archive.sqlite3")
    settings = load_settings(data, environment={}, min_free_mb=1)
    with Database(settings.database) as database:
        with database.write() as session:
            sample = sample_archive.build(session, settings)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return data, sample


@pytest.fixture
def sample(settings: Settings, database: Database, sample_template: tuple[Path, Sample]) -> Sample:
    """The small filled archive of ``tests/sample_archive.py``, in this test's own data folder."""
    if not database.is_sqlite:  # a server's records cannot be laid down as a file
        with database.write() as session:
            return sample_archive.build(session, settings)
    data, sample = sample_template
    database.close()  # nobody may hold the empty database open while the filled one is put in its place
    for stale in settings.data.glob("archive.sqlite3*"):
        stale.unlink()
    shutil.copytree(data, settings.data, dirs_exist_ok=True)
    return sample


@pytest.fixture
def browser_as(app: Flask, sample: Sample) -> Callable[[str], Browser]:
    """A browser of one of the sample's people, by log-in name."""

    def log_in(login: str) -> Browser:
        browser = Browser(app.test_client())
        assert browser.log_in(login).status_code == 303
        return browser

    return log_in
