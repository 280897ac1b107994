"""Fixtures shared by every suite: a data folder of its own, a migrated database, people and cases."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import URL, NullPool, create_engine, make_url
from sqlalchemy.orm import Session

from config.settings import Settings, load_settings
from storage import cases, users
from storage.access import SERVICE
from storage.database import Database
from storage.migrate import upgrade
from storage.models.cases import Case, Right
from storage.models.people import Role, User
from storage.vault import Vault

PASSWORD = "mat-khau-thu"

# Time is never asserted in tests: the machines are shared.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine lacks the tools for; under CI=true a missing tool is a failure instead."""
    if os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
        if item.get_closest_marker("tools") and not shutil.which("tesseract"):
            item.add_marker(pytest.mark.skip(reason="no Tesseract on this machine"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Under CI=true a skipped test is a failure: nothing may be left out silently."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true: {report.longrepr}"


@pytest.fixture(scope="session")
def migrated_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, fully migrated SQLite file; tests copy it, which is much quicker than migrating each time."""
    path = tmp_path_factory.mktemp("template") / "archive.sqlite3"
    with Database(f"sqlite:///{path}") as database:
        upgrade(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@contextmanager
def _server_database(server: str, template: str = "template1") -> Iterator[URL]:
    """A database of its own on a PostgreSQL server, for as long as the block runs."""
    name = f"archive_test_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield make_url(server).set(database=name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_server() -> Iterator[str]:
    """Name of an empty, fully migrated database on the server that ``TEST_POSTGRESQL`` names."""
    with _server_database(os.environ["TEST_POSTGRESQL"]) as url:
        with Database(url.render_as_string(hide_password=False)) as database:
            upgrade(database)
        yield str(url.database)


@pytest.fixture
def database_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of an empty, migrated database of this test's own: SQLite, or PostgreSQL where a server is named.

    ``TEST_POSTGRESQL`` names it: a SQLAlchemy URL of a database whose user may create databases.
    """
    server = os.environ.get("TEST_POSTGRESQL")
    if not server:
        (tmp_path / "data").mkdir()
        shutil.copy(request.getfixturevalue("migrated_template"), tmp_path / "data" / "archive.sqlite3")
        yield ""
        return
    with _server_database(server, request.getfixturevalue("migrated_server")) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a data folder of this test's own, with an empty migrated database."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    return load_settings(
        data, environment={}, database_url=database_url or None,
        stable_seconds=0.2, rescan_seconds=0.2, batch_pause_seconds=0.5, min_free_mb=1,
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database of this test's data folder."""
    with Database(settings.database) as database:
        yield database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction for a test that needs no more than one."""
    with database.write() as session:
        yield session


@pytest.fixture
def vault(settings: Settings) -> Vault:
    """The vault of this test's data folder."""
    return Vault(settings.vault_folder)


@pytest.fixture
def make_user() -> Callable[..., User]:
    """Make an account: ``make_user(session, "hoa", Role.PROSECUTOR)``; its password is ``PASSWORD``."""

    def make(session: Session, login: str, role: Role = Role.PROSECUTOR, **more: object) -> User:
        return users.create_user(
            session, SERVICE.name, login=login, name=login.title(), role=role, password=PASSWORD,
            must_change_password=False, **more,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def make_case() -> Callable[..., Case]:
    """Make a case: ``make_case(session, "45/2024/TLST-DS", kind="dan_su", members={user: Right.WRITE})``."""

    def make(session: Session, number: str, *, kind: str = "hinh_su", name: str = "",
             members: dict[User, Right] | None = None) -> Case:
        case = cases.create_case(session, SERVICE, kind=kind, name=name or f"Vụ {number}", numbers=[number])
        for user, right in (members or {}).items():
            cases.assign(session, SERVICE, case, user, right)
        return case

    return make
