"""Recordings on the stage, the pointer by mouse, the order of cues by drag, and the key that brings things in."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from storage import notes, presentations
from storage.access import Actor
from storage.models.cases import Case
from storage.models.people import User
from storage.models.presentation import Cue, CueKind, Presentation
from storage.models.scans import Scan, ScanState
from storage.presentation_lock import lock, missing_pictures
from storage.vault import Vault
from tests.browser.court_world import World, open_windows, shows
from viewer.court_pictures import CourtPictures

pytestmark = [pytest.mark.browser, pytest.mark.tools, pytest.mark.xdist_group("court")]
VIDEO = "document.querySelector('video')"


@pytest.fixture(scope="session")
def media_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Six seconds of a test picture, and of a tone."""
    folder = tmp_path_factory.mktemp("media")
    film, sound = folder / "camera.mp4", folder / "ghi-am.mp3"
    ffmpeg = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=6"]
    picture = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=6"]
    codecs = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus"]
    subprocess.run([*ffmpeg, *picture, *codecs, str(film)], check=True)
    subprocess.run([*ffmpeg, "-c:a", "libmp3lame", str(sound)], check=True)
    return film, sound


@pytest.fixture
def recordings(world: World, media_files: tuple[Path, Path]) -> tuple[int, int]:
    """The film and the sound, as intake leaves recordings of the case."""
    found = []
    for path, kind, media_type in zip(media_files, ("video", "audio"), ("video/mp4", "audio/mpeg"), strict=True):
        stored = Vault(world.settings.vault_folder).put(path)
        with world.database.write() as session:
            batch = session.scalars(select(Scan)).first().batch
            scan = Scan(batch_id=batch.id, position=900 + len(found), name=path.name, sha256=stored.sha256,
                        size=stored.size, media_type=media_type, kind=kind, state=ScanState.DONE)
            session.add(scan)
            session.flush()
            found.append(scan.id)
    return found[0], found[1]


def lock_with(world: World, scans: tuple[int, int]) -> int:
    """A locked presentation of a part of the film, the sound, and a page."""
    with world.database.write() as session:
        actor = Actor.of(session.scalars(select(User).where(User.login == "hoa")).one())
        case = session.get(Case, session.get(Presentation, world.presentation_id).case_id)
        made = presentations.create(session, actor, case, name="Có ghi hình", purpose="phien_toa")
        situation = made.situations[0]
        presentations.add_cue(session, actor, situation, kind=CueKind.CLIP, scan_id=scans[0], clip_start=1.0,
                              clip_end=2.5, caption="Camera cổng")
        presentations.add_cue(session, actor, situation, kind=CueKind.CLIP, scan_id=scans[1], caption="Ghi âm")
        presentations.add_cue(session, actor, situation, kind=CueKind.PICTURE, panes=[{"page_id": world.page_ids[0]}])
        pictures = CourtPictures(world.settings)
        for wanted in missing_pictures(session, made):
            pictures.freeze(session, made, wanted)
        lock(session, actor, session.get(Presentation, made.id))
        return made.id


def open_court(world: World, context: BrowserContext, presentation_id: int) -> tuple[Page, Page]:
    desk = context.new_page()
    return desk, open_windows(context, desk, f"{world.base}/court/{presentation_id}")


def test_a_film_and_a_sound_play_on_the_stage_and_fall_silent_with_it(world, context, recordings) -> None:
    desk, stage = open_court(world, context, lock_with(world, recordings))
    assert stage.evaluate(f"{VIDEO}.hidden")
    desk.keyboard.press("Enter")
    shows(stage, "1")
    stage.wait_for_function(f"() => !{VIDEO}.hidden && {VIDEO}.readyState >= 2")
    assert stage.evaluate(f"{VIDEO}.paused && Math.abs({VIDEO}.currentTime - 1) < 0.05"), "it waits at its start"
    assert stage.evaluate(f"{VIDEO}.videoWidth") == 320
    desk.keyboard.press("k")
    stage.wait_for_function(f"() => !{VIDEO}.paused && {VIDEO}.currentTime > 1.2")
    stage.wait_for_function(f"() => {VIDEO}.paused && {VIDEO}.currentTime >= 2.5", timeout=15_000)
    assert stage.evaluate(f"{VIDEO}.currentTime < 4"), "only the part that was prepared"
    desk.wait_for_function("() => court.stage.clipAt >= 2.5")
    desk.keyboard.press("k")
    desk.keyboard.press("k")
    stage.wait_for_function(f"() => !{VIDEO}.paused && {VIDEO}.currentTime < 2")
    desk.keyboard.press("b")
    shows(stage, "black")
    assert stage.evaluate(f"{VIDEO}.paused && {VIDEO}.hidden"), "black is also silent"
    desk.keyboard.press("PageDown")
    shows(stage, "2")
    stage.wait_for_function(f"() => !{VIDEO}.hidden && {VIDEO}.readyState >= 2 && {VIDEO}.videoWidth === 0")
    desk.keyboard.press("k")
    stage.wait_for_function(f"() => !{VIDEO}.paused && {VIDEO}.currentTime > 0.2")
    desk.keyboard.press("PageDown")
    shows(stage, "3")
    assert stage.evaluate(f"{VIDEO}.paused && {VIDEO}.hidden")


def test_pointer_and_spotlight_follow_the_mouse(world, context) -> None:
    desk, stage = open_court(world, context, world.presentation_id)
    desk.keyboard.press("Enter")
    shows(stage, "1")
    for key, name in (("p", "pointer"), ("l", "spotlight")):
        desk.keyboard.press(key)
        place = desk.locator("[data-mirror]").bounding_box()
        desk.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        desk.mouse.move(place["x"] + place["width"] / 2 + 4, place["y"] + place["height"] / 2 + 4)
        desk.wait_for_function("name => court.state.live[name] !== null", arg=name)
        before = desk.evaluate("name => court.state.live[name]", name)
        desk.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 3)
        desk.wait_for_function("([name, y]) => court.state.live[name].y < y", arg=[name, before["y"]])
        desk.keyboard.press("Escape")
        desk.wait_for_function("name => court.state.live[name] === null", arg=name)


def test_cues_are_put_in_order_by_dragging(world, context) -> None:
    with world.database.write() as session:
        actor = Actor.of(session.scalars(select(User).where(User.login == "hoa")).one())
        case = session.get(Case, session.get(Presentation, world.presentation_id).case_id)
        made = presentations.create(session, actor, case, name="Nháp", purpose="phien_toa")
        situation = made.situations[0]
        cues = [presentations.add_cue(session, actor, situation, kind=CueKind.PICTURE, panes=[{"page_id": page}]).id
                for page in world.page_ids[:3]]
        presentation_id = made.id
    page = context.new_page()
    page.goto(f"{world.base}/trinh-chieu/{presentation_id}")
    with page.expect_response(lambda answer: answer.request.method == "POST") as moved:
        page.drag_and_drop(f"#cue-{cues[2]} .cue-title", f"#cue-{cues[0]} .cue-title", target_position={"x": 5, "y": 1})
    assert moved.value.ok
    with world.database.read() as session:
        order = session.scalars(select(Cue.id).where(Cue.id.in_(cues)).order_by(Cue.position)).all()
    assert order == [cues[2], cues[0], cues[1]]


def test_p_brings_the_marked_moment_in_hand_into_a_presentation(world, context, recordings) -> None:
    with world.database.write() as session:
        actor = Actor.of(session.scalars(select(User).where(User.login == "hoa")).one())
        for start in (1.0, 3.0):
            notes.add_moment(session, actor, recordings[0], start, start + 1, f"từ {start:.0f}")
    page = context.new_page()
    page.goto(f"{world.base}/nhan-ban-quet/tep/{recordings[0]}")
    expect(page.locator("[data-moment-cue]")).to_have_count(2)
    page.keyboard.press("p")
    page.wait_for_timeout(300)
    assert "/nhan-ban-quet/tep/" in page.url, "with two moments and none in hand, nothing is guessed"
    page.locator("[data-start='3.0']").click()
    page.keyboard.press("p")
    page.wait_for_url(lambda url: "/trinh-chieu/" in url)
    expect(page.locator(".cue-row")).to_have_count(1)
    with world.database.read() as session:
        cue = session.scalars(select(Cue).where(Cue.scan_id == recordings[0])).one()
        assert (cue.clip_start, cue.clip_end, cue.caption) == (3.0, 4.0, "từ 3")
