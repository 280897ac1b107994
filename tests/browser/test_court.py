"""Court mode in a real browser: two windows, keyboard only, whatever goes wrong."""

import random

import pytest
from playwright.sync_api import Page

from storage import shown_log
from storage.access import SERVICE
from storage.models.presentation import Presentation
from storage.presentation_lock import unlock
from tests.browser.court_world import World, is_black, open_windows, shows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("court")]


@pytest.fixture
def windows(world: World, context):
    """Presenter and stage, in that order."""
    desk = context.new_page()
    return desk, open_windows(context, desk, f"{world.base}/court/{world.presentation_id}")


#: how many pictures the browser holds, and whether it holds any page of court mode
HELD = """async () => {
  const opened = indexedDB.open("archive-court");
  const database = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
  const asked = database.transaction("pictures").objectStore("pictures").count();
  const pictures = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  database.close();
  const pages = await (await caches.open("archive-court")).keys();
  return [pictures, pages.some((one) => /\\/court\\/\\d/.test(one.url))];
}"""


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
    desk.goto(f"{world.base}/trinh-chieu/")
    assert desk.evaluate(HELD) == [10, True], "the presentation is still locked: its copies stay"
    desk.click(".top-tools summary")
    desk.click("form[data-copies] button")
    desk.wait_for_url("**/dang-nhap*")
    assert desk.evaluate(HELD) == [0, False], "nothing of it is left after the log-out"


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


def test_pages_of_court_mode_are_accessible(world: World, windows, axe) -> None:
    desk, stage = windows
    faults = {"desk": axe(desk), "stage": axe(stage)}
    press(desk, "F1")
    faults["keys"] = axe(desk)
    own = f"{world.base}/trinh-chieu/{world.presentation_id}"
    for address in ("", "/kiem-tra", "/ban-in", "/ban-in/phim", "/ban-in/de-cuong", "/nhat-ky"):
        desk.goto(own + address)
        faults[address] = axe(desk)
    with world.database.write() as session:
        presentation = session.get_one(Presentation, world.presentation_id)
        unlock(session, SERVICE, presentation)
        pane = presentation.cues[0].panes[0].id
    for address in ("", "/kiem-tra", f"/dau/{pane}"):
        desk.goto(own + address)
        faults[f"draft {address}"] = axe(desk)
    assert not any(faults.values()), faults


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
    world.server.stop()
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


#: notes in the presenter's window what a key let out, and every picture the stage was told of
WATCH = """() => { window.letOut = new Set(); window.told = [];
  const act = court.dispatch.bind(court);
  court.dispatch = (action) => { const { publication, staged } = court.state; act(action);
    if (court.state.publication > publication && action.type !== "UNDO" && action.type !== "BACK")
      staged.panes.forEach((pane) => letOut.add(pane.key));
    const panes = (court.link.output.panes ?? []).map((pane) => pane.key);
    told.push({ key: action.type, panes, allowed: [...letOut] }); }; }"""


def test_random_hearings_never_show_what_was_not_published(world: World, context, windows) -> None:
    desk, stage = windows
    rng = random.Random(11)
    keys = ["Enter", "PageDown", "PageUp", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "b", ".", "g", "u", "n",
            "y", "h", "q", "Home", "1", "3", "7", "9", "Escape", "t", "m", "c", "v"]
    published: set[str] = set()
    shown = 0
    for part in range(3):
        desk.evaluate(WATCH)
        for _ in range(40):
            press(desk, rng.choice(keys))
        for step in desk.evaluate("told"):
            assert set(step["panes"]) <= published | set(step["allowed"]), f"part {part}: {step} was never published"
            shown += bool(step["panes"])
        published |= set(desk.evaluate("[...letOut]"))
        (stage if part == 1 else desk).reload()
        desk.wait_for_function("() => window.court?.state")
    assert shown > 20, "the hearings did show something"
