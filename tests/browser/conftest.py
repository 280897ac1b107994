"""A real browser on a real server: Debian's Chromium through Playwright, the application served by waitress.

No request may leave the machine: anything that is not loopback fails the test. A page's own errors fail it too.
"""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from config.settings import Settings, load_settings
from storage import users
from storage.database import Database
from tests import sample_archive
from tests.conftest import CHROMIUM, PASSWORD
from tests.sample_archive import Sample
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
    """One Chromium for the session."""
    users._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Site:
    """A running application: its address, its records, and people who are logged in."""

    def __init__(self, address: str, settings: Settings, database: Database, sample: Sample, browser: Browser) -> None:
        self.address = address
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
        page = context.new_page()
        self.watch(page)
        context.on("page", self.watch)
        page.goto("/dang-nhap")
        page.fill("#f-login", login)
        page.fill("#f-password", PASSWORD)
        page.click("form[action='/dang-nhap'] button[type=submit]")
        page.wait_for_url(re.compile(rf"^{re.escape(self.address)}/(?!dang-nhap)"))
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
        server = create_server(create_app(settings, database), host="127.0.0.1", port=0, threads=6)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running = Site(f"http://127.0.0.1:{server.effective_port}", settings, database, sample, chromium)
        try:
            yield running
        finally:
            running.close()
            server.close()
            thread.join(timeout=10)
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
