"""A real browser on a real server: Debian's Chromium through Playwright, the application served by waitress.

No request may leave the machine: anything that is not loopback fails the test. A page's own errors fail it too.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.settings import Settings, load_settings
from storage import users
from storage.database import Database
from tests import sample_archive
from tests.browser import court_world
from tests.browser.court_world import Prepared, World
from tests.browser.log_in import bring, cookie_of
from tests.conftest import CHROMIUM
from tests.sample_archive import Sample
from tests.server import Server
from viewer.app import create_app

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
#: what makes a finding of axe a failure
SERIOUS = frozenset({"serious", "critical"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium, and shares it within one process."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the session.

    The person in court clicks the stage once so that recordings may sound; here the browser is told not to ask for it.
    """
    users._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


class Site:
    """A running application: its address, its records, and people who are logged in."""

    def __init__(
        self, address: str, app: Flask, settings: Settings, database: Database, sample: Sample, browser: Browser
    ) -> None:
        self.address = address
        self.app = app
        self.settings = settings
        self.database = database
        self.sample = sample
        self._browser = browser
        self.problems: list[str] = []
        self._contexts: list[object] = []

    def page_of(self, login: str, *, width: int = 1366, height: int = 768) -> Page:
        """A page somebody of the sample is logged in on, in a browser context of their own."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, base_url=self.address)
        self._contexts.append(context)
        bring(context, self.address, cookie_of(self.app, self.database, login))
        page = context.new_page()
        self.watch(page)
        context.on("page", self.watch)
        return page

    def watch(self, page: Page) -> None:
        """Note every request that leaves the machine and every error of the page."""
        page.on("request", lambda request: self._check(request.url))
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))

    def _check(self, url: str) -> None:
        host = urlsplit(url).hostname
        if host is not None and host not in LOOPBACK:
            self.problems.append(f"request left the machine: {url}")

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.problems.append(f"console: {text}")

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory, migrated_template: Path) -> tuple[Path, Sample]:
    """The small filled archive, made once; each test works on a copy."""
    data = tmp_path_factory.mktemp("browser-sample") / "data"
    data.mkdir()
    shutil.copy(migrated_template, data / "archive.sqlite3")
    settings = load_settings(data, environment={}, min_free_mb=1)
    hasher, users._hasher = users._hasher, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with Database(settings.database) as database:
        with database.write() as session:
            sample = sample_archive.build(session, settings)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    users._hasher = hasher
    return data, sample


@pytest.fixture
def site(chromium: Browser, sample_folder: tuple[Path, Sample], tmp_path: Path) -> Iterator[Site]:
    """The application on a free port over a copy of the sample; at its end nothing may have gone wrong in any page."""
    source, sample = sample_folder
    data = tmp_path / "data"
    shutil.copytree(source, data)
    settings = load_settings(data, environment={}, min_free_mb=1, login_limit="1000 per minute")
    with Database(settings.database) as database:
        app = create_app(settings, database)
        server = Server(app)
        running = Site(server.address, app, settings, database, sample, chromium)
        try:
            yield running
        finally:
            running.close()
            server.stop()
    assert running.problems == []


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Accessibility faults of a page that axe calls serious or critical, one line each."""
    source = AXE.read_text("utf-8")

    def check(page: Page) -> list[str]:
        page.evaluate(source)  # through the debugger's protocol: the page's own policy stays as it is
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node['html'][:120]}"
            for one in found["violations"] if one["impact"] in SERIOUS for node in one["nodes"]
        ]  # fmt: skip

    return check


@pytest.fixture(scope="session")
def court_archive(tmp_path_factory: pytest.TempPathFactory, migrated_template: Path) -> Prepared:
    """The archive of court mode's tests, made once."""
    data = tmp_path_factory.mktemp("court") / "data"
    data.mkdir()
    shutil.copy(migrated_template, data / "archive.sqlite3")
    return court_world.prepare_archive(data)


@pytest.fixture
def world(court_archive: Prepared, tmp_path: Path) -> Iterator[World]:
    """A copy of it, served."""
    with court_world.served(court_archive, tmp_path / "served") as world:
        yield world


@pytest.fixture
def context(chromium: Browser, world: World) -> Iterator[BrowserContext]:
    """A browser of the person who prepared the presentation, logged in."""
    context = court_world.new_context(chromium, world)
    yield context
    context.close()
