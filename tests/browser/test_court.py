"""Court mode in a real browser: two windows, keyboard only, whatever goes wrong."""

import random

import pytest
from playwright.sync_api import Page, sync_playwright

from storage import shown_log
from tests.browser.court_world import World, is_black, log_in, new_context, open_windows, served, shows
from tests.conftest import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("court")]


@pytest.fixture
def world(settings, database, make_user):
    with served(settings, database, make_user) as world:
        yield world


@pytest.fixture
def context():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield new_context(browser)
        browser.close()


@pytest.fixture
def windows(world: World, context):
    """Presenter and stage, in that order."""
    desk = context.new_page()
    log_in(desk, world.base)
    return desk, open_windows(context, desk, f"{world.base}/court/{world.presentation_id}")


def press(desk: Page, *keys: str) -> None:
    for key in keys:
        desk.keyboard.press(key)


def test_a_hearing_by_keyboard_alone(world: World, windows) -> None:
    desk, stage = windows
    assert is_black(stage), "the stage starts black"
    press(desk, "Enter")
    shows(stage, "1")
    assert not is_black(stage)
    desk.wait_for_function("() => document.querySelector('[data-state]').dataset.state === 'shown'")
    assert "BL 1" in desk.inner_text("[data-state]")
    press(desk, "b")
    shows(stage, "black")
    assert is_black(stage)
    press(desk, "b", "PageDown")
    shows(stage, "2")
    press(desk, "3", "Enter")
    assert stage.get_attribute("canvas", "data-shows") == "2", "recall only fills the preview"
    press(desk, "Enter")
    if desk.evaluate("court.state.asking"):
        press(desk, "Enter")
    shows(stage, "3")
    press(desk, "t", "ArrowDown", "Enter")
    desk.wait_for_function("() => court.state.live.marks.length === 1")
    press(desk, "n")
    desk.wait_for_function("() => court.state.original")
    press(desk, "u", "u", "u")
    desk.wait_for_function("() => court.state.shown.id.startsWith('cue:')")
    desk.evaluate("court.pulse()")
    desk.wait_for_function("() => court.log.waiting().length === 0")
    with world.database.read() as session:
        entries = [(entry.kind, entry.label) for entry in shown_log.entries(session, world.presentation_id)]
    assert entries[0][0] == "start"
    shown = [label for kind, label in entries if kind == "shown"]
    assert shown[0] == "BL 1" and "BL 2" in shown


def test_the_stage_holds_nothing_but_its_picture(world: World, windows) -> None:
    desk, stage = windows
    press(desk, "Enter")
    shows(stage, "1")
    everything = stage.content()
    for private in ("GHI CHÚ RIÊNG", "Có đúng chữ ký", "Nếu bị cáo chối", "Vụ Nguyễn Văn Bảy"):
        assert private in desk.evaluate("JSON.stringify(court.deck)")
        assert private not in everything
    assert stage.evaluate("getComputedStyle(document.querySelector('canvas')).cursor") == "none"
    assert stage.evaluate("document.querySelectorAll('button, a, input').length") == 0


def test_unikey_never_publishes(world: World, windows) -> None:
    """Telex and VNI swallow a key and send a character of no key instead, with Backspaces that nobody pressed."""
    desk, stage = windows
    client = desk.context.new_cdp_session(desk)
    before = desk.evaluate("JSON.stringify(court.state)")

    def packet(text: str) -> None:
        base = {"windowsVirtualKeyCode": 231, "code": "", "key": text}
        client.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": text, **base})
        client.send("Input.dispatchKeyEvent", {"type": "keyUp", **base})

    for text in ("ư", "ơ", "đ", "ấ", "Đ", "b", "g", "u"):
        packet(text)
        press(desk, "Backspace")
    assert desk.evaluate("JSON.stringify(court.state)") == before
    assert is_black(stage)
    press(desk, "/")
    for text in ("t", "a", "p", " "):
        desk.keyboard.type(text)
    press(desk, "Backspace", "Backspace", "Backspace")
    for text in ("ậ", "p", " ", "1", " ", "3"):
        packet(text)
    assert desk.input_value("[data-recall-input]") == "tập 1 3"
    press(desk, "Escape")
    press(desk, "PageDown")
    shows(stage, "1")


def test_keys_pressed_on_the_stage_are_the_presenters(world: World, windows) -> None:
    desk, stage = windows
    stage.bring_to_front()
    press(stage, "Enter")
    shows(stage, "1")
    press(stage, "2", "Enter")
    desk.wait_for_function("() => court.state.staged.id.startsWith('page:')")
    press(stage, ".")
    shows(stage, "black")


def test_reloads_and_closed_windows(world: World, context, windows) -> None:
    desk, stage = windows
    press(desk, "Enter")
    shows(stage, "1")
    stage.reload()
    shows(stage, "1")
    desk.reload()
    shows(stage, "black")
    desk.wait_for_function("() => document.body.dataset.ready === 'true'")
    assert is_black(stage), "a presenter that comes back shows nothing by itself"
    press(desk, "Enter")
    desk.wait_for_function("() => court.stage.ack?.complete && !court.stage.ack.black")
    desk.close()
    shows(stage, "black")
    assert is_black(stage)


def test_a_second_presenter_takes_over_and_can_be_taken_back_from(world: World, context, windows) -> None:
    desk, stage = windows
    press(desk, "Enter")
    shows(stage, "1")
    second = context.new_page()
    second.goto(f"{world.base}/court/{world.presentation_id}")
    second.wait_for_function("() => document.body.dataset.ready === 'true'")
    shows(stage, "black")
    desk.wait_for_selector("[data-replaced]:not([hidden])")
    press(desk, "PageDown")
    desk.wait_for_timeout(700)
    assert is_black(stage), "a replaced presenter controls nothing"
    second.close()
    desk.click("[data-do=take-back]")
    press(desk, "PageDown")
    stage.wait_for_function("() => document.querySelector('canvas').dataset.shows !== 'black'")


def test_it_goes_on_with_the_server_stopped(world: World, context, windows) -> None:
    desk, stage = windows
    desk.wait_for_function("() => document.querySelector('[data-shell-said]').textContent !== ''")
    press(desk, "Enter")
    shows(stage, "1")
    world.stop_server()
    press(desk, "PageDown")
    shows(stage, "2")
    press(desk, "3", "Enter", "Enter")
    if desk.evaluate("court.state.asking"):
        press(desk, "Enter")
    shows(stage, "3")
    stage.reload()
    shows(stage, "3")
    desk.reload()
    desk.wait_for_function("() => document.body.dataset.ready === 'true'")
    press(desk, "Enter")
    stage.wait_for_function("() => document.querySelector('canvas').dataset.shows !== 'black'")
    assert desk.evaluate("court.log.waiting().length") > 0, "what was shown waits for the archive"


def test_one_screen_paints_nothing_but_the_stage(world: World, windows) -> None:
    desk, stage = windows
    stage.close()
    desk.evaluate("court.act('one-screen')")
    desk.wait_for_selector("[data-one-screen]:not([hidden])")
    assert desk.evaluate("[...document.querySelectorAll('[data-desk]')].every((part) => part.hidden)")
    picture = "() => { const c = document.querySelector('.one-screen canvas'); const d = c.getContext('2d')" \
              ".getImageData(0, 0, c.width, c.height).data; return d.some((v, at) => at % 4 !== 3 && v > 0); }"
    desk.wait_for_timeout(400)
    assert not desk.evaluate(picture), "black"
    press(desk, "PageDown")
    desk.wait_for_function(picture)
    press(desk, "2", "?", "/", "F1")
    assert not desk.evaluate("document.querySelector('[data-help]').open")
    assert desk.evaluate("document.activeElement === document.body")
    press(desk, "b")
    desk.wait_for_timeout(400)
    assert not desk.evaluate(picture)
    press(desk, "F8", "F8")
    desk.wait_for_selector("[data-desk]:not([hidden])")


def test_random_hearings_never_show_what_was_not_published(world: World, context, windows) -> None:
    desk, stage = windows
    rng = random.Random(11)
    keys = ["Enter", "PageDown", "PageUp", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "b", ".", "g", "u", "n",
            "y", "h", "q", "Home", "1", "3", "7", "9", "Escape", "t", "m", "c", "v"]
    watch = """() => { window.allowed = new Set(); const act = court.dispatch.bind(court);
      court.dispatch = (action) => { const before = court.state.publication; const staged = court.state.staged;
        act(action); if (court.state.publication > before && action.type !== "UNDO" && action.type !== "BACK")
          staged.panes.forEach((pane) => allowed.add(pane.key)); }; }"""
    desk.evaluate(watch)
    published: set[str] = set()
    for step in range(120):
        if step % 40 == 39:
            published |= set(desk.evaluate("[...allowed]"))
            (stage if rng.random() < 0.5 else desk).reload()
            desk.wait_for_function("() => window.court !== undefined")
            desk.evaluate(watch)
        press(desk, rng.choice(keys))
        published |= set(desk.evaluate("[...allowed]"))
        shown = desk.evaluate("(court.link.output.panes ?? []).map((p) => p.key)")
        assert set(shown) <= published, f"step {step}: {shown} was never published"
