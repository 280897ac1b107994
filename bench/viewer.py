"""Viewer and court mode in a real Chromium, 1920 × 1080, over https by another host name. Prints one JSON document.

``python -m bench.viewer --pages 1000 --data DIR`` builds an invented case once (kept in DIR), locks a presentation of
fifty cues and measures what people wait for, in milliseconds: median and 95th percentile over ``--actions`` actions
each. Times are taken inside the browser, from the key's own time stamp to the frame after the one it was painted in.
"""

import argparse
import base64
import hashlib
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# run as a script this folder comes first on the path, and its modules would hide the packages of the same names
sys.path[0] = str(Path(__file__).resolve().parents[1])

# ruff: noqa: E402
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from archive_svc import tls
from bench.court_case import make_case
from config.settings import Settings, load_settings
from storage import presentations, users
from storage.access import Actor
from storage.database import Database
from storage.migrate import upgrade
from storage.models.cases import Case
from storage.models.people import Role
from storage.models.presentation import CueKind, Presentation
from storage.presentation_lock import lock, missing_pictures
from storage.presentation_rules import showable_pages
from viewer.court_pictures import CourtPictures

HOST, PORT, TLS_PORT = "kho-ho-so.test", 18930, 18931
LOGIN, PASSWORD = "hoa", "mat-khau-thu"
CUES = 50
TARGETS = {"first_page": 300, "turn_page": 100, "cue_to_cue": 50, "recall": 200, "publish": 50, "stage_reload": 1000,
           "folder_recall": 300}

#: notes, in each window, when keys were pressed and when the stage's frame after painting came
WATCH = """
window.keysSeen = []; window.paintsSeen = [];
addEventListener("keydown", (e) => keysSeen.push({code: e.code, at: performance.timeOrigin + e.timeStamp}), true);
const send = BroadcastChannel.prototype.postMessage;
BroadcastChannel.prototype.postMessage = function (message) {
  if (message?.type === "painted") requestAnimationFrame(() => paintsSeen.push(
    {publication: message.publication, complete: message.complete, black: message.black,
     at: performance.timeOrigin + performance.now(), sinceOpened: performance.now()}));
  return send.call(this, message);
};
addEventListener("click", (e) => { sessionStorage.clicked = performance.timeOrigin + e.timeStamp; }, true);
window.draws = [];
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (image, ...rest) {
  if (this.canvas.isConnected) draws.push({at: performance.timeOrigin + performance.now()});
  return draw.call(this, image, ...rest);
};
window.pictures = [];
new PerformanceObserver((list) => pictures.push(...list.getEntries().map((e) => performance.timeOrigin + e.renderTime)))
  .observe({type: "element", buffered: true});
"""


def build(settings: Settings, pages: int) -> int:
    """Make the case and the locked presentation unless they are there; returns the presentation's id."""
    database = Database(settings.database)
    upgrade(database)
    with database.read() as session:
        found = session.get(Presentation, 1)
        state = found.state if found else None
    if state is None:
        _prepare(database, settings, pages)
    if state != "locked":
        _lock(database, settings)
    database.close()
    return 1


def _prepare(database: Database, settings: Settings, pages: int) -> None:
    with database.write() as session:
        user = users.create_user(session, "bench", login=LOGIN, name="Hoa", role=Role.PROSECUTOR, password=PASSWORD,
                                 must_change_password=False)
        made = make_case(session, settings, user, pages, longest=5)
        actor = Actor.of(user)
        presentation = presentations.create(session, actor, session.get_one(Case, made.case_id), name="Phiên tòa",
                                            purpose="phien_toa")
        allowed = [one.page.id for one in showable_pages(session, presentation) if one.rule == "allow"]
        step = max(1, len(allowed) // CUES)
        for page_id in allowed[::step][:CUES]:
            presentations.add_cue(session, actor, presentation.situations[0], kind=CueKind.PICTURE,
                                  panes=[{"page_id": page_id}])


def _lock(database: Database, settings: Settings) -> None:
    pictures, left = CourtPictures(settings), True
    while left:
        with database.write() as session:
            presentation = session.get_one(Presentation, 1)
            missing = missing_pictures(session, presentation)
            for wanted in missing[:50]:
                pictures.freeze(session, presentation, wanted)
            left = len(missing) > 50
    with database.write() as session:
        lock(session, Actor("bench", operator=True), session.get_one(Presentation, 1))


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """The web part of the real service, as its own process."""
    command = [str(Path(sys.executable).with_name("archive")), "web", "--data", str(settings.data),
               "--port", str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/dang-nhap", timeout=5)
                break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def browser_context(playwright: Playwright, settings: Settings, profile: str) -> BrowserContext:
    """A Chromium of its own profile that trusts the office's certificate and knows the server by name."""
    certificate = x509.load_pem_x509_certificate(tls.TlsFiles.of(settings).server.read_bytes())
    public = certificate.public_key().public_bytes(serialization.Encoding.DER,
                                                   serialization.PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(public).digest()).decode()
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path="/usr/bin/chromium", viewport={"width": 1920, "height": 1080}, accept_downloads=True,
        args=["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
              f"--ignore-certificate-errors-spki-list={pin}", "--autoplay-policy=no-user-gesture-required"],
    )
    context.add_init_script(WATCH)
    return context


def log_in(page: Page, base: str) -> None:
    """Log in by the form."""
    page.goto(f"{base}/dang-nhap")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def summary(times: list[float]) -> dict[str, float]:
    """Median, 95th percentile, largest and count."""
    ordered = sorted(times)
    return {"median": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95)], 1),
            "max": round(ordered[-1], 1), "actions": len(ordered)}


def until_painted(desk: Page, stage: Page, do: Callable[[], None]) -> float:
    """Do something with keys; milliseconds from its first key to the frame after the new picture was painted."""
    desk.evaluate("keysSeen.length = 0")
    stage.evaluate("paintsSeen.length = 0")
    last = desk.evaluate("court.state.publication")
    do()
    desk.wait_for_function("last => court.state.publication > last", arg=last)
    wanted = desk.evaluate("court.state.publication")
    stage.wait_for_function("n => paintsSeen.some((p) => p.complete && p.publication === n)", arg=wanted)
    start = desk.evaluate("keysSeen[0].at")
    end = stage.evaluate("n => paintsSeen.find((p) => p.complete && p.publication === n).at", wanted)
    return float(end - start)


def open_hearing(context: BrowserContext, desk: Page, address: str, ready_seconds: float) -> Page:
    """Presenter and stage, everything on this machine."""
    desk.goto(address)
    desk.wait_for_function("() => document.body.dataset.ready === 'true'", timeout=ready_seconds * 1000)
    with context.expect_page() as opened:
        desk.keyboard.press("i")
    stage = opened.value
    stage.set_viewport_size({"width": 1920, "height": 1080})
    desk.wait_for_function("() => court.stage.alive")
    return stage


def measure_court(
    desk: Page, stage: Page, actions: int, numbers: list[str], prefix: str = ""
) -> dict[str, list[float]]:
    """Cue to cue, recall, publish, reload of the stage."""
    times: dict[str, list[float]] = {f"{prefix}cue_to_cue": [], f"{prefix}recall": [], f"{prefix}publish": [],
                                     f"{prefix}stage_reload": []}
    desk.bring_to_front()
    for number in range(actions):
        if number % (CUES - 2) == 0:
            desk.evaluate("court.dispatch({type: 'GOTO', index: 0})")
            desk.wait_for_timeout(300)
        times[f"{prefix}cue_to_cue"].append(until_painted(desk, stage, lambda: desk.keyboard.press("PageDown")))
        desk.wait_for_timeout(120)
    for number in numbers:
        desk.keyboard.type(number)
        desk.wait_for_timeout(30)

        def call() -> None:
            desk.evaluate("keysSeen.length = 0")
            desk.keyboard.press("Enter")
            desk.keyboard.press("Enter")
            if desk.evaluate("court.state.asking"):
                desk.keyboard.press("Enter")

        times[f"{prefix}recall"].append(until_painted(desk, stage, call))
        desk.wait_for_timeout(50)
    for number in numbers:
        desk.keyboard.type(number)
        desk.keyboard.press("Enter")
        if desk.evaluate("court.state.staged.rule") == "ask":
            desk.keyboard.press("Enter")
        desk.wait_for_timeout(250)
        times[f"{prefix}publish"].append(until_painted(desk, stage, lambda: desk.keyboard.press("Enter")))
    for _ in range(actions):
        stage.reload(wait_until="commit")
        stage.wait_for_function("() => window.paintsSeen?.some((p) => p.complete && !p.black)")
        times[f"{prefix}stage_reload"].append(
            float(stage.evaluate("paintsSeen.find((p) => p.complete && !p.black).sinceOpened")))
    return times


def measure_viewer(page: Page, base: str, case_id: int, actions: int) -> dict[str, list[float]]:
    """From the click on a document to its first page picture; from the key to the next page's picture."""
    first: list[float] = []
    turn: list[float] = []
    page.goto(f"{base}/ho-so/{case_id}")
    links = page.evaluate("[...new Set([...document.querySelectorAll('main a[href*=\"/tai-lieu/\"]')].map((a) => "
                          "new URL(a.href).pathname).filter((p) => /\\/tai-lieu\\/\\d+$/.test(p)))]")
    for path in (links * actions)[:actions]:
        page.goto(f"{base}/ho-so/{case_id}")
        link = page.locator(f'main a[href*="{path}"]').first
        link.scroll_into_view_if_needed()
        page.wait_for_timeout(1200)  # a person finds the line first; the list's pictures are fetched meanwhile
        link.click()
        page.wait_for_function("() => location.pathname.includes('/tai-lieu/') && draws.length > 0")
        # a plain image at first, unless the zoomable one was quicker and has taken its place
        first.append(float(page.evaluate("Math.min(...pictures, draws[0].at) - Number(sessionStorage.clicked)")))
        for _ in range(page.locator(".strip [data-page]").count() - 1):
            page.wait_for_timeout(400)  # a person looks at the page; the next one is fetched meanwhile
            page.evaluate("keysSeen.length = draws.length = 0")
            page.keyboard.press("ArrowRight")
            page.wait_for_function("() => draws.length > 0")
            turn.append(float(page.evaluate("draws[0].at - keysSeen[0].at")))
    return {"first_page": first, "turn_page": turn}


def take_folder(page: Page, base: str, presentation_id: int, target: Path) -> tuple[Path, float]:
    """The court folder, downloaded and unpacked; and the seconds it took to make."""
    page.goto(f"{base}/trinh-chieu/{presentation_id}/ban-in")
    started = time.perf_counter()
    with page.expect_download(timeout=300_000) as download:
        page.locator("form[action*=thu-muc-phien-toa] button").click()
    path = download.value.path()
    taken = time.perf_counter() - started
    with zipfile.ZipFile(path) as package:
        package.extractall(target)
    return target / f"phien-toa-{presentation_id}" / "MO-BAI-TRINH-CHIEU.html", taken


def recallable(desk: Page, actions: int) -> list[str]:
    """Bút lục numbers spread at random over all pages that may be recalled."""
    numbers = desk.evaluate("court.deck.pages.filter((p) => p.number).map((p) => p.number)")
    return random.Random(5).sample(numbers, min(actions, len(numbers)))


def run(settings: Settings, presentation_id: int, actions: int, parts: set[str]) -> dict[str, Any]:
    """Everything asked for, as one document."""
    base = f"https://{HOST}:{TLS_PORT}"
    times: dict[str, list[float]] = {}
    more: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch, serving(settings), sync_playwright() as playwright:
        context = browser_context(playwright, settings, f"{scratch}/profile")
        desk = context.new_page()
        log_in(desk, base)
        if "viewer" in parts:
            times |= measure_viewer(desk, base, 1, actions)
        if "court" in parts:
            started = time.perf_counter()
            stage = open_hearing(context, desk, f"{base}/court/{presentation_id}", 600)
            more["all_pictures_on_this_machine_s"] = round(time.perf_counter() - started, 1)
            times |= measure_court(desk, stage, actions, recallable(desk, actions))
            stage.close()
        if "folder" in parts:
            page, taken = take_folder(desk, base, presentation_id, Path(scratch))
            more["folder_made_s"] = round(taken, 1)
            more["folder_mb"] = round(sum(f.stat().st_size for f in page.parent.rglob("*") if f.is_file()) / 1e6)
            started = time.perf_counter()
            stage = open_hearing(context, desk, page.as_uri(), 900)
            more["folder_verified_s"] = round(time.perf_counter() - started, 1)
            times |= measure_court(desk, stage, actions, recallable(desk, actions), "folder_")
        more["secure_context"] = desk.evaluate("isSecureContext")
        context.close()
    figures = {name: {**summary(values), "target": TARGETS.get(name)} for name, values in times.items() if values}
    return {"host": HOST, "load_average": list(map(float, Path("/proc/loadavg").read_text().split()[:3])),
            "figures_ms": figures, **more}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--actions", type=int, default=50)
    parser.add_argument("--data", type=Path, default=None, help="kept folder; else a temporary one")
    parser.add_argument("--parts", default="viewer,court,folder")
    given = parser.parse_args()
    folder = given.data or Path(tempfile.mkdtemp(prefix="bench-viewer-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        settings = load_settings(folder, environment={}, tls_port=TLS_PORT)
        (folder / "settings.toml").write_text(f"tls_port = {TLS_PORT}\n")
        tls.make(tls.TlsFiles.of(settings), office="bench", names=[HOST, "localhost"], addresses=["127.0.0.1"])
        started = time.perf_counter()
        presentation_id = build(settings, given.pages)
        built = round(time.perf_counter() - started, 1)
        result = run(settings, presentation_id, given.actions, set(given.parts.split(",")))
        print(json.dumps({"pages": given.pages, "built_s": built, **result}, ensure_ascii=False, indent=1))
    finally:
        if given.data is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
