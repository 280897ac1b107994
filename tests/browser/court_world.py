"""A served archive with a locked presentation, and a Chromium with the presenter's window and the stage."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from bench.court_case import make_case
from config.settings import Settings, load_settings
from storage import presentations, users
from storage.access import SERVICE, Actor
from storage.database import Database
from storage.models.cases import Case
from storage.models.people import Role
from storage.models.presentation import CueKind, Presentation
from storage.presentation_lock import lock, missing_pictures
from tests.browser.log_in import bring, cookie_of
from tests.conftest import PASSWORD
from tests.server import Server
from viewer.app import create_app
from viewer.court_pictures import CourtPictures

PAGES = 10
LOGIN = "hoa"


@dataclass(frozen=True)
class Prepared:
    """A data folder with a case of ten pages and a locked presentation of five cues; each test works on a copy."""

    data: Path
    presentation_id: int
    page_ids: list[int]
    cookie: str


@dataclass
class World:
    """Where the archive is served, and what is in it."""

    server: Server
    presentation_id: int
    page_ids: list[int]
    settings: Settings
    database: Database
    cookie: str

    @property
    def base(self) -> str:
        """The address."""
        return self.server.address


def settings_of(data: Path) -> Settings:
    """Settings of a test's data folder."""
    return load_settings(data, environment={}, min_free_mb=1)


def prepare_archive(data: Path) -> Prepared:
    """Fill a data folder that holds an empty, migrated database."""
    settings = settings_of(data)
    with Database(settings.database) as database:
        with database.write() as session:
            user = users.create_user(session, SERVICE.name, login=LOGIN, name="Hoa", role=Role.PROSECUTOR,
                                     password=PASSWORD, must_change_password=False)
            made = make_case(session, settings, user, PAGES, longest=2)
            presentation_id = prepare(session, settings, Actor.of(user), made.case_id, made.page_ids)
        cookie = cookie_of(create_app(settings, database), database, LOGIN)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Prepared(data, presentation_id, made.page_ids, cookie)


@contextmanager
def served(prepared: Prepared, data: Path) -> Iterator[World]:
    """A copy of the archive, on a port of its own."""
    shutil.copytree(prepared.data, data)
    settings = settings_of(data)
    with Database(settings.database) as database:
        server = Server(create_app(settings, database))
        try:
            yield World(server, prepared.presentation_id, prepared.page_ids, settings, database, prepared.cookie)
        finally:
            server.stop()


def prepare(session, settings: Settings, actor: Actor, case_id: int, pages: list[int]) -> int:
    """Two situations: two pages, two pages side by side, a text, a region; locked."""
    made = presentations.create(session, actor, session.get(Case, case_id), name="Phiên tòa", purpose="phien_toa")
    first = made.situations[0]
    second = presentations.add_situation(session, actor, made, "Nếu bị cáo chối")
    presentations.add_cue(session, actor, first, kind=CueKind.PICTURE, panes=[{"page_id": pages[0]}],
                          question="Có đúng chữ ký không?", notes="GHI CHÚ RIÊNG")
    presentations.add_cue(session, actor, first, kind=CueKind.PICTURE, panes=[{"page_id": pages[1]}])
    presentations.add_cue(session, actor, second, kind=CueKind.PAIR,
                          panes=[{"page_id": pages[0]}, {"page_id": pages[2]}])
    presentations.add_cue(session, actor, second, kind=CueKind.TEXT, text_title="Điều 173", text_body="Tội trộm cắp")
    presentations.add_cue(session, actor, second, kind=CueKind.PICTURE,
                          panes=[{"page_id": pages[1], "region": [0, 0.1, 1, 0.4]}])
    pictures = CourtPictures(settings)
    for wanted in missing_pictures(session, made):
        pictures.freeze(session, made, wanted)
    lock(session, actor, session.get(Presentation, made.id))
    return made.id


def new_context(browser: Browser, world: World) -> BrowserContext:
    """A laptop's size, somebody logged in; any request that leaves the machine fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    context.on("request", lambda request: _stay_here(request.url))
    bring(context, world.base, world.cookie)
    return context


def _stay_here(url: str) -> None:
    assert url.startswith(("http://127.0.0.1", "file:", "data:", "blob:")), f"{url} leaves the machine"


def open_windows(context: BrowserContext, desk: Page, address: str) -> Page:
    """The presenter's window at ``address``, and the stage opened from it by its key."""
    desk.goto(address)
    desk.wait_for_function("() => document.body.dataset.ready === 'true'", timeout=60_000)
    with context.expect_page() as opened:
        desk.keyboard.press("i")
    stage = opened.value
    stage.set_viewport_size({"width": 1920, "height": 1080})
    desk.wait_for_function("() => court.stage.alive")
    desk.bring_to_front()
    return stage


def shows(stage: Page, what: str) -> None:
    """Wait until the stage shows the n-th publication, or ``black``."""
    stage.wait_for_function("what => document.querySelector('canvas').dataset.shows === what", arg=what, timeout=15_000)


def is_black(stage: Page) -> bool:
    """Whether every pixel of the stage is black."""
    return stage.evaluate("""() => {
      const canvas = document.querySelector("canvas");
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      for (let at = 0; at < data.length; at += 4) if (data[at] || data[at + 1] || data[at + 2]) return false;
      return true;
    }""")
